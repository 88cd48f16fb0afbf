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
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import open_service
from api.errors import TOO_LARGE, ProblemError, add_problem_handlers
from api.routes import health, reading, reports, uploads
from api.schemas import Problem
from api.worker import UploadWorker
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


def create_app(settings: Settings) -> FastAPI:
    """The application. Catalog and index are opened when it starts, models at their first use (seconds)."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = await run_in_threadpool(open_service, Service(settings, say=_say))
        worker = UploadWorker(service)
        app.state.service, app.state.worker = service, worker
        worker.start()
        try:
            yield
        finally:
            await run_in_threadpool(worker.stop)
            await run_in_threadpool(service.close)

    app = FastAPI(
        title="report-rag",
        version=health.version(),
        description=_DESCRIPTION,
        license_info={"name": health.LICENCE, "identifier": health.LICENCE},
        lifespan=lifespan,
    )
    app.add_middleware(SmallBodies)
    add_problem_handlers(app)
    for routes in (uploads, reports, reading, health):
        app.include_router(routes.router)
    _name_problem(app)
    return app


def run(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises ConfigurationError before anything is served."""
    configure_logging(settings.log_level)
    open_service(Service(settings)).close()  # a set-up that does not fit is one line here, and a traceback in uvicorn
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    sys.stdout.write(f"report-rag listens on {url}, the documentation of its API is at {url}/docs\n")
    sys.stdout.flush()
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.WARNING)
    config = uvicorn.Config(create_app(settings), log_level=level, timeout_graceful_shutdown=_GRACE_S)
    uvicorn.Server(config).run(sockets=[listener])


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
