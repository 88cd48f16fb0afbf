"""A topic in, what each publisher says of it side by side out."""

from __future__ import annotations

from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.access import Caller
from api.answering import DELETED
from api.compare import compare_markdown, compare_out, reports_of
from api.deps import AnsweringDep, CallerDep, ServiceDep, filter_of, require_index, require_writer
from api.errors import BUSY, ProblemError, problems
from api.export import download
from api.schemas_compare import CompareIn, CompareOut
from rag.comparison import Comparison
from rag.errors import NotFoundError
from rag.service import Service

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/compare", responses=problems(400, 409, 413, 422, 502), response_model=CompareOut)
async def compare(
    asked: CompareIn,
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    answering: AnsweringDep,
    format: Literal["json", "md"] = "json",
) -> Response | CompareOut:
    """A view per publisher with its reports by date, every sentence cited and checked, and where they agree and differ."""
    await run_in_threadpool(require_index, service)
    require_writer(service, asked.writer)
    made = compare_out(await answering.run(request, partial(compared, service, caller, asked)))
    return download(compare_markdown(made), "text/markdown", "compare.md") if format == "md" else made


def compared(service: Service, caller: Caller, asked: CompareIn) -> Comparison:
    """The comparison within what the caller may see; ProblemError where a report of it was deleted meanwhile."""
    limits = filter_of(
        service, caller, publisher=asked.publishers, since=asked.since, until=asked.until, language=asked.language
    )
    names = limits.publishers if asked.publishers else ()
    try:
        made = service.comparer.compare(asked.topic, limits, names=names, writer=asked.writer)
    except NotFoundError as exc:  # of a report that was found and is gone by now; the limits were resolved before
        raise ProblemError(BUSY, DELETED) from exc
    named = set(reports_of(made))
    there = service.catalog.reports_by_id(named)
    if len(there) < len(named) or not all(map(caller.sees, there.values())):
        raise ProblemError(BUSY, DELETED)
    return made
