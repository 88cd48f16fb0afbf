"""What a question says to keep to."""

import pytest

from rag.only import Named, find_languages, find_only
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


def test_languages_of_reports() -> None:
    assert kept("只看中文报告：海带") == ["zh"]
    assert kept("only English research on kelp") == ["en"]
    assert kept("only English weather") is None
