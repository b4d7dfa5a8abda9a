"""Abbreviations, symbols and drug lists that decide how a text is said: data only."""

from __future__ import annotations

import re

SPECIAL: dict[str, str] = {
    # routes
    "PO": "by mouth", "p.o.": "by mouth", "po": "by mouth",
    "IV": "intravenous", "i.v.": "intravenous", "iv": "intravenous", "I.V.": "intravenous",
    "IM": "intramuscular", "i.m.": "intramuscular", "IO": "intraosseous",
    "S/C": "subcutaneous", "SubQ": "subcutaneous", "subQ": "subcutaneous",
    "sc": "subcutaneous", "OU": "both eyes",
    "SC": "subcutaneous", "s.c.": "subcutaneous", "SQ": "subcutaneous", "subcut": "subcutaneous",
    "SL": "under the tongue", "s.l.": "under the tongue", "PR": "rectally", "PV": "vaginally",
    "p.r.": "rectally", "s/c": "subcutaneous", "i/v": "intravenous",
    "i/m": "intramuscular", "NG": "nasogastric", "NJ": "nasojejunal", "NEB": "nebulised",
    "neb": "nebulised", "nebs": "nebulisers",
    # frequencies
    "OD": "once daily", "o.d.": "once daily", "qd": "once daily", "QD": "once daily",
    "q.d.": "once daily", "BD": "twice daily", "bd": "twice daily", "b.d.": "twice daily",
    "BID": "twice daily", "bid": "twice daily", "b.i.d.": "twice daily",
    "TDS": "three times daily", "tds": "three times daily", "t.d.s.": "three times daily",
    "TID": "three times daily", "tid": "three times daily", "t.i.d.": "three times daily",
    "QDS": "four times daily", "qds": "four times daily", "q.d.s.": "four times daily",
    "QID": "four times daily", "qid": "four times daily", "q.i.d.": "four times daily",
    "QOD": "every other day", "qod": "every other day", "q.o.d.": "every other day",
    "t.i.w.": "three times weekly", "alt die": "on alternate days", "od": "once daily",
    "hrly": "hourly",
    "QHS": "at bedtime", "qhs": "at bedtime", "q.h.s.": "at bedtime", "h.s.": "at bedtime",
    "alt days": "alternate days",
    "HS": "at bedtime", "PRN": "as needed", "prn": "as needed", "p.r.n.": "as needed",
    "STAT": "immediately", "stat": "immediately", "nocte": "at night",
    "mane": "in the morning", "o.n.": "at night",
    "a.c.": "before meals", "p.c.": "after meals", "NBM": "nil by mouth", "NPO": "nil by mouth",
    # measurements and chemistry
    "eGFR": "estimated G F R", "GFR": "G F R", "CrCl": "creatinine clearance",
    "CrCL": "creatinine clearance", "SCr": "serum creatinine", "BP": "blood pressure",
    "SBP": "systolic blood pressure", "DBP": "diastolic blood pressure",
    "MAP": "mean arterial pressure", "CVP": "central venous pressure",
    "SpO2": "oxygen saturation", "SpO₂": "oxygen saturation",
    "SaO2": "arterial oxygen saturation", "SaO₂": "arterial oxygen saturation",
    "PaO2": "arterial oxygen pressure", "PaO₂": "arterial oxygen pressure",
    "PaCO2": "arterial carbon dioxide pressure", "PaCO₂": "arterial carbon dioxide pressure",
    "pCO2": "carbon dioxide pressure", "pO2": "oxygen pressure",
    "FiO2": "inspired oxygen fraction", "FiO₂": "inspired oxygen fraction",
    "EtCO2": "end-tidal carbon dioxide", "ETCO2": "end-tidal carbon dioxide",
    "CO2": "carbon dioxide", "CO₂": "carbon dioxide", "O2": "oxygen", "O₂": "oxygen",
    "H2O": "water", "H₂O": "water", "HbA1c": "H b A one c", "HbA1C": "H b A one c",
    "Hb": "haemoglobin", "Hgb": "haemoglobin", "pH": "P H", "QTc": "corrected Q T",
    "QTcF": "Fridericia Q T", "aPTT": "A P T T", "T½": "half-life", "t½": "half-life",
    "T ½": "half-life", "t ½": "half-life",
    "t1/2": "half-life", "T1/2": "half-life", "Cmax": "peak concentration",
    "Cmin": "trough concentration", "LDL-C": "L D L cholesterol", "HDL-C": "H D L cholesterol",
    "FEV1": "F E V one", "FEV₁": "F E V one",
    "FEV1/FVC": "F E V one over F V C", "FEV₁/FVC": "F E V one over F V C",
    "ScvO2": "central venous oxygen saturation", "ScvO₂": "central venous oxygen saturation",
    "IgA": "I G A", "IgD": "I G D", "IgE": "I G E", "IgG": "I G G", "IgM": "I G M",
    "NT-proBNP": "N T pro B N P", "proBNP": "pro B N P",
    "hs-CRP": "high-sensitivity C R P", "hsCRP": "high-sensitivity C R P",
    "K+": "potassium", "K⁺": "potassium", "Na+": "sodium", "Na⁺": "sodium",
    "Ca2+": "calcium", "Ca²⁺": "calcium", "Ca++": "calcium", "Mg2+": "magnesium",
    "Mg²⁺": "magnesium", "Mg++": "magnesium", "Cl-": "chloride", "Cl⁻": "chloride",
    "Fe2+": "iron", "Fe²⁺": "iron", "Fe3+": "iron", "Fe³⁺": "iron",
    "Zn2+": "zinc", "Zn²⁺": "zinc", "FeSO4": "ferrous sulphate", "FeSO₄": "ferrous sulphate",
    "N2O": "nitrous oxide", "N₂O": "nitrous oxide", "H2O2": "hydrogen peroxide",
    "Cl−": "chloride", "HCO3": "bicarbonate", "HCO3-": "bicarbonate", "HCO₃⁻": "bicarbonate",
    "HCO3−": "bicarbonate", "H+": "hydrogen ion", "PO4": "phosphate", "Li+": "lithium",
    "KCl": "potassium chloride", "NaCl": "sodium chloride", "NaHCO3": "sodium bicarbonate",
    "CaCl2": "calcium chloride", "CaCO3": "calcium carbonate",
    "PO43-": "phosphate", "PO43−": "phosphate", "PO4 3-": "phosphate", "PO4 3−": "phosphate",
    "PO4³⁻": "phosphate", "PO₄³⁻": "phosphate", "SO42-": "sulphate", "SO4 2-": "sulphate",
    "Tc-99m": "technetium ninety-nine M", "99mTc": "technetium ninety-nine M",
    "CFU": "C F U", "cfu": "C F U", "AUC/MIC": "A U C over M I C",
    "MgSO4": "magnesium sulphate", "NH3": "ammonia",
    # scores
    "CHA2DS2-VASc": "chads vask", "CHA₂DS₂-VASc": "chads vask", "CHADS-VASc": "chads vask",
    "CHA2DS2-VA": "chads V A", "CHA₂DS₂-VA": "chads V A", "CHADS2": "chads two",
    "CHADS₂": "chads two", "HAS-BLED": "has bled", "CURB-65": "curb sixty-five",
    "CURB65": "curb sixty-five", "CRB-65": "C R B sixty-five", "CRB65": "C R B sixty-five",
    "NEWS2": "news two", "NEWS": "news", "qSOFA": "quick sofa", "4AT": "four A T",
    "SOFA": "sofa", "SIRS": "sirs",
    "PERC": "perk", "HEART": "heart", "GRACE": "grace", "TIMI": "timmy", "MELD": "meld",
    "MELD-Na": "meld sodium", "FIB-4": "fib four", "APACHE": "apache", "CIWA-Ar": "see-wah",
    "CIWA": "see-wah", "RIFLE": "rifle", "KDIGO": "kay-digo", "NICE": "nice", "SIGN": "sign",
    "CKD-EPI": "C K D epi", "FAST": "fast", "WHO": "W H O", "AIDS": "aids",
    # conditions, tests and drugs that are not spelt out
    "AF": "atrial fibrillation", "PE": "pulmonary embolism", "MI": "myocardial infarction",
    "STEMI": "stemmy", "NSTEMI": "non-stemmy", "CABG": "cabbage", "CPAP": "see-pap",
    "BiPAP": "by-pap", "PEEP": "peep", "ARDS": "A R D S", "COVID": "covid",
    "SARS": "sars", "MERS": "mers",
    "SARS-CoV-2": "sars cov two", "HELLP": "help",
    "APGAR": "apgar",
    "CXR": "chest X-ray", "NSAID": "N-said", "NSAIDs": "N-saids", "ACE": "ace",
    "ACEi": "ace inhibitor",
    "DOAC": "doe-ack", "DOACs": "doe-acks", "NOAC": "no-ack", "NOACs": "no-acks",
    "LMWH": "low-molecular-weight heparin", "UFH": "unfractionated heparin", "MRSA": "mersa",
    "t-PA": "T P A", "rt-PA": "R T P A", "tPA": "T P A", "rtPA": "R T P A",
    "G6PD": "G six P D", "P2Y12": "P two Y twelve", "HIV": "H I V", "RNA": "R N A", "DNA": "D N A",
    # Latin and everyday
    "N.B.": "note", "e.g.": "for example", "i.e.": "that is", "etc.": "and so on", "vs": "versus",
    "vs.": "versus", "approx.": "approximately", "approx": "approximately", "max.": "maximum",
    "min.": "minimum", "wt": "weight", "wt.": "weight", "Wt": "weight",
    "Ht": "height", "ht": "height",
    "CA 19-9": "C A nineteen nine", "w/v": "weight in volume",
    "w/w": "weight in weight", "v/v": "volume in volume", "temp.": "temperature",
    "r/v": "review", "f/u": "follow-up", "F/U": "follow-up",
    "T1DM": "type one diabetes", "T2DM": "type two diabetes",
    "w/": "with",
    "m/r": "modified release", "w/o": "without",
    "+ve": "positive", "-ve": "negative", "−ve": "negative", "–ve": "negative",
    "Dr.": "doctor",
    "Rx": "prescription", "24/7": "twenty-four seven",
    "c/o": "complaining of", "h/o": "history of", "s/p": "status post", "b/w": "between",
    "mcmol": "micromoles", "and/or": "and or", "°": "degrees", "§": "section", "™": "", "®": "",
    "♀": "female", "♂": "male",
    "a.m.": "A M", "p.m.": "P M",
}  # fmt: skip
SPECIAL |= {
    name.upper(): SPECIAL[name] for name in "s.c. i.m. s.l. p.o. t.d.s. b.d. q.d.s. p.r.n.".split()
}
SPECIAL |= {  # "t.d.s" as well as "t.d.s."
    name[:-1]: said for name, said in SPECIAL.items() if re.fullmatch(r"(?:[A-Za-z]\.){2,}", name)
}

