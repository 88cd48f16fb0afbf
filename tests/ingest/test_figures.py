"""Titles, labels and drawings set by hand, and the figures they make; one page with charts drawn and read back."""

from collections.abc import Sequence

import pymupdf

from ingest.drawings import Drawings
from ingest.layout import Layout, arrange
from ingest.lines import Line
from ingest.page import Reading, read_page
from ingest.regions import Region
from rag.domain import Box, Figure
from rag.text import width


def line(text: str, x0: float, y0: float, *, size: float = 10.0) -> tuple[str, Box, float]:
    return text, Box(x0, y0, x0 + size / 2 * width(text), y0 + 1.2 * size), size


def page_of(
    lines: Sequence[tuple[str, Box, float]],
    paths: Sequence[Box] = (),
    pictures: Sequence[Box] = (),
    regions: Sequence[Region] = (),
) -> Layout:
    """A page whose lines are in blocks of their own."""
    made = [Line(text, box, size, False, at, place=at) for at, (text, box, size) in enumerate(lines)]
    return arrange(made, regions, Drawings((), tuple(paths), tuple(pictures)))


def bars(left: float, top: float) -> list[Box]:
    """Three bars, 160 wide and 100 high together."""
    return [Box(left + 60 * i, top + 20 * i, left + 60 * i + 40, top + 100) for i in range(3)]


def said(page: Layout, index: int | None) -> str | None:
    return None if index is None else page.text[page.blocks[index].start : page.blocks[index].end]


def labels(page: Layout, figure: Figure) -> list[str]:
    pieces = [piece for i in figure.parts for piece in page.blocks[i].pieces]
    return [page.text[piece.start : piece.end] for piece in pieces]


def told(page: Layout, figure: Figure) -> tuple[str | None, str | None, list[str]]:
    """Title, source and labels."""
    return said(page, figure.title), said(page, figure.source), labels(page, figure)


TITLE = line("图表1：电车交付", 60, 100)
SOURCE = line("资料来源：青岚研究", 60, 240)
LABELS = [line("2022", 80, 222), line("2023", 140, 222)]
PROSE = line("松河电机的电车交付量在全年保持稳定的增长，并且单车利润也有所提升。", 60, 270)


# --- titles and drawings ---------------------------------------------------------------------------------------------


def test_a_title_drawings_and_a_source_are_a_figure_with_its_labels() -> None:
    page = page_of([TITLE, *LABELS, SOURCE, PROSE], bars(70, 120))
    (figure,) = page.figures
    assert told(page, figure) == ("图表1：电车交付", "资料来源：青岚研究", ["2022", "2023"])
    assert [block.kind for block in page.blocks] == ["caption", "figure", "source", "text"]
    assert figure.box.y0 >= TITLE[1].y1
    assert figure.box.y1 <= SOURCE[1].y0
    assert figure.box.x0 <= 70
    assert figure.box.x1 >= 230


def test_a_picture_is_enough() -> None:
    page = page_of([TITLE, SOURCE], pictures=[Box(70, 120, 250, 230)])
    (figure,) = page.figures
    assert told(page, figure) == ("图表1：电车交付", "资料来源：青岚研究", [])


def test_a_figure_without_a_source_ends_before_the_next_paragraph() -> None:
    page = page_of([TITLE, *LABELS, PROSE], bars(70, 120))
    (figure,) = page.figures
    assert told(page, figure) == ("图表1：电车交付", None, ["2022", "2023"])
    assert figure.box.y1 <= PROSE[1].y0


def test_two_figures_side_by_side_keep_their_own_labels() -> None:
    page = page_of(
        [
            TITLE,
            line("图表2：单车利润", 320, 100),
            *LABELS,
            SOURCE,
            line("一季度", 340, 222),
            line("二季度", 400, 222),
            line("资料来源：松河电机", 320, 240),
        ],
        [*bars(70, 120), *bars(330, 120)],
    )
    left, right = page.figures
    assert told(page, left) == ("图表1：电车交付", "资料来源：青岚研究", ["2022", "2023"])
    assert told(page, right) == ("图表2：单车利润", "资料来源：松河电机", ["一季度", "二季度"])
    assert left.box.x1 <= right.box.x0


def test_two_figures_one_below_the_other_keep_their_own_labels() -> None:
    page = page_of(
        [
            TITLE,
            *LABELS,
            SOURCE,
            line("图表2：单车利润", 60, 300),
            line("一季度", 80, 422),
            line("资料来源：松河电机", 60, 440),
        ],
        [*bars(70, 120), *bars(70, 320)],
    )
    assert [told(page, figure) for figure in page.figures] == [
        ("图表1：电车交付", "资料来源：青岚研究", ["2022", "2023"]),
        ("图表2：单车利润", "资料来源：松河电机", ["一季度"]),
    ]


def test_a_figure_does_not_take_the_source_of_the_next() -> None:
    second = [line("图表2：单车利润", 60, 300), line("资料来源：松河电机", 60, 440)]
    page = page_of([TITLE, *LABELS, *second], [*bars(70, 120), *bars(70, 320)])
    assert [said(page, figure.source) for figure in page.figures] == [None, "资料来源：松河电机"]


