"""What runs here and how it is: /healthz, /readyz, /metrics, and the audit log."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.cursor import make_cursor, read_cursor, whole_number
from api.deps import Cursor, MetricsDep, ServiceDep, WorkerDep
from api.errors import RETRY_AFTER_S, problems
from api.metrics import CONTENT_TYPE
from api.readiness import readiness
from api.schemas import HealthOut
from api.schemas_service import AuditEntryOut, AuditOut, ReadyOut

PACKAGE = "report-rag"
LICENCE = "AGPL-3.0-or-later"
router = APIRouter(tags=["operation"])


@router.get("/healthz", responses=problems())
def health(service: ServiceDep) -> HealthOut:
    """Ready to take requests. The licence gives users over a network a right to the source: it is named here."""
    service.catalog.state("")  # StoreError, which is 503, when the catalog cannot be read
    return HealthOut(status="ok", version=version(), licence=LICENCE, source=service.settings.source_url or source())


@router.get("/readyz", responses={**problems(), 503: {"model": ReadyOut, "description": "A part has failed."}})
def ready(service: ServiceDep, worker: WorkerDep, response: Response) -> ReadyOut:
    """The state of each part; 503 where one has failed."""
    state = readiness(service, worker)
    if not state.ready:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return state


@router.get("/metrics", responses=problems(), response_class=Response)
def figures(metrics: MetricsDep) -> Response:
    """Requests, stages, answers, verdicts, tokens, jobs and sizes, in Prometheus' text format."""
    return Response(metrics.text(), media_type=CONTENT_TYPE)


@router.get("/v1/audit", responses=problems(422))
def list_audit(
    service: ServiceDep, limit: Annotated[int, Query(ge=1, le=500)] = 100, cursor: Cursor = None
) -> AuditOut:
    """Who changed what, or tried to, newest first."""
    asked = {"list": "audit"}
    found = service.catalog.ledger.audit_before(read_cursor(cursor, asked, whole_number), limit)
    entries = [
        AuditEntryOut(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            target=entry.target,
            status=entry.status,
            request_id=entry.request_id,
        )
        for entry in found
    ]
    return AuditOut(entries=entries, next=make_cursor(asked, [found[-1].number]) if len(found) == limit else None)


def version() -> str:
    try:
        return metadata(PACKAGE)["Version"]
    except PackageNotFoundError:  # a checkout that is not installed
        return "0+unknown"


def source() -> str:
    """The project's link to its source, as the package that runs here names it; else whom to ask."""
    try:
        links = metadata(PACKAGE).get_all("Project-URL") or []
    except PackageNotFoundError:
        links = []
    named = {name.strip().lower(): link.strip() for name, _, link in (entry.partition(",") for entry in links)}
    return named.get("source") or "ask the operator of this server, who must offer it"
