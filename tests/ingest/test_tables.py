"""Regions with four columns (a label of 120 points, three of 80) and lines set in them by hand."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ingest.drawings import Rule
from ingest.lines import Line
from ingest.regions import Region
from ingest.tables import TableRows, build_tables
from rag.domain import Box
from rag.text import width

SEPARATORS = (170.0, 250.0, 330.0)
LEFTS = (54.0, 176.0, 256.0, 336.0)
TOP, PITCH = 100.0, 16.0


def line(text: str, x0: float, y0: float, *, size: float = 10.0) -> Line:
    """A line whose words stand where their characters put them: five points a width unit."""
    unit = size / 2
    words, x = [], x0
    for word in text.split(" "):
        words.append((word, x, x + unit * width(word)))
        x += unit * (width(word) + 1)
    return Line(text, Box(x0, y0, x0 + unit * width(text), y0 + 12), size, False, 0, words=tuple(words))


def lines_of(*rows: Sequence[str]) -> list[Line]:
    return [
        line(text, LEFTS[column], TOP + PITCH * number)
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    ]


def region(count: int, separators: Sequence[float] = SEPARATORS) -> Region:
    """A region with a grid of so many rows."""
    bottom = TOP + PITCH * count
    grid = tuple(TOP - 2 + PITCH * number for number in range(1, count))
    return Region("table", Box(50, TOP - 2, 410, bottom), grid, tuple(separators))


def built(*rows: Sequence[str], rules: Sequence[Rule] = ()) -> list[TableRows]:
    return build_tables(region(len(rows)), lines_of(*rows), rules)


def texts(table: TableRows) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


HEADER = ("Item", "2021A", "2022A", "2023E")
CASH = ("Cash", "1,234", "1,345", "1,456")
DEPOTS = ("Depots", "(56)", "--", "78.9%")


# --- cells -----------------------------------------------------------------------------------------------------------


def test_the_grid_gives_rows_and_columns() -> None:
    (table,) = built(HEADER, CASH, DEPOTS)
    assert texts(table) == [list(HEADER), list(CASH), list(DEPOTS)]
    assert [[cell.column for cell in row] for row in table.rows] == [[0, 1, 2, 3]] * 3
    assert table.header == 1
    assert table.columns == HEADER
    assert table.unit == ()
    assert table.groups == ()
    assert table.box == region(3).box


def test_an_empty_cell_moves_no_other() -> None:
    (table,) = built(HEADER, ("Cash", "1,234", "", "1,456"), ("Depots", "", "57", ""))
    assert [[(cell.column, cell.text) for cell in row] for row in table.rows[1:]] == [
        [(0, "Cash"), (1, "1,234"), (3, "1,456")],
        [(0, "Depots"), (2, "57")],
    ]


def test_a_currency_sign_in_a_column_of_its_own_joins_its_figure() -> None:
    lines = [
        *lines_of(("", "2022", "", "2023"), ("Cash",), ("Depots", "56", "", "78")),
        line("$", 176, 116),
        line("1,234", 200, 116),
        line("$", 300, 116),
        line("1,456", 340, 116),
    ]
    (table,) = build_tables(region(3, (170, 190, 250, 290, 330)), lines)
    assert texts(table)[1] == ["Cash", "$ 1,234", "$ 1,456"]
    assert [cell.column for cell in table.rows[1]] == [0, 2, 5]


def test_brackets_set_apart_join_their_figure() -> None:
    lines = [*lines_of(HEADER, CASH, ("Depots",)), line("(56", 176, 132), line(")", 240, 132)]
    (table,) = build_tables(region(3), lines)
    assert texts(table)[2] == ["Depots", "(56 )"]
    lines = [*lines_of(HEADER, CASH, ("Depots",)), line("(56", 176, 132), line(")", 252, 132)]
    (table,) = build_tables(region(3), lines)
    assert texts(table)[2] == ["Depots", "(56 )"]


def test_footnote_marks_join_their_figure() -> None:
    lines = [*lines_of(HEADER, CASH, ("Depots", "", "", "78")), line("12,345", 218, 132), line("*", 250.5, 132)]
    (table,) = build_tables(region(3), lines)
    assert texts(table)[2] == ["Depots", "12,345 *", "78"]


def test_a_label_over_two_lines_of_one_grid_row_is_one() -> None:
    grid = Region("table", Box(50, 98, 410, 160), (114.0, 142.0), SEPARATORS)
    lines = [
        *lines_of(HEADER),
        line("Trams sold to", 54, 116),
        line("operators abroad", 54, 128),
        line("1,234", 176, 122),
        line("Depots", 54, 146),
        line("56", 176, 146),
    ]
    (table,) = build_tables(grid, lines)
    assert texts(table)[1:] == [["Trams sold to operators abroad", "1,234"], ["Depots", "56"]]


def test_a_label_over_two_grid_rows_is_one() -> None:
    (table,) = built(HEADER, CASH, ("Trams sold to",), ("operators abroad", "1", "2", "3"))
    assert texts(table)[1:] == [list(CASH), ["Trams sold to operators abroad", "1", "2", "3"]]


def test_two_rows_of_figures_in_one_grid_row_are_parted() -> None:
    grid = Region("table", Box(50, 98, 410, 160), (114.0,), SEPARATORS)
    (table,) = build_tables(grid, lines_of(HEADER, CASH, DEPOTS))
    assert texts(table) == [list(HEADER), list(CASH), list(DEPOTS)]


def test_text_cells_of_several_lines_are_joined() -> None:
    grid = Region("table", Box(50, 98, 410, 170), (114.0, 142.0), SEPARATORS)
    lines = [
        *lines_of(("Clause", "Content")),
        line("Term", 54, 122),
        line("Ten years", 176, 116),
        line("from May", 176, 128),
        line("Price", 54, 146),
        line("Fixed", 176, 146),
    ]
    (table,) = build_tables(grid, lines)
    assert texts(table) == [["Clause", "Content"], ["Term", "Ten years from May"], ["Price", "Fixed"]]
    assert table.header == 1


def test_a_section_line_is_a_row_of_its_own() -> None:
    (table,) = built(HEADER, CASH, ("Other assets",), DEPOTS)
    assert texts(table)[1:] == [list(CASH), ["Other assets"], list(DEPOTS)]


def test_a_section_line_below_the_header_is_no_header() -> None:
    (table,) = built(HEADER, ("Current assets:",), CASH, DEPOTS)
    assert table.header == 1
    assert table.columns == HEADER
    (table,) = built(HEADER, ("Trams sold to",), ("operators abroad", "1", "2", "3"), CASH)
    assert texts(table)[1:] == [["Trams sold to operators abroad", "1", "2", "3"], list(CASH)]


def test_figures_printed_as_one_line_come_apart_at_the_separator() -> None:
    lines = [*lines_of(HEADER, CASH, ("Depots",)), line("1,111 22,222 33,333", 206, 132)]
    (table,) = build_tables(region(3, (170, 233.5, 266, 330)), lines)
    assert texts(table)[2] == ["Depots", "1,111", "22,222", "33,333"]


def test_headings_with_a_year_each_come_apart_at_the_separator() -> None:
    def heading(*texts: str) -> Line:
        places = ((176.0, 196.0), (198.0, 246.0), (252.0, 272.0), (274.0, 322.0))  # gaps of 2, 6 and 2 points
        words = tuple((text, x0, x1) for text, (x0, x1) in zip(texts, places, strict=True))
        return Line(" ".join(texts), Box(176, 100, 322, 112), 10.0, False, 0, words=words)

    def columns(*texts: str) -> tuple[str, ...]:
        rows = [("Item",), ("Cash", "1,234", "1,345"), ("Depots", "56", "57")]
        (table,) = build_tables(region(3), [*lines_of(*rows), heading(*texts)])
        return table.columns[1:3]

    assert columns("2024", "Q1-Q3", "2023", "Q1-Q3") == ("2024 Q1-Q3", "2023 Q1-Q3")
    assert columns("FISCAL", "2024", "FISCAL", "2023") == ("FISCAL 2024", "FISCAL 2023")
    assert columns("Sales", "of", "the", "depots") == ("Sales of the depots",) * 2


def test_a_sentence_across_columns_does_not_come_apart() -> None:
    (table,) = built(HEADER, CASH, ("of which held abroad at the end of the year",), DEPOTS)
    row = table.rows[2]
    assert [(cell.text, cell.column) for cell in row] == [("of which held abroad at the end of the year", 0)]
    assert row[0].covers == 2


# --- units and headers -----------------------------------------------------------------------------------------------


def test_a_unit_row_is_taken_off_the_top() -> None:
    (table,) = built(("", "", "", "单位：百万元"), HEADER, CASH, DEPOTS)
    assert [one.text for one in table.unit] == ["单位：百万元"]
    assert texts(table)[0] == list(HEADER)
    assert table.columns == HEADER


def test_a_unit_between_headings_is_none() -> None:
    (table,) = built(("", "2021", "2022", "2023"), ("", "", "(in millions)", ""), CASH, DEPOTS)
    assert table.header == 2
    assert table.columns == ("", "2021", "2022", "2023")


def test_two_header_rows_make_headings_of_two_parts() -> None:
    (table,) = built(("", "Trams", "Depots", "Staff"), ("Item", "2023", "2023", "2023"), CASH, DEPOTS)
    assert table.header == 2
    assert table.columns == ("Item", "Trams 2023", "Depots 2023", "Staff 2023")


def test_the_header_ends_before_the_first_row_of_figures() -> None:
    (table,) = built(CASH, DEPOTS)
    assert table.header == 0
    assert table.columns == ("", "", "", "")


def test_years_beside_figures_are_a_row_of_the_body() -> None:
    (table,) = built(("Loan", "Rate", "Sum", "Due"), ("First", "3.5%", "1,234", "2027"), ("Second", "4%", "56", "2029"))
    assert table.header == 1


def test_a_table_of_texts_has_one_header_row() -> None:
    (table,) = built(("Name", "Role", "Office"), ("Ada Lark", "Head", "North"), ("Bo Finch", "Clerk", "South"))
    assert table.header == 1
    assert table.columns == ("Name", "Role", "Office", "")


def test_a_title_over_all_columns_is_no_heading() -> None:
    lines = [line("Balance of Harbour Trams", 180, 100), *lines_of((), HEADER, CASH, DEPOTS)]
    (table,) = build_tables(region(4), lines)
    assert texts(table)[0] == ["Balance of Harbour Trams"]
    assert table.header == 2
    assert table.columns == HEADER


def test_a_second_header_inside_the_region_begins_a_second_table() -> None:
    first, second = built(HEADER, CASH, DEPOTS, ("Ratio", "2021A", "2022A", "2023E"), CASH, DEPOTS)
    assert texts(first) == [list(HEADER), list(CASH), list(DEPOTS)]
    assert texts(second) == [["Ratio", "2021A", "2022A", "2023E"], list(CASH), list(DEPOTS)]
    assert (first.header, second.header) == (1, 1)
    assert first.columns == HEADER
    assert second.columns == ("Ratio", "2021A", "2022A", "2023E")
    assert first.box.y1 <= second.box.y0


def test_periods_in_the_last_row_begin_no_table_of_one_row() -> None:
    (table,) = built(HEADER, CASH, ("Due", "2027", "2028", "2029"))
    assert len(table.rows) == 3


def test_groups_are_told() -> None:
    (table,) = built(
        ("Line", "Depot", "Trams", "Staff"),
        ("North", "Lark", "1", "2"),
        ("", "Finch", "3", "4"),
        ("South", "Wren", "5", "6"),
        ("", "Rook", "7", "8"),
    )
    assert table.groups == ("", "North", "", "South")


# --- what is no table ------------------------------------------------------------------------------------------------


def test_one_row_or_one_column_is_no_table() -> None:
    assert built(HEADER) == []
    assert built(("One",), ("Two",), ("Three",)) == []
    assert build_tables(region(3), []) == []


# --- nothing is lost -------------------------------------------------------------------------------------------------

cells = st.sampled_from(
    [
        "",
        "",
        "Cash",
        "其他资产",
        "1,234",
        "(5.1%)",
        "$",
        ")",
        "*",
        "2023A",
        "单位：百万元",
        "a b c",
        "Year ended",
        "1 2",
    ]
)
places = st.tuples(cells, st.floats(50, 390), st.floats(98, 180))


@given(st.lists(places, max_size=30), st.integers(1, 6))
def test_no_character_is_lost_or_doubled(placed: list[tuple[str, float, float]], count: int) -> None:
    lines = [line(text, round(x, 1), round(y, 1)) for text, x, y in placed if text]
    made = build_tables(region(count), lines)
    found = "".join(one.text for table in made for one in table.unit)
    found += "".join(cell.text for table in made for row in table.rows for cell in row)
    if made:
        assert Counter(found.replace(" ", "")) == Counter("".join(one.text for one in lines).replace(" ", ""))


@given(st.lists(places, max_size=30), st.integers(1, 6))
def test_rows_are_well_formed(placed: list[tuple[str, float, float]], count: int) -> None:
    lines = [line(text, round(x, 1), round(y, 1)) for text, x, y in placed if text]
    for table in build_tables(region(count), lines):
        assert len(table.columns) == 4
        assert 0 <= table.header <= len(table.rows)
        assert len(table.groups) in (0, len(table.rows) - table.header)
        for row in table.rows:
            columns = [cell.column for cell in row]
            assert columns == sorted(set(columns))
            assert all(0 <= cell.column < cell.column + cell.covers <= 4 for cell in row)
