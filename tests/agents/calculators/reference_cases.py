"""Two or more worked cases for each calculator, the arithmetic beside each.

Cases come from the publication where it works one out (Framingham 2008), else from its formula or
table by hand.
"""

from __future__ import annotations

from agents.tools.calculators import Raw
from tests.agents.calculators.saying import Base, Said, q, raw

Case = tuple[str, dict[str, Raw], float]


def case(key: str, expected: float, *present: str, **said: Said) -> Case:
    return key, raw(key, *present, **said), expected


CHEST: Base = {"age": 30.0, "heart_rate": 70.0, "spo2": 98.0}
WELL: Base = {
    "age": 30.0,
    "sex": "male",
    "respiratory_rate": 16.0,
    "systolic": 120.0,
    "temperature": 37.0,
    "heart_rate": 70.0,
    "urea": 14.0,
    "sodium": 140.0,
    "glucose": 100.0,
    "haematocrit": 40.0,
}
NEWS: Base = {
    "respiratory_rate": 16.0,
    "spo2": 98.0,
    "spo2_scale": "1",
    "systolic": 120.0,
    "heart_rate": 70.0,
    "consciousness": "alert",
    "temperature": 37.0,
}
SOFA: Base = {
    "pao2": 95.0,
    "fio2": 0.21,
    "platelets": 250.0,
    "bilirubin": 0.6,
    "map": 85.0,
    "vasopressor": "none",
    "gcs": 15.0,
    "creatinine": 0.8,
    "urine_output": 1500.0,
}
APACHE: Base = {
    "age": 40.0,
    "temperature": 37.0,
    "map": 85.0,
    "heart_rate": 80.0,
    "respiratory_rate": 16.0,
    "fio2": 0.3,
    "pao2": 90.0,
    "ph": 7.40,
    "sodium": 140.0,
    "potassium": 4.0,
    "creatinine": 1.0,
    "haematocrit": 40.0,
    "white_cells": 8.0,
    "gcs": 15.0,
    "chronic_health": "none",
}
CHARLSON: Base = {"liver": "none", "diabetes": "none", "tumour": "none"}
NIHSS: Base = dict.fromkeys(
    (
        "consciousness",
        "questions",
        "commands",
        "gaze",
        "visual",
        "facial",
        "left_arm",
        "right_arm",
        "left_leg",
        "right_leg",
        "ataxia",
        "sensory",
        "language",
        "dysarthria",
        "neglect",
    ),
    0.0,
)
PHQ: Base = dict.fromkeys(
    (
        "interest",
        "mood",
        "sleep",
        "energy",
        "appetite",
        "self_worth",
        "concentration",
        "movement",
        "self_harm",
    ),
    0.0,
)
GAD: Base = dict.fromkeys(
    ("nervous", "control", "worry", "relax", "restless", "irritable", "afraid"), 0.0
)

