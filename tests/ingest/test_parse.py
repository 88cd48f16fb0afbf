"""Real PDFs made here, read in the real worker."""

import importlib.util
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from ingest.document import Passwords, open_document
from ingest.parse import ParseLimits, PdfParser, read_pdf
from ingest.worker import usage_of
from rag.errors import IngestError


def _load_bombs() -> Any:
    spec = importlib.util.spec_from_file_location("bombs", Path(__file__).with_name("bombs.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bombs = _load_bombs()


def write_pdf(path: Path, pages: list[str], **save: object) -> Path:
    document = pymupdf.open()
    for text in pages:
        document.new_page().insert_textbox(pymupdf.Rect(50, 50, 550, 780), text, fontname="china-s", fontsize=11)
    document.save(path, **save)
    document.close()
    return path


@pytest.fixture(scope="module")
def parser() -> Iterator[PdfParser]:
    with PdfParser(ParseLimits(ocr="never")) as made:
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


def locked_pdf(path: Path, user: str, owner: str = "owner") -> Path:
    return write_pdf(path, ["secret text"], encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw=owner)


def test_an_encrypted_pdf_needs_its_password_but_an_empty_one_opens_it(tmp_path: Path, parser: PdfParser) -> None:
    locked = locked_pdf(tmp_path / "l.pdf", "x")
    with pytest.raises(IngestError, match=r"^encrypted: it needs a password \(REPORT_RAG_PDF_PASSWORDS, or \"password"):
        parser.parse(locked)
    assert parser.parse(locked_pdf(tmp_path / "o.pdf", "")).pages[0].text == "secret text"


@pytest.mark.parametrize("password", ["x", "owner", "pässwört", "密码"])
def test_the_password_given_opens_it(tmp_path: Path, parser: PdfParser, password: str) -> None:
    locked = locked_pdf(tmp_path / "l.pdf", password if password != "owner" else "x")
    assert parser.parse(locked, passwords=["no", password]).pages[0].text == "secret text"


def test_a_wrong_password_is_an_error_that_does_not_show_it(tmp_path: Path, parser: PdfParser) -> None:
    locked = locked_pdf(tmp_path / "l.pdf", "x")
    with pytest.raises(IngestError, match=r"^encrypted: the password given is wrong$") as caught:
        parser.parse(locked, passwords=["hush"])
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_the_passwords_of_the_settings_are_tried_on_every_file(tmp_path: Path) -> None:
    with PdfParser(ParseLimits(ocr="never"), ["one", "two"]) as parser:
        assert parser.parse(locked_pdf(tmp_path / "l.pdf", "two")).pages[0].text == "secret text"
        assert parser.parse(locked_pdf(tmp_path / "m.pdf", "three"), passwords=["three"]).page_count == 1
        with pytest.raises(IngestError, match="none of REPORT_RAG_PDF_PASSWORDS opens it"):
            parser.parse(locked_pdf(tmp_path / "n.pdf", "four"))


def test_a_file_of_too_many_objects_is_not_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", ["text"])
    with pytest.raises(IngestError, match=r"objects, more than 5 \(REPORT_RAG_MAX_OBJECTS\)"):
        open_document(path, ParseLimits(max_objects=5), Passwords())


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", ["text"])
    with path.open("ab") as file:
        file.truncate(2 * 2**20)
    with pytest.raises(IngestError, match=r"2 MB, larger than 1 MB \(REPORT_RAG_MAX_FILE_MB\)"):
        read_pdf(path, ParseLimits(file_mb=1))


def test_text_past_the_limit_of_a_page_is_cut_with_a_warning(tmp_path: Path) -> None:
    document = pymupdf.open()
    sheet = document.new_page()
    for number in range(20):
        sheet.insert_text((50, 50 + 36 * number), f"Paragraph {number} ends here.")
    document.save(tmp_path / "long.pdf")
    whole = read_pdf(tmp_path / "long.pdf", ParseLimits(ocr="never")).pages[0]
    report = read_pdf(tmp_path / "long.pdf", ParseLimits(ocr="never", page_chars=100))
    page = report.pages[0]
    assert 0 < len(page.text) <= 100
    assert whole.text.startswith(page.text)
    assert page.text == page.text[: page.blocks[-1].end]
    assert f"first {len(page.text)} of {len(whole.text)} characters" in report.warnings[0]
    assert "REPORT_RAG_MAX_PAGE_CHARS" in report.warnings[0]


def test_past_the_characters_of_a_file_no_page_is_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", ["x" * 50 + "\n\n" + "y" * 20] * 4)
    report = read_pdf(path, ParseLimits(ocr="never", all_chars=130))
    assert [page.text[:1] + page.text[-1:] for page in report.pages] == ["xy", "xx"]
    assert "page 1: only the first 51 of 72 characters" in report.warnings[0]
    assert report.warnings[1:] == ("only the first 2 of 4 pages were read (REPORT_RAG_MAX_CHARS)",)


def test_the_page_limit_warns(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "three.pdf", ["one", "two", "three"])
    report = read_pdf(path, ParseLimits(ocr="never", max_pages=2))
    assert report.page_count == 2
    assert "first 2 of 3 pages" in report.warnings[-1]


def three_pages(path: Path, bomb: bytes) -> Path:
    """Two good pages and between them one whose content is `bomb`."""
    objects = bombs.one_page()
    objects[2] = b"<</Type/Pages/Kids[3 0 R 6 0 R 3 0 R]/Count 3>>"
    objects[6] = (bombs.PAGE % b"").replace(b"4 0 R", b"7 0 R")
    objects[7] = bombs.squeezed(bombs.HELLO + bomb)
    bombs.write(path, objects)
    return path


def test_a_page_that_hangs_costs_that_page_alone(tmp_path: Path) -> None:
    path = three_pages(tmp_path / "hang.pdf", b"BT /F 9 Tf (again and again and again) Tj ET\n" * 300_000)
    seen: list[tuple[int, int]] = []
    with PdfParser(ParseLimits(ocr="never", page_seconds=2)) as parser:
        report = parser.parse(path, lambda done, total: seen.append((done, total)))
    assert [page.read_by for page in report.pages] == ["text", "failed", "text"]
    assert [page.number for page in report.pages] == [0, 1, 2]
    assert report.warnings == ("page 1: cannot be read: takes longer than 2 s (REPORT_RAG_PARSE_TIMEOUT_S)",)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_page_that_needs_too_much_memory_costs_that_page_alone(tmp_path: Path) -> None:
    path = three_pages(
        tmp_path / "memory.pdf", b"BT /F 1 Tf 1 TL 20 830 Td " + (b"(" + b"words " * 150 + b") Tj T*\n") * 700 + b"ET\n"
    )
    with PdfParser(ParseLimits(ocr="never", memory_mb=300)) as parser:
        report = parser.parse(path)
    assert [page.read_by for page in report.pages] == ["text", "failed", "text"]
    assert report.warnings[0].endswith("needs more than 300 MB of memory (REPORT_RAG_PARSE_MEMORY_MB)")


def test_a_worker_that_dies_for_no_fault_of_the_file_costs_nothing(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", ["one", "two", "three"])

    def kill_once(done: int, _all: int) -> None:
        if done == 1 and not killed:
            killed.extend(set(multiprocessing.active_children()) - others)
            killed[0].kill()

    others = set(multiprocessing.active_children())
    killed: list[Any] = []
    with PdfParser(ParseLimits(ocr="never")) as parser:
        report = parser.parse(path, kill_once)
    assert [page.text for page in report.pages] == ["one", "two", "three"]
    assert report.warnings == ()
    assert set(multiprocessing.active_children()) == others


def test_a_file_that_takes_too_long_to_open_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    os.mkfifo(slow)  # a named pipe that nobody writes to: opening it waits for ever
    with PdfParser(ParseLimits(ocr="never", page_seconds=2.0)) as parser:
        with pytest.raises(IngestError, match=r"takes longer than 2 s \(REPORT_RAG_PARSE_TIMEOUT_S\)"):
            parser.parse(slow)
        assert parser.parse(write_pdf(tmp_path / "a.pdf", ["text"])).page_count == 1


def test_the_worker_serves_many_files_and_is_then_replaced(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", ["text"])
    served: list[Any] = []
    others = set(multiprocessing.active_children())
    with PdfParser(ParseLimits(ocr="never", files_a_worker=3)) as parser:
        for _ in range(4):
            parser.parse(path, lambda _done, _all: served.extend(set(multiprocessing.active_children()) - others))
    assert served[0] == served[1] == served[2] != served[3]


def test_hidden_text_is_not_read(tmp_path: Path, parser: PdfParser) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((50, 50), "visible words", fontsize=11)
    page.insert_text((50, 100), "tiny words", fontsize=1)
    page.insert_text((50, 150), "white words", fontsize=11, color=(1, 1, 1))
    page.insert_text((50, 200), "words without ink", fontsize=11, render_mode=3)
    document.save(tmp_path / "h.pdf")
    found = parser.parse(tmp_path / "h.pdf").pages[0]
    assert found.text == "visible words"
    assert found.hidden == 3


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


def test_a_worker_does_not_grow_from_file_to_file(tmp_path: Path) -> None:
    text = "report of many words, 营业收入同比增长百分之十二。" * 20
    paths = [write_pdf(tmp_path / f"{n}.pdf", [f"{n} {page} {text}" for page in range(3)]) for n in range(5)]
    others = set(multiprocessing.active_children())
    held = []
    with PdfParser(ParseLimits(ocr="never")) as parser:
        for number in range(60):
            parser.parse(paths[number % 5])
            (worker,) = set(multiprocessing.active_children()) - others
            held.append(usage_of(worker.pid or 0).resident_mb)
    assert max(held[50:]) - max(held[10:20]) < 15  # MB
