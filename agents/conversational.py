"""Talk that carries no clinical claim, and so needs no source: known by the words it is made of."""

from __future__ import annotations

import re
from functools import cache

from agents.facts import STOPWORDS, stems

_WORDS = frozenset(
    """a about above again all also am an and another answer answered any anything are as ask asked
    at audio back be been before begin below bottom bring but by call can cannot carries caller
    catch certain check clear clearer clearly clinician close come confirm contain contains
    could cover covers decide depends detail details did different do document documents does
    doing done edition editions either else end enough error exactly extract find fine first
    follow following for found from full get give given gives go goes going good got had has
    have hear heard hello help here hi hold how i if i'll i'm i've in information instead into
    is it it's its me judgement judgment just keep know last later least leave let let's library
    like line listen listening little local long look looked looking made make many may mean
    means mention mentions micro microphone mind missing moment more morning most my name named
    need needed needs new next no not nothing now of off okay on once one only open or other our
    out over page pages part passage passages pause perhaps phrase please point policy possible
    put question questions quote quoted quoting read reading ready reads really repeat rephrase
    reply right said same say saying says search searched second section see seems sentence
    shall she short should show shown shows silent so some something soon sorry sound source
    sources speak speaking specific start still stop sure superseded system take talk tell text
    than thank thanks that that's the their them then there there's these they thing things
    think this those though through time title to told too tool try two under understand
    understood unsure until up us use very voice wait want was way we welcome well were what
    what's when where which while who whole will wish with without word words work would wrong
    yes yet you you're your yourself""".split()
)
_TOPIC = re.compile(
    r"^(?:sorry,? )?(?:i (?:found|have|see|could find) (?:nothing|no passages?|no sources?)|"
    r"(?:the|this) library (?:does not|doesn't) (?:say|cover|mention|carry|contain) "
    r"(?:anything|much)?|"
    r"here is what the library (?:says|has)|this is what the library (?:says|has)|"
    r"let me look (?:it |that )?up|i am looking) ?(?:about|on|for|regarding) [\w\s-]{1,60}[.?!]?$",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:but|so|however|and|give|use|take|start|stop|safe|harm|risk|should|must|against|because)\b",
    re.IGNORECASE,
)
_COUNTED_TALK = re.compile(
    r"\b(?:one|two|first|second) (?:more|moment|question|passage|source|sentence|thing|word)s?\b",
    re.IGNORECASE,
)


def is_conversational(sentence: str, clinical: bool) -> bool:
    """Whether a sentence makes no claim about medicine.

    Either every word is from everyday talk about a conversation and nothing `clinical` (number,
    drug, route, score) is in it, or it says that the library is silent about a topic, with no
    number in it.
    """
    words = re.findall(r"[a-z]+(?:['’][a-z]+)?", sentence.lower().replace("’", "'"))
    if not words:
        return not any(char.isdigit() for char in sentence)
    if any(char.isdigit() for char in sentence):
        return False
    if _TOPIC.match(sentence.strip()) and not _ADVICE.search(sentence):
        return True
    return all(word in _WORDS for word in words) and not _strictly(clinical, sentence)


def _strictly(clinical: bool, sentence: str) -> bool:
    """Clinical, though made of everyday words: "stop it" and "take two" are advice."""
    if not clinical:
        return bool(re.match(r"^\W*(?:stop|take|give|use|start|hold|leave|put)\b", sentence, re.I))
    return not _COUNTED_TALK.search(sentence)


_TALK: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:thanks?|thank you|cheers|great|perfect|lovely)(?: (?:very|so) much)?$"),
     "You're welcome."),
    (re.compile(r"^(?:hello|hi|hey|good (?:morning|afternoon|evening))(?: there)?$"),
     "Hello. What would you like to know?"),
    (re.compile(r"^(?:goodbye|bye|bye bye|that is all|that's all)$"), "Goodbye."),
    (re.compile(r"^(?:what can you do|how can you help(?: me)?|who are you|help)$"),
     "Ask me a question, and I read you what the library says."),
)  # fmt: skip


