"""Questions in, passages and answers with checked citations out: POST /v1/search, POST /v1/answers."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import ServiceDep, filter_of, require_index
from api.errors import problems
from api.routes.present import answer_out, search_out
from api.schemas import AnswerIn, AnswerOut, Question, SearchIn, SearchOut
from rag.domain import Filter
from rag.service import Service

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/search", responses=problems(400, 404, 409, 413, 422))
def search(asked: SearchIn, service: ServiceDep) -> SearchOut:
    """Passages that match, best first."""
    require_index(service)
    found = service.retriever.retrieve(asked.question, _filter(service, asked), asked.top_k)
    return search_out(found, explain=asked.explain)


@router.post("/answers", responses=problems(400, 404, 409, 413, 422, 502))
def answer(asked: AnswerIn, service: ServiceDep) -> AnswerOut:
    """An answer whose every sentence cites a checked page, or a refusal (`refusal` says why)."""
    require_index(service)
    limits = _filter(service, asked)
    return answer_out(service.answerer.answer(asked.question, limits, limit=asked.top_k, writer=asked.writer))


def _filter(service: Service, asked: Question) -> Filter:
    return filter_of(
        service,
        publisher=asked.publisher,
        since=asked.since,
        until=asked.until,
        language=asked.language,
        report=asked.report,
    )
