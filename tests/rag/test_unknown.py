"""Names in a question that nothing of what was found has."""

from __future__ import annotations

from datetime import date

import pytest

from rag.lexicon import Lexicon
from rag.publishers import Publishers
from rag.question import understand
from rag.retrieve import Retrieval
from rag.service import Service
from rag.unknown import unknown_names

publishers = Publishers.load()


def names(service: Service, question: str) -> tuple[str, ...]:
    found: Retrieval = service.retriever.retrieve(question)
    asked = understand(question, publishers, date(2026, 1, 1), lexicon=Lexicon.load())
    return unknown_names(asked, found.passages, service.tokenise)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("千味央厨2024年的产量是多少", ("千味央厨",)),
        ("云岭茶业的市场占有率变化趋势", ()),
        ("What did kelp prices in Zylotek do?", ("Zylotek",)),
        ("What did kelp prices in Norrvik do?", ()),
        ("Zylotek is what?", ()),  # every sentence begins so
        ("What is the ROA of kelp farms on Page 3?", ()),
        ("What Did Kelp Prices In Zylotek Do?", ()),
    ],
)
def test_names_that_nothing_has(small: Service, question: str, expected: tuple[str, ...]) -> None:
    assert names(small, question) == expected


def test_a_question_about_an_unknown_name_gets_no_answer_from_others(small: Service) -> None:
    answer = small.answerer.answer("千味央厨2024年春茶产量是多少")
    assert answer.refusal is not None
    assert "千味央厨" in answer.refusal.reason
    assert answer.refusal.leads


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("千味央厨2024年的产量是多少", ("千味央厨",)),
        ("关于千味央厨，产量是多少", ("千味央厨",)),
        ("安姆科2024年的产量是多少", ()),  # as Amcor is called in Chinese
        ("海带价格的多空对冲收益", ()),
    ],
)
def test_in_passages_of_another_language_only_what_is_called_as_chinese_companies_are(
    small: Service, question: str, expected: tuple[str, ...]
) -> None:
    found = small.retriever.retrieve(question)
    english = [p for p in small.retriever.retrieve("kelp prices").passages if p.report.language == "en"]
    assert unknown_names(found.understood, english, small.tokenise) == expected
    assert unknown_names(found.understood, [], small.tokenise) == ()
