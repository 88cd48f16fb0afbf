"""Answers by an LLM over real HTTP: sentences as they are checked, one rewriting, and every way to break off."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
import structlog
from scripted_llm import (
    Act,
    ScriptedLLM,
    corrupt_midway,
    counted,
    cut_midway,
    error_midway,
    html,
    no_finish,
    paced,
    raw,
    say,
    stall,
    stall_midway,
    status,
    trickle,
)

from rag.answer import Answerer
from rag.domain import Answer, Sentence, Usage
from rag.errors import ModelError
from rag.llm import OpenAIChat
from rag.retrieve import Retrieval
from rag.service import Service
from rag.writer import LlmWriter

QUESTION = "云岭茶业2025年春茶产量预计是多少？"
TRUE = "云岭茶业预计2025年春茶产量将达到900吨。"
ALSO_TRUE = "云岭茶业2024年春茶产量为820吨，同比增长12%。"
FALSE = "云岭茶业2024年春茶产量为999吨。"


def with_llm(service: Service, url: str, *, deadline_s: float = 20.0, **more: Any) -> Answerer:
    chat = OpenAIChat(
        base_url=url, model="scripted", deadline_s=deadline_s, retries=1, max_tokens=256, first_pause_s=0.01
    )
    writer = LlmWriter(chat, 8000, max_tokens=256, seconds=deadline_s, **more)
    return replace(service.answerer, llm=writer)


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def holds_only_what_stands(service: Service, answer: Answer) -> None:
    """Every sentence cites a page whose text has the quote; no marker, link or tag of the model's own is left."""
    for sentence in answer.sentences:
        assert sentence.citations
        for citation in sentence.citations:
            assert citation.quote in service.catalog.page(citation.report_id, citation.page).text
            assert citation.verdict.label in ("supported", "partial")
        assert not any(sign in sentence.text for sign in ("[", "]", "page::", "http", "<", "999"))


# --- sentences come as they are checked ---


def test_a_sentence_is_given_before_the_model_ends_the_next_one(small: Service, llm_server: ScriptedLLM) -> None:
    """The model waits with the rest of its second sentence until the first one was given to the reader."""
    first_given = threading.Event()
    waited: list[bool] = []

    def before(number: int) -> None:
        if number == 2:
            waited.append(first_given.wait(15))

    llm_server.play(paced(TRUE, "云岭", "茶业2024年春茶产量为820吨，同比增长12%。", before=before))
    given: list[str] = []
    for step in with_llm(small, llm_server.url).steps(QUESTION):
        if isinstance(step, Sentence):
            given.append(step.text)
            first_given.set()
    assert waited == [True]
    assert given == [TRUE, ALSO_TRUE]


@pytest.mark.parametrize("pieces", [[TRUE + "\n" + ALSO_TRUE], list(TRUE + ALSO_TRUE)], ids=["whole", "letters"])
def test_steps_and_whole_answer_hold_the_same(small: Service, llm_server: ScriptedLLM, pieces: list[str]) -> None:
    llm_server.play(say(*pieces))
    found, *sentences, whole = with_llm(small, llm_server.url).steps(QUESTION)
    assert isinstance(found, Retrieval)
    assert isinstance(whole, Answer)
    assert tuple(sentences) == whole.sentences
    assert texts(whole) == [TRUE, ALSO_TRUE]
    assert whole.notices == ()


def test_json_that_was_asked_for_is_read(small: Service, llm_server: ScriptedLLM) -> None:
    llm_server.play(say(json.dumps({"sentences": [TRUE, ALSO_TRUE]})))
    assert texts(with_llm(small, llm_server.url).answer(QUESTION)) == [TRUE, ALSO_TRUE]


