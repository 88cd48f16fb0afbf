"""Digital pages with pictures of tables among their text; and which pictures are read at all."""

from collections.abc import Sequence
from random import Random

import pymupdf
import pytest

import ingest.ocr.pictures
from ingest.limits import OcrMode
from ingest.lines import Line, read_lines
from ingest.ocr.pictures import Read, in_stream, is_scanned, read_pictures
from ingest.page import Reading, read_page
from rag.domain import Box, Page

ROWS = (
    ("项目", "2022A", "2023A"),
    ("营业收入", "1,234", "1,345"),
    ("营业成本", "(800)", "(850)"),
    ("净利润", "378", "495"),
)
LEFTS = (10, 120, 200)
PICTURE = Box(20, 70, 280, 170)
PROSE = "松河电机全年收入增长，毛利率保持稳定。"


def font(text: str) -> str:
    return "helv" if text.isascii() else "china-s"


def picture_of_table() -> pymupdf.Pixmap:
    page = pymupdf.open().new_page(width=260, height=100)
    for number, row in enumerate(ROWS):
        for left, text in zip(LEFTS, row, strict=True):
            page.insert_text((left, 20 + 20 * number), text, fontname=font(text), fontsize=10)
    return page.get_pixmap(dpi=200)


def report(title: str) -> pymupdf.Page:
    """Prose, a title, a picture of a table, its source; written in the file after each other, the picture last."""
    page = pymupdf.open().new_page(width=300, height=260)
    for y, text in ((30, PROSE), (62, title), (182, "资料来源：青岚研究"), (220, PROSE)):
        page.insert_text((20, y), text, fontname="china-s", fontsize=10)
    page.insert_image(pymupdf.Rect(PICTURE.x0, PICTURE.y0, PICTURE.x1, PICTURE.y1), pixmap=picture_of_table())
    return page


def read(page: pymupdf.Page, ocr: OcrMode) -> Page:
    return read_page(page, 0, Reading("never", ocr))


@pytest.fixture(scope="module")
def titled() -> Page:
    return read(report("表1：盈利预测"), "auto")


@pytest.fixture(scope="module")
def drawn() -> Page:
    return read(report("图1：盈利预测"), "always")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(page: pymupdf.Page, box: Box, dpi: int) -> list[Line]:
        raise AssertionError(f"a picture was read: {box}")

    monkeypatch.setattr(ingest.ocr.pictures, "read_picture", refuse)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """The pictures that are read, each with one line of text in its middle."""
    boxes: list[Box] = []

    def note(page: pymupdf.Page, box: Box, dpi: int) -> list[Line]:
        boxes.append(box)
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        return [Line("read", Box(x - 10, y - 5, x + 10, y + 5), 10.0, False, 1)]

    monkeypatch.setattr(ingest.ocr.pictures, "read_picture", note)
    return boxes


def table_of(page: Page) -> list[tuple[str, ...]]:
    (table,) = page.tables
    return [
        tuple(page.text[piece.start : piece.end] for piece in page.blocks[i].pieces)
        for i in (*table.header, *table.rows)
    ]


def kinds(page: Page) -> list[str]:
    return [block.kind for block in page.blocks]


# --- read by the real recogniser -------------------------------------------------------------------------------------


def test_a_picture_of_a_table_under_its_title_is_read(titled: Page) -> None:
    assert titled.read_by == "mixed"
    assert table_of(titled) == list(ROWS)


def test_the_table_stands_behind_its_title(titled: Page) -> None:
    assert kinds(titled) == ["text", "caption", *["row"] * 4, "source", "text"]
    (table,) = titled.tables
    assert table.title is not None
    block = titled.blocks[table.title]
    assert titled.text[block.start : block.end] == "表1：盈利预测"


