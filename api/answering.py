"""A question in, its answer out as a whole or piece by piece; it ends when nobody listens any more.

The work is done in threads, so many at once as the settings say. A report that is deleted meanwhile is never cited: the
catalog is asked again before anything leaves.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from api.access import LOCAL, Caller
from api.errors import BUSY, UNAUTHORIZED, ProblemError
from api.metrics import Metrics
from rag.answer import Step
from rag.domain import Answer, Citation, Passage, Refusal, Sentence
from rag.errors import NotFoundError, ReportRagError
from rag.retrieve import Retrieval
from rag.say import say
from rag.service import Service
from rag.telemetry import call

Steps = Callable[[], Iterator[Step]]
_T = TypeVar("_T")
DELETED = "a report was deleted meanwhile: ask again"
_LOOK_S = 0.25
_KEY_LOOK_S = 1.0
_TRIES = 3
_MILLION = 1_000_000


class Answering:
    """Binds the read way to its limits and figures; one an application."""

    def __init__(self, service: Service, metrics: Metrics) -> None:
        self._service = service
        self._metrics = metrics
        self._limiter = CapacityLimiter(service.settings.answers_at_once)

    async def whole(self, request: Request, caller: Caller, steps: Steps) -> Answer:
        """The answer; the work ends early when the client hangs up."""
        cancel = threading.Event()
        watch = asyncio.create_task(_watch(request, cancel))
        try:
            async with self._turn(cancel), self._key_watched(caller, cancel):
                timed = partial(self._timed, steps)
                answer = await self._call(partial(settled, self._service, caller, timed, cancel), cancel)
                await to_thread.run_sync(self._require_key, caller)
                self._metrics.answer(answer)
                return answer
        finally:
            watch.cancel()

    async def run(self, request: Request, work: Callable[[], _T]) -> _T:
        """Other work of the read way within the same limits; it ends early when the client hangs up."""
        cancel = threading.Event()
        watch = asyncio.create_task(_watch(request, cancel))
        try:
            async with self._turn(cancel):
                return await self._call(work, cancel)
        finally:
            watch.cancel()

    async def pieces(self, caller: Caller, steps: Steps) -> AsyncGenerator[Step]:
        """The steps as they come; closing the iterator ends the work. ProblemError when the key was revoked meanwhile."""
        cancel = threading.Event()
        async with self._turn(cancel), self._key_watched(caller, cancel):
            running = self._timed(steps)
            while (step := await self._call(partial(_next, running), cancel)) is not None:
                yield await to_thread.run_sync(self._checked, step, caller)

    @asynccontextmanager
    async def _turn(self, cancel: threading.Event) -> AsyncIterator[None]:
        """Wait for a place among the answers; leaving ends the work. Whichever task leaves: a stream may be closed by another."""
        turn = object()
        await self._limiter.acquire_on_behalf_of(turn)
        try:
            yield
        finally:
            cancel.set()
            self._limiter.release_on_behalf_of(turn)

    @asynccontextmanager
    async def _key_watched(self, caller: Caller, cancel: threading.Event) -> AsyncIterator[None]:
        """End the work when the caller's key is revoked, also while nothing is sent; ProblemError then."""
        watch = None if caller is LOCAL else asyncio.create_task(self._end_with_key(caller, cancel))
        try:
            yield
        except ReportRagError:  # of work that was ended, perhaps for this reason
            await to_thread.run_sync(self._require_key, caller)
            raise
        finally:
            if watch is not None:
                watch.cancel()

    async def _end_with_key(self, caller: Caller, cancel: threading.Event) -> None:
        while not await to_thread.run_sync(self._is_revoked, caller):
            await asyncio.sleep(_KEY_LOOK_S)
        cancel.set()

    def _is_revoked(self, caller: Caller) -> bool:
        if caller is LOCAL:
            return False
        key = self._service.catalog.ledger.key(caller.id)
        return key is None or key.revoked is not None

    def _require_key(self, caller: Caller) -> None:
        if self._is_revoked(caller):
            raise ProblemError(UNAUTHORIZED, "the key was revoked")

    async def _call(self, work: Callable[[], _T], cancel: threading.Event) -> _T:
        def run() -> _T:
            with call(cancel, self._tokens):
                return work()

        return await to_thread.run_sync(run, abandon_on_cancel=True)

    def _checked(self, step: Step, caller: Caller) -> Step:
        self._require_key(caller)
        if not _is_there(self._service, step):
            raise ProblemError(BUSY, DELETED)
        if isinstance(step, Answer):
            self._metrics.answer(step)
        return seen_by(caller, step)

    def _timed(self, steps: Steps) -> Iterator[Step]:
        before = time.monotonic()
        for step in steps():
            now = time.monotonic()
            stage = "retrieve" if isinstance(step, Retrieval) else "write and check"
            self._metrics.stage(stage, now - before)
            before = now
            yield step

    def _tokens(self, given: int, written: int) -> None:
        settings = self._service.settings
        cost = (given * settings.llm_price_given + written * settings.llm_price_written) / _MILLION
        self._metrics.tokens(given, written, cost)


