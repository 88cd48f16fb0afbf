"""Settings in, the HTTP API out: as an ASGI application, or served until it is stopped."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from mcp.server.transport_security import TransportSecuritySettings
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import is_loopback
from api.answering import Answering
from api.deps import open_service
from api.envelope import Envelope
from api.errors import TOO_LARGE, ProblemError, add_problem_handlers
from api.gate import Gate
from api.mcp_server import make_mcp
from api.metrics import Metrics
from api.routes import chat, compare, digests, health, jobs, pages, reading, reports, uploads, web
from api.schemas import Problem
from api.worker_process import WorkerProcess
from ingest.paint import Painter
from rag.catalog import open_catalog
from rag.config import Settings
from rag.errors import ConfigurationError
from rag.service import Service
from rag.telemetry import configure_logging

_DESCRIPTION = """\
Answers over research-report PDFs: every sentence cites a zero-based page that was checked to support it.

Licence: AGPL-3.0-or-later. Whoever runs this for others over a network must offer them the source of exactly what he
runs, his changes included; `GET /healthz` names where.

Errors are problem documents (RFC 9457).
"""
_LARGEST_JSON = 1 << 20
_UPLOADS = "/v1/reports"
_GRACE_S = 20  # for requests that run when the server is told to end
_IDLE_S = 75  # longer than clients keep a connection that idles: else one may be reset as its next request is sent


def create_app(settings: Settings) -> FastAPI:
    """The application. Catalog and index are opened when it starts, models at their first use (seconds)."""

    metrics = Metrics()
    mcp = make_mcp(lambda: app.state.service)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = await run_in_threadpool(open_service, Service(settings, say=_say))
        metrics.watch(service.catalog)
        worker, painter = WorkerProcess(settings, service.catalog), Painter()
        app.state.service, app.state.worker, app.state.painter = service, worker, painter
        app.state.answering, app.state.metrics = Answering(service, metrics), metrics
        worker.start()
        try:
            async with mcp.session_manager.run():
                yield
        finally:
            await run_in_threadpool(worker.stop)
            await run_in_threadpool(painter.close)
            await run_in_threadpool(service.close)

    app = FastAPI(
        title="report-rag",
        version=health.version(),
        description=_DESCRIPTION,
        license_info={"name": health.LICENCE, "identifier": health.LICENCE},
        lifespan=lifespan,
    )
    add_middleware(app, settings, metrics)
    add_problem_handlers(app)
    for routes in (uploads, reports, pages, jobs, reading, compare, digests, chat, health):
        app.include_router(routes.router)
    by_gate = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # which every request has passed
    app.router.routes.extend(
        mcp.streamable_http_app(stateless_http=True, json_response=True, transport_security=by_gate).routes
    )
    web.add_page(app)
    _name_problem(app)
    return app


def add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """From the inside out: what was added last sees a request first."""
    app.add_middleware(SmallBodies)
    app.add_middleware(Gate, keys=needs_keys(settings), per_minute=settings.requests_per_minute)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    origins = [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(Envelope, metrics=metrics)


def needs_keys(settings: Settings) -> bool:
    """Keys are left out only where no other machine can connect."""
    return settings.access == "keys" or not is_loopback(settings.host)


def run(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises ConfigurationError before anything is served."""
    configure_logging(settings.log_level, settings.log_format)
    open_service(Service(settings)).close()  # a set-up that does not fit is one line here, and a traceback in uvicorn
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    sys.stdout.write(f"report-rag listens on {url}, the documentation of its API is at {url}/docs\n")
    sys.stdout.write(f"{said_of_access(settings)}\n")
    sys.stdout.flush()
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.WARNING)
    config = uvicorn.Config(
        create_app(settings),
        log_level=level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=_IDLE_S,
    )
    uvicorn.Server(config).run(sockets=[listener])


def said_of_access(settings: Settings) -> str:
    """What whoever starts the server must know of who can use it."""
    if not needs_keys(settings):
        return (
            "No API key is asked for: everyone on this machine has full access (REPORT_RAG_ACCESS=keys asks for them)"
        )
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        live = sum(1 for key in catalog.ledger.all_keys() if key.revoked is None)
    if not live:
        return "API keys are asked for and there is none yet: make one with report-rag keys create NAME --scope admin"
    return f"API keys are asked for; {live} can be used"


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as exc:
        reason = (exc.strerror or str(exc)).split(" (")[0]  # Python adds the address once more
        raise ConfigurationError(
            f"cannot listen on {host} port {port}: {reason}. Give another --host or --port"
        ) from exc


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


class SmallBodies:
    """Refuses a body over a megabyte as it comes, for every route but the upload, which counts for itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == _UPLOADS:
            await self._app(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > _LARGEST_JSON:
                raise ProblemError(TOO_LARGE, f"the body is larger than {_LARGEST_JSON >> 20} MB: send less")
            return message

        await self._app(scope, counted, send)


def _name_problem(app: FastAPI) -> None:
    """Describe the problem document, and take out FastAPI's own form of a validation error: none leaves in it."""
    plain = app.openapi

    def with_problem() -> dict[str, Any]:
        document = plain()
        schemas = document["components"]["schemas"]
        schemas.setdefault("Problem", Problem.model_json_schema())
        if schemas.pop("HTTPValidationError", None) and schemas.pop("ValidationError", None):
            for operations in document["paths"].values():
                for operation in operations.values():
                    if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                        del operation["responses"]["422"]
        return document

    app.openapi = with_problem  # type: ignore[method-assign]  # the way FastAPI documents to extend it