CASES: tuple[Case, ...] = (
    # --- kidney ---
    # (140−72)×60/(72×130/88.4)×0.85 = 4080/105.8824×0.85
    ("creatinine_clearance", {"age": q(72), "sex": "female", "weight": q(60, "kg"),
                              "creatinine": q(130)}, 32.753),
    # (140−40)×80/72
    case("creatinine_clearance", 111.111, age=40, sex="male", weight=80, creatinine=1.0),
    # ideal 50+2.3×(175/2.54−60) = 70.4646; + 0.4×(120−70.4646) = 90.2787; 90×90.2787/(72×1.0181)
    ("creatinine_clearance", {"age": q(50), "sex": "male", "weight": q(120, "kg"),
                              "creatinine": q(90, "µmol/L"), "height": q(175, "cm"),
                              "weight_basis": "adjusted"}, 110.842),
    # ideal 45.5+2.3×(64−60) = 54.7; 90×54.7/72×0.85
    case("creatinine_clearance", 58.119, age=50, sex="female", weight=80, creatinine=1.0,
         weight_basis="ideal", height=162.56),
    # 142×0.9938^50×1.012, creatinine at κ
    case("egfr_ckd_epi_2021", 105.30, age=50, sex="female", creatinine=0.7),
    # 142×2^−1.2×0.9938^60
    case("egfr_ckd_epi_2021", 42.559, age=60, sex="male", creatinine=1.8),
    # 142×0.5^−0.302×0.9938^30
    case("egfr_ckd_epi_2021", 145.27, age=30, sex="male", creatinine=0.45),
    # 133×0.996^60
    case("egfr_cystatin_2012", 104.571, age=60, sex="male", cystatin_c=0.8),
    # 133×2^−1.328×0.996^40×0.932
    case("egfr_cystatin_2012", 42.060, age=40, sex="female", cystatin_c=1.6),
    # 135×0.9961^50
    case("egfr_creatinine_cystatin_2021", 111.040, age=50, sex="male", creatinine=0.9,
         cystatin_c=0.8),
    # 135×2^−0.544×2^−0.778×0.9961^70×0.963
    case("egfr_creatinine_cystatin_2021", 39.555, age=70, sex="female", creatinine=1.4,
         cystatin_c=1.6),
    # 175×60^−0.203
    case("egfr_mdrd", 76.221, age=60, sex="male", creatinine=1.0),
    # 175×2^−1.154×50^−0.203×0.742×1.212
    case("egfr_mdrd", 31.9645, "black", age=50, sex="female", creatinine=2.0),
    # 0.413×120/0.5
    case("egfr_schwartz", 99.12, height=120, creatinine=0.5),
    # 0.413×110/(40/88.4)
    ("egfr_schwartz", {"height": q(110, "cm"), "creatinine": q(40, "µmol/L")}, 100.40),
    # 100×20×2/(140×100)
    case("fena", 0.28571, sodium=140, creatinine=2, urine_sodium=20, urine_creatinine=100),
    # 100×60×1.5/(138×100); 132.6 µmol/L = 1.5 mg/dL, 8.84 mmol/L = 100 mg/dL
    ("fena", {"sodium": q(138), "creatinine": q(132.6, "µmol/L"), "urine_sodium": q(60),
              "urine_creatinine": q(8.84, "mmol/L")}, 0.65217),
    # 100×300×2/(40×60)
    case("feurea", 25.0, urea=40, creatinine=2, urine_urea=300, urine_creatinine=60),
    # 20 mmol/L = 56 mg/dL, 200 mmol/L = 560, 4420 µmol/L = 50: 100×560×2/(56×50)
    ("feurea", {"urea": q(20, "mmol/L"), "creatinine": q(176.8, "µmol/L"),
                "urine_urea": q(200, "mmol/L"), "urine_creatinine": q(4420, "µmol/L")}, 40.0),
    case("urea_creatinine_ratio", 40.0, urea=40, creatinine=1),
    # 10 mmol/L = 28 mg/dL
    ("urea_creatinine_ratio", {"urea": q(10, "mmol/L"), "creatinine": q(88.4, "µmol/L")}, 28.0),
    ("acr_conversion", {"acr": q(300, "mg/g")}, 33.937),
    ("acr_conversion", {"acr": q(3, "mg/mmol")}, 3.0),
    # --- heart ---
    case("cha2ds2_vasc", 0, age=50, sex="male"),
    case("cha2ds2_vasc", 5, "hypertension", "diabetes", age=76, sex="female"),
    case("cha2ds2_vasc", 9, "heart_failure", "hypertension", "diabetes", "stroke",
         "vascular_disease", age=80, sex="female"),
    case("cha2ds2_va", 3, "stroke", age=70),
    case("cha2ds2_va", 8, "heart_failure", "hypertension", "diabetes", "stroke",
         "vascular_disease", age=75),
    case("has_bled", 0, age=65),
    case("has_bled", 9, "uncontrolled_hypertension", "abnormal_renal", "abnormal_liver", "stroke",
         "bleeding", "labile_inr", "drugs", "alcohol", age=66),
    case("rcri", 0, creatinine=1.0),
    case("rcri", 6, "high_risk_surgery", "ischaemic_heart_disease", "heart_failure",
         "cerebrovascular_disease", "insulin", creatinine=2.1),
    # by the published logarithms, worked apart
    case("framingham_hard_chd", 3.93815, age=50, sex="male", total_cholesterol=200, hdl=50,
         systolic=120),
    case("framingham_hard_chd", 29.67089, "treated", "smoker", age=75, sex="male",
         total_cholesterol=220, hdl=40, systolic=150),
    case("framingham_hard_chd", 22.01756, "treated", "smoker", age=79, sex="female",
         total_cholesterol=240, hdl=45, systolic=160),
    # HDL 4.5 mmol/L: 174.0 mg/dL
    ("framingham_hard_chd", {"age": q(50), "sex": "male", "total_cholesterol": q(6.5, "mmol/L"),
                             "hdl": q(4.5, "mmol/L"), "systolic": q(120), "treated": False,
                             "smoker": False}, 2.02899),
    case("framingham_cvd", 11.8210, "smoker", age=61, sex="female", total_cholesterol=200, hdl=47,
         systolic=124),
    # the two examples of the publication, given there as 10.48% and 15.6%
    case("framingham_cvd", 10.4842, "smoker", age=61, sex="female", total_cholesterol=180, hdl=47,
         systolic=124),
    case("framingham_cvd", 15.6227, "treated", "diabetes", age=53, sex="male",
         total_cholesterol=161, hdl=55, systolic=125),
    case("map", 93.3333, systolic=120, diastolic=80),
    case("map", 70.0, systolic=90, diastolic=60),
    case("shock_index", 1.5, heart_rate=120, systolic=80),
    case("shock_index", 0.5, heart_rate=60, systolic=120),
    case("heart_score", 0, age=40, history="slight", ecg="normal", risk_factors="none",
         troponin="normal"),
    case("heart_score", 10, age=70, history="high", ecg="st_deviation",
         risk_factors="three_or_more", troponin="high"),
    case("heart_score", 5, age=50, history="moderate", ecg="nonspecific",
         risk_factors="one_or_two", troponin="raised"),
    case("timi_nstemi", 0, age=60),
    case("timi_nstemi", 7, "risk_factors", "stenosis", "aspirin", "severe_angina", "st_deviation",
         "markers", age=70),
    # 41 + 9 + 34 + 7; the most of every row
    case("grace", 91, age=55, heart_rate=80, systolic=130, creatinine=1.0, killip="1"),
    case("grace", 372, "cardiac_arrest", "st_deviation", "markers", age=90, heart_rate=200,
         systolic=79, creatinine=4.0, killip="4"),
    case("timi_stemi", 0, age=50, systolic=120, heart_rate=80, killip="1", weight=80),
    case("timi_stemi", 14, "history", "anterior", "delay", age=80, systolic=90, heart_rate=110,
         killip="3", weight=60),
    # --- rhythm: at 60 a minute nothing is corrected; at 90, RR is 2/3 s ---
    case("qtc", 400, qt=400, heart_rate=60),
    case("qtc", 457.886, qt=400, heart_rate=90),  # 400/0.873580
    case("qtc", 714.330, qt=900, heart_rate=30),  # hypothermia: 900/∛2
    case("qtc_bazett", 400, qt=400, heart_rate=60),
    case("qtc_bazett", 489.898, qt=400, heart_rate=90),  # 400/0.816497
    case("qtc_fridericia", 400, qt=400, heart_rate=60),
    case("qtc_fridericia", 457.886, qt=400, heart_rate=90),
    case("qtc_framingham", 400, qt=400, heart_rate=60),
    case("qtc_framingham", 451.333, qt=400, heart_rate=90),  # 400+154/3
    case("qtc_hodges", 400, qt=400, heart_rate=60),
    case("qtc_hodges", 452.5, qt=400, heart_rate=90),  # 400+1.75×30
    case("qtc_rautaharju", 400, qt=400, heart_rate=60),
    case("qtc_rautaharju", 466.667, qt=400, heart_rate=90),  # 400×210/180
    # --- clotting ---
    case("wells_pe", 0, heart_rate=80),
    case("wells_pe", 12.5, "dvt_signs", "no_alternative", "immobilised", "previous", "haemoptysis",
         "cancer", heart_rate=120),
    case("wells_dvt", 9, "cancer", "paralysis", "bedridden", "tenderness", "leg_swollen",
         "calf_swelling", "pitting_oedema", "collateral_veins", "previous"),
    case("wells_dvt", -2, "alternative"),
    case("perc", 0, **CHEST),
    case("perc", 8, "leg_swelling", "haemoptysis", "surgery", "previous", "oestrogen", age=60,
         heart_rate=110, spo2=90),
    case("geneva_revised", 0, age=50, heart_rate=60),
    case("geneva_revised", 22, "previous", "surgery", "cancer", "leg_pain", "haemoptysis",
         "leg_signs", age=70, heart_rate=100),
    case("padua", 0, age=50),
    case("padua", 20, "cancer", "previous", "reduced_mobility", "thrombophilia", "trauma_surgery",
         "heart_lung", "infarct_stroke", "infection", "obesity", "hormones", age=70),
    case("four_ts", 8, thrombocytopenia="2", timing="2", thrombosis="2", other_causes="2"),
    case("four_ts", 3, thrombocytopenia="1", timing="1", thrombosis="0", other_causes="1"),
    case("caprini", 0, age=30),
    # age 61–74: 2; major surgery 2; cancer 2; BMI 1; previous VTE 3
    case("caprini", 10, "major_surgery", "cancer", "overweight", "previous", age=65),
    # age ≥ 75: 3; hip fracture 5; varicose veins 1
    case("caprini", 9, "fracture", "varicose_veins", age=80),
    # --- lung ---
    # 0.21×713 − 40/0.8 − 90
    case("aa_gradient", 9.73, age=40, fio2=0.21, pao2=90, paco2=40),
    # at 630 mmHg: 0.5×583 − 30/0.8 − 70
    case("aa_gradient", 184.0, age=40, fio2=0.5, pao2=70, paco2=30, barometric_pressure=630),
    # 84 kPa is 630.052 mmHg
    ("aa_gradient", {"age": q(40), "fio2": q(50, "%"), "pao2": q(70, "mmHg"),
                     "paco2": q(30, "mmHg"), "barometric_pressure": q(84, "kPa")}, 184.026),
    case("pf_ratio", 160.0, pao2=80, fio2=0.5),
    # 8 kPa = 60.005 mmHg / 0.4
    ("pf_ratio", {"pao2": q(8, "kPa"), "fio2": q(40, "%")}, 150.012),
    case("rox", 6.5714, spo2=92, fio2=0.5, respiratory_rate=28),  # 184/28
    case("rox", 3.75, spo2=90, fio2=0.8, respiratory_rate=30),
    case("curb65", 0, age=50, urea=14, respiratory_rate=18, systolic=120, diastolic=80),
    case("curb65", 5, "confusion", age=78, urea=25, respiratory_rate=32, systolic=85, diastolic=50),
    case("crb65", 1, age=70, respiratory_rate=20, systolic=120, diastolic=70),
    case("crb65", 4, "confusion", age=70, respiratory_rate=30, systolic=120, diastolic=60),
    case("psi", 30, **WELL),
    # 80 − 10 + 10 + 10
    case("psi", 90, "nursing_home", "heart_failure", **(WELL | {"age": 80, "sex": "female"})),
    # 60 + 30 + 20 + 10 + 10 + 10 + 20 + 20 + 20 + 15 + 10 + 30 + 20 + 20 + 10 + 10 + 10 + 10 + 10
    case("psi", 345, "cancer", "liver_disease", "heart_failure", "cerebrovascular",
         "renal_disease", "altered_mental_status", "acidosis", "hypoxaemia", "effusion",
         "nursing_home", age=60, sex="male", respiratory_rate=30, systolic=80, temperature=40,
         heart_rate=125, urea=30, sodium=129, glucose=250, haematocrit=29),
    ("pack_years", {"packs_per_day": q(20, "cigarettes/day"), "years_smoked": q(30, "years")},
     30.0),
    case("pack_years", 22.5, packs_per_day=1.5, years_smoked=15),
    # --- infection ---
    case("qsofa", 0, respiratory_rate=16, systolic=120),
    case("qsofa", 3, "altered_mentation", respiratory_rate=22, systolic=100),
    case("sirs", 0, temperature=37, heart_rate=80, respiratory_rate=16, white_cells=8),
    case("sirs", 4, temperature=38.6, heart_rate=105, respiratory_rate=24, white_cells=14),
    case("news2", 0, **NEWS),
    # 2 + 3 + 2 + 1 + 1 + 3 + 1
    case("news2", 13, "oxygen", **(NEWS | {"respiratory_rate": 22, "spo2": 91, "systolic": 105,
         "heart_rate": 95, "consciousness": "voice", "temperature": 38.5})),
    # scale 2 on oxygen: 97% gives 3, oxygen 2
    case("news2", 5, "oxygen", **(NEWS | {"spo2": 97, "spo2_scale": "2"})),
    # scale 2 on air: 97% gives 0
    case("news2", 0, **(NEWS | {"spo2": 97, "spo2_scale": "2"})),
    case("centor", 0),
    case("centor", 4, "fever", "no_cough", "nodes", "exudate"),
    case("mcisaac", 3, "fever", "no_cough", age=10),
    case("mcisaac", 3, "fever", "no_cough", "nodes", "exudate", age=50),
    case("feverpain", 0),
    case("feverpain", 5, "fever", "purulence", "attends_rapidly", "inflamed", "no_cough"),
    case("mascc", 26, "no_hypotension", "no_copd", "solid_tumour", "no_dehydration", "outpatient",
         burden="mild", age=50),
    case("mascc", 3, burden="moderate", age=70),
    # --- intensive care and trauma ---
    case("sofa", 0, **SOFA),
    # P/F 60/0.8 = 75 supported 4, platelets 90 2, bilirubin 2.5 2, noradrenaline high 4, GCS 9 3,
    # creatinine 5.2 4
    case("sofa", 19, "respiratory_support", pao2=60, fio2=0.8, platelets=90, bilirubin=2.5, map=60,
         vasopressor="high", gcs=9, creatinine=5.2, urine_output=600),
    case("apache2", 0, **APACHE),
    # age 70: 5, temperature 39: 3, MAP 60: 2, HR 125: 2, RR 30: 1, A-a 307.8 (0.6×713−50−70): 2,
    # pH 7.28: 2, Na 152: 1, K 5.6: 1, creatinine 2.5 doubled: 6, Hct 25: 2, WBC 18: 1, 15−12: 3,
    # chronic, emergency surgery: 5
    case("apache2", 36, "acute_renal_failure", age=70, temperature=39, map=60, heart_rate=125,
         respiratory_rate=30, fio2=0.6, pao2=70, paco2=40, ph=7.28, sodium=152, potassium=5.6,
         creatinine=2.5, haematocrit=25, white_cells=18, gcs=12, chronic_health="emergency"),
    case("gcs", 15, eye=4, verbal=5, motor=6),
    case("gcs", 3, eye=1, verbal=1, motor=1),
    # 4 × (0.9368 + 0.7326 + 0.2908)
    case("revised_trauma_score", 7.8408, gcs=15, systolic=120, respiratory_rate=16),
    # 0.9368×2 + 0.7326×3 + 0.2908×3
    case("revised_trauma_score", 4.9438, gcs=8, systolic=80, respiratory_rate=35),
    case("ich_score", 0, gcs=15, volume=10, age=60),
    case("ich_score", 6, "intraventricular", "infratentorial", gcs=3, volume=40, age=85),
    # --- liver ---
    case("child_pugh", 5, bilirubin=1, albumin=4, inr=1.1, ascites="none", encephalopathy="none"),
    # bilirubin 40 µmol/L 2, albumin 30 g/L 2, INR 1.5 1, mild ascites 2, none 1
    ("child_pugh", {"bilirubin": q(40, "µmol/L"), "albumin": q(30, "g/L"), "inr": q(1.5),
                    "ascites": "mild", "encephalopathy": "none"}, 8),
    case("child_pugh", 15, bilirubin=5, albumin=2, inr=2.5, ascites="moderate",
         encephalopathy="grade_3_4"),
    # all at 1.0 or below: 6.43
    case("meld", 6, bilirubin=0.5, inr=0.9, creatinine=0.7),
    # 3.78 ln 3 + 11.2 ln 1.8 + 9.57 ln 1.6 + 6.43 = 4.1528 + 6.5832 + 4.4980 + 6.43 = 21.66
    case("meld", 22, bilirubin=3, inr=1.8, creatinine=1.6),
    # dialysis: 9.57 ln 4 = 13.267, + 6.43 = 19.70
    case("meld", 20, "dialysis", bilirubin=0.8, inr=1.0, creatinine=1.2),
    # 22 + 1.32×7 − 0.033×22×7 = 26.158
    case("meld_na", 26, bilirubin=3, inr=1.8, creatinine=1.6, sodium=130),
    # MELD 6, not above 11: sodium does not count
    case("meld_na", 6, bilirubin=1, inr=1, creatinine=1, sodium=120),
    # 1.33 + 4.56 ln 4 + 0.82×5 − 0.24×5 ln 4 + 9.09 ln 1.5 + 11.14 ln 1.1 + 1.85×0.7
    # − 1.83×0.7 ln 1.1 + 6 = 1.33 + 6.3215 + 4.1 − 1.6636 + 3.6857 + 1.0618 + 1.295 − 0.1221 + 6
    case("meld_3", 22, sex="female", bilirubin=4, inr=1.5, creatinine=1.1, sodium=132, albumin=2.8),
    case("meld_3", 6, sex="male", bilirubin=0.6, inr=1, creatinine=0.8, sodium=140, albumin=4.2),
    case("fib4", 4.7001, age=61, ast=80, alt=55, platelets=140),  # 4880/(140×7.4162)
    case("fib4", 1.0, age=50, ast=40, alt=64, platelets=250),  # 2000/(250×8)
    case("apri", 1.0, ast=80, ast_limit=40, platelets=200),
    case("apri", 0.25, ast=20, ast_limit=40, platelets=200),
    case("maddrey", 56.0, prothrombin_time=22, control_pt=12, bilirubin=10),  # 46 + 10
    case("maddrey", 11.2, prothrombin_time=14, control_pt=12, bilirubin=2),
    # 0.66 × log10(10) − 0.085 × 40
    ("albi", {"bilirubin": q(10, "µmol/L"), "albumin": q(40, "g/L")}, -2.74),
    # 0.66 × 2 − 0.085 × 25
    ("albi", {"bilirubin": q(100, "µmol/L"), "albumin": q(25, "g/L")}, -0.805),
    # --- gut ---
    case("glasgow_blatchford", 0, urea=14, haemoglobin=14, sex="male", systolic=120, heart_rate=80),
    # 12 mmol/L 4, Hb 9.5 6, systolic 95 2, pulse 1, melaena 1
    ("glasgow_blatchford", raw("glasgow_blatchford", "melaena", sex="male", systolic=95,
     heart_rate=110, urea=q(12, "mmol/L"), haemoglobin=q(95, "g/L")), 14),
    case("glasgow_blatchford", 23, "melaena", "syncope", "liver_disease", "heart_failure", urea=80,
         haemoglobin=7, sex="female", systolic=80, heart_rate=120),
    case("rockall", 0, age=50, systolic=120, heart_rate=80, comorbidity="none", diagnosis="none",
         stigmata="none"),
    case("rockall", 11, age=85, systolic=90, heart_rate=120, comorbidity="severe",
         diagnosis="cancer", stigmata="present"),
    case("ranson", 0, age=50, white_cells=10, glucose=120, ldh=200, ast=50),
    case("ranson", 11, "haematocrit_fall", "urea_rise", "low_calcium", "low_oxygen",
         "base_deficit", "fluid", age=60, white_cells=18, glucose=250, ldh=400, ast=300),
    case("bisap", 0, urea=20, age=50),
    case("bisap", 5, "impaired_mental_status", "sirs", "effusion", urea=30, age=70),
    case("alvarado", 0, temperature=36.8, white_cells=8),
    case("alvarado", 10, "migration", "anorexia", "nausea", "tenderness", "rebound", "left_shift",
         temperature=37.8, white_cells=13),
    # --- metabolism ---
    case("corrected_calcium", 9.6, calcium=8.0, albumin=2.0),  # 8 + 0.8×2
    ("corrected_calcium", {"calcium": q(2.1, "mmol/L"), "albumin": q(25, "g/L")}, 2.4),
    case("corrected_sodium", 136.0, sodium=128, glucose=600),  # + 1.6×5
    case("corrected_sodium", 130.0, sodium=130, glucose=100),
    case("corrected_sodium_hillier", 140.0, sodium=128, glucose=600),  # + 2.4×5
    case("corrected_sodium_hillier", 132.4, sodium=130, glucose=200),
    case("serum_osmolality", 295.0, sodium=140, glucose=90, urea=28),  # 280 + 5 + 10
    ("serum_osmolality", {"sodium": q(140), "glucose": q(6, "mmol/L"), "urea": q(5, "mmol/L")},
     291.0),
    case("serum_osmolality", 380.0, sodium=130, glucose=1800, urea=56),  # 260 + 100 + 20
    case("osmolar_gap", 25.0, measured_osmolality=320, sodium=140, glucose=90, urea=28),
    case("osmolar_gap", -5.0, measured_osmolality=290, sodium=140, glucose=90, urea=28),
    # 320 − 295 − 92/4.6
    case("osmolar_gap_ethanol", 5.0, measured_osmolality=320, sodium=140, glucose=90, urea=28,
         ethanol=92),
    case("osmolar_gap_ethanol", 25.0, measured_osmolality=320, sodium=140, glucose=90, urea=28,
         ethanol=0),
    case("ldl_friedewald", 130.0, total_cholesterol=200, hdl=40, triglycerides=150),
    # 5.2 − 1.1 − 1.8/2.2 = 3.2818 mmol/L × 38.67
    ("ldl_friedewald", {"total_cholesterol": q(5.2, "mmol/L"), "hdl": q(1.1, "mmol/L"),
                        "triglycerides": q(1.8, "mmol/L")}, 126.908),
    # 200/0.948 − 40/0.971 − (150/8.56 + 150×160/2140 − 150²/16100) − 9.44
    # = 210.9705 − 41.1946 − (17.5234 + 11.2150 − 1.3975) − 9.44
    case("ldl_sampson", 132.995, total_cholesterol=200, hdl=40, triglycerides=150),
    # 250/0.948 − 35/0.971 − (500/8.56 + 500×215/2140 − 500²/16100) − 9.44
    # = 263.7131 − 36.0453 − (58.4112 + 50.2336 − 15.5280) − 9.44
    case("ldl_sampson", 125.111, total_cholesterol=250, hdl=35, triglycerides=500),
    ("homa_ir", {"glucose": q(5.0, "mmol/L"), "insulin": q(9)}, 2.0),  # 45/22.5
    case("homa_ir", 2.0, glucose=90, insulin=9),  # 810/405
    case("estimated_average_glucose", 154.2, hba1c=7.0),  # 200.9 − 46.7
    # 0.09148×53 + 2.152 = 7.00044; ×28.7 − 46.7
    ("estimated_average_glucose", {"hba1c": q(53, "mmol/mol")}, 154.2126),
    case("transferrin_saturation", 25.0, iron=100, tibc=400),
    ("transferrin_saturation", {"iron": q(10, "µmol/L"), "tibc": q(70, "µmol/L")}, 14.2857),
    # --- acid and base ---
    case("anion_gap", 22.0, sodium=140, chloride=100, bicarbonate=18),
    case("anion_gap", 12.0, sodium=140, chloride=104, bicarbonate=24),
    case("anion_gap_corrected", 27.0, sodium=138, chloride=104, bicarbonate=12, albumin=2.0),
    case("anion_gap_corrected", 22.0, sodium=140, chloride=100, bicarbonate=18, albumin=4.0),
    case("delta_gap", 4.0, sodium=140, chloride=100, bicarbonate=18),  # 10 − 6
    case("delta_gap", -12.0, sodium=138, chloride=114, bicarbonate=14),  # −2 − 10
    case("delta_gap_corrected", 9.0, sodium=140, chloride=100, bicarbonate=18, albumin=2.0),
    case("delta_gap_corrected", 4.0, sodium=140, chloride=100, bicarbonate=18, albumin=4.0),
    case("delta_ratio", 2.0, sodium=145, chloride=100, bicarbonate=15),  # 18/9
    case("delta_ratio", 1.625, sodium=140, chloride=99, bicarbonate=16),  # 13/8
    case("delta_ratio_corrected", 23 / 9, sodium=145, chloride=100, bicarbonate=15, albumin=2.0),
    case("delta_ratio_corrected", 2.0, sodium=145, chloride=100, bicarbonate=15, albumin=4.0),
    case("winters", 26.0, bicarbonate=12),
    case("winters", 38.0, bicarbonate=20),
    case("winters", 44.0, bicarbonate=24),
    # --- body ---
    case("bmi", 29.3878, weight=90, height=175),
    ("bmi", {"weight": q(180, "lb"), "height": q(69, "in")}, 26.5814),  # 703.07×180/4761
    case("bsa_mosteller", 1.9720, weight=80, height=175),  # √3.88889
    case("bsa_mosteller", 0.6667, weight=16, height=100),  # √0.4444
    # 0.007184 × 70^0.425 × 170^0.725 = 0.007184 × 6.0832 × 41.404
    case("bsa_du_bois", 1.8095, weight=70, height=170),
    # 0.007184 × 5.2730 × 39.1226
    case("bsa_du_bois", 1.4820, weight=50, height=157.2),
    case("ideal_body_weight", 73.0, sex="male", height=177.8),  # 50 + 2.3×10
    case("ideal_body_weight", 54.7, sex="female", height=162.56),
    case("adjusted_body_weight", 83.8, sex="male", weight=100, height=177.8),
    case("adjusted_body_weight", 64.82, sex="female", weight=80, height=162.56),
    # 741600/(6680 + 216×26.1224)
    case("lean_body_weight", 60.1828, sex="male", weight=80, height=175),
    # 648900/(8780 + 244×25.7117)
    case("lean_body_weight", 43.1058, sex="female", weight=70, height=165),
    case("maintenance_fluids", 56.0, weight=18),  # 40 + 16
    case("maintenance_fluids", 110.0, weight=70),  # 40 + 20 + 50
    case("maintenance_fluids_daily", 1400.0, weight=18),
    case("maintenance_fluids_daily", 1600.0, weight=25),
    case("parkland", 9600.0, weight=80, burn_area=30),
    case("parkland", 3200.0, weight=20, burn_area=40),
    # 800 + 1112.5 − 200 + 5
    case("resting_energy", 1717.5, age=40, sex="male", weight=80, height=178),
    case("resting_energy", 1345.25, age=35, sex="female", weight=65, height=165),
    # 0.6×70×(160/140 − 1)
    case("free_water_deficit", 6.0, age=50, sex="male", weight=70, sodium=160),
    # 0.45×60×(154/140 − 1)
    case("free_water_deficit", 2.7, age=80, sex="female", weight=60, sodium=154),
    # --- drugs ---
    case("mme", 90.0, opioid="oxycodone", daily_dose=60),
    case("mme", 120.0, opioid="fentanyl_patch", patch_rate=50),
    case("mme", 47.0, opioid="methadone", daily_dose=10),
    case("steroid_conversion", 6.0, from_steroid="prednisolone", steroid_dose=40,
         to_steroid="dexamethasone"),
    case("steroid_conversion", 100.0, from_steroid="methylprednisolone", steroid_dose=20,
         to_steroid="hydrocortisone"),
    case("corrected_phenytoin", 16.0, phenytoin=8, albumin=2.0),  # 8/0.5
    case("corrected_phenytoin", 26.6667, "low_clearance", phenytoin=8, albumin=2.0),  # 8/0.3
    case("carboplatin", 575.0, auc=5, gfr=90),
    case("carboplatin", 450.0, auc=6, gfr=50),
    case("iron_deficit", 1340.0, weight=70, target_haemoglobin=15, haemoglobin=10),  # 840 + 500
    case("iron_deficit", 1508.0, weight=60, target_haemoglobin=15, haemoglobin=8),
    # --- brain and mind ---
    case("abcd2", 0, age=50, systolic=120, diastolic=70, features="other", duration=5),
    case("abcd2", 7, "diabetes", age=65, systolic=150, diastolic=90, features="weakness",
         duration=60),
    case("nihss", 0, **NIHSS),
    case("nihss", 14, **(NIHSS | {"facial": 2, "left_arm": 4, "left_leg": 4, "neglect": 2,
                                  "gaze": 2})),
    case("phq9", 0, **PHQ),
    case("phq9", 27, **dict.fromkeys(PHQ, 3.0)),
    case("gad7", 0, **GAD),
    case("gad7", 14, **dict.fromkeys(GAD, 2.0)),
    case("charlson", 0, age=40, **CHARLSON),
    # age 70–79: 3; heart failure 1; COPD 1; diabetes with end-organ damage 2
    case("charlson", 7, "heart_failure", "lung_disease", age=70,
         **(CHARLSON | {"diabetes": "end_organ"})),
    case("charlson_without_age", 0, **CHARLSON),
    # 8 × 1 + 3 + 2 + 2 + 2 + 6 + 2 + 2 + 6
    case("charlson_without_age", 33, "infarct", "heart_failure", "peripheral_vascular",
         "cerebrovascular", "dementia", "lung_disease", "connective_tissue", "ulcer", "hemiplegia",
         "renal", "leukaemia", "lymphoma", "aids", liver="severe", diabetes="end_organ",
         tumour="metastatic"),
    case("bishop", 0, dilation="closed", effacement="0-30", station="-3", consistency="firm",
         position="posterior"),
    case("bishop", 13, dilation="5+", effacement="80+", station="+1,+2", consistency="soft",
         position="anterior"),
    case("apgar", 10, appearance="2", pulse="2", grimace="2", activity="2", respiration="2"),
    case("apgar", 4, appearance="0", pulse="2", grimace="1", activity="1", respiration="0"),
    # --- conversions ---
    ("temperature_conversion", {"temperature": q(39.5, "°C")}, 103.1),
    ("temperature_conversion", {"temperature": q(98.6, "°F")}, 37.0),
    ("weight_conversion", {"weight": q(154, "lb")}, 69.8532),
    ("weight_conversion", {"weight": q(70, "kg")}, 154.3236),
    ("height_conversion", {"height": q(69, "in")}, 175.26),
    ("height_conversion", {"height": q(170, "cm")}, 66.9291),
    ("glucose_conversion", {"glucose": q(90, "mg/dL")}, 5.0),
    ("glucose_conversion", {"glucose": q(10, "mmol/L")}, 180.0),
    ("creatinine_conversion", {"creatinine": q(1, "mg/dL")}, 88.4),
    ("creatinine_conversion", {"creatinine": q(176.8, "µmol/L")}, 2.0),
    ("bilirubin_conversion", {"bilirubin": q(2, "mg/dL")}, 34.2),
    ("bilirubin_conversion", {"bilirubin": q(17.1, "µmol/L")}, 1.0),
    ("calcium_conversion", {"calcium": q(10, "mg/dL")}, 2.5),
    ("calcium_conversion", {"calcium": q(2.25, "mmol/L")}, 9.0),
    ("cholesterol_conversion", {"cholesterol": q(193.35, "mg/dL")}, 5.0),
    ("cholesterol_conversion", {"cholesterol": q(5, "mmol/L")}, 193.35),
)  # fmt: skip

