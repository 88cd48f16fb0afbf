"""Rows of cells set by hand, columns a hundred points apart, and the rows a reader sees."""

from collections.abc import Sequence

from ingest.cells import Cell
from ingest.lines import Line
from ingest.table_rows import has_figures, label_column, with_signs, without_unit_rows, wrapped_joined
from rag.domain import Box
from rag.text import width


def cell(text: str, column: int, y0: float = 100.0, *, x0: float | None = None, size: float = 10.0) -> Cell:
    left = 50 + 100 * column if x0 is None else x0
    box = Box(left, y0, left + width(text) * size / 2, y0 + 1.2 * size)
    return Cell((Line(text, box, size, False, 0),), column)


def rows(*texts: Sequence[str], pitch: float = 16.0) -> list[list[Cell]]:
    """Rows of cells; "" leaves a column empty."""
    return [
        [cell(text, column, 100 + pitch * number) for column, text in enumerate(row) if text]
        for number, row in enumerate(texts)
    ]


def texts(made: Sequence[Sequence[Cell]]) -> list[list[tuple[int, str]]]:
    return [[(one.column, one.text) for one in row] for row in made]


# --- signs and marks -------------------------------------------------------------------------------------------------


def signed(*cells: Cell) -> list[tuple[int, str]]:
    return [(one.column, one.text) for one in with_signs(cells)]


def test_a_currency_sign_in_a_column_of_its_own_goes_to_its_figure() -> None:
    found = signed(cell("Cash", 0), cell("$", 1), cell("1,234", 2), cell("$", 3), cell("567", 4))
    assert found == [(0, "Cash"), (2, "$ 1,234"), (4, "$ 567")]


def test_a_currency_sign_before_words_stays() -> None:
    assert signed(cell("$", 1), cell("per tram", 2)) == [(1, "$"), (2, "per tram")]


def test_a_closing_bracket_or_percent_sign_goes_to_the_figure_on_its_left() -> None:
    found = signed(cell("Loss", 0), cell("(1,234", 1), cell(")", 2), cell("5.6", 3), cell("%", 4))
    assert found == [(0, "Loss"), (1, "(1,234 )"), (3, "5.6 %")]


def test_a_footnote_mark_beside_a_figure_goes_to_it() -> None:
    raised = cell("(a)", 2, x0=176, size=6)
    beside = cell("*", 4, x0=377)
    found = signed(cell("Cash", 0), cell("1,234", 1), raised, cell("56,789", 3, x0=345), beside)
    assert found == [(0, "Cash"), (1, "1,234 (a)"), (3, "56,789 *")]


def test_a_mark_far_from_the_figure_stays() -> None:
    assert signed(cell("Cash", 0), cell("12", 1), cell("(a)", 2)) == [(0, "Cash"), (1, "12"), (2, "(a)")]


def test_a_code_in_the_first_column_takes_no_mark() -> None:
    assert signed(cell("12", 0), cell("%", 1)) == [(0, "12"), (1, "%")]


# --- unit rows -------------------------------------------------------------------------------------------------------


def test_rows_that_only_name_units_are_taken_off_the_top() -> None:
    made = rows(("", "", "单位：百万元"), ("项目", "2023A", "2024E"), ("收入", "1,234", "1,456"))
    kept, above = without_unit_rows(made)
    assert texts(kept) == texts(made[1:])
    assert [line.text for line in above] == ["单位：百万元"]


def test_english_unit_rows_and_several_of_them_are_taken_off() -> None:
    made = rows(("", "(Unaudited)"), ("", "(in thousands, except per share data)"), ("", "2023", "2022"))
    kept, above = without_unit_rows(made)
    assert texts(kept) == [[(1, "2023"), (2, "2022")]]
    assert [line.text for line in above] == ["(Unaudited)", "(in thousands, except per share data)"]


def test_a_header_that_names_a_unit_among_headings_is_kept() -> None:
    made = rows(("百万元", "2023A"), ("收入", "1,234"))
    assert without_unit_rows(made) == (made, [])


def test_a_unit_below_a_header_is_no_row_of_the_top() -> None:
    made = rows(("", "2023A"), ("", "百万元"), ("收入", "1,234"))
    assert without_unit_rows(made) == (made, [])


# --- wrapped rows ----------------------------------------------------------------------------------------------------


def test_a_label_that_goes_on_beside_its_figures_is_one() -> None:
    made = rows(("Trams sold to", ""), ("operators abroad", "1,234"), ("Depots", "56"))
    assert texts(wrapped_joined(made)) == [
        [(0, "Trams sold to operators abroad"), (1, "1,234")],
        [(0, "Depots"), (1, "56")],
    ]


def test_a_chinese_label_that_stops_in_a_bracket_is_one() -> None:
    made = rows(("归属于股东的净利润（", ""), ("扣除非经常性损益）", "1,234"), ("现金", "56"))
    assert texts(wrapped_joined(made))[0] == [(0, "归属于股东的净利润（扣除非经常性损益）"), (1, "1,234")]


def test_a_section_line_is_not_joined_to_the_row_below() -> None:
    made = rows(("Current assets:", ""), ("cash and the like", "1,234"), ("Depots", "56"))
    assert texts(wrapped_joined(made)) == texts(made)
    made = rows(("Current assets", ""), ("Cash", "1,234"), ("Depots", "56"))
    assert texts(wrapped_joined(made)) == texts(made)


def test_a_section_line_is_not_joined_to_the_row_above() -> None:
    made = rows(("Cash", "1,234"), ("Other assets", ""), ("Depots", "56"))
    assert texts(wrapped_joined(made)) == texts(made)


def test_text_that_goes_on_below_its_column_is_one_cell() -> None:
    made = rows(("Term", "Ten years from the"), ("", "first of May"), ("Price", "Fixed"))
    assert texts(wrapped_joined(made)) == [
        [(0, "Term"), (1, "Ten years from the first of May")],
        [(0, "Price"), (1, "Fixed")],
    ]


def test_figures_below_a_coded_row_without_any_join_it() -> None:
    made = rows(
        ("A1", "North", "12", "13"),
        ("A2", "South", "14", "15"),
        ("A3", "West", "16", "17"),
        ("A4", "East", "18", "19"),
        ("A5", "The line to the", "", ""),
        ("", "harbour", "20", "21"),
    )
    assert texts(wrapped_joined(made))[-1] == [(0, "A5"), (1, "The line to the harbour"), (2, "20"), (3, "21")]


def test_rows_of_figures_are_never_joined() -> None:
    made = rows(("Cash", "1,234"), ("", "567"), ("Depots", "89"))
    assert texts(wrapped_joined(made)) == texts(made)
    assert wrapped_joined([]) == []


# --- the label column ------------------------------------------------------------------------------------------------


def test_the_label_stands_in_the_first_column_or_behind_a_code() -> None:
    assert label_column(rows(("Cash", "1"), ("Depots", "2"))) == 0
    assert label_column(rows(("A1", "Cash", "1"), ("A2", "Depots", "2"))) == 1
    assert label_column([]) == 0


def test_a_figure_beyond_the_labels_makes_a_row_of_figures() -> None:
    plain, numbered, code = rows(("Cash", "1,234"), ("Cash", "soon"), ("12", "Cash"))
    assert has_figures(plain)
    assert not has_figures(numbered)
    assert not has_figures(code)
