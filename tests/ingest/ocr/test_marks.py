"""Ink drawn by hand, and texts as if recognised in it; a pixel is a point."""

import numpy as np
import pytest

from ingest.ocr.marks import Found, Mark, marks_of, tight_box, with_signs_joined
from ingest.ocr.sheet import Picture, Pixels
from rag.domain import Box


def ink(*boxes: Pixels, height: int = 60, width: int = 400) -> Picture:
    made = np.zeros((height, width), np.uint8)
    for x0, y0, x1, y1 in boxes:
        made[y0:y1, x0:x1] = 255
    return made


def letters(x0: int, count: int, top: int = 20) -> list[Pixels]:
    """Upright strokes of a letter each: 6 wide, 10 high, every 8 points."""
    return [(x0 + 8 * i, top, x0 + 8 * i + 6, top + 10) for i in range(count)]


def middles(box: Pixels, chars: list[Pixels]) -> tuple[float, ...]:
    return tuple(((x0 + x1) / 2 - box[0]) / (box[2] - box[0]) for x0, _, x1, _ in chars)


def mark(text: str, x0: float, x1: float) -> Mark:
    return Mark(text, Box(x0, 0, x1, 10), ((text, x0, x1),))


# --- tight boxes -----------------------------------------------------------------------------------------------------


def test_a_box_is_drawn_tight_around_its_ink() -> None:
    assert tight_box(ink((50, 20, 90, 30)), (40, 12, 100, 38)) == (50, 20, 90, 30)


def test_what_reaches_in_from_the_rows_above_and_below_is_left_out() -> None:
    three = ink((50, 20, 90, 30), (30, 0, 120, 13), (30, 37, 120, 60))
    assert tight_box(three, (40, 10, 100, 40)) == (50, 20, 90, 30)


def test_the_two_strokes_of_one_text_stay_together() -> None:
    assert tight_box(ink((50, 16, 90, 18), (50, 24, 95, 34)), (40, 12, 100, 38)) == (50, 16, 95, 34)


def test_a_box_filled_by_its_ink_is_tight() -> None:
    assert tight_box(ink((40, 10, 100, 40)), (40, 10, 100, 40)) == (40, 10, 100, 40)


def test_a_box_without_ink_is_none() -> None:
    assert tight_box(ink(), (40, 10, 100, 40)) is None
    assert marks_of([Found("A", (40, 10, 100, 40), (0.5,))], ink(), 1.0) == []


# --- cutting ---------------------------------------------------------------------------------------------------------


def cut(text: str, chars: list[Pixels], scale: float = 1.0) -> list[Mark]:
    box = (chars[0][0] - 4, 15, chars[-1][2] + 4, 35)
    return marks_of([Found(text, box, middles(box, chars))], ink(*chars), scale)


def test_a_mark_has_its_text_words_and_box_in_points() -> None:
    (one,) = cut("ab cd", [*letters(50, 2), *letters(74, 2)], scale=0.5)
    assert (one.text, one.box) == ("ab cd", Box(25, 10, 44, 15))
    assert [word for word, _, _ in one.words] == ["ab", "cd"]
    (_, a, b), (_, c, d) = one.words
    assert (a, d) == (25, 44)
    assert b == pytest.approx(32, abs=1)
    assert c == pytest.approx(37, abs=1)


def test_a_text_is_cut_where_a_gap_is_wider_than_a_character_and_a_half() -> None:
    chars = [*letters(50, 2), *letters(81, 2)]  # 17 points without ink, 10 high
    assert [(one.text, one.box.x0, one.box.x1) for one in cut("abcd", chars)] == [("ab", 50, 64), ("cd", 81, 95)]


def test_a_text_is_not_cut_at_a_narrower_gap() -> None:
    chars = [*letters(50, 2), *letters(79, 2)]  # 15 points
    (one,) = cut("abcd", chars)
    assert (one.text, one.box.x0, one.box.x1) == ("abcd", 50, 93)
    assert [word for word, _, _ in one.words] == ["ab", "cd"]


