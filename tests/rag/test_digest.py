from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scripted_llm import say, status

from rag.digest import Digester
from rag.domain import Report
from rag.errors import UsageError
from rag.llm import OpenAIChat
from rag.service import Service
from rag.writer import LlmWriter


def tea(service: Service) -> Report:
    return next(report for report in service.catalog.reports() if "云岭" in report.title)


def with_llm(service: Service, server: Any) -> Digester:
    chat = OpenAIChat(base_url=server.url, model="scripted", deadline_s=20, retries=0, first_pause_s=0.01)
    return replace(service.digester, llm=LlmWriter(chat, 4000))


@pytest.mark.parametrize("style", ["brief", "outline"])
def test_an_extractive_digest_is_cited_kept_and_made_anew_on_demand(small: Service, style: Any) -> None:
    made = small.digester.digest(tea(small), style)
    sentences = [s for section in made.sections for s in section.sentences]
    assert sentences
    assert all(c.page == 1 and c.verdict.label == "supported" for s in sentences for c in s.citations)
    assert small.digester.digest(tea(small), style) == made
    assert small.digester.digest(tea(small), style, again=True).made > made.made


def test_an_llm_digest_keeps_only_what_the_pages_support(small: Service, llm_server: Any) -> None:
    llm_server.play(say("云岭茶业2024年春茶产量为820吨，同比增长12%。\n公司春茶产量2030年将达到5000吨。"))
    made = with_llm(small, llm_server).digest(tea(small), "brief")
    assert [s.text for section in made.sections for s in section.sentences] == [
        "云岭茶业2024年春茶产量为820吨，同比增长12%。"
    ]
    assert (made.writer, made.model) == ("llm", "scripted")
    assert small.digester.digest(tea(small), "brief").writer == "extractive"  # each writer's digest is kept apart


@pytest.mark.parametrize("written", ["NO_ANSWER", "公司春茶产量2030年将达到5000吨。"])
def test_an_llm_that_writes_nothing_that_stands_gives_the_extractive_digest(
    small: Service, llm_server: Any, written: str
) -> None:
    llm_server.play(*[say(written)] * 4)
    digester = with_llm(small, llm_server)
    made = digester.digest(tea(small), "brief", again=True)
    assert made.writer == "extractive"
    assert "语言模型不可用" in made.notices[0]
    with pytest.raises(UsageError, match="no sentence"):
        digester.digest(tea(small), "brief", again=True, writer="llm")


def test_a_failing_llm_gives_the_extractive_digest_with_a_notice(small: Service, llm_server: Any) -> None:
    llm_server.play(status(500), status(500))
    made = with_llm(small, llm_server).digest(tea(small), "brief", again=True)
    assert made.writer == "extractive"
    assert "语言模型不可用" in made.notices[0]
