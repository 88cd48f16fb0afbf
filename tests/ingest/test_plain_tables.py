"""Boxes of tables on pages set by hand: which pages are plain, and where their tables begin and end."""

import pytest

from ingest.drawings import NOTHING_DRAWN, Drawings
from ingest.lines import Line
from ingest.plain_tables import plain_tables
from rag.domain import Box
from rag.text import width

LEFT, FIRST, STEP, PITCH = 50.0, 300.0, 90.0, 16.0
STATEMENT = [
    ["", "2022", "2023"],
    ["Revenue", "1,234", "1,345"],
    ["Costs of trams", "(800)", "(850)"],
    ["Gross profit", "434", "495"],
]


def line(text: str, x0: float, y0: float, **flags: bool) -> Line:
    box = Box(x0, y0, x0 + 5 * width(text), y0 + 10)
    return Line(text, box, 10.0, False, 0, words=((text, box.x0, box.x1),), **flags)


def table(rows: list[list[str]], top: float = 200.0) -> list[Line]:
    """The first text of a row at the left, the others in columns right of the middle; one row every 16 points."""
    return [
        line(text, LEFT if column == 0 else FIRST + STEP * (column - 1), top + PITCH * row)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]


def prose(top: float, rows: int = 2) -> list[Line]:
    return [
        line(
            "The trams of the harbour line ran as they had done in all the years before, and no ",
            LEFT,
            top + 12 * i,
        )
        for i in range(rows)
    ]


def extent(boxes: list[Box] | None) -> list[tuple[float, float]]:
    """Top of the first and of the last row in each box."""
    assert boxes is not None
    return [(box.y0 + 2, box.y1 - 12) for box in boxes]


def test_a_table_goes_from_its_heading_to_its_last_row() -> None:
    lines = [*prose(150), *table(STATEMENT), *prose(270)]
    assert extent(plain_tables(lines, NOTHING_DRAWN)) == [(200, 248)]


def test_headings_of_several_lines_belong_to_it_and_a_title_does_not() -> None:
    title = line("Statement of income", 190, 168)  # to the middle of the table
    over = line("Years ended June 30", 310, 184)  # to the middle of its columns
    assert extent(plain_tables([title, over, *table(STATEMENT)], NOTHING_DRAWN)) == [(184, 248)]


def test_a_unit_line_over_the_columns_does_not_end_the_header() -> None:
    rows = [["", "2022", "2023"], ["", "(in thousands)"], *STATEMENT[1:]]
    assert extent(plain_tables(table(rows), NOTHING_DRAWN)) == [(200, 264)]


def test_rows_of_a_label_alone_belong_to_it_except_the_last() -> None:
    rows = [*STATEMENT[:2], ["Of which abroad"], *STATEMENT[2:], ["See the notes"]]
    assert extent(plain_tables(table(rows), NOTHING_DRAWN)) == [(200, 264)]


def test_a_second_header_begins_a_second_table() -> None:
    lines = table([*STATEMENT, ["Balance sheet"], *STATEMENT])
    assert extent(plain_tables(lines, NOTHING_DRAWN)) == [(200, 248), (280, 328)]


def test_a_source_ends_it() -> None:
    lines = [*table(STATEMENT), line("Source: harbour office", LEFT, 264), line("77", FIRST, 264)]
    assert extent(plain_tables(lines, NOTHING_DRAWN)) == [(200, 248)]


@pytest.mark.parametrize(
    "lines",
    [
        prose(100),
        table(STATEMENT[:3]),
        table([[row[0], "Other assets", *row[1:]] for row in STATEMENT]),
        table([["", *row[1:]] for row in STATEMENT]),
        [*table(STATEMENT), *table(STATEMENT[2:], 600)],
        [*table(STATEMENT), line("Figure 2: Trams a day", LEFT, 400)],
        [*table(STATEMENT), line("DRAFT", 300, 500, level=False)],
        [
            *table([["Region", "Trams", "Depots", "Fares"], *STATEMENT[1:]], 200),
            *table([["Ada", "Head", "Northport"]] * 4, 500),
        ],
    ],
    ids=[
        "prose",
        "two rows",
        "words in two columns",
        "no labels",
        "a rest of two rows",
        "a chart",
        "at an angle",
        "a table of words",
    ],
)
def test_other_pages_are_not_plain(lines: list[Line]) -> None:
    assert plain_tables(lines, NOTHING_DRAWN) is None


def test_a_page_with_a_picture_is_not_plain() -> None:
    assert plain_tables(table(STATEMENT), Drawings(pictures=(Box(50, 400, 300, 600),))) is None


def test_a_header_that_was_not_understood_is_left_to_the_model() -> None:
    lines = [
        line("Line", LEFT, 180),
        line("Year of trams and of depots and of all the fares", 100, 180),
        *table(STATEMENT[1:]),
    ]
    assert plain_tables(lines, NOTHING_DRAWN) is None


def test_very_many_rows_take_no_time() -> None:
    lines = table(STATEMENT[1:] * 4000)
    assert extent(plain_tables(lines, NOTHING_DRAWN)) == [(200, 200 + PITCH * (3 * 4000 - 1))]
