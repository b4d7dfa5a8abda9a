"""How clinicians ask: phrases for a recogniser, filled with the library's own terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voice_server.speech.hearing.language.counting import Sentence

COMMANDS = (
    "stop", "wait", "no", "yes", "okay", "go on", "carry on", "continue", "thank you", "thanks",
    "hold on", "never mind", "say that again", "repeat that", "read me that", "help", "hello",
    "what's the source", "what is the source", "which page is that", "slower please", "cancel",
    "and in pregnancy", "and in children", "and in renal impairment", "and in the elderly",
    "what about children", "what about pregnancy", "how sure are you", "stop please", "no thanks",
    "yes please", "no wait", "stop stop", "that's enough",
)  # fmt: skip

QUESTIONS = (
    "what is {x}", "what's the dose of {x}", "what is the dose of {x}",
    "what is the starting dose of {x}", "what is the maximum dose of {x}",
    "what is the maximum daily dose of {x}", "what is the loading dose of {x}",
    "what is the maintenance dose of {x}", "what is the usual dose of {x}",
    "what dose of {x} should i give", "how much {x} should i give", "how much {x} do i give",
    "how much {x} can i give", "how should i give {x}", "how fast can i give {x}",
    "how do i give {x}", "how often should i give {x}", "how long should i give {x}",
    "how long do i continue {x}", "how many days of {x}", "when should i give {x}",
    "when should i start {x}", "when do i start {x}", "when should i stop {x}",
    "when do i stop {x}", "when is {x} indicated", "when is {x} contraindicated",
    "when should {x} be given", "when should {x} be avoided", "how do i treat {x}",
    "how do you treat {x}", "how should i treat {x}", "how is {x} treated", "how do i manage {x}",
    "how is {x} managed", "what is the treatment for {x}", "what is the treatment of {x}",
    "what is the first line treatment for {x}", "what is the management of {x}",
    "which antibiotic for {x}", "which antibiotic should i use for {x}", "which drug for {x}",
    "what are the side effects of {x}", "what are the contraindications to {x}",
    "what are the criteria for {x}", "what are the signs of {x}", "what are the causes of {x}",
    "what are the symptoms of {x}", "what is the target for {x}", "what is the target {x}",
    "what level of {x}", "how do i reverse {x}", "how do i monitor {x}", "how is {x} monitored",
    "how do i diagnose {x}", "how is {x} diagnosed", "how do i convert {x}", "how do i replace {x}",
    "how do i adjust {x} in renal impairment", "what is the dose of {x} in renal failure",
    "should i give {x}", "should i stop {x}", "can i give {x}", "can i use {x}",
    "can {x} be given", "is {x} safe in pregnancy", "is {x} safe in breastfeeding",
    "is {x} contraindicated", "do i need to adjust {x}", "does {x} need dose adjustment",
    "does {x} interact", "tell me about {x}", "what does the guideline say about {x}",
    "what should i check before {x}", "what should i do about {x}", "a patient with {x}",
    "in a patient with {x}", "for a patient with {x}", "the patient has {x}", "a patient on {x}",
    "in patients with {x}", "for {x}", "in {x}", "with {x}", "after {x}", "before {x}",
    "during {x}", "{x} in pregnancy", "{x} in adults", "{x} in children", "{x} in the elderly",
    "{x} in renal impairment", "{x} in renal failure", "{x} in kidney disease",
    "{x} in liver disease", "{x} for adults", "{x} by mouth", "{x} overdose", "{x} toxicity",
    "{x} dose", "{x} dosing", "{x} level", "{x} allergy", "{x} infusion",
)  # fmt: skip


def asked(terms: Iterable[Sentence], *, weight: float) -> Iterator[tuple[Sentence, float]]:
    """Every question about every term, with the weight of `weight` sentences per term."""
    each = weight / len(QUESTIONS)
    for term in terms:
        for question in QUESTIONS:
            yield tuple(question.replace("{x}", " ".join(term)).split()), each


def commanded(*, weight: float) -> Iterator[tuple[Sentence, float]]:
    """What people say to steer a conversation, each as often as `weight` sentences."""
    for command in COMMANDS:
        yield tuple(command.split()), weight
