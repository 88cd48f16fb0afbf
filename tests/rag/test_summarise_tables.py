"""Digests of reports that are tables alone."""

from rag.domain import Chunk, Grid
from rag.summarise_tables import summarise_tables
from rag.text import width


def table(number: int, labels: list[str], *, title: str = "", path: tuple[str, ...] = ()) -> Chunk:
    rows = tuple((label, f"{1000 + i}", f"{2000 + i}") for i, label in enumerate(labels))
    grid = Grid(title, "单位：万元", ("", "本期", "上期"), rows)
    text = "\n".join((title, "本期\t上期", *("\t".join(row) for row in rows)))
    return Chunk(f"c{number}", "9f2c41d0aa17b3e5", number, number, text, (), "table", path=path, grid=grid)


INCOME = table(
    0,
    ["营业收入", "净利润", "扣非净利润", "经营现金流", "总资产", "净资产"],
    path=("一、主要财务数据", "√适用 □不适用"),
)
ASSETS = table(1, ["货币资金", "应收账款", "存货"], title="资产负债表")
TWO_ROWS = table(2, ["股东一", "股东二"], title="股东")


def test_an_outline_has_the_first_rows_of_each_table_under_its_heading() -> None:
    outline = summarise_tables("outline", [INCOME, ASSETS, TWO_ROWS])
    assert [heading for heading, _ in outline] == ["一、主要财务数据", "资产负债表"]
    assert outline[0][1][0] == "营业收入（万元）：本期 1000，上期 2000"
    assert [len(rows) for _, rows in outline] == [5, 3]


def test_a_table_over_two_pages_is_one_section() -> None:
    again = table(3, ["短期借款", "应付账款", "股本"], title="资产负债表")
    ((_, rows),) = summarise_tables("outline", [ASSETS, again])
    assert [row.split("（")[0] for row in rows] == ["货币资金", "应收账款", "存货", "短期借款", "应付账款"]


def test_a_brief_is_short_and_of_the_first_table() -> None:
    long = table(0, [f"很长的项目名称{'之' * 20}{i}" for i in range(30)])
    ((heading, rows),) = summarise_tables("brief", [long, ASSETS])
    assert heading == ""
    assert 1 < len(rows) < 30
    assert sum(map(width, rows)) <= 600


def test_without_tables_there_is_nothing() -> None:
    text = Chunk("c9", "9f2c41d0aa17b3e5", 0, 0, "没有表格。", (), "text")
    assert summarise_tables("brief", [text, TWO_ROWS]) == []
    assert summarise_tables("outline", []) == []