#: Calculators whose value is a date or counts days from one: key, inputs, today, what is shown.
DATED: tuple[tuple[str, dict[str, Raw], str, str], ...] = (
    ("due_date", {"lmp": "2026-03-01"}, "2026-05-01", "6 December 2026"),
    ("due_date", {"lmp": "2024-01-01"}, "2024-03-01", "7 October 2024"),
    ("conception_date", {"lmp": "2026-03-01"}, "2026-05-01", "15 March 2026"),
    ("conception_date", {"lmp": "2026-01-03"}, "2026-05-01", "17 January 2026"),
    ("conception_from_due_date", {"due_date": "2026-12-06"}, "2026-05-01", "15 March 2026"),
    ("conception_from_due_date", {"due_date": "2024-10-07"}, "2024-05-01", "15 January 2024"),
    ("due_date_from_conception", {"conception": "2026-03-15"}, "2026-05-01", "6 December 2026"),
    ("due_date_from_conception", {"conception": "2024-01-15"}, "2024-05-01", "7 October 2024"),
    ("gestational_age", {"lmp": "2026-03-01"}, "2026-05-01", "8 weeks and 5 days"),
    ("gestational_age", {"lmp": "2026-03-01", "on_date": "2026-08-16"}, "2026-05-01", "24 weeks"),
    ("gestational_age_from_due_date", {"due_date": "2026-12-06"}, "2026-12-06", "40 weeks"),
    ("gestational_age_from_due_date", {"due_date": "2026-12-06"}, "2026-12-05",
     "39 weeks and 6 days"),
)  # fmt: skip
