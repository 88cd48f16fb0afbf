"""Signs of a table on lines set by hand and on pages written here; what is a figure, what a period."""

from collections.abc import Callable

import pymupdf
import pytest

from ingest.drawings import Rule, read_drawings
from ingest.lines import Line, read_lines
from ingest.regions import has_table_signs, is_figure, is_inside, is_period
from rag.domain import Box
from rag.text import width


def at(text: str, x0: float, y0: float, *, level: bool = True, drawn: bool = True) -> Line:
    box = Box(x0, y0, x0 + 5 * width(text), y0 + 12)
    return Line(text, box, 10.0, False, 0, drawn=drawn, level=level)


def grid(rows: list[list[str]], pitch: float = 16.0, **flags: bool) -> list[Line]:
    """Rows of texts whose columns begin 120 points apart."""
    return [
        at(text, 50 + 120 * column, 100 + pitch * row, **flags)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]


def has_signs(write: Callable[[pymupdf.Page], object]) -> bool:
    with pymupdf.open() as document:
        page = document.new_page()
        write(page)
        return has_table_signs(read_lines(page), read_drawings(page).rules)


FIGURES = [["Item", "Value"], ["Revenue", "1,234"], ["Gross profit", "567"], ["Net profit", "(89)"]]
COLUMNS = [
    ["Person", "Role", "Office"],
    ["Ada Lark", "Head", "Northport"],
    ["Bo Finch", "Editor", "Southport"],
    ["Cy Wren", "Clerk", "Westport"],
]


# --- signs of a table ------------------------------------------------------------------------------------------------


def test_three_rows_of_figures_are_a_sign() -> None:
    assert has_table_signs(grid(FIGURES), ())
    assert not has_table_signs(grid(FIGURES[:3]), ())


def test_three_rows_of_figures_at_the_top_of_a_page_are_a_sign() -> None:
    assert has_table_signs(grid(FIGURES[1:]), ())


def test_rows_of_figures_far_apart_are_none() -> None:
    assert not has_table_signs(grid(FIGURES, pitch=80), ())


def test_figures_without_labels_are_none() -> None:
    assert not has_table_signs(grid([["1"], ["2"], ["3"], ["4"]]), ())


def test_a_row_of_text_between_rows_of_figures_does_not_hide_them() -> None:
    rows = [*FIGURES[:3], ["Of which", ""], FIGURES[3], ["Cash", "12"]]
    assert has_table_signs(grid(rows), ())


def test_four_rows_of_three_texts_in_columns_are_a_sign() -> None:
    assert has_table_signs(grid(COLUMNS), ())
    assert not has_table_signs(grid(COLUMNS[:3]), ())


def test_text_between_rules_is_a_sign() -> None:
    lines = grid([["Scope"], ["Term"], ["Price"]], pitch=20)
    rules = [Rule(40, 300, y) for y in (96, 116, 136, 156)]
    assert has_table_signs(lines, rules)
    assert not has_table_signs(lines, rules[:3])
    assert not has_table_signs(lines, [Rule(400, 500, rule.y) for rule in rules])


def test_turned_and_undrawn_text_is_no_sign() -> None:
    assert not has_table_signs(grid(FIGURES, level=False), ())
    assert not has_table_signs(grid(FIGURES, drawn=False), ())


def test_the_figures_of_a_printed_table_are_a_sign() -> None:
    def write(page: pymupdf.Page) -> None:
        for row, (label, value) in enumerate(
            [("项目", "2023A"), ("收入", "1,234"), ("成本", "800"), ("增速", "(12.5%)")]
        ):
            page.insert_text((50, 100 + 16 * row), label, fontname="china-s", fontsize=10)
            page.insert_text((250, 100 + 16 * row), value, fontsize=10)

    assert has_signs(write)


ENGLISH = "Revenue of Harbour Trams rose by 14 percent to 1,234 in 2023, and margins held at 31.5% of sales. " * 8
CHINESE = "松河电机2023年营业收入为1,234百万元，同比增长14.2%，毛利率为31.5%，与上年持平。" * 8