def test_what_it_took_is_told_with_its_price(small: Service, llm_server: ScriptedLLM) -> None:
    llm_server.play(counted(TRUE, FALSE, given=700, written=30), counted(ALSO_TRUE, given=800, written=20))
    answer = with_llm(small, llm_server.url, prices=(2.0, 10.0)).answer(QUESTION)
    assert answer.usage == Usage(calls=2, given=1500, written=50, cost=0.0035)
    assert small.answerer.answer(QUESTION).usage is None


# --- what fails is rewritten once, then dropped ---


def test_what_fails_is_shown_with_the_reason_and_its_rewriting_is_checked(
    small: Service, llm_server: ScriptedLLM
) -> None:
    llm_server.play(say(TRUE + FALSE), say(ALSO_TRUE))
    answer = with_llm(small, llm_server.url).answer(QUESTION)
    assert texts(answer) == [TRUE, ALSO_TRUE]
    assert answer.notices == ()
    first, second = (request.body["messages"] for request in llm_server.requests)
    assert second[:2] == first
    assert second[2] == {"role": "assistant", "content": FALSE}
    assert f"<failed>\n{FALSE} (页面上没有：999)\n</failed>" in second[3]["content"]


@pytest.mark.parametrize(
    "second", [say(FALSE), say("NO_ANSWER"), say("{}"), status(401), stall_midway("云岭"), no_finish("云岭")]
)
def test_what_fails_again_is_dropped_with_a_notice(small: Service, llm_server: ScriptedLLM, second: Act) -> None:
    llm_server.play(say(TRUE + FALSE), second, say("never asked"))
    answer = with_llm(small, llm_server.url, deadline_s=2.0).answer(QUESTION)
    assert texts(answer) == [TRUE]
    assert any("1 句未能" in notice for notice in answer.notices)
    assert len(llm_server.requests) == 2


SCATTERED = "云岭茶业的全国市场占有份额领先，春茶产量规模为820吨和900吨。"


def test_figures_that_no_one_place_has_together_are_to_be_rewritten(small: Service, llm_server: ScriptedLLM) -> None:
    passages = small.retriever.retrieve(QUESTION).passages
    loose = small.answerer.checker.check([SCATTERED], passages)
    assert [s.citations[0].verdict.label for s in loose.kept] == ["partial"]
    llm_server.play(say(TRUE + SCATTERED), say(ALSO_TRUE))
    answer = with_llm(small, llm_server.url).answer(QUESTION)
    assert texts(answer) == [TRUE, ALSO_TRUE]
    assert f"{SCATTERED} (数字都在页面上，但没有一句或一行" in llm_server.requests[1].body["messages"][3]["content"]


def test_a_question_turned_into_a_statement_is_to_be_rewritten(small: Service, llm_server: ScriptedLLM) -> None:
    question = "云岭茶业2024年春茶产量同比情况好吗？"
    restated = "云岭茶业2024年春茶产量同比情况好。"
    llm_server.play(say(restated + ALSO_TRUE), say(restated))
    answer = with_llm(small, llm_server.url).answer(question)
    assert texts(answer) == [ALSO_TRUE]
    assert f"{restated} (只是把问题重说了一遍)" in llm_server.requests[1].body["messages"][3]["content"]


@pytest.mark.parametrize(
    "echo",
    [
        "页面上没有：999",
        "原因：页面上没有999吨。",
        "数字999不在页面上。",
        "只重写这些句子，每行一句，数字和说法照原文。",
        "900吨。",
        "根据提供的资料，这句话无法核实。",
    ],
)
def test_a_rewriting_that_repeats_the_reason_is_no_sentence(small: Service, llm_server: ScriptedLLM, echo: str) -> None:
    llm_server.play(say(TRUE + FALSE), say(f"{echo}\n{ALSO_TRUE}（页面上没有：999）"))
    answer = with_llm(small, llm_server.url).answer(QUESTION)
    assert texts(answer) == [TRUE, ALSO_TRUE]


