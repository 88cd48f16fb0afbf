"""Settings in, findings out: what of a set-up is well, what is not, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import httpx

from api.access import is_loopback
from ingest.copies import copy_of
from ingest.service import check_readable
from rag.config import Settings
from rag.errors import IndexMismatchError, ReportRagError, UsageError
from rag.service import Service

_LEAST_FREE_MB = 500
_LLM_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """`do` is empty where nothing is to be done."""

    part: str
    state: Literal["ok", "note", "wrong"]
    detail: str
    do: str = ""


def examine(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
    """One finding a part and fault, in the order in which they rest on each other. Nothing is changed or repaired."""
    yield _folder(settings)
    yield _disk(settings)
    service = Service(settings, say)
    try:
        yield from _catalog(service)
        yield from _index(service)
        yield _model(service)
        yield _llm(service)
        yield _access(service)
    except ReportRagError as exc:
        yield Finding("catalog", "wrong", str(exc))
    finally:
        service.close()


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding("data", "ok", str(folder))
    except OSError as exc:
        how = "make it writable, or set REPORT_RAG_DATA_DIR"
        return Finding("data", "wrong", f"{folder} cannot be written ({exc.strerror or exc})", how)


def _disk(settings: Settings) -> Finding:
    there = next((path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists()), None)
    free = shutil.disk_usage(there or os.sep).free >> 20
    if free < _LEAST_FREE_MB:
        return Finding(
            "disk", "wrong", f"{free} MB free", f"Make room: below {_LEAST_FREE_MB} MB the index may not grow"
        )
    return Finding("disk", "ok", f"{free} MB free")


def _catalog(service: Service) -> Iterator[Finding]:
    catalog = service.catalog
    reports, pages, chunks = catalog.counts()
    yield Finding("catalog", "ok", f"{reports} reports, {pages} pages, {chunks} chunks")
    if unfinished := catalog.unfinished():
        said = f"{len(unfinished)} reports are half in or half out"
        yield Finding("catalog", "note", said, "The next ingest, upload, delete or start of the server clears that up")
    files = service.settings.data_dir / "files"
    lost = [report.id for report in catalog.reports() if not copy_of(files, report.sha256).exists()]
    if lost:
        said = f"the PDF of {len(lost)} reports is gone from {files} ({', '.join(lost[:3])} ...)"
        yield Finding("files", "wrong", said, "Ingest these files again: delete the reports first")
    if failures := catalog.failures():
        yield Finding("files", "note", f"{len(failures)} files could not be read", "report-rag list shows why")
    counts = catalog.job_counts()
    yield Finding("jobs", "ok", ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "none")
    if counts.get("failed"):
        yield Finding("jobs", "note", f"{counts['failed']} jobs failed", "GET /v1/jobs?state=failed shows why")


def _index(service: Service) -> Iterator[Finding]:
    try:
        check_readable(service)
    except IndexMismatchError as exc:
        yield Finding("index", "wrong", str(exc))
        return
    except UsageError:
        yield Finding("index", "note", "empty", "Fill it with report-rag ingest FOLDER")
        return
    except ReportRagError as exc:
        yield Finding("index", "wrong", str(exc))
        return
    points = service.store.ids()
    yield Finding("index", "ok", f"{len(points)} points, made with the present settings")
    catalog = service.catalog
    bare = [r.id for r in catalog.reports() if not points.issuperset(chunk.id for chunk in catalog.chunks(r.id))]
    if bare:
        said = f"{len(bare)} reports are not whole in it ({', '.join(bare[:3])} ...)"
        yield Finding("index", "wrong", said, "Run report-rag reindex")
    known = {report.id for report in catalog.reports()}.union(catalog.unfinished())
    if strays := sorted(service.store.report_ids() - known):
        said = f"{len(strays)} reports in it are not in the catalog ({', '.join(strays[:3])} ...)"
        yield Finding(
            "index", "wrong", f"{said}: they take the places of others among what is found", "Run report-rag reindex"
        )


def _model(service: Service) -> Finding:
    try:
        dimensions = service.embedder.embed_query("report").shape[0]
    except ReportRagError as exc:
        return Finding("model", "wrong", str(exc))
    return Finding("model", "ok", f"{service.settings.embed_model}, {dimensions} dimensions")


def _llm(service: Service) -> Finding:
    settings = service.settings
    if not settings.llm_base_url:
        return Finding("LLM", "ok", "none set: the extractive writer answers")
    key = settings.llm_api_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    check = "Check REPORT_RAG_LLM_BASE_URL, and REPORT_RAG_LLM_API_KEY"
    try:
        _ = service.llm_writer
        url = f"{settings.llm_base_url.rstrip('/')}/models"
        response = httpx.get(url, headers=headers, timeout=_LLM_S, trust_env=False)
        known = [model["id"] for model in response.json()["data"]] if response.is_success else None
    except ReportRagError as exc:
        return Finding("LLM", "wrong", str(exc))
    except httpx.HTTPError as exc:
        return Finding("LLM", "wrong", f"{settings.llm_base_url} cannot be reached ({type(exc).__name__})", check)
    except (json.JSONDecodeError, KeyError, TypeError):
        known = None
    if response.status_code in (401, 403):
        return Finding("LLM", "wrong", f"{settings.llm_base_url} refuses the key (HTTP {response.status_code})", check)
    if known is None:
        return Finding("LLM", "note", f"{settings.llm_base_url} answers, but does not list its models")
    if settings.llm_model not in known:
        said = f"{settings.llm_base_url} does not list the model {settings.llm_model}"
        return Finding("LLM", "note", said, f"It has {', '.join(map(str, known[:5]))}")
    return Finding("LLM", "ok", f"{settings.llm_model} at {settings.llm_base_url}")


def _access(service: Service) -> Finding:
    settings = service.settings
    live = sum(1 for key in service.catalog.ledger.all_keys() if key.revoked is None)
    if settings.access == "auto" and is_loopback(settings.host):
        return Finding("access", "ok", f"no key is asked for: serve listens on {settings.host} alone")
    if not live:
        return Finding("access", "wrong", "serve asks for keys and there is none", "Run report-rag keys create NAME")
    return Finding("access", "ok", f"{live} API keys can be used")