def test_cells_have_their_boxes_on_the_page(titled: Page) -> None:
    (table,) = titled.tables
    for number, (i, row) in enumerate(zip((*table.header, *table.rows), ROWS, strict=True)):
        for piece, left, text in zip(titled.blocks[i].pieces, LEFTS, row, strict=True):
            wide = pymupdf.get_text_length(text, fontname=font(text), fontsize=10)
            box = piece.box
            assert ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) == pytest.approx(
                (PICTURE.x0 + left + wide / 2, PICTURE.y0 + 16.5 + 20 * number), abs=2.5
            )


def test_a_picture_under_the_title_of_a_figure_is_read_where_all_are(drawn: Page) -> None:
    assert drawn.read_by == "mixed"
    assert table_of(drawn) == list(ROWS)


def test_text_over_a_picture_is_not_doubled() -> None:
    """A page of little else than a picture, on which some of the words are digital text."""
    page = pymupdf.open().new_page(width=260, height=100)
    page.insert_image(page.rect, pixmap=picture_of_table())
    page.insert_text((10, 96), "Sources: company reports; estimates", fontsize=8)
    made = read(page, "auto")
    assert made.read_by == "mixed"
    assert made.text.count("estimates") == 1
    assert table_of(made) == list(ROWS)


# --- which pictures are read -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    ("title", "ocr"),
    [("图1：盈利预测", "auto"), ("图表1：盈利预测", "auto"), (PROSE, "auto"), ("表1：盈利预测", "never")],
)
def test_other_pictures_are_not_read(title: str, ocr: OcrMode) -> None:
    page = report(title)
    page.insert_textbox((20, 190, 280, 255), PROSE * 20, fontname="china-s", fontsize=4)
    made = read(page, ocr)
    assert (made.read_by, made.tables) == ("text", ())


def noise(width: int = 40, height: int = 40) -> pymupdf.Pixmap:
    return pymupdf.Pixmap(pymupdf.csRGB, width, height, Random(7).randbytes(width * height * 3), False)


def page_with(*pictures: tuple[float, float, float, float]) -> pymupdf.Page:
    page = pymupdf.open().new_page(width=500, height=700)
    for rect in pictures:
        page.insert_image(pymupdf.Rect(rect), pixmap=noise(), keep_proportion=False)
    return page


def line(text: str, x0: float, y0: float, wide: float = 100) -> Line:
    return Line(text, Box(x0, y0, x0 + wide, y0 + 10), 10.0, False, 0)


LONG = [line("text " * 80, 50, 20, 400)]


def boxes_read(page: pymupdf.Page, lines: Sequence[Line], mode: OcrMode = "auto") -> list[Box]:
    return [one.box for one in read_pictures(page, lines, mode, 72)]


def test_pictures_come_from_the_top_and_small_ones_are_left_out(asked: list[Box]) -> None:
    page = page_with((50, 400, 250, 500), (50, 100, 250, 200), (300, 100, 330, 650), (400, 20, 480, 110))
    assert boxes_read(page, LONG, "always") == [Box(50, 100, 250, 200), Box(50, 400, 250, 500)]


@pytest.mark.parametrize(
    ("title", "read_it"),
    [
        (line("表1：盈利预测", 50, 80), True),
        (line("Table 2: Forecast", 60, 45), True),
        (line("表1：盈利预测", 50, 42), False),  # too far above
        (line("表1：盈利预测", 260, 80), False),  # beside
        (line("表1：盈利预测", 50, 205), False),  # below
        (line("图1：盈利预测", 50, 80), False),
        (line("表中没有数字", 50, 80), False),
    ],
)
def test_a_title_of_a_table_directly_above_has_a_picture_read(asked: list[Box], title: Line, read_it: bool) -> None:
    assert bool(boxes_read(page_with((50, 100, 250, 200)), [*LONG, title])) == read_it


def test_the_tiles_of_a_picture_are_one(asked: list[Box]) -> None:
    page = page_with((50, 100, 250, 200), (50, 201, 250, 300), (50, 304, 250, 400))
    assert boxes_read(page, LONG, "always") == [Box(50, 100, 250, 300), Box(50, 304, 250, 400)]


