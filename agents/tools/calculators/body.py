"""Body size, energy and fluids."""

from __future__ import annotations

from math import sqrt

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.shown import fixed


def ideal_body_weight(height_cm: float, female: bool) -> float:
    """Kilograms (Devine 1974): 50 (women 45.5) + 2.3 for each inch over 60."""
    return (45.5 if female else 50.0) + 2.3 * (height_cm / 2.54 - 60)


def adjusted_body_weight(weight_kg: float, ideal_kg: float) -> float:
    """Kilograms: ideal weight and 40% of the rest."""
    return ideal_kg + 0.4 * (weight_kg - ideal_kg)


def bmi(weight_kg: float, height_cm: float) -> float:
    """kg/m²."""
    return weight_kg / (height_cm / 100) ** 2


def bsa_mosteller(weight_kg: float, height_cm: float) -> float:
    """m²."""
    return sqrt(height_cm * weight_kg / 3600)


def bsa_du_bois(weight_kg: float, height_cm: float) -> float:
    """m²."""
    return 0.007184 * float(weight_kg**0.425) * float(height_cm**0.725)


def lean_body_weight(weight_kg: float, height_cm: float, female: bool) -> float:
    """Kilograms (Janmahasatian 2005)."""
    index = bmi(weight_kg, height_cm)
    bottom = 8780 + 244 * index if female else 6680 + 216 * index
    return 9270 * weight_kg / bottom


def maintenance_hourly(weight_kg: float) -> float:
    """mL/h: 4 for each of the first 10 kg, 2 for the next 10, 1 for the rest."""
    return 4 * min(weight_kg, 10) + 2 * min(max(weight_kg - 10, 0), 10) + max(weight_kg - 20, 0)


def maintenance_daily(weight_kg: float) -> float:
    """mL/day: 100 for each of the first 10 kg, 50 for the next 10, 20 for the rest."""
    first, second = min(weight_kg, 10), min(max(weight_kg - 10, 0), 10)
    return 100 * first + 50 * second + 20 * max(weight_kg - 20, 0)


def mifflin_st_jeor(weight_kg: float, height_cm: float, age: float, female: bool) -> float:
    """kcal/day at rest."""
    return 10 * weight_kg + 6.25 * height_cm - 5 * age + (-161 if female else 5)


def free_water_deficit(weight_kg: float, sodium: float, age: float, female: bool) -> float:
    """Litres to bring sodium to 140 mmol/L (Adrogué and Madias 2000)."""
    return total_body_water_share(age, female) * weight_kg * (sodium / 140 - 1)


def total_body_water_share(age: float, female: bool) -> float:
    """0.6 in children and men, 0.5 in women and in men from 65, 0.45 in women from 65."""
    if age < 18:
        return 0.6
    return (0.45 if age >= 65 else 0.5) if female else (0.5 if age >= 65 else 0.6)


def _female(given: Given) -> bool:
    return given.choice("sex") == "female"


def _ideal(given: Given) -> float:
    return ideal_body_weight(given.number("height"), _female(given))


def _bmi_reading(value: float, _given: Given) -> str:
    rows = (
        (40.0, "obesity class 3"),
        (35.0, "obesity class 2"),
        (30.0, "obesity class 1"),
        (25.0, "overweight"),
        (18.5, "normal range"),
    )
    category = next((text for bound, text in rows if value >= bound), "underweight")
    return f"WHO category for adults: {category}."


def ideal_reading(_value: float, given: Given) -> str:
    if given.number("height") < 152.4:
        return "The equation was published for heights above 152.4 cm and is extended below it."
    return ""


_TALL = ask.bounded(ask.HEIGHT, 130, 250)
_ANY_HEIGHT = ask.bounded(ask.HEIGHT, 30, 250)
_SIZE = (ask.ANY_WEIGHT, _ANY_HEIGHT)
BURN = ask.number(
    "burn_area", "burned body surface", "%", 1, 100, "tbsa", "burns", "burn", "body surface burned",
    "total body surface area", "t b s a", "body surface area", "burned", "burnt",
)  # fmt: skip


