"""How true and how fast the claim gate and the wording are: `python perf/gate_bench.py`.

Judges generated sentences (true ones as they stand and reworded; altered ones with one clinical
fact changed) against their passages, times the gate with five passages at hand, and says the
wording corpus. Prints a table; `--write` also puts it into perf/RESULTS.md under "Truth".
"""

from __future__ import annotations

import argparse
import gc
import re
import sys
import time
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agents.facts import facts  # noqa: E402
from agents.gate import Source, check, read  # noqa: E402
from agents.wording import word  # noqa: E402
from tests.agents.altered_sentences import examples  # noqa: E402
from tests.agents.test_paraphrases import PAIRS  # noqa: E402

SEEDS = range(5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="DATE", help="put the table into perf/RESULTS.md")
    arguments = parser.parse_args()
    rows = [*_truth(), *_speed(), *_wording()]
    table = "\n".join(["| figure | value |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])
    print(table)
    if arguments.write:
        _write(table, arguments.write)


def _truth() -> list[tuple[str, str]]:
    altered_passed, kinds, altered_all, true_all, blocked = 0, Counter[str](), 0, 0, 0
    for seed in SEEDS:
        true, altered = examples(seed)
        altered_all += len(altered)
        kinds.update(one.altered for one in altered)
        altered_passed += sum(
            check(one.text, [Source(one.headings, one.passage)]).passed for one in altered
        )
    for one in true:
        true_all += 1
        blocked += not check(one.text, [Source(one.headings, one.passage)]).passed
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    said = [(one, check(one.true, [one.source]).passed) for one in PAIRS]
    turned = sum(check(one.altered, [one.source]).passed for one in PAIRS)
    return [
        (f"paraphrases with one fact changed passed, of {len(said)}", str(turned)),
        (f"true paraphrases blocked, of {len(said)}", str(sum(not passed for _, passed in said))),
        (f"altered sentences passed, of {altered_all} ({listed})", str(altered_passed)),
        (f"true sentences blocked, of {true_all}", f"{blocked} ({blocked / true_all:.2%})"),
    ]


def _speed() -> list[tuple[str, str]]:
    true, altered = examples(0)
    facts.cache_clear()  # so that each sentence is read for the first time
    passages = list(dict.fromkeys((one.headings, one.passage) for one in true))
    for headings, passage in passages:  # an answer's passages are read before it is written
        read([Source(headings, passage)])
    gc.collect()
    gc.disable()  # a full collection of what this bench holds takes some 50 ms, whoever triggers it
    took = []
    for index, one in enumerate(altered):
        others = [passages[(index * 7 + step) % len(passages)] for step in range(4)]
        sources = [Source(*pair) for pair in ((one.headings, one.passage), *others)]
        began = time.process_time()
        check(one.text, sources)
        took.append((time.process_time() - began) * 1000)
    gc.enable()
    took.sort()
    return [
        (
            "gate, CPU ms a sentence against 5 passages, p50 / p95 / p99.9 / most",
            " / ".join(f"{took[int((len(took) - 1) * at)]:.2f}" for at in (0.5, 0.95, 0.999, 1)),
        ),
    ]


def _wording() -> list[tuple[str, str]]:
    corpus = yaml.safe_load((ROOT / "tests/agents/wording_corpus.yaml").read_text("utf-8"))
    right = sum(word(row["shown"]).spoken == row["spoken"] for row in corpus)
    word.cache_clear()
    began = time.perf_counter()
    for row in corpus:
        word(row["shown"])
    each = (time.perf_counter() - began) / len(corpus) * 1000
    return [
        (f"wording corpus said right, of {len(corpus)}", f"{right} ({right / len(corpus):.0%})"),
        ("wording, ms a string", f"{each:.2f}"),
    ]


def _write(table: str, date: str) -> None:
    path = ROOT / "perf" / "RESULTS.md"
    text = path.read_text("utf-8") if path.exists() else "# Results\n"
    section = (
        f"## Truth\n{date}, 2 cores, 24 GB, no GPU; `python perf/gate_bench.py`. The sentences are "
        f"made from the sample library and a text held out for this.\n\n{table}\n"
    )
    text = re.sub(r"\n## Truth\n.*?(?=\n## |\Z)", "", text, flags=re.DOTALL).rstrip("\n")
    path.write_text(f"{text}\n\n{section}", encoding="utf-8")


if __name__ == "__main__":
    main()