SIGNS: dict[str, str] = {
    "<": "less than", ">": "greater than", "≤": "at most", "<=": "at most", "=<": "at most",
    "⩽": "at most", "≥": "at least", ">=": "at least", "=>": "at least", "⩾": "at least",
    "≦": "at most", "≧": "at least", "≲": "at most about", "≳": "at least about",
    "≯": "not greater than", "≮": "not less than", "≪": "much less than",
    "≫": "much greater than", "＜": "less than", "＞": "greater than",
    "=": "equals", "≠": "not equal to", "±": "plus or minus", "+/-": "plus or minus",
    "+/−": "plus or minus", "~": "about", "≈": "about", "∼": "about", "≅": "about",
    "≃": "about", "+": "plus", "×": "times",
    "÷": "divided by", "→": "to", "->": "to", "⇒": "to", "↑": "raised", "↓": "lowered", "&": "and",
    "@": "at", "#": "number", "Δ": "delta", "α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa",
    "∞": "infinity", "⁺": "plus", "√": "the square root of",
}  # fmt: skip

ROUTES = frozenset(
    "PO p.o. po IV i.v. iv I.V. i/v IM i.m. i/m SC sc s.c. s/c SQ subcut SL s.l. PR p.r. PV NG NJ "
    "IO NEB neb".split()
)
SMALL_ROUTES = {"im": "intramuscular", "sl": "under the tongue", "pr": "rectally"}
"""Routes that are a word or nothing elsewhere: said so behind a dose or another route."""
FREQUENCIES = frozenset(
    name for name, said in SPECIAL.items() if said.endswith(("daily", "bedtime", "at night"))
)

