"""Pages written here and read back from their bytes; of what no font here can write, the repair alone."""

from collections.abc import Callable

import pymupdf
import pytest

from ingest.lines import Line, garbled_share, part_of, read_lines, repair, union
from rag.domain import Box


def read(write: Callable[[pymupdf.Page], object]) -> list[Line]:
    """The lines of a page, after a round trip through the file's bytes."""
    with pymupdf.open() as document:
        write(document.new_page())
        data = document.tobytes()
    with pymupdf.open("pdf", data) as document:
        return read_lines(document[0])


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


# --- cells -----------------------------------------------------------------------------------------------------------


def test_wide_gaps_part_cells() -> None:
    lines = read(lambda page: page.insert_text((50, 100), "Revenue        1,234      5.6%", fontsize=10))
    assert texts(lines) == ["Revenue", "1,234", "5.6%"]
    assert len({line.block for line in lines}) == 1
    assert [line.place for line in lines] == [0, 1, 2]


def test_blanks_between_words_do_not_part_a_line() -> None:
    assert texts(read(lambda page: page.insert_text((50, 100), "Revenue  rose   again", fontsize=10))) == [
        "Revenue rose again"
    ]


def test_boxes_and_sizes_are_those_of_the_print() -> None:
    (line,) = read(lambda page: page.insert_text((50, 100), "Revenue", fontsize=10))
    assert line.size == 10.0
    assert line.box.x0 == pytest.approx(50, abs=0.1)
    assert line.box.x1 == pytest.approx(50 + pymupdf.get_text_length("Revenue", fontsize=10), abs=0.1)
    assert line.box.y0 < 100 < line.box.y1


def test_weight_and_colour_are_told() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "plain", fontsize=10)
        page.insert_text((50, 120), "strong", fontsize=10, fontname="hebo", color=(1, 0, 0))

    plain, strong = read(write)
    assert (plain.bold, plain.color) == (False, 0)
    assert (strong.bold, strong.color) == (True, 0xFF0000)


def test_the_order_is_that_of_the_file() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((300, 100), "right column", fontsize=10)
        page.insert_text((50, 100), "left column", fontsize=10)

    assert texts(read(write)) == ["right column", "left column"]


# --- signs -----------------------------------------------------------------------------------------------------------


def test_an_opening_bracket_goes_to_the_figure_on_its_right() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "Margin (", fontsize=10)
        page.insert_text((200, 100), "5.1%)", fontsize=10)

    label, figure = read(write)
    assert (label.text, figure.text) == ("Margin", "( 5.1%)")
    assert label.box.x1 < figure.box.x0 < 100


def test_a_currency_sign_goes_to_the_figure_on_its_right() -> None:
    lines = read(lambda page: page.insert_text((50, 100), "Total assets $        1,234        5.6", fontsize=10))
    assert texts(lines) == ["Total assets", "$ 1,234", "5.6"]


def test_a_sign_stays_where_nothing_follows_on_its_baseline() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "Total assets $", fontsize=10)
        page.insert_text((200, 112), "1,234", fontsize=10)

    assert texts(read(write)) == ["Total assets $", "1,234"]


# --- words -----------------------------------------------------------------------------------------------------------


def test_words_have_their_left_and_right() -> None:
    (line,) = read(lambda page: page.insert_text((50, 100), "Net profit", fontsize=10))
    (first, left, end), (second, start, right) = line.words
    assert (first, second) == ("Net", "profit")
    assert left == pytest.approx(line.box.x0, abs=0.01)
    assert end < start
    assert right == pytest.approx(line.box.x1, abs=0.01)


def test_a_gap_parts_words_without_a_blank() -> None:
    def write(page: pymupdf.Page) -> None:
        writer = pymupdf.TextWriter(page.rect)
        writer.append((50, 100), "12.5", fontsize=10)
        writer.append((76, 100), "13.7", fontsize=10)
        writer.write_text(page)

    (line,) = read(write)
    assert [word for word, _, _ in line.words] == ["12.5", "13.7"]


