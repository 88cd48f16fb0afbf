"""Sentences beside pages written for these tests: the page itself, paraphrases, and one kind of error each."""

from __future__ import annotations

import pytest

from rag.faults import find_faults

ZH = (
    "海岛航运2024年营业收入12.4亿元，同比增长8.5%；归母净利润2.1亿元，同比下降3.2%。"
    "二季度集装箱吞吐量168万标箱，散货吞吐量95万标箱。"
    "北湾港2024年完成吞吐量3,200万吨。南港2023年完成吞吐量1,800万吨。"
    "按现有泊位无需新建码头即可完成全年任务。公司预计2025年运价可能小幅回升。毛利率高于行业平均水平。"
)
EN = (
    "Kelp sales rose 14% to 320 million euros in 2024, while mussel sales fell 6% to 95 million euros. "
    "The harvest in Norrvik may reach 3,200 tonnes in 2026. The hatchery can be run without additional staff. "
    "Margins stayed above the sector average."
)


def kinds(sentence: str, page: str) -> set[str]:
    return {fault.kind for fault in find_faults(sentence, page)}


@pytest.mark.parametrize(
    "sentence",
    [
        "二季度集装箱吞吐量168万标箱，散货吞吐量95万标箱。",
        "海岛航运2024年营业收入为12.4亿元，增长8.5%。",
        "归母净利润同比下降3.2%，为2.1亿元。",
        "无需新建码头即可完成全年任务。",
        "公司预计2025年运价可能回升。",
    ],
)
def test_what_the_page_says_has_no_fault(sentence: str) -> None:
    assert kinds(sentence, ZH) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Kelp sales rose 14% in 2024.",
        "Mussel sales fell 6% to 95 million euros.",
        "The harvest may reach 3,200 tonnes in 2026.",
    ],
)
def test_what_an_english_page_says_has_no_fault(sentence: str) -> None:
    assert kinds(sentence, EN) == set()


@pytest.mark.parametrize(
    ("sentence", "page", "kind"),
    [
        ("二季度集装箱吞吐量95万标箱，散货吞吐量168万标箱。", ZH, "figure"),
        ("南港2024年完成吞吐量1,800万吨。", ZH, "period"),
        ("东渡港2024年完成吞吐量3,200万吨。", ZH, "name"),
        ("归母净利润2.1亿元，同比增长3.2%。", ZH, "direction"),
        ("毛利率低于行业平均水平。", ZH, "direction"),
        ("按现有泊位需要新建码头才能完成全年任务。", ZH, "negation"),
        ("2025年运价小幅回升。", ZH, "hedge"),
        ("北湾港2024年完成吞吐量3,200万吨，为最大港口。", ZH, "superlative"),
        ("Kelp sales fell 14% to 320 million euros in 2024.", EN, "direction"),
        ("The harvest in Ostermark may reach 3,200 tonnes in 2026.", EN, "name"),
        ("The hatchery can be run with additional staff.", EN, "negation"),
        ("The harvest in Norrvik reaches 3,200 tonnes in 2026.", EN, "hedge"),
        ("Margins stayed below the sector average.", EN, "direction"),
        ("北湾港开始扩建码头。", "北湾港继续扩建码头。", "direction"),
        ("Norrvik began to expand its hatchery.", "Norrvik continued to expand its hatchery.", "direction"),
    ],
)
def test_each_kind_of_error_is_found(sentence: str, page: str, kind: str) -> None:
    assert kind in kinds(sentence, page)


def test_a_fault_says_what_the_page_says_and_where() -> None:
    (fault,) = [f for f in find_faults("归母净利润2.1亿元，同比增长3.2%。", ZH) if f.kind == "direction"]
    assert fault.reason("zh") == "页面的说法相反：同比下降3.2%。"
    assert fault.reason("en") == "the page says the opposite: 同比下降3.2%。"
    assert "下降3.2%" in ZH[fault.segment.start : fault.segment.end]


def test_only_before_a_figure_is_no_superlative() -> None:
    page = "Tenants who own a boat made up 8 percent."
    assert kinds("Only 8 percent of tenants own a boat.", page) == set()
    assert kinds("The only tenants own a boat.", page) == {"superlative"}


def test_a_hedge_in_another_clause_of_the_sentence_will_do() -> None:
    page = "我们认为航运需求向好，运价有望达到300元。"
    assert "hedge" not in kinds("研究看好航运需求，认为运价有望达到300元。", page)
    assert "hedge" in kinds("航运需求向好，运价达到300元。", page)


def test_a_denial_by_a_prefix() -> None:
    page = "Goodwill of $15 million was non-deductible."
    assert "negation" in kinds("The $15 million of goodwill was deductible.", page)
    assert kinds("The $15 million of goodwill was not deductible.", page) == set()


def test_not_high_is_low() -> None:
    page = "北湾渔业集中度较低，以小渔户为主。"
    assert kinds("北湾渔业集中度不高。", page) == set()
    assert kinds("北湾渔业集中度不低。", page) & {"direction", "negation"}
    assert kinds("北湾渔业集中度较高。", page) & {"direction", "negation"}


def test_a_year_is_no_figure_that_another_name_could_have() -> None:
    page = "Musso North is the Substitute Issuer. The Guarantors and the Trustee have entered into an indenture of June 2031."
    assert "name" not in kinds("Now Musso North takes over as issuer under the indenture of June 2031.", page)


def test_a_name_that_begins_with_a_superlative_is_none() -> None:
    page = "In 2023 we acquired the tool maker Larkspur and the boat builder Norrvik for 480 million."
    assert "superlative" not in kinds("Best Hardware acquired the tool maker Larkspur in 2023.", page)
    assert "superlative" in kinds("The best hardware store acquired the tool maker Larkspur in 2023.", page)


def test_a_share_told_of_an_amount() -> None:
    page = "The decrease in freight cost in 2024 was driven by milder weather.\n北湾港燃料成本2024年下降3.1%，主要因为气候温和。"
    assert kinds("The decrease in freight cost in 2024 was driven by milder weather.", page) == set()
    assert kinds("The decrease in freight cost as a percent of net sales in 2024 was driven by weather.", page) == {
        "share"
    }
    assert kinds("北湾港燃料成本占收入的比例2024年下降3.1%，主要因为气候温和。", page) == {"share"}
    shares = "Freight cost fell from 9% to 8% of net sales in 2024, driven by milder weather."
    assert (
        kinds("The decrease in freight cost as a percent of net sales in 2024 was driven by milder weather.", shares)
        == set()
    )


@pytest.mark.parametrize(
    ("sentence", "is_sure"),
    [
        ("公司的股权激励计划授予120万股限制性股票，约占总股本的1.8%。", True),
        ("公司拟向激励对象授予120万股限制性股票，约占总股本的1.8%。", False),
    ],
)
def test_a_plan_that_is_named_is_no_hedge(sentence: str, is_sure: bool) -> None:
    page = "公司公布股权激励计划草案，拟向激励对象授予120万股限制性股票，约占公司总股本的1.8%。"
    assert ("hedge" in kinds(sentence, page)) is is_sure
