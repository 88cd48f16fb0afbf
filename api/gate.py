"""A request in; let through with its caller, or refused: no key, too little scope, too many requests, another host.

Without keys (on loopback alone) a web page of another site must not be able to use the visitor's browser to get in:
only requests for a loopback name are taken, and none that a page of another origin sent.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import LOCAL, Caller, caller_of, is_loopback, needed
from api.errors import FORBIDDEN, TOO_MANY, UNAUTHORIZED, Kind, problem_response
from rag.catalog import Ledger

_MOST_CALLERS = 10_000
_GUESSES_A_MINUTE = 30  # wrong keys from one address


class Gate:
    """Middleware. The ledger is that of `app.state.service`, opened when the application starts."""

    def __init__(self, app: ASGIApp, *, keys: bool, per_minute: int) -> None:
        self._app = app
        self._keys = keys
        self._requests = Rate(per_minute)
        self._guesses = Rate(_GUESSES_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = await self._admit(Request(scope))
        if refused is None:
            await self._app(scope, receive, send)
            return
        kind, detail, headers = refused
        await problem_response(kind, detail, headers=headers)(scope, receive, send)

    async def _admit(self, request: Request) -> tuple[Kind, str, dict[str, str]] | None:
        """Let the request in with its caller at `request.state.caller`; or why it is refused, and headers that say more."""
        wants = needed(request.method, request.url.path)
        if not self._keys:
            request.state.caller = LOCAL
            said = foreign(request.headers)
            return (FORBIDDEN, said, {}) if said else None
        if wants is None or request.method == "OPTIONS":
            return None
        address = request.client.host if request.client else ""
        if not self._guesses.has_room(address):
            return TOO_MANY, "too many wrong keys came from this address: wait a minute", {"Retry-After": "60"}
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        ledger: Ledger = request.app.state.service.catalog.ledger
        caller = await run_in_threadpool(caller_of, ledger, token.strip()) if kind.lower() == "bearer" else None
        if caller is None:
            if token:
                self._guesses.take(address)
            how = "send a key as `Authorization: Bearer KEY`; report-rag keys create makes one"
            said = f"the key is not known or was revoked: {how}" if token else how
            return UNAUTHORIZED, said, {"WWW-Authenticate": "Bearer"}
        request.state.caller = caller
        if not caller.may(wants):
            return FORBIDDEN, f"this needs a key of scope {wants}, the key {caller.name!r} has {caller.scope}", {}
        return self._over_rate(caller)

    def _over_rate(self, caller: Caller) -> tuple[Kind, str, dict[str, str]] | None:
        if self._requests.take(caller.id):
            return None
        said = "too many requests with this key: wait, or raise REPORT_RAG_REQUESTS_PER_MINUTE"
        return TOO_MANY, said, {"Retry-After": "5"}


def foreign(headers: Headers) -> str | None:
    """Why a request is not one of this machine's own; None if it is."""
    host = headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if not is_loopback(name):
        return (
            f"this server asks for no keys and so answers only to localhost, not to {name[:80]!r}: "
            "set REPORT_RAG_ACCESS=keys to serve it under another name"
        )
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "this server takes no requests that a page of another site sent"
    return None


class Rate:
    """A bucket for each caller that refills evenly; 0 a minute: no limit."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was so

    def take(self, caller: str) -> bool:
        """Take one; False when none is left."""
        if not self._per_minute:
            return True
        with self._lock:
            left = self._left(caller)
            self._buckets[caller] = (left - 1 if left >= 1 else left, time.monotonic())
            self._buckets.move_to_end(caller)
            while len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
            return left >= 1

    def has_room(self, caller: str) -> bool:
        """Whether one is left."""
        with self._lock:
            return not self._per_minute or self._left(caller) >= 1

    def _left(self, caller: str) -> float:
        now = time.monotonic()
        left, then = self._buckets.get(caller, (float(self._per_minute), now))
        return min(float(self._per_minute), left + (now - then) * self._per_minute / 60)
