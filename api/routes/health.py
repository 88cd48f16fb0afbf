"""GET /healthz: whether the catalog can be read, which version runs, and where its source is offered."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata

from fastapi import APIRouter

from api.deps import ServiceDep
from api.errors import problems
from api.schemas import HealthOut

PACKAGE = "report-rag"
LICENCE = "AGPL-3.0-or-later"
router = APIRouter(tags=["health"])


@router.get("/healthz", responses=problems())
def health(service: ServiceDep) -> HealthOut:
    """Ready to take requests. The licence gives users over a network a right to the source: it is named here."""
    service.catalog.state("")  # StoreError, which is 503, when the catalog cannot be read
    return HealthOut(status="ok", version=version(), licence=LICENCE, source=service.settings.source_url or source())


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
