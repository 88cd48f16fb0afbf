"""Jobs out: how far they are; cancelled, tried again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.cursor import make_cursor, read_cursor, whole_number
from api.deps import Cursor, ServiceDep, WholeCallerDep, WorkerDep
from api.errors import CONFLICT, ProblemError, problems
from api.jobs import UPLOAD, task_of
from api.present import job_out
from api.schemas import JobOut
from api.schemas_service import JobsOut
from api.worker import uploads_of
from rag.catalog import JobState
from rag.errors import NotFoundError, UsageError

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.get("", responses=problems(422))
def list_jobs(
    service: ServiceDep,
    caller: WholeCallerDep,  # noqa: ARG001  # it asks who he is
    state: Annotated[list[JobState], Query(description="Only jobs in these states.")] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Cursor = None,
) -> JobsOut:
    """What waits, runs and has ended, newest first."""
    asked = {"list": "jobs", "state": sorted(set(state))}
    found = service.catalog.jobs_before(read_cursor(cursor, asked, whole_number), tuple(state), limit)
    return JobsOut(
        jobs=[job_out(job) for job in found],
        next=make_cursor(asked, [found[-1].number]) if len(found) == limit else None,
    )


@router.get("/{job_id}", responses=problems(404))
def get_job(job_id: str, service: ServiceDep, caller: WholeCallerDep) -> JobOut:  # noqa: ARG001  # it asks who he is
    """How far a job is."""
    return job_out(service.catalog.job(job_id))


@router.post("/{job_id}/cancel", responses=problems(404, 409))
def cancel_job(job_id: str, service: ServiceDep) -> JobOut:
    """A job that waits ends at once, one that runs as soon as it can (`cancelling`)."""
    try:
        return job_out(service.catalog.cancel_job(job_id))
    except NotFoundError:
        raise
    except UsageError as exc:
        raise ProblemError(CONFLICT, str(exc)) from exc


@router.post("/{job_id}/retry", responses=problems(404, 409))
def retry_job(job_id: str, service: ServiceDep, worker: WorkerDep) -> JobOut:
    """Queue a job again that failed or was cancelled."""
    job = service.catalog.job(job_id)
    if job.kind == UPLOAD and job.state in ("failed", "cancelled"):
        file = uploads_of(service.settings.data_dir) / task_of(job).file
        if not file.exists():
            raise ProblemError(CONFLICT, "the file of this upload is no longer kept: upload it again")
    try:
        queued = service.catalog.retry_job(job_id)
    except UsageError as exc:
        raise ProblemError(CONFLICT, str(exc)) from exc
    worker.wake()
    return job_out(queued)
