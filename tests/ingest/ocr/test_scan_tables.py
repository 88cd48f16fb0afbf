"""Lines set by hand on rows of 16 points: labels at 50, figures that end at 220, 320 and 420."""

from collections.abc import Sequence

import pytest

from ingest.lines import Line
from ingest.ocr.tables import table_regions
from ingest.regions import Region, is_figure
from rag.domain import Box
from rag.text import width

RIGHTS = (220.0, 320.0, 420.0)
PITCH = 16.0


def line(text: str, x0: float, row: float, x1: float | None = None) -> Line:
    """A line of size 10 whose words stand where their characters put them: five points a width unit."""
    top = 100 + PITCH * row
    words, x = [], x0
    for word in text.split(" "):
        words.append((word, x, x + 5 * width(word)))
        x += 5 * (width(word) + 1)
    return Line(text, Box(x0, top, x - 5 if x1 is None else x1, top + 12), 10.0, False, 0, words=tuple(words))


def ending(text: str, right: float, row: float) -> Line:
    return line(text, right - 5 * width(text), row)


def row_of(number: float, *cells: str) -> list[Line]:
    label, *rest = cells
    return [
        *([line(label, 50, number)] if label else []),
        *(ending(text, right, number) for text, right in zip(rest, RIGHTS, strict=False) if text),
    ]


def lines_of(*rows: Sequence[str]) -> list[Line]:
    return [one for number, row in enumerate(rows) for one in row_of(number, *row)]


HEADER = ("Item", "2021", "2022", "2023")
BODY = (("Cash", "1,234", "1,345", "1,456"), ("Depots", "(56)", "12", "78"), ("Trams", "800", "850", "900"))


def region(*rows: Sequence[str]) -> Region:
    (one,) = table_regions(lines_of(*rows))
    return one


def cells(region: Region, *lines: Line) -> list[tuple[int, int]]:
    """Row and column of each line in the grid of a region."""
    return [
        (
            sum(y < (one.box.y0 + one.box.y1) / 2 for y in region.row_lines),
            sum(x < (one.box.x0 + one.box.x1) / 2 for x in region.column_lines),
        )
        for one in lines
    ]


# --- what is a table -------------------------------------------------------------------------------------------------


def test_rows_and_columns_are_parted_between_their_texts() -> None:
    one = region(HEADER, *BODY)
    assert (one.kind, one.box) == ("table", Box(50, 100, 420, 160))
    assert one.row_lines == (114.0, 130.0, 146.0)
    assert cells(one, *lines_of(HEADER, *BODY)) == [(row, column) for row in range(4) for column in range(4)]
    first, second, third = one.column_lines
    assert 80 < first < 195
    assert 220 < second < 295
    assert 320 < third < 395


def test_separators_stand_in_the_middle_of_what_is_free() -> None:
    """Labels end at 80, figures begin at 195, 295 and 395 and end at 220 and 320 (a bracket hangs over)."""
    assert region(*BODY).column_lines == (137.5, 257.5, 357.5)


def test_two_rows_of_figures_are_no_table() -> None:
    assert table_regions(lines_of(*BODY[:2])) == []


def test_text_in_columns_without_figures_is_no_table() -> None:
    assert table_regions(lines_of(*[("Name", "Post", "Place", "Since")] * 5)) == []


def test_a_figure_alone_in_its_column_makes_no_table() -> None:
    """In each row a figure, none below another."""
    scattered = [one for i in range(4) for one in (line("Label", 50, i), ending("123", 150 + 60 * i, i))]
    assert table_regions(scattered) == []


def test_lone_figures_below_each_other_are_no_table() -> None:
    assert table_regions([ending("1,234", 220, row) for row in range(5)]) == []


def test_dashes_alone_are_no_table() -> None:
    assert table_regions(lines_of(*[("Cash", "－", "－")] * 4)) == []


def test_no_lines_are_no_table() -> None:
    assert table_regions([]) == []


def test_tables_far_below_each_other_are_two() -> None:
    lower = [one for number, row in enumerate(BODY) for one in row_of(10 + number, *row)]
    one, other = table_regions([*lines_of(*BODY), *lower])
    assert one.box.y1 == 144
    assert other.box.y0 == 260


@pytest.mark.parametrize("text", ["资料来源：青岚研究", "表2：盈利预测"])
def test_a_source_or_a_title_ends_a_table(text: str) -> None:
    both = [*lines_of(*BODY), line(text, 50, 3), *(o for i, row in enumerate(BODY) for o in row_of(4 + i, *row))]
    one, other = table_regions(both)
    assert one.box.y1 == 144
    assert other.box.y0 == 164