def test_a_sentence_in_another_language_is_to_be_rewritten(small: Service, llm_server: ScriptedLLM) -> None:
    english = "The spring tea output of the company reached 820 tonnes in 2024."
    llm_server.play(say(TRUE + "\n" + english), say(ALSO_TRUE))
    answer = with_llm(small, llm_server.url).answer(QUESTION)
    assert texts(answer) == [TRUE, ALSO_TRUE]
    assert f"{english} (没有用中文写)" in llm_server.requests[1].body["messages"][3]["content"]


def test_a_sentence_that_only_repeats_another_is_passed_over(small: Service, llm_server: ScriptedLLM) -> None:
    llm_server.play(say(TRUE, "预计云岭茶业2025年春茶产量将达到900吨。", ALSO_TRUE, TRUE))
    answer = with_llm(small, llm_server.url).answer(QUESTION)
    assert texts(answer) == [TRUE, ALSO_TRUE]
    assert answer.notices == ()


def test_another_name_or_direction_is_no_repetition(small: Service, llm_server: ScriptedLLM) -> None:
    others = ["云岭茶业预计2025年春茶产量将下降到900吨。", "青川茶业预计2025年春茶产量将达到900吨。"]
    llm_server.play(say(TRUE, *others), say("NO_ANSWER"))
    with_llm(small, llm_server.url).answer(QUESTION)
    asked_again = llm_server.requests[1].body["messages"][3]["content"]
    assert "青川茶业" in asked_again  # it was checked and failed, not passed over


# --- the matrix of faults ---

AT_ONCE: dict[str, Act] = {
    "401": status(401),
    "404 model": status(404, "model scripted not found"),
    "429": status(429),
    "429 with Retry-After": status(429, retry_after="0"),
    "429 with a long Retry-After": status(429, retry_after="3600"),
    "500": status(500),
    "no first token": stall(),
    "stall": stall_midway("云岭"),
    "cut": cut_midway("云岭茶业预计"),
    "corrupt": corrupt_midway("云岭茶业预计"),
    "error in the stream": error_midway("云岭茶业预计", "out of memory"),
    "no finish reason": no_finish(TRUE[:-1]),
    "empty": say(""),
    "endless": trickle("云岭云岭", 0.001),
    "endless JSON": trickle('{"sentences": [{', 0.001),
    "cut off by length": say("云岭茶业预计", finish="length"),
    "filtered": say("云岭", finish="content_filter"),
    "no stream": html(),
    "no JSON": raw(b"data: {broken\n\n", "text/event-stream"),
    "wrong language": say("The company expects its output of spring tea to reach 900 tonnes in the year 2025."),
    "JSON of its own": say('{"answer": "900吨"}'),
    "tags alone": say("<div><script>alert(1)</script></div>"),
}


@pytest.mark.parametrize("act", AT_ONCE.values(), ids=AT_ONCE)
def test_a_fault_gives_the_extractive_answer_with_a_notice_in_time(
    small: Service, llm_server: ScriptedLLM, act: Act
) -> None:
    llm_server.play(*[act] * 4)
    start = time.monotonic()
    with structlog.testing.capture_logs() as logs:
        answer = with_llm(small, llm_server.url, deadline_s=2.0).answer(QUESTION)
    assert time.monotonic() - start < 15
    assert answer.writer == "extractive"
    assert answer.sentences
    assert any("语言模型不可用" in notice for notice in answer.notices)
    assert [log["reason"] for log in logs if log["event"] == "llm answer broke off" and log["log_level"] == "warning"]
    assert answer.usage is not None
    assert answer.usage.calls >= 1
    holds_only_what_stands(small, answer)


