"""Infection and early warning: sepsis screens, sore throat, NEWS2."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.scoring import (
    LOWEST,
    absence,
    banded,
    grade,
    looked_up,
    pick,
    rule,
    score,
    tick,
)
from agents.tools.calculators.shown import rounded


def _temperature_sirs(given: Given) -> float:
    value = rounded(given.number("temperature"), 2)
    return 1 if value > 38 or value < 36 else 0


def _white_cells_sirs(given: Given) -> float:
    count = given.number("white_cells")
    return 1 if count > 12 or count < 4 or given.yes("immature_bands") else 0


def _breathing_sirs(given: Given) -> float:
    return 1 if given.number("respiratory_rate") > 20 or given.yes("low_paco2") else 0


SCALE_ONE = ((LOWEST, 3), (92, 2), (94, 1), (96, 0))
SCALE_TWO_AIR = ((LOWEST, 3), (84, 2), (86, 1), (88, 0))
SCALE_TWO_OXYGEN = ((LOWEST, 3), (84, 2), (86, 1), (88, 0), (93, 1), (95, 2), (97, 3))


def news2_saturation(spo2: float, *, scale_two: bool, on_oxygen: bool) -> float:
    """Points for a saturation in per cent on scale 1 or 2."""
    if not scale_two:
        return looked_up(rounded(spo2), SCALE_ONE)
    return looked_up(rounded(spo2), SCALE_TWO_OXYGEN if on_oxygen else SCALE_TWO_AIR)


def _saturation(given: Given) -> float:
    return news2_saturation(
        given.number("spo2"),
        scale_two=given.choice("spo2_scale") == "2",
        on_oxygen=given.yes("oxygen"),
    )


OXYGEN = ask.yesno(
    "oxygen", "supplemental oxygen", "on oxygen", "oxygen therapy", "<litres of oxygen",
    "<liters of oxygen", "<nasal cannula", question="Is the patient on supplemental oxygen?",
)  # fmt: skip
SPO2_SCALE = ask.choice(
    "spo2_scale",
    "SpO2 scale",
    {"1": "scale 1", "2": "scale 2 (hypercapnic respiratory failure, target 88 to 92%)"},
    {"1": ("scale-one", "spo2 scale-one", "scale 1"),
     "2": ("scale-two", "spo2 scale-two", "scale 2", "hypercapnic respiratory failure")},
    question="SpO2 scale 1, or scale 2 for prescribed hypercapnic respiratory failure?",
)  # fmt: skip
NEWS2_ITEMS = (
    grade(ask.RESPIRATORY_RATE, (LOWEST, 3), (9, 1), (12, 0), (21, 2), (25, 3), decimals=0),
    rule("oxygen saturation", _saturation, ask.SPO2, SPO2_SCALE, OXYGEN),
    rule("supplemental oxygen", lambda g: 2 if g.yes("oxygen") else 0, OXYGEN),
    grade(ask.SYSTOLIC, (LOWEST, 3), (91, 2), (101, 1), (111, 0), (220, 3), decimals=0),
    grade(ask.HEART_RATE, (LOWEST, 3), (41, 1), (51, 0), (91, 1), (111, 2), (131, 3), decimals=0),
    pick(
        "consciousness", "consciousness",
        {"alert": ("alert", 0), "confusion": ("new confusion", 3), "voice": ("responds to voice",
                                                                             3),
         "pain": ("responds to pain", 3), "unresponsive": ("unresponsive", 3)},
        {"alert": ("alert and orientated", "fully alert"), "confusion": ("confusion", "confused",
         "newly confused"), "voice": ("responding to voice",), "pain": ("responding to pain",),
         "unresponsive": ("unconscious",)},
    ),
    grade(ask.TEMPERATURE, (LOWEST, 3), (35.1, 1), (36.1, 0), (38.1, 1), (39.1, 2), decimals=1),
)  # fmt: skip


def _news2_reading(total: float, given: Given) -> str:
    if total >= 7:
        return "High: emergency response."
    if total >= 5:
        return "Medium: urgent response."
    if any(item.points(given) == 3 for item in NEWS2_ITEMS):
        return "Low to medium, a single parameter scores 3: urgent ward-based response."
    return "Low: ward-based response."


def _mcisaac_reading(total: float, _given: Given) -> str:
    if total <= 1:
        return "Group A streptococcus in 1 to 10%: no test and no antibiotic."
    if total <= 3:
        risk = "11 to 17%" if total == 2 else "28 to 35%"
        return f"Group A streptococcus in {risk}: test, treat if positive."
    return "Group A streptococcus in 51 to 53%: test, or treat by local guidance."


_FEVER = tick("fever", "temperature above 38 °C", 1, "fever", "febrile", "history of fever")
_NO_COUGH = absence(
    "no_cough", "absence of cough", 1, "cough", "no cough", "without cough", "cough absent"
)
_NODES = tick(
    "nodes", "tender anterior cervical nodes", 1, ">cervical nodes", "tender nodes",
    ">swollen nodes", ">cervical lymphadenopathy",
)  # fmt: skip
_EXUDATE = tick(
    "exudate", "tonsillar swelling or exudate", 1, "<tonsillar exudate", "<exudate", "<exudates",
    "<tonsillar exudates", "<tonsillar swelling",
)  # fmt: skip
_CHILD_OR_ADULT = ask.bounded(ask.AGE, 3, 120)

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "qsofa", "qSOFA",
        aliases=("qsofa", "q sofa", "quick sofa", "cue sofa"),
        purpose="Bedside screen for poor outcome in suspected infection.",
        reference="Seymour CW et al. JAMA 2016;315:762–774",
        items=(
            rule("respiratory rate 22 or more",
                 lambda g: 1 if g.number("respiratory_rate") >= 22 else 0, ask.RESPIRATORY_RATE),
            rule("systolic 100 mmHg or below", lambda g: 1 if g.number("systolic") <= 100 else 0,
                 ask.SYSTOLIC),
            tick("altered_mentation", "altered mentation", 1, "altered mental status", "<confused",
                 "<confusion", "altered mental state"),
        ),
        read=banded((0, "Below 2: not high risk by qSOFA; it does not exclude sepsis."),
                    (2, "2 or more: high risk of poor outcome; assess for organ dysfunction.")),
        most=3,
    ),
    score(
        "sirs", "SIRS criteria",
        aliases=("sirs", "s i r s", "sirs criteria", "systemic inflammatory response syndrome"),
        purpose="Systemic inflammatory response.",
        reference="Bone RC et al. Chest 1992;101:1644–1655",
        items=(
            rule("temperature above 38 or below 36 °C", _temperature_sirs, ask.TEMPERATURE),
            rule("heart rate above 90", lambda g: 1 if g.number("heart_rate") > 90 else 0,
                 ask.HEART_RATE),
            rule("respiratory rate above 20 or PaCO2 below 32 mmHg", _breathing_sirs,
                 ask.RESPIRATORY_RATE,
                 ask.yesno("low_paco2", "PaCO2 below 32 mmHg (4.3 kPa)", "low paco2")),
            rule("white cells above 12, below 4 or over 10% immature", _white_cells_sirs,
                 ask.WHITE_CELLS,
                 ask.yesno("immature_bands", "more than 10% immature bands", ">immature bands",
                           ">bandemia", ">bands")),
        ),
        read=banded((0, "Fewer than 2 criteria: SIRS not met."), (2,
                                                                  "2 or more criteria: SIRS met.")),
        most=4,
    ),
    score(
        "news2", "NEWS2",
        aliases=("news2", "national early warning score", "news2 score", "news score",
                 "early warning score", "national early warning score 2"),
        purpose="Acute deterioration in adults.",
        reference="Royal College of Physicians. National Early Warning Score (NEWS) 2, 2017",
        items=NEWS2_ITEMS, read=_news2_reading, most=20,
    ),
    score(
        "centor", "Centor criteria",
        aliases=("centor", "centor score", "centor criteria", "center score", "center criteria"),
        purpose="Likelihood of group A streptococcal sore throat in adults.",
        reference="Centor RM et al. Med Decis Making 1981;1:239–246",
        items=(_FEVER, _NO_COUGH, _NODES, _EXUDATE),
        read=banded((0, "0 to 2: streptococcal infection unlikely (NICE)."),
                    (3, "3 to 4: streptococcal infection more likely (NICE).")),
        most=4,
    ),
    score(
        "mcisaac", "Modified Centor score (McIsaac)",
        aliases=("mcisaac", "mcisaac score", "modified centor", "modified centor score",
                 "mac isaac", "mc isaac"),
        purpose="Likelihood of group A streptococcal sore throat, with age.",
        reference="McIsaac WJ et al. CMAJ 1998;158:75–83",
        items=(grade(_CHILD_OR_ADULT, (LOWEST, 1), (15, 0), (45, -1)),
               _FEVER, _NO_COUGH, _NODES, _EXUDATE),
        read=_mcisaac_reading,
    ),
    score(
        "feverpain", "FeverPAIN",
        aliases=("feverpain", "fever pain", "fever pain score", "feverpain score"),
        purpose="Likelihood of streptococcal sore throat.",
        reference="Little P et al. BMJ 2013;347:f5806",
        items=(
            tick("fever", "fever in the past 24 hours", 1, "fever", "febrile"),
            tick("purulence", "purulent tonsils", 1, "purulence", "pus", "pus on the tonsils"),
            tick("attends_rapidly", "attends within 3 days of onset", 1, "attended within 3 days",
                 "within 3 days"),
            tick("inflamed", "severely inflamed tonsils", 1, ">inflamed tonsils"),
            absence("no_cough", "no cough or coryza", 1, "cough or coryza", ">no cough",
                    ">without cough", "no cough or cold"),
        ),
        read=banded((0, "Streptococcus in 13 to 18%: no antibiotic."),
                    (2, "Streptococcus in 34 to 40%: consider a back-up prescription."),
                    (4, "Streptococcus in 62 to 65%: an immediate or back-up antibiotic.")),
        most=5,
    ),
    score(
        "mascc", "MASCC risk index",
        aliases=("mascc", "mascc score", "m a s c c", "mask score", "febrile neutropenia risk"),
        purpose="Complications of febrile neutropenia.",
        reference="Klastersky J et al. J Clin Oncol 2000;18:3038–3051",
        items=(
            pick("burden", "burden of illness",
                 {"mild": ("none or mild symptoms", 5), "moderate": ("moderate symptoms", 3),
                  "severe": ("severe symptoms", 0)},
                 {"mild": ("no symptoms", "mild"), "moderate": ("moderate",),
                  "severe": ("severe",)}),
            absence("no_hypotension", "no hypotension", 5,
                    "hypotension (systolic below 90 mmHg)"),
            absence("no_copd", "no chronic obstructive pulmonary disease", 4,
                    "chronic obstructive pulmonary disease", "no copd"),
            tick("solid_tumour", "solid tumour, or blood cancer without previous fungal infection",
                 4, "<solid tumour", "<solid tumor"),
            absence("no_dehydration", "no dehydration", 3, "dehydration", "not dehydrated"),
            tick("outpatient", "outpatient at onset of fever", 3, "outpatient"),
            rule("age below 60", lambda g: 2 if g.number("age") < 60 else 0, ask.AGE),
        ),
        read=banded((0, "Below 21: not low risk."), (21, "21 or more: low risk.")),
        most=26,
    ),
)  # fmt: skip
