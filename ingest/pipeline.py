"""The write way on one screen: a PDF file to a report in catalog and index.

`discover -> hash -> parse -> metadata -> chunk -> stage -> embed and index -> publish`. A report is staged in the
catalog before its points are written and shown only when all are there, so a kill at any moment leaves either the old
state or a staged report that the next run does again. Running again over the same bytes does nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock

from ingest.chunk import chunk_pages
from ingest.discover import Found, hash_file
from ingest.metadata import extract_metadata
from ingest.parse import PdfParser
from ingest.points import Encoders, make_points
from rag.catalog import Catalog
from rag.domain import Chunk, Page, ParsedReport, Report
from rag.errors import ConfigurationError, IngestError
from rag.ports import Store
from rag.publishers import Publishers

READ_AGAIN = "read again"  # in place of a report's pipeline: its pages must come from the PDF anew
Status = Literal["added", "updated", "unchanged", "second source", "failed"]
StageSeen = Callable[[str, int, int], None]
"""Called with (stage, done, of all): pages while parsing, chunks while embedding."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `reason` is set for `failed`; the counts are 0 where nothing was read."""

    source: str
    status: Status
    report_id: str | None
    reason: str | None = None
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The parts the write way needs, built in ingest/service.py."""

    catalog: Catalog
    store: Store
    parser: PdfParser
    encoders: Encoders
    publishers: Publishers
    files: Path
    lock: FileLock
    chunk_size: int
    fingerprint: str

    def ingest(self, found: Iterable[Found], seen: StageSeen = lambda _s, _d, _a: None) -> Iterator[Outcome]:
        """One outcome a file, as each is done; a failed file is recorded and the rest goes on."""
        wrote = False
        for one in found:
            outcome = self.ingest_one(one, seen)
            wrote = wrote or outcome.status in ("added", "updated")
            yield outcome
        if wrote:
            self.store.optimize()

    def ingest_one(self, found: Found, seen: StageSeen = lambda _s, _d, _a: None, name: str | None = None) -> Outcome:
        """Read one file. Faults of the file become a `failed` outcome; faults of the store or the set-up raise."""
        started = time.monotonic()
        sha256: str | None = None
        try:
            if found.fault:
                raise IngestError(found.fault)
            sha256 = _hashed(found.path)
            known = self._if_known(found, sha256)
            return known or self._read(found, sha256, name or found.path.name, seen, started)
        except IngestError as exc:
            self.catalog.record_failure(found.source, sha256, str(exc))
            return Outcome(found.source, "failed", None, str(exc), seconds=time.monotonic() - started)

    def _if_known(self, found: Found, sha256: str) -> Outcome | None:
        """What there is to do where the same bytes are in the catalog: at most one more source."""
        with self.lock:
            self.recover()
            state = self.catalog.state(sha256[:16])
            if state is None:
                return None
            report = self.catalog.report(sha256[:16])
            if state[1] != self.fingerprint:
                self._rebuild(report, lambda _stage, _done, _all: None)
            known = found.source in report.sources
            self.discard(() if known else self.catalog.attach(report.id, found.source))
            self.catalog.clear_failure(found.source)
            return Outcome(found.source, "unchanged" if known else "second source", report.id)

    def _read(self, found: Found, sha256: str, name: str, seen: StageSeen, started: float) -> Outcome:
        """Parsing needs no lock, so another process may write meanwhile; the rest is one report at a time."""
        parsed = self.parser.parse(found.path, lambda done, total: seen("pages", done, total))
        if not any(page.text for page in parsed.pages):
            raise IngestError("no text on any page" + (f": {parsed.warnings[0]}" if parsed.warnings else ""))
        report = _report(sha256, parsed, name, self.publishers)
        chunks = chunk_pages(report.id, parsed.pages, self.chunk_size)
        with self.lock:
            self.recover()
            self._keep_file(found.path, sha256)
            self.catalog.stage(report, parsed, chunks, pipeline=self.fingerprint)
            self._index(report, parsed.pages, chunks, seen)
            replaced = self.catalog.publish(report.id, found.source)
            self.discard(replaced)
        status: Status = "updated" if replaced else "added"
        seconds = time.monotonic() - started
        return Outcome(found.source, status, report.id, None, parsed.page_count, len(chunks), seconds, parsed.warnings)

    def _index(self, report: Report, pages: Iterable[Page], chunks: list[Chunk], seen: StageSeen) -> None:
        done = 0
        self.store.delete_report(report.id)
        for points in make_points(report, tuple(pages), chunks, self.encoders):
            self.store.upsert(points)
            done += sum(1 for point in points if point.dense is not None)
            seen("chunks", done, len(chunks))

    # --- taking away -------------------------------------------------------------------------------------------------

    def discard(self, report_ids: Iterable[str]) -> None:
        """Remove hidden reports: from the index first, then the catalog, then the file."""
        for report_id in report_ids:
            self.store.delete_report(report_id)
            self.catalog.remove(report_id)
            for file in self.files.glob(f"{report_id[:2]}/{report_id}*.pdf"):
                file.unlink(missing_ok=True)

    def delete(self, report_id: str) -> None:
        """Remove a report with all its sources; nothing can cite it once this returns."""
        with self.lock:
            self.catalog.hide(report_id)
            self.discard([report_id])

    def detach(self, source: str) -> str | None:
        """Remove one source; its report goes with its last one. Gives the id of a report that went."""
        with self.lock:
            gone = self.catalog.detach(source)
            self.discard([gone] if gone else [])
            return gone

    def recover(self) -> None:
        """Clear what an interrupted run left: staged or half-deleted reports. Call with the lock held."""
        self.discard(self.catalog.unfinished())

    # --- building anew -----------------------------------------------------------------------------------------------

    def reindex(self, seen: StageSeen = lambda _s, _d, _a: None) -> Iterator[Report]:
        """Chunk and embed again every report that awaits it; the PDFs are not read. Safe to kill and run again."""
        with self.lock:
            self.recover()
            for report_id in self.catalog.outdated(self.fingerprint):
                report = self.catalog.report(report_id)
                self._rebuild(report, seen)
                yield report
            self.store.optimize()

    def _rebuild(self, report: Report, seen: StageSeen) -> None:
        """From the catalog's pages; from the PDF's copy where the pages were read by an older version of the reader."""
        state = self.catalog.state(report.id)
        reread = self.parser.parse(self._copy(report.sha256)) if state and state[1] == READ_AGAIN else None
        pages = reread.pages if reread else self.catalog.pages(report.id)
        chunks = chunk_pages(report.id, pages, self.chunk_size)
        self._index(report, pages, chunks, seen)
        self.catalog.restage(report.id, chunks, self.fingerprint, reread)

    def _copy(self, sha256: str) -> Path:
        return self.files / sha256[:2] / f"{sha256}.pdf"

    def _keep_file(self, path: Path, sha256: str) -> None:
        """Copy the PDF beside the catalog, by hash, whole or not at all."""
        target = self._copy(sha256)
        if target.exists():
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, work = tempfile.mkstemp(prefix=".copy-", dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as copy, path.open("rb") as original:
                    shutil.copyfileobj(original, copy)
                    copy.flush()
                    os.fsync(copy.fileno())
                Path(work).replace(target)
            finally:
                Path(work).unlink(missing_ok=True)
        except OSError as exc:
            raise ConfigurationError(
                f"a copy of the PDF cannot be kept in {self.files}: {exc.strerror or exc}"
            ) from exc


def _hashed(path: Path) -> str:
    try:
        return hash_file(path)
    except OSError as exc:
        raise IngestError(f"cannot be read: {exc.strerror or exc}") from exc


def _report(sha256: str, parsed: ParsedReport, name: str, publishers: Publishers) -> Report:
    metadata = extract_metadata(parsed, name, publishers)
    return Report(
        id=sha256[:16],
        sha256=sha256,
        title=metadata.title,
        publisher=metadata.publisher,
        published=metadata.published,
        language=metadata.language,
        page_count=parsed.page_count,
        sources=(),
        added=datetime.now(UTC),
    )
