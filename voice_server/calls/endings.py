"""How finished a caller's words are, from the words alone: pure functions on a partial transcript.

The end-of-turn model hears how a phrase ends; this reads what it still lacks. Together they say
how long a silence must last before it is the end (see `turns.py`).
"""

from __future__ import annotations

import re
from enum import Enum, auto

LONG_WORDS = 9
"""A whole question of so many words has said its circumstance, whatever the words."""


class Ending(Enum):
    """What the words so far leave to be said."""

    NOTHING = auto()
    """No words are known yet."""
    OPEN = auto()
    """The phrase itself is not over: "what is the dose of"."""
    PENDING = auto()
    """A phrase is over and the question is not: "my patient had a seizure", "what is the dose"."""
    BARE = auto()
    """A whole question that is often narrowed: "can I give amoxicillin"."""
    FULL = auto()
    """A question with its circumstance: "can I give amoxicillin in pregnancy"."""


def ending_of(text: str, *, replying: bool = False) -> Ending:
    """How the words so far end. `replying` says that we asked something: a statement answers it."""
    if text.rstrip().endswith(("…", "...", ",", "-")):
        return Ending.OPEN
    words = re.findall(r"[a-z0-9.'’-]+", text.lower().rstrip(" .?!"))
    if not words:
        return Ending.NOTHING
    plain = " ".join(words)
    if _CLOSED.search(plain):
        return Ending.FULL
    if _is_open(words) or _UNASKED.search(plain):
        return Ending.OPEN
    if replying:
        return Ending.BARE if ends_in_number(text) else Ending.FULL
    if _STATEMENT.match(plain) and not _ASKED.search(plain):
        return Ending.PENDING
    if _is_pending(words, plain):
        return Ending.PENDING
    narrowed = _narrowed(words, plain) or len(words) >= LONG_WORDS
    return Ending.FULL if narrowed else Ending.BARE


def goes_on(text: str) -> bool:
    """Whether the words go on with a question rather than ask one: "in renal failure"."""
    words = re.findall(r"[a-z'’]+", text.lower())
    if not words or words[0] in _AFRESH:
        return False
    return words[0] in _CIRCUMSTANCE or words[0] in _JOINING or not _ASKED.search(" ".join(words))


def ends_in_number(text: str) -> bool:
    """Whether a unit may still follow: "a weight of sixty"."""
    words = text.lower().rstrip(" .?!,…").split()
    last = words[-1] if words else ""
    return last in _NUMBERS or last.replace(".", "", 1).isdigit()


def _is_open(words: list[str]) -> bool:
    last = words[-1]
    if " ".join(words[-2:]) in _CLOSING_PAIRS:
        return False
    if last in _FUNCTION_WORDS:
        return True
    if len(words) > 1 and words[-2] in _LINKS:
        return False  # "who is not pregnant"
    described = last.endswith(_ADJECTIVE_ENDINGS) and len(last) > 4 and last not in _NOUNS
    return described or last in _ADJECTIVES


def _is_pending(words: list[str], plain: str) -> bool:
    if ends_in_number(plain) and not (_MEASURED.search(plain) or _ASKED.search(plain)):
        return True
    related = words[0] in _RELATED_TO and words[-1] in _RELATIONS and "about" not in words
    if related or _UNNAMED.match(plain):
        return True
    if _wants_object(words, plain):
        return True
    if words[0] in _ASKERS and not _FINITE.search(plain) and not _narrowed(words, plain):
        return True  # "which size of endotracheal tube"
    return any(
        verb in words and not any(one in words[words.index(verb) :] for one in partners)
        for verb, partners in _PAIRED.items()
    )


def _narrowed(words: list[str], plain: str) -> bool:
    """Whether the question has said when, in whom or which."""
    return any(one in _CIRCUMSTANCE for one in words[3:-1]) or bool(_NARROWED.search(plain))