NUMERAL_AFTER = frozenset(
    "stage stages grade grades class classes type types factor factors phase category nyha killip "
    "ckd nerve nerves level levels degree mobitz timi apache asa cn gp glycoprotein group child "
    "chapter part appendix figure table "
    "rutherford fitzpatrick forrest hurley salter-harris fontaine garden "
    "angiotensin collagen hla tier schedule".split()
)
"""Words after which I, II, IV … are numerals: "factor IX", "grade IV"."""
ROMAN = {
    name: value
    for value, name in enumerate("I II III IV V VI VII VIII IX X XI XII XIII XIV XV".split(), 1)
}
LABEL_BEFORE = frozenset(
    "section sections chapter page pages version step figure table paragraph recommendation".split()
)
"""Words before a numbered place, whose "2.10" is not the number 2.1."""
SCORE_BEFORE = frozenset("gcs score scores apgar pain nrs vas mmse moca amt amts coma".split())
#: Symbols that name a measurement where a number or a limit follows: "Na 125".
MEASURED = {
    "Na": "sodium", "K": "potassium", "Ca": "calcium", "Mg": "magnesium", "Cr": "creatinine",
    "Cl": "chloride", "Li": "lithium", "Ur": "urea", "Alb": "albumin", "Bili": "bilirubin",
    "Plt": "platelets", "plt": "platelets",
}  # fmt: skip
#: "3/7" is three days, as prescriptions and notes write it; "28/40" weeks of gestation.
OUT_OF = {"7": "day", "52": "week", "12": "month", "40": "week"}
PERIOD_BEFORE = frozenset(
    "for in after over every within last past next these about review total r/v f/u tci "
    "delay".split()
)
PERIOD_AFTER = frozenset("ago history hx later course old post postpartum post-op".split())
GESTATION_BEFORE = frozenset("at until from before after delivered < > ≤ ≥ <= >=".split())
GESTATION_AFTER = frozenset("gestation weeks pregnant".split())
#: What "3/12" counts where it is no time: "3/12 patients".
COUNTED = frozenset(
    "patients people cases participants subjects women men children adults infants babies eyes "
    "samples controls trials studies of".split()
)
EYES = frozenset("acuity vision visual va snellen".split())
MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
ENGLISH_IN_CAPITALS = frozenset(
    "NOT NO AND OR DO IF NEVER ALL ANY ONLY WITH STOP USE AVOID THE IN ON AT TO OF BY FOR IS ARE "
    "BE MAX MIN MUST MAY CAN GIVE DOSE DRUG RISK HIGH LOW LESS MORE THAN THEN WHEN NEW OLD OUT UP "
    "OFF YES ONE TWO SIX TEN DAY DAYS WEEK HOUR HOURS EACH EVERY TAKE HOLD CALL HELP RED KEY NOTE "
    "AS IT AN BUT SO WE YOU SEE ALSO SAFE CARE TEST BLOOD AFTER BEFORE BELOW ABOVE UNTIL "
    "FIRST ORAL RATE LIVE DEAD PAIN FROM ADULT CHILD MILD CRITICAL WARNING UNLESS SAMPLE "
    "ONCE TWICE DAILY TIMES WEEKS TOTAL STAGE".split()
)
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "Δ": "delta",
    "ω": "omega", "λ": "lambda", "χ": "chi", "ε": "epsilon", "τ": "tau", "σ": "sigma",
}  # fmt: skip
CURRENCY = {"£": "pounds", "$": "dollars", "€": "euros"}
#: What is present or absent in a patient: "HER2−" is negative, "ER+" positive.
MARKERS = frozenset(
    "A B AB O Rh RhD ER PR HER2 HIV HBV HCV HPV HBsAg HBeAg EGFR ALK BRAF KRAS JAK2 ANA ANCA RF "
    "CD4 CD20 CD34 TTG PCR MRSA".split()
)
#: What may stand behind "HIV-" for it to be negative, and no loose dash, "MRSA- give vancomycin".
OF_A_MARKER = frozenset(
    "and or breast cancer cancers tumour tumours tumor tumors disease patients women men blood "
    "mother mothers donor donors cells status".split()
)
HIGH_ALERT = frozenset(
    # ISMP List of High-Alert Medications in Acute Care Settings (2024), the drugs by name.
    "insulin insulins actrapid humulin insulatard novomix novorapid fiasp humalog lantus levemir "
    "abasaglar toujeo tresiba heparin heparins lmwh ufh enoxaparin "
    "dalteparin tinzaparin fondaparinux warfarin apixaban rivaroxaban edoxaban dabigatran "
    "argatroban bivalirudin alteplase tenecteplase reteplase eptifibatide tirofiban opioid opioids "
    "morphine fentanyl hydromorphone oxycodone oxymorphone hydrocodone methadone alfentanil "
    "remifentanil sufentanil pethidine meperidine diamorphine tramadol tapentadol codeine "
    "buprenorphine ketamine potassium kcl magnesium mgso4 adrenaline epinephrine noradrenaline "
    "norepinephrine phenylephrine vasopressin dopamine dobutamine milrinone digoxin amiodarone "
    "lidocaine lignocaine propofol midazolam dexmedetomidine methotrexate vincristine oxytocin "
    "nitroprusside suxamethonium succinylcholine rocuronium vecuronium atracurium cisatracurium "
    "promethazine hypertonic colchicine".split()
)
