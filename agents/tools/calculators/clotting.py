"""Venous thromboembolism: how likely it is, and who is at risk of it."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.scoring import LOWEST, banded, grade, pick, rule, score, tick

_DVT = ("previous dvt", "prior dvt", "history of dvt", "previous deep vein thrombosis")
_PE = ("previous pe", "prior pe", "history of pe", "previous pulmonary embolism")
_VTE = (
    "previous vte", "prior vte", "history of vte", "previous clot", "previous dvt or pe",
    "previous pe or dvt", "prior dvt or pe", "prior pe or dvt", "history of dvt or pe",
    "history of pe or dvt",
)  # fmt: skip
#: Of a previous DVT or PE: either is a case of it, whose absence says nothing of the other.
PREVIOUS = (*(f"<{words}" for words in (*_DVT, *_PE)), *_VTE)
#: Of a previous DVT alone: a clot may have been an embolism.
_PREVIOUS_DVT = (*_DVT, *(f">{words}" for words in _VTE))
_CANCER = ("cancer", "malignancy", "active malignancy", "active cancer")
_WELLS_CANCER = "Cancer, treated in the past 6 months or palliative: yes or no?"


def _wells_pe(total: float, _given: Given) -> str:
    three = "low" if total < 2 else "moderate" if total <= 6 else "high"
    two = "PE likely (above 4)" if total > 4 else "PE unlikely (4 or below)"
    return f"{two}; {three} probability on the three-level scale."


def _perc(total: float, _given: Given) -> str:
    if total == 0:
        return "PERC negative: with a low pretest probability, PE is excluded without D-dimer."
    return "PERC positive: PE cannot be excluded by the rule."


def _oxygen(given: Given) -> float:
    return 1 if given.number("spo2") < 95 else 0


CALCULATORS: tuple[Calculator, ...] = (
    score(
        "wells_pe", "Wells score for pulmonary embolism",
        aliases=("wells pe", "wells score for pe", "wells for pe", "wells pulmonary embolism",
                 "wells score for pulmonary embolism", "wells for pulmonary embolism",
                 "wells criteria for pe", "pe wells", "wells score", "wells",
                 "wells criteria for pulmonary embolism"),
        purpose="Pretest probability of pulmonary embolism.",
        reference="Wells PS et al. Thromb Haemost 2000;83:416–420",
        items=(
            tick("dvt_signs", "clinical signs of deep vein thrombosis", 3, "signs of dvt",
                 ">swollen leg", ">leg swelling", "clinical signs of dvt",
                 "signs of deep vein thrombosis"),
            tick("no_alternative", "PE is the most likely diagnosis", 3, "pe most likely",
                 "pe is most likely", "alternative diagnosis less likely",
                 "pulmonary embolism is the most likely diagnosis", "pe most likely diagnosis"),
            rule("heart rate above 100", lambda g: 1.5 if g.number("heart_rate") > 100 else 0,
                 ask.HEART_RATE),
            tick("immobilised", "immobilised for 3 days or surgery in the past 4 weeks", 1.5,
                 "<surgery in the past 4 weeks"),
            tick("previous", "previous DVT or PE", 1.5, *PREVIOUS),
            tick("haemoptysis", "haemoptysis", 1, "hemoptysis", "coughing blood"),
            tick("cancer", "active cancer", 1, *_CANCER, question=_WELLS_CANCER),
        ),
        read=_wells_pe, most=12.5,
    ),
    score(
        "wells_dvt", "Wells score for deep vein thrombosis",
        aliases=("wells dvt", "wells score for dvt", "wells for dvt", "dvt wells", "wells score",
                 "wells deep vein thrombosis", "wells score for deep vein thrombosis",
                 "wells for deep vein thrombosis", "wells criteria for dvt", "wells",
                 "wells criteria for deep vein thrombosis"),
        purpose="Pretest probability of deep vein thrombosis of the leg.",
        reference="Wells PS et al. N Engl J Med 2003;349:1227–1235",
        items=(
            tick("cancer", "active cancer", 1, *_CANCER, question=_WELLS_CANCER),
            tick("paralysis", "paralysis, paresis or plaster of the leg", 1, "<paralysis",
                 "<paresis",
                 "<plaster cast", "<leg in plaster"),
            tick("bedridden", "bedridden for 3 days or major surgery in 12 weeks", 1),
            tick("tenderness", "tenderness along the deep veins", 1, ">tenderness",
                 "localised tenderness", "deep vein tenderness", "localized tenderness"),
            tick("leg_swollen", "entire leg swollen", 1, "whole leg swollen",
                 "swelling of the entire leg", "entire leg swelling"),
            tick("calf_swelling", "calf swelling of 3 cm or more", 1, ">calf swelling",
                 ">swollen calf"),
            tick("pitting_oedema", "pitting oedema of the symptomatic leg", 1, "pitting oedema",
                 "pitting edema"),
            tick("collateral_veins", "collateral superficial veins", 1, "collateral veins"),
            tick("previous", "previous DVT", 1, *_PREVIOUS_DVT),
            tick("alternative", "alternative diagnosis at least as likely", -2,
                 "alternative diagnosis", "alternative diagnosis as likely",
                 "alternative diagnosis is as likely"),
        ),
        read=banded((LOWEST, "DVT unlikely (below 2)."), (2, "DVT likely (2 or above).")),
    ),
    score(
        "perc", "PERC rule",
        aliases=("perc", "perc rule", "p e r c", "pulmonary embolism rule out criteria",
                 "perc score", "perk rule"),
        purpose="Excludes pulmonary embolism without D-dimer at low pretest probability.",
        reference="Kline JA et al. J Thromb Haemost 2008;6:772–780",
        items=(
            rule("age 50 or over", lambda g: 1 if g.number("age") >= 50 else 0, ask.AGE),
            rule("heart rate 100 or over", lambda g: 1 if g.number("heart_rate") >= 100 else 0,
                 ask.HEART_RATE),
            rule("saturation below 95%", _oxygen, ask.SPO2),
            tick("leg_swelling", "unilateral leg swelling", 1, ">leg swelling", "swollen leg"),
            tick("haemoptysis", "haemoptysis", 1, "hemoptysis", "coughing blood"),
            tick("surgery", "surgery or trauma in the past 4 weeks", 1, ">surgery or trauma"),
            tick("previous", "previous DVT or PE", 1, *PREVIOUS),
            tick("oestrogen", "oestrogen use", 1, "estrogen", "<oral contraceptive", ">hormone use",
                 "<hormone replacement", "estrogen use", "<contraceptive pill", "oestrogen"),
        ),
        read=_perc, most=8,
    ),
    score(
        "geneva_revised", "Revised Geneva score",
        aliases=("revised geneva", "geneva score", "geneva", "revised geneva score"),
        purpose="Pretest probability of pulmonary embolism without clinical judgement.",
        reference="Le Gal G et al. Ann Intern Med 2006;144:165–171",
        items=(
            rule("age over 65", lambda g: 1 if g.number("age") > 65 else 0, ask.AGE),
            tick("previous", "previous DVT or PE", 3, *PREVIOUS),
            tick("surgery", "surgery under general anaesthesia or leg fracture in the past month",
                 2, ">surgery or fracture"),
            tick("cancer", "active cancer", 2, *_CANCER,
                 question="Cancer, active or cured for less than a year: yes or no?"),
            tick("leg_pain", "unilateral leg pain", 3, ">leg pain"),
            tick("haemoptysis", "haemoptysis", 2, "hemoptysis", "coughing blood"),
            grade(ask.HEART_RATE, (LOWEST, 0), (75, 3), (95, 5)),
            tick("leg_signs", "pain on deep vein palpation and unilateral oedema", 4),
        ),
        read=banded((0, "Low probability, about 8%."), (4, "Intermediate probability, about 28%."),
                    (11, "High probability, about 74%.")),
        most=22,
    ),
    score(
        "padua", "Padua prediction score",
        aliases=("padua", "padua score", "padua prediction score"),
        purpose="Risk of venous thromboembolism in medical inpatients.",
        reference="Barbar S et al. J Thromb Haemost 2010;8:2450–2457",
        items=(
            tick("cancer", "active cancer", 3, *_CANCER,
                 question="Cancer, metastatic or treated in the past 6 months: yes or no?"),
            tick("previous", "previous venous thromboembolism", 3, *PREVIOUS),
            tick("reduced_mobility", "reduced mobility", 3, "<immobile", "<bed rest", "<bedbound"),
            tick("thrombophilia", "known thrombophilia", 3, "thrombophilia"),
            tick("trauma_surgery", "trauma or surgery in the past month", 2, ">trauma or surgery"),
            grade(ask.AGE, (LOWEST, 0), (70, 1)),
            tick("heart_lung", "heart or respiratory failure", 1, "<heart failure",
                 "<respiratory failure"),
            tick("infarct_stroke", "acute myocardial infarction or ischaemic stroke", 1,
                 "<acute stroke", "<acute myocardial infarction", "<acute mi"),
            tick("infection", "acute infection or rheumatological disorder", 1,
                 "<rheumatological disorder", "<acute infection"),
            tick("obesity", "obesity, BMI 30 or more", 1, "obesity", "obese"),
            tick("hormones", "ongoing hormonal treatment", 1, "hormonal treatment"),
        ),
        read=banded((0, "Low risk (below 4)."),
                    (4, "High risk (4 or more): prophylaxis if bleeding risk allows.")),
        most=20,
    ),
    score(
        "four_ts", "4Ts score",
        aliases=("four-ts", "four-ts score", "hit score", "heparin induced thrombocytopenia score"),
        purpose="Pretest probability of heparin-induced thrombocytopenia.",
        reference="Lo GK et al. J Thromb Haemost 2006;4:759–765",
        items=(
            pick("thrombocytopenia", "thrombocytopenia", {
                "2": ("fall of more than 50% and nadir of 20 or more", 2),
                "1": ("fall of 30 to 50% or nadir of 10 to 19", 1),
                "0": ("fall of less than 30% or nadir below 10", 0)}),
            pick("timing", "timing of the fall", {
                "2": ("clear onset on days 5 to 10, or within 1 day after heparin in the past "
                      "30 days", 2),
                "1": ("consistent with days 5 to 10 but unclear, after day 10, or within 1 day "
                      "after heparin 30 to 100 days ago", 1),
                "0": ("before day 4 without recent heparin", 0)}),
            pick("thrombosis", "thrombosis or other sequelae", {
                "2": ("new thrombosis, skin necrosis or acute systemic reaction", 2),
                "1": ("progressive, recurrent or suspected thrombosis, or skin lesions", 1),
                "0": ("none", 0)}),
            pick("other_causes", "other causes of thrombocytopenia", {
                "2": ("none apparent", 2), "1": ("possible", 1), "0": ("definite", 0)}),
        ),
        read=banded((0, "Low probability."), (4, "Intermediate probability."),
                    (6, "High probability.")),
        most=8,
    ),
)  # fmt: skip