def _fluid(given: Given) -> str:
    return f"for {fixed(given.number('weight'), 1)} kg"


def _fluid_reading(_value: float, given: Given) -> str:
    """Where the rule by weight does not hold: in the newborn, and above what is ever needed."""
    weight = given.number("weight")
    if weight < 5:
        return "Not for newborns up to 28 days, whose fluid goes by the day of life (NICE NG29)."
    if maintenance_daily(weight) > 2000:
        return "Over 24 hours males rarely need more than 2500 mL and females 2000 mL (NICE NG29)."
    return ""


CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "bmi", "Body mass index",
        aliases=("bmi", "body mass index", "b m i"),
        purpose="Weight for height in adults.",
        reference="Keys A et al. J Chronic Dis 1972;25:329–343",
        inputs=(ask.WEIGHT, ask.HEIGHT),
        value=lambda g: bmi(g.number("weight"), g.number("height")),
        unit="kg/m²", decimals=1, read=_bmi_reading,
        arithmetic=lambda g: f"{fixed(g.number('weight'), 1)} kg / "
                             f"({fixed(g.number('height') / 100, 3)} m)²",
    ),
    formula(
        "bsa_mosteller", "Body surface area (Mosteller)",
        aliases=("body surface area", "bsa", "mosteller", "b s a", "mosteller bsa"),
        purpose="Body surface area for dosing.",
        reference="Mosteller RD. N Engl J Med 1987;317:1098",
        inputs=_SIZE,
        value=lambda g: bsa_mosteller(g.number("weight"), g.number("height")),
        unit="m²", decimals=2, arithmetic="√(height in cm × weight in kg / 3600)",
    ),
    formula(
        "bsa_du_bois", "Body surface area (Du Bois)",
        aliases=("du bois", "dubois", "du bois bsa", "dubois body surface area",
                 "du bois body surface area", "body surface area by du bois"),
        purpose="Body surface area by the original equation.",
        reference="Du Bois D, Du Bois EF. Arch Intern Med 1916;17:863–871",
        inputs=_SIZE,
        value=lambda g: bsa_du_bois(g.number("weight"), g.number("height")),
        unit="m²", decimals=2,
        arithmetic="0.007184 × weight in kg^0.425 × height in cm^0.725",
    ),
    formula(
        "ideal_body_weight", "Ideal body weight (Devine)",
        aliases=("ideal body weight", "ideal weight", "ibw", "devine"),
        purpose="Weight for drug dosing and tidal volume.",
        reference="Devine BJ. Drug Intell Clin Pharm 1974;8:650–655",
        inputs=(ask.SEX, _TALL), value=_ideal, unit="kg", decimals=1, read=ideal_reading,
        arithmetic="50 (female 45.5) + 2.3 × (height in inches − 60)",
    ),
    formula(
        "adjusted_body_weight", "Adjusted body weight",
        aliases=("adjusted body weight", "adjusted weight", "abw", "adjbw"),
        purpose="Dosing weight in obesity: ideal weight and 40% of the excess.",
        reference="Bauer LA et al. Eur J Clin Pharmacol 1983;24:643–647",
        inputs=(ask.SEX, ask.WEIGHT, _TALL),
        value=lambda g: adjusted_body_weight(g.number("weight"), _ideal(g)),
        unit="kg", decimals=1, read=ideal_reading,
        arithmetic="ideal weight + 0.4 × (actual weight − ideal weight)",
    ),
    formula(
        "lean_body_weight", "Lean body weight (Janmahasatian)",
        aliases=("lean body weight", "lean body mass", "lbw", "lean weight"),
        purpose="Dosing weight that follows body composition.",
        reference="Janmahasatian S et al. Clin Pharmacokinet 2005;44:1051–1065",
        inputs=(ask.SEX, ask.WEIGHT, ask.HEIGHT),
        value=lambda g: lean_body_weight(g.number("weight"), g.number("height"), _female(g)),
        unit="kg", decimals=1,
        arithmetic="9270 × weight / (6680 + 216 × BMI), female 9270 × weight / (8780 + 244 × BMI)",
    ),
    formula(
        "maintenance_fluids", "Maintenance fluids (4-2-1 rule)",
        aliases=("maintenance fluids", "maintenance fluid", "four-two-one", "four-two-one rule",
                 "maintenance rate", "hourly maintenance", "maintenance fluid rate"),
        purpose="Hourly maintenance fluid by weight.",
        reference="Holliday MA, Segar WE. Pediatrics 1957;19:823–832",
        inputs=(ask.ANY_WEIGHT,),
        value=lambda g: maintenance_hourly(g.number("weight")),
        unit="mL/h", decimals=0,
        arithmetic=lambda g: f"4, 2 and 1 mL/kg/h {_fluid(g)}", read=_fluid_reading,
    ),
    formula(
        "maintenance_fluids_daily", "Maintenance fluids a day (Holliday-Segar)",
        aliases=("holliday segar", "daily maintenance fluids", "daily maintenance",
                 "holiday segar", "maintenance fluids a day", "maintenance fluids per day"),
        purpose="Daily maintenance fluid by weight.",
        reference="Holliday MA, Segar WE. Pediatrics 1957;19:823–832",
        inputs=(ask.ANY_WEIGHT,),
        value=lambda g: maintenance_daily(g.number("weight")),
        unit="mL/day", decimals=0,
        arithmetic=lambda g: f"100, 50 and 20 mL/kg/day {_fluid(g)}", read=_fluid_reading,
    ),
    formula(
        "parkland", "Burn resuscitation (Parkland)",
        aliases=("parkland", "parkland formula", "burn resuscitation", "burn fluids",
                 "burns fluid"),
        purpose="Crystalloid in the first 24 hours after a burn.",
        reference="Baxter CR, Shires T. Ann N Y Acad Sci 1968;150:874–894",
        inputs=(ask.ANY_WEIGHT, BURN),
        value=lambda g: 4 * g.number("weight") * g.number("burn_area"),
        unit="mL", decimals=0,
        arithmetic=lambda g: f"4 mL × {fixed(g.number('weight'), 1)} kg × "
                             f"{fixed(g.number('burn_area'), 1)}%",
        shown=lambda v, _g: f"{fixed(v)} mL in 24 hours from the burn",
        read=lambda v, _g: f"Half, {fixed(v / 2)} mL, in the first 8 hours after the burn, "
                           "the other half in the next 16 hours; titrate to urine output.",
    ),
    formula(
        "resting_energy", "Resting energy expenditure (Mifflin-St Jeor)",
        aliases=("mifflin st jeor", "resting energy expenditure", "basal metabolic rate", "bmr",
                 "mifflin", "resting energy"),
        purpose="Energy need at rest in adults.",
        reference="Mifflin MD et al. Am J Clin Nutr 1990;51:241–247",
        inputs=(ask.AGE, ask.SEX, ask.WEIGHT, ask.HEIGHT),
        value=lambda g: mifflin_st_jeor(
            g.number("weight"), g.number("height"), g.number("age"), _female(g)
        ),
        unit="kcal/day", decimals=0,
        arithmetic="10 × weight + 6.25 × height − 5 × age + 5 (female − 161)",
    ),
    formula(
        "free_water_deficit", "Free water deficit",
        aliases=("free water deficit", "water deficit", "free water"),
        purpose="Water lacking in hypernatraemia, to a sodium of 140 mmol/L.",
        reference="Adrogué HJ, Madias NE. N Engl J Med 2000;342:1493–1499",
        inputs=(ask.bounded(ask.AGE, 1, 120), ask.SEX, ask.bounded(ask.WEIGHT, 3, 350),
                ask.bounded(ask.SODIUM, 140, 200)),
        value=lambda g: free_water_deficit(
            g.number("weight"), g.number("sodium"), g.number("age"), _female(g)
        ),
        unit="L", decimals=1,
        arithmetic=lambda g: f"{total_body_water_share(g.number('age'), _female(g))} × "
                             f"{fixed(g.number('weight'), 1)} kg × "
                             f"({fixed(g.number('sodium'), 1)} / 140 − 1)",
        read="Correct slowly; ongoing losses are not included.",
    ),
)  # fmt: skip
