"""Real pages made here, read with and without the layout model."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pymupdf
import pytest

import ingest.page
from ingest.limits import LayoutMode
from ingest.page import Reading, read_page
from ingest.regions import Region
from rag.domain import Page

PROSE = "松河电机全年收入增长，毛利率保持稳定，单车利润也有所提升。" * 6
ENGLISH = [
    ("(in millions)", "2022", "2023", "2024E"),
    ("Trams", "1,234", "1,345", "1,456"),
    ("Depots", "(56)", "--", "78"),
    ("Staff costs", "(800)", "(850)", "(900)"),
    ("Net profit", "378", "495", "634"),
]
CHINESE = [
    ("项目", "2022A", "2023A", "2024E"),
    ("营业收入", "1,234", "1,345", "1,456"),
    ("营业成本", "800", "850", "900"),
    ("增长率", "(5.1%)", "9.0%", "8.3%"),
    ("净利润", "378", "495", "634"),
]
LEFTS = (70, 250, 350, 450)


def font(text: str) -> str:
    return "helv" if text.isascii() else "china-s"


def write_table(page: pymupdf.Page, rows: Sequence[Sequence[str]], top: float = 200.0, *, ruled: bool = True) -> None:
    for number, row in enumerate(rows):
        for left, text in zip(LEFTS, row, strict=True):
            page.insert_text((left, top + 20 * number), text, fontname=font(text), fontsize=10)
    for number in range(len(rows) + 1 if ruled else 0):
        page.draw_line((60, top - 14 + 20 * number), (520, top - 14 + 20 * number))


def read(write: Callable[[pymupdf.Page], object], layout: LayoutMode = "always") -> Page:
    with pymupdf.open() as document:
        write(document.new_page())
        data = document.tobytes()
    with pymupdf.open("pdf", data) as document:
        return read_page(document[0], 0, Reading(layout, ocr="never"))


def report(rows: Sequence[Sequence[str]]) -> Callable[[pymupdf.Page], None]:
    """Prose, a title, a ruled table, its source, and prose again."""

    def write(page: pymupdf.Page) -> None:
        page.insert_textbox((60, 60, 520, 140), PROSE, fontname="china-s", fontsize=10)
        page.insert_text((60, 176), "表1：盈利预测", fontname="china-s", fontsize=10)
        write_table(page, rows)
        page.insert_text((60, 304), "资料来源：青岚研究", fontname="china-s", fontsize=8)
        page.insert_textbox((60, 340, 520, 420), PROSE, fontname="china-s", fontsize=10)

    return write


def rows_of(page: Page) -> list[list[tuple[str, ...]]]:
    """Of each table its rows, the header's first."""
    return [
        [
            tuple(page.text[piece.start : piece.end] for piece in page.blocks[i].pieces)
            for i in (*table.header, *table.rows)
        ]
        for table in page.tables
    ]


def said(page: Page, index: int | None) -> str | None:
    return None if index is None else page.text[page.blocks[index].start : page.blocks[index].end]


# --- with the model --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_ruled_table_is_read_exactly(rows: Sequence[Sequence[str]]) -> None:
    page = read(report(rows))
    assert rows_of(page) == [rows]
    (table,) = page.tables
    assert len(table.header) == 1
    assert table.columns[1:] == tuple(rows[0][1:])
    assert (said(page, table.title), said(page, table.source)) == ("表1：盈利预测", "资料来源：青岚研究")
    assert page.way == "layout"
    assert [block.kind for block in page.blocks] == ["text", "caption", *["row"] * 5, "source", "text"]


def test_auto_asks_the_model_where_signs_of_a_table_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def note(page: pymupdf.Page) -> list[Region]:
        asked.append(page.number)
        return []

    words = [(row[0], "tram depot", *row[2:]) for row in ENGLISH]
    monkeypatch.setattr(ingest.page, "read_regions", note)
    assert read(report(words), "auto").way == "layout"
    assert asked == [0]


@pytest.mark.parametrize("rows", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_auto_reads_a_plain_table_exactly_without_it(
    rows: Sequence[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.page, "read_regions", model_forbidden)
    page = read(report(rows), "auto")
    assert page.way == "grid"
    assert rows_of(page) == [rows]
    (table,) = page.tables
    assert table.columns[1:] == tuple(rows[0][1:])
    assert (said(page, table.title), said(page, table.source)) == ("表1：盈利预测", "资料来源：青岚研究")


def test_a_page_laid_on_its_side_and_turned_is_read_as_it_is_displayed() -> None:
    with pymupdf.open() as upright, pymupdf.open() as document:
        write_table(upright.new_page(), CHINESE)
        side = document.new_page(width=842, height=595)
        side.show_pdf_page(side.rect, upright, 0, rotate=90)
        side.set_rotation(90)
        page = read_page(document[0], 0, Reading("always", ocr="never"))
    assert (page.width, page.height) == (595, 842)
    assert rows_of(page) == [CHINESE]
    assert page.blocks[0].pieces[0].box.x0 == pytest.approx(LEFTS[0], abs=1)


# --- without it ------------------------------------------------------------------------------------------------------


def model_forbidden(page: pymupdf.Page) -> list[Region]:
    raise AssertionError("the model was asked")


def test_never_reads_no_table_and_does_not_ask_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.page, "read_regions", model_forbidden)
    page = read(report(CHINESE), "never")
    assert (page.way, page.tables) == ("stream", ())
    assert "营业收入\t1,234\t1,345\t1,456" in page.text.split("\n")


def test_auto_does_not_ask_the_model_for_prose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.page, "read_regions", model_forbidden)
    page = read(lambda page: page.insert_textbox((60, 60, 520, 700), PROSE, fontname="china-s", fontsize=10), "auto")
    assert (page.way, page.text) == ("stream", PROSE)


def test_an_empty_page_is_empty_in_every_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.page, "read_regions", model_forbidden)
    for mode in ("auto", "always", "never"):
        page = read(lambda page: None, mode)
        assert (page.text, page.blocks, page.read_by, page.way) == ("", (), "empty", "stream")


# --- what a page knows -----------------------------------------------------------------------------------------------


def test_a_page_knows_its_number_label_and_size() -> None:
    with pymupdf.open() as document:
        document.new_page(width=500, height=700).insert_text((60, 60), "words")
        document.set_page_labels([{"startpage": 0, "prefix": "F-", "style": "D", "firstpagenum": 7}])
        page = read_page(document[0], 0, Reading("never", ocr="never"))
    assert (page.number, page.label, page.width, page.height, page.read_by) == (0, "F-7", 500, 700, "text")


def test_hidden_text_is_left_out_and_counted() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((60, 60), "seen words")
        page.insert_text((60, 100), "white words", color=(1, 1, 1))
        page.insert_text((60, 140), "no ink", render_mode=3)

    page = read(write, "never")
    assert (page.text, page.hidden) == ("seen words", 2)


def test_repairs_are_kept_beside_the_text() -> None:
    page = read(lambda page: page.insert_text((60, 60), "营 业 收 入 增 长", fontname="china-s"), "never")
    assert page.text == "营业收入增长"
    assert [(r.start, r.end, r.original) for r in page.repairs] == [(0, 6, "营 业 收 入 增 长")]


def test_a_scan_is_read_only_where_asked_for(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        document.new_page().insert_text((60, 60), "printed words", fontsize=20)
        picture = document[0].get_pixmap(dpi=72)
    page = read(lambda page: page.insert_image(page.rect, pixmap=picture))
    assert (page.text, page.read_by) == ("", "empty")
