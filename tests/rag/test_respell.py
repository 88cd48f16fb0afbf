"""Misspelt words of a question, beside what was found for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.domain import Understood
from rag.respell import misspelt, respelt
from rag.service import Service


def meant(small: Service, question: str, *companies: str) -> dict[str, str]:
    found = small.retriever.retrieve("kelp prices harvest")
    asked = Understood(question, "en", question, companies=companies)
    return misspelt(asked, found.passages, small.translator.knows)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how large is the harvst of kelp", {"harvst": "harvest"}),
        ("how large is the harvets of kelp", {"harvets": "harvest"}),  # two letters in the wrong order
        ("how large is the harvest of kelp", {}),
        ("how large are the harvests of kelp", {}),
        ("how large is the harness of kelp", {}),  # another word
        ("how large is the Harvst of kelp", {}),  # may be a name
        ("how large is the hrvst of kelp", {}),
    ],
)
def test_a_word_that_is_one_letter_from_one_of_the_pages(
    small: Service, question: str, expected: dict[str, str]
) -> None:
    assert meant(small, question) == expected


def test_a_name_is_only_set_right_where_it_is_a_companys(small: Service) -> None:
    assert meant(small, "What are sales of Larkspurr?", "Larkspur Tools, Inc.") == {"Larkspurr": "Larkspur"}
    assert meant(small, "What are sales of Larkspurr?") == {}


def test_all_of_it_is_read_as_meant() -> None:
    assert respelt("the harvst, a harvst", {"harvst": "harvest"}) == "the harvest, a harvest"


def test_an_answer_says_how_the_question_was_read(small: Service) -> None:
    answer = small.answerer.answer("What is the kelp harvst in Norrvik?")
    right = small.answerer.answer("What is the kelp harvest in Norrvik?")
    assert [s.text for s in answer.sentences] == [s.text for s in right.sentences]
    assert answer.notices == ("Read as: harvst → harvest", *right.notices)
    assert replace(answer.understood, question="") == replace(right.understood, question="")
