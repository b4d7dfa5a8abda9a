"""The Caprini score of 2005: risk of venous thromboembolism in surgery."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.clotting import PREVIOUS
from agents.tools.calculators.model import Calculator
from agents.tools.calculators.scoring import LOWEST, Item, banded, grade, score, tick


def _ticks(points: float, *rows: tuple[str, str, tuple[str, ...]]) -> tuple[Item, ...]:
    return tuple(tick(name, label, points, *aliases) for name, label, aliases in rows)


ONE = _ticks(
    1,
    ("minor_surgery", "minor surgery planned", ("minor surgery",)),
    ("recent_major_surgery", "major surgery in the past month", (">recent major surgery",)),
    ("varicose_veins", "varicose veins", ()),
    ("bowel_disease", "inflammatory bowel disease", ("<crohn's", "<ulcerative colitis", "ibd")),
    ("swollen_legs", "swollen legs", ("leg swelling", "leg oedema", "leg edema")),
    ("overweight", "BMI above 25", ("bmi over 25", "<obesity", "<obese", "overweight")),
    ("infarct", "acute myocardial infarction", ("acute mi",)),
    ("heart_failure", "heart failure in the past month", (">heart failure", ">chf")),
    ("sepsis", "sepsis in the past month", (">sepsis",)),
    ("lung_disease", "serious lung disease or pneumonia in the past month", ()),
    ("copd", "abnormal pulmonary function, such as COPD", ("<copd", "<c o p d")),
    ("bed_rest", "medical patient at bed rest", ("bed rest",)),
    ("hormones", "oral contraceptive or hormone replacement", ("<oral contraceptive",
     "<hormone replacement", "<contraceptive pill", "<hrt")),
    ("pregnancy", "pregnancy or postpartum within a month", ("<pregnant", "<pregnancy")),
    ("pregnancy_loss", "unexplained stillbirth, recurrent miscarriage (3 or more), or premature "
     "birth with toxaemia or growth restriction", ("<recurrent miscarriage",)),
)  # fmt: skip
TWO = _ticks(
    2,
    ("arthroscopy", "arthroscopic surgery", ("arthroscopy",)),
    ("cancer", "present or previous cancer", ("cancer", "malignancy", "previous cancer")),
    ("major_surgery", "major open surgery over 45 minutes", (">major surgery", ">open surgery")),
    ("laparoscopy", "laparoscopic surgery over 45 minutes", (">laparoscopic surgery",
     ">laparoscopy")),
    ("confined", "confined to bed for more than 72 hours", (">confined to bed", ">bedridden")),
    ("plaster", "plaster cast in the past month", (">plaster cast", ">immobilising cast")),
    ("central_line", "central venous access", ("central line", "central venous catheter")),
)  # fmt: skip
THREE = _ticks(
    3,
    ("previous", "previous DVT or PE", PREVIOUS),
    ("family", "family history of thrombosis", ("<family history of dvt",
     "<family history of vte")),
    ("factor_v", "factor V Leiden", ("factor 5 leiden",)),
    ("prothrombin", "prothrombin 20210A", ("prothrombin mutation",)),
    ("homocysteine", "raised homocysteine", ("elevated homocysteine",)),
    ("lupus_anticoagulant", "lupus anticoagulant", ()),
    ("anticardiolipin", "raised anticardiolipin antibodies", ("anticardiolipin antibodies",)),
    ("hit", "heparin-induced thrombocytopenia", ("heparin induced thrombocytopenia",)),
    ("thrombophilia", "other thrombophilia", (">thrombophilia",)),
)  # fmt: skip
FIVE = _ticks(
    5,
    ("arthroplasty", "elective major lower-limb joint replacement", ("<hip replacement",
     "<knee replacement", ">joint replacement", ">arthroplasty")),
    ("fracture", "hip, pelvis or leg fracture in the past month", ("<hip fracture",
     "<pelvic fracture", "<leg fracture")),
    ("stroke", "stroke in the past month", (">stroke", ">recent stroke")),
    ("multiple_trauma", "multiple trauma in the past month", (">multiple trauma", ">polytrauma")),
    ("spinal_cord", "acute spinal cord injury in the past month", (">spinal cord injury",)),
)  # fmt: skip

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "caprini",
        "Caprini score",
        aliases=("caprini", "caprini score", "caprini risk", "caprini risk score"),
        purpose="Risk of venous thromboembolism around surgery.",
        reference="Caprini JA. Dis Mon 2005;51:70–78",
        items=(
            grade(ask.AGE, (LOWEST, 0), (41, 1), (61, 2), (75, 3)),
            *ONE,
            *TWO,
            *THREE,
            *FIVE,
        ),
        read=banded(
            (0, "Low risk (0 to 1)."),
            (2, "Moderate risk (2)."),
            (3, "High risk (3 to 4)."),
            (5, "Highest risk (5 or more)."),
        ),
    ),
)
