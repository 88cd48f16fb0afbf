"""Lines set by hand, in stream order, and the paragraphs they make."""

from collections.abc import Sequence

import pymupdf

from ingest.lines import Line, read_lines
from ingest.paragraphs import body_size, paragraphs
from rag.domain import Box


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


def made_of(lines: Sequence[Line]) -> list[list[list[str]]]:
    """Of each paragraph its rows, of each row its lines."""
    return [[[one.text for one in row] for row in paragraph.lines] for paragraph in paragraphs(lines)]


# --- side by side ----------------------------------------------------------------------------------------------------


def test_lines_on_one_baseline_stay_side_by_side() -> None:
    lines = [line("营业收入", 50, 100, 90), line("1,234", 200, 100, 230), line("1,500", 300, 100, 330)]
    assert made_of(lines) == [[["营业收入", "1,234", "1,500"]]]


def test_a_narrow_gap_parts_nothing() -> None:
    (paragraph,) = paragraphs([line("Revenue", 50, 100, 90), line("rose", 96, 100, 115)])
    ((one,),) = paragraph.lines
    assert one.text == "Revenue rose"
    assert one.box == Box(50, 100, 115, 112)


def test_a_bullet_belongs_to_its_text() -> None:
    assert made_of([line("•", 50, 100, 55), line("需求回升", 90, 100, 140)]) == [[["•需求回升"]]]


def test_the_original_of_a_joined_line_is_that_of_its_parts() -> None:
    repaired = Line("营业收入", Box(60, 100, 130, 112), 10.0, False, 0, original="营 业 收 入")
    (paragraph,) = paragraphs([line("•", 50, 100, 55), repaired])
    assert paragraph.lines[0][0].original == "•营 业 收 入"


def test_titles_side_by_side_are_parted() -> None:
    lines = [line("图表1：收入", 50, 100, 120), line("图表2：利润", 300, 100, 370)]
    assert made_of(lines) == [[["图表1：收入"]], [["图表2：利润"]]]


def test_sources_side_by_side_are_parted() -> None:
    lines = [line("资料来源：青岚研究", 50, 300, 150), line("资料来源：松河电机", 300, 300, 400)]
    assert made_of(lines) == [[["资料来源：青岚研究"]], [["资料来源：松河电机"]]]


def test_justified_text_in_parts_on_one_baseline_is_one_line() -> None:
    lines = [
        line("Harbour Trams sold more than a thousand trams in", 50, 100, 300),
        line("Northport", 50, 113, 95),
        line("although", 120, 113, 160),
        line("the", 185, 113, 200),
        line("intercontinental", 225, 113, 300),
        line("lines were shut.", 50, 126, 120),
    ]
    assert made_of(lines) == [
        [["Harbour Trams sold more than a thousand trams in"], ["Northport although the intercontinental"], ["lines were shut."]]
    ]  # fmt: skip


def test_cells_below_a_long_line_of_their_block_are_no_justified_text() -> None:
    lines = [
        line("Harbour Trams sold more than a thousand trams in", 50, 100, 300),
        line("Northport", 50, 113, 95),
        line("1,234", 120, 113, 150),
    ]
    assert made_of(lines)[1] == [["Northport", "1,234"]]


def test_justified_print_is_read_as_one_paragraph() -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((50, 100), "Harbour Trams sold more than a thousand trams", fontsize=10)
        for x0, word in ((50, "Northport"), (115, "although"), (174, "the"), (207, "lines"), (247, "shut")):
            page.insert_text((x0, 113), word, fontsize=10)
        page.insert_text((50, 126), "for repairs.", fontsize=10)
        lines = read_lines(page)
    (paragraph,) = paragraphs(lines)
    assert [row[0].text for row in paragraph.lines] == [
        "Harbour Trams sold more than a thousand trams",
        "Northport although the lines shut",
        "for repairs.",
    ]


# --- one below the other ---------------------------------------------------------------------------------------------


def test_lines_that_go_on_are_one_paragraph() -> None:
    assert made_of([line("我们预计全年收入", 50, 100, 300), line("增长一成。", 50, 113, 110)]) == [
        [["我们预计全年收入"], ["增长一成。"]]
    ]


