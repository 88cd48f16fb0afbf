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
