"""A request in, the parts of the service that its route needs out."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.errors import INDEX_EMPTY, ProblemError
from api.worker import UploadWorker
from ingest.service import check_readable
from rag.catalog import Catalog
from rag.domain import Filter, Report
from rag.errors import NotFoundError, UsageError
from rag.filters import make_filter
from rag.service import Service


def open_service(service: Service) -> Service:
    """Build the parts now, in one thread: they are cached without a lock. No model is loaded, no index engine started."""
    _ = service.catalog, service.store, service.answerer, service.digester
    return service


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _worker(request: Request) -> UploadWorker:
    worker: UploadWorker = request.app.state.worker
    return worker


ServiceDep = Annotated[Service, Depends(_service)]
WorkerDep = Annotated[UploadWorker, Depends(_worker)]


def require_index(service: Service) -> None:
    """Raise when the index is empty or was made with other settings."""
    try:
        check_readable(service)
    except UsageError as exc:
        detail = "the index is empty: upload a PDF to POST /v1/reports, or run report-rag ingest FOLDER"
        raise ProblemError(INDEX_EMPTY, detail) from exc


def find_report(catalog: Catalog, report_id: str) -> Report:
    """The report of a whole id: a URL names one report for good. NotFoundError names those that may be meant."""
    try:
        return catalog.report(report_id)
    except NotFoundError as exc:
        message = f"no report {report_id!r}: give the 16 hex digits of its id, GET /v1/reports lists them"
        raise NotFoundError(message, _candidates(catalog, report_id)) from exc


def _candidates(catalog: Catalog, ref: str) -> tuple[str, ...]:
    try:
        meant = catalog.resolve(ref)
    except UsageError as exc:
        return exc.candidates
    return (f"{meant.id}  {meant.title}",)


def filter_of(
    service: Service,
    *,
    publisher: list[str],
    since: str | None,
    until: str | None,
    language: list[str],
    report: list[str] | None = None,
) -> Filter:
    """What a caller gave to limit a question; UsageError with candidates where it fits nothing."""
    return make_filter(
        service.catalog,
        service.publishers,
        publisher=publisher,
        since=since,
        until=until,
        language=language,
        report=report or (),
    )
