"""A question to what retrieval finds for it: in the open index, and, where the right report is known, in that alone."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from eval.datasets import Question
from eval.metrics import Level, Places, places
from eval.report import KEPT, Asked, FoundPage
from rag.answer import POOL
from rag.domain import NO_LIMITS, Filter, Passage
from rag.evidence import covered
from rag.retrieve import MOST_PASSAGES, Retrieval
from rag.service import Service


def ask(service: Service, question: Question) -> Asked:
    """Retrieve 100 passages; an answerable question is asked a second time with its report given."""
    found, ms = _retrieve(service, question.question, NO_LIMITS)
    report_id = question.report_id
    given: Mapping[Level, Places] = {}
    given_ms = None
    if question.answerable and report_id is not None:
        within, given_ms = _retrieve(service, question.question, Filter(reports=(report_id,)))
        given = _places(report_id, question, within.passages)
    share = covered(found.understood, found.passages[:POOL], service.tokenise)
    return Asked(
        id=question.id,
        lang=question.lang,
        type=question.type,
        question=question.question,
        answerable=question.answerable,
        report=question.report,
        report_id=report_id,
        pages=question.pages,
        places=_places(report_id, question, found.passages) if question.answerable and report_id else {},
        given=given,
        top=found_pages(found.passages)[:KEPT],
        covered=None if share is None else round(share, 4),
        ms=ms,
        given_ms=given_ms,
    )


def found_pages(passages: Sequence[Passage]) -> tuple[FoundPage, ...]:
    """The distinct pages of passages in their order, each with the score and legs of its first."""
    pages: dict[tuple[str, int], FoundPage] = {}
    for one in passages:
        key = (one.report.id, one.chunk.page)
        if key not in pages:
            pages[key] = FoundPage(one.report.id, one.report.title, one.chunk.page, one.score, one.legs)
    return tuple(pages.values())


def _retrieve(service: Service, question: str, filter: Filter) -> tuple[Retrieval, float]:
    """What was found, and the time of it in milliseconds."""
    started = time.perf_counter()
    found = service.retriever.retrieve(question, filter, MOST_PASSAGES)
    return found, round((time.perf_counter() - started) * 1000, 1)


def _places(report_id: str, question: Question, passages: Sequence[Passage]) -> dict[Level, Places]:
    return places(report_id, question.pages, [(one.report.id, one.chunk.page) for one in passages])
