"""Marks set by hand in rows of 20 points; ten points high where nothing else is said."""

from collections.abc import Sequence
from itertools import groupby
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lines import Line
from ingest.ocr.marks import Mark
from ingest.ocr.mending import DASH
from ingest.ocr.rows import Drift, Row, lines_of, mended, rows_of
from rag.domain import Box


def mark(text: str, x0: float, y0: float, wide: float = 40.0, high: float = 10.0) -> Mark:
    return Mark(text, Box(x0, y0, x0 + wide, y0 + high), ((text, x0, x0 + wide),))


def texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[one.text for one in row] for row in rows]


def blocks(lines: Sequence[Line]) -> list[list[str]]:
    return [[line.text for line in own] for _, own in groupby(lines, key=lambda line: line.block)]


def row_of(number: int, *cells: str, drift: float = 0.0) -> list[Mark]:
    """A row of cells, each some points lower than the one on its left."""
    return [mark(text, 20 + 100 * i, 50 + 20 * number + drift * i) for i, text in enumerate(cells)]


# --- rows and drift --------------------------------------------------------------------------------------------------


@given(st.integers(0, 999))
def test_rows_come_from_the_top_and_left_in_whatever_order_marks_are(seed: int) -> None:
    rows = [["a", "b", "c"], ["d"], ["e", "f"]]
    marks = [one for number, row in enumerate(rows) for one in row_of(number, *row)]
    Random(seed).shuffle(marks)
    assert texts(rows_of(marks)[0]) == rows


def test_a_dash_is_of_the_row_at_whose_middle_it_is() -> None:
    dash = mark("-", 120, 56, wide=5, high=2)
    assert texts(rows_of([*row_of(0, "a"), *row_of(1, "b"), dash])[0]) == [["a", "-"], ["b"]]


def test_what_is_half_a_row_lower_is_another_row() -> None:
    assert texts(rows_of([mark("a", 20, 50), mark("b", 120, 55)])[0]) == [["a"], ["b"]]
    assert texts(rows_of([mark("a", 20, 50), mark("b", 120, 54)])[0]) == [["a", "b"]]


def test_a_mark_between_two_rows_is_of_the_nearer_one() -> None:
    marks = [mark("a", 20, 50), mark("b", 20, 56), mark("c", 120, 54)]
    assert texts(rows_of(marks)[0]) == [["a"], ["b", "c"]]


def test_marks_one_over_the_other_are_two_rows() -> None:
    assert texts(rows_of([mark("a", 20, 50), mark("b", 40, 53)])[0]) == [["a"], ["b"]]


def test_rows_are_found_on_a_page_that_bends() -> None:
    """Each cell is four points lower than the one before it: over the row three fifths of a row."""
    rows = [[f"{name}{number}" for name in "abcd"] for number in range(10)]
    found, drift = rows_of([one for number, row in enumerate(rows) for one in row_of(number, *row, drift=4)])
    assert texts(found) == rows
    assert drift.at(40, 100) == pytest.approx(0, abs=0.1)
    assert drift.at(340, 100) == pytest.approx(12, abs=0.1)


def test_a_cell_across_an_empty_one_is_put_in_its_row_by_the_drift() -> None:
    rows = [[f"{name}{number}" for name in "abcd"] for number in range(10)]
    marks = [one for number, row in enumerate(rows) for one in row_of(number, *row, drift=4)]
    few = [one for one in marks if one.text not in ("b5", "c5")]
    assert ["a5", "d5"] in texts(rows_of(few)[0])
    level = [one.text for one in few if abs(one.middle - next(m.middle for m in few if m.text == "a5")) < 4.5]
    assert "d5" not in level  # on the page it is nearer to another row


def test_few_marks_say_nothing_of_a_drift() -> None:
    assert Drift().at(100, 100) == 0
    assert Drift([row_of(0, "a", "b", "c", drift=4)]).at(240, 50) == 0
    assert Drift([row_of(number, "a", "b", drift=4) for number in range(9)]).at(140, 50) == 0


