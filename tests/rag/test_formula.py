from decimal import Decimal

import pytest

from rag.formula import shown_reckonings


@pytest.mark.parametrize(
    ("sentence", "result"),
    [
        ("增速为(7.86-5.38)/5.38=46.1%。", "46.1"),
        ("占比为62.1亿元÷120亿元=51.8%。", "51.8"),
        ("底为1/(1-20%)=1.25。", "1.25"),
        ("差额为12.4亿元-8,200万元=11.58亿元。", "11.58"),
        ("The margin was 268/1,456 = 18.4%.", "18.4"),
        ("毛利为1,456−934=522。", "522"),
    ],
)
def test_a_result_that_follows(sentence: str, result: str) -> None:
    assert [shown.result.value for shown in shown_reckonings(sentence)] == [Decimal(result)]


@pytest.mark.parametrize(
    "sentence",
    [
        "增速为(7.86-5.38)/5.38=56.1%。",
        "占比为62.1÷0=51.8%。",
        "增速为46.1%。",
        "((7.86-5.38/5.38=46.1%",
        "EPS=1.2",
        "比例为7=7。",
        "1 2 = 3",
    ],
)
def test_no_reckoning_or_a_wrong_one(sentence: str) -> None:
    assert shown_reckonings(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "result", "operands"),
    [
        ("Operating cash flow ratio, 2017: 0.83 = net cash 2,912 / total current liabilities 3,527", "0.83", ["2,912", "3,527"]),
        ("Days: 42.7 days = 365 * ((payables 46,092 + 41,433) / 2) / cost of sales 374,133", "42.7", ["365", "46,092", "41,433", "2", "374,133"]),
        ("Revenue CAGR, 2020–2022: 0.4% = (revenue 65,984 / 65,398) ^ (1 / 2) - 1", "0.4", ["65,984", "65,398", "1", "2", "1"]),
        ("2023年流动比率：2.35 = 流动资产合计 1,010 / 流动负债合计 430。", "2.35", ["1,010", "430"]),
        ("Margin average: 1.0% = (operating income -10 / 100 + 12 / 100) / 2", "1.0", ["-10", "100", "12", "100", "2"]),
    ],
)  # fmt: skip
def test_a_result_before_its_reckoning(sentence: str, result: str, operands: list[str]) -> None:
    (shown,) = shown_reckonings(sentence)
    assert shown.result.value == Decimal(result)
    assert [f"{number.value:,}" for number in shown.operands] == operands


@pytest.mark.parametrize(
    "sentence",
    [
        "0.93 = cash 2,912 / liabilities 3,527",
        "0.83 = cash 2,912 and liabilities 3,527",
        "0.83 = cash 2,912",
        "9 ^ 9999 = 1",
    ],
)
def test_words_do_not_make_a_reckoning_right(sentence: str) -> None:
    assert shown_reckonings(sentence) == []
