import pytest

from rag.quantities import claimed
from rag.swapped import cut_off, of_all, of_some, other_subject, swapped
from rag.verify import RuleVerifier

EN = (
    "In Norrvik the sales of Kelpa slowed. Kelpa was hurt by weak demand, while Musso gained from price rises. "
    "Costs rose and revenue fell. Algo 3 was trained on 9.3 trillion tokens. Briny 2 was released in May."
)
ZH = "海带业务因需求疲软受损，贻贝业务受益于涨价。K2领先K1，K1领先于鱼价。成本上升而收入下降。南京厂区正在扩建厂房。上海厂区已经关闭两条产线。上海厂区占地广。"


def label(sentence: str, page: str) -> str:
    return RuleVerifier().verify(sentence, page).verdict.label


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("Kelpa gained from price rises, while Musso was hurt by weak demand.", EN),
        ("Kelpa gained from price rises and Musso was hurt by weak demand.", EN),
        ("Musso was hurt by weak demand, but Kelpa gained from price rises.", EN),
        ("Price rises helped Kelpa, while weak demand hurt Musso.", EN),
        ("Revenue rose and costs fell.", EN),
        ("海带业务受益于涨价，贻贝业务因需求疲软受损。", ZH),
        ("贻贝业务因需求疲软受损，而海带业务受益于涨价。", ZH),
        ("K1领先K2。", ZH),
        ("收入上升，成本下降。", ZH),
    ],
)
def test_what_is_said_of_the_other(sentence: str, page: str) -> None:
    assert label(sentence, page) == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("Musso was hurt by weak demand.", EN),
        ("Kelpa gained from price rises.", EN),
        ("Briny 2 was trained on 9.3 trillion tokens.", EN),
        ("上海厂区正在扩建厂房。", ZH),
        ("上海厂区规模大，正在扩建厂房。", ZH),
        ("上海厂区规模领先，只是通过节约电费改善利润。", ZH + "而南京厂区并无新意，只是通过节约电费改善利润。"),
    ],
)
def test_what_is_said_of_another_name_alone(sentence: str, page: str) -> None:
    assert other_subject(sentence, page) is not None
    assert label(sentence, page) == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("Kelpa was hurt by weak demand, and Musso gained from price rises.", EN),
        ("Musso gained from price rises, while Kelpa was hurt by weak demand.", EN),
        ("Weak demand hurt Kelpa, while price rises helped Musso.", EN),
        ("Price rises helped Musso and weak demand hurt Kelpa.", EN),
        ("Revenue fell while costs rose.", EN),
        ("Musso gained from price rises.", EN),
        ("Algo 3 was trained on 9.3 trillion tokens.", EN),
        ("贻贝业务受益于涨价，海带业务因需求疲软受损。", ZH),
        ("涨价使贻贝业务受益，需求疲软使海带业务受损。", ZH),
        ("K2领先K1。", ZH),
        ("K1领先于鱼价，K2领先K1。", ZH),
        ("收入下降，成本上升。", ZH),
        ("南京厂区扩建厂房，上海厂区关闭两条产线。", ZH),
    ],
)
def test_the_same_told_in_another_order_is_right(sentence: str, page: str) -> None:
    assert swapped(sentence, page) is None
    assert other_subject(sentence, page) is None


def test_a_subject_told_before_the_clause_is_its_own() -> None:
    zh = "上海厂区规模大，节约了大量电费，从而改善利润。南京厂区也是。"
    assert other_subject("上海厂区节约了大量电费，从而改善利润。", zh) is None
    page = "Norrvik Kelp raised prices, Musso Foods followed, and it was hurt by weak demand at the coast."
    assert other_subject("Norrvik Kelp was hurt by weak demand at the coast.", page) is None


