"""A database URL in, every read and write of the catalog out, each in a transaction of its own.

Reads see only reports that are ready, `state` and `unfinished` apart. All methods may raise StoreError when the
database fails; times are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.catalog import chunks, digests, failures, jobs, lifecycle, listing, pages, reports
from rag.catalog.changes import KeptReports, begin_change
from rag.catalog.digests import Maker, StaleDigest
from rag.catalog.engine import begin_read, begin_write, make_engine, wipe
from rag.catalog.facts import Layers
from rag.catalog.failures import Failure
from rag.catalog.jobs import Job, JobState
from rag.catalog.ledger import Ledger
from rag.catalog.lifecycle import ReportState, Version
from rag.catalog.listing import DigestPlace, Listed, ReportPlace
from rag.catalog.migrate import migrate
from rag.catalog.pages import PageKey
from rag.catalog.requests import Requests
from rag.catalog.resolve import resolve
from rag.domain import (
    NO_LIMITS,
    Chunk,
    ChunkText,
    Digest,
    Fact,
    Filter,
    Language,
    Page,
    ParsedReport,
    ReadBy,
    Report,
    Style,
)
from rag.errors import ReportRagError


def open_catalog(url: str, data_dir: Path) -> Catalog:
    """A catalog at the newest revision. ConfigurationError if the folder or the database won't do."""
    catalog = Catalog(url)
    try:
        migrate(catalog.engine, data_dir)
    except BaseException:
        catalog.close()
        raise
    return catalog


