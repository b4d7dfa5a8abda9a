"""Both sides of every cut-off of every score, in the units the publication gives."""

from __future__ import annotations

import pytest

from agents.tools.calculators import Quantity
from tests.agents.calculators.reference_cases import APACHE, NEWS, NIHSS, SOFA, WELL
from tests.agents.calculators.saying import Base, q, raw, value

Steps = tuple[tuple[float | Quantity, float], ...]
TIMI: Base = {"systolic": 120.0, "heart_rate": 80.0, "killip": "1", "weight": 80.0}
GRACE: Base = {  # the lowest creatinine has one point
    "age": 25.0, "heart_rate": 45.0, "systolic": 210.0, "creatinine": 0.3, "killip": "1",
}  # fmt: skip
HEART: Base = {"history": "slight", "ecg": "normal", "risk_factors": "none", "troponin": "normal"}
CURB: Base = {
    "age": 50.0,
    "urea": 14.0,
    "respiratory_rate": 18.0,
    "systolic": 120.0,
    "diastolic": 80.0,
}
CRB: Base = {name: CURB[name] for name in ("age", "respiratory_rate", "systolic", "diastolic")}
CHILD: Base = {
    "bilirubin": 1.0,
    "albumin": 4.0,
    "inr": 1.1,
    "ascites": "none",
    "encephalopathy": "none",
}
BLEED: Base = {
    "urea": 14.0,
    "haemoglobin": 15.0,
    "sex": "male",
    "systolic": 120.0,
    "heart_rate": 80.0,
}
ROCKALL: Base = {
    "age": 50.0,
    "systolic": 120.0,
    "heart_rate": 80.0,
    "comorbidity": "none",
    "diagnosis": "none",
    "stigmata": "none",
}
RANSON: Base = {"age": 50.0, "white_cells": 10.0, "glucose": 120.0, "ldh": 200.0, "ast": 50.0}
ABCD: Base = {
    "age": 50.0,
    "systolic": 120.0,
    "diastolic": 70.0,
    "features": "other",
    "duration": 5.0,
}
ICH: Base = {"gcs": 15.0, "volume": 10.0, "age": 60.0}
SIRS: Base = {"temperature": 37.0, "heart_rate": 80.0, "respiratory_rate": 16.0, "white_cells": 8.0}
PERC: Base = {"age": 30.0, "heart_rate": 70.0, "spo2": 98.0}
CHARLSON: Base = {"liver": "none", "diabetes": "none", "tumour": "none"}
VENT: Base = SOFA | {"respiratory_support": True}
HIGH_O2: Base = APACHE | {"fio2": 0.5, "paco2": 40.0}  # alveolar 0.5 × 713 − 50 = 306.5
HIGHER_O2: Base = APACHE | {"fio2": 1.0, "paco2": 40.0}  # alveolar 663

