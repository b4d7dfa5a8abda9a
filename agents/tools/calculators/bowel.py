"""Gut: upper gastrointestinal bleeding, pancreatitis, appendicitis."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.scoring import (
    LOWEST,
    banded,
    grade,
    looked_up,
    pick,
    rule,
    score,
    tick,
)
from agents.tools.calculators.shown import rounded

UREA_MMOL = ((LOWEST, 0), (6.5, 2), (8.0, 3), (10.0, 4), (25.0, 6))
UREA_MG = ((LOWEST, 0), (18.2, 2), (22.4, 3), (28.0, 4), (70.0, 6))


def _blatchford_urea(given: Given) -> float:
    if given.unit("urea") == "mg/dL":
        return looked_up(given.said["urea"].value, UREA_MG)
    return looked_up(rounded(given.number("urea") / 2.8, 3), UREA_MMOL)


def _blatchford_haemoglobin(given: Given) -> float:
    value = rounded(given.number("haemoglobin"), 3)
    if given.choice("sex") == "female":
        return 6 if value < 10 else 1 if value < 12 else 0
    return 6 if value < 10 else 3 if value < 12 else 1 if value < 13 else 0


def _rockall_shock(given: Given) -> float:
    if given.number("systolic") < 100:
        return 2
    return 1 if given.number("heart_rate") >= 100 else 0


def _glucose_above_200(given: Given) -> float:
    if given.unit("glucose") == "mmol/L":
        return 1 if given.said["glucose"].value > 11.1 else 0
    return 1 if given.number("glucose") > 200 else 0


LDH = ask.number("ldh", "LDH", "U/L", 20, 20000, "l d h", "lactate dehydrogenase")

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "glasgow_blatchford", "Glasgow-Blatchford score",
        aliases=("glasgow blatchford", "blatchford", "g b s", "gbs", "blatchford score",
                 "glasgow blatchford score", "blatchford bleeding score",
                 "glasgow blatchford bleeding score"),
        purpose="Need for intervention in upper gastrointestinal bleeding.",
        reference="Blatchford O et al. Lancet 2000;356:1318–1321",
        items=(
            rule("urea", _blatchford_urea, ask.UREA),
            rule("haemoglobin", _blatchford_haemoglobin, ask.HAEMOGLOBIN, ask.SEX),
            grade(ask.SYSTOLIC, (LOWEST, 3), (90, 2), (100, 1), (110, 0), decimals=0),
            rule("pulse 100 or more", lambda g: 1 if g.number("heart_rate") >= 100 else 0,
                 ask.HEART_RATE),
            tick("melaena", "melaena", 1, "melena", "black stools", "melina"),
            tick("syncope", "syncope", 2, "<fainted"),
            tick("liver_disease", "liver disease", 2, "hepatic disease", "<cirrhosis"),
            tick("heart_failure", "heart failure", 2, "cardiac failure"),
        ),
        read=banded((0, "0: very low risk; outpatient management can be considered."),
                    (1, "1: low risk; outpatient management can be considered (NICE accepts 0, "
                        "ESGE 0 to 1)."),
                    (2, "2 or more: assess in hospital.")),
        most=23,
    ),
    score(
        "rockall", "Rockall score",
        aliases=("rockall", "rockall score", "full rockall", "complete rockall"),
        purpose="Rebleeding and death after endoscopy for upper gastrointestinal bleeding.",
        reference="Rockall TA et al. Gut 1996;38:316–321",
        items=(
            grade(ask.AGE, (LOWEST, 0), (60, 1), (80, 2)),
            rule("shock", _rockall_shock, ask.SYSTOLIC, ask.HEART_RATE),
            pick("comorbidity", "comorbidity", {"none": ("none major", 0),
                 "major": ("heart failure, ischaemic heart disease or other major", 2),
                 "severe": ("renal failure, liver failure or disseminated cancer", 3)},
                 {"none": ("no comorbidity", "no comorbidities"),
                  "major": ("heart failure", "ischaemic heart disease"),
                  "severe": ("renal failure", "liver failure", "metastatic cancer")}),
            pick("diagnosis", "diagnosis", {
                "none": ("Mallory-Weiss tear, or no lesion and no stigmata", 0),
                "other": ("any other diagnosis", 1),
                "cancer": ("upper gastrointestinal malignancy", 2)},
                {"none": ("mallory weiss", "mallory weiss tear", "no lesion"),
                 "other": ("ulcer", "peptic ulcer", "duodenal ulcer", "gastric ulcer"),
                 "cancer": ("gastric cancer", "malignancy")}),
            pick("stigmata", "stigmata of recent haemorrhage", {
                "none": ("none, or a dark spot", 0),
                "present": ("blood, adherent clot, visible or spurting vessel", 2)},
                {"none": ("no stigmata", "dark spot"),
                 "present": ("visible vessel", "adherent clot", "spurting vessel")}),
        ),
        read=banded((0, "Low risk (2 or below)."), (3, "Increased risk (3 to 7)."),
                    (8, "High risk (8 or more).")),
        most=11,
    ),
    score(
        "ranson", "Ranson criteria",
        aliases=("ranson", "ranson criteria", "ransons criteria", "ranson score",
                 "ransom criteria"),
        purpose="Severity of non-gallstone acute pancreatitis, complete at 48 hours.",
        reference="Ranson JHC et al. Surg Gynecol Obstet 1974;139:69–81",
        items=(
            rule("age over 55", lambda g: 1 if g.number("age") > 55 else 0, ask.AGE),
            rule("white cells above 16", lambda g: 1 if g.number("white_cells") > 16 else 0,
                 ask.WHITE_CELLS),
            rule("glucose above 200 mg/dL (11.1 mmol/L)", _glucose_above_200, ask.GLUCOSE),
            rule("LDH above 350", lambda g: 1 if g.number("ldh") > 350 else 0, LDH),
            rule("AST above 250", lambda g: 1 if g.number("ast") > 250 else 0, ask.AST),
            tick("haematocrit_fall", "haematocrit fall of more than 10 points in 48 hours", 1),
            tick("urea_rise", "urea nitrogen rise above 5 mg/dL (1.8 mmol/L) in 48 hours", 1),
            tick("low_calcium", "calcium below 8 mg/dL (2 mmol/L) in 48 hours", 1),
            tick("low_oxygen", "PaO2 below 60 mmHg (8 kPa) in 48 hours", 1),
            tick("base_deficit", "base deficit above 4 mmol/L in 48 hours", 1),
            tick("fluid", "fluid sequestration above 6 L in 48 hours", 1),
        ),
        read=banded((0, "0 to 2: mortality about 1%."), (3, "3 to 4: mortality about 15%."),
                    (5, "5 to 6: mortality about 40%."), (7, "7 or more: mortality about 100%.")),
        most=11,
    ),
    score(
        "bisap", "BISAP score",
        aliases=("bisap", "b i s a p", "bisap score", "bedside index for severity"),
        purpose="Early mortality of acute pancreatitis.",
        reference="Wu BU et al. Gut 2008;57:1698–1703",
        items=(
            rule("urea nitrogen above 25 mg/dL", lambda g: 1 if g.number("urea") > 25 else 0,
                 ask.UREA),
            tick("impaired_mental_status", "impaired mental status", 1, "<confusion", "<confused",
                 "altered mental status"),
            tick("sirs", "two or more SIRS criteria", 1, "2 or more sirs criteria"),
            rule("age over 60", lambda g: 1 if g.number("age") > 60 else 0, ask.AGE),
            tick("effusion", "pleural effusion", 1, "effusion"),
        ),
        read=banded((0, "0 to 1: mortality below 1%."), (2, "2: mortality about 2%."),
                    (3, "3: mortality 5 to 8%."), (4, "4: mortality 13 to 19%."),
                    (5, "5: mortality 22 to 27%.")),
        most=5,
    ),
    score(
        "alvarado", "Alvarado score",
        aliases=("alvarado", "alvarado score", "mantrels", "mantrels score", "appendicitis score"),
        purpose="Likelihood of acute appendicitis.",
        reference="Alvarado A. Ann Emerg Med 1986;15:557–564",
        items=(
            tick("migration", "pain migrating to the right iliac fossa", 1, "migration of pain",
                 "migratory pain", "pain migration", "migrating pain"),
            tick("anorexia", "anorexia", 1, "loss of appetite"),
            tick("nausea", "nausea or vomiting", 1, "<nausea", "<vomiting"),
            tick("tenderness", "tenderness in the right iliac fossa", 2,
                 "right lower quadrant tenderness", "right iliac fossa tenderness",
                 "tender right iliac fossa"),
            tick("rebound", "rebound pain", 1, "rebound", "rebound tenderness"),
            rule("temperature 37.3 °C or more",
                 lambda g: 1 if rounded(g.number("temperature"), 1) >= 37.3 else 0,
                 ask.TEMPERATURE),
            rule("white cells above 10", lambda g: 2 if g.number("white_cells") > 10 else 0,
                 ask.WHITE_CELLS),
            tick("left_shift", "shift to the left", 1, "left shift"),
        ),
        read=banded((0, "Appendicitis unlikely (below 5)."), (5, "Appendicitis possible (5 to 6)."),
                    (7, "Appendicitis probable (7 to 8)."),
                    (9, "Appendicitis very probable (9 to 10).")),
        most=10,
    ),
)  # fmt: skip