class Catalog:
    """Holds the connections to one database; threads may share it. `open_catalog` also prepares the database."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.ledger = Ledger(self.engine)
        """API keys, audit log, kept answers."""
        self.requests = Requests(self.engine)
        """What was given to requests that may be sent twice."""
        self._kept = KeptReports()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the life of a report ----------------------------------------------------------------------------------------

    def state(self, report_id: str) -> tuple[ReportState, str] | None:
        """State and pipeline of a report in any state; None if there is none."""
        with begin_read(self.engine) as connection:
            return lifecycle.state(connection, report_id)

    def unfinished(self) -> list[str]:
        """Ids of reports in `indexing` or `deleting`."""
        with begin_read(self.engine) as connection:
            return lifecycle.unfinished(connection)

    def history(self, source: str) -> list[Version]:
        """The reports a source led to, oldest first."""
        with begin_read(self.engine) as connection:
            return lifecycle.history(connection, source)

    def stage(
        self,
        report: Report,
        parsed: ParsedReport,
        chunks: Sequence[Chunk],
        *,
        pipeline: str,
        layers: Sequence[Fact] | None = None,
    ) -> None:
        """Write a report as `indexing`, in place of one that is not ready. Sources stay as they are.

        `layers` are its facts with those that others cover (default: those that it has). Nothing happens if it is ready
        by the same pipeline; UsageError if by another. IngestError if no database can hold its text.
        """
        with begin_change(self.engine) as connection:
            lifecycle.stage(connection, report, parsed, chunks, pipeline, report.facts if layers is None else layers)

    def publish(self, report_id: str, source: str) -> tuple[str, ...]:
        """Make a staged report ready and lead the source to it, at once.

        Gives ids of reports that lost their last source by it: they are hidden and wait to be removed.
        """
        with begin_change(self.engine) as connection:
            return lifecycle.publish(connection, report_id, source)

    def attach(self, report_id: str, source: str) -> tuple[str, ...]:
        """Lead one more source to a ready report; gives what `publish` gives."""
        with begin_change(self.engine) as connection:
            return lifecycle.attach(connection, report_id, source)

    def detach(self, source: str) -> str | None:
        """Remove a source; gives the id of the report that lost its last source by it and is hidden now."""
        with begin_change(self.engine) as connection:
            return lifecycle.detach(connection, source)

    def hide(self, report_id: str) -> None:
        """Mark a report as `deleting`: from here on no reader sees it."""
        with begin_change(self.engine) as connection:
            lifecycle.hide(connection, report_id)

    def remove(self, report_id: str) -> None:
        """Delete all rows of a report, whatever its state, so that no file of SQLite has its text; safe to repeat."""
        with begin_change(self.engine) as connection:
            lifecycle.remove(connection, report_id)
        with suppress(ReportRagError):  # the rows are gone, and the log goes in time
            wipe(self.engine)

    # --- a report that stays -----------------------------------------------------------------------------------------

    def restage(self, report_id: str, chunks: Sequence[Chunk], pipeline: str) -> None:
        """Replace the chunks of a ready report; NotFoundError."""
        with begin_change(self.engine) as connection:
            lifecycle.restage(connection, report_id, chunks, pipeline)

    def refresh(
        self, report: Report, parsed: ParsedReport, chunks: Sequence[Chunk], *, pipeline: str, layers: Sequence[Fact]
    ) -> None:
        """Replace all that was read of a ready report, sources and day of arrival apart; its digests become stale.

        NotFoundError; IngestError if no database can hold its text.
        """
        with begin_change(self.engine) as connection:
            lifecycle.refresh(connection, report, parsed, chunks, pipeline, layers)

    def correct(
        self, report: Report, layers: Sequence[Fact], *, pipeline: str | None = None, stale: str | None = None
    ) -> None:
        """Replace what is known of a ready report; NotFoundError.

        `pipeline`: what to put in place of its pipeline; `stale`: why its digests no longer fit. None: they stay.
        """
        with begin_change(self.engine) as connection:
            lifecycle.correct(connection, report, layers, pipeline=pipeline, stale=stale)

    def layers(self, report_id: str) -> Layers:
        """All facts of a report, those that others cover included (rag/catalog/facts.py); NotFoundError."""
        with begin_read(self.engine) as connection:
            return lifecycle.layers(connection, report_id)

    def outdated(self, *pipelines: str) -> list[str]:
        """Ids of ready reports that none of these pipelines made."""
        with begin_read(self.engine) as connection:
            return lifecycle.outdated(connection, *pipelines)

    def marked(self, pipeline: str) -> list[str]:
        """Ids of ready reports with just this in the place of their pipeline."""
        with begin_read(self.engine) as connection:
            return lifecycle.marked(connection, pipeline)

    def mark(self, report_id: str, pipeline: str) -> None:
        """Write down what made a report, or what must still be done with it."""
        with begin_change(self.engine) as connection:
            lifecycle.mark(connection, report_id, pipeline)

    def mark_outdated(self, why: str, *, keep: str = "") -> None:
        """Mark all ready reports, save those marked `keep`, as awaiting a rebuild, with a word on what it must do."""
        with begin_change(self.engine) as connection:
            lifecycle.mark_outdated(connection, why, keep)

    # --- reports -----------------------------------------------------------------------------------------------------

    def reports(self, filter: Filter = NO_LIMITS) -> list[Report]:
        """Reports within the filter, newest first, undated last, then by id."""
        with begin_read(self.engine) as connection:
            return self._kept.select(connection, filter)

    def undated(self, filter: Filter) -> int:
        """How many reports the dates of the filter leave out because they have none."""
        with begin_read(self.engine) as connection:
            return reports.count_undated(connection, filter)

    def report(self, report_id: str) -> Report:
        """One report by its whole id; NotFoundError."""
        with begin_read(self.engine) as connection:
            return reports.report(connection, report_id)

    def reports_by_id(self, ids: Iterable[str]) -> dict[str, Report]:
        """Those of the ids that are there."""
        with begin_read(self.engine) as connection:
            return reports.reports_by_id(connection, ids)

    def resolve(self, ref: str) -> Report:
        """The report that a person means by an id, 4 digits of its start or more, a path or a file name.

        UsageError if it fits several, NotFoundError if none; both have `candidates`, written `id  title`.
        """
        with begin_read(self.engine) as connection:
            return resolve(connection, ref)

    def publishers(self) -> list[str]:
        """Names of publishers, each once, sorted."""
        with begin_read(self.engine) as connection:
            return reports.publishers(connection)

    def counts(self) -> tuple[int, int, int]:
        """How many reports, pages, chunks."""
        with begin_read(self.engine) as connection:
            return reports.counts(connection)

    # --- lists -------------------------------------------------------------------------------------------------------

    def reports_after(self, listed: Listed, after: ReportPlace | None, limit: int) -> list[Report]:
        """A leaf of the list of reports: newest first, undated last."""
        with begin_read(self.engine) as connection:
            return listing.reports_after(connection, listed, after, limit)

    def count_reports(self, listed: Listed) -> int:
        """How many reports the whole list has."""
        with begin_read(self.engine) as connection:
            return listing.count_reports(connection, listed)

    def digests_after(
        self, listed: Listed, style: Style, *, made_since: datetime | None, after: DigestPlace | None, limit: int
    ) -> list[tuple[Digest, Report, DigestPlace]]:
        """A leaf of the feed: the newest fitting digest of each report in a style, newest first."""
        with begin_read(self.engine) as connection:
            return listing.digests_after(connection, listed, style, made_since, after, limit)

    def undigested(self, style: Style, limit: int = 100) -> list[str]:
        """Ids of reports without a fitting digest in a style."""
        with begin_read(self.engine) as connection:
            return listing.undigested(connection, style, limit)

    def facets(self, filter: Filter = NO_LIMITS) -> dict[str, list[tuple[str, int]]]:
        """Publishers, types, languages and companies with how many reports have them, most first."""
        with begin_read(self.engine) as connection:
            return listing.facets(connection, filter)

    def versions_of(self, report_id: str) -> list[Version]:
        """All versions of the sources that lead or led to a report, by source, oldest first."""
        with begin_read(self.engine) as connection:
            return listing.versions_of(connection, report_id)

    def sources_below(self, prefix: str) -> dict[str, str]:
        """Report id by source, of the sources that begin so."""
        with begin_read(self.engine) as connection:
            return listing.sources_below(connection, prefix)

    # --- pages and chunks --------------------------------------------------------------------------------------------

    def page(self, report_id: str, number: int) -> Page:
        """One page; NotFoundError."""
        with begin_read(self.engine) as connection:
            return pages.page(connection, report_id, number)

    def pages(self, report_id: str) -> tuple[Page, ...]:
        """All pages of a report in order; NotFoundError."""
        with begin_read(self.engine) as connection:
            return pages.pages_of(connection, report_id)

    def page_facts(self, keys: Sequence[PageKey]) -> dict[PageKey, tuple[str | None, ReadBy]]:
        """Label and way of reading of those of the pages that are there."""
        with begin_read(self.engine) as connection:
            return pages.page_facts(connection, keys)

    def stored(self, report_id: str) -> ParsedReport:
        """What the parser gave, to chunk it anew; NotFoundError."""
        with begin_read(self.engine) as connection:
            return pages.stored(connection, report_id)

    def chunks(self, report_id: str) -> tuple[Chunk, ...]:
        """All chunks of a report by position; NotFoundError."""
        with begin_read(self.engine) as connection:
            return chunks.chunks_of(connection, report_id)

    def chunks_by_id(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Those of the ids that are there."""
        with begin_read(self.engine) as connection:
            return chunks.chunks_by_id(connection, ids)

    def texts_of_pages(self, keys: Sequence[PageKey]) -> dict[PageKey, tuple[ChunkText, ...]]:
        """What is searched of each page's chunks, by position; pages without chunks have no entry."""
        with begin_read(self.engine) as connection:
            return chunks.texts_of_pages(connection, keys)

    # --- failures, digests, jobs -------------------------------------------------------------------------------------

    def record_failure(self, source: str, sha256: str | None, reason: str) -> None:
        """Keep why a source could not be ingested; a report it led to before stays."""
        with begin_write(self.engine) as connection:
            failures.record_failure(connection, source, sha256, reason)

    def failures(self) -> list[Failure]:
        """All failures by source."""
        with begin_read(self.engine) as connection:
            return failures.failures(connection)

    def clear_failure(self, source: str) -> None:
        """Forget the failure of a source, if there is one."""
        with begin_write(self.engine) as connection:
            failures.clear_failure(connection, source)

    def save_digest(self, digest: Digest) -> None:
        """Keep a digest in place of one with the same style, writer, model and language; NotFoundError."""
        with begin_write(self.engine) as connection:
            digests.save_digest(connection, digest)

    def digest(
        self,
        report_id: str,
        style: Style,
        *,
        writer: str | None = None,
        model: str | None = None,
        language: Language | None = None,
    ) -> Digest | None:
        """The newest digest that still fits its report.

        None: any writer or model, the report's own language; model '': made without one.
        """
        with begin_read(self.engine) as connection:
            return digests.newest_digest(connection, report_id, style, writer=writer, model=model, language=language)

    def mark_digests(self, makers: Mapping[tuple[Style, Language], Maker]) -> None:
        """Mark as stale the digests that something else made than what makes them now."""
        with begin_write(self.engine) as connection:
            digests.mark_digests(connection, makers)

    def stale_digests(self) -> list[StaleDigest]:
        """Digests that no longer fit and have none in their place, by report."""
        with begin_read(self.engine) as connection:
            return digests.stale_digests(connection)

    def add_job(self, kind: str, payload: str) -> Job:
        """Queue a job."""
        with begin_write(self.engine) as connection:
            return jobs.add_job(connection, kind, payload)

    def job(self, id: str) -> Job:
        """One job; NotFoundError."""
        with begin_read(self.engine) as connection:
            return jobs.job(connection, id)

    def update_job(self, id: str, state: JobState, result: str | None = None) -> Job:
        """Set state and result of a job; NotFoundError."""
        with begin_write(self.engine) as connection:
            return jobs.update_job(connection, id, state, result)

    def progress_job(self, id: str, stage: str, done: int, total: int) -> bool:
        """Write down how far a job is; tells whether someone wants it cancelled. NotFoundError."""
        with begin_write(self.engine) as connection:
            return jobs.progress(connection, id, stage, done, total)

    def cancel_job(self, id: str) -> Job:
        """A queued job at once, a running one when its worker sees it; NotFoundError, UsageError if it has ended."""
        with begin_write(self.engine) as connection:
            return jobs.cancel_job(connection, id)

    def retry_job(self, id: str) -> Job:
        """Queue a failed or cancelled job again; NotFoundError, UsageError for another."""
        with begin_write(self.engine) as connection:
            return jobs.retry_job(connection, id)

    def release_job(self, id: str) -> Job:
        """Queue a job again whose worker ends in good order: this was no try. NotFoundError."""
        with begin_write(self.engine) as connection:
            return jobs.release_job(connection, id)

    def jobs_before(self, number: int | None, states: tuple[JobState, ...] = (), limit: int = 50) -> list[Job]:
        """The newest jobs in these states (none: any) that arrived before `number` (None: all), newest first."""
        with begin_read(self.engine) as connection:
            return jobs.jobs_before(connection, number, states, limit)

    def unfinished_jobs(self, *kinds: str) -> list[Job]:
        """Jobs of these kinds that wait or run, oldest first."""
        with begin_read(self.engine) as connection:
            return jobs.jobs_in(connection, jobs.UNFINISHED, *kinds)

    def jobs_in(self, states: tuple[JobState, ...], *kinds: str) -> list[Job]:
        """Jobs of these kinds and states, oldest first."""
        with begin_read(self.engine) as connection:
            return jobs.jobs_in(connection, states, *kinds)

    def job_counts(self) -> dict[JobState, int]:
        """How many jobs are in each state that has any."""
        with begin_read(self.engine) as connection:
            return jobs.job_counts(connection)

    def next_job(self, *kinds: str) -> Job | None:
        """Claim the oldest queued job of these kinds: it comes back as running, and to nobody else."""
        with begin_write(self.engine) as connection:
            return jobs.next_job(connection, *kinds)
