"""An exception in, a problem document (RFC 9457, `application/problem+json`) out; no stack and no code ever leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.schemas import Problem
from rag.errors import (
    ConfigurationError,
    IndexMismatchError,
    IngestError,
    ModelError,
    NotFoundError,
    ReportRagError,
    StoreError,
    StoreFullError,
    UsageError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_PATH = re.compile(r"(?:sqlite:/{2,3}|(?<![\w:/.]))/(?!v1/|docs|metrics|mcp)[^\s:;,'\")]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """What problems have in common: the last part of their `type`, HTTP status and title."""

    slug: str
    status: int
    title: str


USAGE = Kind("unusable-input", 422, "Unusable input")
INDEX_EMPTY = Kind("index-empty", 409, "Index empty")
TOO_LARGE = Kind("too-large", 413, "Too large")
BUSY = Kind("busy", 503, "Busy")
UNAUTHORIZED = Kind("unauthorized", 401, "Key needed")
FORBIDDEN = Kind("forbidden", 403, "Not allowed")
CONFLICT = Kind("conflict", 409, "Not possible now")
UNDRAWABLE = Kind("undrawable-page", 422, "Page cannot be drawn")
TOO_MANY = Kind("too-many-requests", 429, "Too many requests")
INTERNAL = Kind("internal", 500, "Internal error")
_OF_ERROR: tuple[tuple[type[ReportRagError], Kind], ...] = (  # the most special first
    (NotFoundError, Kind("not-found", 404, "Not found")),
    (UsageError, USAGE),
    (IngestError, Kind("unreadable-file", 422, "Unreadable file")),
    (IndexMismatchError, Kind("index-mismatch", 500, "Index made with other settings")),
    (ConfigurationError, Kind("configuration", 500, "Configuration does not fit")),
    (StoreFullError, Kind("store-full", 507, "No disk space")),
    (StoreError, Kind("store", 503, "Store unavailable")),
    (ModelError, Kind("model", 502, "Language model failed")),
)
_MEANINGS = {
    400: "The body cannot be read.",
    401: "A key is needed: `Authorization: Bearer KEY`.",
    403: "The key does not reach so far, or the request came from a foreign page.",
    404: "There is none by this id; `candidates` are the nearest.",
    409: "Not possible as things stand (the index is empty, the job has ended); the detail says what to do.",
    413: "The body is too large.",
    422: "The input is not usable; the detail says what to change.",
    429: "Too many requests: repeat after `Retry-After` seconds.",
    500: "The set-up of the server does not fit, or it has a fault.",
    502: "The language model that was asked for by name failed.",
    503: "Index or catalog cannot be reached, or are busy: repeat after `Retry-After` seconds.",
    507: "No disk space is left.",
}


class ProblemError(HTTPException):
    """A problem that only HTTP knows. FastAPI lets no other exceptions through while it reads a body."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(kind.status, detail)
        self.kind = kind


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for OpenAPI: these statuses, and those that every route may have."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": _MEANINGS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*statuses, 401, 403, 429, 500, 503})
    }


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error of the app leave as a problem document."""

    @app.exception_handler(ReportRagError)
    def known(_request: Request, exc: ReportRagError) -> JSONResponse:
        return error_response(exc)

    @app.exception_handler(ProblemError)
    def of_http(_request: Request, exc: ProblemError) -> JSONResponse:
        return error_response(exc)

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, exc: RequestValidationError) -> JSONResponse:
        return problem_response(USAGE, "; ".join(_fault(error) for error in exc.errors()))

    @app.exception_handler(HTTPException)
    def plain(request: Request, exc: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(exc.status_code).phrase
        unsaid = exc.detail == phrase
        detail = (
            f"no {request.method} {request.url.path} here: the routes are listed at /docs" if unsaid else exc.detail
        )
        problem = Problem(type="about:blank", title=phrase, status=exc.status_code, detail=detail)
        return _as_json(problem, exc.headers)

    @app.exception_handler(Exception)
    def unexpected(_request: Request, _exc: Exception) -> JSONResponse:
        return problem_response(INTERNAL, "the server met a fault of its own: its log has the details")


def problem_of(exc: ReportRagError | ProblemError) -> Problem:
    """What of an error may leave the server: no path of its disk."""
    if isinstance(exc, ProblemError):
        return _problem(exc.kind, exc.detail)
    kind = next((kind for error, kind in _OF_ERROR if isinstance(exc, error)), INTERNAL)
    if kind.status >= 500:
        structlog.get_logger().error("request could not be served", kind=kind.slug, error=str(exc))
    return _problem(kind, str(exc), exc.candidates if isinstance(exc, UsageError) else ())


def error_response(exc: ReportRagError | ProblemError) -> JSONResponse:
    """An error as a response, with Retry-After where waiting may help."""
    problem = problem_of(exc)
    if isinstance(exc, ProblemError):
        waits = exc.kind.status == BUSY.status
    else:
        waits = exc.retryable and not isinstance(exc, StoreFullError)  # waiting makes no room
    return _as_json(problem, {"Retry-After": str(RETRY_AFTER_S)} if waits else None)


def problem_response(
    kind: Kind, detail: str, candidates: Sequence[str] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem as a response, also for those that meet it outside a route."""
    return _as_json(_problem(kind, detail, candidates), headers)


def _problem(kind: Kind, detail: str, candidates: Sequence[str] = ()) -> Problem:
    return Problem(
        type=f"urn:report-rag:problem:{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=_PATH.sub("(a path of the server)", detail) if kind.status >= 500 else detail,
        candidates=list(candidates) or None,
    )


def _as_json(problem: Problem, headers: Mapping[str, str] | None) -> JSONResponse:
    content = problem.model_dump(exclude_none=True)
    return JSONResponse(content, problem.status, headers, media_type=MEDIA_TYPE)


def _fault(error: Mapping[str, Any]) -> str:
    """One line for one fault of a request: where it is and what was expected; what was sent is not repeated."""
    where = ".".join(str(part) for part in error["loc"][1:])
    match error["type"]:
        case "json_invalid":
            return f"the body is no JSON: {error['ctx']['error']} at character {where}"
        case "model_attributes_type" | "missing" if not where:
            return "the body must be a JSON object, sent with Content-Type: application/json"
        case "extra_forbidden":
            return f"{where}: no such key, see /docs for those there are"
        case _:
            return f"{where}: {error['msg']}"
