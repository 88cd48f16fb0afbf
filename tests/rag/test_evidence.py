from __future__ import annotations

from dataclasses import replace

from made_statements import CHUNKS, FILING

from rag.domain import Passage, Understood
from rag.evidence import coverage, covered
from rag.sparse import WordTokeniser

tokenise = WordTokeniser(["千味央厨"])
PAGES = ["千味央厨营业收入增长，毛利率提升。", "行业营业收入下降。", "伊利股份毛利率提升。"]


def test_a_page_that_holds_the_whole_question_covers_it() -> None:
    assert coverage("千味央厨的毛利率", PAGES, tokenise) == 1.0


def test_what_no_page_says_weighs_most() -> None:
    known = coverage("毛利率 营业收入", PAGES, tokenise)
    unknown = coverage("毛利率 特斯拉", PAGES, tokenise)
    assert unknown < 0.5 < known


def test_a_synonym_that_shares_a_character_counts_a_little() -> None:
    assert 0 < coverage("收益", ["营业收入"], tokenise) < 0.5


def test_nothing_to_ask_or_nowhere_to_look() -> None:
    assert coverage("的 了", PAGES, tokenise) == 0.0
    assert coverage("毛利率", [], tokenise) == 0.0


def test_another_form_of_an_english_word_counts_for_most_of_it() -> None:
    page = ["Vessel delivered 418 trams in 2023."]
    assert coverage("How many trams did Vessel deliver in 2023?", page, tokenise) > 0.9


def test_words_that_only_tell_how_to_answer_weigh_nothing() -> None:
    assert (
        coverage("请分析说明千味央厨的毛利率", PAGES, tokenise) == coverage("千味央厨的毛利率", PAGES, tokenise) == 1.0
    )


def test_a_word_of_little_weight_leaves_little_uncovered() -> None:
    even = coverage("毛利率 特斯拉", PAGES, tokenise)
    assert coverage("毛利率 特斯拉", PAGES, tokenise, weights={"特斯拉": 0.1}) > even
    assert coverage("毛利率 特斯拉", PAGES, tokenise, weights={"特斯拉": 5.0}) == even


def test_words_that_a_page_shows_and_does_not_say_count_less() -> None:
    chunk = replace(CHUNKS[0], text="茶园ROE由2029年的12%降至2031年的9%。")
    passages = [Passage(chunk, replace(FILING, language="zh"), None, 1.0)]

    def share(question: str) -> float:
        found = covered(Understood(question, "zh", question), passages, tokenise)
        assert found is not None
        return found

    assert share("茶园ROE变化") > share("茶园ROE港口") + 0.1
