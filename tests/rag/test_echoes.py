import pytest

from rag.echoes import Echoes
from rag.prompt import instruction_lines, render_mend

QUESTION = "海带销量增长了吗？"
WHY = {"en": "not on the page: 12%", "zh": "页面的说法相反：海带销量下降3%"}


def mending(language: str) -> Echoes:
    turn = render_mend([("x", WHY[language])], "zh" if language == "zh" else "en")
    return Echoes(frozenset({QUESTION}), instruction_lines([turn]), (WHY[language],))


@pytest.mark.parametrize(
    "text",
    [
        "not on the page: 12%",
        "Not on the page: 12 %.",
        "Reason: not on the page: 12%",
        "The number 12% is not on the page.",
        "Kelp sales: the page has other figures there.",
        "These sentences did not pass the check against the reports; the reason stands in brackets:",
        "These sentences did not pass the check against reports.",
        "Write these sentences anew, one on each line.",
    ],
)
def test_reasons_and_orders_of_a_rewriting(text: str) -> None:
    assert mending("en").has(text)


@pytest.mark.parametrize("text", ["页面的说法相反：海带销量下降3%", "原因：海带销量下降", "这些句子没有通过与原文的核对。", "只重写这些句子，每行一句"])  # fmt: skip
def test_the_same_in_chinese(text: str) -> None:
    assert mending("zh").has(text)


@pytest.mark.parametrize(
    "text", ["Kelp sales fell 3%.", "海带销量下降3%。", "海带销量增长了。", "Sales rose 12% on the coast."]
)
def test_what_the_page_says_is_no_echo_though_the_reason_shows_it(text: str) -> None:
    assert not mending("zh").has(text)
    assert not mending("en").has(text)


def test_a_reason_behind_a_sentence_is_taken_off() -> None:
    assert mending("en").without_reason("Kelp sales rose 5% (not on the page: 12%).") == "Kelp sales rose 5%."
    assert mending("zh").without_reason("海带销量下降3%（页面没有提到 南港）。") == "海带销量下降3%。"
    assert mending("en").without_reason("Kelp (dried) sales rose.") == "Kelp (dried) sales rose."


def test_before_a_rewriting_there_are_no_reasons() -> None:
    plain = Echoes(frozenset({QUESTION}), frozenset({"Write in English, one complete sentence on each line."}))
    assert plain.has(QUESTION)
    assert plain.has("Write in English, one complete sentence per line.")
    assert not plain.has("The page has other figures there.")
    assert plain.without_reason("A (not on the page: 1).") == "A (not on the page: 1)."


@pytest.mark.parametrize(
    ("text", "is_item"),
    [
        ("The period for which the figure is provided is November 27, 2031.", True),
        ("The figures asked for are the kelp sales of 2031, which are 5 million.", True),
        ("期间为2031年。", True),
        ("The period of growth ended in 2031.", False),
        ("Currency was a headwind of 3% in 2031.", False),
        ("Measures were taken against the storm.", False),
        ("The units sold in 2031 were 5 million.", False),
        ("口径变化使海带销量下降3%。", False),
    ],
)
def test_items_of_the_list_of_what_to_cover(text: str, is_item: bool) -> None:
    assert Echoes().has(text) is is_item
