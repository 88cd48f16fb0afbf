"""The reports of the catalog out, as a list, one by one or as a digest; and a report's removal."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import ServiceDep, filter_of, find_report
from api.errors import BUSY, ProblemError, problems
from api.routes.present import digest_out, report_out
from api.schemas import DigestOut, ReportOut, ReportsOut
from ingest.service import open_pipeline
from rag.domain import Style

router = APIRouter(prefix="/v1/reports", tags=["reports"])
deletions = BoundedSemaphore(4)  # each waits for the file that is being ingested; the threads are for all requests


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


@router.delete("/{report_id}", status_code=204, responses=problems(404, 507))
def delete_report(report_id: str, service: ServiceDep) -> None:
    """Remove a report with all its files; nothing can cite it any more. Waits for a file that is being ingested."""
    report = find_report(service.catalog, report_id)
    if not deletions.acquire(blocking=False):
        raise ProblemError(BUSY, "other deletions are waiting for a file that is being ingested: repeat later")
    try:
        with open_pipeline(service) as pipeline:
            pipeline.delete(report.id)
    finally:
        deletions.release()


@router.get("/{report_id}/digest", responses=problems(404, 422))
def get_digest(
    report_id: str,
    service: ServiceDep,
    style: Annotated[Style, Query(description="One paragraph, or sections of bullets.")] = "brief",
) -> DigestOut:
    """The standing digest of a report, every sentence with its page; made at the first call, which may take long."""
    report = find_report(service.catalog, report_id)
    return digest_out(service.digester.digest(report, style), report)
