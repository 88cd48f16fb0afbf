from decimal import Decimal

import pytest

from rag.formula import shown_results


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
    assert [number.value for number in shown_results(sentence)] == [Decimal(result)]


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
    assert shown_results(sentence) == []
