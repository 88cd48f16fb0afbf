"""Questions in, passages and answers with checked citations out; answers that were kept, by their link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api import word
from api.access import Caller
from api.answering import DELETED, Answering, Steps, reports_of, seen_by
from api.deps import AnsweringDep, CallerDep, ServiceDep, filter_of, require_index, require_writer
from api.errors import BUSY, ProblemError, problem_of, problems
from api.export import answer_markdown, download
from api.once import IdempotencyKey, Made, once
from api.present import answer_out, asked_out, passage_out, search_out, sentence_out
from api.schemas import AnswerIn, AnswerOut, ConversationOut, Question, SearchIn, SearchOut
from api.word import answer_docx
from rag.catalog import KeptAnswer, new_id
from rag.conversation import Completed
from rag.domain import NO_LIMITS, Answer, Filter, Sentence
from rag.errors import NotFoundError, ReportRagError, UsageError
from rag.retrieve import Retrieval
from rag.service import Service

router = APIRouter(prefix="/v1", tags=["questions"])
HEARTBEAT_S = 10
AnswerId = Annotated[str, Path(max_length=64)]
_EVENTS = """Server-sent events, where `stream` is set: `understood`, `passages`, `sentence` (one each, as it was checked),
`refusal`, `done`; or `error` with a problem. Comments in between keep the connection open."""
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}, "description": _EVENTS}}


@router.post("/search", responses=problems(400, 404, 409, 413, 422))
def search(asked: SearchIn, service: ServiceDep, caller: CallerDep) -> SearchOut:
    """Passages that match, best first."""
    require_index(service)
    found = service.retriever.retrieve(asked.question, limits_of(service, caller, asked), asked.top_k)
    seen = seen_by(caller, found)
    assert isinstance(seen, Retrieval)
    return search_out(seen, explain=asked.explain)


@router.post("/answers", responses={**problems(400, 404, 409, 413, 422, 502), **_STREAM}, response_model=AnswerOut)
async def answer(
    asked: AnswerIn,
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    answering: AnsweringDep,
    key: IdempotencyKey = None,
) -> Response:
    """An answer whose every sentence cites a checked page, or a refusal (`refusal` says why)."""
    if key is not None and asked.stream:
        raise UsageError("an Idempotency-Key is for an answer as a whole: leave out `stream`")
    if asked.stream:
        steps, completed = await run_in_threadpool(prepare, service, caller, asked)
        events = _events(service, caller, answering, asked, completed, steps)
        return EventSourceResponse(events, ping=HEARTBEAT_S, headers={"X-Accel-Buffering": "no"})

    async def make() -> Made:
        steps, completed = await run_in_threadpool(prepare, service, caller, asked)
        whole = await answering.whole(request, caller, steps)
        if key is not None and await request.is_disconnected():  # it may have been cut short
            raise ProblemError(BUSY, "the sender hung up: ask again")
        out = await run_in_threadpool(_out, service, whole, asked, completed)
        return out.model_dump_json(), set(reports_of(whole))

    body = await once(service.catalog.requests, caller, "answers", key, asked.model_dump_json(), make)
    return Response(body, media_type="application/json")


@router.get("/answers/{answer_id}", responses=problems(404), response_model=AnswerOut)
def get_answer(answer_id: AnswerId, service: ServiceDep, caller: CallerDep) -> Response:
    """An answer that was kept. It goes with any report that it names."""
    return Response(_kept(service, caller, answer_id).body, media_type="application/json")


@router.get("/answers/{answer_id}/export", responses=problems(404, 422), response_class=Response)
def export_answer(
    answer_id: AnswerId, service: ServiceDep, caller: CallerDep, format: Literal["md", "json", "docx"] = "md"
) -> Response:
    """An answer that was kept as a file, Markdown, JSON or Word, with its citations."""
    answer = AnswerOut.model_validate_json(_kept(service, caller, answer_id).body)
    if format == "json":
        return download(answer.model_dump_json(indent=2), "application/json", f"answer-{answer.id}.json")
    if format == "docx":
        return download(answer_docx(answer), word.MEDIA_TYPE, f"answer-{answer.id}.docx")
    return download(answer_markdown(answer), "text/markdown", f"answer-{answer.id}.md")


@router.get("/conversations/{conversation}", responses=problems(404))
def get_conversation(conversation: AnswerId, service: ServiceDep, caller: CallerDep) -> ConversationOut:
    """The answers of a conversation that were kept, oldest first."""
    kept = [one for one in service.catalog.ledger.conversation(conversation) if _visible(service, caller, one)]
    if not kept:
        raise NotFoundError(f"no conversation {conversation!r}: none of its answers is kept")
    answers = [AnswerOut.model_validate_json(one.body) for one in kept]
    return ConversationOut(id=conversation, answers=answers)


# --- their parts -----------------------------------------------------------------------------------------------------


def limits_of(service: Service, caller: Caller, asked: Question) -> Filter:
    """What limits a question."""
    return filter_of(
        service,
        caller,
        publisher=asked.publisher,
        since=asked.since,
        until=asked.until,
        language=asked.language,
        report=asked.report,
        type=asked.type,
        company=asked.company,
    )


def prepare(service: Service, caller: Caller, asked: AnswerIn) -> tuple[Steps, Completed]:
    """All that can be wrong with a question is found here; the steps that are given back do the work.

    The question is completed from the one that was kept before it in its conversation.
    """
    require_index(service)
    require_writer(service, asked.writer)
    limits = limits_of(service, caller, asked)
    before = _before(service, caller, asked.conversation) if asked.conversation else None
    seen, llm = caller.within(NO_LIMITS), asked.writer != "extractive"
    completed = service.conversations.complete(asked.question, before, seen, llm=llm)
    steps = partial(service.answerer.steps, completed.question, limits, limit=asked.top_k, writer=asked.writer)
    return steps, completed


def _before(service: Service, caller: Caller, conversation: str) -> str | None:
    """The last question of a conversation, as it was asked; None where none is kept that the caller may see."""
    kept = [one for one in service.catalog.ledger.conversation(conversation) if _visible(service, caller, one)]
    return AnswerOut.model_validate_json(kept[-1].body).question if kept else None


def _out(service: Service, whole: Answer, asked: AnswerIn, completed: Completed) -> AnswerOut:
    """The answer, kept where that was asked for."""
    whole = replace(whole, notices=(*completed.notices, *whole.notices))
    typed = None if completed.as_typed else asked.question
    if not asked.keep:
        return answer_out(whole, asked=typed)
    try:
        return keep_answer(service, whole, asked.conversation or new_id(), typed)
    except NotFoundError as exc:
        raise ProblemError(BUSY, DELETED) from exc


def keep_answer(service: Service, whole: Answer, conversation: str, typed: str | None) -> AnswerOut:
    """The answer with its link; `typed` is the question as typed, where it was completed.

    NotFoundError where a report that it names was deleted meanwhile.
    """
    out = answer_out(whole, id=new_id(), conversation=conversation, asked=typed)
    assert out.id is not None
    service.catalog.ledger.keep_answer(out.id, conversation, out.model_dump_json(), set(reports_of(whole)))
    return out


async def _events(
    service: Service, caller: Caller, answering: Answering, asked: AnswerIn, completed: Completed, steps: Steps
) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(answering.pieces(caller, steps)) as pieces:
            async for step in pieces:
                if isinstance(step, Retrieval):
                    typed = None if completed.as_typed else asked.question
                    yield _event("understood", asked_out(step.understood, typed).model_dump_json())
                    passages = ",".join(passage_out(passage).model_dump_json() for passage in step.passages)
                    yield _event("passages", f'{{"passages":[{passages}]}}')
                elif isinstance(step, Sentence):
                    yield _event("sentence", sentence_out(step).model_dump_json())
                else:
                    out = await run_in_threadpool(_out, service, step, asked, completed)
                    if out.refusal is not None:
                        yield _event("refusal", out.model_dump_json(include={"refusal", "leads"}))
                    done = {"id", "conversation", "answer", "writer", "model", "notices", "usage"}
                    yield _event("done", out.model_dump_json(include=done))
    except (ReportRagError, ProblemError) as exc:
        yield _event("error", problem_of(exc).model_dump_json(exclude_none=True))


def _event(name: str, data: str) -> ServerSentEvent:
    return ServerSentEvent(data=data, event=name)


def _kept(service: Service, caller: Caller, answer_id: str) -> KeptAnswer:
    kept = service.catalog.ledger.answer(answer_id)
    if not _visible(service, caller, kept):
        raise NotFoundError(f"no answer {answer_id!r}: it was not kept, or a report that it names was deleted")
    return kept


def _visible(service: Service, caller: Caller, kept: KeptAnswer) -> bool:
    """Only where all its reports are there still and the caller may see them."""
    there = service.catalog.reports_by_id(kept.reports)
    return len(there) == len(kept.reports) and all(caller.sees(report) for report in there.values())
