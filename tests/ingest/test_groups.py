"""Rows of three columns whose first holds a label for several rows."""

from ingest.cells import Cell
from ingest.drawings import Rule
from ingest.groups import group_labels
from ingest.lines import Line
from rag.domain import Box

EDGE = 150.0
TOP, PITCH = 100.0, 20.0


def rows_of(labels: list[tuple[str, str]]) -> list[list[Cell]]:
    """A row of (text of the first column or "", text of the second, a figure)."""
    return [
        [
            Cell((Line(text, Box(50 + 100 * column, y, 90 + 100 * column, y + 12), 10.0, False, 0),), column)
            for column, text in enumerate((*pair, "1,234"))
            if text
        ]
        for pair, y in ((pair, TOP + PITCH * index) for index, pair in enumerate(labels))
    ]


def below(index: int) -> float:
    """The y of a rule between a row and the next."""
    return TOP + PITCH * index + 16


NAMES = ["Lark", "Finch", "Wren", "Rook", "Crane"]


def named(first: list[str]) -> list[list[Cell]]:
    return rows_of(list(zip(first, NAMES, strict=True)))


def test_a_label_on_its_first_row_counts_downwards() -> None:
    rows = named(["North", "", "", "South", ""])
    assert group_labels(rows, EDGE, ()) == ("", "North", "North", "", "South")


def test_a_label_in_the_middle_counts_for_the_nearest_rows() -> None:
    rows = named(["", "North", "", "", "South"])
    assert group_labels(rows, EDGE, ()) == ("North", "", "North", "South", "")


def test_rules_through_the_first_column_part_groups() -> None:
    rows = named(["", "North", "", "", "South"])
    rules = [Rule(50, 400, below(2))]
    assert group_labels(rows, EDGE, rules) == ("North", "North", "North", "South", "South")
    uneven = named(["North", "", "", "", "South"])
    assert group_labels(uneven, EDGE, [Rule(50, 400, below(3))]) == ("North", "North", "North", "North", "South")


def test_a_label_of_two_lines_within_its_rules_is_one() -> None:
    rows = named(["北部", "线路", "", "", "南部"])
    rules = [Rule(50, 400, below(2))]
    assert group_labels(rows, EDGE, rules) == ("北部线路", "北部线路", "北部线路", "南部", "南部")


def test_rules_that_leave_out_the_first_column_part_nothing() -> None:
    rows = named(["North", "", "", "South", ""])
    rules = [Rule(EDGE, 400, below(index)) for index in range(4)]
    assert group_labels(rows, EDGE, rules) == ("", "North", "North", "", "South")


def test_rules_around_all_rows_part_nothing() -> None:
    rows = named(["North", "", "", "South", ""])
    rules = [Rule(50, 400, 95), Rule(50, 400, below(4))]
    assert group_labels(rows, EDGE, rules) == ("", "North", "North", "", "South")


def test_a_table_whose_rows_all_have_labels_has_no_groups() -> None:
    assert group_labels(named(NAMES), EDGE, ()) == ()
    assert group_labels(named(["North", "West", "East", "South", ""]), EDGE, ()) == ()


def test_figures_in_the_first_column_are_no_labels() -> None:
    assert group_labels(named(["1", "", "", "2", ""]), EDGE, ()) == ()


def test_rows_without_texts_in_the_second_column_are_in_no_group() -> None:
    assert group_labels(rows_of([("North", ""), ("", ""), ("", "Wren"), ("South", ""), ("", "")]), EDGE, ()) == ()


def test_two_rows_are_too_few_for_groups() -> None:
    assert group_labels(rows_of([("North", "Lark"), ("", "Finch")]), EDGE, ()) == ()
    assert group_labels([], EDGE, ()) == ()