def _wants_object(words: list[str], plain: str) -> bool:
    """Whether the last word is a verb whose object is still to come."""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if before in _SUBORDINATE and last.endswith("ing"):
        return True
    if last not in _VERBS:
        return False
    if before and before not in _BEFORE_VERBS and words[0] not in _BEFORE_VERBS:
        return False  # "after cocaine use"
    clause = re.split(rf"\b(?:{'|'.join(_SUBORDINATE)}|who)\b", plain)[-1]
    return not _OBJECT_ASKED.search(clause)


_FUNCTION_WORDS = frozenset(
    "a an and any are as at be because been being between but by can could did do does during each "
    "for from has have having her his how i if in into is it's its like many "
    "much my not of on or our per please should since so some such than that the their then these "
    "this those to um uh er erm until was we were what what's when whether which while who "
    "whose will with without would your versus plus minus times taking weighing aged he she they "
    "we've i've there there's very too also about before after "
    "off over at within against through despite every above below under until whose".split()
)
_CLOSING_PAIRS = frozenset(
    # Two last words that end a question although the last alone would not.
    ("what for", "used for", "given for", "start with", "go with", "watch for", "look for",
     "do with", "it given", "is given", "be given", "was given", "is that", "is this", "how so",
     "how much", "how many", "too much", "not given", "about this", "about that", "like that",
     "like this", "why not", "do that", "do this", "give that", "give this", "is it for",
     "repeat that", "say that", "read that", "mean that", "stop that", "was that", "aim for",
     "me that", "long for", "happens then", "for this", "for that", "in this", "in that",
     "to give", "and then", "to her", "and when", "it for", "after that", "before that")
)  # fmt: skip
_LINKS = frozenset("is are was were be been not being very too weeks months".split())
_ADJECTIVES = frozenset(
    "acute chronic severe mild moderate low high left right first second third fourth upper lower "
    "new old-age suspected unstable stable mechanical subcutaneous major minor recent known "
    "possible elderly young pregnant diabetic hypertensive allergic".split()
)  # fmt: skip
_ADJECTIVE_ENDINGS = ("al", "ic", "ous", "ive", "ary", "ular", "oid")
_NOUNS = frozenset(
    "antibiotic antibiotics diuretic antiemetic analgesic anaesthetic anesthetic antipsychotic "
    "anticonvulsant narcotic tonic clinic hospital trial interval total material removal "
    "withdrawal referral survival renewal approval arrival signal animal medical panic topic "
    "traffic public arsenic capital rental denial opioid steroid thyroid typhoid carotid "
    "sinusoid corticosteroid paracetamol phenobarbital pentobarbital thiopental propranolol "
    "additive preservative laxative sedative alternative derivative relative digoxin normal "
    "positive negative summary salary diary library artery capillary ovary february january "
    "logic magic music toxic septic epileptic hypoglycaemic mineral journal manual goal".split()
)
_RELATIONS = frozenset(
    # Nouns that ask for an "of" or a "for".
    "dose doses dosage dosing treatment antidote target maximum minimum rate duration "
    "contraindications contraindication indications indication effects risk risks signs symptoms "
    "causes cause level levels management range limit half-life threshold criteria difference "
    "interaction interactions guideline guidelines protocol ratio".split()
)
_RELATED_TO = frozenset("what what's which".split())
_VERBS = frozenset(
    "treat give use check start stop take run add measure monitor prescribe switch convert compare "
    "reverse avoid increase reduce need tell know adjust calculate weigh weighs replace "
    "correct manage consider get want infuse inject continue withhold restart".split()
)
_BEFORE_VERBS = frozenset(
    "to i we you they he she who can could should do does must may not and or will would please "
    "then just first you'd i'd".split()
)
_SUBORDINATE = ("when", "if", "after", "before", "while", "until", "unless", "without")
_ASKERS = frozenset("what which how when where why who".split())
_FINITE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|should|would|will|may|must|shall|has|have|had|"
    r"about|come|if|happens?|[a-z]{3,}s|won|lasts?)\b|'s\b"
)
_PAIRED = {
    "compare": ("and", "with", "to", "versus", "against", "them", "both"),
    "convert": ("to", "into"),
    "between": ("and",),
    "switch": ("to", "from", "it", "them"),
}
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand point".split()
)
_CIRCUMSTANCE = frozenset(
    "in during before after with without per while when if at over within on between versus "
    "every despite under above below who whose through until against".split()
)
_JOINING = frozenset("of for to or per if because who than from by apart and".split())
_AFRESH = frozenset(
    "no not stop wait sorry actually i i'm i've he she yes yeah okay ok thanks thank hello "
    "repeat say read go the".split()
)
_STATEMENT = re.compile(
    r"(?:so |well |um |uh |ok |okay |right |and |hello |hi )*(?:"
    r"i have\b|i've\b|i am\b|i'm\b|we have\b|we've\b|there is\b|there's\b|there are\b|"
    r"(?:the|my|our|this|a|an|her|his) (?:[a-z'-]+ ){1,4}?"
    r"(?:is|was|has|had|weighs|takes|took|came|got|needs|presents|presented|developed|of)\b|"
    r"(?:he|she|they|it|patient)(?: (?:is|was|has|had|weighs|takes|took)|'s)\b)"
)
_ASKED = re.compile(
    r"\b(?:what|which|how|when|where|why|who|whether|should i|can i|do i|could i|may i|is it|"
    r"tell me|please|explain|give me|(?:does|do|is|are|should|can|could|will|would|has|must|may) "
    r"(?:i|we|he|she|it|they|you|this))\b"
)
_CLOSED = re.compile(
    r"(?:\b(?:what|how|which|when) (?:[a-z]+ )?(?:should|shall|do|can|could|would) (?:i|we|you) "
    r"(?:do|give|start|use|start with|say|recommend|proceed|manage this|treat this)"
    r"(?: (?:now|next|first|then|about (?:it|that|this)))?|"
    r"^(?:stop|wait|no|yes|yeah|okay|ok|thanks|thank you|go on|continue|repeat that|say that again|"
    r"never ?mind|that's (?:all|enough)|hello|goodbye))$"
)
_MEASURED = re.compile(
    # A number that needs no unit said: a level, a score, a rate.
    r"\b(?:potassium|sodium|creatinine|egfr|e g f r|inr|i n r|ph|p h|score|gcs|lactate|glucose|"
    r"haemoglobin|hemoglobin|crcl|clearance|rate|magnesium|calcium) (?:of|is|was|at|below|above|"
    r"under|over) (?:[a-z]+ ){0,3}?[a-z0-9.]+$"
)
_NARROWED = re.compile(
    # "the loading dose of vancomycin" is one of its doses already.
    r"\b(?:loading|maintenance|starting|initial|first|maximum|minimum|highest|lowest|fastest|daily|"
    r"adult|paediatric|pediatric|oral|intravenous) (?:[a-z]+ )?"
    r"(?:dose|rate|level|line|infusion|treatment)\b.* (?:of|for) [a-z]"
)
_UNASKED = re.compile(
    # The words that open a question, with nothing asked yet.
    r"(?:\bhow (?:much|many|often|long|fast|soon|quickly|late|early)|\b(?:tell|remind|show) me|"
    r"^(?:my|the|our|a) [a-z]+)$"
)
_UNNAMED = re.compile(
    # "which antibiotic", "how much potassium chloride": a subject without its verb.
    r"(?:(?:what|which) [a-z-]+|how (?:much|many) [a-z-]+(?: [a-z-]+)?|"
    r"what(?:'s| is| are) the (?:target|normal|maximum|usual|starting) [a-z-]+)$"
)
_OBJECT_ASKED = re.compile(r"\b(?:what|which|who|how much|how many)\b")
