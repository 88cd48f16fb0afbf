from datetime import date

import pytest

from rag.domain import Filter, Window
from rag.errors import UsageError
from rag.publishers import Publishers
from rag.question import LONGEST, understand

TODAY = date(2026, 2, 10)
publishers = Publishers.load()


def test_language_and_publishers_by_any_name() -> None:
    understood = understand("what does CICC  say about AH premium", publishers, TODAY)
    assert (understood.question, understood.language) == ("what does CICC say about AH premium", "en")
    assert understood.mentioned == ("中金公司",)
    assert understood.limits == Filter()
    assert understand("中金怎么看", publishers, TODAY).mentioned == ("中金公司",)


def test_publishers_of_the_catalog_are_known_without_their_trade_words() -> None:
    known = ["海岳证券", "Tarnwick Securities", "Ace Research"]
    assert understand("海岳的目标是多少", publishers, TODAY, known).mentioned == ("海岳证券",)
    assert understand("Tarnwick's target price", publishers, TODAY, known).mentioned == ("Tarnwick Securities",)
    assert understand("a place for aces", publishers, TODAY, known).mentioned == ()


def test_a_house_that_is_left_aside_is_not_asked_for() -> None:
    read = understand("除了中金，哪些机构看好港股", publishers, TODAY)
    assert (read.mentioned, read.limits.without, read.topic) == ((), ("中金公司",), "哪些机构看好港股")
    assert understand("which brokers except CICC like Hong Kong", publishers, TODAY).uncovered == ()
    assert understand("who else but UBS, apart from CICC?", publishers, TODAY).mentioned == ("UBS",)


def test_what_a_question_limits_itself_to_is_no_part_of_its_topic() -> None:
    read = understand("只看中金和海岳的周报，AH溢价怎么走", publishers, TODAY, ["海岳证券"])
    assert read.limits == Filter(publishers=("中金公司", "海岳证券"), kinds=("weekly",))
    assert read.topic == "AH溢价怎么走"


def test_days_raise_and_do_not_limit_and_are_no_period() -> None:
    read = understand("AH premium in reports published since February 2025", publishers, TODAY)
    assert (read.limits, read.window) == (Filter(), Window(date(2025, 2, 1), None, firm=True))
    assert (read.topic, read.periods) == (read.question, ())


def test_only_makes_days_a_limit() -> None:
    read = understand("只看2025年2月以来的年报：存货", publishers, TODAY)
    assert read.limits == Filter(since=date(2025, 2, 1), kinds=("annual report",))
    assert read.topic == "存货"
    read = understand("only CICC reports since February 2025: AH premium", publishers, TODAY)
    assert read.limits == Filter(publishers=("中金公司",), since=date(2025, 2, 1))
    assert read.topic == "AH premium"


def test_a_question_of_nothing_but_limits_keeps_its_words() -> None:
    assert understand("只看中金", publishers, TODAY).topic == "只看中金"


def test_days_told_from_today_leave_the_topic() -> None:
    read = understand("southbound flows last month", publishers, TODAY)
    assert read.window == Window(date(2026, 1, 1), None)
    assert read.topic == "southbound flows"
    assert understand("今年以来涨幅", publishers, TODAY).topic == "今年以来涨幅"  # pages write so of their year
    for question in ("2018年至今的变化", "2025年4月之前发布的报告"):
        assert understand(question, publishers, TODAY).topic == question
    read = understand("2020年以来营收如何变化", publishers, TODAY)
    assert read.window == Window(date(2020, 1, 1), None)
    assert read.topic == read.question


def test_periods_are_told_from_today() -> None:
    assert understand("去年二季度营收", publishers, TODAY).periods == ("Q2 2025",)
    assert understand("Q2 of FY2023 margin", publishers, TODAY).periods == ("Q2 2023",)


def test_phrases_figures_and_units() -> None:
    read = understand('how many tonnes is "spring harvest" above 3,200?', publishers, TODAY)
    assert (read.quoted, read.numbers, read.units) == (("spring harvest",), ("3,200",), ("tonnes",))
    assert understand("“隐形底”在《AH溢价》里是多少", publishers, TODAY).quoted == ("隐形底", "AH溢价")


def test_two_houses_are_compared_but_not_two_names_of_one() -> None:
    assert understand("中金和海岳怎么看", publishers, TODAY, ["海岳证券"]).compares
    assert not understand("Tarnwick's margin", publishers, TODAY, ["Tarnwick plc", "Tarnwick"]).compares


@pytest.mark.parametrize("question", ["", " \n", "x" * (LONGEST + 1)])
def test_what_cannot_be_asked(question: str) -> None:
    with pytest.raises(UsageError):
        understand(question, publishers, TODAY)