ROWS: tuple[tuple[str, Base, str, Steps], ...] = (
    ("cha2ds2_vasc", {"sex": "male"}, "age", ((64, 0), (65, 1), (74, 1), (75, 2))),
    ("cha2ds2_va", {}, "age", ((64, 0), (65, 1), (74, 1), (75, 2))),
    ("has_bled", {}, "age", ((65, 0), (66, 1))),
    ("rcri", {}, "creatinine", ((2.0, 0), (2.1, 1), (q(177, "µmol/L"), 0), (q(178, "µmol/L"), 1))),
    ("heart_score", HEART, "age", ((44, 0), (45, 1), (64, 1), (65, 2))),
    ("timi_nstemi", {}, "age", ((64, 0), (65, 1))),
    ("grace", GRACE, "age",
     ((29, 1), (30, 9), (39, 9), (39.9, 9), (40, 26), (49, 26), (50, 42), (60, 59), (70, 76),
      (79, 76), (80, 92), (89, 92), (90, 101))),
    ("grace", GRACE, "heart_rate",
     ((49, 1), (50, 4), (69, 4), (70, 10), (90, 16), (110, 25), (149, 25), (150, 39), (199, 39),
      (200, 47))),
    ("grace", GRACE, "systolic",
     ((79, 59), (80, 54), (100, 44), (120, 35), (140, 25), (160, 11), (199, 11), (200, 1))),
    ("grace", GRACE, "creatinine",
     ((0.39, 1), (0.4, 4), (0.8, 7), (1.2, 10), (1.6, 13), (2.0, 21), (3.99, 21), (4.0, 28))),
    ("grace", GRACE, "creatinine",
     tuple((q(umol, "µmol/L"), points) for umol, points in
           ((34, 1), (35, 4), (70, 4), (71, 7), (106, 10), (141, 13), (177, 21), (353, 21),
            (354, 28)))),
    ("timi_stemi", TIMI, "age", ((64, 0), (65, 2), (74, 2), (75, 3))),
    ("timi_stemi", TIMI | {"age": 50.0}, "systolic", ((100, 0), (99, 3))),
    ("timi_stemi", TIMI | {"age": 50.0}, "heart_rate", ((100, 0), (101, 2))),
    ("timi_stemi", TIMI | {"age": 50.0}, "weight", ((67, 0), (66.9, 1))),
    ("wells_pe", {}, "heart_rate", ((100, 0), (101, 1.5))),
    ("perc", PERC, "age", ((49, 0), (50, 1))),
    ("perc", PERC, "heart_rate", ((99, 0), (100, 1))),
    ("perc", PERC, "spo2", ((95, 0), (94, 1))),
    ("geneva_revised", {"heart_rate": 60.0}, "age", ((65, 0), (66, 1))),
    ("geneva_revised", {"age": 50.0}, "heart_rate", ((74, 0), (75, 3), (94, 3), (95, 5))),
    ("padua", {}, "age", ((69, 0), (70, 1))),
    ("caprini", {}, "age", ((40, 0), (41, 1), (60, 1), (61, 2), (74, 2), (75, 3))),
    ("curb65", CURB, "age", ((64, 0), (65, 1))),
    ("curb65", CURB, "urea", ((q(7.0, "mmol/L"), 0), (q(7.1, "mmol/L"), 1), (19, 0), (20, 1))),
    ("curb65", CURB, "respiratory_rate", ((29, 0), (30, 1))),
    ("curb65", CURB, "systolic", ((90, 0), (89, 1))),
    ("curb65", CURB, "diastolic", ((61, 0), (60, 1))),
    ("crb65", CRB, "age", ((64, 0), (65, 1))),
    ("crb65", CRB, "respiratory_rate", ((29, 0), (30, 1))),
    ("crb65", CRB, "systolic", ((90, 0), (89, 1))),
    ("crb65", CRB, "diastolic", ((61, 0), (60, 1))),
    ("psi", WELL, "respiratory_rate", ((29, 30), (30, 50))),
    ("psi", WELL, "systolic", ((90, 30), (89, 50))),
    ("psi", WELL, "temperature", ((34.9, 45), (35, 30), (39.9, 30), (40, 45))),
    ("psi", WELL, "heart_rate", ((124, 30), (125, 40))),
    ("psi", WELL, "urea", ((29, 30), (30, 50), (q(10.9, "mmol/L"), 30), (q(11, "mmol/L"), 50))),
    ("psi", WELL, "sodium", ((130, 30), (129, 50))),
    ("psi", WELL, "glucose",
     ((249, 30), (250, 40), (q(13.9, "mmol/L"), 30), (q(14, "mmol/L"), 40))),
    ("psi", WELL, "haematocrit",
     ((30, 30), (29.9, 40), (q(0.3), 30), (q(0.29, "fraction"), 40))),
    ("qsofa", {"systolic": 120.0}, "respiratory_rate", ((21, 0), (22, 1))),
    ("qsofa", {"respiratory_rate": 16.0}, "systolic", ((101, 0), (100, 1))),
    ("sirs", SIRS, "temperature", ((38.0, 0), (38.1, 1), (36.0, 0), (35.9, 1))),
    ("sirs", SIRS, "heart_rate", ((90, 0), (91, 1))),
    ("sirs", SIRS, "respiratory_rate", ((20, 0), (21, 1))),
    ("sirs", SIRS, "white_cells", ((12, 0), (12.1, 1), (4, 0), (3.9, 1), (q(12100, "/µL"), 1))),
    ("news2", NEWS, "respiratory_rate",
     ((8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3))),
    ("news2", NEWS, "spo2", ((91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0))),
    ("news2", NEWS | {"spo2_scale": "2"}, "spo2",
     ((83, 3), (84, 2), (85, 2), (86, 1), (87, 1), (88, 0), (92, 0), (93, 0), (97, 0), (100, 0))),
    ("news2", NEWS | {"spo2_scale": "2", "oxygen": True}, "spo2",
     ((83, 5), (84, 4), (86, 3), (88, 2), (92, 2), (93, 3), (94, 3), (95, 4), (96, 4), (97, 5))),
    ("news2", NEWS, "systolic",
     ((90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3))),
    ("news2", NEWS, "heart_rate",
     ((40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2),
      (131, 3))),
    ("news2", NEWS, "temperature",
     ((35.0, 3), (35.1, 1), (36.0, 1), (36.1, 0), (38.0, 0), (38.1, 1), (39.0, 1), (39.1, 2),
      (q(100.4, "°F"), 0), (q(102.4, "°F"), 2))),
    ("mcisaac", {}, "age", ((14, 1), (15, 0), (44, 0), (45, -1))),
    ("mascc", {"burden": "severe"}, "age", ((59, 2), (60, 0))),
    ("sofa", SOFA, "platelets",
     ((150, 0), (149, 1), (100, 1), (99, 2), (50, 2), (49, 3), (20, 3), (19, 4),
      (q(149_999, "/µL"), 1), (q(99_999, "/µL"), 2), (q(49_999, "/µL"), 3),
      (q(19_999, "/µL"), 4))),
    ("sofa", SOFA, "bilirubin",
     ((1.1, 0), (1.19, 0), (1.2, 1), (1.9, 1), (2.0, 2), (5.9, 2), (6.0, 3), (11.9, 3),
      (11.99, 3), (12.0, 4),
      (q(19, "µmol/L"), 0), (q(20, "µmol/L"), 1), (q(32, "µmol/L"), 1), (q(33, "µmol/L"), 2),
      (q(101, "µmol/L"), 2), (q(102, "µmol/L"), 3), (q(204, "µmol/L"), 3),
      (q(205, "µmol/L"), 4))),
    ("sofa", SOFA, "creatinine",
     ((1.1, 0), (1.19, 0), (1.2, 1), (1.9, 1), (2.0, 2), (3.4, 2), (3.5, 3), (4.9, 3),
      (4.99, 3), (5.0, 4),
      (q(109, "µmol/L"), 0), (q(110, "µmol/L"), 1), (q(170, "µmol/L"), 1), (q(171, "µmol/L"), 2),
      (q(299, "µmol/L"), 2), (q(300, "µmol/L"), 3), (q(440, "µmol/L"), 3),
      (q(441, "µmol/L"), 4))),
    ("sofa", SOFA, "urine_output", ((500, 0), (499, 3), (200, 3), (199, 4))),
    ("sofa", SOFA, "map", ((70, 0), (69, 1))),
    ("sofa", SOFA, "gcs",
     ((15, 0), (14, 1), (13, 1), (12, 2), (10, 2), (9, 3), (6, 3), (5, 4), (3, 4))),
    ("sofa", SOFA | {"fio2": 0.5}, "pao2", ((200, 0), (199, 1), (150, 1), (149, 2), (40, 2))),
    ("sofa", VENT | {"fio2": q(28, "%")}, "pao2", ((112, 0), (111, 1), (84, 1), (83, 2))),
    ("sofa", VENT | {"fio2": 0.7}, "pao2", ((210, 1), (209, 2), (140, 2), (139, 3), (70, 3))),
    ("sofa", VENT | {"fio2": 1.0}, "pao2",
     tuple((q(kpa, "kPa"), points) for kpa, points in
           ((53.3, 0), (53.2, 1), (40, 1), (39.9, 2), (26.7, 2), (26.6, 3), (13.3, 3), (13.2, 4)))),
    ("sofa", VENT | {"fio2": 0.5}, "pao2", ((100, 2), (99, 3), (50, 3), (49, 4))),
    ("apache2", APACHE, "age",
     ((44, 0), (44.9, 0), (45, 2), (54, 2), (55, 3), (64, 3), (65, 5), (74, 5), (75, 6))),
    ("apache2", APACHE, "temperature",
     ((29.9, 4), (30, 3), (31.9, 3), (32, 2), (33.9, 2), (34, 1), (35.9, 1), (36, 0), (38.4, 0),
      (38.5, 1), (38.9, 1), (39, 3), (40.9, 3), (41, 4))),
    ("apache2", APACHE, "map",
     ((49, 4), (50, 2), (69, 2), (70, 0), (109, 0), (110, 2), (129, 2), (130, 3), (159, 3),
      (160, 4))),
    ("apache2", APACHE, "heart_rate",
     ((39, 4), (40, 3), (54, 3), (55, 2), (69, 2), (70, 0), (109, 0), (110, 2), (139, 2), (140, 3),
      (179, 3), (180, 4))),
    ("apache2", APACHE, "respiratory_rate",
     ((5, 4), (6, 2), (9, 2), (10, 1), (11, 1), (12, 0), (24, 0), (25, 1), (34, 1), (35, 3),
      (49, 3), (50, 4))),
    ("apache2", APACHE, "pao2", ((71, 0), (70, 1), (61, 1), (60, 3), (55, 3), (54, 4))),
    ("apache2", HIGH_O2, "pao2", ((107.5, 0), (106.5, 2))),  # gradients of 199 and 200
    ("apache2", HIGHER_O2, "pao2",
     ((464, 0), (463, 2), (314, 2), (313, 3), (164, 3), (163, 4))),
    ("apache2", APACHE, "ph",
     ((7.14, 4), (7.15, 3), (7.24, 3), (7.25, 2), (7.32, 2), (7.33, 0), (7.49, 0), (7.5, 1),
      (7.59, 1), (7.6, 3), (7.69, 3), (7.7, 4))),
    ("apache2", APACHE, "sodium",
     ((110, 4), (111, 3), (119, 3), (120, 2), (129, 2), (130, 0), (149, 0), (150, 1), (154, 1),
      (155, 2), (159, 2), (160, 3), (179, 3), (180, 4))),
    ("apache2", APACHE, "potassium",
     ((2.4, 4), (2.49, 4), (2.5, 2), (2.9, 2), (3.0, 1), (3.4, 1), (3.5, 0), (5.4, 0), (5.5, 1),
      (5.9, 1), (6.0, 3), (6.9, 3), (7.0, 4))),
    ("apache2", APACHE, "creatinine",
     ((0.5, 2), (0.59, 2), (0.6, 0), (1.4, 0), (1.5, 2), (1.9, 2), (2.0, 3), (3.4, 3),
      (3.5, 4))),
    ("apache2", APACHE | {"acute_renal_failure": True}, "creatinine",
     ((1.4, 0), (1.5, 4), (2.0, 6), (3.5, 8))),
    ("apache2", APACHE, "haematocrit",
     ((19.9, 4), (20, 2), (29.9, 2), (30, 0), (45.9, 0), (46, 1), (49.9, 1), (50, 2), (59.9, 2),
      (60, 4))),
    ("apache2", APACHE, "white_cells",
     ((0.9, 4), (q(960, "/µL"), 4), (1.0, 2), (2.9, 2), (3.0, 0), (14.9, 0), (15, 1), (19.9, 1),
      (20, 2), (39.9, 2), (40, 4))),
    ("apache2", APACHE, "gcs", ((15, 0), (14, 1), (3, 12))),
    ("revised_trauma_score", {"systolic": 120.0, "respiratory_rate": 16.0}, "gcs",
     ((3, 4.0936), (4, 5.0304), (5, 5.0304), (6, 5.9672), (8, 5.9672), (9, 6.904), (12, 6.904),
      (13, 7.8408))),
    ("revised_trauma_score", {"gcs": 15.0, "respiratory_rate": 16.0}, "systolic",
     ((0, 4.9104), (1, 5.643), (49, 5.643), (50, 6.3756), (75, 6.3756), (76, 7.1082),
      (89, 7.1082), (90, 7.8408))),
    ("revised_trauma_score", {"gcs": 15.0, "systolic": 120.0}, "respiratory_rate",
     ((0, 6.6776), (1, 6.9684), (5, 6.9684), (6, 7.2592), (9, 7.2592), (10, 7.8408),
      (29, 7.8408), (30, 7.55))),
    ("ich_score", ICH, "gcs", ((15, 0), (13, 0), (12, 1), (5, 1), (4, 2), (3, 2))),
    ("ich_score", ICH, "volume", ((29, 0), (30, 1))),
    ("ich_score", ICH, "age", ((79, 0), (80, 1))),
    ("child_pugh", CHILD, "bilirubin",
     ((1.9, 5), (2.0, 6), (3.0, 6), (3.1, 7), (q(33, "µmol/L"), 5), (q(34, "µmol/L"), 6),
      (q(51, "µmol/L"), 6), (q(52, "µmol/L"), 7))),
    ("child_pugh", CHILD, "albumin",
     ((3.6, 5), (3.5, 6), (2.8, 6), (2.7, 7), (q(36, "g/L"), 5), (q(35, "g/L"), 6),
      (q(28, "g/L"), 6), (q(27, "g/L"), 7))),
    ("child_pugh", CHILD, "inr", ((1.6, 5), (1.7, 6), (2.3, 6), (2.4, 7))),
    ("glasgow_blatchford", BLEED, "urea",
     ((18.1, 0), (18.2, 2), (22.3, 2), (22.4, 3), (27.9, 3), (28, 4), (69.9, 4), (70, 6),
      (q(6.4, "mmol/L"), 0), (q(6.5, "mmol/L"), 2), (q(7.9, "mmol/L"), 2), (q(8.0, "mmol/L"), 3),
      (q(9.9, "mmol/L"), 3), (q(10, "mmol/L"), 4), (q(24.9, "mmol/L"), 4),
      (q(25, "mmol/L"), 6))),
    ("glasgow_blatchford", BLEED, "haemoglobin",
     ((13, 0), (12.9, 1), (12, 1), (11.9, 3), (10, 3), (9.9, 6), (q(130, "g/L"), 0),
      (q(129, "g/L"), 1), (q(119, "g/L"), 3), (q(99, "g/L"), 6))),
    ("glasgow_blatchford", BLEED | {"sex": "female"}, "haemoglobin",
     ((12, 0), (11.9, 1), (10, 1), (9.9, 6))),
    ("glasgow_blatchford", BLEED, "systolic",
     ((110, 0), (109, 1), (100, 1), (99, 2), (90, 2), (89, 3))),
    ("glasgow_blatchford", BLEED, "heart_rate", ((99, 0), (100, 1))),
    ("rockall", ROCKALL, "age", ((59, 0), (60, 1), (79, 1), (80, 2))),
    ("rockall", ROCKALL, "systolic", ((100, 0), (99, 2))),
    ("rockall", ROCKALL, "heart_rate", ((99, 0), (100, 1))),
    ("ranson", RANSON, "age", ((55, 0), (56, 1))),
    ("ranson", RANSON, "white_cells", ((16, 0), (16.1, 1))),
    ("ranson", RANSON, "glucose",
     ((200, 0), (201, 1), (q(11.1, "mmol/L"), 0), (q(11.2, "mmol/L"), 1))),
    ("ranson", RANSON, "ldh", ((350, 0), (351, 1))),
    ("ranson", RANSON, "ast", ((250, 0), (251, 1))),
    ("bisap", {"age": 50.0}, "urea", ((25, 0), (26, 1))),
    ("bisap", {"urea": 20.0}, "age", ((60, 0), (61, 1))),
    ("alvarado", {"white_cells": 8.0}, "temperature",
     ((37.2, 0), (37.3, 1), (q(99.0, "°F"), 0), (q(99.1, "°F"), 1))),
    ("alvarado", {"temperature": 36.8}, "white_cells", ((10, 0), (10.1, 2))),
    ("abcd2", ABCD, "age", ((59, 0), (60, 1))),
    ("abcd2", ABCD, "systolic", ((139, 0), (140, 1))),
    ("abcd2", ABCD, "diastolic", ((89, 0), (90, 1))),
    ("abcd2", ABCD, "duration", ((9, 0), (10, 1), (59, 1), (60, 2), (q(1, "hours"), 2))),
    ("charlson", CHARLSON, "age",
     ((49, 0), (50, 1), (59, 1), (60, 2), (69, 2), (70, 3), (79, 3), (80, 4), (100, 4))),
    ("nihss", NIHSS, "left_arm", ((0, 0), (4, 4))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "base", "name", "steps"),
    ROWS,
    ids=[f"{row[0]}-{row[2]}-{at}" for at, row in enumerate(ROWS)],
)
def test_both_sides_of_a_cut_off(key: str, base: Base, name: str, steps: Steps) -> None:
    for said, expected in steps:
        answers = raw(key, **(base | {name: said}))
        assert value(key, answers) == pytest.approx(expected, abs=1e-9), (name, said)


