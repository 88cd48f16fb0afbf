"""Lines set by hand and the page they make: text, blocks, and tables tied to their titles, units and sources."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import Layout, arrange
from ingest.lines import Line
from ingest.regions import Region
from rag.domain import Block, Box, Repair
from rag.text import width


def line(
    text: str,
    x0: float,
    y0: float,
    x1: float,
    *,
    size: float = 10.0,
    bold: bool = False,
    block: int = 0,
    place: int = 0,
) -> Line:
    return Line(text, Box(x0, y0, x1, y0 + 12), size, bold, block, place=place)


def placed(*lines: Line) -> list[Line]:
    """The lines in stream order, each in a block of its own."""
    return [
        Line(one.text, one.box, one.size, one.bold, at, one.drawn, original=one.original, level=one.level, place=at)
        for at, one in enumerate(lines)
    ]


def said(page: Layout, index: int | None) -> str:
    """The text of a block."""
    assert index is not None
    return page.text[page.blocks[index].start : page.blocks[index].end]


def parts(page: Layout, block: Block) -> list[str]:
    return [page.text[piece.start : piece.end] for piece in block.pieces]


def kinds(page: Layout) -> list[str]:
    return [block.kind for block in page.blocks]


BODY = line("青岚研究认为松河电机的收入将会保持稳定的增长并且利润率提升", 50, 400, 350)
PROSE = "松河电机全年收入增长。"


def grid_lines(top: float, left: float = 50) -> list[Line]:
    """A table of three rows and two columns, sixteen points a row."""
    return [
        line(text, left + 150 * column, top + 16 * row, left + 150 * column + 5 * width(text))
        for row, texts in enumerate([("Item", "2023A"), ("Cash", "1,234"), ("Depots", "(56)")])
        for column, text in enumerate(texts)
    ]


def region(top: float, left: float = 50) -> Region:
    return Region("table", Box(left - 4, top - 2, left + 250, top + 48), (top + 14, top + 30), (left + 120,))


# --- paragraphs and rows ---------------------------------------------------------------------------------------------


def test_lines_on_one_baseline_are_a_row_with_tabs_between_cells() -> None:
    page = arrange([line("营业收入", 50, 100, 90), line("1,234", 200, 100, 230), line("1,500", 300, 100, 330)])
    assert page.text == "营业收入\t1,234\t1,500"
    assert kinds(page) == ["row"]
    assert parts(page, page.blocks[0]) == ["营业收入", "1,234", "1,500"]
    assert page.tables == ()


def test_a_bullet_belongs_to_its_text() -> None:
    page = arrange([line("•", 50, 100, 55), line("需求回升", 70, 100, 120)])
    assert page.text == "•需求回升"
    assert kinds(page) == ["text"]


def test_lines_of_a_paragraph_join_without_blanks_in_chinese_and_with_one_in_english() -> None:
    chinese = arrange([line("我们预计全年收入", 50, 100, 300), line("增长一成。", 50, 113, 110)])
    english = arrange([line("We expect revenue to", 50, 100, 300), line("grow by a tenth.", 50, 113, 150)])
    assert chinese.text == "我们预计全年收入增长一成。"
    assert english.text == "We expect revenue to grow by a tenth."
    assert [piece.box for piece in english.blocks[0].pieces] == [Box(50, 100, 300, 112), Box(50, 113, 150, 125)]


def test_columns_are_not_mixed() -> None:
    left = [line("左栏第一行文字", 50, 100, 200, block=0), line("左栏第二行。", 50, 113, 150, block=0)]
    right = [line("右栏第一行文字", 300, 100, 450, block=1), line("右栏第二行。", 300, 113, 400, block=1)]
    assert arrange(left + right).text.split("\n") == ["左栏第一行文字左栏第二行。", "右栏第一行文字右栏第二行。"]


def test_an_empty_page_is_empty() -> None:
    assert arrange([]) == Layout("", ())


def test_repairs_tell_where_the_text_was_another() -> None:
    repaired = Line("营业收入", Box(50, 120, 120, 132), 10.0, False, 1, original="营 业 收 入", place=1)
    page = arrange([line("A title.", 50, 100, 90), repaired])
    assert page.repairs == (Repair(9, 13, "营 业 收 入"),)
    assert page.text[9:13] == "营业收入"


# --- kinds -----------------------------------------------------------------------------------------------------------


def kind_of(text: str, *, size: float = 10.0, bold: bool = False) -> str:
    """The kind of a line above a page of body text."""
    return arrange(placed(line(text, 50, 100, 50 + 5 * width(text), size=size, bold=bold), BODY)).blocks[0].kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("图表3：收入", "caption"),
        ("Table 2: Trams", "caption"),
        ("资料来源：青岚研究", "source"),
        ("Note: a forecast", "source"),
        ("单位：百万元", "unit"),
        ("(in millions)", "unit"),
        ("一、投资要点", "heading"),
        ("（二）盈利预测", "heading"),
        ("第三章 电车", "heading"),
        ("1.2 Trams sold", "heading"),
        ("Item 7. Results", "heading"),
        ("一、收入上升。", "text"),
        ("投资要点", "text"),
        ("2023", "text"),
    ],
)
def test_kinds_by_how_a_line_begins(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_large_or_bold_short_line_is_a_heading() -> None:
    assert kind_of("投资要点", size=14) == "heading"
    assert kind_of("投资要点", bold=True) == "heading"
    assert kind_of("Trams and depots", size=12) == "heading"
    assert kind_of("Trams and depots", size=11) == "text"


def test_large_figures_and_sentences_are_no_headings() -> None:
    assert kind_of("2,034", size=20) == "text"
    assert kind_of("收入上升。", size=14) == "text"
    assert kind_of("松河电机" * 20, size=14) == "text"


def test_a_bold_line_smaller_than_the_body_is_no_heading() -> None:
    assert kind_of("投资要点", size=8, bold=True) == "text"


def test_blocks_know_their_size_and_weight() -> None:
    page = arrange(placed(line("投资要点", 50, 100, 90, size=14, bold=True), BODY))
    assert [(block.size, block.bold) for block in page.blocks] == [(14.0, True), (10.0, False)]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_a_table_has_its_title_unit_and_source() -> None:
    page = arrange(
        placed(
            line(PROSE, 50, 60, 160),
            line("表1：盈利预测", 50, 90, 115),
            line("单位：百万元", 220, 104, 280),
            *grid_lines(120),
            line("资料来源：青岚研究", 50, 175, 140),
            line(PROSE, 50, 220, 160),
        ),
        [region(120)],
    )
    assert kinds(page) == ["text", "caption", "unit", "row", "row", "row", "source", "text"]
    assert page.text.split("\n")[3:6] == ["Item\t2023A", "Cash\t1,234", "Depots\t(56)"]
    (table,) = page.tables
    assert [said(page, table.title), said(page, table.unit), said(page, table.source)] == [
        "表1：盈利预测",
        "单位：百万元",
        "资料来源：青岚研究",
    ]
    assert (table.header, table.rows, table.columns) == ((3,), (4, 5), ("Item", "2023A"))
    assert table.box == region(120).box
    assert [(piece.column, piece.covers) for piece in page.blocks[4].pieces] == [(0, 1), (1, 1)]


def test_a_unit_line_inside_the_region_is_a_block_above_the_rows() -> None:
    unit = line("(in millions)", 200, 88, 260)
    wide = Region("table", Box(46, 84, 300, 152), (102, 118, 134), (170,))
    page = arrange(placed(unit, *grid_lines(104)), [wide])
    assert kinds(page) == ["unit", "row", "row", "row"]
    (table,) = page.tables
    assert (table.unit, table.header, table.rows) == (0, (1,), (2, 3))


def test_a_heading_is_the_title_of_a_table_without_another() -> None:
    page = arrange(placed(line("盈利预测", 50, 90, 90, size=14), *grid_lines(120), BODY), [region(120)])
    (table,) = page.tables
    assert said(page, table.title) == "盈利预测"
    assert page.blocks[0].kind == "heading"


def test_a_title_before_a_heading() -> None:
    page = arrange(
        placed(line("表1：盈利预测", 50, 82, 115), line("盈利预测", 50, 100, 90, size=14), *grid_lines(120), BODY),
        [region(120)],
    )
    assert said(page, page.tables[0].title) == "表1：盈利预测"


def test_what_stands_too_far_away_or_beside_is_no_title() -> None:
    page = arrange(
        placed(
            line("表1：盈利预测", 50, 50, 115),
            line("表2：资产负债", 400, 100, 465),
            *grid_lines(120),
            line("资料来源：青岚研究", 50, 260, 140),
        ),
        [region(120)],
    )
    (table,) = page.tables
    assert (table.title, table.unit, table.source) == (None, None, None)


def test_tables_side_by_side_have_their_own_titles_and_sources() -> None:
    page = arrange(
        placed(
            line("表1：盈利预测", 50, 100, 115),
            line("表2：资产负债", 330, 100, 395),
            *grid_lines(120),
            *grid_lines(120, 330),
            line("资料来源：青岚研究", 50, 175, 140),
            line("资料来源：松河电机", 330, 175, 420),
        ),
        [region(120), region(120, 330)],
    )
    first, second = page.tables
    assert [said(page, first.title), said(page, first.source)] == ["表1：盈利预测", "资料来源：青岚研究"]
    assert [said(page, second.title), said(page, second.source)] == ["表2：资产负债", "资料来源：松河电机"]


def test_a_title_belongs_to_one_table() -> None:
    page = arrange(
        placed(line("表1：盈利预测", 50, 100, 115), *grid_lines(120), *grid_lines(124, 330)),
        [region(120), region(124, 330)],
    )
    assert [table.title for table in page.tables] == [0, None]


def test_tables_stand_where_the_stream_has_them() -> None:
    page = arrange(placed(line(PROSE, 50, 80, 160), *grid_lines(120), line("此后。", 50, 220, 80)), [region(120)])
    assert [text.split("\t")[0] for text in page.text.split("\n")] == [PROSE, "Item", "Cash", "Depots", "此后。"]


def test_lines_of_a_region_that_is_no_table_stay_text() -> None:
    lines = placed(line("只有一行", 50, 120, 90), BODY)
    page = arrange(lines, [region(120)])
    assert page.tables == ()
    assert page.text == arrange(lines).text


def test_turned_text_is_in_no_table() -> None:
    turned = Line("margin note", Box(100, 122, 112, 160), 10.0, False, 0, level=False)
    page = arrange(placed(*grid_lines(120), turned), [region(120)])
    assert kinds(page) == ["row", "row", "row", "text"]
    assert page.text.endswith("margin note")


# --- laws ------------------------------------------------------------------------------------------------------------

words = st.sampled_from(
    [
        "松河电机",
        "收入上升。",
        "1,234",
        "•",
        "图表1：收入",
        "资料来源：青岚",
        "单位：元",
        "Trams",
        "a b",
        "2023A",
        "一、要点",
    ]
)
lines = st.lists(
    st.tuples(words, st.integers(0, 500), st.integers(0, 780), st.sampled_from([8.0, 10.0, 14.0]), st.integers(0, 3)),
    max_size=25,
)


@given(lines, st.booleans())
def test_blocks_cover_the_text_and_nothing_is_lost(
    drawn: list[tuple[str, int, int, float, int]], with_region: bool
) -> None:
    made = [
        Line(text, Box(x, y, x + 5 * width(text), y + 12), size, False, block, place=place)
        for place, (text, x, y, size, block) in enumerate(drawn)
    ]
    page = arrange(made, [Region("table", Box(0, 0, 400, 400), (100, 200, 300), (150, 300))] if with_region else ())
    end = -1
    for block in page.blocks:
        assert block.start == end + 1
        end = block.end
        assert block.pieces[0].start == block.start
        assert block.pieces[-1].end == block.end
        for left, right in zip(block.pieces, block.pieces[1:], strict=False):
            assert page.text[left.end : right.start] in ("", " ", "\t")
    assert end == (len(page.text) if page.blocks else -1)
    assert "\n" not in "".join(said(page, i) for i in range(len(page.blocks)))
    assert Counter("".join(page.text.split())) == Counter("".join("".join(one.text.split()) for one in made))
    for table in page.tables:
        assert all(page.blocks[i].kind == "row" for i in (*table.header, *table.rows))