def test_a_line_of_text_over_the_columns_ends_a_table() -> None:
    said = line("A sentence that goes on over all the columns of the table above it.", 50, 3)
    both = [*lines_of(*BODY), said, *(o for i, row in enumerate(BODY) for o in row_of(4 + i, *row))]
    assert [(one.box.y0, one.box.y1) for one in table_regions(both)] == [(100, 144), (164, 208)]


def test_a_group_between_rows_is_of_the_table() -> None:
    one = region(*BODY, ("Liabilities",), *BODY)
    assert one.box == Box(50, 100, 420, 100 + 16 * 6 + 12)
    assert len(one.row_lines) == 6


def test_columns_set_to_the_left_are_columns() -> None:
    """Figures of 5 to 45 points that begin below each other: they end nowhere together."""
    rows = [("Cash", "1,234,567", "12"), ("Depots", "56", "1,345,678"), ("Trams", "78901", "56789")]
    left = [
        one
        for i, (label, *figures) in enumerate(rows)
        for one in (line(label, 50, i), *(line(text, 200 + 100 * j, i) for j, text in enumerate(figures)))
    ]
    (one,) = table_regions(left)
    assert cells(one, *left) == [(row, column) for row in range(3) for column in range(3)]


# --- the header ------------------------------------------------------------------------------------------------------


def test_texts_over_the_columns_are_the_header() -> None:
    one = region(("", "Year", "Year", "Year"), HEADER, *BODY)
    assert one.box.y0 == 100
    assert len(one.row_lines) == 4


def test_a_line_over_the_columns_of_figures_alone_is_a_header() -> None:
    over = line("Year ended 31 December", 240, -1)
    (one,) = table_regions([over, *lines_of(HEADER, *BODY)])
    assert one.box.y0 == 84


def test_a_title_of_one_line_is_no_header() -> None:
    title = line("Statement of financial position at year end", 50, -1)
    assert title.box.x1 > RIGHTS[0]
    (one,) = table_regions([title, *lines_of(HEADER, *BODY)])
    assert one.box.y0 == 100


def test_a_title_with_a_word_beside_it_is_no_header() -> None:
    title = [line("Statement of financial position", 50, -1), ending("Audited", 420, -1)]
    assert title[0].box.x1 > RIGHTS[0] - 25
    (one,) = table_regions([*title, *lines_of(*BODY)])
    assert one.box.y0 == 100


@pytest.mark.parametrize("text", ["表1：盈利预测与估值", "单位：百万元"])
def test_a_caption_or_a_unit_is_no_header(text: str) -> None:
    (one,) = table_regions([line(text, 240, -1), *lines_of(HEADER, *BODY)])
    assert one.box.y0 == 100


def test_what_stands_far_above_is_no_header() -> None:
    far = row_of(-2, "", "A", "B", "C")
    assert table_regions([*far, *lines_of(*BODY)])[0].box.y0 == 100
    near = row_of(-1, "", "A", "B", "C")
    assert table_regions([*near, *lines_of(*BODY)])[0].box.y0 == 84


def test_a_label_alone_above_the_body_is_no_header() -> None:
    assert region(("Assets",), *BODY).box.y0 == 116
    assert region(HEADER, ("Assets",), *BODY).box.y0 == 100


def test_a_separator_stands_where_the_header_leaves_room() -> None:
    """The first header reaches to the left up to 110 over the gap whose middle is at 137.5."""
    wide = ending("Twenty-one-at-the-end.", RIGHTS[0], -1)
    (one,) = table_regions([wide, *row_of(-1, "", "", "B", "C"), *lines_of(*BODY)])
    assert (wide.box.x0, one.box.y0) == (110, 84)
    assert one.column_lines[0] == 95


# --- columns ---------------------------------------------------------------------------------------------------------


def test_group_labels_in_a_column_of_their_own_are_parted() -> None:
    """Labels in rows without figures that begin left of the items and end before they begin."""
    items = [o for i in (1, 2, 4, 5, 6) for o in (line("Item", 120, i), *row_of(i, "", "1,234", "1,345", "1,456"))]
    groups = [line("Asset", 50, 0), line("Debts", 50, 3)]
    every = sorted([*items, *groups], key=lambda one: (one.box.y0, one.box.x0))
    coded = [line("AB", 50, 1), *every]
    coded = sorted([*coded, line("CD", 50, 4)], key=lambda one: (one.box.y0, one.box.x0))
    (one,) = table_regions(coded)
    assert one.column_lines[0] == 97.5
    assert {column for o, (_, column) in zip(coded, cells(one, *coded), strict=True) if o.text == "Item"} == {1}


