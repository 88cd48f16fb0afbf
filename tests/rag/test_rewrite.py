"""An LLM that words questions anew, and misbehaves; retrieval goes on whatever it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scripted_llm import cut_midway, hang_up, html, say, status

from rag.config import Settings
from rag.errors import ConfigurationError
from rag.llm import OpenAIChat
from rag.plain import UnusableError
from rag.publishers import Publishers
from rag.question import understand
from rag.rewrite import Rewriter, read_reply
from rag.service import Service

QUESTION = "How much spring tea will the tea company of Yunling make in 2025?"
GOOD = "ZH: 云岭茶业2025年春茶产量预计是多少\nEN: What spring tea output is expected of Yunling Tea in 2025"


@pytest.mark.parametrize("reply", [GOOD, f"<think>\nEN: no\n</think>\n\n{GOOD}\n", GOOD.replace(": ", "：“")])
def test_a_reply_of_two_lines_is_read(reply: str) -> None:
    assert read_reply(reply, QUESTION) == {
        "zh": "云岭茶业2025年春茶产量预计是多少",
        "en": "What spring tea output is expected of Yunling Tea in 2025",
    }


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("", "one line ZH: and one line EN:"),
        ("NO_ANSWER", "one line ZH: and one line EN:"),
        ("ZH: 云岭茶业2025年春茶产量", "one line ZH: and one line EN:"),
        (f"Sure, here it is:\n{GOOD}", "one line ZH: and one line EN:"),
        (f"{GOOD}\nEN: again 2025", "one line ZH: and one line EN:"),
        ("ZH: Yunling tea 2025\nEN: Yunling tea 2025", "ZH: is in another language"),
        ("ZH: 云岭2025年春茶\nEN: 云岭2025年春茶", "EN: is in another language"),
        ("ZH: 云岭茶业春茶产量\nEN: Yunling tea in 2025", "ZH: lacks 2025"),
        ("ZH: 云岭2025年和2026年春茶\nEN: Yunling tea in 2025", "ZH: adds 2026"),
        (f"ZH: 云岭2025年{'春茶' * 300}\nEN: Yunling tea in 2025", "ZH: is no plain question"),
        ("ZH: 云岭2025年春茶[page::1]\nEN: Yunling tea in 2025", "ZH: is no plain question"),
        ("ZH: 云岭2025年春茶 https://x.cn\nEN: Yunling tea in 2025", "ZH: is no plain question"),
    ],
)
def test_any_other_reply_is_refused_with_its_fault(reply: str, fault: str) -> None:
    with pytest.raises(UnusableError, match=fault):
        read_reply(reply, QUESTION)


def rewriter(url: str) -> Rewriter:
    return Rewriter(OpenAIChat(base_url=url, model="scripted", deadline_s=5.0, retries=0, first_pause_s=0.01))


def with_rewriter(small: Service, url: str) -> Service:
    service = Service(small.settings)
    service.embedder, service.store, service.catalog = small.embedder, small.store, small.catalog
    service.rewriter = rewriter(url)
    return service


def test_the_wording_in_the_other_language_finds_its_reports_by_words(small: Service, llm_server: Any) -> None:
    llm_server.play(say(GOOD))
    found = with_rewriter(small, llm_server.url).retriever.retrieve(QUESTION)
    assert found.understood.rewritten == tuple(read_reply(GOOD, QUESTION).values())
    assert (found.passages[0].report.title, found.passages[0].chunk.page) == ("云岭茶业深度报告", 1)
    assert {leg.leg for leg in found.passages[0].legs} >= {"bm25", "page", "dense", "across"}
    asked = llm_server.requests[0].body["messages"]
    assert f"<question>{QUESTION}</question>" in asked[1]["content"]


@pytest.mark.parametrize(
    "act",
    [say("I cannot help with that."), status(500), hang_up(), html(), say(GOOD, finish="length"), cut_midway("ZH")],
)
def test_whatever_goes_wrong_the_question_is_used_as_it_is(small: Service, llm_server: Any, act: Any) -> None:
    llm_server.play(act)
    found = with_rewriter(small, llm_server.url).retriever.retrieve(QUESTION)
    plain = small.retriever.retrieve(QUESTION)
    assert found.passages == plain.passages
    assert found.understood == plain.understood
    (notice,) = found.notices
    assert notice.startswith("The language model did not rewrite the question (")


def test_what_the_question_limits_itself_to_is_not_for_the_llm(llm_server: Any) -> None:
    llm_server.play(say("ZH: AH溢价\nEN: AH premium"))
    understood = understand("only CICC: AH premium", Publishers.load(), date(2026, 2, 10))
    rewriter(llm_server.url).rewrite(understood)
    assert "<question>AH premium</question>" in llm_server.requests[0].body["messages"][1]["content"]


def test_the_llm_is_asked_only_where_it_is_set(tmp_path: Path) -> None:
    set_up = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "m"}
    assert Service(Settings(data_dir=tmp_path, **set_up)).rewriter is None  # type: ignore[arg-type]
    assert Service(Settings(data_dir=tmp_path, llm_rewrite=True, **set_up)).rewriter is not None  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_BASE_URL"):
        _ = Service(Settings(data_dir=tmp_path, llm_rewrite=True)).rewriter