def test_other_columns_say_nothing_of_a_drift() -> None:
    drift = Drift([row_of(number, "a", "b", "c", drift=4) for number in range(9)])
    assert drift.at(140, 100) == pytest.approx(4)
    assert drift.at(190, 100) == 0


# --- texts put right by their column ---------------------------------------------------------------------------------


def column(*cells: str) -> list[Row]:
    return [[mark("项目", 20, 50 + 20 * i), mark(text, 120, 50 + 20 * i)] for i, text in enumerate(cells)]


def cells_mended(*cells: str) -> list[str]:
    return [row[1].text for row in mended(column(*cells))]


def test_a_figure_is_put_right_by_its_column() -> None:
    assert cells_mended("1,234", "2,345", "3.456", "1195,347)") == ["1,234", "2,345", "3,456", "(195,347)"]


def test_other_columns_do_not_put_a_figure_right() -> None:
    rows = [[*row, mark("1,234", 220, row[0].box.y0)] for row in column("1.234", "2.345", "3.456")]
    assert [row[1].text for row in mended(rows)] == ["1.234", "2.345", "3.456"]


def test_letters_become_digits_only_below_figures() -> None:
    assert cells_mended("123", "10Q", "456", "78") == ["123", "100", "456", "78"]
    assert cells_mended("甲", "10Q", "456", "78") == ["甲", "10Q", "456", "78"]


@pytest.mark.parametrize("dash", ["-", "–", "—", "一", "ー"])
def test_a_lone_dash_in_a_column_of_figures_is_a_dash(dash: str) -> None:
    assert cells_mended("123", dash, "456") == ["123", DASH, "456"]


def test_a_flat_dash_is_of_the_column_where_figures_end_near_it() -> None:
    rows = [[mark("123", 120, 50)], [mark("一", 151, 74, wide=5, high=2)], [mark("456", 120, 90)]]
    assert texts(mended(rows)) == [["123"], [DASH], ["456"]]


def test_the_character_for_one_stays_in_a_column_of_text() -> None:
    assert cells_mended("甲", "一", "乙") == ["甲", "一", "乙"]


def test_one_script_for_all_rows_and_words_as_the_text() -> None:
    rows = [[mark("資產總額與負債總額", 20, 50)], [mark("营業淨利", 20, 70)]]
    (made,) = mended(rows)[1]
    assert (made.text, made.words) == ("營業淨利", (("營業淨利", 20, 60),))


def test_a_mark_that_is_right_stays_the_same() -> None:
    rows = column("1,234", "2,345")
    assert mended(rows) == rows


# --- lines -----------------------------------------------------------------------------------------------------------


def test_the_lines_of_a_row_have_one_top_and_bottom() -> None:
    row = [mark("a", 20, 50), mark("gy", 120, 52, high=11)]
    one, other = lines_of([row])
    assert (one.box.y0, one.box.y1) == (other.box.y0, other.box.y1)
    assert one.box.y0 < 50
    assert one.box.y1 > 63
    assert (one.box.x0, one.box.x1) == (20, 60)


def test_boxes_of_dense_rows_do_not_overlap() -> None:
    above, below = lines_of([[mark("上行", 20, 50)], [mark("下行", 20, 61)]])
    assert above.box.y1 <= below.box.y0
    assert above.box.y1 == 60.5


def test_a_dash_keeps_near_its_ink() -> None:
    dash = next(line for line in lines_of([[mark("资产", 20, 50), mark(DASH, 120, 54, 5, 2)]]) if line.text == DASH)
    assert (dash.box.y0, dash.box.y1) == (52.5, 57.5)


def test_places_count_the_lines_and_words_come_along() -> None:
    lines = lines_of([row_of(0, "a", "b"), row_of(1, "c")])
    assert [(line.text, line.place) for line in lines] == [("a", 0), ("b", 1), ("c", 2)]
    assert lines[1].words == (("b", 120, 160),)


def test_no_rows_are_no_lines() -> None:
    assert lines_of([]) == []


