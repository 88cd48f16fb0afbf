"""Header lines over four columns: a wide one for labels, then three of sixty points."""

from ingest.drawings import Rule
from ingest.headings import compose_headings
from ingest.lines import Line
from rag.domain import Box

EDGES = (50.0, 200.0, 260.0, 320.0, 380.0)
MIDDLES = (125.0, 230.0, 290.0, 350.0)


def line(text: str, x0: float, y0: float, x1: float) -> Line:
    return Line(text, Box(x0, y0, x1, y0 + 12), 10.0, True, 0)


def over(text: str, column: int, y0: float, wide: float = 24.0) -> Line:
    """A line in the middle of a column."""
    return line(text, MIDDLES[column] - wide / 2, y0, MIDDLES[column] + wide / 2)


def test_each_column_has_its_heading() -> None:
    header = [line("Item", 50, 100, 70), over("2023", 1, 100), over("2022", 2, 100), over("2021", 3, 100)]
    assert compose_headings(header, EDGES, ()) == ("Item", "2023", "2022", "2021")


def test_a_column_without_a_line_has_no_heading() -> None:
    assert compose_headings([over("2023", 1, 100), over("2021", 3, 100)], EDGES, ()) == ("", "2023", "", "2021")
    assert compose_headings([], EDGES, ()) == ("", "", "", "")


def test_lines_one_below_the_other_are_one_heading() -> None:
    header = [over("Trams", 1, 100, 30), over("sold", 1, 112, 20), over("Depots", 2, 112, 30)]
    assert compose_headings(header, EDGES, ()) == ("", "Trams sold", "Depots", "")


def test_chinese_parts_join_without_a_blank() -> None:
    header = [over("电车", 1, 100), over("交付", 1, 112)]
    assert compose_headings(header, EDGES, ())[1] == "电车交付"


def test_two_lines_on_one_baseline_over_one_column_are_one_heading() -> None:
    assert compose_headings([line("Net", 210, 100, 225), line("profit", 228, 100, 250)], EDGES, ())[1] == "Net profit"


def test_a_wide_line_is_the_heading_of_all_columns_below_it() -> None:
    header = [
        line("Year ended December 31, restated", 205, 100, 375),
        over("2023", 1, 116),
        over("2022", 2, 116),
        over("2021", 3, 116),
    ]
    spanning = "Year ended December 31, restated"
    assert compose_headings(header, EDGES, ()) == ("", f"{spanning} 2023", f"{spanning} 2022", f"{spanning} 2021")


def test_a_rule_below_a_line_tells_its_columns() -> None:
    header = [over("Trams", 2, 100, 30), over("2023", 1, 124), over("2022", 2, 124), over("2021", 3, 124)]
    assert compose_headings(header, EDGES, [Rule(204, 316, 118)]) == ("", "Trams 2023", "Trams 2022", "2021")
    assert compose_headings(header, EDGES, [Rule(204, 376, 118)]) == ("", "Trams 2023", "Trams 2022", "Trams 2021")


def test_two_rules_side_by_side_part_two_headings() -> None:
    edges = (*EDGES, 440.0)
    header = [
        line("Trams", 245, 100, 275),
        line("Depots", 363, 100, 397),
        *(line(year, x - 12, 124, x + 12) for year, x in (("2023", 230), ("2022", 290), ("2023", 350), ("2022", 410))),
    ]
    rules = [Rule(204, 316, 118), Rule(324, 436, 118)]
    assert compose_headings(header, edges, rules) == ("", "Trams 2023", "Trams 2022", "Depots 2023", "Depots 2022")


def test_a_rule_over_all_columns_tells_nothing() -> None:
    header = [over("Trams", 1, 100, 30), over("2023", 1, 124), over("2022", 2, 124)]
    assert compose_headings(header, EDGES, [Rule(50, 380, 118)]) == ("", "Trams 2023", "2022", "")


def test_a_line_in_the_middle_over_headed_columns_stands_for_them() -> None:
    header = [over("Year", 2, 100), over("2023", 1, 124), over("2022", 2, 124), over("2021", 3, 124)]
    assert compose_headings(header, EDGES, ()) == ("", "Year 2023", "Year 2022", "Year 2021")


def test_a_line_between_two_columns_stands_for_both() -> None:
    header = [line("Year", 250, 100, 270), over("2023", 1, 124), over("2022", 2, 124), over("2021", 3, 124)]
    assert compose_headings(header, EDGES, ()) == ("", "Year 2023", "Year 2022", "2021")


def test_a_heading_of_two_tight_lines_spreads_to_no_neighbour() -> None:
    header = [over("Trams", 2, 100, 30), over("sold", 2, 112, 20), over("2023", 1, 112), over("2021", 3, 112)]
    assert compose_headings(header, EDGES, ()) == ("", "2023", "Trams sold", "2021")


def test_a_heading_in_the_middle_of_two_levels_stays_in_its_column() -> None:
    header = [
        line("Year", 310, 100, 330),
        over("Share", 1, 108, 28),
        over("2022", 2, 116),
        over("2021", 3, 116),
    ]
    assert compose_headings(header, EDGES, ()) == ("", "Share", "Year 2022", "Year 2021")


def test_the_heading_of_the_labels_stays_in_its_column() -> None:
    header = [line("Item", 50, 100, 70), over("2023", 1, 116), over("2022", 2, 116)]
    assert compose_headings(header, EDGES, ()) == ("Item", "2023", "2022", "")
