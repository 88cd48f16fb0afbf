"""Scores of answers against labels, by hand-worked values."""

from __future__ import annotations

import pytest

from eval.answer_quality import Cited, OnGold, character_f1, number_matches, score_citations
from rag.domain import Citation, Sentence, Verdict
from rag.verify import RuleVerifier

PAGES = {0: "公司2024年营业收入61.5亿元，同比增长27.6%。", 1: "公司毛利率为24.1%。"}


def sentence(text: str, *pages: int) -> Sentence:
    verdict = Verdict("supported", "")
    return Sentence(text, tuple(Citation("r", p, None, None, "t", None, "", (), verdict) for p in pages))


def test_citations_are_scored_as_alce_does() -> None:
    told = [
        sentence("公司2024年营业收入61.5亿元。", 0),  # recalled, precise
        sentence("公司毛利率为24.1%。", 0, 1),  # recalled, one of two precise
        sentence("公司毛利率为24.1%。", 0),  # not recalled
        sentence("公司毛利率为24.1%。"),  # no citation
    ]
    assert score_citations(told, lambda _, page: PAGES[page], RuleVerifier()) == Cited(4, 2, 4, 2)


@pytest.mark.parametrize(
    ("answer", "reference", "matches"),
    [
        (["Revenue was $1,577 million in 2018."], "$1577.00", (True, True)),
        (["Revenue was $1.58 billion."], "$1577 million", (True, True)),  # within 1 %
        (["Revenue was $1.62 billion."], "$1577 million", (False, False)),
        (["It was founded in 1998."], "$1577", (False, False)),  # a year is no answer
        (["The margin is 24.1%."], "0.241", (True, True)),
        (["First 12 units.", "Then 15."], "15", (False, True)),
        (["收入：" + "，".join(f"{n} 亿元" for n in range(11, 20))], "18", (False, True)),
        (["收入：" + "，".join(f"{n} 亿元" for n in range(11, 20))], "19", (False, False)),  # the ninth
        ([], "15", (False, False)),
        (["Revenue grew."], "It grew.", None),
    ],
)
def test_numbers_match_within_one_percent_whatever_their_scale(
    answer: list[str], reference: str, matches: tuple[bool, bool] | None
) -> None:
    assert number_matches(answer, reference) == matches


def test_citations_of_labelled_pages_are_counted() -> None:
    told = [sentence("a", 4), sentence("b", 2, 4), sentence("c")]
    assert OnGold().add(told, "r", (2, 3)) == OnGold(1, 1, 0, 3, 1)
    assert OnGold().add(told[1:], "r", (2,)) == OnGold(1, 1, 1, 2, 1)
    assert OnGold().add(told, "f" * 16, (2,)) == OnGold(1, 0, 0, 3, 0)
    assert OnGold().add([], "r", (2,)) == OnGold()


def test_characters_are_compared_without_marks() -> None:
    assert character_f1("收入增长。", "收入，增长") == 1.0
    assert character_f1("甲乙", "丙丁") == 0.0
    assert character_f1("收入增长", "收入下降") == pytest.approx(0.5)
