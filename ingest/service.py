"""Settings to the parts of the write way. The only builder of the package ingest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock

from ingest.chunk import CHUNKER_VERSION
from ingest.lines import REPAIR_VERSION
from ingest.parse import ParseLimits, PdfParser
from ingest.pipeline import READ_AGAIN, Pipeline
from ingest.points import Encoders
from rag.context import CONTEXT_VERSION
from rag.domain import Manifest
from rag.errors import ConfigurationError, IndexMismatchError
from rag.service import Service, compare_manifests

READER_KEY = "text repair"
CHUNK_AGAIN = "chunk again"  # in place of a report's pipeline: its pages stand, its chunks must be made anew


def manifest_of(service: Service) -> Manifest:
    """The manifest of an index built with the present settings and code."""
    chunker = f"{CHUNKER_VERSION}, {service.settings.chunk_chars} wide"
    return service.manifest((("chunker", chunker), (READER_KEY, REPAIR_VERSION), ("context line", CONTEXT_VERSION)))


def check_readable(service: Service) -> None:
    """Raise when the index is empty or was made with other settings: call before reading."""
    manifest = manifest_of(service)
    service.check_index(manifest)
    waiting = service.catalog.outdated(pipeline_of(manifest))
    if waiting:
        raise IndexMismatchError(f"{len(waiting)} reports of the catalog are not in the index. Run report-rag reindex")


def pipeline_of(manifest: Manifest) -> str:
    """The manifest as the one line that the catalog keeps with each report."""
    return "; ".join(f"{key}: {value}" for key, value in manifest.entries)


@contextmanager
def open_pipeline(service: Service, *, rebuild: bool = False) -> Iterator[Pipeline]:
    """The write way. A new index gets its manifest; another's settings raise IndexMismatchError unless `rebuild`."""
    settings = service.settings
    catalog = service.catalog  # first: it makes the data directory, or says why it cannot
    manifest = manifest_of(service)
    limits = ParseLimits(
        page_seconds=settings.parse_timeout_s,
        memory_mb=settings.parse_memory_mb,
        max_pages=settings.max_pages,
        ocr=settings.ocr,
        ocr_dpi=settings.ocr_dpi,
    )
    try:
        files = settings.data_dir / "files"
        files.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ConfigurationError(f"{settings.data_dir} cannot be written to: {exc.strerror or exc}") from exc
    with PdfParser(limits) as parser:
        pipeline = Pipeline(
            catalog=catalog,
            store=service.store,
            parser=parser,
            encoders=Encoders(service.embedder, service.words, service.page_terms),
            publishers=service.publishers,
            files=files,
            lock=FileLock(settings.data_dir / "ingest.lock"),
            chunk_size=settings.chunk_chars,
            fingerprint=pipeline_of(manifest),
        )
        _prepare_index(service, pipeline, manifest, rebuild=rebuild)
        yield pipeline


def _prepare_index(service: Service, pipeline: Pipeline, manifest: Manifest, *, rebuild: bool) -> None:
    with pipeline.lock:
        found = service.store.manifest()
        if found is not None and not rebuild:
            compare_manifests(found, manifest)
        elif found != manifest or not service.catalog.outdated(pipeline.fingerprint):
            was = dict(found.entries) if found else {}
            same_reader = was.get(READER_KEY, REPAIR_VERSION) == REPAIR_VERSION
            service.catalog.mark_outdated(CHUNK_AGAIN if same_reader else READ_AGAIN)
            service.store.reset(manifest, service.embedder.dimensions)