def test_a_part_of_a_line_has_the_box_of_its_words() -> None:
    (line,) = read(lambda page: page.insert_text((50, 100), "one two three", fontsize=10))
    part = part_of(line, line.words[1:])
    assert part.text == "two three"
    assert (part.box.x0, part.box.x1) == (round(line.words[1][1], 2), round(line.words[2][2], 2))
    assert (part.box.y0, part.box.y1) == (line.box.y0, line.box.y1)
    assert part.words == line.words[1:]


# --- what is not seen, what is not level -----------------------------------------------------------------------------


def test_text_without_ink_is_told() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "seen", fontsize=10)
        page.insert_text((50, 120), "mode three", fontsize=10, render_mode=3)
        page.insert_text((50, 140), "transparent", fontsize=10, fill_opacity=0)

    assert [(line.text, line.drawn) for line in read(write)] == [
        ("seen", True),
        ("mode three", False),
        ("transparent", False),
    ]


def test_ink_and_no_ink_on_one_baseline_are_two_lines() -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "seen", fontsize=10)
        page.insert_text((50 + pymupdf.get_text_length("seen ", fontsize=10), 100), "ghost", fontsize=10, render_mode=3)

    assert [(line.text, line.drawn) for line in read(write)] == [("seen", True), ("ghost", False)]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_text_is_not_level(turn: int) -> None:
    turned, level = read(
        lambda page: (
            page.insert_text((300, 300), "turned words", fontsize=10, rotate=turn),
            page.insert_text((50, 600), "level words", fontsize=10),
        )
    )
    assert (turned.text, turned.level, turned.words) == ("turned words", False, ())
    assert level.level


def test_slanted_text_is_not_level() -> None:
    def write(page: pymupdf.Page) -> None:
        writer = pymupdf.TextWriter(page.rect)
        writer.append((50, 280), "slanted", fontsize=10)
        writer.write_text(page, morph=(pymupdf.Point(50, 280), pymupdf.Matrix(30)))

    (line,) = read(write)
    assert (line.text, line.level) == ("slanted", False)


# --- repair ----------------------------------------------------------------------------------------------------------


def test_spaced_out_chinese_closes_up_and_the_original_is_kept() -> None:
    (line,) = read(lambda page: page.insert_text((50, 100), "营 业 收 入 增 长", fontname="china-s", fontsize=10))
    assert line.text == "营业收入增长"
    assert line.original == "营 业 收 入 增 长"


def test_what_was_not_repaired_has_no_original() -> None:
    (line,) = read(lambda page: page.insert_text((50, 100), "营业收入 增长", fontname="china-s", fontsize=10))
    assert (line.text, line.original) == ("营业收入 增长", "")


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("因⼦子 模型", "因子 模型"),
        ("因⼦模型", "因子模型"),
        ("营 业 收 入，同 比 增 长", "营业收入，同比增长"),
        ("甲公司 乙公司 丙公司 丁公司 戊公司", "甲公司 乙公司 丙公司 丁公司 戊公司"),
        ("co\u00adoperate", "cooperate"),
        ("zero\u200bwidth", "zerowidth"),
        ("\uf06e 要点", "• 要点"),
        ("\uf0b7Margins", "•Margins"),
        ("  one\u00a0 two\u3000three ", "one two three"),
        ("1,234 5,678", "1,234 5,678"),
        ("\u200b \u00ad", ""),
    ],
)
def test_repair(printed: str, text: str) -> None:
    assert repair(printed) == text
    assert repair(text) == text


def test_bullets_at_the_head_of_a_line_are_not_garbled() -> None:
    assert garbled_share(["\uf06e要点", "文字"]) == 0.0
    assert garbled_share(["a\uf0b7b\ufffd"]) == 0.5
    assert garbled_share([]) == 0.0


def test_the_union_is_the_smallest_box_around_all() -> None:
    assert union([Box(10, 20, 30, 40), Box(5, 25, 20, 60)]) == Box(5, 20, 30, 60)
