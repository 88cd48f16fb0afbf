"""Rows of figures whose ink is drawn by hand, and small ink between them; a pixel is half a point."""

import numpy as np
import pytest

from ingest.ocr.marks import Mark
from ingest.ocr.mending import DASH
from ingest.ocr.rows import Drift, Row
from ingest.ocr.sheet import Picture
from ingest.ocr.specks import Speck, is_believed, sign_of, specks_of
from rag.domain import Box

SCALE = 0.5
RIGHT = 200.0
PITCH = 20.0


def mark(text: str, x0: float, x1: float, row: int) -> Mark:
    top = 50 + PITCH * row
    return Mark(text, Box(x0, top, x1, top + 10), ((text, x0, x1),))


def table() -> list[Row]:
    """Five rows; the third has no figure."""
    rows = [[mark("Label", 20, 60, row), mark("1,234", 170, RIGHT, row)] for row in range(5)]
    return [*rows[:2], rows[2][:1], *rows[3:]]


def drawn(rows: list[Row], *specks: Box) -> Picture:
    ink = np.zeros((400, 600), np.uint8)
    for box in [*(one.box for row in rows for one in row), *specks]:
        x0, y0, x1, y1 = (round(value / SCALE) for value in (box.x0, box.y0, box.x1, box.y1))
        ink[y0:y1, x0:x1] = 255
    return ink


def found(rows: list[Row], *specks: Box) -> list[Speck]:
    return specks_of(rows, Drift(), drawn(rows, *specks), SCALE)


def speck(box: Box, right: float | None = RIGHT) -> Speck:
    return Speck(box, (0, 0, 1, 1), 2, right)


DASHED = Box(192, 94, 198, 96)  # in the third row, at the right of the column


# --- what is found ---------------------------------------------------------------------------------------------------


def test_a_dash_in_a_column_of_figures_is_found() -> None:
    assert found(table(), DASHED) == [Speck(DASHED, (384, 188, 396, 192), 2, RIGHT)]


def test_rows_without_other_ink_have_none() -> None:
    assert found(table()) == []


def test_a_dash_where_no_figures_stand_is_not_found() -> None:
    assert found(table(), Box(100, 94, 106, 96)) == []


def test_a_dash_below_a_single_figure_is_not_found() -> None:
    rows = table()[:1] + [row[:1] for row in table()[1:]]
    assert found(rows, DASHED) == []


def test_a_dot_in_a_column_is_not_found() -> None:
    assert found(table(), Box(196, 95, 197, 96)) == []


def test_ink_that_reaches_beyond_its_row_is_not_found() -> None:
    assert found(table(), Box(192, 84, 193, 110)) == []


def test_figures_across_a_wide_gap_are_of_another_table() -> None:
    rows = table()
    far = [[mark("1,234", 170, RIGHT, row)] for row in (2, 3)]
    dash = Box(192, 54, 198, 56)
    assert found([rows[0][:1], *far], dash) == []
    near = [[mark("1,234", 170, RIGHT, row)] for row in (1, 2)]
    assert [one.row for one in found([rows[0][:1], *near], dash)] == [0]


def test_a_character_in_a_gap_of_its_row_is_found() -> None:
    one = Box(100, 91, 106, 99)
    rows = table()
    rows[2] = [*rows[2], mark("Word", 140, 160, 2)]
    assert [(one.box, one.right) for one in found(rows, one)] == [(one, None)]


def test_the_strokes_of_one_character_are_one() -> None:
    rows = table()
    rows[2] = [*rows[2], mark("Word", 140, 160, 2)]
    assert [one.box for one in found(rows, Box(100, 91, 106, 93), Box(100, 95, 108, 99))] == [Box(100, 91, 108, 99)]


def test_ink_that_two_columns_reach_is_found_once() -> None:
    """The second column is looked at from 25 points before its figures on."""
    rows = table()
    for number in (0, 1, 3, 4):
        rows[number] = [*rows[number], mark("56", 210, 240, number)]
    assert [(one.box, one.right) for one in found(rows, DASHED)] == [(DASHED, RIGHT)]


def test_a_row_that_drifts_is_looked_at_where_it_is() -> None:
    """The page bends by nine points between the labels and the figures: more than half a row."""
    rows = [
        [one, Mark("1,234", Box(170, one.box.y0 + 9, RIGHT, one.box.y1 + 9), ()), mark("x", 260, 270, i)]
        for i, one in enumerate(mark("Label", 20, 60, i) for i in range(9))
    ]
    drift = Drift(rows)
    rows[2] = rows[2][:1]
    dash = Box(192, 103, 198, 105)
    assert [(one.row, one.box) for one in specks_of(rows, drift, drawn(rows, dash), SCALE)] == [(2, dash)]


# --- what it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "sign"),
    [
        (DASHED, DASH),
        (Box(192, 91, 198, 99), ""),  # as high as a digit
        (Box(192, 92, 200, 98), ""),  # wide, and too high
        (Box(175, 94, 181, 96), ""),  # where a figure begins, not where it ends
        (Box(192, 98.5, 198, 100), ""),  # at the foot: a rule
        (Box(180, 94, 198, 96), ""),  # too long
    ],
)
def test_a_flat_stroke_where_figures_end_is_a_dash(box: Box, sign: str) -> None:
    rows = table()
    assert sign_of(speck(box), rows[2], Drift()) == sign


@pytest.mark.parametrize(("figure", "sign"), [("1,234)", "("), ("(1,234)", ""), ("1,234", ""), ("note)", "")])
def test_an_upright_stroke_before_a_figure_that_closes_is_a_bracket(figure: str, sign: str) -> None:
    row = [mark("Label", 20, 60, 2), mark(figure, 170, RIGHT, 2)]
    assert sign_of(speck(Box(164, 90, 167, 100)), row, Drift()) == sign
    assert sign_of(speck(Box(160, 90, 167, 100)), row, Drift()) == ""


@pytest.mark.parametrize(
    ("box", "right", "text", "score", "believed"),
    [
        (Box(194, 90, 199, 100), RIGHT, "5", 0.85, True),
        (Box(194, 90, 199, 100), RIGHT, "5", 0.75, False),
        (Box(174, 90, 179, 100), RIGHT, "5", 0.85, False),
        (Box(174, 90, 179, 100), RIGHT, "(", 0.85, True),
        (Box(194, 90, 199, 100), RIGHT, "甲", 0.99, False),
        (Box(100, 90, 109, 100), None, "甲", 0.95, True),
        (Box(100, 90, 109, 100), None, "甲", 0.85, False),
        (Box(100, 90, 109, 100), None, "", 0.95, False),
        (Box(100, 90, 109, 100), None, "甲乙丙丁", 0.95, False),
    ],
)
def test_what_was_read_is_believed_where_it_may_stand(
    box: Box, right: float | None, text: str, score: float, believed: bool
) -> None:
    assert is_believed(speck(box, right), text, score, table()[2]) == believed