TICKS: tuple[tuple[str, Base, dict[str, float]], ...] = (
    ("cha2ds2_vasc", {"age": 50.0, "sex": "male"},
     {"heart_failure": 1, "hypertension": 1, "diabetes": 1, "stroke": 2, "vascular_disease": 1}),
    ("grace", GRACE, {"cardiac_arrest": 40, "st_deviation": 29, "markers": 15}),
    ("timi_stemi", TIMI | {"age": 50.0}, {"history": 1, "anterior": 1, "delay": 1}),
    ("wells_pe", {"heart_rate": 80.0},
     {"dvt_signs": 3, "no_alternative": 3, "immobilised": 1.5, "previous": 1.5, "haemoptysis": 1,
      "cancer": 1}),
    ("wells_dvt", {},
     {"cancer": 1, "paralysis": 1, "bedridden": 1, "tenderness": 1, "leg_swollen": 1,
      "calf_swelling": 1, "pitting_oedema": 1, "collateral_veins": 1, "previous": 1,
      "alternative": -2}),
    ("geneva_revised", {"age": 50.0, "heart_rate": 60.0},
     {"previous": 3, "surgery": 2, "cancer": 2, "leg_pain": 3, "haemoptysis": 2, "leg_signs": 4}),
    ("padua", {"age": 50.0},
     {"cancer": 3, "previous": 3, "reduced_mobility": 3, "thrombophilia": 3, "trauma_surgery": 2,
      "heart_lung": 1, "infarct_stroke": 1, "infection": 1, "obesity": 1, "hormones": 1}),
    ("caprini", {"age": 30.0},
     {"minor_surgery": 1, "recent_major_surgery": 1, "varicose_veins": 1, "bowel_disease": 1,
      "swollen_legs": 1, "overweight": 1, "infarct": 1, "heart_failure": 1, "sepsis": 1,
      "lung_disease": 1, "copd": 1, "bed_rest": 1, "hormones": 1, "pregnancy": 1,
      "pregnancy_loss": 1, "arthroscopy": 2, "cancer": 2, "major_surgery": 2, "laparoscopy": 2,
      "confined": 2, "plaster": 2, "central_line": 2, "previous": 3, "family": 3, "factor_v": 3,
      "prothrombin": 3, "homocysteine": 3, "lupus_anticoagulant": 3, "anticardiolipin": 3,
      "hit": 3, "thrombophilia": 3, "arthroplasty": 5, "fracture": 5, "stroke": 5,
      "multiple_trauma": 5, "spinal_cord": 5}),
    ("psi", WELL,
     {"nursing_home": 40, "cancer": 60, "liver_disease": 50, "heart_failure": 40,
      "cerebrovascular": 40, "renal_disease": 40, "altered_mental_status": 50, "acidosis": 60,
      "hypoxaemia": 40, "effusion": 40}),
    ("mascc", {"burden": "severe", "age": 70.0},
     {"no_hypotension": 5, "no_copd": 4, "solid_tumour": 4, "no_dehydration": 3, "outpatient": 3}),
    ("glasgow_blatchford", BLEED,
     {"melaena": 1, "syncope": 2, "liver_disease": 2, "heart_failure": 2}),
    ("alvarado", {"temperature": 36.8, "white_cells": 8.0},
     {"migration": 1, "anorexia": 1, "nausea": 1, "tenderness": 2, "rebound": 1, "left_shift": 1}),
    ("charlson_without_age", CHARLSON,
     {"infarct": 1, "heart_failure": 1, "peripheral_vascular": 1, "cerebrovascular": 1,
      "dementia": 1, "lung_disease": 1, "connective_tissue": 1, "ulcer": 1, "hemiplegia": 2,
      "renal": 2, "leukaemia": 2, "lymphoma": 2, "aids": 6}),
)  # fmt: skip


