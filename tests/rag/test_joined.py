"""Clauses of several sentences of a page in one sentence; the company and its figures are made up."""

import pytest

from rag.joined import joined
from rag.verify import RuleVerifier

PAGE = (
    "云岭茶业已有生产基地的设计产能为14.2万吨，去年产能利用率较高。"
    "为此，公司将利用募投资金建设三期项目，预计2033年6月末建成投产，并于当年释放设计产能的30%。"
    "公司2032年营收12.7亿元。归母净利润0.9亿元，同比增长3%。"
)


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("公司已有生产基地的设计产能为14.2万吨，预计2033年6月末建成投产。", False),
        ("公司将利用募投资金建设三期项目，预计2033年6月末建成投产。", True),
        ("三期项目预计2033年6月末建成投产，并于当年释放设计产能的30%。", True),
        ("公司已有生产基地的设计产能为14.2万吨，三期项目预计2033年6月末建成投产。", True),  # has its subject
        ("公司已有生产基地的设计产能为14.2万吨，去年产能利用率较高。", True),
    ],
)
def test_a_clause_keeps_its_subject(sentence: str, stands: bool) -> None:
    assert (joined(sentence, PAGE) is None) is stands


def test_such_a_sentence_is_at_most_partly_supported() -> None:
    sentence = "公司已有生产基地的设计产能为14.2万吨，预计2033年6月末建成投产。"
    assert RuleVerifier().verify(sentence, PAGE).verdict.label != "supported"
