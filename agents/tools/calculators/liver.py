"""Liver: Child-Pugh, the MELD family, fibrosis indices, alcoholic hepatitis."""

from __future__ import annotations

from math import log, log10, sqrt

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given, Outcome
from agents.tools.calculators.scoring import pick, rule, score
from agents.tools.calculators.shown import fixed, rounded


def _clamped(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def meld_raw(bilirubin: float, inr: float, creatinine: float, *, dialysis: bool) -> float:
    """MELD(i) before rounding; mg/dL, values below 1.0 as 1.0, creatinine at most 4.0."""
    creatinine = 4.0 if dialysis else _clamped(creatinine, 1.0, 4.0)
    return (
        3.78 * log(max(bilirubin, 1.0)) + 11.20 * log(max(inr, 1.0)) + 9.57 * log(creatinine) + 6.43
    )


def meld(bilirubin: float, inr: float, creatinine: float, *, dialysis: bool) -> int:
    """MELD, a whole number from 6 to 40."""
    return int(_clamped(rounded(meld_raw(bilirubin, inr, creatinine, dialysis=dialysis)), 6, 40))


def meld_na(
    bilirubin: float, inr: float, creatinine: float, sodium: float, *, dialysis: bool
) -> int:
    """MELD-Na (OPTN 2016): sodium from 125 to 137 counts where MELD(i) is above 11."""
    initial = int(rounded(meld_raw(bilirubin, inr, creatinine, dialysis=dialysis)))
    if initial <= 11:
        return max(initial, 6)
    lack = 137 - _clamped(sodium, 125, 137)
    return int(_clamped(rounded(initial + 1.32 * lack - 0.033 * initial * lack), 6, 40))


def meld_3(
    bilirubin: float,
    inr: float,
    creatinine: float,
    sodium: float,
    albumin: float,
    *,
    female: bool,
    dialysis: bool,
) -> int:
    """MELD 3.0 (Kim 2021): creatinine 1.0 to 3.0, sodium 125 to 137, albumin 1.5 to 3.5 g/dL."""
    bili, ratio = log(max(bilirubin, 1.0)), log(max(inr, 1.0))
    kidney = log(3.0 if dialysis else _clamped(creatinine, 1.0, 3.0))
    lack = 137 - _clamped(sodium, 125, 137)
    low = 3.5 - _clamped(albumin, 1.5, 3.5)
    total = 1.33 * female + 4.56 * bili + 0.82 * lack - 0.24 * lack * bili + 9.09 * ratio
    total += 11.14 * kidney + 1.85 * low - 1.83 * low * kidney + 6
    return int(_clamped(rounded(total), 6, 40))  # fmt: skip


def fib4(age: float, ast: float, alt: float, platelets: float) -> float:
    """Age × AST / (platelets × √ALT), enzymes in U/L, platelets in 10⁹/L."""
    return age * ast / (platelets * sqrt(alt))


DIALYSIS = ask.yesno(
    "dialysis", "dialysis at least twice in the past week", "dialysis", "on dialysis",
    "haemodialysis", "hemodialysis",
)  # fmt: skip
_MELD = (ask.BILIRUBIN, ask.INR, ask.CREATININE, DIALYSIS)


def _meld_outcome(value: int, steps: str) -> Outcome:
    return Outcome(
        value=float(value),
        unit="points",
        shown=f"{value} points",
        interpretation="From 6, less ill, to 40, gravely ill: predicts three-month mortality.",
        steps=(f"{steps} = {value}",),
    )


def _meld(given: Given) -> Outcome:
    value = meld(
        given.number("bilirubin"),
        given.number("inr"),
        given.number("creatinine"),
        dialysis=given.yes("dialysis"),
    )
    return _meld_outcome(value, "3.78 ln(bilirubin) + 11.2 ln(INR) + 9.57 ln(creatinine) + 6.43")


def _meld_na(given: Given) -> Outcome:
    value = meld_na(
        given.number("bilirubin"),
        given.number("inr"),
        given.number("creatinine"),
        given.number("sodium"),
        dialysis=given.yes("dialysis"),
    )
    return _meld_outcome(value, "MELD + 1.32 × (137 − Na) − 0.033 × MELD × (137 − Na)")


def _meld_3(given: Given) -> Outcome:
    value = meld_3(
        given.number("bilirubin"),
        given.number("inr"),
        given.number("creatinine"),
        given.number("sodium"),
        given.number("albumin"),
        female=given.choice("sex") == "female",
        dialysis=given.yes("dialysis"),
    )
    return _meld_outcome(
        value,
        "1.33 (if female) + 4.56 ln(bilirubin) + 0.82 (137 − Na) − 0.24 (137 − Na) ln(bilirubin) "
        "+ 9.09 ln(INR) + 11.14 ln(creatinine) + 1.85 (3.5 − albumin) "
        "− 1.83 (3.5 − albumin) ln(creatinine) + 6",
    )


def _child_bilirubin(given: Given) -> float:
    """Below 2 mg/dL (34 µmol/L), 2 to 3 (34 to 51), above."""
    if given.unit("bilirubin") == "µmol/L":
        value, low, high = given.said["bilirubin"].value, 34.0, 51.0
    else:
        value, low, high = given.number("bilirubin"), 2.0, 3.0
    return 1 if value < low else 2 if value <= high else 3


def _child_albumin(given: Given) -> float:
    value = rounded(given.number("albumin"), 3)
    return 1 if value > 3.5 else 2 if value >= 2.8 else 3


def _child_inr(given: Given) -> float:
    return 1 if given.number("inr") < 1.7 else 2 if given.number("inr") <= 2.3 else 3


def _child_class(total: float, _given: Given) -> str:
    if total <= 6:
        return "Class A, well compensated."
    return "Class B, significant compromise." if total <= 9 else "Class C, decompensated."


def _fib4_reading(value: float, given: Given) -> str:
    rows = "Below 1.45: advanced fibrosis unlikely" if value < 1.45 else (
        "Above 3.25: advanced fibrosis likely" if value > 3.25 else "1.45 to 3.25: indeterminate"
    )  # fmt: skip
    if given.number("age") < 35:
        return f"{rows} (hepatitis C cut-offs). Not reliable below 35 years in fatty liver."
    rule_out = "2.0" if given.number("age") >= 65 else "1.3"
    return f"{rows} (hepatitis C cut-offs). In fatty liver, below {rule_out} rules out at this age."


def albi(bilirubin_umol: float, albumin_g_l: float) -> float:
    """Albumin-bilirubin score (Johnson 2015)."""
    return 0.66 * log10(bilirubin_umol) - 0.085 * albumin_g_l


def _albi_reading(value: float, _given: Given) -> str:
    return f"Grade {1 if value <= -2.60 else 2 if value <= -1.39 else 3}."


AST_LIMIT = ask.number("ast_limit", "upper limit of normal AST", "U/L", 15, 80,
                       "upper limit of normal", "ast upper limit")  # fmt: skip
PT = ask.number("prothrombin_time", "prothrombin time", "seconds", 8, 200, "pt",
                question="What is the prothrombin time, in seconds?")  # fmt: skip
PT_CONTROL = ask.number("control_pt", "control prothrombin time", "seconds", 8, 20, "control pt",
                        "control",
                        question="What is the control prothrombin time, in seconds?")  # fmt: skip

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "child_pugh", "Child-Pugh score",
        aliases=("child pugh", "child's pugh", "childs pugh", "child pugh score",
                 "child turcotte pugh",
                 "child class", "child pew"),
        purpose="Severity of cirrhosis.",
        reference="Pugh RNH et al. Br J Surg 1973;60:646–649",
        items=(
            rule("bilirubin", _child_bilirubin, ask.BILIRUBIN),
            rule("albumin", _child_albumin, ask.ALBUMIN),
            rule("INR", _child_inr, ask.INR),
            pick("ascites", "ascites", {"none": ("none", 1), "mild": ("mild", 2),
                 "moderate": ("moderate to severe", 3)},
                 {"none": ("no ascites", "without ascites"), "mild": ("mild ascites", "slight",
                  "slight ascites", "controlled ascites"),
                  "moderate": ("moderate ascites", "severe ascites", "moderate", "severe",
                               "tense ascites", "refractory ascites")}),
            pick("encephalopathy", "encephalopathy", {"none": ("none", 1),
                 "grade_1_2": ("grade 1 to 2", 2), "grade_3_4": ("grade 3 to 4", 3)},
                 {"none": ("no encephalopathy", "without encephalopathy"),
                  "grade_1_2": ("grade 1", "grade 2", "grade 1 encephalopathy",
                                "grade 2 encephalopathy", "mild encephalopathy", "1", "2"),
                  "grade_3_4": ("grade 3", "grade 4", "grade 3 encephalopathy",
                                "grade 4 encephalopathy", "severe encephalopathy", "3", "4")}),
        ),
        read=_child_class, most=15,
    ),
    Calculator(
        "meld", "MELD", ("meld", "meld score", "model for end stage liver disease"),
        "Three-month mortality in end-stage liver disease.", _MELD,
        "Kamath PS et al. Hepatology 2001;33:464–470", _meld,
    ),
    Calculator(
        "meld_na", "MELD-Na", ("meld na", "meld sodium", "meld n a", "sodium meld"),
        "Three-month mortality in end-stage liver disease, with sodium.",
        (ask.BILIRUBIN, ask.INR, ask.CREATININE, ask.SODIUM, DIALYSIS),
        "Kim WR et al. N Engl J Med 2008;359:1018–1026 (OPTN policy 2016)", _meld_na,
    ),
    Calculator(
        "meld_3", "MELD 3.0", ("meld3", "meld3 score"),
        "Three-month mortality in end-stage liver disease, with sex, sodium and albumin.",
        (ask.SEX, ask.BILIRUBIN, ask.INR, ask.CREATININE, ask.SODIUM, ask.ALBUMIN, DIALYSIS),
        "Kim WR et al. Gastroenterology 2021;161:1887–1895", _meld_3,
    ),
    formula(
        "fib4", "FIB-4",
        aliases=("fib4", "fib4 score", "fib4 index", "fibrosis 4"),
        purpose="Likelihood of advanced liver fibrosis.",
        reference="Sterling RK et al. Hepatology 2006;43:1317–1325",
        inputs=(ask.AGE, ask.AST, ask.ALT, ask.PLATELETS),
        value=lambda g: fib4(g.number("age"), g.number("ast"), g.number("alt"),
                             g.number("platelets")),
        unit="", decimals=2, read=_fib4_reading,
        arithmetic=lambda g: f"{fixed(g.number('age'))} × {fixed(g.number('ast'))} / "
                             f"({fixed(g.number('platelets'))} × √{fixed(g.number('alt'))})",
    ),
    formula(
        "apri", "APRI",
        aliases=("apri", "a p r i", "ast to platelet ratio", "apri score",
                 "ast platelet ratio index"),
        purpose="Likelihood of liver fibrosis in hepatitis C.",
        reference="Wai CT et al. Hepatology 2003;38:518–526",
        inputs=(ask.AST, AST_LIMIT, ask.PLATELETS),
        value=lambda g: 100 * g.number("ast") / g.number("ast_limit") / g.number("platelets"),
        unit="", decimals=2,
        arithmetic="100 × (AST / upper limit of normal) / platelets",
        read=lambda v, _g: "0.5 or below: significant fibrosis unlikely." if v <= 0.5 else (
            "Above 1.5: significant fibrosis likely." if v > 1.5 else "Indeterminate."),
    ),
    formula(
        "maddrey", "Maddrey discriminant function",
        aliases=("maddrey", "discriminant function", "maddrey score",
                 "maddrey discriminant function"),
        purpose="Severity of alcoholic hepatitis.",
        reference="Maddrey WC et al. Gastroenterology 1978;75:193–199",
        inputs=(PT, PT_CONTROL, ask.BILIRUBIN),
        value=lambda g: 4.6 * (g.number("prothrombin_time") - g.number("control_pt"))
        + g.number("bilirubin"),
        unit="", decimals=1,
        arithmetic="4.6 × (prothrombin time − control) + bilirubin in mg/dL",
        read=lambda v, _g: "32 or more: severe alcoholic hepatitis." if v >= 32 else "Below 32.",
    ),
    formula(
        "albi", "ALBI score",
        aliases=("albi", "albumin bilirubin score", "albi grade", "albi score"),
        purpose="Liver function in hepatocellular carcinoma.",
        reference="Johnson PJ et al. J Clin Oncol 2015;33:550–558",
        inputs=(ask.BILIRUBIN, ask.ALBUMIN),
        value=lambda g: albi(g.number("bilirubin") * 17.1, g.number("albumin") * 10),
        unit="", decimals=2, read=_albi_reading,
        arithmetic="0.66 × log10(bilirubin in µmol/L) − 0.085 × albumin in g/L",
    ),
)  # fmt: skip
