"""What the recogniser learns: spoken words, a language model that adds up, pronunciations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pocketsphinx
import pytest

from voice_server.speech.hearing.language.counting import counted
from voice_server.speech.hearing.language.mixing import mixed
from voice_server.speech.hearing.language.numbers import number_words
from voice_server.speech.hearing.language.pronunciations import arpabet, pronounced
from voice_server.speech.hearing.language.questions import asked
from voice_server.speech.hearing.language.shipped_model import read_trie
from voice_server.speech.hearing.language.spoken import sentences
from voice_server.speech.hearing.language.trigrams import Lookup, TrigramModel, write_arpa
from voice_server.speech.hearing.learning import headings, rare_words
from voice_server.speech.hearing.level import TARGET_RMS, EvenLevel
from voice_server.speech.hearing.stability import StablePrefix
from voice_server.speech.hearing.wording import as_text

SHIPPED = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us.lm.bin"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Give 1.5 mg IV.", ["give one point five milligrams i. v."]),
        ("0.1 units/kg/hour", ["zero point one units per kilogram per hour"]),
        ("88-92%", ["eighty eight to ninety two percent"]),
        ("K+ < 3.5 mmol/L", ["k. plus less than three point five millimoles per liter"]),
        ("treat DKA", ["treat d. k. a."]),
        ("MRSA cover", ["m. r. s. a. cover", "mrsa cover"]),
        ("co-amoxiclav 1.2 g TDS", ["co amoxiclav one point two grams three times daily"]),
        ("Stop. Wait 10 min", ["stop", "wait ten minutes"]),
        ("see https://example.org/x now", ["see now"]),
    ],
)
def test_written_text_becomes_the_words_that_are_said(written: str, spoken: list[str]) -> None:
    assert [" ".join(words) for words, _ in sentences(written)] == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("0", "zero"),
        ("15", "fifteen"),
        ("1,200", "one thousand two hundred"),
        ("2.05", "two point zero five"),
        ("1000000", "one million"),
        ("007", "zero zero seven"),
    ],
)
def test_numbers_are_read_aloud(written: str, spoken: str) -> None:
    assert number_words(written) == spoken


def test_the_shipped_model_is_read_as_pocketsphinx_reads_it() -> None:
    model = read_trie(SHIPPED)
    decoder = pocketsphinx.Decoder(loglevel="FATAL")
    theirs, to_log10 = decoder.get_lm(), np.log10(1.0001)
    for row in np.random.default_rng(1).integers(0, len(model.trigrams), 200):
        newest_first = [model.words[number] for number in model.trigrams[row][::-1]]
        assert model.trigram[row] == pytest.approx(theirs.prob(newest_first) * to_log10, abs=1e-3)


def small(*texts: str) -> TrigramModel:
    return counted((tuple(text.split()), 1.0) for text in texts)


def total(model: TrigramModel, *context: str) -> float:
    number = {word: index for index, word in enumerate(model.words)}
    rows = np.array([[*(number[w] for w in context), w] for w in range(len(model.words))])
    lookup = Lookup(model)
    ask = (lookup.unigram, lookup.bigram, lookup.trigram)[len(context)]
    return float(ask(rows).sum())


@pytest.mark.parametrize("context", [(), ("give",), ("<s>", "give"), ("give", "one"), ("one",)])
def test_probabilities_add_up_alone_and_mixed(context: tuple[str, ...]) -> None:
    library = small("give one gram", "give one dose", "stop")
    general = small("give me one", "one day", "give it a day", "stop it")
    words = {*library.words, *general.words}
    mix = mixed(general, library, share=0.5, words=words, least_gain=-1.0)
    assert total(library, *context) == pytest.approx(1.0, abs=1e-3)
    assert total(mix, *context) == pytest.approx(1.0, abs=1e-3)


def test_mixing_takes_half_of_each() -> None:
    library, general = small("give one gram"), small("give me one")
    mix = mixed(general, library, share=0.5, words={*library.words, *general.words}, least_gain=-1)
    at = [mix.words.index(word) for word in ("<s>", "give", "one")]
    alone = [library.words.index(word) for word in ("<s>", "give", "one")]
    told = Lookup(library).trigram(np.array([alone]))[0]
    other = [general.words.index(word) for word in ("<s>", "give", "one")]
    untold = Lookup(general).trigram(np.array([other]))[0]
    assert Lookup(mix).trigram(np.array([at]))[0] == pytest.approx((told + untold) / 2)


def test_a_written_model_is_loaded_by_the_recogniser(tmp_path: Path) -> None:
    model = small("stop", "wait", "give one gram")
    write_arpa(model, tmp_path / "m.arpa")
    decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
    loaded = pocketsphinx.NGramModel(decoder.config, decoder.logmath, str(tmp_path / "m.arpa"))
    log10 = loaded.prob(["gram", "one", "give"]) * np.log10(1.0001)
    at = np.array([[model.words.index(word) for word in ("give", "one", "gram")]])
    assert log10 == pytest.approx(np.log10(Lookup(model).trigram(at)[0]), abs=1e-3)


def test_new_words_are_pronounced() -> None:
    assert arpabet("dˈæbɪɡˌætɹən") == "D AE B IH G AE T R AH N"
    assert all(pronounced(["idarucizumab", "hyperkalaemia"]).values())


def test_the_librarys_terms_become_questions() -> None:
    text = (
        "# Reversal of dabigatran\nDabigatran is reversed. Give idarucizumab. Idarucizumab works."
    )
    assert ("reversal", "of", "dabigatran") in headings(text)
    terms = rare_words(list(sentences(text)), common={"give", "works", "reversed", "reversal"})
    assert "idarucizumab" in terms
    questions = {" ".join(words) for words, _ in asked([("idarucizumab",)], weight=1.0)}
    assert "what is the dose of idarucizumab" in questions


def test_spelled_letters_are_shown_joined() -> None:
    assert as_text("treat d. k. a. with i. v. insulin") == "treat DKA with IV insulin"
    assert as_text("vitamin k.") == "vitamin K"


def test_a_word_is_stable_once_it_stood_still_and_stays_so() -> None:
    prefix = StablePrefix(hold_ms=400)
    assert prefix.update(["why"], 100) == ([], ["why"])
    assert prefix.update(["what", "is"], 200)[0] == []
    for at_ms in (300, 400, 500):
        assert prefix.update(["what", "is", "the"], at_ms)[0] == []
    assert prefix.update(["what", "is", "the", "dose"], 700) == (["what", "is", "the"], ["dose"])
    assert prefix.update(["why", "this"], 800)[0] == ["what", "is", "the"]


@pytest.mark.parametrize("gain", [0.1, 0.3, 3.0])
def test_speech_is_brought_to_one_level_and_no_sample_is_lost(gain: float) -> None:
    wave = 2600 * np.sqrt(2) * np.sin(np.arange(16_000) / 5) * gain
    pcm = bytes(6400) + np.clip(wave, -32768, 32767).astype("<i2").tobytes()
    level = EvenLevel()
    out = b"".join(level.feed(pcm[at : at + 640]) for at in range(0, len(pcm), 640))
    out += level.flush()
    assert len(out) == len(pcm)
    rms = np.sqrt(np.mean(np.frombuffer(out[6400:], np.int16).astype(float) ** 2))
    assert rms == pytest.approx(TARGET_RMS, rel=0.15)
