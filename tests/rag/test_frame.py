import pytest

from rag.frame import has_own_words, is_about_check, is_about_text, unframed


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("The chapter concludes that kelp sales rose 5%.", "Kelp sales rose 5%."),
        ("Overall, the report also notes that kelp sales rose 5%.", "Kelp sales rose 5%."),
        ("According to the provided information, kelp sales rose 5%.", "Kelp sales rose 5%."),
        ("In this section, kelp sales rose 5%.", "Kelp sales rose 5%."),
        ("Revised: Kelp sales rose 5%.", "Kelp sales rose 5%."),
        ("根据提供的资料，海带销量增长5%。", "海带销量增长5%。"),
        ("根据以上段落的内容，海带销量增长5%。", "海带销量增长5%。"),
        ("根据该报告，海带销量增长5%。", "海带销量增长5%。"),
        ("本章指出，海带销量增长5%。", "海带销量增长5%。"),
        ("该段落提到海带销量增长5%。", "海带销量增长5%。"),
        ("本章结论：海带销量增长5%。", "海带销量增长5%。"),
        ("Key takeaway: kelp sales rose 5%.", "Kelp sales rose 5%."),
        ("改写：海带销量增长5%。", "海带销量增长5%。"),
    ],
)
def test_words_on_the_text_are_taken_off(written: str, left: str) -> None:
    assert unframed(written) == left


@pytest.mark.parametrize(
    "written",
    [
        "The company reports that kelp sales rose 5%.",
        "According to the ministry, kelp sales rose 5%.",
        "The jobs report shows that hiring slowed.",
        "In this market, kelp sales rose 5%.",
        "根据公司公告，海带销量增长5%。",
        "根据公开资料，海带销量增长5%。",
        "本部分业务收入增长5%。",
        "报告期内公司收入增长5%。",
        "报告显示率先复苏的地区是沿海。",
    ],
)
def test_who_says_it_stays(written: str) -> None:
    assert unframed(written) == written


@pytest.mark.parametrize(
    "sentence",
    [
        "This passage discusses the outlook for kelp.",
        "The chapter also provides a detailed overview of the market.",
        "The report focuses on kelp and mussels.",
        "The section concludes with a list of risks.",
        "本章总结了海带市场的情况。",
        "该部分主要介绍了公司的产品。",
        "本报告对海带行业进行了分析。",
    ],
)
def test_what_a_text_is_about_tells_nothing(sentence: str) -> None:
    assert is_about_text(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The company focuses on kelp.",
        "The segment includes kelp and mussels.",
        "The notes include a coupon of 5%.",
        "该公司主要提供海带。",
        "本部业务涉及海带。",
        "分析师认为海带销量将增长。",
    ],
)
def test_what_the_matter_is_about_is_told(sentence: str) -> None:
    assert not is_about_text(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The number 12% is not on the page.",
        "The page does not mention 12%.",
        "12% isn't stated in the given passages.",
        "This sentence is not supported.",
        "数字12%不在页面上。",
        "原文没有提到12%。",
        "该句没有通过与原文的核对。",
    ],
)
def test_talk_of_the_check(sentence: str) -> None:
    assert is_about_check(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Views on the page of the shop rose 5%.", "The new landing page has no fee.", "公司没有披露海带的销量。"],
)
def test_a_page_and_a_denial_of_another_kind(sentence: str) -> None:
    assert not is_about_check(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["16: 12.50万股", "约12.5万吨", "8.6%", "12.3 billion", "2024年：15%", "2024E: 1.2x", "约12.3亿元。", "FY2024 to FY2025: $3.2bn", "2023年和2024年分别为1.2亿元、1.5亿元。"],
)  # fmt: skip
def test_figures_alone_have_no_words(sentence: str) -> None:
    assert not has_own_words(sentence)


@pytest.mark.parametrize("sentence", ["EPS: 1.2", "净利率为15%", "Sales: $3.2bn", "PE 15x", "2024年增长15%。"])
def test_a_label_is_a_word(sentence: str) -> None:
    assert has_own_words(sentence)
