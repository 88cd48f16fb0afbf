"""Pictures drawn pixel by pixel, turned and levelled; pages of PyMuPDF drawn as pictures."""

import cv2
import numpy as np
import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.ocr.sheet import (
    Lie,
    Picture,
    Sheet,
    dark_fields_turned,
    draw_sheet,
    ink_of,
    skew_of,
    stroke_height,
    without_rules,
    without_seals,
)
from rag.domain import Box

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (30, 30, 220)  # blue, green, red
NAVY = (110, 40, 20)


def blank(height: int = 100, width: int = 400, colour: tuple[int, int, int] = WHITE) -> Picture:
    return np.full((height, width, 3), colour, np.uint8)


def fill(picture: Picture, x0: int, y0: int, x1: int, y1: int, colour: tuple[int, int, int] = BLACK) -> Picture:
    picture[y0:y1, x0:x1] = colour
    return picture


def lines_of_words(height: int = 800, width: int = 1000) -> Picture:
    """Lines of words: 12 of 26 pixels are ink, words of different lengths with blanks between them."""
    picture = blank(height, width)
    lengths = np.random.default_rng(3).integers(20, 90, 400).tolist()
    for y in range(60, height - 60, 26):
        x = 60
        while x < width - 150:
            wide = lengths.pop()
            fill(picture, x, y, x + wide, y + 12)
            x += wide + 10
    return picture


