"""A request in, the parts of the application that its route needs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request

from api.access import Caller
from api.answering import Answering
from api.errors import CONFLICT, FORBIDDEN, INDEX_EMPTY, ProblemError
from api.metrics import Metrics
from api.worker_process import WorkerProcess
from ingest.paint import Painter
from ingest.service import check_readable
from rag.answer import WriterChoice
from rag.catalog import Catalog, Listed
from rag.domain import Filter, Report, ReportType
from rag.errors import NotFoundError, UsageError
from rag.filters import make_filter
from rag.service import Service


def open_service(service: Service) -> Service:
    """Build the parts now, in one thread: they are cached without a lock. No model is loaded, no index engine started."""
    _ = service.catalog, service.store, service.answerer, service.comparer, service.conversations, service.digester
    if service.settings.digests == "auto":
        service.digester.mark_stale()  # writer, model or prompt may have changed since the server ran last
    return service


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _worker(request: Request) -> WorkerProcess:
    worker: WorkerProcess = request.app.state.worker
    return worker


def _painter(request: Request) -> Painter:
    painter: Painter = request.app.state.painter
    return painter


def _answering(request: Request) -> Answering:
    answering: Answering = request.app.state.answering
    return answering


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _whole_caller(request: Request) -> Caller:
    """One who sees all reports."""
    caller = _caller(request)
    if caller.publishers:
        raise ProblemError(FORBIDDEN, f"the key {caller.name!r} is for some publishers: this needs one for all")
    return caller


ServiceDep = Annotated[Service, Depends(_service)]
WorkerDep = Annotated[WorkerProcess, Depends(_worker)]
PainterDep = Annotated[Painter, Depends(_painter)]
AnsweringDep = Annotated[Answering, Depends(_answering)]
MetricsDep = Annotated[Metrics, Depends(_metrics)]
CallerDep = Annotated[Caller, Depends(_caller)]
WholeCallerDep = Annotated[Caller, Depends(_whole_caller)]
Names = Annotated[list[Annotated[str, Query(max_length=500)]], Query(max_length=100)]
Cursor = Annotated[str | None, Query(description="Of the leaf before (`next`), with all else as it was.")]


def require_index(service: Service) -> None:
    """Raise when the index is empty or was made with other settings."""
    try:
        check_readable(service)
    except UsageError as exc:
        detail = "the index is empty: upload a PDF to POST /v1/reports, or run report-rag ingest FOLDER"
        raise ProblemError(INDEX_EMPTY, detail) from exc


def require_writer(service: Service, writer: WriterChoice) -> None:
    """Raise when the LLM is asked for by name and there is none."""
    if writer == "llm" and service.llm_writer is None:
        how = "ask for the writer auto or extractive, or set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL"
        raise ProblemError(CONFLICT, f"no LLM is configured: {how}")


def find_report(catalog: Catalog, caller: Caller, report_id: str) -> Report:
    """The report of a whole id: a URL names one report for good. NotFoundError names those that may be meant."""
    message = f"no report {report_id[:80]!r}: give the 16 hex digits of its id, GET /v1/reports lists them"
    try:
        report = catalog.report(report_id)
    except NotFoundError as exc:
        raise NotFoundError(message, () if caller.publishers else _candidates(catalog, report_id)) from exc
    if not caller.sees(report):
        raise NotFoundError(message)
    return report


def _candidates(catalog: Catalog, ref: str) -> tuple[str, ...]:
    try:
        meant = catalog.resolve(ref)
    except UsageError as exc:
        return exc.candidates
    return (f"{meant.id}  {meant.title}",)


def filter_of(
    service: Service,
    caller: Caller,
    *,
    publisher: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    language: Sequence[str] = (),
    report: Sequence[str] = (),
    type: Sequence[ReportType] = (),
    company: str | None = None,
) -> Filter:
    """What a caller gave to limit a question, within what he may see; UsageError with candidates where it fits nothing."""
    if caller.publishers:  # candidates would tell of reports that he may not see
        report = [find_report(service.catalog, caller, ref).id for ref in report]
    try:
        limits = make_filter(
            service.catalog,
            service.publishers,
            publisher=publisher,
            since=since,
            until=until,
            language=language,
            report=report,
        )
    except UsageError as exc:
        if caller.publishers:
            raise UsageError(str(exc)) from exc
        raise
    limits = caller.within(limits)
    return _named_reports(service.catalog, limits, type, company) if type or company else limits


def _named_reports(catalog: Catalog, limits: Filter, type: Sequence[ReportType], company: str | None) -> Filter:
    """The filter with the reports of these types and this company by id; UsageError where there are none."""
    found = catalog.reports_after(Listed(limits, tuple(type), company), None, catalog.count_reports(Listed()))
    if not found:
        asked = " ".join([*type, *([f"company {company!r}"] if company else [])])
        raise UsageError(f"no report within the limits fits {asked}: GET /v1/facets lists types and companies")
    return replace(limits, reports=tuple(report.id for report in found))