@pytest.mark.parametrize(("text", "font"), [(ENGLISH, "helv"), (CHINESE, "china-s")])
def test_prose_has_none(text: str, font: str) -> None:
    assert not has_signs(lambda page: page.insert_textbox((50, 80, 545, 760), text, fontname=font, fontsize=10))


@pytest.mark.parametrize(("text", "font"), [(ENGLISH, "helv"), (CHINESE, "china-s")])
def test_prose_in_two_columns_has_none(text: str, font: str) -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_textbox((50, 80, 285, 760), text, fontname=font, fontsize=10)
        page.insert_textbox((310, 80, 545, 760), text, fontname=font, fontsize=10)

    assert not has_signs(write)


def test_a_list_with_figures_in_it_has_none() -> None:
    def write(page: pymupdf.Page) -> None:
        for row in range(6):
            page.insert_text((50, 100 + 16 * row), "•", fontname="china-s", fontsize=10)
            page.insert_text((75, 100 + 16 * row), f"Trams delivered in 202{row} rose by {row}.5% to 1,23{row}")

    assert not has_signs(write)


def test_a_numbered_list_has_none() -> None:
    def write(page: pymupdf.Page) -> None:
        for row in range(6):
            page.insert_text((50, 100 + 16 * row), f"{row + 1}.", fontsize=10)
            page.insert_text((80, 100 + 16 * row), "Trams delivered rose in the year again", fontsize=10)

    assert not has_signs(write)


# --- figures and periods ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1,234",
        "1,234.56",
        "(5.1%)",
        "( 56)",
        "（1,234）",
        "-3.2",
        "－3.2",
        "+3.4%",
        "12.5x",
        "12倍",
        "3.4亿",
        "50bps",
        "0.3pct",
        "12 个百分点",
        "$ 1,234",
        "$(1,234)",
        "HK$ 3.2",
        "¥1,234",
        "RMB 120",
        "≥5",
        "5%*",
        "1,234)",
        "2023",
        "--",
        "—",
        "-",
        "n.a.",
        "NM",
        "$ —",
        "N/A",
        "1.5万亿",
        "12亿元",
    ],
)
def test_a_figure(text: str) -> None:
    assert is_figure(text)
    assert is_figure(f" {text} ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Revenue",
        "营业收入",
        "18-29",
        "12/31",
        "1,234 5,678",
        "Q1 2024",
        "12 months",
        "December 31, 2018",
        "2024-07-01",
        "3.2.1 Outlook",
        "图1",
        "$",
        "%",
        "14 percent",
    ],
)
def test_no_figure(text: str) -> None:
    assert not is_figure(text)


@pytest.mark.parametrize(
    "text",
    [
        "2023",
        "2024E",
        "2023A",
        "24E",
        "FY23",
        "FY2024E",
        "CY24",
        "fiscal 2023",
        "'23",
        "Q2 2023",
        "2Q24",
        "1Q",
        "Q1'24",
        "1H2023",
        "H1 23",
        "December 31, 2018",
        "Mar. 31, 2019",
        "June 2023",
        "Dec-23",
        "May",
        "2023-06",
        "2023-06-30",
        "2023/06",
        "2023-2025",
        "2024年",
        "2024年一季度",
        "2023年1-6月",
        "2019年12月31日",
        "2023H1",
        "2023Q3",
        "一季度",
        "(2023)",
    ],
)
def test_a_period(text: str) -> None:
    assert is_period(text)
    assert is_period(f" {text} ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Revenue",
        "营业收入",
        "1,234",
        "(5.1%)",
        "12",
        "--",
        "18-29",
        "Three months ended",
        "Item 7",
        "2,023",
        "Marketing",
        "Market cap",
        "Decrease",
        "2034.56",
        "2012345",
    ],
)
def test_no_period(text: str) -> None:
    assert not is_period(text)


# --- places ----------------------------------------------------------------------------------------------------------


def test_a_box_is_inside_where_its_middle_is() -> None:
    region = Box(100, 100, 200, 200)
    assert is_inside(Box(150, 190, 240, 205), region)
    assert not is_inside(Box(180, 150, 240, 160), region)
    assert is_inside(Box(101, 90, 199, 107), region)
    assert not is_inside(Box(101, 90, 199, 104), region)