@pytest.mark.parametrize("tls", [False, True])
def test_nobody_there(small: Service, tls: bool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http{'s' if tls else ''}://127.0.0.1:{free.getsockname()[1]}/v1"
    answer = with_llm(small, address, deadline_s=2.0).answer(QUESTION)
    assert answer.writer == "extractive"
    assert any("REPORT_RAG_LLM_BASE_URL" in notice for notice in answer.notices)


BEGUN = TRUE + FALSE + "云岭茶业20"
AFTER_A_SENTENCE: dict[str, Act] = {
    "stall": stall_midway(BEGUN),
    "cut": cut_midway(BEGUN),
    "corrupt": corrupt_midway(BEGUN),
    "error in the stream": error_midway(BEGUN, "out of memory"),
    "no finish reason": no_finish(BEGUN),
    "cut off by length": say(BEGUN, finish="length"),
    "endless": trickle(TRUE + FALSE, 0.001),
}


@pytest.mark.parametrize("act", AFTER_A_SENTENCE.values(), ids=AFTER_A_SENTENCE)
def test_what_was_checked_before_it_broke_off_stays_and_says_so(
    small: Service, llm_server: ScriptedLLM, act: Act
) -> None:
    llm_server.play(act, say("never asked"))
    start = time.monotonic()
    answer = with_llm(small, llm_server.url, deadline_s=2.0).answer(QUESTION)
    assert time.monotonic() - start < 15
    assert (answer.writer, texts(answer)) == ("llm", [TRUE])
    assert any("中途中断" in notice for notice in answer.notices)
    assert any("1 句未能" in notice for notice in answer.notices)
    assert len(llm_server.requests) == 1  # nothing is asked of an endpoint that broke off
    holds_only_what_stands(small, answer)


@pytest.mark.parametrize("act", AFTER_A_SENTENCE.values(), ids=AFTER_A_SENTENCE)
def test_asked_for_by_name_an_answer_that_breaks_off_is_an_error(
    small: Service, llm_server: ScriptedLLM, act: Act
) -> None:
    llm_server.play(act)
    with pytest.raises(ModelError):
        with_llm(small, llm_server.url, deadline_s=2.0).answer(QUESTION, writer="llm")


OWN_WAYS: dict[str, str] = {
    "markers": "云岭茶业预计2025年春茶产量将达到900吨。[page::999](report:0123456789abcdef)[1]【2】",
    "keys": "云岭茶业预计2025年春茶产量将达到900吨[K7F]。[Z9Z, B2C]",
    "HTML": "<p>云岭茶业预计2025年春茶产量将达到<b>900吨</b>。</p><a href='https://x.example/'></a>",
    "link": "云岭茶业预计2025年春茶产量将达到900吨。[详情](https://x.example/999) https://x.example/a",
    "bare address": "云岭茶业预计2025年春茶产量将达到900吨evil.example/999。",
    "talk": "好的，以下是回答：\n云岭茶业预计2025年春茶产量将达到900吨。\n希望以上内容对您有帮助！",
}


@pytest.mark.parametrize("text", OWN_WAYS.values(), ids=OWN_WAYS)
def test_what_the_model_adds_of_its_own_is_gone(small: Service, llm_server: ScriptedLLM, text: str) -> None:
    llm_server.play(say(*text), say("NO_ANSWER"))
    answer = with_llm(small, llm_server.url).answer(QUESTION)
    assert texts(answer)[0] == TRUE
    holds_only_what_stands(small, answer)


def test_a_slow_first_token_is_waited_for(small: Service, llm_server: ScriptedLLM) -> None:
    llm_server.play(say(TRUE, after_s=0.5))
    assert texts(with_llm(small, llm_server.url).answer(QUESTION)) == [TRUE]


def test_one_deadline_holds_for_all_calls_of_an_answer(small: Service, llm_server: ScriptedLLM) -> None:
    """Unusable after 1.5 s, then a sentence after 1.5 s: the rewriting has 2 s left of 5, and not 5 of its own."""
    llm_server.play(say("{}", after_s=1.5), say(TRUE + FALSE, after_s=1.5), stall())
    start = time.monotonic()
    answer = with_llm(small, llm_server.url, deadline_s=5.0).answer(QUESTION)
    assert texts(answer) == [TRUE]
    assert time.monotonic() - start < 7.9


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    import llama_index.llms.openai_like  # noqa: F401  # so that no test's time holds the import
