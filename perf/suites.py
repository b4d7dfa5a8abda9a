"""What the bench and the turn-taking suites play: questions, questions with pauses inside, sounds
that must not stop an answer, and interruptions that must. Speech is the embedded voice's, noises
are made from fixed seeds; 16 kHz mono int16 throughout.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soxr
from numpy.typing import NDArray

from voice_server.rehearsing.noises import breath, cough, keyboard, ward
from voice_server.speech.engines import Voice
from voice_server.speech.opening import open_voice

RATE_HZ = 16_000
VOICES = ("flite://slt", "flite://rms")
Pcm = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said: `words` are (word, start, end) and `pauses` (start, end), in seconds."""

    name: str
    kind: str
    audio: Pcm
    text: str = ""
    words: tuple[tuple[str, float, float], ...] = ()
    pauses: tuple[tuple[float, float], ...] = ()

    @property
    def length_s(self) -> float:
        """How long it sounds."""
        return len(self.audio) / RATE_HZ


QUESTIONS = (
    "What is the dose of adrenaline in anaphylaxis?",
    "How do I treat hyperkalaemia?",
    "What is the loading dose of vancomycin?",
    "When should I start insulin in diabetic ketoacidosis?",
    "How is warfarin reversed in major bleeding?",
    "Which antibiotic is given for community acquired pneumonia?",
    "How much paracetamol can an adult have in one day?",
    "What is the target oxygen saturation in COPD?",
    "How long should a patient with a pulmonary embolism be anticoagulated?",
    "What are the signs of lithium toxicity?",
)
PAUSED = (
    # A bar is a pause inside the question; its length is drawn between 0.3 and 1.2 seconds.
    "what is the dose of | vancomycin | in renal failure",
    "can I give | amoxicillin to a patient who is allergic to | penicillin",
    "how do I treat | a potassium of | seven point two",
    "the patient is | eighty four years old | and weighs | fifty kilograms",
    "what is the | maximum daily dose of | paracetamol",
    "when should I | stop the apixaban before | surgery",
    "is it safe to use | metformin | with an eGFR of | twenty eight",
    "what about | gentamicin once daily in | pregnancy",
    "how much | potassium chloride | can I run | per hour",
    "I have a patient with | diabetic ketoacidosis and a potassium of three | what should I do",
    "which | antibiotic | for a urinary infection | in the third trimester",
    "convert | ten milligrams of oral morphine | to subcutaneous oxycodone",
    "what is | the target INR | for a mechanical | mitral valve",
    "could you tell me | how long | to treat | a pulmonary embolism",
    "what is the antidote | for | dabigatran",
    "my patient | had a seizure for ten minutes | what is the first drug",
    "please | compare apixaban | and rivaroxaban | in renal impairment",
    "what is the um | loading dose | of phenytoin",
    "how often | do I check | the vancomycin level",
    "what are | the contraindications to | thrombolysis in | stroke",
)
BACKCHANNELS = ("okay", "right", "yeah", "uh huh", "mm hmm", "I see", "yes", "sure", "good", "ah")
INTERRUPTIONS = (
    "stop", "wait", "no", "stop please", "hold on", "wait a moment", "no no stop", "stop talking",
    "that's enough", "what about in pregnancy", "what about renal failure",
    "sorry what was the dose", "how often should I check that", "and in children",
    "I meant the other drug", "can you repeat that", "what is the source", "no I said insulin",
    "wait what about potassium", "go back to the first one", "which page is that on",
    "is that safe in pregnancy", "how many milligrams", "not that one", "excuse me",
)  # fmt: skip


def questions() -> list[Spoken]:
    """Ten questions in each of two voices."""
    return asyncio.run(_all(QUESTIONS, "question"))


def paused_utterances() -> list[Spoken]:
    """Forty questions with one to three pauses inside, in two ways: even ones are one sentence cut
    open, odd ones are said phrase by phrase, each with the falling ending of a sentence."""
    return asyncio.run(_paused())


def interruptions() -> list[Spoken]:
    """A hundred things said to stop or turn an answer, at two levels."""
    spoken = asyncio.run(_all(INTERRUPTIONS, "interruption"))
    return spoken + [
        replace(one, name=f"{one.name}, soft", audio=_at_level(one.audio, -10)) for one in spoken
    ]