def test_a_few_labels_may_run_over_a_gap_between_words() -> None:
    """One label of seven goes on behind the gap after the codes."""
    rows = [
        o
        for i in range(6)
        for o in (line("AB", 50, i), line("Item", 120, i), *row_of(i, "", "1,234", "1,345", "1,456"))
    ]
    stray = Line(
        "Total of", Box(50, 196, 140, 208), 10.0, False, 0, words=(("Total", 50, 65), ("of", 121, 140))
    )  # fmt: skip
    (one,) = table_regions([*rows, stray, *row_of(6, "", "1,234", "1,345", "1,456")])
    assert len(one.column_lines) == 4
    assert 65 < one.column_lines[0] < 120


def test_most_labels_with_a_space_are_one_column() -> None:
    spaced = [
        Line("Total of", Box(50, 100 + 16 * i, 140, 112 + 16 * i), 10.0, False, 0, words=(("Total", 50, 65), ("of", 121, 140)))
        for i in range(10)
    ]  # fmt: skip
    every = [o for i, label in enumerate(spaced) for o in (label, *row_of(i, "", "1,234", "1,345", "1,456"))]
    (one,) = table_regions(every)
    assert len(one.column_lines) == 3


def test_columns_of_figures_are_parted_where_one_reaches_over() -> None:
    """A figure whose box reaches far into the column before it: no free gap, and still two columns."""
    rows = [o for i in range(6) for o in row_of(i, "Item", "1,234", "1,345")]
    reaching = [*row_of(6, "Item", "1,234"), line("$ 5,678,901,234,567", 225, 6, 320)]
    wide = [line("Item", 50, 7), line("12,345,678,901,234,567", 195, 7, 310)]
    (one,) = table_regions([*rows, *reaching, *wide])
    assert len(one.column_lines) == 2
    assert 220 <= one.column_lines[1] <= 295


def test_a_dash_is_a_figure_of_its_column() -> None:
    one = region(*BODY, ("Bonds", "－", "－", "7"))
    assert is_figure("－")
    assert one.box.y1 == 160
    assert cells(one, *row_of(3, "Bonds", "－", "－", "7")) == [(3, 0), (3, 1), (3, 2), (3, 3)]


# --- rows ------------------------------------------------------------------------------------------------------------


def coded(number: float, code: str, label: str, *figures: str) -> list[Line]:
    return [
        *([line(code, 20, number)] if code else []),
        line(label, 60, number),
        *(ending(text, right, number) for text, right in zip(figures, RIGHTS, strict=False)),
    ]


def test_a_label_that_goes_on_below_its_code_is_one_row() -> None:
    lines = [
        *coded(0, "1100", "Cash", "12", "13", "14"),
        *coded(1, "1200", "Bonds", "12", "13", "14"),
        *coded(2, "1300", "Assets held"),
        *coded(3, "", "for sale", "12", "13", "14"),
        *coded(4, "1400", "Trams", "12", "13", "14"),
    ]
    (one,) = table_regions(lines)
    assert one.row_lines == (114, 130, 162)


def test_words_in_the_place_of_codes_are_none() -> None:
    lines = [
        *coded(0, "Bank", "Cash", "12", "13", "14"),
        *coded(1, "Bank", "Bonds", "12", "13", "14"),
        *coded(2, "Rail", "Assets held"),
        *coded(3, "", "for sale", "12", "13", "14"),
        *coded(4, "Rail", "Trams", "12", "13", "14"),
    ]
    assert table_regions(lines)[0].row_lines == (114, 130, 146, 162)


def test_a_label_without_code_after_a_whole_row_is_a_row() -> None:
    lines = [
        *coded(0, "1100", "Cash", "12", "13", "14"),
        *coded(1, "1200", "Bonds", "12", "13", "14"),
        *coded(2, "1300", "Stocks", "12", "13", "14"),
        *coded(3, "", "Total", "12", "13", "14"),
    ]
    assert table_regions(lines)[0].row_lines == (114, 130, 146)


def test_labels_without_codes_are_rows() -> None:
    one = region(*BODY, ("Assets held",), ("for sale", "12", "13", "14"))
    assert len(one.row_lines) == 4