def test_letters_without_a_gap_are_one_word() -> None:
    (one,) = cut("abcdef", letters(50, 6))
    assert one.words == (("abcdef", 50, 96),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("841)(2)", ["841)", "(2)"]),
        ("841)12", ["841)", "12"]),
        ("12%34%", ["12%", "34%"]),
        ("841$20", ["841", "$20"]),
        ("8,410", ["8,410"]),
        ("(841)", ["(841)"]),
        ("(84)%", ["(84)%"]),
        ("EPS(2)", ["EPS(2)"]),
        ("Q1)(2)", ["Q1)(2)"]),
    ],
)
def test_figures_of_two_cells_come_apart_without_a_gap(text: str, parts: list[str]) -> None:
    assert [one.text for one in cut(text, letters(50, len(text)))] == parts


def test_figures_come_apart_at_a_blank_as_wide_as_a_character() -> None:
    assert [one.text for one in cut("12 34", [*letters(50, 2), *letters(76, 2)])] == ["12", "34"]
    assert [one.text for one in cut("12 34", [*letters(50, 2), *letters(67, 2)])] == ["12 34"]


def test_each_part_has_a_tight_box_of_its_own() -> None:
    high = [(50, 16, 56, 34), (58, 16, 64, 34), *letters(100, 2, top=21)]
    left, right = cut("abcd", high)
    assert (left.box.y0, left.box.y1) == (16, 34)
    assert (right.box.y0, right.box.y1) == (21, 31)


def test_words_of_another_text_share_the_box_by_their_characters() -> None:
    told = mark("abcde fgh", 10, 100).retold("ab cdef")
    assert told.words == (("ab", 10.0, 35.71), ("cdef", 48.57, 100.0))
    assert (told.text, told.box) == ("ab cdef", Box(10, 0, 100, 10))


# --- signs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "joined"),
    [
        (["Cash", "$", "1,234"], ["Cash", "$ 1,234"]),
        (["Cash", "NT$", "1,234"], ["Cash", "NT$ 1,234"]),
        (["Cash", "(", "1,234)"], ["Cash", "( 1,234)"]),
        (["Cash", "($", "1,234)"], ["Cash", "($ 1,234)"]),
        (["Cash", "C", "1,234)"], ["Cash", "( 1,234)"]),
        (["Cash", "(S", "1,234)"], ["Cash", "($ 1,234)"]),
        (["Cash (", "1,234)"], ["Cash", "(1,234)"]),
        (["1,000 (", "1,234)"], ["1,000", "(1,234)"]),
    ],
)
def test_a_sign_goes_to_the_figure_on_its_right(row: list[str], joined: list[str]) -> None:
    marks = [mark(text, 50 * i, 50 * i + 40) for i, text in enumerate(row)]
    made = with_signs_joined(list(reversed(marks)))
    assert [one.text for one in made] == joined
    assert made[-1].box.x1 == marks[-1].box.x1


@pytest.mark.parametrize(
    "row",
    [["Cash", "(", "1,234"], ["$", "Cash"], ["C", "1,234"], ["Class C", "1,234)"], ["$", "(a)"], ["1,234", "$"], ["$"]],
)
def test_a_sign_without_its_figure_stays_alone(row: list[str]) -> None:
    marks = [mark(text, 50 * i, 50 * i + 40) for i, text in enumerate(row)]
    assert with_signs_joined(marks) == marks


def test_a_sign_and_its_figure_have_one_box_and_both_their_words() -> None:
    (one,) = with_signs_joined([mark("$", 10, 14), Mark("5", Box(30, -2, 36, 8), (("5", 30, 36),))])
    assert (one.box, one.words) == (Box(10, -2, 36, 10), (("$", 10, 14), ("5", 30, 36)))
