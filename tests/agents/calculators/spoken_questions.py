"""Questions as a recogniser writes them, with the calculator and exactly the inputs said."""

from __future__ import annotations

from agents.tools.calculators.model import Quantity, Raw


def q(value: float, unit: str | None = None) -> Quantity:
    return Quantity(value, unit)


QUESTIONS: tuple[tuple[str, str, dict[str, Raw]], ...] = (
    (
        "what's the creatinine clearance of a seventy two year old woman weighing sixty kilos "
        "with a creatinine of one hundred thirty",
        "creatinine_clearance",
        {"age": q(72, "years"), "sex": "female", "weight": q(60, "kg"), "creatinine": q(130)},
    ),
    (
        "calculate the cockcroft gault for an eighty one year old man weight seventy five "
        "kilograms creatinine one point four milligrams per deciliter",
        "creatinine_clearance",
        {"age": q(81, "years"), "sex": "male", "weight": q(75, "kg"),
         "creatinine": q(1.4, "mg/dL")},
    ),
    (
        "creatinine clearance with adjusted body weight for a fifty year old man a hundred and "
        "twenty kilos one hundred seventy five centimeters creatinine ninety micromoles per litre",
        "creatinine_clearance",
        {"age": q(50, "years"), "sex": "male", "weight": q(120, "kg"), "height": q(175, "cm"),
         "creatinine": q(90, "µmol/L"), "weight_basis": "adjusted"},
    ),
    (
        "work out the e g f r for a fifty five year old female creatinine ninety eight "
        "micromol per liter",
        "egfr_ckd_epi_2021",
        {"age": q(55, "years"), "sex": "female", "creatinine": q(98, "µmol/L")},
    ),
    (
        "what is the egfr by mdrd in a sixty year old man with a creatinine of two point one "
        "milligrams per deciliter",
        "egfr_mdrd",
        {"age": q(60, "years"), "sex": "male", "creatinine": q(2.1, "mg/dL")},
    ),
    (
        "schwartz egfr for a child one hundred and ten centimeters tall with a creatinine of "
        "forty micromoles per litre",
        "egfr_schwartz",
        {"height": q(110, "cm"), "creatinine": q(40, "µmol/L")},
    ),
    (
        "calculate the fractional excretion of sodium serum sodium one thirty eight creatinine "
        "two point two milligrams per deciliter urine sodium ten urine creatinine ninety "
        "milligrams per deciliter",
        "fena",
        {"sodium": q(138), "creatinine": q(2.2, "mg/dL"), "urine_sodium": q(10),
         "urine_creatinine": q(90, "mg/dL")},
    ),
    (
        "what is the chads two vasc for a seventy six year old woman with hypertension and "
        "diabetes no heart failure no previous stroke",
        "cha2ds2_vasc",
        {"age": q(76, "years"), "sex": "female", "hypertension": True, "diabetes": True,
         "heart_failure": False},
    ),
    (
        "cha2ds2-vasc score for a 68-year-old man with heart failure, nothing else",
        "cha2ds2_vasc",
        {"age": q(68, "years"), "sex": "male", "heart_failure": True, "hypertension": False,
         "diabetes": False, "stroke": False, "vascular_disease": False},
    ),
    (
        "chads vasc seventy year old man no hypertension diabetes or stroke",
        "cha2ds2_vasc",
        {"age": q(70, "years"), "sex": "male", "hypertension": False, "diabetes": False},
    ),
    (
        "has bled score for a seventy one year old on aspirin with labile inr none of the others",
        "has_bled",
        {"age": q(71, "years"), "drugs": True, "labile_inr": True,
         "uncontrolled_hypertension": False, "abnormal_renal": False, "abnormal_liver": False,
         "stroke": False, "bleeding": False, "alcohol": False},
    ),
    (
        "wells score for pulmonary embolism heart rate one hundred ten active cancer no "
        "haemoptysis",
        "wells_pe",
        {"heart_rate": q(110), "cancer": True, "haemoptysis": False},
    ),
    (
        "work out a wells score for dvt with collateral veins and pitting edema",
        "wells_dvt",
        {"collateral_veins": True, "pitting_oedema": True},
    ),
    (
        "perc rule forty year old heart rate eighty five sats ninety eight percent no leg swelling",
        "perc",
        {"age": q(40, "years"), "heart_rate": q(85), "spo2": q(98, "%"), "leg_swelling": False},
    ),
    (
        "curb sixty five for a seventy eight year old with confusion urea nine millimoles per "
        "litre respiratory rate thirty two blood pressure eighty five over fifty",
        "curb65",
        {"age": q(78, "years"), "confusion": True, "urea": q(9, "mmol/L"),
         "respiratory_rate": q(32), "systolic": q(85, "mmHg"), "diastolic": q(50, "mmHg")},
    ),
    (
        "c r b sixty five seventy years old no confusion resp rate twenty blood pressure one "
        "twenty over seventy",
        "crb65",
        {"age": q(70, "years"), "confusion": False, "respiratory_rate": q(20),
         "systolic": q(120, "mmHg"), "diastolic": q(70, "mmHg")},
    ),
    (
        "quick sofa respiratory rate twenty four systolic ninety five confused",
        "qsofa",
        {"respiratory_rate": q(24), "systolic": q(95), "altered_mentation": True},
    ),
    (
        "sirs criteria temperature thirty eight point six heart rate one hundred five "
        "respiratory rate twenty four white cells fourteen",
        "sirs",
        {"temperature": q(38.6), "heart_rate": q(105), "respiratory_rate": q(24),
         "white_cells": q(14)},
    ),
    (
        "news two score respiratory rate twenty two sats ninety four on air scale one blood "
        "pressure "
        "one oh five over sixty pulse ninety five alert temperature thirty eight point two",
        "news2",
        {"respiratory_rate": q(22), "spo2": q(94), "oxygen": False, "spo2_scale": "1",
         "systolic": q(105, "mmHg"), "heart_rate": q(95), "consciousness": "alert",
         "temperature": q(38.2)},
    ),
    (
        "news2 spo two ninety scale two on oxygen respiratory rate eighteen",
        "news2",
        {"spo2": q(90), "spo2_scale": "2", "oxygen": True, "respiratory_rate": q(18)},
    ),
    (
        "what's the gcs eyes three verbal four motor five",
        "gcs",
        {"eye": q(3), "verbal": q(4), "motor": q(5)},
    ),
    (
        "glasgow coma scale e three v four m six",
        "gcs",
        {"eye": q(3), "verbal": q(4), "motor": q(6)},
    ),
    (
        "sofa score map sixty five gcs fourteen platelets ninety bilirubin two point five "
        "milligrams per deciliter",
        "sofa",
        {"map": q(65), "gcs": q(14), "platelets": q(90), "bilirubin": q(2.5, "mg/dL")},
    ),
    (
        "child pugh bilirubin forty micromoles per liter albumin thirty inr one point five no "
        "encephalopathy mild ascites",
        "child_pugh",
        {"bilirubin": q(40, "µmol/L"), "albumin": q(30), "inr": q(1.5), "ascites": "mild",
         "encephalopathy": "none"},
    ),
    (
        "meld score bilirubin three point two milligrams per deciliter inr one point eight "
        "creatinine one point six no dialysis",
        "meld",
        {"bilirubin": q(3.2, "mg/dL"), "inr": q(1.8), "creatinine": q(1.6), "dialysis": False},
    ),
    (
        "meld sodium with bilirubin fifty micromoles per litre inr two creatinine one hundred "
        "twenty micromoles per litre sodium one thirty",
        "meld_na",
        {"bilirubin": q(50, "µmol/L"), "inr": q(2), "creatinine": q(120, "µmol/L"),
         "sodium": q(130)},
    ),
    (
        "meld three point zero for a woman bilirubin four inr one point five creatinine one point "
        "one sodium one thirty two albumin two point eight",
        "meld_3",
        {"sex": "female", "bilirubin": q(4), "inr": q(1.5), "creatinine": q(1.1),
         "sodium": q(132), "albumin": q(2.8)},
    ),
    (
        "fib four age sixty one ast eighty alt fifty five platelets one hundred forty",
        "fib4",
        {"age": q(61), "ast": q(80), "alt": q(55), "platelets": q(140)},
    ),
    (
        "glasgow blatchford for a man urea twelve millimoles per litre haemoglobin ninety five "
        "systolic ninety five pulse one hundred ten melaena no syncope",
        "glasgow_blatchford",
        {"sex": "male", "urea": q(12, "mmol/L"), "haemoglobin": q(95), "systolic": q(95),
         "heart_rate": q(110), "melaena": True, "syncope": False},
    ),
    (
        "centor score no cough tender nodes tonsillar exudate and fever",
        "centor",
        {"no_cough": True, "nodes": True, "exudate": True, "fever": True},
    ),
    (
        "fever pain score purulence and severely inflamed tonsils",
        "feverpain",
        {"purulence": True, "inflamed": True},
    ),
    (
        "caprini score for a sixty seven year old with varicose veins and hip fracture",
        "caprini",
        {"age": q(67, "years"), "varicose_veins": True, "fracture": True},
    ),
    (
        "r c r i ischemic heart disease on insulin creatinine one hundred eighty",
        "rcri",
        {"ischaemic_heart_disease": True, "insulin": True, "creatinine": q(180)},
    ),
    (
        "charlson for a seventy year old with heart failure copd and diabetes with end organ "
        "damage no dementia",
        "charlson",
        {"age": q(70, "years"), "heart_failure": True, "lung_disease": True,
         "diabetes": "end_organ", "dementia": False},
    ),
    (
        "framingham risk for a fifty three year old man total cholesterol one sixty one hdl fifty "
        "five systolic one twenty five treated hypertension diabetic no smoking",
        "framingham_cvd",
        {"age": q(53, "years"), "sex": "male", "total_cholesterol": q(161), "hdl": q(55),
         "systolic": q(125), "treated": True, "diabetes": True, "smoker": False},
    ),
    (
        "what's the qtc with a qt of four hundred and a heart rate of ninety",
        "qtc",
        {"qt": q(400), "heart_rate": q(90)},
    ),
    (
        "q t c by fridericia q t four hundred twenty milliseconds heart rate one hundred",
        "qtc_fridericia",
        {"qt": q(420, "ms"), "heart_rate": q(100)},
    ),
    (
        "qtc bazett qt three eighty heart rate seventy two beats per minute",
        "qtc_bazett",
        {"qt": q(380), "heart_rate": q(72, "bpm")},
    ),
    (
        "mean arterial pressure for one twenty over eighty",
        "map",
        {"systolic": q(120, "mmHg"), "diastolic": q(80, "mmHg")},
    ),
    (
        "what is the bmi of someone weighing ninety kilos at one meter seventy five",
        "bmi",
        {"weight": q(90, "kg"), "height": q(175, "cm")},
    ),
    (
        "b m i five foot nine one hundred and eighty pounds",
        "bmi",
        {"height": q(69, "in"), "weight": q(180, "lb")},
    ),
    (
        "body surface area eleven stone four and one hundred seventy centimeters",
        "bsa_mosteller",
        {"weight": q(158, "lb"), "height": q(170, "cm")},
    ),
    (
        "ideal body weight for a woman five feet four inches tall",
        "ideal_body_weight",
        {"sex": "female", "height": q(64, "in")},
    ),
    (
        "anion gap sodium one forty chloride one hundred bicarbonate eighteen",
        "anion_gap",
        {"sodium": q(140), "chloride": q(100), "bicarbonate": q(18)},
    ),
    (
        "anion gap with sodium 138 chloride 104 bicarb 12 and albumin 20 grams per litre",
        "anion_gap_corrected",
        {"sodium": q(138), "chloride": q(104), "bicarbonate": q(12), "albumin": q(20, "g/L")},
    ),
    (
        "delta ratio sodium one forty five chloride one hundred bicarb fifteen",
        "delta_ratio",
        {"sodium": q(145), "chloride": q(100), "bicarbonate": q(15)},
    ),
    (
        "correct the calcium two point one millimoles per litre with an albumin of twenty five",
        "corrected_calcium",
        {"calcium": q(2.1, "mmol/L"), "albumin": q(25)},
    ),
    (
        "corrected sodium for a sodium of one twenty eight and a glucose of thirty five "
        "millimoles per litre",
        "corrected_sodium",
        {"sodium": q(128), "glucose": q(35, "mmol/L")},
    ),
    (
        "serum osmolality sodium one forty glucose six millimoles per litre urea five "
        "millimoles per litre",
        "serum_osmolality",
        {"sodium": q(140), "glucose": q(6, "mmol/L"), "urea": q(5, "mmol/L")},
    ),
    (
        "free water deficit seventy kilo man fifty years old sodium one hundred sixty",
        "free_water_deficit",
        {"weight": q(70, "kg"), "sex": "male", "age": q(50, "years"), "sodium": q(160)},
    ),
    (
        "l d l by friedewald total cholesterol five point two hdl one point one triglycerides one "
        "point eight millimoles per litre",
        "ldl_friedewald",
        {"total_cholesterol": q(5.2), "hdl": q(1.1), "triglycerides": q(1.8, "mmol/L")},
    ),
    (
        "homa i r fasting glucose five point five insulin twelve",
        "homa_ir",
        {"glucose": q(5.5), "insulin": q(12)},
    ),
    (
        "maintenance fluids for a child weighing eighteen kilos",
        "maintenance_fluids",
        {"weight": q(18, "kg")},
    ),
    (
        "morphine equivalents of sixty milligrams of oxycodone a day",
        "mme",
        {"opioid": "oxycodone", "daily_dose": q(60, "mg/day")},
    ),
    (
        "m m e for tramadol fifty milligrams four times a day",
        "mme",
        {"opioid": "tramadol", "daily_dose": q(200, "mg/day")},
    ),
    (
        "what's the morphine equivalent of a fentanyl patch fifty micrograms per hour",
        "mme",
        {"opioid": "fentanyl_patch", "patch_rate": q(50, "µg/h")},
    ),
    (
        "convert prednisolone forty milligrams to dexamethasone",
        "steroid_conversion",
        {"from_steroid": "prednisolone", "steroid_dose": q(40, "mg"),
         "to_steroid": "dexamethasone"},
    ),
    (
        "how much dexamethasone is forty milligrams of prednisolone",
        "steroid_conversion",
        {"from_steroid": "prednisolone", "steroid_dose": q(40, "mg"),
         "to_steroid": "dexamethasone"},
    ),
    (
        "a a gradient for a sixty year old pao two sixty paco two thirty millimeters of "
        "mercury on room air",
        "aa_gradient",
        {"age": q(60, "years"), "pao2": q(60), "paco2": q(30, "mmHg"), "fio2": q(21, "%")},
    ),
    (
        "p f ratio with a p a o two of eighty millimeters of mercury and an f i o two of "
        "sixty percent",
        "pf_ratio",
        {"pao2": q(80, "mmHg"), "fio2": q(60, "%")},
    ),
    (
        "rox index sats ninety two percent fio two fifty percent respiratory rate twenty eight",
        "rox",
        {"spo2": q(92, "%"), "fio2": q(50, "%"), "respiratory_rate": q(28)},
    ),
    (
        "due date if her last menstrual period started on the first of march twenty twenty six",
        "due_date",
        {"lmp": "2026-03-01"},
    ),
    (
        "gestational age with a last period of june tenth",
        "gestational_age",
        {"lmp": "--06-10"},
    ),
    (
        "conception date last menstrual period third of june twenty twenty six",
        "conception_date",
        {"lmp": "2026-06-03"},
    ),
    (
        "convert thirty nine point five degrees celsius to fahrenheit",
        "temperature_conversion",
        {"temperature": q(39.5, "°C")},
    ),
    (
        "convert one hundred fifty four pounds to kilos",
        "weight_conversion",
        {"weight": q(154, "lb")},
    ),
    (
        "winter's formula bicarbonate twelve",
        "winters",
        {"bicarbonate": q(12)},
    ),
    (
        "parkland formula eighty kilos thirty percent burns",
        "parkland",
        {"weight": q(80, "kg"), "burn_area": q(30, "%")},
    ),
    (
        "abcd two score sixty five years old blood pressure one fifty over ninety unilateral "
        "weakness diabetic",
        "abcd2",
        {"age": q(65, "years"), "systolic": q(150, "mmHg"), "diastolic": q(90, "mmHg"),
         "features": "weakness", "diabetes": True},
    ),
    (
        "alvarado score migrating pain nausea no anorexia rebound temperature thirty seven point "
        "eight white count thirteen",
        "alvarado",
        {"migration": True, "nausea": True, "anorexia": False, "temperature": q(37.8),
         "white_cells": q(13)},
    ),
    (
        "corrected phenytoin level eight milligrams per litre albumin twenty grams per litre",
        "corrected_phenytoin",
        {"phenytoin": q(8, "mg/L"), "albumin": q(20, "g/L")},
    ),
    (
        "transferrin saturation iron ten micromoles per litre tibc seventy micromoles per litre",
        "transferrin_saturation",
        {"iron": q(10, "µmol/L"), "tibc": q(70, "µmol/L")},
    ),
    (
        "convert an a one c of fifty three millimoles per mole",
        "estimated_average_glucose",
        {"hba1c": q(53, "mmol/mol")},
    ),
    (
        "pack years for twenty cigarettes a day for thirty years",
        "pack_years",
        {"packs_per_day": q(20, "cigarettes/day"), "years_smoked": q(30, "years")},
    ),
    (
        "carboplatin dose auc five gfr ninety",
        "carboplatin",
        {"auc": q(5), "gfr": q(90)},
    ),
    (
        "timi score for nstemi sixty seven years old on aspirin st depression no raised troponin",
        "timi_nstemi",
        {"age": q(67, "years"), "aspirin": True, "st_deviation": True, "markers": False},
    ),
    (
        "heart score fifty eight year old highly suspicious history normal ecg two risk "
        "factors normal troponin",
        "heart_score",
        {"age": q(58, "years"), "history": "high", "ecg": "normal",
         "risk_factors": "one_or_two", "troponin": "normal"},
    ),
    (
        "54F, 58 kg, Cr 0.7 mg/dL, what's the CrCl?",
        "creatinine_clearance",
        {"age": q(54, "years"), "sex": "female", "weight": q(58, "kg"),
         "creatinine": q(0.7, "mg/dL")},
    ),
    (
        "bishop score three centimeters dilated seventy percent effaced station minus one soft "
        "cervix",
        "bishop",
        {"dilation": "3-4", "effacement": "60-70", "station": "-1,0", "consistency": "soft"},
    ),
    (
        "Mr Jones is a 74-year-old man with AF, hypertension, type 2 diabetes and a TIA in 2019. "
        "CHA2DS2-VASc?",
        "cha2ds2_vasc",
        {"age": q(74, "years"), "sex": "male", "hypertension": True, "diabetes": True,
         "stroke": True},
    ),
    (
        "perc rule 34 year old female heart rate 88 sats 97 no hemoptysis",
        "perc",
        {"age": q(34, "years"), "heart_rate": q(88), "spo2": q(97), "haemoptysis": False},
    ),
    (
        "apache two temperature thirty nine map sixty heart rate one twenty five age seventy",
        "apache2",
        {"temperature": q(39), "map": q(60), "heart_rate": q(125), "age": q(70)},
    ),
    (
        "pneumonia severity index for an eighty year old woman from a nursing home with "
        "heart failure",
        "psi",
        {"age": q(80, "years"), "sex": "female", "nursing_home": True, "heart_failure": True},
    ),
)  # fmt: skip

#: Questions that mention a score, or give its value, and ask for something else.
NO_REQUEST: tuple[str, ...] = (
    "what is the dose of enoxaparin with a creatinine clearance of twenty five",
    "apixaban dose in an eighty two year old woman with a creatinine clearance below thirty",
    "can i give metformin with an egfr of thirty five",
    "what's the evidence for qsofa",
    "what does has bled stand for",
    "when should i start anticoagulation with a chads vasc of two",
    "first line treatment for hypertension in a fifty year old black man",
    "how do i treat community acquired pneumonia with a curb sixty five of three",
    "what is the maximum dose of paracetamol in a seventy kilo man",
    "is prednisolone forty milligrams or dexamethasone better for asthma",
    "the patient has a chads vasc of four and a has bled of two what anticoagulant",
    "does the patient have a high wells score",
    "what is the half life of amiodarone",
    "is a map of sixty five enough in septic shock",
    "what is a normal anion gap",
    "news score of seven what should i do",
    "curb sixty five versus psi which is better",
    "which guideline recommends the wells score",
)
