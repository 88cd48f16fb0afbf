"""Uploaded PDFs in, jobs out: POST /v1/reports."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import CallerDep, ServiceDep, WorkerDep
from api.errors import problem_of, problems
from api.jobs import queue_upload
from api.once import IdempotencyKey, Made, once
from api.present import job_out
from api.receive import Received, Refused, receive_files
from api.schemas_service import UploadOut, UploadsOut
from api.worker import uploads_of
from rag.catalog import Catalog

router = APIRouter(prefix="/v1", tags=["uploads"])
_FILE = {"type": "string", "format": "binary"}
_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {"file": {"type": "array", "items": _FILE, "description": "PDFs, each a part of this name."}},
    "required": ["file"],
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}}


@router.post("/reports", status_code=202, responses=problems(400, 409, 413, 422, 507), openapi_extra=_BODY)
async def upload_reports(
    request: Request,
    response: Response,
    service: ServiceDep,
    worker: WorkerDep,
    caller: CallerDep,
    key: IdempotencyKey = None,
) -> UploadsOut:
    """Take PDFs and queue each; its job tells when it can be cited. The same bytes again change nothing.

    Files that are not taken have a problem in place of a job. Where one file came and is not taken, it is the response.
    """
    folder = uploads_of(service.settings.data_dir)
    received = await receive_files(request, folder, service.settings.upload_max_mb)
    if len(received) == 1 and isinstance(received[0], Refused):
        raise received[0].error
    waiting = [one for one in received if isinstance(one, Received)]

    async def make() -> Made:
        waiting.clear()  # from here on they are the jobs'
        queued = UploadsOut(results=await run_in_threadpool(_queue, service.catalog, received))
        worker.wake()
        return queued.model_dump_json(), ()

    try:
        body = await once(service.catalog.requests, caller, "reports", key, _contents(received), make)
    finally:
        for one in waiting:  # they came before, or were not taken
            one.path.unlink(missing_ok=True)
    made = UploadsOut.model_validate_json(body)
    if len(made.results) == 1 and made.results[0].job:
        response.headers["Location"] = f"/v1/jobs/{made.results[0].job.id}"
    return made


def _contents(received: list[Received | Refused]) -> str:
    """What tells one upload from another: names and bytes in their order."""
    return json.dumps([[one.name, one.sha256 if isinstance(one, Received) else None] for one in received])


def _queue(catalog: Catalog, received: list[Received | Refused]) -> list[UploadOut]:
    return [
        UploadOut(name=one.name, problem=problem_of(one.error))
        if isinstance(one, Refused)
        else UploadOut(name=one.name, job=job_out(queue_upload(catalog, one)))
        for one in received
    ]
