"""Intensive care and trauma: SOFA, APACHE II, coma scale, revised trauma score."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.lung import alveolar_oxygen
from agents.tools.calculators.model import Calculator, Given, Outcome
from agents.tools.calculators.scoring import (
    LOWEST,
    Item,
    banded,
    grade,
    looked_up,
    pick,
    rule,
    score,
    tick,
)
from agents.tools.calculators.shown import fixed, rounded
from agents.tools.calculators.units import table

VENTILATED = ask.yesno(
    "respiratory_support", "respiratory support", "<ventilated", "<mechanical ventilation",
    "<on a ventilator", "<cpap", "<intubated", "<invasive ventilation",
)  # fmt: skip
URINE_OUTPUT = ask.number(
    "urine_output", "urine output", table("mL/day", {"mL": 1.0, "L": 1000.0}), 0, 12000,
    "urine output in 24 hours", question="What is the urine output in 24 hours, in mL?",
)  # fmt: skip


def _sofa_lungs(given: Given) -> float:
    """Below 400, 300, 200 and 100 mmHg, published also as 53.3, 40, 26.7 and 13.3 kPa."""
    said, bounds = given.number("pao2"), (100.0, 200.0, 300.0, 400.0)
    if given.unit("pao2") == "kPa":
        said, bounds = given.said["pao2"].value, (13.3, 26.7, 40.0, 53.3)
    ratio = rounded(said / given.number("fio2"), 6)
    points = sum(ratio < bound for bound in bounds)
    return points if given.yes("respiratory_support") else min(points, 2)


def _sofa_circulation(given: Given) -> float:
    drug = {"none": 0, "low": 2, "middle": 3, "high": 4}[given.choice("vasopressor")]
    return max(drug, 1 if given.number("map") < 70 else 0)


#: 1.95 and 3.45 part "1.2 to 1.9", "2.0 to 3.4" and "3.5 to 4.9".
_SOFA_CREATININE = grade(
    ask.CREATININE, (LOWEST, 0), (1.2, 1), (1.95, 2), (3.45, 3), (5.0, 4),
    also={"µmol/L": ((LOWEST, 0), (110, 1), (171, 2), (300, 3), (441, 4))},
)  # fmt: skip


def _sofa_kidneys(given: Given) -> float:
    output = given.number("urine_output")
    by_output = 4 if output < 200 else 3 if output < 500 else 0
    return max(by_output, _SOFA_CREATININE.points(given))


VASOPRESSOR = ask.choice(
    "vasopressor", "vasopressor",
    {"none": "none",
     "low": "dopamine up to 5 µg/kg/min or any dobutamine",
     "middle": "dopamine above 5, or adrenaline or noradrenaline up to 0.1 µg/kg/min",
     "high": "dopamine above 15, or adrenaline or noradrenaline above 0.1 µg/kg/min"},
    {"none": ("no vasopressor", "no vasopressors", "off vasopressors", "without vasopressors"),
     "low": ("dobutamine", "any dobutamine")},
)  # fmt: skip
SOFA_ITEMS = (
    rule("respiration", _sofa_lungs, ask.PAO2, ask.FIO2, VENTILATED),
    grade(ask.PLATELETS, (LOWEST, 4), (20, 3), (50, 2), (100, 1), (150, 0), decimals=3),
    grade(ask.BILIRUBIN, (LOWEST, 0), (1.2, 1), (1.95, 2), (5.95, 3), (12.0, 4),
          also={"µmol/L": ((LOWEST, 0), (20, 1), (33, 2), (102, 3), (205, 4))}),
    rule("circulation", _sofa_circulation, ask.MAP, VASOPRESSOR),
    grade(ask.GCS, (LOWEST, 4), (6, 3), (10, 2), (13, 1), (15, 0)),
    rule("kidneys", _sofa_kidneys, ask.CREATININE, URINE_OUTPUT),
)  # fmt: skip


def _apache_oxygen(given: Given) -> float:
    fio2, pao2 = given.number("fio2"), given.number("pao2")
    if fio2 >= 0.5 - 1e-9:
        gradient = alveolar_oxygen(fio2, given.number("paco2")) - pao2
        return looked_up(rounded(gradient), ((LOWEST, 0), (200, 2), (350, 3), (500, 4)))
    return looked_up(rounded(pao2), ((LOWEST, 4), (55, 3), (61, 1), (71, 0)))


def _apache_creatinine(given: Given) -> float:
    """Rows in mg/dL alone; in µmol/L they begin at 53, 133, 177 and 309."""
    steps = ((LOWEST, 2), (0.6, 0), (1.5, 2), (2.0, 3), (3.5, 4))
    points = looked_up(rounded(given.number("creatinine"), 2), steps)
    return points * 2 if given.yes("acute_renal_failure") else points


_HIGH_FIO2_PACO2 = ask.number(
    "paco2", "PaCO2", ask.PACO2.units, 8, 200, "arterial paco2", "pco2", "arterial pco2",
    when=("fio2", lambda fio2: isinstance(fio2, float) and fio2 >= 0.5 - 1e-9),
)  # fmt: skip
_RENAL_FAILURE = ask.yesno(
    "acute_renal_failure", "acute renal failure", "acute kidney injury", "acute kidney failure"
)
APACHE_ITEMS: tuple[Item, ...] = (
    grade(ask.AGE, (LOWEST, 0), (45, 2), (55, 3), (65, 5), (75, 6)),
    grade(ask.TEMPERATURE, (LOWEST, 4), (30, 3), (32, 2), (34, 1), (36, 0), (38.5, 1), (39, 3),
          (41, 4), decimals=1),
    grade(ask.MAP, (LOWEST, 4), (50, 2), (70, 0), (110, 2), (130, 3), (160, 4), decimals=0),
    grade(ask.HEART_RATE, (LOWEST, 4), (40, 3), (55, 2), (70, 0), (110, 2), (140, 3), (180, 4),
          decimals=0),
    grade(ask.RESPIRATORY_RATE, (LOWEST, 4), (6, 2), (10, 1), (12, 0), (25, 1), (35, 3), (50, 4),
          decimals=0),
    rule("oxygenation", _apache_oxygen, ask.FIO2, ask.PAO2, _HIGH_FIO2_PACO2),
    grade(ask.PH, (LOWEST, 4), (7.15, 3), (7.25, 2), (7.33, 0), (7.5, 1), (7.6, 3), (7.7, 4)),
    grade(ask.SODIUM, (LOWEST, 4), (111, 3), (120, 2), (130, 0), (150, 1), (155, 2), (160, 3),
          (180, 4), decimals=0),
    grade(ask.POTASSIUM, (LOWEST, 4), (2.5, 2), (3, 1), (3.5, 0), (5.5, 1), (6, 3), (7, 4)),
    rule("creatinine", _apache_creatinine, ask.CREATININE, _RENAL_FAILURE),
    grade(ask.HAEMATOCRIT, (LOWEST, 4), (20, 2), (30, 0), (46, 1), (50, 2), (60, 4), decimals=1),
    grade(ask.WHITE_CELLS, (LOWEST, 4), (1, 2), (3, 0), (15, 1), (20, 2), (40, 4), decimals=3),
    rule("coma scale, 15 less the score", lambda g: 15 - g.number("gcs"), ask.GCS),
    pick("chronic_health", "chronic organ insufficiency or immunocompromise", {
        "none": ("none", 0),
        "nonoperative": ("present, and not operated", 5),
        "emergency": ("present, after emergency surgery", 5),
        "elective": ("present, after elective surgery", 2)},
        {"nonoperative": ("non operative", "nonoperative"),
         "emergency": ("emergency surgery", "emergency postoperative"),
         "elective": ("elective surgery", "elective postoperative")}),
)  # fmt: skip
RTS_GCS = ((LOWEST, 0), (4, 1), (6, 2), (9, 3), (13, 4))
RTS_SYSTOLIC = ((LOWEST, 0), (1, 1), (50, 2), (76, 3), (90, 4))
RTS_BREATHING = ((LOWEST, 0), (1, 1), (6, 2), (10, 4), (30, 3))


def revised_trauma(gcs: float, systolic: float, breathing: float) -> float:
    """0 to 7.8408 from the coma scale, systolic pressure in mmHg and breaths a minute."""
    coded = (looked_up(gcs, RTS_GCS), looked_up(rounded(systolic), RTS_SYSTOLIC))
    return 0.9368 * coded[0] + 0.7326 * coded[1] + 0.2908 * looked_up(
        rounded(breathing), RTS_BREATHING
    )  # fmt: skip


def _revised_trauma(given: Given) -> Outcome:
    value = revised_trauma(
        given.number("gcs"), given.number("systolic"), given.number("respiratory_rate")
    )
    return Outcome(
        value=value,
        unit="points",
        shown=f"{fixed(value, 4)} out of 7.8408",
        interpretation="Below 4: take to a trauma centre." if value < 4 else "4 or above.",
        steps=(f"0.9368 × coma code + 0.7326 × pressure code + 0.2908 × breathing code = "
               f"{fixed(value, 4)}",),
    )  # fmt: skip


CALCULATORS: tuple[Calculator, ...] = (
    score(
        "sofa", "SOFA",
        aliases=("sofa", "sofa score", "sequential organ failure assessment", "s o f a"),
        purpose="Organ dysfunction in intensive care; a rise of 2 defines sepsis with infection.",
        reference="Vincent JL et al. Intensive Care Med 1996;22:707–710",
        items=SOFA_ITEMS,
        read=banded((0, "A rise of 2 or more from baseline with infection is sepsis (Sepsis-3).")),
        most=24,
    ),
    score(
        "apache2", "APACHE II",
        aliases=("apache2", "apache score", "apache", "apache2 score"),
        purpose="Severity of illness in the first 24 hours of intensive care.",
        reference="Knaus WA et al. Crit Care Med 1985;13:818–829",
        items=APACHE_ITEMS,
        read=banded((0, "Mortality prediction also needs the diagnostic category.")),
        most=71,
    ),
    score(
        "gcs", "Glasgow Coma Scale",
        aliases=("gcs", "g c s", "glasgow coma scale", "glasgow coma score", "coma scale"),
        purpose="Level of consciousness.",
        reference="Teasdale G, Jennett B. Lancet 1974;2:81–84",
        items=(rule("eyes", lambda g: g.number("eye"), ask.EYE),
               rule("verbal", lambda g: g.number("verbal"), ask.VERBAL),
               rule("motor", lambda g: g.number("motor"), ask.MOTOR)),
        read=banded((3, "Severe impairment (3 to 8)."), (9, "Moderate impairment (9 to 12)."),
                    (13, "Mild impairment or none (13 to 15).")),
        most=15,
    ),
    Calculator(
        "revised_trauma_score", "Revised Trauma Score",
        ("revised trauma score", "revised trauma", "trauma score", "rts", "r t s"),
        "Physiological severity of trauma.",
        (ask.GCS, ask.bounded(ask.SYSTOLIC, 0, 300), ask.bounded(ask.RESPIRATORY_RATE, 0, 80)),
        "Champion HR et al. J Trauma 1989;29:623–629",
        _revised_trauma,
    ),
    score(
        "ich_score", "ICH score",
        aliases=("ich score", "i c h score", "intracerebral haemorrhage score",
                 "intracerebral hemorrhage score"),
        purpose="30-day mortality of intracerebral haemorrhage.",
        reference="Hemphill JC et al. Stroke 2001;32:891–897",
        items=(
            grade(ask.GCS, (LOWEST, 2), (5, 1), (13, 0)),
            rule("volume 30 mL or more", lambda g: 1 if g.number("volume") >= 30 else 0,
                 ask.number("volume", "haemorrhage volume", "mL", 0, 300, "volume",
                            "haematoma volume", "hematoma volume")),
            tick("intraventricular", "intraventricular haemorrhage", 1,
                 "intraventricular hemorrhage", "intraventricular extension"),
            tick("infratentorial", "infratentorial origin", 1, "infratentorial"),
            rule("age 80 or over", lambda g: 1 if g.number("age") >= 80 else 0, ask.AGE),
        ),
        read=banded((0, "30-day mortality 0%."), (1, "30-day mortality 13%."),
                    (2, "30-day mortality 26%."), (3, "30-day mortality 72%."),
                    (4, "30-day mortality 97%."), (5, "30-day mortality 100%.")),
        most=6,
    ),
)  # fmt: skip
