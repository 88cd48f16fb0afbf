"""OpenAI's chat completions over the reports, so that any client of that API can ask: the last user message is the question,
completed from the user messages before it where it is a follow-up; `message.question` says then what was asked.

Each sentence is followed by its markers; `message.annotations` has a citation for each marker, with the picture of the
page as its address. What such clients send beside model, messages and stream is not used.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL

from api.answering import Answering, Steps
from api.deps import AnsweringDep, CallerDep, ServiceDep, filter_of, require_index, require_writer
from api.errors import ProblemError, problem_of, problems
from api.routes.reading import HEARTBEAT_S
from rag.answer import WriterChoice
from rag.catalog import new_id
from rag.cite import Marker, render_marker
from rag.domain import Answer, Citation, Sentence
from rag.errors import NotFoundError, ReportRagError, UsageError

router = APIRouter(prefix="/v1", tags=["OpenAI"])
MODELS: dict[str, WriterChoice] = {
    "report-rag": "auto",
    "report-rag-extractive": "extractive",
    "report-rag-llm": "llm",
}
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PartIn(_Loose):
    type: str = Field(max_length=40)
    text: str | None = Field(default=None, max_length=100_000)


class MessageIn(_Loose):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=100_000)] | Annotated[list[PartIn], Field(max_length=100)] | None = None


class ChatIn(_Loose):
    model: str = Field(max_length=100, description=", ".join(MODELS))
    messages: list[MessageIn] = Field(min_length=1, max_length=1000)
    stream: bool = False


@router.get("/models", responses=problems())
def list_models() -> dict[str, Any]:
    """The writers, as models."""
    models = [{"id": name, "object": "model", "created": 0, "owned_by": "report-rag"} for name in MODELS]
    return {"object": "list", "data": models}


@router.post(
    "/chat/completions",
    responses={**problems(400, 404, 409, 413, 422, 502), **_STREAM},
    response_model=dict[str, Any],
)
async def complete(
    asked: ChatIn, request: Request, service: ServiceDep, caller: CallerDep, answering: AnsweringDep
) -> Response:
    """An answer with citations, as a chat completion; a refusal is its text."""
    writer = MODELS.get(asked.model)
    if writer is None:
        raise NotFoundError(f"no model {asked.model!r}: GET /v1/models lists them", tuple(MODELS))
    questions = _questions(asked)
    await run_in_threadpool(require_index, service)
    require_writer(service, writer)
    limits = await run_in_threadpool(partial(filter_of, service, caller))
    complete = partial(service.conversations.complete_last, questions, limits, llm=writer != "extractive")
    completed = await run_in_threadpool(complete)
    steps = partial(service.answerer.steps, completed.question, limits, writer=writer)
    said = _Said(asked.model, request.base_url, None if completed.as_typed else completed.question)
    if asked.stream:
        pieces = _pieces(answering, request, steps, said)
        return EventSourceResponse(pieces, ping=HEARTBEAT_S, headers={"X-Accel-Buffering": "no"})
    return JSONResponse(said.whole(await answering.whole(request, caller, steps)))


def _questions(asked: ChatIn) -> list[str]:
    """What the user asked, in order; UsageError where the last message has nothing."""
    texts = [_text(message) for message in asked.messages if message.role == "user"]
    if not texts or not texts[-1].strip():
        raise UsageError("no question: the last message of the role user has none")
    return texts


def _text(message: MessageIn) -> str:
    content = message.content
    return content if isinstance(content, str) else " ".join(part.text or "" for part in content or ())


async def _pieces(answering: Answering, request: Request, steps: Steps, said: _Said) -> AsyncIterator[ServerSentEvent]:
    yield said.piece({"role": "assistant", "content": "", **said.question})
    try:
        async with aclosing(answering.pieces(request.state.caller, steps)) as pieces:
            async for step in pieces:
                if isinstance(step, Sentence):
                    yield said.piece(said.sentence(step))
                elif isinstance(step, Answer):
                    if step.refusal is not None:
                        yield said.piece({"content": step.refusal.reason})
                    yield said.piece({}, finish="stop")
    except (ReportRagError, ProblemError) as exc:
        yield ServerSentEvent(data=f'{{"error":{problem_of(exc).model_dump_json(exclude_none=True)}}}')
    yield ServerSentEvent(data="[DONE]")


class _Said:
    """One completion as it grows: places of annotations count from the start of its text."""

    def __init__(self, model: str, base: URL, completed: str | None) -> None:
        """`completed` is the question that is asked, where the message was a follow-up."""
        self.question = {} if completed is None else {"question": completed}
        self._base = str(base).rstrip("/")
        self._about = {"id": f"chatcmpl-{new_id()}", "created": int(time.time()), "model": model}
        self._length = 0

    def sentence(self, sentence: Sentence) -> dict[str, Any]:
        """The next sentence with its markers, and an annotation for each of them."""
        start = "\n" if self._length else ""
        annotations = []
        text = start + sentence.text
        for citation in sentence.citations:
            marked = render_marker(Marker(citation.page, citation.report_id))
            text += " "
            annotations.append(self._annotation(citation, self._length + len(text), len(marked)))
            text += marked
        self._length += len(text)
        return {"content": text, "annotations": annotations}

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The answer as one completion."""
        parts = [self.sentence(sentence) for sentence in answer.sentences]
        message = {
            "role": "assistant",
            "content": answer.refusal.reason if answer.refusal else "".join(part["content"] for part in parts),
            "annotations": [annotation for part in parts for annotation in part["annotations"]],
            "refusal": None,
            **self.question,
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        given, written = (answer.usage.given, answer.usage.written) if answer.usage else (0, 0)
        usage = {"prompt_tokens": given, "completion_tokens": written, "total_tokens": given + written}
        return {**self._about, "object": "chat.completion", "choices": [choice], "usage": usage}

    def piece(self, delta: dict[str, Any], finish: str | None = None) -> ServerSentEvent:
        """One event of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        content = {**self._about, "object": "chat.completion.chunk", "choices": [choice]}
        return ServerSentEvent(data=bytes(JSONResponse(content).body).decode())

    def _annotation(self, citation: Citation, start: int, length: int) -> dict[str, Any]:
        parts = (citation.publisher, citation.title, f"p. {citation.page + 1}")
        page = f"{self._base}/v1/reports/{citation.report_id}/pages/{citation.page}"
        boxes = "&".join(f"box={box.x0:g},{box.y0:g},{box.x1:g},{box.y1:g}" for box in citation.boxes[:50])
        cited = {
            "start_index": start,
            "end_index": start + length,
            "title": ", ".join(part for part in parts if part),
            "url": f"{page}.png{'?' if boxes else ''}{boxes}",
        }
        more = {"report_id": citation.report_id, "page": citation.page, "quote": citation.quote}
        return {"type": "url_citation", "url_citation": cited, **more, "verdict": citation.verdict.label}
