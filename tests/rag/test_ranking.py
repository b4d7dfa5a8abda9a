"""Order and judgement of what was found, without index or encoder."""

from __future__ import annotations

import math
from uuid import uuid4

from rag.index import Hit
from rag.ranking import MOST_TOLD, Question, Rarity, answers, gist, rank, understand
from rag.terms import document_sparse
from storage.records import Passage

EVEN = Rarity(100, {})


def hit(
    text: str, section: str = "", *, cosine: float = 0.5, nearest: float = 0.5, fused: float = 0.03
) -> Hit:
    passage = Passage(uuid4(), uuid4(), 0, (section,) if section else (), None, text)
    terms = frozenset(document_sparse(text).indices)
    return Hit(passage, fused, cosine, nearest, terms)


def best(question: Question, *hits: Hit, heading: str = "") -> str:
    return rank(question, hits, lambda _: heading)[0].hit.passage.text


def test_of_passages_alike_the_one_that_covers_the_question_comes_first() -> None:
    question = understand("gentamicin trough level", EVEN)
    assert best(question, hit("Gentamicin dose"), hit("Gentamicin trough level")).endswith("level")


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    counts = {n: 90 for n in document_sparse("dose adult").indices}
    question = understand("adult dose of teicoplanin", Rarity(100, counts))
    assert best(question, hit("Adult dose"), hit("Teicoplanin")) == "Teicoplanin"


def test_a_passage_about_another_drug_stands_behind() -> None:
    question = understand("maximum dose of paracetamol", EVEN)
    other = hit("Maximum dose of ibuprofen", cosine=0.62, nearest=0.62)
    assert best(question, other, hit("Acetaminophen 4 g", cosine=0.6, nearest=0.6)) != (
        other.passage.text
    )


def test_a_section_about_what_is_asked_comes_first_on_the_page_about_the_illness() -> None:
    question = understand("how is croup treated", EVEN)
    near = hit("Laryngitis", "Background", cosine=0.55)
    treated = hit("Give dexamethasone", "Immediate management")
    assert best(question, near, treated, heading="Croup") == "Give dexamethasone"
    assert best(question, near, treated, heading="Stridor") == "Laryngitis"


def test_an_old_edition_stands_behind_a_newer_one() -> None:
    new, old = hit("Vancomycin 15 mg"), hit("Vancomycin 20 mg", fused=0.031)
    ranked = rank(
        understand("vancomycin", EVEN),
        [old, new],
        lambda _: "",
        penalty=lambda h: 0.85 if h is old else 1,
    )
    assert ranked[0].hit is new


def test_scores_lie_between_zero_and_one() -> None:
    hits = [hit("x", cosine=-0.9, nearest=-0.9), hit("dose " * 9, cosine=1, nearest=1, fused=0.04)]
    assert all(
        0 <= one.score <= 1 for one in rank(understand("dose", EVEN), hits, lambda _: "dose")
    )


def test_close_passages_answer_and_distant_ones_do_not() -> None:
    question = understand("maximum dose of paracetamol", EVEN)

    def judged(one: Hit) -> bool:
        return answers(rank(question, [one], lambda _: ""))

    assert judged(hit("Maximum dose of paracetamol", cosine=0.6, nearest=0.7))
    assert not judged(hit("Paracetamol", cosine=0.3, nearest=0.35))
    assert not judged(hit("Maximum dose of ibuprofen", cosine=0.7, nearest=0.7))
    assert not answers([])


def test_without_vectors_coverage_decides() -> None:
    question = understand("maximum dose of paracetamol", EVEN)
    nan = math.nan
    full = hit("maximum dose of paracetamol", cosine=nan, nearest=nan)
    part = hit("paracetamol", cosine=nan, nearest=nan)
    assert answers(rank(question, [full], lambda _: ""))
    assert not answers(rank(question, [part], lambda _: ""))


def test_a_passage_that_says_all_of_a_short_question_answers_unless_it_is_far() -> None:
    question = understand("when is ffp given", EVEN)

    def judged(cosine: float) -> bool:
        one = hit("Fresh frozen plasma is given", cosine=cosine, nearest=cosine)
        return answers(rank(question, [one], lambda _: ""))

    assert judged(0.35)
    assert not judged(0.2)


def test_the_question_decides_and_the_account_before_it_helps() -> None:
    question = understand("which vasopressor", EVEN, told="apixaban and a hip replacement")
    asked, told = hit("Vasopressor"), hit("Hip replacement, apixaban")
    both = hit("Vasopressor after a hip replacement")
    ranked = rank(question, [told, asked, both], lambda _: "")
    assert [one.hit for one in ranked] == [both, asked, told]
    assert all(one.names_drug for one in ranked)  # a drug that was told of need not be named
    assert ranked[1].asked == 1


def test_of_an_account_the_rarest_words_that_the_library_has_are_kept() -> None:
    account = " ".join(f"word{n}" for n in range(40))
    counts = {n: 1 for n in document_sparse(account).indices}
    counts |= {n: 90 for n in document_sparse("common").indices}
    rarity = Rarity(100, counts)
    kept = gist(f"daughter common {account}", rarity).split()
    assert len(kept) == MOST_TOLD
    assert not {"daughter", "common"} & set(kept)
