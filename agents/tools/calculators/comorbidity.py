"""The Charlson comorbidity index with its original weights, with and without age."""

from __future__ import annotations

from math import exp

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.scoring import LOWEST, Item, grade, pick, score, tick
from agents.tools.calculators.shown import fixed

CONDITIONS: tuple[Item, ...] = (
    tick("infarct", "myocardial infarction", 1, "heart attack", "previous mi", "prior mi"),
    tick("heart_failure", "heart failure", 1, "congestive heart failure", "chf"),
    tick("peripheral_vascular", "peripheral vascular disease", 1, "<peripheral arterial disease",
         "<peripheral artery disease", "<aortic aneurysm"),
    tick("cerebrovascular", "cerebrovascular disease", 1, "<stroke", "<tia", "<previous stroke"),
    tick("dementia", "dementia", 1),
    tick("lung_disease", "chronic pulmonary disease", 1, "<copd", "<c o p d",
         "chronic lung disease"),
    tick("connective_tissue", "connective tissue disease", 1, "<lupus", "<rheumatoid arthritis"),
    tick("ulcer", "peptic ulcer disease", 1, "peptic ulcer"),
    pick("liver", "liver disease", {"none": ("none", 0), "mild": ("mild", 1),
         "severe": ("moderate to severe", 3)},
         {"none": ("no liver disease",),
          "mild": ("mild liver disease", "chronic hepatitis"),
          "severe": ("severe liver disease", "moderate liver disease",
                     "cirrhosis with portal hypertension")}),
    pick("diabetes", "diabetes", {"none": ("none", 0), "uncomplicated": ("uncomplicated", 1),
         "end_organ": ("with end-organ damage", 2)},
         {"none": ("no diabetes", "without diabetes"),
          "uncomplicated": ("uncomplicated diabetes", "diabetes without complications"),
          "end_organ": ("diabetes with end organ damage", "diabetic nephropathy",
                        "end organ damage",
                        "diabetic retinopathy", "diabetes with complications")}),
    tick("hemiplegia", "hemiplegia", 2, "<paraplegia"),
    tick("renal", "moderate to severe kidney disease", 2, ">chronic kidney disease",
         "<severe kidney disease", "<moderate kidney disease", "<dialysis", "<severe renal disease",
         "<moderate renal disease"),
    pick("tumour", "solid tumour", {"none": ("none", 0), "localised": ("localised", 2),
         "metastatic": ("metastatic", 6)},
         {"none": ("no tumour", "no tumor", "no cancer", "no solid tumour", "no solid tumor"),
          "localised": ("localized", "localised tumour", "localized tumor",
                        "localised solid tumour", "localized solid tumor"),
          "metastatic": ("metastatic cancer", "metastatic tumour", "metastatic solid tumour",
                         "metastatic tumor", "metastatic solid tumor", "metastases")}),
    tick("leukaemia", "leukaemia", 2, "leukemia"),
    tick("lymphoma", "lymphoma", 2),
    tick("aids", "AIDS", 6, "aids"),
)  # fmt: skip
AGE = grade(ask.AGE, (LOWEST, 0), (50, 1), (60, 2), (70, 3), (80, 4))


def survival(total: float) -> float:
    """Ten-year survival in per cent for the age-adjusted index: 0.983^(e^(0.9 × index))."""
    return 100.0 * float(0.983 ** exp(0.9 * total))


def _reading(total: float, _given: Given) -> str:
    return f"Estimated 10-year survival {fixed(survival(total))}%."


CALCULATORS: tuple[Calculator, ...] = (
    score(
        "charlson",
        "Charlson comorbidity index, age-adjusted",
        aliases=("charlson", "charlson index", "charlson comorbidity index", "charlson score"),
        purpose="Ten-year survival from comorbidity and age.",
        reference="Charlson ME et al. J Chronic Dis 1987;40:373–383; "
        "Charlson M et al. J Clin Epidemiol 1994;47:1245–1251",
        items=(AGE, *CONDITIONS),
        read=_reading,
    ),
    score(
        "charlson_without_age",
        "Charlson comorbidity index without age",
        aliases=("charlson without age", "charlson index without age", "unadjusted charlson"),
        purpose="Burden of comorbidity by the original weights.",
        reference="Charlson ME et al. J Chronic Dis 1987;40:373–383",
        items=CONDITIONS,
        read=lambda _total, _given: "Original weights, without points for age.",
    ),
)
