import math
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from rag.sparse import K1, B, Bm25Encoder, WordTokeniser, bigrams, rank_in_memory, singular, term_id
from rag.text import han_fingerprint

words = WordTokeniser(["中金公司", "中金", "AH溢价"])


def test_user_words_stay_whole() -> None:
    assert words("中金认为AH溢价收窄") == ["中金", "认为", "ah", "溢价", "收窄"]


def test_question_words_carry_no_weight() -> None:
    assert words("What does CICC say about the AH premiums?") == ["cicc", "ah", "premium"]


def test_bigrams_of_han_and_words_of_latin() -> None:
    assert bigrams("AH溢价率12.5%") == ["ah", "溢价", "价率", "12.5%"]


def test_a_ticker_is_found_without_its_market() -> None:
    assert words("600519.SH") == ["600519", "sh"]
    assert words("3.5 times, U.S. GAAP, AT&T") == ["3.5", "time", "u.s", "gaap", "at&t"]


def test_what_a_question_says_without_words_that_ask() -> None:
    assert words.content("中金认为AH溢价的走势如何？") == "中金认为 ah 溢价 走势"
    assert words.content("Please explain what CICC says about the AH premium") == "cicc ah premium"
    assert words.content("请问什么是") == ""


def test_traditional_and_simplified_characters_are_the_same_terms() -> None:
    assert bigrams("營業收入增長") == bigrams("营业收入增长") == ["营业", "业收", "收入", "入增", "增长"]
    assert words("淨利潤下滑，衞星業務虧損") == words("净利润下滑，卫星业务亏损")
    assert WordTokeniser(["澳門博彩"])("澳门博彩收入") == ["澳门博彩", "收入"]


def test_the_manifest_tells_the_table_of_characters() -> None:
    assert f"han={han_fingerprint()} " in Bm25Encoder(bigrams, 10.0).fingerprint


@pytest.mark.parametrize(
    ("word", "stem"), [("companies", "company"), ("shares", "share"), ("gas", "gas"), ("loss", "loss")]
)
def test_plural_endings_go(word: str, stem: str) -> None:
    assert singular(word) == stem


def test_the_dot_product_is_bm25() -> None:
    texts = ["甲乙 甲乙 丙丁 growth", "丙丁 戊己", "growth growth growth rate"]
    tokens = [bigrams(text) for text in texts]
    average = sum(map(len, tokens)) / len(tokens)
    encoder = Bm25Encoder(bigrams, average)
    query = "甲乙 growth"
    spread = Counter(term for each in tokens for term in set(each))
    for text, each in zip(texts, tokens, strict=True):
        document = dict(zip(*(lambda v: (v.indices, v.values))(encoder.encode_document(text)), strict=True))
        score = sum(document.get(term_id(t), 0.0) * idf(3, spread[t]) for t in bigrams(query))
        expected = sum(
            idf(3, spread[t]) * tf * (K1 + 1) / (tf + K1 * (1 - B + B * len(each) / average))
            for t in bigrams(query)
            if (tf := each.count(t))
        )
        assert score == pytest.approx(expected)


def idf(total: int, holding: int) -> float:
    return math.log((total - holding + 0.5) / (holding + 0.5) + 1)


@given(st.text(max_size=200))
def test_vectors_are_ascending_without_doubles(text: str) -> None:
    vector = Bm25Encoder(bigrams, 10.0).encode_document(text)
    assert list(vector.indices) == sorted(set(vector.indices))
    assert len(vector.indices) == len(vector.values)
    assert all(value > 0 for value in vector.values)


def test_an_apostrophe_may_be_curved() -> None:
    assert words("Company’s costs") == words("Company's costs") == ["company", "cost"]
    assert bigrams("Company’s costs") == ["company", "cost"]


def test_small_rankings() -> None:
    scores = rank_in_memory("AH溢价", ["天气很好", "AH溢价收窄", ""])
    assert scores.index(max(scores)) == 1
    assert rank_in_memory("x", []) == []


MIXED = st.text(alphabet="哈溢价营收 AHah's’.,%19the&\n營", max_size=40)


@given(MIXED, st.lists(MIXED, min_size=1, max_size=5))
@example("哈哈", ["哈哈哈", "哈"])
def test_small_rankings_are_those_of_rank_bm25_over_all_terms(query: str, texts: list[str]) -> None:
    expected = BM25Plus([bigrams(text) or [""] for text in texts]).get_scores(bigrams(query))
    assert rank_in_memory(query, texts) == pytest.approx(expected.tolist())
