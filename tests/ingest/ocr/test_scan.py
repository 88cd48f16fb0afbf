"""Small pages made here, drawn as pictures, turned and laid askew, read by the real recogniser."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import pymupdf
import pytest

from ingest.ocr.sheet import Picture
from ingest.page import Reading, read_page
from rag.domain import Box, Page

WIDE, HIGH = 300, 200
ASKEW = 1.5
READING = Reading("never", "auto", 300)


class Case(NamedTuple):
    """The printed title and rows, and how their picture lies on the page."""

    title: str
    rows: Sequence[Sequence[str]]
    lie: str
    header_is_dark: bool = False


CHINESE = (
    ("项目", "2022A", "2023A"),
    ("营业收入", "1,234", "1,345"),
    ("营业成本", "(800)", "(850)"),
    ("增长率", "5.1%", "9.0%"),
    ("净利润", "378", "495"),
)
ENGLISH = (
    ("Item", "2022", "2023"),
    ("Revenue", "1,234", "1,345"),
    ("Staff costs", "(800)", "(850)"),
    ("Depots", "-", "90"),
    ("Net profit", "378", "495"),
)
TRADITIONAL = (
    ("項目", "二〇二二年", "二〇二三年"),
    ("營業收入", "1,234", "1,345"),
    ("營業成本", "(800)", "(850)"),
    ("應收帳款", "378", "495"),
)
LEFT, RIGHTS = 20.0, (180.0, 270.0)  # where labels begin, and where figures end
TOP, PITCH, SIZE = 50.0, 20.0, 10.0

CASES = {
    "level": Case("表1：盈利预测", CHINESE, "level"),
    "askew": Case("Table 1: Forecast", ENGLISH, "askew"),
    "upside down": Case("表1：盈利预测", CHINESE, "180"),
    "on its left side": Case("表1：盈利预测", CHINESE, "90"),
    "on its right side": Case("Table 1: Forecast", ENGLISH, "270"),
    "dark header": Case("表1：盈利預測", TRADITIONAL, "level", header_is_dark=True),
}


def font(text: str) -> str:
    return "helv" if text.isascii() else "china-t" if set(text) & set("項營應預二") else "china-s"


def length(text: str) -> float:
    return float(pymupdf.get_text_length(text, fontname=font(text), fontsize=SIZE))


def lefts(row: Sequence[str]) -> list[float]:
    return [LEFT, *(right - length(text) for text, right in zip(row[1:], RIGHTS, strict=True))]


def printed(case: Case) -> Picture:
    page = pymupdf.open().new_page(width=WIDE, height=HIGH)
    page.insert_text((20, 24), case.title, fontname=font(case.title), fontsize=SIZE)
    if case.header_is_dark:
        page.draw_rect((10, TOP - 14, 290, TOP + 6), color=None, fill=(0.1, 0.2, 0.5))
    for number, row in enumerate(case.rows):
        colour = (1, 1, 1) if case.header_is_dark and not number else (0, 0, 0)
        for left, text in zip(lefts(row), row, strict=True):
            page.insert_text((left, TOP + PITCH * number), text, fontname=font(text), fontsize=SIZE, color=colour)
    pixmap = page.get_pixmap(dpi=200)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)


def scanned(picture: Picture, lie: str) -> pymupdf.Page:
    """A page that is nothing but the picture, which lies on it in one of the ways."""
    if lie == "askew":
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -ASKEW, 1.0)
        picture = np.asarray(cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255)), np.uint8)
    quarters = int(lie) // 90 if lie.isdecimal() else 0
    data = cv2.imencode(".png", np.rot90(picture, quarters))[1].tobytes()
    wide, high = (HIGH, WIDE) if quarters % 2 else (WIDE, HIGH)
    page = pymupdf.open().new_page(width=wide, height=high)
    page.insert_image(page.rect, stream=data)
    return page


def laid(x: float, y: float, lie: str) -> tuple[float, float]:
    """Where a point of the printed page is on the scanned one."""
    if lie == "askew":
        angle = np.radians(ASKEW)
        dx, dy = x - WIDE / 2, y - HIGH / 2
        return (
            WIDE / 2 + dx * float(np.cos(angle)) - dy * float(np.sin(angle)),
            HIGH / 2 + dx * float(np.sin(angle)) + dy * float(np.cos(angle)),
        )
    moves: dict[str, Callable[[], tuple[float, float]]] = {
        "level": lambda: (x, y),
        "90": lambda: (y, WIDE - x),
        "180": lambda: (WIDE - x, HIGH - y),
        "270": lambda: (HIGH - y, x),
    }
    return moves[lie]()


class Done(NamedTuple):
    case: Case
    page: Page


@pytest.fixture(scope="module", params=list(CASES.values()), ids=list(CASES))
def done(request: pytest.FixtureRequest) -> Done:
    case: Case = request.param
    return Done(case, read_page(scanned(printed(case), case.lie), 0, READING))


def cells(page: Page) -> list[list[tuple[str, Box]]]:
    """Rows of the page's only table, its header first: texts and boxes."""
    (table,) = page.tables
    return [
        [(page.text[piece.start : piece.end], piece.box) for piece in page.blocks[i].pieces]
        for i in (*table.header, *table.rows)
    ]


def as_printed(row: Sequence[str]) -> list[str]:
    return ["－" if text == "-" else text for text in row]


def test_rows_of_a_scanned_table_are_its_rows(done: Done) -> None:
    assert [[text for text, _ in row] for row in cells(done.page)] == [as_printed(row) for row in done.case.rows]
    (table,) = done.page.tables
    assert len(table.header) == 1
    assert list(table.columns) == list(done.case.rows[0])


def test_the_title_comes_first_and_belongs_to_the_table(done: Done) -> None:
    (table,) = done.page.tables
    assert table.title == 0
    assert done.page.text.split("\n")[0] == done.case.title


def test_a_scan_says_how_it_was_read(done: Done) -> None:
    assert (done.page.read_by, done.page.way, done.page.hidden) == ("ocr", "stream", 0)
    assert (done.page.width, done.page.height) == ((HIGH, WIDE) if done.case.lie in ("90", "270") else (WIDE, HIGH))


def test_boxes_are_where_the_texts_stand_on_the_page(done: Done) -> None:
    for number, (row, found) in enumerate(zip(done.case.rows, cells(done.page), strict=True)):
        for left, text, (_, box) in zip(lefts(row), row, found, strict=True):
            at = laid(left + length(text) / 2, TOP + PITCH * number - 3.5, done.case.lie)
            assert ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) == pytest.approx(at, abs=2.5), text
            long, short = sorted((box.x1 - box.x0, box.y1 - box.y0), reverse=True)
            assert short < 17
            assert long < length(text) + 12


def test_a_white_page_of_a_scan_is_empty() -> None:
    page = read_page(scanned(np.full((400, 600, 3), 255, np.uint8), "level"), 0, READING)
    assert (page.text, page.blocks, page.read_by) == ("", (), "empty")


def test_a_scan_is_not_read_where_none_is_wanted() -> None:
    page = read_page(scanned(printed(CASES["level"]), "level"), 0, Reading("never", "never"))
    assert (page.text, page.read_by) == ("", "empty")