# --- what is no figure -----------------------------------------------------------------------------------------------


def test_a_title_without_drawings_is_no_figure() -> None:
    page = page_of([TITLE, PROSE])
    assert page.figures == ()
    assert page.blocks[0].kind == "caption"


def test_a_few_strokes_or_a_small_mark_are_no_figure() -> None:
    assert page_of([TITLE, SOURCE], bars(70, 120)[:2]).figures == ()
    assert page_of([TITLE, SOURCE], [Box(70 + i, 120, 75 + i, 130) for i in range(5)]).figures == ()


def test_a_title_over_a_table_is_no_figure() -> None:
    rows = [("项目", "2023A"), ("收入", "1,234"), ("成本", "(56)")]
    cells = [line(text, 60 + 120 * c, 122 + 16 * r) for r, row in enumerate(rows) for c, text in enumerate(row)]
    table = Region("table", Box(56, 120, 300, 168), (136, 152), (150,))
    strokes = [Box(56, 120 + 16 * i, 300, 121 + 16 * i) for i in range(4)]
    page = page_of([TITLE, *cells, SOURCE], strokes, regions=[table])
    assert page.figures == ()
    assert page.tables[0].title == 0


def test_a_title_that_says_table_is_no_figure() -> None:
    assert page_of([line("表1：电车交付", 60, 100), *LABELS, SOURCE], bars(70, 120)).figures == ()


# --- sentences -------------------------------------------------------------------------------------------------------


def test_a_sentence_inside_the_box_stays_text() -> None:
    sentence = line("电车交付量在全年保持稳定的增长，单车利润也有所提升。", 65, 150, size=8)
    page = page_of([TITLE, sentence, *LABELS, SOURCE], bars(70, 120))
    (figure,) = page.figures
    assert labels(page, figure) == ["2022", "2023"]
    assert [block.kind for block in page.blocks] == ["caption", "text", "figure", "source"]


def test_a_sentence_beside_a_picture_is_not_swallowed() -> None:
    beside = line("电车交付量保持增长。", 400, 150)
    page = page_of([TITLE, *LABELS, SOURCE, beside], bars(70, 120))
    (figure,) = page.figures
    assert labels(page, figure) == ["2022", "2023"]
    assert page.blocks[-1].kind == "text"


# --- pictures without a title ----------------------------------------------------------------------------------------

PICTURE = Region("picture", Box(60, 100, 300, 260))


def test_a_picture_with_an_axis_is_a_figure_without_a_title() -> None:
    axis = [line(f"{value}%", 64, 110 + 24 * at) for at, value in enumerate((60, 50, 40, 30, 20, 10))]
    page = page_of([*axis, PROSE], regions=[PICTURE])
    (figure,) = page.figures
    assert figure.box == PICTURE.box
    assert told(page, figure) == (None, None, ["60%", "50%", "40%", "30%", "20%", "10%"])


def test_a_picture_with_words_in_it_is_none() -> None:
    listed = [line(text, 64, 110 + 24 * at) for at, text in enumerate(("甲线", "乙线", "丙线", "丁线", "戊线", "己线"))]
    page = page_of([*listed, PROSE], regions=[PICTURE])
    assert page.figures == ()
    assert {block.kind for block in page.blocks} == {"text"}


def test_a_titled_figure_is_not_found_twice() -> None:
    page = page_of([TITLE, *LABELS, SOURCE], bars(70, 120), regions=[Region("picture", Box(70, 120, 230, 236))])
    assert len(page.figures) == 1


# --- a real page -----------------------------------------------------------------------------------------------------


def test_a_chart_of_a_real_page_is_a_figure() -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((60, 110), "图表1：电车交付", fontname="china-s", fontsize=10)
        for at, year in enumerate((2021, 2022, 2023)):
            page.draw_rect((80 + 60 * at, 220 - 30 * at, 110 + 60 * at, 280), fill=(0, 0, 0.6), color=None)
            page.insert_text((84 + 60 * at, 292), str(year), fontsize=8)
        page.insert_text((60, 320), "资料来源：青岚研究", fontname="china-s", fontsize=8)
        page.insert_textbox((60, 340, 500, 400), PROSE[0] * 3, fontname="china-s", fontsize=10)
        data = document.tobytes()
    with pymupdf.open("pdf", data) as document:
        read = read_page(document[0], 0, Reading(layout="never", ocr="never"))
    (figure,) = read.figures
    assert figure.title == 0
    labels = "\t".join(read.text[read.blocks[i].start : read.blocks[i].end] for i in figure.parts)
    assert labels.split("\t") == ["2021", "2022", "2023"]
    assert [read.blocks[i].kind for i in figure.parts] == ["figure"] * len(figure.parts)
    assert read.blocks[-1].kind == "text"
    assert read.blocks[-1].end - read.blocks[-1].start == len(PROSE[0] * 3)