def test_what_lies_in_the_corner_of_joined_tiles_is_read_once(asked: list[Box]) -> None:
    """Two tiles make a hook; a third stands in the box around them and touches neither."""
    page = page_with((50, 100, 150, 400), (200, 120, 400, 250), (50, 400, 400, 500))
    assert boxes_read(page, LONG, "always") == [Box(50, 100, 400, 500)]


def test_a_ground_of_digital_text_is_not_read(asked: list[Box]) -> None:
    page = page_with((50, 100, 250, 200))
    assert boxes_read(page, [*LONG, line("on it", 60, 120)], "always") == []


def test_pictures_of_a_page_of_little_else_are_read(asked: list[Box]) -> None:
    page = page_with((20, 100, 480, 600))
    assert boxes_read(page, [line("on it", 60, 120)]) == [Box(20, 100, 480, 600)]
    assert boxes_read(page, LONG) == []
    assert boxes_read(page_with((20, 100, 480, 300)), [line("x", 60, 20)]) == []


def test_lines_over_digital_text_are_left_out(asked: list[Box]) -> None:
    page = page_with((20, 100, 480, 600))
    assert boxes_read(page, [line("read", 245, 345, 10)]) == []
    assert boxes_read(page, [line("read in two", 230, 345, 100)]) == []
    assert boxes_read(page, [line("beside", 275, 345, 100)]) != []


def test_lines_in_the_box_of_one_at_an_angle_are_kept(asked: list[Box]) -> None:
    mark = Line("Draft", Box(50, 150, 450, 550), 80.0, False, 0, level=False)
    lower = page_with((20, 100, 480, 700))
    assert boxes_read(lower, [mark]) == [Box(20, 100, 480, 700)]


def test_a_picture_outside_the_page_is_none(asked: list[Box]) -> None:
    assert boxes_read(page_with((600, 100, 800, 300)), LONG, "always") == []


def test_a_scan_is_a_page_of_pictures_almost_without_text() -> None:
    page = page_with((0, 0, 500, 400))
    assert is_scanned(page, 29)
    assert not is_scanned(page, 30)
    assert not is_scanned(page_with((0, 0, 500, 300)), 0)
    assert not is_scanned(page_with(), 0)


# --- the stream ------------------------------------------------------------------------------------------------------


def test_lines_of_a_picture_come_behind_the_line_above_it() -> None:
    left, right = [line(f"left {i}", 50, 20 + 100 * i) for i in range(3)], [line("right", 300, 20)]
    pictures = [
        Read(Box(50, 40, 150, 100), (line("a", 60, 50), line("b", 60, 70)), ()),
        Read(Box(300, 300, 400, 400), (line("c", 310, 350),), ()),
        Read(Box(180, 0, 290, 10), (line("d", 200, 2, 50),), ()),
    ]
    made = in_stream([*left, *right], pictures)
    assert [one.text for one in made] == ["d", "left 0", "a", "b", "left 1", "left 2", "right", "c"]
    assert [one.place for one in made] == list(range(8))


def test_lines_of_different_pictures_share_no_block() -> None:
    text = [line("text", 50, 20)]
    pictures = [Read(Box(50, 40 + 50 * i, 150, 80 + 50 * i), (line("x", 60, 50 + 50 * i),), ()) for i in range(2)]
    assert len({one.block for one in in_stream(text, pictures)}) == 3


def test_the_page_of_a_report_is_as_its_lines_say() -> None:
    """The pages above hold what their tests rely on: the title is the line above the picture."""
    lines = read_lines(report("表1：盈利预测"))
    above = max((one for one in lines if one.box.y1 <= PICTURE.y0), key=lambda one: one.box.y1)
    assert above.text == "表1：盈利预测"
