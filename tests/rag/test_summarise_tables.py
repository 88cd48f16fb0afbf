"""Forecasts of broker reports and key figures of filings, as lines to cite."""

from rag.domain import Chunk, Grid
from rag.summarise import Told
from rag.summarise_tables import forecast_lines, key_figure_lines


def table(
    number: int, rows: list[tuple[str, ...]], *, columns: tuple[str, ...], title: str = "", path: tuple[str, ...] = ()
) -> Chunk:
    grid = Grid(title, "单位：百万元", columns, tuple(rows))
    text = "\n".join((title, "\t".join(columns), *("\t".join(row) for row in rows)))
    return Chunk(f"c{number}", "9f2c41d0aa17b3e5", number, number, text, (), "table", path=path, grid=grid)


YEARS = ("", "2023A", "2024E", "2025E")
HISTORY = table(0, [("营业收入", "1", "2", "3")], columns=("", "2021A", "2022A", "2023A"))
FORECAST = table(
    1,
    [
        ("营业收入", "4,820", "6,150", "8,240"),
        ("营业成本", "3,700", "4,668", "6,180"),
        ("归母净利润", "412", "538", "786"),
        ("毛利率(%)", "22.8", "24.1", "24.9"),
        ("毛利率(%)", "30.1", "31.2", "32.3"),
        ("EPS(元)", "0.79", "1.03", "1.51"),
        ("市盈率(倍)", "41.3", "31.7", "21.6"),
    ],
    columns=YEARS,
    title="表1：盈利预测",
)


def test_the_first_row_of_each_measure_is_told() -> None:
    ((heading, lines),) = forecast_lines("zh", [HISTORY, FORECAST])
    assert heading == "盈利预测"
    assert lines[0] == Told("营业收入（百万元）：2023A 4,820，2024E 6,150，2025E 8,240", 1)
    assert [line.text.split("：")[0].split("(")[0].split("（")[0] for line in lines] == [
        "营业收入",
        "归母净利润",
        "EPS",
        "毛利率",
        "市盈率",
    ]


def test_a_table_of_the_past_is_no_forecast() -> None:
    assert forecast_lines("zh", [HISTORY]) == []


KEY = table(
    0,
    [("营业收入", "32,938", "32,463"), ("政府补助", "256", "301"), ("归属于上市公司股东的净利润", "4,874", "5,923")],
    columns=("项目", "本报告期", "上年同期"),
    path=("一、主要财务数据", "√适用 □不适用"),
)
PARENT = table(1, [("营业收入", "29,398", "29,329")], columns=("项目", "本期", "上期"), title="母公司利润表")
CASH = table(
    2, [("经营活动产生的现金流量净额", "948", "2,268")], columns=("项目", "本期", "上期"), title="合并现金流量表"
)


def test_a_filings_key_figures_stand_under_their_headings_once_each_and_not_the_parents() -> None:
    outline = key_figure_lines("zh", [KEY, PARENT, CASH])
    assert [heading for heading, _ in outline] == ["一、主要财务数据", "合并现金流量表"]
    assert [line.text.split("（")[0] for line in outline[0][1]] == ["营业收入", "归属于上市公司股东的净利润"]
    assert [line.page for _, lines in outline for line in lines] == [0, 0, 2]


def test_tables_without_key_figures_give_their_first_rows() -> None:
    stock = table(3, [("股东一", "1", "2"), ("股东二", "3", "4"), ("股东三", "5", "6")], columns=("", "期初", "期末"))
    ((_, lines),) = key_figure_lines("zh", [stock])
    assert len(lines) == 3


def test_without_tables_there_is_nothing() -> None:
    text = Chunk("c9", "9f2c41d0aa17b3e5", 0, 0, "没有表格。", (), "text")
    assert key_figure_lines("zh", [text]) == []
    assert forecast_lines("zh", [text]) == []
