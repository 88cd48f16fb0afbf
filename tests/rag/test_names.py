from rag.faults import find_faults
from rag.names import OtherName, other_name
from rag.segments import align, clauses_of, segments_of

PAGE = "克拉港2024年完成吞吐量3,200万吨，南港完成1,800万吨。Kelpie的模型有40亿参数。"


def why(sentence: str, about: str = "") -> OtherName | None:
    (clause,) = clauses_of(sentence)
    best = align(clause, segments_of(PAGE))
    assert best is not None
    return other_name(clause, best, segments_of(PAGE), PAGE, about)


def test_a_name_that_the_page_has_not() -> None:
    assert why("Mussela的模型有40亿参数") == OtherName("not_named", ("Mussela",))
    assert why("Kelpie的模型有40亿参数") is None


def test_the_name_of_the_report_is_known() -> None:
    assert why("上海完成吞吐量3,200万吨") == OtherName("not_named", ("上海",))
    assert why("上海完成吞吐量3,200万吨", "某券商 上海港口深度报告 2024-05-01") is None


def test_a_word_for_much_is_no_name() -> None:
    assert why("吞吐量高达3,200万吨") is None


def test_words_that_the_page_writes_without_a_capital_too_are_no_names() -> None:
    page = "Net Cash Provided by Boats 1,813 during 2032. The net cash that boats provided was 1,813 in Norrvik. Musso fished."
    assert "name" not in {fault.kind for fault in find_faults("Of 2032, Net Cash from the Boats was 1,813.", page)}


def test_a_term_of_finance_and_the_front_of_a_hyphened_name_are_no_unknown_names() -> None:
    page = "Kelpa of Norrvik spent 320 on boats and 40 on nets in 2032."
    assert find_faults("In 2032 the CAPEX of the Norrvik-based Kelpa was 320 on boats.", page) == []
    (fault,) = find_faults("In 2032 the Sandby-based Kelpa spent 320 on boats.", page)
    assert fault.text == "not_named"