def settled(service: Service, caller: Caller, steps: Steps, cancel: threading.Event) -> Answer:
    """The whole answer, made anew where a report of it was deleted meanwhile; ProblemError if that goes on and on."""
    for _ in range(_TRIES):
        try:
            *_, answer = steps()
        except NotFoundError:  # of a report that was found and is gone by now; the limits were resolved before
            continue
        if cancel.is_set() or _is_there(service, answer):
            seen = seen_by(caller, answer)
            assert isinstance(seen, Answer)
            return seen
    raise ProblemError(BUSY, "reports are being deleted while the question is answered: repeat later")


def _next(running: Iterator[Step]) -> Step | None:
    try:
        return next(running, None)
    except NotFoundError as exc:  # as above; what was sent cannot be taken back, so the question is to be asked again
        raise ProblemError(BUSY, DELETED) from exc


def seen_by(caller: Caller, step: Step) -> Step:
    """The step without what the caller may not see. His limits were put on the search; this is the second lock."""
    if not caller.publishers:
        return step
    if isinstance(step, Sentence):
        return replace(step, citations=tuple(c for c in step.citations if c.publisher in caller.publishers))
    own = replace(step, passages=tuple(p for p in step.passages if caller.sees(p.report)))
    if isinstance(own, Retrieval):  # why nothing is left may name what the catalog has of others
        return own if own.passages else replace(own, emptied=None, notices=())
    sentences = tuple(s for s in own.sentences if all(c.publisher in caller.publishers for c in s.citations))
    refusal = own.refusal
    if refusal is not None and not (own.passages and all(caller.sees(lead.report) for lead in refusal.leads)):
        leads = tuple(lead for lead in refusal.leads if caller.sees(lead.report))
        refusal = Refusal(
            say("not_covered", own.understood.language, silent=""), leads
        )  # its reason may name the others
    return replace(own, sentences=sentences, refusal=refusal)


def _is_there(service: Service, step: Step) -> bool:
    named = set(reports_of(step))
    return named <= service.catalog.reports_by_id(named).keys()


def reports_of(step: Step) -> Iterator[str]:
    """The reports that a step names."""
    things: list[Passage | Citation] = []
    if isinstance(step, Sentence):
        things += step.citations
    else:
        things += step.passages
    if isinstance(step, Answer):
        things += [citation for sentence in step.sentences for citation in sentence.citations]
        things += step.refusal.leads if step.refusal else ()
    return (thing.report.id if isinstance(thing, Passage) else thing.report_id for thing in things)


async def _watch(request: Request, cancel: threading.Event) -> None:
    """Set the event when the client hangs up."""
    while not await request.is_disconnected():
        await asyncio.sleep(_LOOK_S)
    cancel.set()
