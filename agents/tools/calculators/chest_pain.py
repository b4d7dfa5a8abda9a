"""Chest pain: the HEART, TIMI and GRACE scores."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.scoring import (
    LOWEST,
    Item,
    banded,
    grade,
    pick,
    rule,
    score,
    tick,
)

TIMI_RISK = (4.7, 4.7, 8.3, 13.2, 19.9, 26.2, 40.9, 40.9)
STEMI_RISK = (0.8, 1.6, 2.2, 4.4, 7.3, 12.4, 16.1, 23.4, 26.8)


def _timi_reading(total: float, _given: Given) -> str:
    risk = TIMI_RISK[int(total)]
    return f"Death, infarction or urgent revascularisation within 14 days: {risk}%."


def _stemi_reading(total: float, _given: Given) -> str:
    risk = STEMI_RISK[int(total)] if total <= 8 else 35.9
    return f"Death within 30 days: {risk}%."


def _grace_reading(total: float, _given: Given) -> str:
    """The thirds of risk end at 108 and 140 points, with ST elevation at 125 and 154."""
    without = "below 1%" if total <= 108 else "1 to 3%" if total <= 140 else "above 3%"
    with_elevation = "below 2%" if total <= 125 else "2 to 5%" if total <= 154 else "above 5%"
    return f"Death in hospital: {without} without ST elevation, {with_elevation} with it."


def _killip(*points: float) -> Item:
    rows = {str(at): (str(at), points[at - 1]) for at in (1, 2, 3, 4)}
    spoken = {at: (f"killip {at}",) for at in rows}
    return pick("killip", "Killip class", rows, spoken, aliases=("killip",))


_MARKERS = (
    "raised troponin", "elevated troponin", "positive troponin", "elevated markers",
    "troponin positive",
)  # fmt: skip

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "heart_score", "HEART score",
        aliases=("heart score", "the heart pathway", "heart pathway", "heart risk score"),
        purpose="Risk of a major cardiac event in chest pain in the emergency department.",
        reference="Backus BE et al. Int J Cardiol 2013;168:2153–2158 (Six AJ 2008)",
        items=(
            pick("history", "history", {"slight": ("slightly suspicious", 0),
                 "moderate": ("moderately suspicious", 1), "high": ("highly suspicious", 2)},
                 {"slight": ("slightly", "low suspicion", "slightly suspicious history"),
                  "moderate": ("moderately", "moderately suspicious history"),
                  "high": ("highly", "highly suspicious history", "very suspicious")}),
            pick("ecg", "ECG", {"normal": ("normal", 0),
                 "nonspecific": ("non-specific repolarisation disturbance", 1),
                 "st_deviation": ("significant ST deviation", 2)},
                 {"normal": ("normal ecg", "ecg normal", "ecg is normal"),
                  "nonspecific": ("nonspecific", "non specific", "repolarisation disturbance",
                                  "left bundle branch block", "repolarization disturbance",
                                  "non specific ecg changes", "nonspecific changes"),
                  "st_deviation": ("st deviation", "st depression", "significant st depression",
                                   "st elevation")},
                 aliases=("e c g", "ekg")),
            grade(ask.AGE, (LOWEST, 0), (45, 1), (65, 2)),
            pick("risk_factors", "risk factors", {"none": ("none known", 0),
                 "one_or_two": ("1 or 2 risk factors", 1),
                 "three_or_more": ("3 or more, or known atherosclerotic disease", 2)},
                 {"none": ("no risk factors", "no known risk factors", "0"),
                  "one_or_two": ("1", "2", "1 risk factor", "2 risk factors",
                                 "1 to 2 risk factors"),
                  "three_or_more": ("3", "3 risk factors", "4 risk factors", "5 risk factors",
                                    "3 or more risk factors", "known atherosclerotic disease",
                                    "known coronary disease")}),
            pick("troponin", "troponin", {"normal": ("at or below the normal limit", 0),
                 "raised": ("above the normal limit, below 3 times it", 1),
                 "high": ("3 or more times the normal limit", 2)},
                 {"normal": ("normal troponin", "troponin normal", "troponin is normal",
                             "negative troponin", "troponin negative"),
                  "raised": ("1 to 3 times", "1 to 3 times the normal limit", "twice the limit",
                             "2 times the limit"),
                  "high": ("more than 3 times", "over 3 times", "3 or more times",
                           "more than 3 times the normal limit", "3 times the limit",
                           "3 times the normal limit")},
                 aliases=("trop",)),
        ),
        read=banded((0, "Low risk: major cardiac event within 6 weeks 1.7%."),
                    (4, "Moderate risk: major cardiac event within 6 weeks 16.6%."),
                    (7, "High risk: major cardiac event within 6 weeks 50.1%.")),
        most=10,
    ),
    score(
        "timi_nstemi", "TIMI risk score (unstable angina, NSTEMI)",
        aliases=("timi nstemi", "timi unstable angina", "timi score for nstemi",
                 "timi risk score for nstemi", "timi ua nstemi", "timi score for unstable angina",
                 "timi for nstemi", "timi for unstable angina", "timi score", "timi"),
        purpose="14-day risk in unstable angina and non-ST-elevation infarction.",
        reference="Antman EM et al. JAMA 2000;284:835–842",
        items=(
            grade(ask.AGE, (LOWEST, 0), (65, 1)),
            tick("risk_factors", "three or more coronary risk factors", 1,
                 "3 risk factors", "3 or more risk factors", "3 coronary risk factors",
                 "4 risk factors"),
            tick("stenosis", "known coronary stenosis of 50% or more", 1,
                 ">coronary stenosis", ">known coronary artery disease", ">known cad"),
            tick("aspirin", "aspirin in the past 7 days", 1, "aspirin", "on aspirin"),
            tick("severe_angina", "two or more anginal episodes in 24 hours", 1,
                 "<2 episodes of angina", ">recurrent angina"),
            tick("st_deviation", "ST deviation of 0.5 mm or more", 1, "st deviation",
                 "<st depression", ">st changes"),
            tick("markers", "raised cardiac markers", 1, *_MARKERS),
        ),
        read=_timi_reading, most=7,
    ),
    score(
        "timi_stemi", "TIMI risk score for STEMI",
        aliases=("timi stemi", "timi score for stemi", "timi risk score for stemi",
                 "timi for stemi",
                 "timi score", "timi"),
        purpose="30-day mortality in ST-elevation infarction.",
        reference="Morrow DA et al. Circulation 2000;102:2031–2037",
        items=(
            grade(ask.AGE, (LOWEST, 0), (65, 2), (75, 3)),
            tick("history", "diabetes, hypertension or angina", 1, "<diabetes", "<hypertension",
                 "<angina", "<diabetic"),
            rule("systolic below 100 mmHg", lambda g: 3 if g.number("systolic") < 100 else 0,
                 ask.SYSTOLIC),
            rule("heart rate above 100", lambda g: 2 if g.number("heart_rate") > 100 else 0,
                 ask.HEART_RATE),
            _killip(0, 2, 2, 2),
            rule("weight below 67 kg", lambda g: 1 if g.number("weight") < 67 else 0, ask.WEIGHT),
            tick("anterior", "anterior ST elevation or left bundle branch block", 1,
                 "<anterior st elevation", "<anterior stemi", "<left bundle branch block", "<lbbb",
                 "<anterior infarct", "<anterior"),
            tick("delay", "more than 4 hours to treatment", 1, "more than 4 hours",
                 "over 4 hours"),
        ),
        read=_stemi_reading, most=14,
    ),
    score(
        "grace", "GRACE score",
        aliases=("grace score", "grace risk", "grace risk score", "grace acs", "grace acs score"),
        purpose="In-hospital mortality of an acute coronary syndrome.",
        reference="Granger CB et al. Arch Intern Med 2003;163:2345–2353",
        items=(
            grade(ask.AGE, (LOWEST, 0), (30, 8), (40, 25), (50, 41), (60, 58), (70, 75), (80, 91),
                  (90, 100)),
            grade(ask.HEART_RATE, (LOWEST, 0), (50, 3), (70, 9), (90, 15), (110, 24), (150, 38),
                  (200, 46), decimals=0),
            grade(ask.SYSTOLIC, (LOWEST, 58), (80, 53), (100, 43), (120, 34), (140, 24), (160, 10),
                  (200, 0), decimals=0),
            grade(ask.CREATININE, (LOWEST, 1), (0.4, 4), (0.8, 7), (1.2, 10), (1.6, 13), (2, 21),
                  (4, 28),
                  also={"µmol/L": ((LOWEST, 1), (35, 4), (71, 7), (106, 10), (141, 13), (177, 21),
                                   (354, 28))}),
            _killip(0, 20, 39, 59),
            tick("cardiac_arrest", "cardiac arrest on admission", 39, "cardiac arrest"),
            tick("st_deviation", "ST segment deviation", 28, "st deviation", "<st depression",
                 "<st elevation", "<stemi"),
            tick("markers", "raised cardiac markers", 14, *_MARKERS),
        ),
        read=_grace_reading, most=372,
    ),
)  # fmt: skip
