"""Sentences that can stand in a digest, and what they are worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.salience import LEANS, form, is_label, is_sound, lexrank


@pytest.mark.parametrize(
    "text",
    ["公司收入同比增长四成。", "We expect revenue to grow by 20%.", "风险提示：1）关税提高；2）电芯涨价。"],
)
def test_whole_sentences_can_stand(text: str) -> None:
    assert is_sound(text)


@pytest.mark.parametrize(
    "text",
    [
        "公司收入同比增长四成",  # not closed
        "，公司收入同比增长四成。",  # begun before
        "公司收入（同比增长四成。",  # bracket left open
        "如果下跌超过10%则止损；7、对于其他组合，重复上述过程。",  # two items of a list
        "其中 a = b + c 为权重的定义。",  # a formula
        "海外业务的改进。",  # a label
        "主要风险有三。",
        "资料来源：公司公告，研究所整理。",
    ],
)
def test_what_is_cut_or_says_nothing_cannot(text: str) -> None:
    assert not is_sound(text)


def test_labels_claim_nothing() -> None:
    assert is_label("夏普率与时变夏普率。")
    assert not is_label("公司龙头地位稳固。")


@pytest.mark.parametrize(
    "text", ["如下图所示，收入增长四成。", "其中，北美订单占一半以上。", "See figure 3 for the revenue split."]
)
def test_what_leans_on_another_sentence_or_a_chart_is_marked_down(text: str) -> None:
    assert form(text) < LEANS < form("公司收入同比增长四成。")


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=12))
def test_the_most_central_sentence_is_worth_one_and_none_more(sentences: list[frozenset[str]]) -> None:
    ranks = lexrank(sentences, dict.fromkeys("abcdefgh", 1.0))
    assert max(ranks) == pytest.approx(1.0)
    assert all(0 < rank <= 1 + 1e-6 for rank in ranks)


def test_a_sentence_alike_many_is_more_central_than_one_alike_none() -> None:
    rarity = dict.fromkeys("abcdxyz", 1.0)
    ranks = lexrank([frozenset("abc"), frozenset("abd"), frozenset("acd"), frozenset("xyz")], rarity)
    assert min(ranks[:3]) > ranks[3]