def fallen(picture: Picture, degrees: float) -> Picture:
    """The picture with its lines falling to the right by so many degrees."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderValue=WHITE), np.uint8)


def middle_of_ink(picture: Picture) -> tuple[float, float]:
    ys, xs = np.nonzero(picture[:, :, 0] < 128)
    return float(xs.mean()) + 0.5, float(ys.mean()) + 0.5


def on_page(sheet: Sheet, x: float, y: float) -> tuple[float, float]:
    a, b, _ = (sheet.to_page @ np.array([x, y, 1.0])).tolist()
    return a, b


# --- skew ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [-2.6, -1.5, -0.3, 0.2, 0.75, 1.5, 2.9])
def test_skew_is_found_and_taken_out(degrees: float) -> None:
    picture = fallen(lines_of_words(), degrees)
    assert skew_of(ink_of(picture)) == pytest.approx(degrees, abs=0.1)
    levelled = Sheet(picture, np.eye(3), 1.0).levelled(degrees).picture
    assert skew_of(ink_of(levelled)) == pytest.approx(0, abs=0.051)
    assert levelled.shape == picture.shape


def test_level_text_has_no_skew() -> None:
    assert skew_of(ink_of(lines_of_words())) == 0


def test_what_has_no_lines_has_no_skew() -> None:
    noise = np.where(np.random.default_rng(5).random((400, 500)) < 0.1, 255, 0).astype(np.uint8)
    assert skew_of(noise) == 0
    assert skew_of(np.zeros((400, 500), np.uint8)) == 0
    assert skew_of(np.zeros((1, 1), np.uint8)) == 0


# --- turning ---------------------------------------------------------------------------------------------------------

WIDE, HIGH, DOT = 240, 160, 8


@settings(deadline=None)
@given(
    x=st.integers(60, WIDE - 68),
    y=st.integers(40, HIGH - 48),
    turns=st.lists(st.one_of(st.integers(-4, 4), st.floats(-3, 3)), max_size=3),
    scale=st.sampled_from([0.24, 1.0, 72 / 22]),
    corner=st.sampled_from([(0.0, 0.0), (30.0, 12.5)]),
)
def test_what_is_turned_and_levelled_is_found_on_the_page(
    x: int, y: int, turns: list[int | float], scale: float, corner: tuple[float, float]
) -> None:
    """A dot keeps its place on the page whatever is done to the picture, for pixels and for boxes in points."""
    picture = fill(blank(HIGH, WIDE), x, y, x + DOT, y + DOT)
    sheet = Sheet(picture, np.array([[scale, 0, corner[0]], [0, scale, corner[1]], [0, 0, 1]]), scale)
    at = ((x + DOT / 2) * scale + corner[0], (y + DOT / 2) * scale + corner[1])
    for turn in turns:
        sheet = sheet.turned(turn) if isinstance(turn, int) else sheet.levelled(turn)
    found_x, found_y = middle_of_ink(sheet.picture)
    assert on_page(sheet, found_x, found_y) == pytest.approx(at, abs=0.8 * scale)
    box = Box(*(value * scale for value in (found_x - 4, found_y - 4, found_x + 4, found_y + 4)))
    around = sheet.lie.on_page(box)
    assert ((around.x0 + around.x1) / 2, (around.y0 + around.y1) / 2) == pytest.approx(at, abs=0.8 * scale)
    assert 8 * scale - 0.02 <= around.x1 - around.x0 <= 9.5 * scale


def test_a_picture_is_turned_counter_clockwise() -> None:
    sheet = Sheet(fill(blank(100, 300), 0, 0, 10, 10), np.eye(3), 1.0)
    assert [middle_of_ink(sheet.turned(quarters).picture) for quarters in range(4)] == [
        (5, 5),
        (5, 295),
        (295, 95),
        (95, 5),
    ]


def test_a_box_on_a_picture_that_lies_as_its_page_stays() -> None:
    assert Lie().on_page(Box(1, 2, 3, 4)) == Box(1, 2, 3, 4)


# --- drawing a page --------------------------------------------------------------------------------------------------


def page_with_a_dot() -> pymupdf.Page:
    page = pymupdf.open().new_page(width=300, height=200)
    page.draw_rect((150, 100, 154, 104), color=None, fill=(0, 0, 0))
    return page


@pytest.mark.parametrize("box", [None, Box(140.3, 90.7, 200, 150)])
def test_a_page_or_part_of_it_is_drawn_where_it_is(box: Box | None) -> None:
    sheet = draw_sheet(page_with_a_dot(), 300, box)
    assert sheet.scale == 0.24
    assert sheet.picture.shape[:2] == pytest.approx((834, 1250) if box is None else (247, 249), abs=1)
    assert on_page(sheet, *middle_of_ink(sheet.picture)) == pytest.approx((152, 102), abs=0.3)


def test_colours_are_blue_green_red() -> None:
    page = pymupdf.open().new_page(width=100, height=100)
    page.draw_rect(page.rect, color=None, fill=(0.8, 0.6, 0.7))
    assert draw_sheet(page, 72).picture[50, 50].tolist() == pytest.approx([178, 153, 204], abs=2)


def test_a_huge_page_is_drawn_with_a_bounded_number_of_pixels() -> None:
    page = pymupdf.open().new_page(width=14400, height=14400)
    page.draw_rect((7000, 7000, 7400, 7400), color=None, fill=(0, 0, 0))
    sheet = draw_sheet(page, 300)
    height, width = sheet.picture.shape[:2]
    assert 10_000_000 < height * width <= 20_000_000
    part = draw_sheet(page, 300, Box(0, 0, 100, 100))
    assert part.scale == 0.24


# --- dark fields -----------------------------------------------------------------------------------------------------


def test_white_text_on_a_dark_field_is_dark_on_white() -> None:
    picture = fill(blank(), 50, 20, 350, 60, NAVY)
    fill(picture, 100, 35, 103, 45, WHITE)
    made = dark_fields_turned(picture, 1.0)
    assert made[25, 200].tolist() == [255, 255, 255]
    assert made[40, 101].tolist() == [0, 0, 0]
    assert made[80, 200].tolist() == [255, 255, 255]
    assert picture[25, 200].tolist() == list(NAVY)  # the picture given is left as it is


def test_dark_text_and_light_fields_stay() -> None:
    picture = fill(blank(), 50, 20, 350, 60, (200, 200, 200))
    fill(picture, 100, 35, 104, 45)
    fill(picture, 10, 80, 390, 83)  # a rule
    fill(picture, 200, 30, 220, 50)  # a heavy letter
    assert (dark_fields_turned(picture, 1.0) == picture).all()


def test_dense_text_is_no_dark_field() -> None:
    picture = blank()
    for x in range(50, 350, 6):
        fill(picture, x, 20, x + 2, 60)
    assert (dark_fields_turned(picture, 1.0) == picture).all()


def test_a_field_is_measured_in_points() -> None:
    picture = fill(blank(), 50, 20, 110, 36, NAVY)
    assert not (dark_fields_turned(picture, 1.0) == picture).all()
    assert (dark_fields_turned(picture, 0.5) == picture).all()


@pytest.mark.parametrize("colour", [BLACK, NAVY])
def test_a_page_that_is_all_dark_is_made_white(colour: tuple[int, int, int]) -> None:
    assert dark_fields_turned(blank(colour=colour), 1.0).min() == 255


# --- seals -----------------------------------------------------------------------------------------------------------


def sealed() -> Picture:
    """A ring of red, 60 points wide, over two black words, one of them under its stroke."""
    picture = fill(blank(120, 200), 90, 55, 110, 60)
    cv2.circle(picture, (100, 60), 30, RED, 4)
    return fill(picture, 66, 55, 76, 60)


def test_a_seal_is_taken_off_and_text_under_it_stays() -> None:
    made = without_seals(sealed(), 1.0)
    assert made[30, 100].tolist() == [255, 255, 255]
    assert (made[56:59, 92:108] == 0).all()
    assert (made[56:59, 67:75] == 0).all()
    assert (made[:50] == 255).all()


def red_words(picture: Picture) -> None:
    for x in range(20, 180, 8):
        fill(picture, x, 50, x + 5, 60, RED)


def red_field(picture: Picture) -> None:
    fill(picture, 50, 30, 110, 90, RED)


def red_frame(picture: Picture) -> None:
    cv2.rectangle(picture, (10, 40), (190, 70), RED, 4)


def short_frame(picture: Picture) -> None:
    cv2.rectangle(picture, (40, 45), (140, 75), RED, 4)


def thin_frame(picture: Picture) -> None:
    cv2.rectangle(picture, (50, 30), (110, 90), RED, 1)


def small_ring(picture: Picture) -> None:
    cv2.circle(picture, (100, 60), 7, RED, 2)


@pytest.mark.parametrize("draw", [red_words, red_field, red_frame, short_frame, thin_frame, small_ring])
def test_other_red_ink_stays(draw: object) -> None:
    picture = blank(120, 200)
    assert callable(draw)
    draw(picture)
    assert (without_seals(picture, 1.0) == picture).all()


def test_a_ring_that_is_not_red_stays() -> None:
    picture = blank(120, 200)
    cv2.circle(picture, (100, 60), 30, (200, 60, 30), 4)
    assert (without_seals(picture, 1.0) == picture).all()


def test_a_seal_is_measured_in_points() -> None:
    assert (without_seals(sealed(), 0.1) == sealed()).all()


# --- ink and rules ---------------------------------------------------------------------------------------------------


def test_ink_is_what_is_darker_than_halfway() -> None:
    picture = fill(fill(blank(), 10, 10, 100, 60), 200, 10, 220, 20, (160, 160, 160))
    assert ink_of(picture)[30, 50] == 255
    assert ink_of(picture)[15, 210] == 0
    assert ink_of(picture, faint=True)[15, 210] == 255
    assert ink_of(picture)[90, 300] == ink_of(picture, faint=True)[90, 300] == 0


def test_paper_without_ink_has_none() -> None:
    assert not ink_of(blank()).any()
    assert not ink_of(blank(colour=(235, 235, 235))).any()


def test_grey_ink_on_grey_paper_is_ink() -> None:
    """As on a faded page; the limit is that of the page."""
    picture = fill(blank(colour=(215, 215, 215)), 50, 20, 150, 60, (140, 140, 140))
    assert (ink_of(picture) > 0).sum() == 100 * 40


def ruled(*more: tuple[int, int, int, int]) -> Picture:
    """A rule of three pixels at 50, and other ink."""
    picture = fill(blank(), 50, 50, 350, 53)
    for box in more:
        fill(picture, *box)
    return picture


def unruled(picture: Picture) -> Picture:
    return without_rules(picture, ink_of(picture), 40)


def test_a_rule_is_taken_out() -> None:
    assert (unruled(ruled()) == 255).all()


@pytest.mark.parametrize("box", [(60, 20, 95, 23), (60, 10, 360, 30), (60, 10, 63, 40), (60, 20, 72, 32)])
def test_what_is_short_thick_or_upright_stays(box: tuple[int, int, int, int]) -> None:
    picture = ruled(box)
    x0, y0, x1, y1 = box
    assert (unruled(picture)[y0:y1, x0:x1] == 0).all()


def test_the_tail_of_a_comma_that_runs_into_a_rule_stays() -> None:
    made = unruled(ruled((100, 44, 103, 53)))
    assert (made[44:53, 100:103] == 0).all()
    assert (made[50:53, 110:] == 255).all()


def test_the_height_of_a_stroke_is_that_of_most_pieces_of_ink() -> None:
    picture = blank()
    for x, high in ((10, 12), (30, 12), (50, 12), (70, 40), (90, 3)):
        fill(picture, x, 10, x + 8, 10 + high)
    assert stroke_height(ink_of(picture)) == pytest.approx(19)
    assert stroke_height(np.zeros((50, 50), np.uint8)) == 0
