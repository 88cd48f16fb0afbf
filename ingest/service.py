"""Settings to the parts of the write way. The only builder of the package ingest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock

from ingest.chunk import CHUNKER_VERSION
from ingest.page import READER_VERSION
from ingest.parse import ParseLimits, PdfParser
from ingest.pipeline import CHUNK_AGAIN, EMBED_AGAIN, READ_AGAIN, Pipeline
from ingest.points import Encoders
from ingest.read import Reader
from rag.context import CONTEXT_VERSION
from rag.domain import Manifest
from rag.errors import ConfigurationError, IndexMismatchError
from rag.service import Service, compare_manifests

READER_KEY = "reader"


def manifest_of(service: Service) -> Manifest:
    """The manifest of an index built with the present settings and code."""
    chunker = f"{CHUNKER_VERSION}, {service.settings.chunk_chars} wide"
    reader = f"{READER_VERSION}, layout {service.settings.layout}"
    return service.manifest((("chunker", chunker), (READER_KEY, reader), ("context line", CONTEXT_VERSION)))


def check_readable(service: Service) -> None:
    """Raise when the index is empty or was made with other settings: call before reading."""
    manifest = manifest_of(service)
    service.check_index(manifest)
    waiting = service.catalog.outdated(pipeline_of(manifest), EMBED_AGAIN)
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
        file_seconds=settings.parse_file_timeout_s,
        cpu_seconds=settings.parse_cpu_s,
        memory_mb=settings.parse_memory_mb,
        file_mb=settings.max_file_mb,
        max_pages=settings.max_pages,
        max_objects=settings.max_objects,
        page_chars=settings.max_page_chars,
        all_chars=settings.max_chars,
        max_failed_pages=settings.max_failed_pages,
        layout=settings.layout,
        ocr=settings.ocr,
        ocr_dpi=settings.ocr_dpi,
    )
    try:
        files = settings.data_dir / "files"
        files.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ConfigurationError(f"{settings.data_dir} cannot be written to: {exc.strerror or exc}") from exc
    with PdfParser(limits, settings.passwords) as parser:
        pipeline = Pipeline(
            catalog=catalog,
            store=service.store,
            reader=Reader(parser, service.publishers, settings.chunk_chars),
            encoders=Encoders(service.embedder, service.words, service.page_terms),
            files=files,
            lock=FileLock(settings.data_dir / "ingest.lock"),
            fingerprint=pipeline_of(manifest),
        )
        _prepare_index(service, pipeline, manifest, rebuild=rebuild)
        yield pipeline


def _prepare_index(service: Service, pipeline: Pipeline, manifest: Manifest, *, rebuild: bool) -> None:
    with pipeline.lock:
        found = service.store.manifest()
        if found is not None and not rebuild:
            compare_manifests(found, manifest)
        elif found != manifest or not service.catalog.outdated(pipeline.fingerprint, EMBED_AGAIN):
            wanted = dict(manifest.entries)
            same_reader = found is None or dict(found.entries).get(READER_KEY) == wanted[READER_KEY]
            service.catalog.mark_outdated(CHUNK_AGAIN if same_reader else READ_AGAIN, keep=READ_AGAIN)
            service.store.reset(manifest, service.embedder.dimensions)