@pytest.mark.parametrize(("key", "base", "points"), TICKS, ids=[row[0] for row in TICKS])
def test_each_criterion_has_its_published_points(
    key: str, base: Base, points: dict[str, float]
) -> None:
    for name, expected in points.items():
        assert value(key, raw(key, name, **base)) == expected, name


PICKS: tuple[tuple[str, Base, str, dict[str, float]], ...] = (
    ("apache2", APACHE, "chronic_health",
     {"none": 0, "nonoperative": 5, "emergency": 5, "elective": 2}),
    ("sofa", SOFA, "vasopressor", {"none": 0, "low": 2, "middle": 3, "high": 4}),
    ("child_pugh", CHILD, "ascites", {"none": 5, "mild": 6, "moderate": 7}),
    ("child_pugh", CHILD, "encephalopathy", {"none": 5, "grade_1_2": 6, "grade_3_4": 7}),
    ("abcd2", ABCD, "features", {"other": 0, "speech": 1, "weakness": 2}),
    ("grace", GRACE, "killip", {"1": 1, "2": 21, "3": 40, "4": 60}),
    ("timi_stemi", TIMI | {"age": 50.0}, "killip", {"1": 0, "2": 2, "3": 2, "4": 2}),
    ("charlson_without_age", CHARLSON, "liver", {"none": 0, "mild": 1, "severe": 3}),
    ("charlson_without_age", CHARLSON, "diabetes", {"none": 0, "uncomplicated": 1, "end_organ": 2}),
    ("charlson_without_age", CHARLSON, "tumour", {"none": 0, "localised": 2, "metastatic": 6}),
    ("news2", NEWS, "consciousness",
     {"alert": 0, "confusion": 3, "voice": 3, "pain": 3, "unresponsive": 3}),
    ("rockall", ROCKALL, "comorbidity", {"none": 0, "major": 2, "severe": 3}),
    ("rockall", ROCKALL, "diagnosis", {"none": 0, "other": 1, "cancer": 2}),
    ("rockall", ROCKALL, "stigmata", {"none": 0, "present": 2}),
)  # fmt: skip


