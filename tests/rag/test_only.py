"""What a question says to keep to."""

import pytest

from rag.only import Named, find_except, find_languages, find_only
from rag.text import fold


def kept(question: str, *names: str) -> list[str] | None:
    folded = fold(question)
    named = [Named("publisher", name, folded.index(name), folded.index(name) + len(name)) for name in names]
    only = find_only(folded, [*named, *find_languages(folded)])
    return only and [name.value for name in only.names]


@pytest.mark.parametrize(
    "question",
    [
        "only acme: what of kelp?",
        "What of kelp, according only to acme",
        "from Acme only, what of kelp",
        "Acme reports only: what of kelp",
        "Limit the search to Acme: kelp",
        "只看acme，海带怎么样",
        "仅acme的报告怎么看海带",
        "请只根据acme的研报回答",
        "仅限于acme",
    ],
)
def test_words_for_only_limit(question: str) -> None:
    assert kept(question, "acme") == ["acme"]


@pytest.mark.parametrize(
    "question",
    [
        "what does acme say",
        "not only acme but others",
        "不仅acme，还有别家",
        "acme只看好海带",
        "仅有的一份报告来自acme",
    ],
)
def test_other_words_do_not(question: str) -> None:
    assert kept(question, "acme") is None


def test_names_that_stand_together_are_kept_together() -> None:
    assert kept("只看acme和dune的研报，birch怎么看", "acme", "dune", "birch") == ["acme", "dune"]
    assert kept("only acme, dune and birch on kelp", "acme", "dune", "birch") == ["acme", "dune", "birch"]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Who beside others, except acme, likes kelp?", "who beside others, likes kelp?"),
        ("which brokers other than Acme and Dune like kelp", "which brokers like kelp"),
        ("kelp prices, not from acme reports", "kelp prices,"),
        ("除acme外，谁看好海带", "谁看好海带"),
        ("除了acme和dune以外还有谁看好海带", "还有谁看好海带"),
        ("不要看acme的研报，海带怎么样", "海带怎么样"),
    ],
)
def test_words_for_except_leave_out(question: str, rest: str) -> None:
    folded = fold(question)
    named = [
        Named("publisher", name, folded.index(name), folded.index(name) + 4)
        for name in ("acme", "dune")
        if name in folded
    ]
    found = find_except(folded, named)
    assert found is not None
    assert found.names == tuple(named)
    assert " ".join((folded[: found.start] + folded[found.end :]).split()) == rest


@pytest.mark.parametrize(
    "question",
    [
        "besides acme's rating, what is its target price?",
        "除了acme的评级，目标价是多少",
        "acme and all others",
        "不除acme",
    ],
)
def test_what_is_asked_of_a_publisher_leaves_none_out(question: str) -> None:
    folded = fold(question)
    at = folded.index("acme")
    assert find_except(folded, [Named("publisher", "acme", at, at + 4)]) is None


def test_languages_of_reports() -> None:
    assert kept("只看中文报告：海带") == ["zh"]
    assert kept("only English research on kelp") == ["en"]
    assert kept("only English weather") is None
