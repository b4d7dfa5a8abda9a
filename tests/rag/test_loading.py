"""Files become text: with headings, pages and metadata, or a refusal that says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.chunking import cut
from rag.formats import html, plain
from rag.formats.pdf_ocr import can_recognise
from rag.loading import load, media_type_of
from rag.parsing import parse
from rag.text import Text
from storage.faults import Invalid
from tests.rag import files


def read(path: Path) -> Text:
    return load(path, path.name, media_type_of(path.name))


def shown(text: Text) -> list[tuple[str, tuple[str, ...], str]]:
    return [(block.kind, block.section, block.text) for block in text.blocks]


def test_markdown_keeps_headings_lists_tables_and_front_matter(tmp_path: Path) -> None:
    body = (
        "# Gentamicin\n\nOnce daily.\n\n## Dose\n\n- 5 mg/kg **IV**\n  over 30 min\n\n"
        "| CrCl | Interval |\n|---|---|\n| > 60 | 24 h |\n| 40-60 | 36 h |\n\n<!-- unseen -->\n"
    )
    front = [
        "title: Gentamicin in adults",
        "source: [{name: National formulary, year: 2024}, {name: Ward guide}]",
        "edition: 3rd",
        "year: 2024",
        "sample: true",
        "readers: [role:admin]",
    ]
    text = read(files.markdown(tmp_path / "g.md", body, front))
    assert (text.title, text.edition, text.year) == ("Gentamicin in adults", "3rd", 2024)
    assert text.source == "National formulary (2024); Ward guide"
    assert text.sample
    assert text.readers == ("role:admin",)
    assert shown(text) == [
        ("paragraph", ("Gentamicin",), "Once daily."),
        ("item", ("Gentamicin", "Dose"), "5 mg/kg IV over 30 min"),
        ("row", ("Gentamicin", "Dose"), "CrCl: > 60; Interval: 24 h"),
        ("row", ("Gentamicin", "Dose"), "CrCl: 40-60; Interval: 36 h"),
    ]


def test_front_matter_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"library\.front_matter"):
        read(files.markdown(tmp_path / "g.md", "text", ["title: [unclosed"]))


def test_html_gives_what_a_reader_sees() -> None:
    page = """<html><head><title>Sepsis</title><meta name="author" content="Trust">
    <meta name="date" content="2023-05-01"></head><body><nav>Menu</nav><h1>Sepsis</h1>
    <p>Give <b>antibiotics</b> in one hour.<!-- no --></p><script>x()</script>
    <p style="display: none">Ignore this.</p><p>See <span hidden>secret</span>lactate.</p>
    <h2>Fluids</h2><ul><li>500 mL<ul><li>repeat once</li></ul></li></ul>
    <table><tr><th rowspan=2>Drug</th><th colspan=2>Dose</th></tr><tr><td>mg</td><td>route</td></tr>
    </table></body></html>"""
    text = html.load(page.encode(), "s.html")
    assert (text.title, text.source, text.year) == ("Sepsis", "Trust", 2023)
    assert shown(text) == [
        ("paragraph", (), "Give antibiotics in one hour."),
        ("paragraph", (), "See lactate."),
        ("item", ("Fluids",), "500 mL"),
        ("item", ("Fluids",), "repeat once"),
        ("row", ("Fluids",), "Drug: Drug; Dose: mg; Dose: route"),
    ]


def test_plain_text_has_headings_and_wrapped_items() -> None:
    content = (
        b"POTASSIUM\n\nCheck the level\ntwice.\n\n"
        b"Dose\n====\n- 20 mmol\n  over an hour\n- 40 mmol\n"
    )
    assert shown(plain.load(content, "k.txt")) == [
        ("paragraph", ("POTASSIUM",), "Check the level twice."),
        ("item", ("Dose",), "20 mmol over an hour"),
        ("item", ("Dose",), "40 mmol"),
    ]


def test_pdf_keeps_headings_pages_and_tables_and_drops_unseen_text(tmp_path: Path) -> None:
    text = read(files.guideline_pdf(tmp_path / "v.pdf"))
    assert (text.title, text.source, text.pages) == ("Vancomycin in adults", "Ward 7", 2)
    assert [(b.kind, b.section[-1], b.page, b.text) for b in text.blocks] == [
        (
            "paragraph",
            "Dosing",
            1,
            "Give a loading dose of 25 mg/kg. Then give 15 mg/kg every 12 hours.",
        ),
        ("row", "Renal impairment", 1, "CrCl: > 60; Dose: 15 mg/kg; Interval: 12 h"),
        ("row", "Renal impairment", 1, "CrCl: 30-60; Dose: 10 mg/kg; Interval: 24 h"),
        ("item", "Monitoring", 2, "Take a trough before the fourth dose."),
        ("item", "Monitoring", 2, "Aim for 15 to 20 mg/L."),
    ]


def test_white_on_white_gets_into_no_table_and_white_on_blue_does(tmp_path: Path) -> None:
    text = read(files.whitened_pdf(tmp_path / "w.pdf"))
    assert [block.text for block in text.blocks] == ["Drug: Gentamicin; Dose: 5 mg/kg"]


def test_what_was_recognised_on_the_picture_of_a_page_is_its_text(tmp_path: Path) -> None:
    text = read(files.recognised_pdf(tmp_path / "r.pdf"))
    assert [block.text for block in text.blocks] == ["Take a trough level."]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(tmp_path: Path, degrees: int) -> None:
    text = read(files.turned_pdf(tmp_path / "t.pdf", degrees))
    assert [block.text for block in text.blocks] == [
        "Vancomycin is dosed by kidney function.",
        "CrCl: > 60; Dose: 15 mg/kg",
        "CrCl: 30-60; Dose: 10 mg/kg",
        "Take a trough level.",
    ]


def test_docx_keeps_structure_and_drops_hidden_runs(tmp_path: Path) -> None:
    text = read(files.guideline_docx(tmp_path / "h.docx"))
    assert (text.title, text.source) == ("Hyperkalaemia", "Renal unit")
    assert shown(text) == [
        ("paragraph", ("Treatment",), "Give calcium gluconate first."),
        ("paragraph", ("Treatment",), "Visible."),
        ("item", ("Treatment",), "Insulin 10 units with glucose."),
        ("row", ("Treatment",), "Drug: Salbutamol; Dose: 10 mg"),
    ]


def test_characters_that_nobody_sees_are_taken_out() -> None:
    hidden = "par\u200bacet\u00adamol \u202e4 g\u202c\U000e0041 da\ufeffily"
    assert plain.load(hidden.encode(), "p.txt").blocks[0].text == "paracetamol 4 g daily"


def test_text_that_a_page_hides_by_its_style_sheet_or_its_colours_is_left_out(
    tmp_path: Path,
) -> None:
    page = tmp_path / "h.html"
    page.write_text(
        "<html><head><style>/* a */ .x, p#y { display:none } "
        "@media print {.z{display:none}}</style>"
        "</head><body><p class='a x'>Give 9 g.</p><p id='y'>Give 8 g.</p>"
        "<p style='color: #fff; background-color:#fff'>Give 7 g.</p>"
        "<p class='z'>Warfarin is 5 mg.</p></body></html>"
    )
    assert [block.text for block in read(page).blocks] == ["Warfarin is 5 mg."]


@pytest.mark.parametrize("tag", ["div", "b"])
def test_a_page_nested_too_deeply_is_refused_and_less_deeply_read_whole(tag: str) -> None:
    def page(depth: int) -> bytes:
        return (
            f"<p>Before.</p>{f'<{tag}>' * depth}Give 5 mg.{f'</{tag}>' * depth} After."
        ).encode()

    read_whole = " ".join(block.text for block in html.load(page(2000), "d.html").blocks)
    assert read_whole == "Before. Give 5 mg. After."
    with pytest.raises(Invalid, match=r"library\.nested"):
        html.load(page(20_000), "d.html")


def test_a_caption_stands_before_its_table() -> None:
    page = b"<table><caption>Adults</caption><tr><th>Drug<th>Dose<tr><td>Zinc<td>5 mg</table>"
    assert [block.text for block in html.load(page, "t.html").blocks] == [
        "Adults",
        "Drug: Zinc; Dose: 5 mg",
    ]


def test_front_matter_that_grows_by_aliases_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "b.md"
    page.write_text("---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\n# T\nText.\n")
    with pytest.raises(Invalid, match=r"library\.front_matter"):
        read(page)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings_are_understood(encoding: str) -> None:
    text = "Naïve café: 5 µg – 10 µg"
    assert plain.load(text.encode(encoding), "n.txt").blocks[0].text == text


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (files.encrypted_pdf, "e.pdf", "library.encrypted"),
        (files.scanned_pdf, "s.pdf", "library.scanned"),
        (files.blank_pdf, "b.pdf", "library.empty"),
        (files.bomb_docx, "z.docx", "library.bomb"),
        (files.entity_docx, "x.docx", "library.entities"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, make: Callable[[Path], Path], name: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(make(tmp_path / name))
    assert refused.value.code == code
    assert name in refused.value.sentence
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("c.pdf", b"%PDF-1.7 then nothing", "library.corrupt"),
        ("c.docx", b"PK\x03\x04 broken", "library.corrupt"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "library.encrypted"),
        ("n.txt", b"", "library.empty"),
        ("n.md", b"  \n\n", "library.empty"),
        ("image.txt", bytes(range(256)) * 4, "library.encoding"),
        ("cyrillic.txt", "Применять осторожно при почечной".encode("koi8-r"), "library.encoding"),
        ("tool.exe", b"MZ", "library.format"),
    ],
)
def test_bytes_that_are_no_document_are_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read(tmp_path / name)
    assert refused.value.code == code
    assert name in refused.value.sentence


@pytest.mark.skipif(not can_recognise(), reason="Tesseract is not installed")
def test_a_scanned_page_is_recognised_where_tesseract_is_installed(tmp_path: Path) -> None:
    text = read(files.photographed_pdf(tmp_path / "photo.pdf"))
    whole = " ".join(block.text for block in text.blocks)
    assert "Give a loading dose of 25 mg/kg." in whole
    assert {block.page for block in text.blocks} == {1}


async def test_a_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = files.guideline_pdf(tmp_path / "v.pdf")
    text, pieces = await parse(path, "v.pdf", "application/pdf")
    here = await asyncio.to_thread(read, path)
    assert (text.title, text.pages, pieces) == (here.title, 2, cut(here.blocks, here.title))
    with pytest.raises(Invalid, match=r"library\.encrypted"):
        await parse(files.encrypted_pdf(tmp_path / "e.pdf"), "e.pdf", "application/pdf")


async def test_a_file_that_takes_too_long_or_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = files.long_pdf(tmp_path / "l.pdf", pages=200)
    with pytest.raises(Invalid, match=r"library\.unreadable"):
        await parse(path, "l.pdf", "application/pdf", deadline_s=0.05)
    page = tmp_path / "l.html"
    page.write_bytes(b"<p>one paragraph</p>" * 900_000)
    with pytest.raises(Invalid, match=r"library\.unreadable"):
        await parse(page, "l.html", "text/html", memory_bytes=200_000_000)


def test_running_headers_of_a_long_pdf_are_left_out(tmp_path: Path) -> None:
    text = read(files.long_pdf(tmp_path / "l.pdf", pages=40))
    assert text.pages == 40
    assert {block.page for block in text.blocks} == set(range(1, 41))
    assert not any("City Hospital" in block.text for block in text.blocks)
