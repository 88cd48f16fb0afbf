"""The parts of a running server in, the state of each out, with what to do where one is not well."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Literal

from api.schemas_service import PartOut, ReadyOut
from api.worker_process import WorkerProcess
from ingest.service import check_readable
from rag.errors import ReportRagError, UsageError
from rag.service import Service

_LEAST_FREE_MB = 500
State = Literal["ok", "degraded", "failed"]


def readiness(service: Service, worker: WorkerProcess) -> ReadyOut:
    """Ready: nothing has failed. Degraded parts are told and do not count."""
    checks: dict[str, Callable[[], tuple[State, str]]] = {
        "catalog": lambda: _catalog(service),
        "index": lambda: _index(service),
        "worker": lambda: _worker(worker),
        "model": lambda: _model(service),
        "llm": lambda: ("ok", "configured" if service.settings.llm_base_url else "none: the extractive writer answers"),
        "disk": lambda: disk(service),
    }
    parts: dict[str, PartOut] = {}
    for name, check in checks.items():
        try:
            state, detail = check()
        except ReportRagError as exc:  # in words of its own: the error may name paths
            state, detail = "failed", f"{type(exc).__name__}: report-rag doctor tells more"
        parts[name] = PartOut(state=state, detail=detail)
    return ReadyOut(ready=all(part.state != "failed" for part in parts.values()), parts=parts)


def _catalog(service: Service) -> tuple[State, str]:
    reports, pages, chunks = service.catalog.counts()
    return "ok", f"{reports} reports, {pages} pages, {chunks} chunks"


def _index(service: Service) -> tuple[State, str]:
    try:
        check_readable(service)
    except UsageError:
        return "ok", "empty"
    return "ok", "fits the settings"


def _worker(worker: WorkerProcess) -> tuple[State, str]:
    if worker.state == "failing":
        return "degraded", "the worker dies again and again: see the log"
    return "ok", worker.state


def _model(service: Service) -> tuple[State, str]:
    return "ok", "loaded" if "embedder" in vars(service) else "loads at the first question"


def disk(service: Service) -> tuple[State, str]:
    """Free space where the data lies."""
    free = shutil.disk_usage(service.settings.data_dir).free >> 20
    return ("ok" if free > _LEAST_FREE_MB else "degraded"), f"{free} MB free"
