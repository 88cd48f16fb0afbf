import pytest

from rag.verify import RuleVerifier

PAGE = "公司概况\n2024年营业收入1,234亿元，同比增长8.5%。净利润率保持稳定，管理层预计2025年资本开支下降。\nTotal revenue\t1,234\t1,137"
verify = RuleVerifier().verify


def test_a_sentence_of_the_page_is_supported_with_its_own_window() -> None:
    finding = verify("2024年营业收入1,234亿元，同比增长8.5%。", PAGE)
    assert finding.verdict.label == "supported"
    assert PAGE[finding.start : finding.end] == "2024年营业收入1,234亿元，同比增长8.5%。"


def test_a_number_that_is_not_on_the_page_is_a_hard_gate() -> None:
    finding = verify("2024年营业收入1,234亿元，同比增长9.5%。", PAGE)
    assert finding.verdict.label == "unsupported"
    assert "9.5%" in finding.verdict.reason


def test_another_subject_is_unsupported() -> None:
    assert verify("央行宣布下调存款准备金率。", PAGE).verdict.label == "unsupported"


def test_another_language_is_partial_at_best() -> None:
    assert verify("Revenue was 1,234 in 2024.", PAGE).verdict.label == "partial"
    assert verify("The weather was lovely.", PAGE).verdict.label == "unsupported"


def test_an_empty_page_supports_nothing() -> None:
    assert verify("营业收入增长。", "").verdict.label == "unsupported"


def test_a_number_that_follows_from_the_pages_by_the_reckoning_shown_is_allowed() -> None:
    assert verify("2024年营业收入1,234亿元，增加1,234-1,137=97。", PAGE).verdict.label == "supported"
    assert verify("2024年营业收入1,234亿元，增加1,234-1,137=98。", PAGE).verdict.label == "unsupported"
    assert verify("2024年营业收入1,234亿元，增加1,234-1,100=134。", PAGE).verdict.label == "unsupported"


def test_a_row_that_gives_what_is_reckoned_is_where_the_claim_stands() -> None:
    page = f"{PAGE}\n管理费用 | 2024 130.7 | 2023 186.9"
    right, wrong = "2024年的管理费用比上年少花56.2。", "2024年的管理费用比上年少花65.2。"
    finding = verify(right, page)
    assert finding.verdict.label == "supported"
    assert page[finding.start : finding.end] == "管理费用 | 2024 130.7 | 2023 186.9"
    assert verify(wrong, page).verdict.label == "unsupported"
    assert verify("费心的事少了56.2。", page).verdict.label == "unsupported"


def test_a_growth_that_stands_in_a_row_without_a_name_is_given_by_the_row_that_has_one() -> None:
    page = "归母净利润 | 2023A 6,934 | 2024E 7,170\n表2 (+/-)% | 2023A 7.7% | 2024E 3.4%"
    finding = verify("2024年归母净利润为7,170，同比上升约3%。", page)
    assert finding.verdict.label == "supported"
    assert page[finding.start : finding.end].startswith("归母净利润")
    assert verify("2024年归母净利润为7,170，同比上升约8%。", page).verdict.label != "supported"


def test_a_loss_may_be_told_without_its_sign() -> None:
    page = "In thousands | Contribution profit (loss) | Foreign $ (333,386) | Domestic $ 1,375,500"
    assert verify("Foreign business lost $333 million, its contribution loss.", page).verdict.label == "supported"
    assert verify("Foreign business made $333 million, its contribution profit.", page).verdict.label == "unsupported"


def test_the_opposite_of_the_page_is_unsupported_with_what_it_says() -> None:
    finding = verify("管理层预计2025年资本开支上升。", PAGE)
    assert finding.verdict.label == "unsupported"
    assert "资本开支下降" in finding.verdict.reason


def test_a_dropped_hedge_is_partial() -> None:
    assert verify("2025年资本开支下降。", PAGE).verdict.label == "partial"


def test_a_number_may_be_rounded_to_the_digits_that_it_is_written_with() -> None:
    assert verify("2024年营业收入约0.12万亿元，同比增长8.5%。", PAGE).verdict.label == "supported"
    assert verify("2024年营业收入0.12万亿元，同比增长8.5%。", PAGE).verdict.label == "supported"
    assert verify("2024年营业收入0.13万亿元，同比增长8.5%。", PAGE).verdict.label == "unsupported"
    assert verify("2024年营业收入0.12亿元，同比增长8.5%。", PAGE).verdict.label == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("2024年营业收入1,234亿元。", "同一段中有它 100% 的用词，数字全部找到"),
        ("2024年营业收入1,235亿元。", "页面上没有：1,235亿"),
        ("资本开支上升。", "页面的说法相反：管理层预计2025年资本开支下降。"),
        ("2025年资本开支下降。", "页面说得没有这样肯定：管理层预计2025年资本开支下降。"),
        ("央行宣布下调存款准备金率。", "任何一段中都只有它 0% 的用词"),
        ("Revenue was 1,234 in 2024.", "another language than the page: numbers and names checked"),
        ("Revenue was 1,235 in 2024.", "not on the page: 1,235"),
    ],
)
def test_the_reason_is_in_the_language_of_the_sentence(sentence: str, reason: str) -> None:
    assert verify(sentence, PAGE).verdict.reason == reason


