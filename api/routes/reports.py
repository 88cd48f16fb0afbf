"""The reports of the catalog out, as a list, one by one or as a digest; a report's correction and removal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import ServiceDep, filter_of, find_report
from api.errors import BUSY, ProblemError, problems
from api.routes.present import digest_out, report_out
from api.schemas import CorrectionIn, DigestOut, ReportOut, ReportsOut
from ingest.correct import user_facts
from ingest.service import open_pipeline
from rag.domain import Style

router = APIRouter(prefix="/v1/reports", tags=["reports"])
changes = BoundedSemaphore(4)  # each waits for the file that is being ingested; the threads are for all requests


@router.get("", responses=problems(422))
def list_reports(
    service: ServiceDep,
    publisher: Annotated[list[str], Query(description="Only these publishers; any known name of each.")] = [],  # noqa: B006
    since: Annotated[str | None, Query(description="Published on or after: YYYY-MM-DD, YYYY-MM or YYYY.")] = None,
    until: Annotated[str | None, Query(description="Published on or before: YYYY-MM-DD, YYYY-MM or YYYY.")] = None,
    language: Annotated[list[str], Query(description="Only reports in these languages: zh, en.")] = [],  # noqa: B006
) -> ReportsOut:
    """The reports within the limits, newest first."""
    limits = filter_of(service, publisher=publisher, since=since, until=until, language=language)
    reports = [report_out(report) for report in service.catalog.reports(limits)]
    return ReportsOut(reports=reports, undated=service.catalog.undated(limits))


@router.get("/{report_id}", responses=problems(404))
def get_report(report_id: str, service: ServiceDep) -> ReportOut:
    """What is known of a report."""
    return report_out(find_report(service.catalog, report_id))


@router.patch("/{report_id}", responses=problems(400, 404, 413, 422, 507))
def correct_report(report_id: str, asked: CorrectionIn, service: ServiceDep) -> ReportOut:
    """Put right what is known of a report: seen at once, and kept when the report is read again.

    A new title, publisher or date lets its texts be indexed anew, which may take long.
    """
    facts = user_facts(asked, service.publishers)
    report = find_report(service.catalog, report_id)
    with _change(), open_pipeline(service) as pipeline:
        return report_out(pipeline.correct(report.id, facts)[1])


@router.delete("/{report_id}", status_code=204, responses=problems(404, 507))
def delete_report(report_id: str, service: ServiceDep) -> None:
    """Remove a report with all its files; nothing can cite it any more. Waits for a file that is being ingested."""
    report = find_report(service.catalog, report_id)
    with _change(), open_pipeline(service) as pipeline:
        pipeline.delete(report.id)


@contextmanager
def _change() -> Iterator[None]:
    if not changes.acquire(blocking=False):
        raise ProblemError(BUSY, "other changes are waiting for a file that is being ingested: repeat later")
    try:
        yield
    finally:
        changes.release()


@router.get("/{report_id}/digest", responses=problems(404, 422))
def get_digest(
    report_id: str,
    service: ServiceDep,
    style: Annotated[Style, Query(description="One paragraph, or sections of bullets.")] = "brief",
) -> DigestOut:
    """The standing digest of a report, every sentence with its page; made at the first call, which may take long."""
    report = find_report(service.catalog, report_id)
    return digest_out(service.digester.digest(report, style), report)
