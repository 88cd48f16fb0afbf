"""Rules, paths and pictures of pages drawn here."""

from collections.abc import Callable

import pymupdf
import pytest

from ingest.drawings import NOTHING_DRAWN, Drawings, read_drawings


def read(draw: Callable[[pymupdf.Page], object]) -> Drawings:
    with pymupdf.open() as document:
        draw(document.new_page(width=600, height=800))
        data = document.tobytes()
    with pymupdf.open("pdf", data) as document:
        return read_drawings(document[0])


def picture(page: pymupdf.Page, *place: float) -> None:
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 8, 8), False)
    pixmap.clear_with(90)
    page.insert_image(place, pixmap=pixmap, keep_proportion=False)


def rules(draw: Callable[[pymupdf.Page], object]) -> list[tuple[float, float, float]]:
    return [(round(rule.x0), round(rule.x1), round(rule.y)) for rule in read(draw).rules]


def test_a_page_of_text_draws_nothing() -> None:
    assert read(lambda page: page.insert_text((50, 100), "words")) == NOTHING_DRAWN


def test_rules_come_from_the_top() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_line((50, 200), (550, 200))
        page.draw_line((50, 100), (550, 100))

    assert rules(draw) == [(50, 550, 100), (50, 550, 200)]


def test_a_flat_rectangle_is_a_rule() -> None:
    assert rules(lambda page: page.draw_rect((50, 100, 550, 101), fill=(0, 0, 0), color=None)) == [(50, 550, 100)]


def test_pieces_that_touch_are_one_rule_and_others_are_not() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_line((200, 100), (300, 100))
        page.draw_line((50, 100), (200, 100))
        page.draw_line((350, 100), (400, 100))

    assert rules(draw) == [(50, 300, 100), (350, 400, 100)]


def test_upright_slanted_and_tiny_strokes_are_no_rules() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_line((50, 100), (50, 300))
        page.draw_line((60, 100), (200, 160))
        page.draw_line((300, 100), (306, 100))
        page.draw_circle((400, 400), 30)

    assert rules(draw) == []


def test_backgrounds_are_left_out() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_rect(page.rect, fill=(0.9, 0.9, 1), color=None)
        page.draw_rect((100, 100, 200, 300), fill=(0, 0, 1), color=None)
        picture(page, 0, 0, 600, 800)

    drawn = read(draw)
    assert [(box.x0, box.y0, box.x1, box.y1) for box in drawn.paths] == [(100, 100, 200, 300)]
    assert drawn.pictures == ()


def test_logos_are_no_pictures() -> None:
    def draw(page: pymupdf.Page) -> None:
        picture(page, 50, 50, 80, 80)
        picture(page, 100, 200, 400, 350)

    (box,) = read(draw).pictures
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((100, 200, 400, 350), abs=0.1)


def test_what_hangs_over_the_edge_is_cut_to_the_page() -> None:
    (box,) = read(lambda page: page.draw_rect((500, 700, 700, 900), fill=(1, 0, 0), color=None)).paths
    assert (box.x1, box.y1) == (600, 800)
