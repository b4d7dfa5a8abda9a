"""The inputs that many calculators share, beside the ways to make one.

Ranges are what a living person can have; a value outside is refused, never clipped.
"""

from __future__ import annotations

from agents.tools.calculators import units
from agents.tools.calculators.asking import bounded as bounded
from agents.tools.calculators.asking import choice as choice
from agents.tools.calculators.asking import day as day
from agents.tools.calculators.asking import graded as graded
from agents.tools.calculators.asking import number as number
from agents.tools.calculators.asking import yesno as yesno

AGE = number("age", "age", "years", 18, 120, "aged", question="How old is the patient, in years?")
ANY_AGE = bounded(AGE, 0, 120)
SEX = choice(
    "sex",
    "sex",
    {"female": "female", "male": "male"},
    {
        "female": ("woman", "lady", "girl", "females", "women", "f"),
        "male": ("man", "gentleman", "boy", "males", "men", "m"),
    },
    question="Is the patient female or male?",
)
WEIGHT = number("weight", "weight", units.WEIGHT, 25, 350, "weighs", "weighing", "body weight")
ANY_WEIGHT = number("weight", "weight", units.ANY_WEIGHT, 0.3, 350, *WEIGHT.aliases[1:])
HEIGHT = number("height", "height", units.HEIGHT, 100, 250, "tall", "stature")
CREATININE = number(
    "creatinine",
    "creatinine",
    units.SERUM_CREATININE,
    0.1,
    30,
    "serum creatinine",
    "creat",
    "cr",
    "plasma creatinine",
    "scr",
)
CYSTATIN = number("cystatin_c", "cystatin C", "mg/L", 0.2, 12, "cystatin", "serum cystatin c")
UREA = number(
    "urea",
    "urea",
    units.UREA,
    1,
    400,
    "bun",
    "blood urea nitrogen",
    "urea nitrogen",
    "blood urea",
    "serum urea",
    "b u n",
)
SODIUM = number(
    "sodium", "sodium", units.ELECTROLYTE, 90, 200, "serum sodium", "na", "plasma sodium"
)
POTASSIUM = number("potassium", "potassium", units.ELECTROLYTE, 1, 12, "serum potassium", "k")
CHLORIDE = number("chloride", "chloride", units.ELECTROLYTE, 50, 160, "serum chloride", "cl")
BICARBONATE = number(
    "bicarbonate",
    "bicarbonate",
    units.ELECTROLYTE,
    1,
    60,
    "bicarb",
    "hco3",
    "serum bicarbonate",
    "total co2",
)
GLUCOSE = number(
    "glucose",
    "glucose",
    units.GLUCOSE,
    10,
    1500,
    "blood glucose",
    "serum glucose",
    "blood sugar",
    "plasma glucose",
)
BILIRUBIN = number(
    "bilirubin",
    "bilirubin",
    units.BILIRUBIN,
    0.05,
    60,
    "total bilirubin",
    "bili",
    "serum bilirubin",
)
ALBUMIN = number("albumin", "albumin", units.ALBUMIN, 0.5, 7, "serum albumin", "alb")
INR = number(
    "inr",
    "INR",
    "",
    0.5,
    20,
    "i n r",
    "international normalised ratio",
    "international normalized ratio",
)
PLATELETS = number(
    "platelets", "platelet count", units.CELLS, 1, 3000, "platelets", "platelet", "plt"
)
WHITE_CELLS = number(
    "white_cells",
    "white cell count",
    units.CELLS,
    0.05,
    500,
    "white cells",
    "white count",
    "white blood cell count",
    "white blood cells",
    "wbc",
    "w b c",
    "wcc",
    "leucocytes",
    "leukocytes",
)
HAEMOGLOBIN = number(
    "haemoglobin", "haemoglobin", units.HAEMOGLOBIN, 2, 25, "hemoglobin", "hb", "hgb"
)
HAEMATOCRIT = number(
    "haematocrit", "haematocrit", units.HAEMATOCRIT, 5, 75, "hematocrit", "hct", "crit"
)
AST = number("ast", "AST", "U/L", 1, 20000, "a s t", "aspartate aminotransferase")
ALT = number("alt", "ALT", "U/L", 1, 20000, "a l t", "alanine aminotransferase")
CALCIUM = number("calcium", "calcium", units.CALCIUM, 4, 20, "total calcium", "serum calcium", "ca")
HEART_RATE = number(
    "heart_rate", "heart rate", "bpm", 10, 300, "pulse", "pulse rate", "hr", "heartrate", "h r"
)
RESPIRATORY_RATE = number(
    "respiratory_rate",
    "respiratory rate",
    "/min",
    1,
    80,
    "resp rate",
    "respiration rate",
    "rr",
    "breathing rate",
    "respirations",
    "breathing at",
    "resps",
    "respiratory rates",
)
SYSTOLIC = number(
    "systolic",
    "systolic blood pressure",
    "mmHg",
    30,
    300,
    "systolic",
    "systolic pressure",
    "sbp",
    "systolic bp",
    "blood pressure systolic",
)
DIASTOLIC = number(
    "diastolic",
    "diastolic blood pressure",
    "mmHg",
    10,
    200,
    "diastolic",
    "diastolic pressure",
    "dbp",
    "diastolic bp",
)
MAP = number("map", "mean arterial pressure", "mmHg", 20, 220, "map", "mean pressure", "m a p")
TEMPERATURE = number("temperature", "temperature", units.TEMPERATURE, 25, 44, "temp")
SPO2 = number(
    "spo2",
    "oxygen saturation",
    "%",
    40,
    100,
    "saturation",
    "saturations",
    "sats",
    "spo2",
    "o2 sats",
    "oxygen sats",
    "o2 saturation",
    "saturating at",
    "sat",
    "sao2",
)
FIO2 = number(
    "fio2",
    "inspired oxygen fraction",
    units.FRACTION,
    0.21,
    1.0,
    "fio2",
    "inspired oxygen",
    "fraction of inspired oxygen",
    "oxygen",
)
PAO2 = number(
    "pao2",
    "PaO2",
    units.GAS_PRESSURE,
    20,
    700,
    "arterial pao2",
    "po2",
    "arterial oxygen",
    "arterial po2",
    "partial pressure of oxygen",
)
PACO2 = number(
    "paco2",
    "PaCO2",
    units.GAS_PRESSURE,
    8,
    200,
    "arterial paco2",
    "pco2",
    "arterial pco2",
    "arterial carbon dioxide",
)
PH = number("ph", "arterial pH", "", 6.5, 8.0, "ph", "p h")
GCS = graded(
    "gcs",
    "Glasgow coma scale",
    3,
    15,
    "gcs",
    "g c s",
    "glasgow coma score",
    "coma scale",
    question="What is the Glasgow coma scale, from 3 to 15?",
)
EYE = graded("eye", "eye opening", 1, 4, "eyes", "eye", "eye response")
VERBAL = graded("verbal", "verbal response", 1, 5, "verbal", "voice")
MOTOR = graded("motor", "motor response", 1, 6, "motor")
LMP = day(
    "lmp",
    "first day of the last menstrual period",
    -310,
    0,
    "last menstrual period",
    "last period",
    "lmp",
    "l m p",
    "last period started",
)
EDD = day("due_date", "due date", -30, 290, "edd", "e d d", "estimated due date", "due on", "due",
          question="What is the due date?")  # fmt: skip
PRESSURE = number(
    "barometric_pressure", "barometric pressure", units.GAS_PRESSURE, 225, 800,
    "atmospheric pressure", "patm", "p atm", standard="sea level, 760 mmHg",
)  # fmt: skip
