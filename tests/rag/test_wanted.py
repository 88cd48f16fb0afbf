import pytest

from rag.domain import Understood
from rag.wanted import core, gives, is_period, kinds, years_of


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is the FY2018 capex (in USD millions)? Answer to one decimal.", "What is the FY2018 capex?"),
        ("Assume that you are an analyst. What were sales in 2019?", "What were sales in 2019?"),
        ("Did margins improve? If margin is not a useful metric, please state that.", "Did margins improve?"),
        ("请用一句话回答。毛利率是多少？", "毛利率是多少？"),
        ("Give the price.", "Give the price."),
        ("云岭茶业近三年的毛利率变化？", "云岭茶业毛利率变化？"),
        ("How did sales develop over the past five years?", "How did sales develop?"),
    ],
)
def test_how_to_answer_is_no_part_of_what_is_asked(question: str, asked: str) -> None:
    assert core(question) == asked


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2024年营业收入是多少？", {"figure"}),
        ("What was the operating margin in 2022?", {"figure"}),
        ("云岭茶业2033年一季度归母净利润", {"figure"}),
        ("Norrvik kelp revenue in fiscal 2023", {"figure"}),
        ("云岭茶业2033年的营业收入情况", set()),
        ("How revenue is recognised", set()),
        ("中金怎么看AH溢价", {"view"}),
        ("What does CICC say about the AH premium", {"view"}),
        ("Why are transformers in short supply?", {"cause"}),
        ("公司有哪些风险？", {"risk"}),
    ],
)
def test_kinds(question: str, expected: set[str]) -> None:
    assert kinds(question) == expected


@pytest.mark.parametrize(
    "text", ["2024E", "FY2023", "1H24", "2024-07-01", "2019年末", "2018", "22E", "12/31/2020", "1Q23"]
)
def test_periods(text: str) -> None:
    assert is_period(text)


@pytest.mark.parametrize("text", ["", "1,234", "15.2", "20%", "98", "营业收入", "2,018"])
def test_no_periods(text: str) -> None:
    assert not is_period(text)


def test_years_in_all_their_forms() -> None:
    assert years_of("22E 23, FY24, 25年, 2019") == {2019, 2022, 2024, 2025}


def test_a_figure_is_no_date_and_does_not_stand_in_the_question() -> None:
    asked = Understood("税率降到10%，溢价会到多少？", "zh", "税率降到10%，溢价会到多少？")
    assert gives("figure", "溢价会到111%。", asked)
    assert not gives("figure", "税率降到10%的话，溢价会在2026年12月收窄。", asked)
    assert not gives("figure", "2017-2019年的三年间溢价收窄。", asked)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("云岭茶业面临哪些风险？", True),
        ("云岭茶业的主要风险有哪些", True),
        ("What are Larkspur's main risks?", True),
        ("Key risk factors for Larkspur", True),
        ("银行的风险加权资产是多少", False),
        ("What is the risk-free rate?", False),
    ],
)
def test_a_question_for_risks(question: str, asks: bool) -> None:
    assert ("risk" in kinds(question)) is asks


@pytest.mark.parametrize(
    ("sentence", "tells"),
    [
        ("食品安全风险：若出现问题，可能产生重大不利影响。", True),
        ("产能投放不及预期。", True),
        ("A strike could adversely affect our harvest.", True),
        ("控制权转移时，主要风险和报酬随之转移。", False),
        ("The harvest rose.", False),
    ],
)
def test_what_tells_of_a_risk(sentence: str, tells: bool) -> None:
    assert gives("risk", sentence, Understood("风险", "zh", "风险")) is tells
