"""What every response has, whatever became of it: a request id, security headers, a log line, figures, an audit entry."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import LOCAL, Caller, needed
from api.errors import INTERNAL, problem_response
from api.metrics import Metrics
from rag.catalog import Ledger
from rag.errors import ReportRagError

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_NOBODY = Caller("", "nobody", "read")
_PAGES = ("/docs", "/redoc")  # FastAPI's own, whose scripts come from elsewhere
_POLICY = "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Envelope:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.monotonic()
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                await _audit(scope, status, request_id)
                _dress(MutableHeaders(scope=message), scope["path"], request_id)
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as exc:
            structlog.get_logger().error("request failed", exc_info=exc)
            if not status:
                said = "the server met a fault of its own: its log has the details"
                await problem_response(INTERNAL, said)(scope, receive, sent)
        finally:
            seconds = time.monotonic() - started
            self._metrics.request(scope, status, seconds)
            fields = {"method": scope["method"], "path": scope["path"], "status": status}
            structlog.get_logger().info("request", **fields, ms=round(1000 * seconds, 1), caller=_caller(scope).name)


def _dress(headers: MutableHeaders, path: str, request_id: str) -> None:
    headers["X-Request-ID"] = request_id
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if path not in _PAGES:
        headers.setdefault("Content-Security-Policy", _POLICY)
    if path.startswith("/v1/"):
        headers.setdefault("Cache-Control", "no-store")
        headers.add_vary_header("Authorization")


async def _audit(scope: Scope, status: int, request_id: str) -> None:
    """Write down who changed what, or tried to, before he hears of it; not who has no key at all: there is no end of them."""
    caller = _caller(scope)
    reads = needed(scope["method"], scope["path"]) in (None, "read") or scope["method"] == "GET"
    if reads or caller is _NOBODY:
        return
    ledger: Ledger = scope["app"].state.service.catalog.ledger
    try:
        actor = f"{caller.id} {caller.name}" if caller is not LOCAL else "local"
        await run_in_threadpool(ledger.record, actor, scope["method"], scope["path"][:500], status, request_id)
    except ReportRagError as exc:
        structlog.get_logger().error("a change is not in the audit log", error=str(exc))


def _caller(scope: Scope) -> Caller:
    caller: Caller = scope.get("state", {}).get("caller") or _NOBODY
    return caller
