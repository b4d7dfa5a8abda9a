"""Brain and mind: stroke scales, depression and anxiety questionnaires."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator
from agents.tools.calculators.scoring import LOWEST, Item, banded, grade, pick, rule, score, tick
from agents.tools.calculators.units import table

NIHSS = (
    ("consciousness", "level of consciousness", 3),
    ("questions", "consciousness questions", 2),
    ("commands", "consciousness commands", 2),
    ("gaze", "best gaze", 2),
    ("visual", "visual fields", 3),
    ("facial", "facial palsy", 3),
    ("left_arm", "left arm", 4),
    ("right_arm", "right arm", 4),
    ("left_leg", "left leg", 4),
    ("right_leg", "right leg", 4),
    ("ataxia", "limb ataxia", 2),
    ("sensory", "sensory", 2),
    ("language", "best language", 3),
    ("dysarthria", "dysarthria", 2),
    ("neglect", "extinction and inattention", 2),
)
NIHSS_ALIASES = {
    "gaze": ("gaze",), "visual": ("visual",), "facial": ("face", "facial"), "ataxia": ("ataxia",),
    "language": ("language",), "neglect": ("neglect", "inattention", "extinction"),
    "questions": ("questions",), "commands": ("commands",), "consciousness": ("loc",),
}  # fmt: skip
PHQ9 = (
    ("interest", "little interest or pleasure"),
    ("mood", "feeling down, depressed or hopeless"),
    ("sleep", "trouble with sleep"),
    ("energy", "tiredness"),
    ("appetite", "poor appetite or overeating"),
    ("self_worth", "feeling bad about oneself"),
    ("concentration", "trouble concentrating"),
    ("movement", "moving slowly or being restless"),
    ("self_harm", "thoughts of self-harm"),
)
GAD7 = (
    ("nervous", "feeling nervous or on edge"),
    ("control", "not being able to control worrying"),
    ("worry", "worrying too much"),
    ("relax", "trouble relaxing"),
    ("restless", "being restless"),
    ("irritable", "being irritable"),
    ("afraid", "feeling afraid of something awful"),
)


def _graded(name: str, label: str, most: int, *aliases: str) -> Item:
    return rule(label, lambda g: g.number(name), ask.graded(name, label, 0, most, *aliases))


def _frequency(name: str, label: str) -> Item:
    ask_so = f"{label[0].upper()}{label[1:]}, from 0, not at all, to 3, nearly every day?"
    return rule(label, lambda g: g.number(name), ask.graded(name, label, 0, 3, question=ask_so))


_DURATION = ask.number(
    "duration", "duration of symptoms", table("minutes", {"hours": 60.0}), 0, 1440, "duration",
    "lasting", "lasted", "for", question="How long did the symptoms last, in minutes?",
)  # fmt: skip

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "abcd2", "ABCD2",
        aliases=("abcd2", "abcd2 score", "abcd score", "tia risk score"),
        purpose="Early stroke risk after a transient ischaemic attack.",
        reference="Johnston SC et al. Lancet 2007;369:283–292",
        items=(
            grade(ask.AGE, (LOWEST, 0), (60, 1)),
            rule("blood pressure 140/90 mmHg or more",
                 lambda g: 1 if g.number("systolic") >= 140 or g.number("diastolic") >= 90 else 0,
                 ask.SYSTOLIC, ask.DIASTOLIC),
            pick("features", "clinical features", {"other": ("other", 0),
                 "speech": ("speech disturbance without weakness", 1),
                 "weakness": ("unilateral weakness", 2)},
                 {"speech": ("speech disturbance", "dysphasia", "aphasia", "slurred speech"),
                  "weakness": ("weakness", "hemiparesis", "hemiplegia", "arm weakness",
                               "one sided weakness", "left sided weakness",
                               "right sided weakness")}),
            grade(_DURATION, (LOWEST, 0), (10, 1), (60, 2)),
            tick("diabetes", "diabetes", 1, "diabetic"),
        ),
        read=banded((0, "Low: 2-day stroke risk 1.0%."), (4, "Moderate: 2-day stroke risk 4.1%."),
                    (6, "High: 2-day stroke risk 8.1%.")),
        most=7,
    ),
    score(
        "nihss", "NIH Stroke Scale",
        aliases=("nihss", "nih stroke scale", "n i h s s", "stroke scale", "n i h stroke scale"),
        purpose="Severity of an acute stroke.",
        reference="Brott T et al. Stroke 1989;20:864–870",
        items=tuple(_graded(n, label, most, *NIHSS_ALIASES.get(n, ())) for n, label, most in NIHSS),
        read=banded((0, "No stroke symptoms."), (1, "Minor stroke (1 to 4)."),
                    (5, "Moderate stroke (5 to 15)."), (16, "Moderate to severe (16 to 20)."),
                    (21, "Severe stroke (21 to 42).")),
        most=42,
    ),
    score(
        "phq9", "PHQ-9",
        aliases=("phq9", "phq", "patient health questionnaire"),
        purpose="Severity of depression over the past two weeks.",
        reference="Kroenke K et al. J Gen Intern Med 2001;16:606–613",
        items=tuple(_frequency(name, label) for name, label in PHQ9),
        read=banded((0, "Minimal (0 to 4)."), (5, "Mild (5 to 9)."), (10, "Moderate (10 to 14)."),
                    (15, "Moderately severe (15 to 19)."), (20, "Severe (20 to 27).")),
        most=27,
    ),
    score(
        "gad7", "GAD-7",
        aliases=("gad7", "generalised anxiety disorder scale",
                 "generalized anxiety disorder scale"),
        purpose="Severity of anxiety over the past two weeks.",
        reference="Spitzer RL et al. Arch Intern Med 2006;166:1092–1097",
        items=tuple(_frequency(name, label) for name, label in GAD7),
        read=banded((0, "Minimal (0 to 4)."), (5, "Mild (5 to 9)."), (10, "Moderate (10 to 14)."),
                    (15, "Severe (15 to 21).")),
        most=21,
    ),
)  # fmt: skip
