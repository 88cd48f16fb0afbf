"""A data directory filled by the real write way, for the time of a test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.discover import discover
from ingest.service import open_pipeline
from rag.config import Settings
from rag.ports import Embedder
from rag.service import Service
from rag.store.edge import EdgeStore


@contextmanager
def ingested(settings: Settings, files: Sequence[Path], embedder: Embedder | None = None) -> Iterator[Service]:
    """A service whose index holds `files`, which must all be new; at the end the index's engine is stopped."""
    service = Service(settings)
    if embedder is not None:
        service.embedder = embedder
    with open_pipeline(service) as pipeline:
        assert {outcome.status for outcome in pipeline.ingest(discover(files))} == {"added"}
    try:
        yield service
    finally:
        service.close()
        EdgeStore(settings.data_dir / "index").shutdown_engine()