def test_columns_are_not_mixed() -> None:
    left = [line("左栏第一行文字", 50, 100, 200), line("左栏第二行。", 50, 113, 150)]
    right = [line("右栏第一行文字", 300, 100, 450, block=1), line("右栏第二行。", 300, 113, 400, block=1)]
    assert made_of(left + right) == [
        [["左栏第一行文字"], ["左栏第二行。"]],
        [["右栏第一行文字"], ["右栏第二行。"]],
    ]


def test_a_paragraph_goes_on_in_the_next_block_where_its_line_was_full_and_open() -> None:
    above = [line("松河电机收入上升并且", 50, 100, 300), line("利润率在全年都保持了", 50, 113, 300)]
    assert len(made_of([*above, line("稳定。", 50, 126, 90, block=1)])) == 1
    assert len(made_of([*above, line("稳定。", 320, 126, 360, block=1)])) == 2


def test_a_finished_line_ends_the_paragraph_of_another_block() -> None:
    assert len(made_of([line("松河电机收入上升。", 50, 100, 300), line("利润率稳定。", 50, 113, 120, block=1)])) == 2


def test_a_short_chinese_line_ends_its_paragraph() -> None:
    lines = [line("松河电机", 50, 100, 100), line("电车制造商与线路运营商的全年业绩", 50, 113, 300)]
    assert len(made_of(lines)) == 2


def test_a_wide_space_between_lines_parts_paragraphs() -> None:
    assert len(made_of([line("我们预计全年收入", 50, 100, 300), line("增长一成。", 50, 126, 110)])) == 2


def test_a_page_set_with_wide_spacing_has_paragraphs_too() -> None:
    full = [line("Harbour Trams sells more trams than before and", 50, 100 + 26 * i, 300) for i in range(6)]
    last = line("in the north.", 50, 256, 110)
    assert [len(rows) for rows in made_of([*full, last])] == [7]
    far = line("Another paragraph.", 50, 300, 140)
    assert [len(rows) for rows in made_of([*full, last, far])] == [7, 1]


def test_another_size_or_weight_parts_paragraphs() -> None:
    below = line("below it", 50, 113, 300)
    assert len(made_of([line("A title as long as", 50, 100, 300, size=14), below])) == 2
    assert len(made_of([line("A bold line ends.", 50, 100, 300, bold=True), below])) == 2


def test_a_bold_beginning_that_stops_in_mid_sentence_goes_on() -> None:
    lines = [line("Harbour Trams sells more trams than", 50, 100, 300, bold=True), line("ever before.", 50, 113, 110)]
    assert len(made_of(lines)) == 1


def test_items_of_a_list_are_paragraphs_of_their_own() -> None:
    items = [line("• 收入上升并且利润率保持稳定的松河", 50, 100, 300), line("• 需求回升", 50, 113, 120)]
    assert made_of(items) == [[[item.text]] for item in items]


def test_a_title_or_source_begins_a_paragraph_of_its_own() -> None:
    above = line("Harbour Trams sells more trams than before and", 50, 100, 300)
    assert len(made_of([above, line("Figure 4: Trams delivered", 50, 113, 200)])) == 2
    assert len(made_of([above, line("Source: Lark Research", 50, 113, 200)])) == 2


def test_a_unit_line_begins_a_paragraph_of_its_own() -> None:
    lines = [line("表1：盈利预测", 50, 100, 115), line("单位：百万元", 50, 116, 110, block=1)]
    assert made_of(lines) == [[["表1：盈利预测"]], [["单位：百万元"]]]


def test_turned_text_joins_no_line() -> None:
    turned = Line("turned", Box(302, 100, 312, 160), 10.0, False, 0, level=False)
    assert len(made_of([line("Harbour Trams sells trams", 50, 100, 300), turned])) == 2


# --- order and size --------------------------------------------------------------------------------------------------


def test_a_paragraph_has_the_place_of_its_first_line() -> None:
    lines = [line("Title.", 50, 80, 100, size=14, place=3), line("Text", 50, 110, 90, place=4)]
    assert [paragraph.place for paragraph in paragraphs(lines)] == [3, 4]


def test_the_body_size_is_that_of_most_characters() -> None:
    assert body_size([line("A long line of the text", 50, 100, 300), line("Title", 50, 80, 100, size=20)]) == 10.0
    assert body_size([]) == 0.0
