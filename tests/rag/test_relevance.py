"""Shares of a question that texts tell, in its language and across, by the bundled lexicon and a dictionary made here."""

from __future__ import annotations

from rag.dictionary import Dictionary
from rag.domain import Language, Understood
from rag.lexicon import Lexicon
from rag.relevance import Relevance, Text
from rag.sparse import WordTokeniser
from rag.translate import Translator

LEXICON = Lexicon.load()
DICTIONARY = Dictionary(zh={"depot": ("车库", "站场")}, en={"车库": ("depot",)})
WORDS = WordTokeniser([])
relevance = Relevance(Translator(LEXICON, lambda: DICTIONARY, WORDS), WORDS)


def asked(question: str, language: Language) -> Understood:
    return Understood(question, language, question, terms=LEXICON.find(question))


def shares(question: Understood, *texts: str, language: Language = "zh", headings: str = "") -> list[float]:
    return relevance.shares(question, [Text(text, headings, "", language) for text in texts])


def test_all_of_a_question_is_one_and_nothing_is_zero() -> None:
    assert shares(asked("资本开支和车库", "zh"), "车库的资本开支增加。", "天气很好。") == [1.0, 0.0]


def test_another_name_of_a_term_tells_most_of_it() -> None:
    same, other, none = shares(asked("营业收入", "zh"), "营业收入增加。", "营收增加。", "天气很好。")
    assert same > other > none == 0


def test_across_languages_any_translation_tells_a_word() -> None:
    told = shares(
        asked("capital expenditure of depots", "en"), "站场的资本开支。", "车库的资本开支。", "站场很大。", "天气。"
    )
    assert told[0] == told[1] > told[2] > told[3] == 0


def test_a_year_is_told_in_short_too() -> None:
    told = shares(asked("2024年毛利率", "zh"), "毛利率：24E 31%", "毛利率：23A 30%")
    assert told[0] > told[1]


def test_what_stands_above_tells_less_than_the_text() -> None:
    question = asked("车库", "zh")
    assert shares(question, "车库很大。") > shares(question, "很大。", headings="车库") > shares(question, "很大。")


def test_a_label_fits_by_what_it_names_and_nothing_else() -> None:
    whole, longer, other = relevance.fits(
        asked("2024年营业收入是多少", "zh"), ["营业收入", "营业收入增速", "毛利率"], "zh"
    )
    assert whole > longer > other == 0