def disturbances() -> list[Spoken]:
    """Ninety sounds that are no interruption. The caller's echo is the player's to make."""
    said = asyncio.run(_all(BACKCHANNELS, "backchannel"))
    said += [replace(one, name=f"{one.name}, soft", audio=_at_level(one.audio, -8)) for one in said]
    made = [Spoken(f"cough {seed}", "cough", cough(seed)) for seed in range(20)]
    made += [Spoken(f"breath {seed}", "breath", breath(seed)) for seed in range(10)]
    made += [Spoken(f"keyboard {seed}", "keyboard", keyboard(seed)) for seed in range(10)]
    made += [Spoken(f"ward {seed}", "ward noise", ward(seed)) for seed in range(10)]
    return said + made


# speech


async def _all(texts: Sequence[str], kind: str) -> list[Spoken]:
    spoken = []
    with TemporaryDirectory() as folder:
        for url in VOICES:
            async with open_voice(url, data=Path(folder)) as voice:
                for text in texts:
                    one = await _say(voice, text)
                    spoken.append(replace(one, name=f"{text} ({url[8:]})", kind=kind))
    return spoken


async def _paused() -> list[Spoken]:
    made = []
    chance = np.random.default_rng(7)
    with TemporaryDirectory() as folder:
        for url in VOICES:
            async with open_voice(url, data=Path(folder)) as voice:
                for number, script in enumerate(PAUSED):
                    phrases = [part.strip() for part in script.split("|")]
                    pauses = [float(chance.uniform(0.3, 1.2)) for _ in phrases[1:]]
                    if number % 2:
                        pieces = [await _say(voice, phrase) for phrase in phrases]
                    else:
                        whole = await _say(voice, " ".join(phrases))
                        pieces = _cut_open(whole, [len(one.split()) for one in phrases])
                    name = f"{script} ({url[8:]})"
                    made.append(replace(_joined(pieces, pauses), name=name, kind="paused"))
    return made


async def _say(voice: Voice, text: str) -> Spoken:
    """The text as speech without the silence around it."""
    pcm, words = b"", []
    async for piece in voice.say(text):
        pcm += piece.pcm
        words += [(one.text, one.start_s, one.end_s) for one in piece.words]
    speech = soxr.resample(np.frombuffer(pcm, np.int16), voice.rate_hz, RATE_HZ)
    [loud] = np.nonzero(np.abs(speech.astype(np.int32)) > 300)
    start_s = loud[0] / RATE_HZ
    return Spoken(
        text,
        "",
        np.asarray(speech[loud[0] : loud[-1] + 1], np.int16),
        text,
        tuple((word, max(0.0, begin - start_s), end - start_s) for word, begin, end in words),
    )


def _cut_open(whole: Spoken, counts: Sequence[int]) -> list[Spoken]:
    pieces, first, start_s = [], 0, 0.0
    for count in counts:
        last = first + count
        end_s = whole.words[last][1] if last < len(whole.words) else whole.length_s
        words = whole.words[first:last]
        pieces.append(
            Spoken(
                "",
                "",
                whole.audio[int(start_s * RATE_HZ) : int(end_s * RATE_HZ)],
                " ".join(word for word, _, _ in words),
                tuple((word, begin - start_s, end - start_s) for word, begin, end in words),
            )
        )
        first, start_s = last, end_s
    return pieces


def _joined(pieces: Sequence[Spoken], pauses: Sequence[float]) -> Spoken:
    audio: list[Pcm] = []
    words: list[tuple[str, float, float]] = []
    spans: list[tuple[float, float]] = []
    at_s = 0.0
    for index, piece in enumerate(pieces):
        if index:
            spans.append((at_s, at_s + pauses[index - 1]))
            audio.append(np.zeros(int(pauses[index - 1] * RATE_HZ), np.int16))
            at_s += len(audio[-1]) / RATE_HZ
        audio.append(piece.audio)
        words += [(word, at_s + begin, at_s + end) for word, begin, end in piece.words]
        at_s += piece.length_s
    text = " ".join(piece.text for piece in pieces)
    return Spoken(text, "paused", np.concatenate(audio), text, tuple(words), tuple(spans))


def _at_level(audio: Pcm, gain_db: float) -> Pcm:
    return np.asarray(audio * 10 ** (gain_db / 20), np.int16)