@pytest.mark.parametrize(
    ("sentence", "is_cut"),
    [
        ("在海边再无新的厂房，只是节约电费。", True),
        ("南京厂区在海边再无新的厂房，只是节约电费。", False),
        ("目前在海边再无新的厂房。", False),
        ("上海厂区的产量增长很快。", False),
    ],
)
def test_a_clause_without_the_name_in_front_says_it_of_nobody(sentence: str, is_cut: bool) -> None:
    page = "具体来看，南京厂区在海边再无新的厂房，只是节约电费。上海厂区的产量增长很快。"
    assert (cut_off(sentence, page) is not None) is is_cut
    assert (label(sentence, page) == "partial") is is_cut


@pytest.mark.parametrize(
    ("sentence", "is_wide"),
    [
        ("海岛航运2016年我国货运收入为957亿元。", True),
        ("海岛航运2016年货运收入为957亿元。", True),
        ("2016年我国货运收入为957亿元。", False),
        ("海岛航运预计2016年我国货运收入为957亿元。", False),
        ("海岛航运2016年货运收入为3.5亿元。", False),
    ],
)
def test_the_figure_of_an_industry_is_not_that_of_the_company(sentence: str, is_wide: bool) -> None:
    page = "2016年我国货运收入为957亿元，在邻国之后。2016年公司货运收入为3.5亿元。"
    about = "某证券 海岛航运 001215 CH 深度报告 2025-04-01"
    assert (of_all(sentence, claimed(sentence), page, about) is not None) is is_wide


BRANDS = "公司有“海岛”、“贻贝铺”和“礁石”三家店。海岛推陈出新。第一道菜“浪花”是咸粥与海带的搭配。礁石面向码头的夜班工人，供应热粥和早餐盒饭。"


def test_what_is_said_of_one_of_those_listed() -> None:
    told = "“海岛”、“贻贝铺”和“礁石”面向码头的夜班工人，供应热粥和早餐盒饭。"
    assert of_some(told, BRANDS) is not None
    assert label(told, BRANDS) == "unsupported"
    assert of_some("“礁石”面向码头的夜班工人。", BRANDS) is None
    both = BRANDS + "海岛和贻贝铺同样面向码头的夜班工人。"
    assert of_some(told, both) is None


def test_a_name_in_quotation_marks_is_a_subject() -> None:
    assert label("“海岛”是咸粥与海带的搭配。", BRANDS) == "unsupported"
    assert label("“浪花”是咸粥与海带的搭配。", BRANDS) == "supported"


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("云岭茶业通过调整经营战略、设立专业子公司等，在餐饮端展开角逐。", False),
        ("茶饮企业纷纷通过调整经营战略、设立专业子公司等，在餐饮端展开角逐。", True),
        ("云岭茶业在餐饮端布局较早，拥有专业的配送团队。", True),
    ],
)
def test_what_is_said_of_many_is_not_told_of_one(sentence: str, stands: bool) -> None:
    page = "茶饮企业纷纷发力餐饮渠道，通过调整经营战略、设立专业子公司等，在餐饮端展开角逐。公司在餐饮端布局较早，拥有专业的配送团队。"
    assert (of_all(sentence, (), page, "云岭茶业：首次覆盖") is None) is stands


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("云岭茶业的餐饮连锁化率在2030-2032年分别为9.4%、9.7%和10.3%，行业连锁化率在逐年提升。", False),
        ("公司注重供应链体系的打造。", False),
        ("国内餐饮连锁化率在2030-2032年分别为9.4%、9.7%和10.3%。", True),
        ("公司在门店布局上较早，门店数量逐年提升。", True),
    ],
)
def test_what_is_said_of_a_country_or_a_trade_is_not_told_of_the_company(sentence: str, stands: bool) -> None:
    page = (
        "2030-2032年国内餐饮连锁化率分别为9.4%、9.7%和10.3%，连锁化率在逐年提升。连锁餐饮企业往往更加注重供应链体系的打造，能够降低公司的管理成本。"
        "公司在门店布局上较早，门店数量逐年提升。"
    )
    assert (of_all(sentence, claimed(sentence), page, "云岭茶业：首次覆盖") is None) is stands