def test_rows_of_nearly_one_size_have_one_and_a_title_another() -> None:
    rows = [[mark("标题文字", 20, 20, 80, 16)], [mark("正文文字", 20, 50)], [mark("正文文字", 20, 70, 40, 9.5)]]
    title, one, other = (line.size for line in lines_of(rows))
    assert one == other
    assert title > 1.4 * one


@pytest.mark.parametrize(("text", "high"), [("资产总额", 9.2), ("Revenue", 7.0), ("gypsy", 8.6), ("(1,234)", 10.6)])
def test_ink_of_a_size_is_as_high_as_its_characters_are(text: str, high: float) -> None:
    (line,) = lines_of([[mark(text, 20, 50, high=high)]])
    assert line.size == 10.0


# --- blocks ----------------------------------------------------------------------------------------------------------


def test_lines_of_running_text_share_a_block_until_one_ends_early() -> None:
    widths = (300, 300, 90, 300, 300)
    rows = [[mark(f"文字行{i}", 20, 50 + 14 * i, wide)] for i, wide in enumerate(widths)]
    assert blocks(lines_of(rows)) == [["文字行0", "文字行1", "文字行2"], ["文字行3", "文字行4"]]


def test_a_wide_space_or_another_size_begins_a_block() -> None:
    far = [[mark("文字行", 20, 50, 300)], [mark("文字行", 20, 90, 300)]]
    large = [[mark("标题行", 20, 50, 300, 16)], [mark("文字行", 20, 70, 300)]]
    assert [len(blocks(lines_of(rows))) for rows in (far, large)] == [2, 2]


def test_each_row_of_a_table_is_a_block() -> None:
    rows = [[mark("项目", 20, y), mark("123", 75, y), mark("456", 130, y)] for y in (50, 64, 78)]
    assert blocks(lines_of(rows)) == [["项目", "123", "456"]] * 3


# --- columns of text -------------------------------------------------------------------------------------------------


def two_columns(count: int, left: float = 140, right: float = 140) -> list[Row]:
    return [[mark(f"左{i}", 20, 50 + 14 * i, left), mark(f"右{i}", 180, 50 + 14 * i, right)] for i in range(count)]


def test_columns_of_text_are_read_one_after_the_other() -> None:
    rows = [[mark("标题", 20, 20, 300)], *two_columns(4), [mark("页脚", 20, 130, 300)]]
    assert [line.text for line in lines_of(rows)] == [
        "标题", "左0", "左1", "左2", "左3", "右0", "右1", "右2", "右3", "页脚",
    ]  # fmt: skip


def test_columns_are_blocks_of_their_own() -> None:
    assert blocks(lines_of(two_columns(4))) == [["左0", "左1", "左2", "左3"], ["右0", "右1", "右2", "右3"]]


def in_rows(count: int) -> list[str]:
    return [f"{side}{i}" for i in range(count) for side in "左右"]


def test_three_lines_beside_each_other_are_rows() -> None:
    assert [line.text for line in lines_of(two_columns(3))] == in_rows(3)


def test_a_narrow_column_beside_a_wide_one_is_a_table() -> None:
    assert [line.text for line in lines_of(two_columns(5, right=60))] == in_rows(5)
    rows = [[mark(f"左{i}", 20, 50 + 14 * i, 240), mark(f"右{i}", 280, 50 + 14 * i, 90)] for i in range(5)]
    assert [line.text for line in lines_of(rows)] == in_rows(5)


def test_columns_without_a_gutter_are_rows() -> None:
    assert [line.text for line in lines_of(two_columns(5, left=152))] == in_rows(5)


def test_columns_of_figures_are_rows() -> None:
    rows = [[mark("文字行", 20, 50 + 14 * i, 140), mark(f"{i},234", 180, 50 + 14 * i, 140)] for i in range(6)]
    assert [line.text for line in lines_of(rows)] == [t for i in range(6) for t in ("文字行", f"{i},234")]


def test_short_cells_are_rows() -> None:
    """Only the first of six texts on the left is as long as a line of text."""
    rows = two_columns(6, left=50)
    rows[0][0] = mark("左0", 20, 50, 140)
    assert [line.text for line in lines_of(rows)] == in_rows(6)
