"""The write way on one screen: a PDF file to a report in catalog and index.

`discover -> hash -> parse -> metadata -> chunk -> stage -> embed and index -> publish`. A report is staged in the
catalog before its points are written and shown only when all are there, so a kill at any moment leaves either the old
state or a staged report that the next run does again. Running again over the same bytes reads nothing: what options and
sidecar say now is put on what is known of the report, and where that changes its indexed texts they are embedded again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock

from ingest.copies import copy_of, drop_copies, keep_copy
from ingest.correct import moves_points, stale_reason
from ingest.discover import Found, hash_file
from ingest.points import Encoders, make_points
from ingest.read import Reader
from ingest.sidecar import passwords_beside, read_sidecars, sidecars_of
from rag.catalog import Catalog
from rag.catalog.facts import Layers, put_on, said_of, with_facts, without
from rag.domain import Chunk, Fact, Page, Report
from rag.errors import IngestError
from rag.ports import Store

# In place of a report's pipeline, what must still be done with it:
READ_AGAIN = "read again"  # its pages must come from the PDF anew, and its chunks and points from them
CHUNK_AGAIN = "chunk again"  # its pages stand; its chunks and points must be made anew
EMBED_AGAIN = "embed again"  # its chunks stand, too; its points can be found, but by a context line of before
Status = Literal["added", "updated", "corrected", "unchanged", "second source", "failed"]
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
    reader: Reader
    encoders: Encoders
    files: Path
    lock: FileLock
    fingerprint: str

    def ingest(
        self, found: Iterable[Found], seen: StageSeen = lambda _s, _d, _a: None, said: Sequence[Fact] = ()
    ) -> Iterator[Outcome]:
        """One outcome a file, as each is done; a failed file is recorded and the rest goes on. `said` is of every file."""
        wrote = False
        for one in found:
            outcome = self.ingest_one(one, seen, said=said)
            wrote = wrote or outcome.status in ("added", "updated", "corrected")
            yield outcome
        if wrote:
            self.store.optimize()

    def ingest_one(
        self,
        found: Found,
        seen: StageSeen = lambda _s, _d, _a: None,
        name: str | None = None,
        said: Sequence[Fact] = (),
    ) -> Outcome:
        """Read one file. Faults of the file become a `failed` outcome; faults of the store or the set-up raise."""
        started = time.monotonic()
        sha256: str | None = None
        try:
            if found.fault:
                raise IngestError(found.fault)
            sha256 = _hashed(found.path)
            known = self._if_known(found, sha256, seen, said)
            return known or self._read(found, sha256, name or found.path.name, seen, said, started)
        except IngestError as exc:
            self.catalog.record_failure(found.source, sha256, str(exc))
            return Outcome(found.source, "failed", None, str(exc), seconds=time.monotonic() - started)

    def _if_known(self, found: Found, sha256: str, seen: StageSeen, said: Sequence[Fact]) -> Outcome | None:
        """What there is to do where the same bytes are in the catalog: at most a correction and one more source."""
        with self.lock:
            self.recover()
            if self.catalog.state(sha256[:16]) is None:
                return None
            report = self.catalog.report(sha256[:16])
            layers = self._layers(report, found, said)
            self.catalog.clear_failure(found.source)
            corrected = self._bring_up_to_date(report, layers, seen)
            known = found.source in report.sources
            self.discard(() if known else self.catalog.attach(report.id, found.source))
            status: Status = "second source" if not known else "corrected" if corrected else "unchanged"
            return Outcome(found.source, status, report.id)

    def _read(
        self, found: Found, sha256: str, name: str, seen: StageSeen, said: Sequence[Fact], started: float
    ) -> Outcome:
        """Parsing needs no lock, so another process may write meanwhile; the rest is one report at a time."""
        beside = read_sidecars([found.sidecar] if found.sidecar else [], self.reader.publishers)
        read = self.reader.read(
            found.path,
            sha256,
            name,
            said=(*beside.facts, *said),
            passwords=beside.passwords,
            page_seen=lambda done, total: seen("pages", done, total),
        )
        report, parsed, chunks = read.report, read.parsed, read.chunks
        with self.lock:
            if known := self._if_known(found, sha256, seen, said):
                return known  # another process was faster with the same bytes
            self.catalog.stage(report, parsed, chunks, pipeline=self.fingerprint, layers=read.layers)
            keep_copy(self.files, found.path, sha256)  # after its row, by which a copy that was not finished is found
            self.store.delete_report(report.id)
            self._index(report, parsed.pages, chunks, seen)
            replaced = self.catalog.publish(report.id, found.source)
            self.discard(replaced)
        status: Status = "updated" if replaced else "added"
        seconds = time.monotonic() - started
        return Outcome(found.source, status, report.id, None, parsed.page_count, len(chunks), seconds, parsed.warnings)

    def _index(self, report: Report, pages: Iterable[Page], chunks: Sequence[Chunk], seen: StageSeen) -> None:
        """Points take the place of those with the same ids; whoever brings other ids has deleted the old ones."""
        done = 0
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
            drop_copies(self.files, report_id)

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
        """Clear or finish what an interrupted run left: staged, half-deleted, half-corrected. Call with the lock held."""
        self.discard(self.catalog.unfinished())
        for report_id in self.catalog.marked(EMBED_AGAIN):
            self._rebuild(self.catalog.report(report_id), lambda _stage, _done, _all: None)

    # --- correcting --------------------------------------------------------------------------------------------------

    def correct(
        self, report_id: str, said: Sequence[Fact], seen: StageSeen = lambda _s, _d, _a: None
    ) -> tuple[Report, Report]:
        """Put what a user says of a report on what is known of it. Gives the report of before and of after."""
        with self.lock:
            self.recover()
            report = self.catalog.report(report_id)
            self._bring_up_to_date(report, put_on(report, self.catalog.layers(report_id), said), seen)
            after = self.catalog.report(report_id)
            if moves_points(report, after):
                self.store.optimize()
            return report, after

    def _layers(self, report: Report, found: Found, said: Sequence[Fact]) -> Layers:
        """A report's facts with what its sidecars and the user say now; an upload has no sidecar and takes none away."""
        layers = self.catalog.layers(report.id)
        if found.sidecar is None:
            return put_on(report, layers, said)
        beside = read_sidecars({found.sidecar, *sidecars_of(report.sources)}, self.reader.publishers)
        bare = without(layers, "sidecar")
        return put_on(with_facts(report, bare), bare, (*beside.facts, *said))

    def _bring_up_to_date(self, report: Report, layers: Layers, seen: StageSeen) -> bool:
        """Write other facts down, seen by every reader at once; then do what the report awaits. Tells if they were other."""
        corrected = layers != self.catalog.layers(report.id)
        if corrected:
            after = with_facts(report, layers)
            moves = moves_points(report, after) and not self._awaits_rebuild(report.id)
            marker = EMBED_AGAIN if moves else None
            self.catalog.correct(after, layers, pipeline=marker, stale=stale_reason(report, after))
            report = after
        if self._awaits_rebuild(report.id):
            self._rebuild(report, seen)
        return corrected

    # --- building anew -----------------------------------------------------------------------------------------------

    def reindex(self, seen: StageSeen = lambda _s, _d, _a: None) -> Iterator[tuple[Report, str | None]]:
        """Do again what each report awaits: read, chunk, embed. Safe to kill and run again.

        Gives each report, and why its PDF could not be read again if it had to be.
        """
        with self.lock:
            self.recover()
            for report_id in self.catalog.outdated(self.fingerprint):
                report = self.catalog.report(report_id)
                yield report, self._rebuild(report, seen)
            self.store.optimize()

    def _awaits_rebuild(self, report_id: str) -> bool:
        state = self.catalog.state(report_id)
        return state is not None and state[1] != self.fingerprint

    def _rebuild(self, report: Report, seen: StageSeen) -> str | None:
        """From the PDF's copy, the catalog's pages or its chunks: as far back as what the report awaits asks.

        A copy that cannot be read must not hold up the rest: the pages of before stay, the reason is recorded and given.
        """
        fault: str | None = None
        state = self.catalog.state(report.id)
        embed_only = state is not None and state[1] == EMBED_AGAIN
        if state is not None and state[1] == READ_AGAIN:
            fault = self._read_again(report, seen)
            report = self.catalog.report(report.id)
        pages = self.catalog.pages(report.id)
        if embed_only:  # the ids stay, so all the while readers find either the old points or the new ones
            chunks: Sequence[Chunk] = self.catalog.chunks(report.id)
        else:
            chunks = self.reader.chunk(report.id, pages)
            self.catalog.restage(report.id, chunks, CHUNK_AGAIN)
            self.store.delete_report(report.id)
        self._index(report, pages, chunks, seen)
        self.catalog.mark(report.id, self.fingerprint)
        return fault

    def _read_again(self, report: Report, seen: StageSeen) -> str | None:
        """Pages and metadata from the PDF's copy, with what was said of the report on top; or why there are none."""
        try:
            read = self.reader.read(
                copy_of(self.files, report.sha256),
                report.sha256,
                re.split(r"[/\\]", report.sources[0])[-1],
                said=said_of(self.catalog.layers(report.id)),
                passwords=passwords_beside(report.sources, self.reader.publishers),
                page_seen=lambda done, total: seen("pages", done, total),
            )
            self.catalog.refresh(read.report, read.parsed, read.chunks, pipeline=CHUNK_AGAIN, layers=read.layers)
        except IngestError as exc:
            fault = f"kept as it was read before: {exc}"
            self.catalog.record_failure(report.sources[0], report.sha256, fault)
            return fault
        self.catalog.clear_failure(report.sources[0])
        return None


def is_left(catalog: Catalog) -> bool:
    """Whether an interrupted run left something to recover, or a run is at work."""
    return bool(catalog.unfinished() or catalog.marked(EMBED_AGAIN))


def _hashed(path: Path) -> str:
    try:
        return hash_file(path)
    except OSError as exc:
        raise IngestError(f"cannot be read: {exc.strerror or exc}") from exc
