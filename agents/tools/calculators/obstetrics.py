"""Pregnancy and birth: dates from the last period or the due date, Bishop, Apgar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator, Given, Input, Outcome
from agents.tools.calculators.scoring import banded, pick, score
from agents.tools.calculators.shown import fixed
from storage.faults import Invalid

PREGNANCY = timedelta(days=280)
TO_CONCEPTION = timedelta(days=14)
LONGEST = 45 * 7  # days


def due_date(lmp: date, cycle_days: float = 28) -> date:
    """280 days from the first day of the last period (Naegele), and what the cycle is longer."""
    return lmp + PREGNANCY + timedelta(days=cycle_days - 28)


def weeks_and_days(days: int) -> str:
    """ "24 weeks and 3 days"."""
    weeks, rest = divmod(days, 7)
    shown = f"{weeks} week{'' if weeks == 1 else 's'}"
    return f"{shown} and {rest} day{'' if rest == 1 else 's'}" if rest else shown


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _on(given: Given) -> date:
    return given.day("on_date") if given.has("on_date") else given.today


def _a_day(key: str, name: str, aliases: tuple[str, ...], purpose: str, reference: str,
           wanted: Input, shift: timedelta, steps: str) -> Calculator:  # fmt: skip
    def compute(given: Given) -> Outcome:
        day = given.day(wanted.name) + shift
        return Outcome(value=day, unit="", shown=_said(day), steps=(f"{steps} = {_said(day)}",))

    return Calculator(key, name, aliases, purpose, (wanted,), reference, compute)


def _due_date(given: Given) -> Outcome:
    cycle = given.number("cycle") if given.has("cycle") else 28
    day = due_date(given.day("lmp"), cycle)
    steps = f"last period + 280 days + ({fixed(cycle)} − 28) days = {_said(day)}"
    return Outcome(value=day, unit="", shown=_said(day), steps=(steps,))


def _age(
    key: str, name: str, aliases: tuple[str, ...], wanted: Input, begin: Callable[[date], date],
    steps: str,
) -> Calculator:  # fmt: skip
    def compute(given: Given) -> Outcome:
        on = _on(given)
        days = (on - begin(given.day(wanted.name))).days
        if not 0 <= days <= LONGEST:
            raise Invalid(
                "contradiction",
                f"On {_said(on)} the pregnancy would not be of 0 to {LONGEST // 7} weeks.",
                remedy="Say both dates again.",
                field=wanted.name,
            )
        return Outcome(
            value=float(days),
            unit="days",
            shown=f"{weeks_and_days(days)} on {_said(on)}",
            interpretation=_trimester(days),
            steps=(f"{steps} = {days} days",),
        )

    return Calculator(
        key, name, aliases, "How far a pregnancy is.", (wanted, ON), _ACOG, compute
    )  # fmt: skip


def _trimester(days: int) -> str:
    if days >= 294:
        return "Post-term (42 weeks and over)."
    if days >= 259:
        return "Term (37 weeks to 41 weeks and 6 days)."
    trimester = "First" if days < 98 else "Second" if days < 196 else "Third"
    return f"{trimester} trimester."


_ACOG = "ACOG Committee Opinion 700. Obstet Gynecol 2017;129:e150–e154"
_NAEGELE = "Naegele FC. Lehrbuch der Geburtshülfe, 1830; ACOG Committee Opinion 700, 2017"
ON = replace(ask.day("on_date", "day of assessment", -310, 300, "as of"), standard="as of today")
CYCLE = replace(
    ask.number("cycle", "length of the cycle", "days", 20, 45, "cycle length", "cycle",
               standard="a 28-day cycle"),
    whole=True,
)  # fmt: skip
CONCEPTION = ask.day("conception", "day of conception", -290, 0, "conception", "conceived",
                     "conceived on")  # fmt: skip

CALCULATORS: tuple[Calculator, ...] = (
    Calculator(
        "due_date", "Due date (Naegele)",
        ("due date", "naegele", "estimated due date", "expected date of delivery", "naegele's rule",
         "estimated date of delivery", "edd", "when is she due", "delivery date"),
        "Day of birth expected from the last menstrual period.",
        (ask.LMP, CYCLE), _NAEGELE, _due_date,
    ),
    _age(
        "gestational_age", "Gestational age",
        ("gestational age", "how far along", "how many weeks pregnant", "weeks of gestation",
         "how many weeks is she", "gestation"),
        ask.LMP, lambda lmp: lmp, "days since the last period",
    ),
    _age(
        "gestational_age_from_due_date", "Gestational age from the due date",
        ("gestational age from due date", "gestational age from the due date",
         "gestational age by due date", "gestational age with due date"),
        ask.EDD, lambda due: due - PREGNANCY, "280 − days to the due date",
    ),
    _a_day(
        "conception_date", "Conception date",
        ("conception date", "date of conception", "day of conception", "when did she conceive"),
        "Likely day of conception, two weeks after the last menstrual period.",
        _ACOG, ask.LMP, TO_CONCEPTION, "last period + 14 days",
    ),
    _a_day(
        "conception_from_due_date", "Conception date from the due date",
        ("conception date from due date", "conception date from the due date",
         "date of conception from the due date"),
        "Likely day of conception of a pregnancy with a known due date.",
        _ACOG, ask.EDD, TO_CONCEPTION - PREGNANCY, "due date − 266 days",
    ),
    _a_day(
        "due_date_from_conception", "Due date from conception",
        ("due date from conception", "due date from date of conception",
         "due date from the day of conception"),
        "Day of birth expected from a known day of conception.",
        _ACOG, CONCEPTION, PREGNANCY - TO_CONCEPTION, "conception + 266 days",
    ),
    score(
        "bishop", "Bishop score",
        aliases=("bishop", "bishop score", "bishops score"),
        purpose="Readiness of the cervix for induction of labour.",
        reference="Bishop EH. Obstet Gynecol 1964;24:266–268",
        items=(
            pick("dilation", "dilation", {"closed": ("closed", 0), "1-2": ("1 to 2 cm", 1),
                 "3-4": ("3 to 4 cm", 2), "5+": ("5 cm or more", 3)},
                 {"closed": ("0", "0 cm", "cervix closed"),
                  "1-2": ("1", "2", "1 cm", "2 cm", "1 centimeter", "2 centimeters"),
                  "3-4": ("3", "4", "3 cm", "4 cm", "3 centimeters", "4 centimeters"),
                   "5+": ("5", "6", "5 cm", "6 cm", "5 centimeters", "6 centimeters")},
                 aliases=("dilatation", "dilated", "dilation is")),
            pick("effacement", "effacement", {"0-30": ("0 to 30%", 0), "40-50": ("40 to 50%", 1),
                 "60-70": ("60 to 70%", 2), "80+": ("80% or more", 3)},
                 {"0-30": ("0%", "10%", "20%", "30%", "30 percent", "20 percent"),
                  "40-50": ("40%", "50%", "40 percent", "50 percent"),
                  "60-70": ("60%", "70%", "60 percent", "70 percent"),
                  "80+": ("80%", "90%", "100%", "80 percent", "90 percent", "100 percent")},
                 aliases=("effaced",)),
            pick("station", "station", {"-3": ("−3", 0), "-2": ("−2", 1), "-1,0": ("−1 or 0", 2),
                 "+1,+2": ("+1 or +2", 3)},
                 {"-3": ("minus 3", "-3"), "-2": ("minus 2", "-2"),
                  "-1,0": ("minus 1", "-1", "0", "station 0", "zero"),
                  "+1,+2": ("plus 1", "plus 2", "+1", "+2")}),
            pick("consistency", "consistency of the cervix",
                 {"firm": ("firm", 0), "medium": ("medium", 1), "soft": ("soft", 2)},
                 {"firm": ("firm cervix",), "medium": ("medium consistency",),
                  "soft": ("soft cervix",)}, aliases=("consistency",)),
            pick("position", "position of the cervix", {"posterior": ("posterior", 0),
                 "mid": ("mid-position", 1), "anterior": ("anterior", 2)},
                 {"posterior": ("posterior cervix",), "mid": ("mid position", "mid", "midposition"),
                  "anterior": ("anterior cervix",)}, aliases=("position",)),
        ),
        read=banded((0, "6 or below: unfavourable cervix."), (7, "7 or 8: intermediate."),
                    (9, "Above 8: induction as likely to succeed as spontaneous labour.")),
        most=13,
    ),
    score(
        "apgar", "Apgar score",
        aliases=("apgar", "apgar score", "app gar"),
        purpose="Condition of a newborn.",
        reference="Apgar V. Curr Res Anesth Analg 1953;32:260–267",
        items=(
            pick("appearance", "appearance", {"0": ("blue or pale", 0),
                 "1": ("body pink, limbs blue", 1), "2": ("pink", 2)},
                 {"0": ("blue", "pale"), "1": ("blue extremities", "acrocyanosis"),
                  "2": ("completely pink",)}, aliases=("colour", "color")),
            pick("pulse", "pulse", {"0": ("absent", 0), "1": ("below 100", 1),
                 "2": ("100 or above", 2)},
                 {"1": ("less than 100", "under 100"), "2": ("over 100", "above 100",
                  "more than 100")}, aliases=("heart rate",)),
            pick("grimace", "reflex response", {"0": ("none", 0), "1": ("grimace", 1),
                 "2": ("cry, cough or sneeze", 2)},
                 {"2": ("cries", "sneezes", "coughs")}, aliases=("grimace", "reflex")),
            pick("activity", "muscle tone", {"0": ("limp", 0), "1": ("some flexion", 1),
                 "2": ("active movement", 2)}, {"2": ("active",)},
                 aliases=("tone", "activity")),
            pick("respiration", "breathing", {"0": ("absent", 0), "1": ("slow or irregular", 1),
                 "2": ("good, crying", 2)},
                 {"1": ("slow", "irregular", "weak cry"), "2": ("crying", "good cry",
                  "strong cry")}, aliases=("respiration", "respirations")),
        ),
        read=banded((0, "Low (0 to 3)."), (4, "Moderately abnormal (4 to 6)."),
                    (7, "Reassuring (7 to 10).")),
        most=10,
    ),
)  # fmt: skip
