"""Real PDFs made here, read in the real worker."""

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from ingest.parse import ParseLimits, PdfParser, read_pdf
from rag.errors import IngestError


def write_pdf(path: Path, pages: list[str], **save: object) -> Path:
    document = pymupdf.open()
    for text in pages:
        document.new_page().insert_textbox(pymupdf.Rect(50, 50, 550, 780), text, fontname="china-s", fontsize=11)
    document.save(path, **save)
    document.close()
    return path


@pytest.fixture(scope="module")
def parser() -> Iterator[PdfParser]:
    with PdfParser(ParseLimits(ocr=False)) as made:
        yield made


def test_pages_labels_and_boxes(tmp_path: Path, parser: PdfParser) -> None:
    seen: list[tuple[int, int]] = []
    path = write_pdf(tmp_path / "a.pdf", ["第一页说的是收入增长。", "Page two speaks of margins."])
    report = parser.parse(path, lambda done, total: seen.append((done, total)))
    assert report.page_count == 2
    assert [p.text for p in report.pages] == ["第一页说的是收入增长。", "Page two speaks of margins."]
    assert seen == [(1, 2), (2, 2)]
    box = report.pages[0].blocks[0].pieces[0].box
    assert 49 < box.x0 < 52
    assert 45 < box.y0 < 70


def test_boxes_are_those_of_the_page_as_displayed(tmp_path: Path, parser: PdfParser) -> None:
    path = write_pdf(tmp_path / "plain.pdf", ["turned page text stands here"])
    with pymupdf.open(path) as document:
        document[0].set_rotation(90)
        document.save(tmp_path / "turned.pdf")
    page = parser.parse(tmp_path / "turned.pdf").pages[0]
    assert page.width > page.height
    box = page.blocks[0].pieces[0].box
    assert box.x0 > page.width * 0.8  # the top of the unturned page is the right edge now


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<html><body>hello</body></html>", "not a PDF"),
        (b"%PDF-1.7\nthis is no PDF at all", "PDF"),
    ],
)
def test_what_is_no_pdf_has_a_reason(tmp_path: Path, parser: PdfParser, content: bytes, reason: str) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    with pytest.raises(IngestError, match=reason) as caught:
        parser.parse(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_has_a_reason(tmp_path: Path, parser: PdfParser) -> None:
    with pytest.raises(IngestError, match="No such file"):
        parser.parse(tmp_path / "none.pdf")


def test_an_encrypted_pdf_needs_its_password_but_an_empty_one_opens_it(tmp_path: Path, parser: PdfParser) -> None:
    locked = write_pdf(
        tmp_path / "l.pdf", ["secret"], encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y"
    )
    with pytest.raises(IngestError, match="password"):
        parser.parse(locked)
    opened = write_pdf(tmp_path / "o.pdf", ["plain"], encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="y")
    assert parser.parse(opened).pages[0].text == "plain"


def test_the_page_limit_warns(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "three.pdf", ["one", "two", "three"])
    report = read_pdf(path, ParseLimits(ocr=False, max_pages=2))
    assert report.page_count == 2
    assert "first 2 of 3 pages" in report.warnings[-1]


def test_a_worker_that_stalls_is_killed_and_the_next_file_is_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", ["text"])
    with (
        PdfParser(ParseLimits(ocr=False, page_seconds=0.001)) as parser,
        pytest.raises(IngestError, match="no page was finished"),
    ):
        parser.parse(path)
    with PdfParser(ParseLimits(ocr=False)) as parser:
        assert parser.parse(path).page_count == 1


def test_tiny_and_transparent_text_is_not_read(tmp_path: Path, parser: PdfParser) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((50, 50), "visible words", fontsize=11)
    page.insert_text((50, 100), "hidden words", fontsize=1)
    document.save(tmp_path / "h.pdf")
    assert parser.parse(tmp_path / "h.pdf").pages[0].text == "visible words"


def test_a_scanned_page_is_read_by_ocr(tmp_path: Path) -> None:
    plain = write_pdf(tmp_path / "plain.pdf", ["营业收入增长百分之十二"])
    with pymupdf.open(plain) as document:
        document[0].insert_text((50, 120), "Net profit 1,234 million", fontsize=11)
        picture = document[0].get_pixmap(dpi=150)
    scan = pymupdf.open()
    page = scan.new_page()
    page.insert_image(page.rect, pixmap=picture)
    scan.save(tmp_path / "scan.pdf")
    with PdfParser(ParseLimits()) as parser:
        found = parser.parse(tmp_path / "scan.pdf").pages[0]
    assert found.read_by == "ocr"
    assert "营业收入增长百分之十二" in found.text
    assert "1,234" in found.text
    assert abs(found.blocks[0].pieces[0].box.x0 - 50) < 6