@pytest.mark.parametrize(
    ("sentence", "page", "reason"),
    [
        ("收入为41。", "Revenue was 41.", "与页面的语言不同：核对了数字和名称"),
        (
            "南港2024年完成吞吐量1,800万吨。",
            "北湾港2024年完成吞吐量3,200万吨。南港2023年完成吞吐量1,800万吨。",
            "页面说的是2023年，不是2024年：南港2023年完成吞吐量1,800万吨。",
        ),
        ("东渡港2024年完成吞吐量3,200万吨。", "北湾港2024年完成吞吐量3,200万吨。", "页面没有提到 东渡港"),
        ("Kelp sales fell 14%.", "Kelp sales rose 14%.", "the page says the opposite: Kelp sales rose 14%."),
    ],
)
def test_the_reason_says_what_the_page_says(sentence: str, page: str, reason: str) -> None:
    assert verify(sentence, page).verdict.reason == reason


ZH = (
    "2031年，公司的净利率为8.31%，海外收入为30.2亿元，同比增长12.6个百分点。\n"
    "单位：元\n合同负债\t5,773,735,256.18\t12,072,785,359.81\n净利润\t(593,751,567.25)\t560,019,245.58"
)
EN = (
    "Retail revenue decreased 2% to $5.04 billion. The board may raise the dividend. Only 8% of staff left in 2031.\n"
    "In millions\t2032\t2031\nGoodwill impairments\t6,149\t181\nShare buybacks\t(1,014)\t(3,502)"
)


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("2031年净利率约为8.3%。", ZH),
        ("合同负债约57.7亿元，较年初的120.7亿元减少约63亿元。", ZH),
        ("合同負債約為57.7億元。", ZH),
        ("净亏损约5.94亿元，上年净利润为5.6亿元。", ZH),
        ("Retail revenue slid two percent to $5.0 billion.", EN),
        ("Goodwill impairments jumped to $6.1 billion from just $181 million a year earlier.", EN),
        ("Share buybacks shrank to about $1.0 billion from $3.5 billion.", EN),
        ("Only 8 percent of staff left in 2031.", EN),
    ],
)
def test_a_right_paraphrase_is_supported(sentence: str, page: str) -> None:
    assert verify(sentence, page).verdict.label == "supported"


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("2031年净利率约为8.4%。", ZH),
        ("合同负债约577亿元。", ZH),
        ("合同负债约57.7亿美元。", ZH),
        ("净利润约5.94亿元。", ZH),
        ("海外收入为30.2亿元，同比增长12.6%。", ZH),
        ("Goodwill impairments jumped to $6,149 billion.", EN),
        ("Goodwill impairments jumped to €6.1 billion.", EN),
        ("Retail revenue increased 2% to $5.04 billion.", EN),
        ("Share buybacks shrank to about $181 million.", EN),
    ],
)
def test_a_wrong_paraphrase_is_not(sentence: str, page: str) -> None:
    assert verify(sentence, page).verdict.label == "unsupported"


def test_the_name_and_date_of_the_report_count_as_said_and_no_other_number_of_it() -> None:
    about = "某券商 澄川储能 2033年年报点评 2034-03-07"
    page = "储能收入为30.2亿元，毛利率为8.3%。"
    assert verify("澄川储能2033年的储能收入为30.2亿元。", page).verdict.label == "unsupported"
    assert verify("澄川储能2033年的储能收入为30.2亿元。", page, about).verdict.label == "supported"
    assert verify("澄川储能的储能收入为30.2亿元，项目7个。", page, about).verdict.label == "unsupported"


def test_figures_that_no_one_place_has_together_are_not_bound() -> None:
    page = "海带的市场份额为31%。行业格局较为分散，参与者众多。公司的渠道覆盖全国各地。贻贝的销量占比为22%。001215"
    scattered = verify("公司在全国的市场份额领先，分别为31%和22%。", page).verdict
    assert (scattered.label, "没有一句或一行" in scattered.reason) == ("partial", True)
    for without in ("公司的渠道在全国领先，份额很高。", "公司（001215 CH）的渠道在全国领先，份额很高。"):
        verdict = verify(without, page).verdict
        assert (verdict.label, "没有一句或一行" in verdict.reason) == ("partial", False)
    assert verify("海带的市场份额为31%。", page).verdict.label == "supported"


FARM = (
    "公司先用3年时间培养头部20%的大渔户，5年内完成腰部渔户的培育工作，由此打开增长空间。"
    "大客户占公司营收比例超20%。\n2018年12月，北湾集团领投、南港食品跟投，共同出资一亿元，投后估值约十亿元。"
)


