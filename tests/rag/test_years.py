"""Figures and events of years: those of a claim beside those of a page."""

from __future__ import annotations

import pytest

from rag.quantities import claimed
from rag.verify import RuleVerifier
from rag.years import other_year

PAGE = (
    "公司拥有85项专利和12项商标。门店数量从2030 年的85家减少至2031 年的13家。"
    "In 2031, we recorded a charge of $2.0 billion. In 2030 there was none."
)
EVENTS = (
    "2029年推出蓝鲸牌海苔零食。2031年推出白鲨牌鱼丸系列。鱼丸工厂在三年内建成。\n"
    "In 2030, a charge was booked for the closure of 900 shops between 2031 and 2033."
)
RATES = "The rate was 21.6 percent and 24.6 percent for 2022 and 2021, respectively, as benefits fell away."


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("门店从2030年的13家变为2031年的85家。", 2030),
        ("2030年有门店13家。", 2030),
        ("The charge was $2.0 billion in 2030.", 2030),
    ],
)
def test_a_figure_of_another_year(sentence: str, year: int) -> None:
    found = other_year(sentence, claimed(sentence), PAGE)
    assert found is not None
    assert found[2] == str(year)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("收入2031年较2030年增长32.4%。", "收入2032年较2031年增长32.4%。"),
        ("Compared with 2030, sales in 2031 rose 32.4%.", "Compared with 2031, sales in 2032 rose 32.4%."),
        ("Sales in 2031, compared with 2030, rose 32.4%.", "Sales in 2032, compared with 2031, rose 32.4%."),
    ],
)
def test_a_year_to_compare_with_is_not_that_of_the_figure(sentence: str, wrong: str) -> None:
    page = "增速 | 2030 15.5% | 2031 32.4% | 2032 26.9%"
    assert other_year(sentence, claimed(sentence), page) is None
    assert other_year(wrong, claimed(wrong), page) is not None


@pytest.mark.parametrize("sentence", ["公司在2031年推出蓝鲸牌海苔零食。", "2030年推出白鲨牌鱼丸系列。"])
def test_an_event_of_another_year(sentence: str) -> None:
    assert other_year(sentence, claimed(sentence), EVENTS) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "公司在2029年推出蓝鲸牌海苔零食。",
        "2030年鱼丸工厂在三年内建成。",  # the page tells no year of it
        "2030年推出一种新的零食。",  # nothing on the page is plainly that
        "It planned to close 900 shops by 2033.",  # between two years
    ],
)
def test_an_event_of_its_year(sentence: str) -> None:
    assert other_year(sentence, claimed(sentence), EVENTS) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "门店从2030年的85家变为2031年的13家。",
        "2031年有门店13家，上年为85家。",
        "The charge of 2031 was $2.0 billion.",
        "2030年、2031年门店分别为85家、13家。",
    ],
)
def test_a_figure_of_its_year(sentence: str) -> None:
    assert other_year(sentence, claimed(sentence), PAGE) is None


def test_the_year_at_the_end_of_a_sentence_with_one_figure_is_the_figures() -> None:
    sentence = "The harbour collected the 313 million owed under the old dredging risk program in 2032."
    page = "In 2030, the harbour received 313 million owed to it under the old dredging risk program of the state."
    assert other_year(sentence, claimed(sentence), page) is not None
    right = sentence.replace("2032", "2030")
    assert other_year(right, claimed(right), page) is None


@pytest.mark.parametrize(
    ("claim", "page", "label"),
    [
        ("The rate was 24.6 percent and 21.6 percent for 2022 and 2021, respectively.", RATES, "unsupported"),
        ("The rate was 24.6 percent and 21.6 percent for 2021 and 2022, respectively.", RATES, "supported"),
        ("The rate was 24.6 percent in 2022.", RATES, "unsupported"),
        ("The rate was 24.6 percent in 2021.", RATES, "supported"),
        (
            "茶业2022年和2021年毛利率分别为21.6%和24.6%。",
            "茶业2021年和2022年毛利率分别为24.6%和21.6%，较低。",
            "supported",
        ),
        (
            "茶业2022年和2021年毛利率分别为24.6%和21.6%。",
            "茶业2021年和2022年毛利率分别为24.6%和21.6%，较低。",
            "unsupported",
        ),
    ],
)
def test_figures_told_in_the_order_of_their_years(claim: str, page: str, label: str) -> None:
    assert RuleVerifier().verify(claim, page).verdict.label == label


SPANS = (
    "茶园因子2016年11月-2019年12月多空年化收益为6.41%，最大回撤为5.72%。2030-2033年鱼丸收入复合增速为21.4%。"
    "2034-2036年门店由61家增至97家。2034-2036年利润分别为3.1、3.7、4.9亿元。2037-2039年销量为311、322、333吨。\n"
    "Between 2030 and 2033 the harbour dredged 41 million tonnes. From May 2034 to June 2036 it lost 7.7 million."
)


@pytest.mark.parametrize(
    ("sentence", "is_of_its_years"),
    [
        ("2019年茶园因子多空年化收益为6.41%。", False),
        ("2016年11月至2019年12月茶园因子多空年化收益为6.41%。", True),
        ("2016-2019年茶园因子多空年化收益为6.41%。", True),
        ("2033年鱼丸收入增速为21.4%。", False),
        ("2030-2033年鱼丸收入复合增速为21.4%。", True),
        ("2036年门店为97家。", True),  # the end of the way
        ("2035年利润为3.7亿元。", True),  # told one by one
        ("2038年销量为322吨。", True),  # as many figures as years
        ("The harbour dredged 41 million tonnes in 2033.", False),
        ("It dredged 41 million tonnes between 2030 and 2033.", True),
        ("It lost 7.7 million in 2036.", False),
        ("It lost 7.7 million from 2034 to 2036.", True),
    ],
)
def test_a_figure_of_several_years_is_not_that_of_one(sentence: str, is_of_its_years: bool) -> None:
    assert (other_year(sentence, claimed(sentence), SPANS) is None) is is_of_its_years


def test_a_column_of_several_years() -> None:
    page = "收益 | 2016-2019 6.41% | 2020 3.2%"
    wrong, right = "2019年收益为6.41%。", "2016-2019年收益为6.41%。"
    found = other_year(wrong, claimed(wrong), page)
    assert found is not None
    assert found[1:] == ("2016-2019", "2019")
    assert other_year(right, claimed(right), page) is None
