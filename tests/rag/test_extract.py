"""What the extractive writer quotes of text, of tables, and of rows that stand in no table; with the bundled embedder."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rag.domain import Chunk, Grid, Passage, Report
from rag.extract import ExtractiveWriter
from rag.ports import Embedder

REPORT = Report(
    "a" * 16, "a" * 64, "澄川储能深度报告", None, date(2025, 1, 1), "zh", 9, ("s",), datetime(2025, 1, 1, tzinfo=UTC)
)
FORECAST = Grid(
    "表1：盈利预测",
    "单位：百万元",
    ("", "2023A", "2024E", "2025E"),
    (
        ("营业收入", "1,234", "1,456", "1,789"),
        ("归母净利润", "210", "268", "341"),
        ("毛利率", "31.7%", "32.4%", "33.0%"),
        ("资料来源", "", "", ""),
    ),
)


def passage(text: str, position: int = 0, grid: Grid | None = None) -> Passage:
    chunk = Chunk(f"c{position}", REPORT.id, 3, position, text, (), "table" if grid else "text", grid=grid)
    return Passage(chunk, REPORT, None, 1.0 - position / 10)


TABLE = passage("表1：盈利预测\n单位：百万元\n2023A\t2024E\t2025E\n营业收入\t1,234\t1,456\t1,789", 1, FORECAST)


@pytest.fixture
def writer(embedder: Embedder) -> ExtractiveWriter:
    return ExtractiveWriter(embedder)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("澄川储能2024年营业收入预计是多少？", "营业收入（百万元）：2023A 1,234，2024E 1,456，2025E 1,789"),
        ("澄川储能2025年归母净利润预计是多少？", "归母净利润（百万元）：2023A 210，2024E 268，2025E 341"),
        ("澄儲2024年毛利率多少？", "毛利率：2023A 31.7%，2024E 32.4%，2025E 33.0%"),
    ],
)
def test_a_question_for_a_row_and_a_year_gets_the_row(writer: ExtractiveWriter, question: str, row: str) -> None:
    text = passage("公司拟扩建海外产能，北美订单占比一半以上。公司成立于2011年，总部位于宁波。")
    assert writer.write(question, [text, TABLE])[0] == row


def test_rows_of_one_table_do_not_say_the_same(writer: ExtractiveWriter) -> None:
    columns = ("", *(f"Fiscal year ended on the last Saturday of December {year}" for year in (2022, 2023, 2024)))
    grid = Grid("", "", columns, (("Kelp sales", "11", "12", "13"), ("Kelp costs", "4", "5", "6")))
    written = writer.write("How high were kelp sales and kelp costs?", [passage("", 0, grid)])
    assert [line.split(",")[0] for line in written] == ["Kelp sales", "Kelp costs"]


def test_a_row_that_stands_in_no_table_is_quoted_without_headings(writer: ExtractiveWriter) -> None:
    rows = passage("澄川储能出货量\t2023年\t2024年\n大型储能出货量（GWh）\t12.5\t17.8\nAH溢价指数\t隐形底")
    assert writer.write("大型储能出货量是多少？", [rows]) == ["大型储能出货量（GWh）：12.5，17.8"]


def test_of_a_row_from_the_page_before_only_what_stands_on_this_one(writer: ExtractiveWriter) -> None:
    grid = Grid("表1", "百万元", ("", "2023A", "2024E"), (("营业收入合计", "1,234", "1,456"),), inherited=True)
    written = writer.write("营业收入合计是多少？", [passage("营业收入合计\t1,234\t1,456", 0, grid)])
    assert written == ["营业收入合计：1,234，1,456"]


def test_captions_sources_and_fragments_are_no_sentences(writer: ExtractiveWriter) -> None:
    text = "图1：储能出货量（GWh）\n资料来源：公司公告，研究所整理，储能出货量。\n储能出货量2024年为17.8GWh。"
    assert writer.write("储能出货量是多少？", [passage(text)]) == ["储能出货量2024年为17.8GWh。"]


def test_a_question_on_a_page_is_no_answer(writer: ExtractiveWriter) -> None:
    page = passage("How high is the kelp premium? The kelp premium stands at 12 percent of the market price.")
    assert writer.write("How high is the kelp premium?", [page]) == [
        "The kelp premium stands at 12 percent of the market price."
    ]