@pytest.mark.parametrize(("key", "base", "name", "points"), PICKS)
def test_each_choice_has_its_published_points(
    key: str, base: Base, name: str, points: dict[str, float]
) -> None:
    for choice, expected in points.items():
        assert value(key, raw(key, **(base | {name: choice}))) == expected, choice


@pytest.mark.parametrize(
    ("opioid", "factor"),
    [("codeine", 0.15), ("hydrocodone", 1), ("hydromorphone", 5), ("methadone", 4.7),
     ("morphine", 1), ("oxycodone", 1.5), ("oxymorphone", 3), ("tapentadol", 0.4),
     ("tramadol", 0.2)],
)  # fmt: skip
def test_each_opioid_has_its_factor_of_2022(opioid: str, factor: float) -> None:
    assert value("mme", raw("mme", opioid=opioid, daily_dose=100.0)) == pytest.approx(100 * factor)


@pytest.mark.parametrize(
    ("steroid", "equivalent"),
    [("cortisone", 25), ("hydrocortisone", 20), ("prednisone", 5), ("prednisolone", 5),
     ("methylprednisolone", 4), ("triamcinolone", 4), ("dexamethasone", 0.75),
     ("betamethasone", 0.6)],
)  # fmt: skip
def test_each_steroid_has_its_equivalent_to_hydrocortisone(steroid: str, equivalent: float) -> None:
    answers = raw(
        "steroid_conversion", from_steroid="hydrocortisone", steroid_dose=20.0, to_steroid=steroid
    )
    assert value("steroid_conversion", answers) == pytest.approx(equivalent)
