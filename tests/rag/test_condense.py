"""A long report by map and reduce: chapters, their notes, and the pages that survive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_corpus import ingested
from scripted_llm import say

from rag.condense import chapters
from rag.config import Settings
from rag.digest import Digester
from rag.domain import Chunk, Passage, Report
from rag.errors import UsageError
from rag.llm import OpenAIChat
from rag.service import Service
from rag.writer import LlmWriter


def with_llm(service: Service, server: Any, context: int) -> Digester:
    chat = OpenAIChat(base_url=server.url, model="scripted", deadline_s=20, retries=0, first_pause_s=0.01)
    return replace(service.digester, llm=LlmWriter(chat, context))


def tea(service: Service) -> Report:
    return next(report for report in service.catalog.reports() if "云岭" in report.title)


NOTE = "云岭茶业2024年春茶产量为820吨，同比增长12%。"


def test_a_report_beyond_the_context_is_read_by_chapters_and_each_note_keeps_its_page(
    tmp_path: Path, model_folder: Path, embedder: Any, make_pdf: Callable[..., Path], llm_server: Any
) -> None:
    hills = "".join(f"第{number}片茶园位于北坡，土壤偏酸，每年四月开始采摘。" for number in range(1, 40))
    make_pdf(tmp_path / "tea.pdf", ["云岭茶业深度报告\n2025年2月16日", f"产量\n{NOTE}", f"茶园\n{hills}"])
    settings = Settings(data_dir=tmp_path / "data", embed_model=str(model_folder), ocr="never")
    calls = 12  # one for each chapter, and the last for the whole
    llm_server.play(*[say(f"{NOTE}\n公司春茶产量2030年将达到5000吨。")] * calls)
    with ingested(settings, [tmp_path / "tea.pdf"], embedder) as service:
        (report,) = service.catalog.reports()
        made = with_llm(service, llm_server, 500).digest(report, "outline", again=True)
    cited = {(s.text, c.page) for section in made.sections for s in section.sentences for c in s.citations}
    assert cited == {(NOTE, 1)}  # what no page supports is in none of the notes
    assert made.sections[0].heading == "核心观点"


def test_another_language_needs_an_llm(small: Service) -> None:
    with pytest.raises(UsageError, match="needs an LLM"):
        small.digester.digest(tea(small), "brief", language="en")


def test_a_digest_in_another_language_is_kept_beside_the_reports_own(small: Service, llm_server: Any) -> None:
    llm_server.play(say("Yunling's spring tea output in 2024 was 820 tonnes, up 12%."))
    digester = with_llm(small, llm_server, 100_000)
    made = digester.digest(tea(small), "brief", language="en", again=True)
    assert made.language == "en"
    assert digester.digest(tea(small), "brief", language="en") == made
    own = small.catalog.digest(tea(small).id, "brief")
    assert own is None or own.language == "zh"


@given(st.lists(st.tuples(st.sampled_from(["一", "二", "三"]), st.integers(1, 400)), min_size=1, max_size=40))
def test_chapters_hold_every_passage_once_in_order(given_parts: list[tuple[str, int]]) -> None:
    from datetime import UTC, datetime

    report = Report("r", "", "标题", None, None, "zh", 9, (), datetime.now(UTC))
    passages = [
        Passage(Chunk(f"c{n}", "r", n, n, "文" * size, (), path=("标题", heading)), report, None, 1.0)
        for n, (heading, size) in enumerate(given_parts)
    ]
    found = chapters(passages, 500)
    assert [p for chapter in found for p in chapter.passages] == passages
    assert len(found) <= 10