def small_talk(said: str) -> str:
    """The reply to a greeting, thanks or a goodbye; '' for anything else."""
    plain = re.sub(r"[^a-z' ]", "", said.lower().replace("’", "'")).strip()
    return next((reply for pattern, reply in _TALK if pattern.match(plain)), "")


@cache
def everyday_stems() -> frozenset[str]:
    """The stems of the words that any sentence may use."""
    return stems(" ".join((*_WORDS, *_CLINICAL_TALK, *_NARRATIVE))) | _NEGATION


def substance_of(words: frozenset[str]) -> frozenset[str]:
    """The stems that say what a sentence is about: without negation, which is judged by itself,
    and, where enough is left, without the words that join any statement together."""
    content = words - _NEGATION
    narrow = content - _linking()
    return narrow if len(narrow) >= 3 else content


_NEGATION = stems(
    "not never avoid avoided contra contraindicated unnecessary inappropriate unsuitable omit "
    "omitted withhold withheld hold held stop stopped discontinue discontinued suspend interrupt"
)


@cache
def _linking() -> frozenset[str]:
    return stems(" ".join(_NARRATIVE))


def is_everyday(word: str) -> bool:
    """Whether a word is from everyday talk or from the way clinical questions are put."""
    plain = word.lower().removesuffix("'s")
    return plain in _WORDS or plain in STOPWORDS or plain in _CLINICAL_TALK


_CLINICAL_TALK = frozenset(
    """balanced patient patients dose doses dosing dosage maximum minimum normal first second
    line treatment treat treated manage management acute chronic severe mild moderate failure
    disease syndrome infection infections pneumonia sepsis shock bleeding major minor
    pregnancy pregnant adult adults child children elderly renal kidney liver hepatic
    impairment injury function clearance cardiac arrest attack stroke asthma seizure seizures
    status epilepticus anaphylaxis diabetic ketoacidosis overdose toxicity poisoning
    withdrawal alcohol level levels trough target range rate infusion bolus loading
    maintenance oral intravenous intramuscular contraindicated contraindication interaction
    interactions monitoring antibiotic antibiotics allergy allergic surgery prophylaxis
    therapy reversal reverse transfusion threshold correction correct convert conversion
    calculate score weight years hours minutes days weeks daily twice once three times
    hypertension hypotension fibrillation atrial venous thrombosis embolism pulmonary coronary
    heart blood pressure urine urinary tract community acquired hospital breastfeeding
    increase decrease reduce replace replacement give given giving take taking start started
    starting safe safely between milligrams micrograms grams units millimoles percent adrenal
    vitamin vitamins activate concern concerns saline fluid fluids heparins crystalloids""".split()
)
_NARRATIVE = frozenset(
    """according additional administer administered administration advise advised advises agent
    agents alternative alternatively although amount another apply applies appropriate
    approximately assess assessment assume assuming based because become begin being bottom
    case cases care cause causes change changes choice clinical combination combined common
    completed concentration condition conditions consider considered consideration continue
    continued course current currently defined depending depends despite determine discuss
    drug drugs during effect effective either equal equivalent evaluate evidence exceeding
    expected external factor factors final finally follow followed further general generally
    guidance guideline guidelines however immediate immediately important include included
    includes including indicate indicated indication initial initially instead intended
    involve known later least likely limit limited line long main mean medication medications
    medicine medicines method monitor monitored monitoring needed neither number occur occurs
    option options otherwise overall particular people period person plus possible preferred
    prescribe prescribed present presence prevent previous procedure product provided provides
    quickly range reach reached recommend recommendation recommendations recommended
    recommends regardless regular regularly relevant remain remains required requires response
    result results risk same several should similar single specific standard state states
    still strongly such suggest suggested suggests suitable summary symptoms test tested their
    therefore total towards treatment treatments under usual usually value values various
    whenever whereas whether worse""".split()
)
