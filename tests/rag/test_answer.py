"""The read way over a real small index, with the extractive writer and with an LLM endpoint that misbehaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scripted_llm import cut_midway, html, raw, say, stall, status

from rag.answer import Answerer
from rag.config import Settings
from rag.domain import Answer, Filter
from rag.errors import ConfigurationError, ModelError, UsageError
from rag.llm import OpenAIChat
from rag.service import Service
from rag.writer import LlmWriter

QUESTION = "云岭茶业2025年春茶产量预计是多少？"


def with_llm(service: Service, server: Any, *, deadline_s: float = 20.0, retries: int = 1) -> Answerer:
    chat = OpenAIChat(base_url=server.url, model="scripted", deadline_s=deadline_s, retries=retries, first_pause_s=0.01)
    return replace(service.answerer, llm=LlmWriter(chat, 4000))


def pages_cited(answer: Answer) -> set[int]:
    return {citation.page for sentence in answer.sentences for citation in sentence.citations}


def test_extractive_answers_cite_the_page_their_words_stand_on(small: Service) -> None:
    answer = small.answerer.answer(QUESTION)
    assert answer.refusal is None
    assert answer.writer == "extractive"
    assert any("900吨" in sentence.text for sentence in answer.sentences)
    for sentence in answer.sentences:
        (citation,) = sentence.citations
        page = small.catalog.page(citation.report_id, citation.page)
        assert citation.quote in page.text
        assert citation.verdict.label == "supported"
        assert citation.boxes


@pytest.mark.parametrize("question", ["海湾电力发电量有多少？", "海灣電力發電量有多少？"])
def test_a_traditional_page_answers_in_its_own_characters(small: Service, question: str) -> None:
    answer = small.answerer.answer(question)
    assert answer.sentences[0].text == "海灣電力2024年發電量為315億千瓦時，較上年減少4%。"
    assert answer.sentences[0].citations[0].verdict.label == "supported"


def test_a_silent_corpus_is_said_to_be_silent(small: Service) -> None:
    answer = small.answerer.answer("锂电池回收企业的毛利率是多少？", Filter(languages=("zh",)))
    assert answer.sentences == ()
    assert answer.refusal is not None
    assert answer.refusal.leads
    assert "锂电池" in answer.refusal.reason


def test_a_publisher_without_reports_is_named(small: Service) -> None:
    answer = small.answerer.answer("What does Goldman Sachs say about kelp prices?")
    assert answer.refusal is not None
    assert "Goldman Sachs" in answer.refusal.reason


def test_a_filter_that_leaves_nothing_says_so(small: Service) -> None:
    answer = small.answerer.answer(QUESTION, Filter(publishers=("高盛",)))
    assert answer.refusal is not None
    assert "机构 高盛 把 5 份报告全部排除；它们的发布机构：Harborlight Research" in answer.refusal.reason


def test_markers_in_a_pages_own_text_are_never_shown(small: Service) -> None:
    answer = small.answerer.answer("青川矿泉水2024年销量和年产能是多少？")
    assert answer.sentences
    for sentence in answer.sentences:
        assert "page::" not in sentence.text
    assert pages_cited(answer) == {1}


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_top_k_out_of_range(small: Service, limit: int) -> None:
    with pytest.raises(UsageError, match="between 1 and 100"):
        small.answerer.answer(QUESTION, limit=limit)


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 2001])
def test_questions_that_cannot_be_asked(small: Service, question: str) -> None:
    with pytest.raises(UsageError):
        small.answerer.answer(question)


# --- with an LLM -----------------------------------------------------------------------------------------------------


def test_what_the_llm_writes_is_attributed_and_checked(small: Service, llm_server: Any) -> None:
    llm_server.play(say("云岭茶业预计2025年春茶产量将达到900吨。\n云岭茶业2024年春茶产量为999吨。[page::999]"))
    answer = with_llm(small, llm_server).answer(QUESTION)
    assert (answer.writer, answer.model) == ("llm", "scripted")
    assert [s.text for s in answer.sentences] == ["云岭茶业预计2025年春茶产量将达到900吨。"]
    assert pages_cited(answer) == {1}
    assert any("1 句未能" in notice for notice in answer.notices)


def test_an_llm_that_writes_only_what_no_page_supports_gets_a_refusal(small: Service, llm_server: Any) -> None:
    llm_server.play(say("云岭茶业2025年春茶产量预计为12345吨。[page::999](report:0123456789abcdef)"))
    answer = with_llm(small, llm_server).answer(QUESTION)
    assert answer.sentences == ()
    assert answer.refusal is not None


@pytest.mark.parametrize(
    "act",
    [status(500), status(429, retry_after="0"), cut_midway("云岭"), raw(b"no json"), html(), say("")],
    ids=["500", "429", "cut", "no json", "html", "empty"],
)
def test_a_failing_llm_gives_the_extractive_answer_with_a_notice(small: Service, llm_server: Any, act: Any) -> None:
    llm_server.play(act, act, act, act)
    answer = with_llm(small, llm_server).answer(QUESTION)
    assert answer.writer == "extractive"
    assert answer.sentences
    assert any("语言模型不可用" in notice for notice in answer.notices)


def test_a_slow_llm_ends_at_its_deadline(small: Service, llm_server: Any) -> None:
    llm_server.play(stall(), stall())
    answer = with_llm(small, llm_server, deadline_s=0.5).answer(QUESTION)
    assert answer.writer == "extractive"


def test_asked_for_by_name_the_llm_fails_openly(small: Service, llm_server: Any) -> None:
    llm_server.play(status(401))
    with pytest.raises(ModelError, match="REPORT_RAG_LLM_API_KEY"):
        with_llm(small, llm_server).answer(QUESTION, writer="llm")
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_BASE_URL"):
        small.answerer.answer(QUESTION, writer="llm")


def test_settings_without_a_model_are_named(small: Service) -> None:
    half = Service(Settings(data_dir=small.settings.data_dir, llm_base_url="http://127.0.0.1:9/v1"))
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_MODEL"):
        _ = half.llm_writer
