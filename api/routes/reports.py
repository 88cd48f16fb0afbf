"""The reports of the catalog out, as a list or one by one, with how they came and how they were read; correction, removal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Query

from api.cursor import make_cursor, read_cursor
from api.deps import CallerDep, Cursor, Names, ServiceDep, WholeCallerDep, filter_of, find_report
from api.errors import BUSY, ProblemError, problems
from api.present import facets_out, file_name, quality_out, report_out, versions_out
from api.schemas import CorrectionIn, ReportOut, ReportsOut
from api.schemas_service import FacetsOut, FailureOut, FailuresOut, QualityOut, VersionsOut
from ingest.correct import user_facts
from ingest.service import open_pipeline
from rag.catalog import Listed, ReportPlace
from rag.domain import ReportType
from rag.quality import quality_of

router = APIRouter(prefix="/v1", tags=["reports"])
changes = BoundedSemaphore(4)  # each waits for the file that is being ingested; the threads are for all requests


@router.get("/reports", responses=problems(422))
def list_reports(
    service: ServiceDep,
    caller: CallerDep,
    publisher: Annotated[Names, Query(description="Only these publishers; any known name of each.")] = [],  # noqa: B006
    since: Annotated[str | None, Query(description="Published on or after: YYYY-MM-DD, YYYY-MM or YYYY.")] = None,
    until: Annotated[str | None, Query(description="Published on or before: YYYY-MM-DD, YYYY-MM or YYYY.")] = None,
    language: Annotated[Names, Query(description="Only reports in these languages: zh, en.")] = [],  # noqa: B006
    type: Annotated[list[ReportType], Query(description="Only reports of these types.")] = [],  # noqa: B006
    company: Annotated[
        str | None, Query(max_length=200, description="Part of a company's name, or its ticker.")
    ] = None,
    title: Annotated[str | None, Query(max_length=200, description="Part of the title.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Cursor = None,
) -> ReportsOut:
    """The reports within the limits, newest first."""
    limits = filter_of(service, caller, publisher=publisher, since=since, until=until, language=language)
    listed = Listed(limits, tuple(dict.fromkeys(type)), company, title)
    asked = {"list": "reports", "of": listed}
    found = service.catalog.reports_after(listed, read_cursor(cursor, asked, report_place), limit)
    last = found[-1] if len(found) == limit else None
    return ReportsOut(
        reports=[report_out(report) for report in found],
        undated=service.catalog.undated(limits),
        total=service.catalog.count_reports(listed),
        next=make_cursor(asked, [last.published.isoformat() if last.published else None, last.id]) if last else None,
    )


def report_place(published: str | None, report_id: str) -> ReportPlace:
    """A place in a list of reports, from the parts of its cursor."""
    return None if published is None else date.fromisoformat(published), str(report_id)


@router.get("/facets", responses=problems())
def get_facets(service: ServiceDep, caller: CallerDep) -> FacetsOut:
    """The publishers, types, languages and companies there are, to choose from."""
    return facets_out(service.catalog.facets(filter_of(service, caller)))


@router.get("/failures", responses=problems())
def list_failures(service: ServiceDep, caller: WholeCallerDep) -> FailuresOut:  # noqa: ARG001  # it asks who he is
    """Files of folders that could not be read; those of uploads are jobs that failed."""
    failures = service.catalog.failures()
    return FailuresOut(
        failures=[FailureOut(name=file_name(one.source), reason=one.reason, at=one.at) for one in failures]
    )


@router.get("/reports/{report_id}", responses=problems(404))
def get_report(report_id: str, service: ServiceDep, caller: CallerDep) -> ReportOut:
    """What is known of a report."""
    return report_out(find_report(service.catalog, caller, report_id))


@router.get("/reports/{report_id}/versions", responses=problems(404))
def get_versions(report_id: str, service: ServiceDep, caller: CallerDep) -> VersionsOut:
    """What its files held before, and since when they hold this."""
    report = find_report(service.catalog, caller, report_id)
    versions = service.catalog.versions_of(report.id)
    there = service.catalog.reports_by_id(version.report_id for version in versions)
    return versions_out(versions, {found.id for found in there.values() if caller.sees(found)})


@router.get("/reports/{report_id}/quality", responses=problems(404))
def get_quality(report_id: str, service: ServiceDep, caller: CallerDep) -> QualityOut:
    """How the report was read: what a reader of its digests should know."""
    report = find_report(service.catalog, caller, report_id)
    stored = service.catalog.stored(report.id)
    return quality_out(quality_of(stored.pages, stored.warnings))


@router.patch("/reports/{report_id}", responses=problems(400, 404, 413, 422, 507))
def correct_report(report_id: str, asked: CorrectionIn, service: ServiceDep, caller: CallerDep) -> ReportOut:
    """Put right what is known of a report: seen at once, and kept when the report is read again.

    A new title, publisher or date lets its texts be indexed anew, which may take long.
    """
    facts = user_facts(asked, service.publishers)
    report = find_report(service.catalog, caller, report_id)
    with _change(), open_pipeline(service) as pipeline:
        return report_out(pipeline.correct(report.id, facts)[1])


@router.delete("/reports/{report_id}", status_code=204, responses=problems(404, 507))
def delete_report(report_id: str, service: ServiceDep, caller: CallerDep) -> None:
    """Remove a report with all its files; nothing can cite it any more. Waits for a file that is being ingested."""
    report = find_report(service.catalog, caller, report_id)
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
