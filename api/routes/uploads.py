"""An uploaded PDF in, a job out, and what became of the job: POST /v1/reports, GET /v1/jobs/{id}."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import ServiceDep, WorkerDep
from api.errors import problems
from api.routes.present import job_out
from api.routes.receive import receive_file
from api.schemas import JobOut
from api.worker import upload_of

router = APIRouter(prefix="/v1", tags=["uploads"])
_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary", "description": "One PDF."}},
    "required": ["file"],
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}}


@router.post("/reports", status_code=202, responses=problems(400, 413, 422, 507), openapi_extra=_BODY)
async def upload_report(request: Request, response: Response, service: ServiceDep, worker: WorkerDep) -> JobOut:
    """Take one PDF and queue it; the job tells when it can be cited. The same bytes again change nothing."""
    received = await receive_file(request, worker.folder, service.settings.upload_max_mb)
    job = await run_in_threadpool(worker.submit, received)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_out(job, received.name)


@router.get("/jobs/{job_id}", responses=problems(404))
def get_job(job_id: str, service: ServiceDep) -> JobOut:
    """How far an upload is."""
    job = service.catalog.job(job_id)
    return job_out(job, upload_of(job).name)
