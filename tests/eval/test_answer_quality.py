"""Scores of answers against labels, by hand-worked values."""

from __future__ import annotations

import pytest

from eval.answer_quality import Cited, character_f1, number_matches, score_citations
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
        (["Revenue was $1,577 million in 2018."], "$1577.00", True),
        (["Revenue was $1.58 billion."], "$1577 million", True),  # within 1 %
        (["Revenue was $1.62 billion."], "$1577 million", False),
        (["It was founded in 1998."], "$1577", False),  # a year is no answer
        (["The margin is 24.1%."], "0.241", True),
        (["First 12 units, then 15."], "15", False),  # the first number stated
        (["营业收入（百万元）：2023A 4,820，2024A 6,150"], "6150", True),  # any cell of a table's line
        (["Revenue grew."], "It grew.", None),
    ],
)
def test_numbers_match_within_one_percent_whatever_their_scale(
    answer: list[str], reference: str, matches: bool | None
) -> None:
    assert number_matches(answer, reference) is matches


def test_a_line_of_more_than_eight_cells_counts_by_its_first() -> None:
    cells = [f"项目{letter} {n}" for letter, n in zip("甲乙丙丁戊己庚辛壬", range(11, 20), strict=True)]
    assert number_matches(["收入：" + "，".join(cells[:8])], "17") is True
    assert number_matches(["收入：" + "，".join(cells)], "17") is False
    assert number_matches(["收入：" + "，".join(cells)], "11") is True


def test_characters_are_compared_without_marks() -> None:
    assert character_f1("收入增长。", "收入，增长") == 1.0
    assert character_f1("甲乙", "丙丁") == 0.0
    assert character_f1("收入增长", "收入下降") == pytest.approx(0.5)
