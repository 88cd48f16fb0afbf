"""Questions of a conversation, by rules and by an LLM whose wording is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scripted_llm import say, status

from rag.companies import Companies
from rag.conversation import Conversations, read_reply
from rag.lexicon import Lexicon
from rag.llm import OpenAIChat
from rag.plain import UnusableError
from rag.publishers import Entry, Publishers
from rag.service import Service
from rag.slots import Reader

BEFORE = "What does Harborlight Research say about kelp prices in 2024?"


def with_llm(service: Service, server: Any) -> Conversations:
    chat = OpenAIChat(base_url=server.url, model="scripted", deadline_s=20, retries=0, first_pause_s=0.01)
    return replace(service.conversations, model=chat)


def test_the_first_question_is_asked_as_it_is(small: Service) -> None:
    done = small.conversations.complete("and CICC?", None)
    assert (done.question, done.as_typed) == ("and CICC?", True)


def test_publishers_of_the_catalog_are_known(small: Service) -> None:
    done = small.conversations.complete("and Harborlight?", "What does CICC say about kelp prices?")
    assert (done.question, done.as_typed) == ("What does Harborlight say about kelp prices?", False)


def test_a_list_of_questions_goes_on_from_each_to_the_next(small: Service) -> None:
    typed = ["What does CICC say about kelp prices in 2024?", "and Harborlight?", " ", "in 2025?"]
    done = small.conversations.complete_last(typed)
    assert done.question == "What does Harborlight say about kelp prices in 2025?"


def test_an_llm_words_the_follow_up(small: Service, llm_server: Any) -> None:
    llm_server.play(say("Why did Harborlight Research say so about kelp prices in 2024?"))
    done = with_llm(small, llm_server).complete("but why so?", BEFORE)
    assert done.question == "Why did Harborlight Research say so about kelp prices in 2024?"
    assert not done.as_typed


@pytest.mark.parametrize("act", [status(500), say("What does UBS say about kelp prices in 1999?"), say("")])
def test_where_the_llm_fails_rules_do_it(small: Service, llm_server: Any, act: Any) -> None:
    llm_server.play(act, act)
    done = with_llm(small, llm_server).complete("and in 2025?", BEFORE)
    assert done.question == BEFORE.replace("2024", "2025")
    assert any("did not complete the follow-up" in notice for notice in done.notices)


def test_the_llm_is_not_asked_about_a_question_that_is_whole(small: Service, llm_server: Any) -> None:
    question = "How many tonnes of kelp will be harvested in Norrvik Bay in 2026 according to Harborlight Research?"
    assert with_llm(small, llm_server).complete(question, BEFORE).as_typed
    assert not llm_server.requests


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("What does Acme say about kelp in 2025?", "adds acme"),
        ("What does Bolt say about kelp in 2023?", "lacks 2025"),
        ("What does Bolt say about kelp in 2025 and 2026?", "adds 2026"),
        ("Bolt\nkelp 2025", "not one line"),
        ("", "not one line"),
        ("<b>Bolt on kelp in 2025?</b>", "no plain question"),
        ("Bolt怎么看2025年的海带", "another language"),
        ("Bolt 2025 " + "kelp " * 100, "no plain question"),
    ],
)
def test_a_wording_that_says_something_else_is_none(reply: str, fault: str) -> None:
    reader = Reader(Publishers([Entry("Acme"), Entry("Bolt")]), Lexicon(()), Companies(()))
    before, question = "What does Bolt say about kelp?", "in 2025?"
    assert read_reply("<think>hm</think>What does Bolt say about kelp in 2025?", question, before, reader)
    with pytest.raises(UnusableError, match=fault):
        read_reply(reply, question, before, reader)
