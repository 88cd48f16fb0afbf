"""A request with an Idempotency-Key in, what it was given the first time out: sent twice it is done once.

As in the draft of the IETF (draft-ietf-httpapi-idempotency-key-header): the same key with other contents is refused, one
whose request still runs too; what failed is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Collection
from typing import Annotated

from anyio import CancelScope
from fastapi import Header
from starlette.concurrency import run_in_threadpool

from api.access import Caller
from api.answering import DELETED
from api.errors import BUSY, CONFLICT, ProblemError
from rag.catalog.requests import Requests
from rag.errors import NotFoundError, UsageError

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Chosen by the sender: the same request with the same key is done once, for 24 hours.",
    ),
]
Made = tuple[str, Collection[str]]
"""A body and the reports that it names."""


async def once(
    requests: Requests,
    caller: Caller,
    route: str,
    key: str | None,
    contents: str,
    make: Callable[[], Awaitable[Made]],
) -> str:
    """The body that `make` gives, or gave when the same came before. UsageError, ProblemError where it cannot be given."""
    if key is None:
        return (await make())[0]
    id, fingerprint = _hash(caller.id, route, key), _hash(contents)
    state = await run_in_threadpool(requests.begin, id, fingerprint)
    if state == "other":
        raise UsageError("this Idempotency-Key came with another request before: choose a new one")
    if state == "running":
        raise ProblemError(CONFLICT, "the request of this Idempotency-Key is still under way: repeat it later")
    if state == "ended" and (given := await run_in_threadpool(requests.given, id)) is not None:
        return given
    try:
        body, reports = await make()
        try:
            await run_in_threadpool(requests.end, id, body, reports)
        except NotFoundError as exc:
            raise ProblemError(BUSY, DELETED) from exc
    except BaseException:
        with CancelScope(shield=True):  # also where the sender has hung up
            await run_in_threadpool(requests.drop, id)
        raise
    return body


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