@pytest.mark.parametrize(
    "sentence",
    [
        "海岛水产打算花三年培育排名前两成的大渔户。",
        "2018年，北湾牵头投了一亿元，估值约十亿元。",
    ],
)
def test_the_place_of_a_figure_that_says_most_of_the_words_needs_few_of_them(sentence: str) -> None:
    assert verify(sentence, FARM, "海岛水产").verdict.label == "supported"


def test_a_figure_whose_place_is_not_the_one_that_says_most_is_not_borne_out() -> None:
    assert (
        verify("渔户培育工作要花公司营收的一半，即20%以上的头部。", FARM.replace("20%的", "30%的")).verdict.label
        != "supported"
    )


def test_amounts_in_han_figures_are_a_hard_gate() -> None:
    finding = verify("2018年，北湾牵头投了两亿元，估值约十亿元。", FARM)
    assert (finding.verdict.label, "两亿" in finding.verdict.reason) == ("unsupported", True)


def test_figures_of_sentences_one_after_the_other() -> None:
    page = "北湾人均每年吃鱼24.3公斤，南港人均吃鱼16.6公斤。山城居民吃鱼很少，每年人均仅有0.8公斤。天气晴好，渔船出海。"
    assert verify("北湾人均每年吃鱼24.3公斤，山城居民很少，仅有0.8公斤。", page).verdict.label == "supported"
    assert verify("山城每年种树0.8公顷，气温升到24.3度。", page).verdict.label != "supported"


def test_a_number_in_the_name_of_the_company_is_no_figure() -> None:
    page = "Changes in assets | Net cash provided by operating activities | 2032 5,591 | 2031 7,454\nTable 3 lists the boats."
    sentence = "Cash generated by 4F's operations fell in 2032, to about 5,590."
    assert verify(sentence, page, "4F Company Annual Report FY2032").verdict.label == "supported"


def test_a_cell_that_tells_in_sentences_states_its_figures() -> None:
    page = "表1、发展历程 | 2031年 | 重要事件 北湾集团领投，南港跟投，共出资2.5亿元，占股约10%。"
    assert verify("2031年北湾牵头出资2.5亿元，拿下约10%的股份。", page).verdict.label == "supported"


def test_a_growth_has_the_direction_of_its_years() -> None:
    page = "In millions | Total assets | MAY 31, 2032 37,531 | MAY 31, 2031 40,321"
    assert (
        verify("Total assets shrank by about $2.8 billion between May 2031 and May 2032.", page).verdict.label
        == "supported"
    )
    assert (
        verify("Total assets grew by about $2.8 billion between May 2031 and May 2032.", page).verdict.label
        != "supported"
    )


def test_a_sentence_of_the_page_gives_what_two_of_its_figures_give() -> None:
    page = "近年研发投入很大，研发支出从2025年的0.56亿元提升至2032年的4.87亿元，研发支出居同业首位。"
    assert verify("研发支出七年里增加了4.31亿元，2032年为4.87亿元。", page).verdict.label == "supported"
    assert verify("研发支出七年里减少了4.31亿元，2032年为4.87亿元。", page).verdict.label != "supported"


def test_an_effect_of_exchange_rates_has_its_sign() -> None:
    page = "In millions | Effect of exchange rate changes on cash | 2032 (104) | 2031 (62)"
    assert verify("Exchange rate changes added $104 million to cash in 2032.", page).verdict.label == "unsupported"
    assert verify("Exchange rate changes reduced cash by $104 million in 2032.", page).verdict.label == "supported"


def test_two_figures_of_different_years_in_a_sentence_tell_which_way_it_went() -> None:
    page = "近年研发投入很大，研发支出从2025年的0.56亿元提升至2032年的4.87亿元，居同业首位。"
    assert verify("2025到2032年间研发支出增加了4.31亿元。", page).verdict.label == "supported"
    assert verify("2025到2032年间研发支出减少了4.31亿元。", page).verdict.label != "supported"


def test_of_two_figures_without_headings_the_first_is_the_later() -> None:
    page = "其他应付款 | 1,672,320,435.99 | 2,152,363,421.82"
    assert verify("其他应付款比年初少了约4.8亿元。", page).verdict.label == "supported"
    assert verify("其他应付款比年初多了约4.8亿元。", page).verdict.label != "supported"


def test_a_row_of_figures_says_little_that_has_none() -> None:
    page = "Statements of Cash Flows | Depreciation and amortization | 2031 10,987 | 2030 10,678\n其他"
    claim = "Kelp income is calculated as income plus depreciation and amortization from statements of cash flows."
    assert RuleVerifier().verify(claim, page).verdict.label != "supported"
    told = "Statements of cash flows have depreciation and amortization."
    assert RuleVerifier().verify(told, page).verdict.label == "supported"
