"""A PDF file to a ParsedReport, in a worker process that can be killed.

`read_pdf` reads in this process. `PdfParser.parse` has a spawned worker read: it answers page by page, is killed past a
limit, and a new one goes on behind the page at fault. Page text is data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pymupdf

from ingest.document import Passwords, bookmarks_of, date_of, in_words, open_document, title_of
from ingest.draft import Closed, Draft, Exhausted, Job, Opened, PageSeen, Refused, failed_page
from ingest.limits import ParseLimits
from ingest.page import Reading, read_page
from ingest.worker import Gone, Usage, Worker, allow, is_out_of_memory, settle_in
from rag.domain import Block, Page, ParsedReport
from rag.errors import IngestError

__all__ = ["PageSeen", "ParseLimits", "PdfParser", "read_pdf"]


def _nobody(_done: int, _all: int) -> None:
    pass


# --- reading ---------------------------------------------------------------------------------------------------------


def read_pdf(
    path: Path, limits: ParseLimits, page_seen: PageSeen = _nobody, passwords: Sequence[str] = ()
) -> ParsedReport:
    """Read every page in this process: of the limits, those on time and memory do not hold.

    Raises IngestError when the file is no readable PDF; a page that fails is kept as failed.
    """
    draft = Draft(limits, page_seen)
    try:
        for answer in _answers(draft.job(path, Passwords(tuple(passwords)))):
            draft.take(answer)
    except MemoryError as exc:
        raise IngestError("needs more memory than there is") from exc
    return draft.report()


def _answers(job: Job) -> Iterator[Opened | Page | Closed]:
    left = job.chars_left
    with open_document(job.path, job.limits, job.passwords) as document:
        count = document.page_count
        yield Opened(count, title_of(document), date_of(document))
        for number in range(job.first, min(count, job.limits.max_pages)):
            if left <= 0:
                break
            page = _read_page(document, number, job.limits, left)
            short = page.warning is not None and left < job.limits.page_chars
            left = 0 if short else left - len(page.text)
            yield page
        yield Closed(bookmarks_of(document))


def _read_page(document: pymupdf.Document, number: int, limits: ParseLimits, chars_left: int) -> Page:
    """Any fault of a page is that page's alone, but for want of memory: MemoryError."""
    try:
        page = read_page(document[number], number, Reading(limits.layout, limits.ocr, limits.ocr_dpi))
        return _cut(page, min(limits.page_chars, chars_left))
    except Exception as exc:
        if is_out_of_memory(exc):
            raise MemoryError from exc
        return failed_page(number, f"cannot be read: {in_words(exc)}")


def _cut(page: Page, most: int) -> Page:
    """The page with those blocks alone that end within its first `most` characters, and a warning that says so."""
    if len(page.text) <= most:
        return page
    kept = sum(1 for block in page.blocks if block.end <= most)  # blocks are in the order of their text
    blocks = page.blocks[:kept] or tuple(_cut_block(block, most) for block in page.blocks[:1])
    end = blocks[-1].end if blocks else 0
    said = "REPORT_RAG_MAX_PAGE_CHARS, REPORT_RAG_MAX_CHARS"
    return replace(
        page,
        text=page.text[:end],
        blocks=blocks,
        tables=tuple(t for t in page.tables if _last((*t.header, *t.rows, t.title, t.unit, t.source)) < kept),
        figures=tuple(f for f in page.figures if _last((*f.parts, f.title, f.source)) < kept),
        repairs=tuple(r for r in page.repairs if r.end <= end),
        warning=f"only the first {end} of {len(page.text)} characters were kept ({said})",
    )


def _cut_block(block: Block, most: int) -> Block:
    """A block that alone is too long, to its lines within the limit."""
    pieces = tuple(piece for piece in block.pieces if piece.end <= most)
    return replace(block, pieces=pieces, end=pieces[-1].end if pieces else block.start)


def _last(positions: Sequence[int | None]) -> int:
    return max((position for position in positions if position is not None), default=0)


# --- the worker ------------------------------------------------------------------------------------------------------


def work(pipe: Connection) -> None:
    """The worker's loop: a Job in, its answers out, until the pipe is closed."""
    settle_in(pipe)
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError):
            return
        allow(job.limits.memory_mb, job.cpu_left)
        try:
            for answer in _answers(job):
                pipe.send(answer)
        except IngestError as exc:
            pipe.send(Refused(str(exc)))
        except Exception as exc:  # the parent must get a reason, whatever the file did
            pipe.send(Exhausted() if is_out_of_memory(exc) else Refused(f"cannot be read: {in_words(exc)}"))
        pymupdf.TOOLS.store_shrink(100)


class PdfParser:
    """Owns the worker, which is started on first use and reads one file after the other; use as a context manager.

    `passwords` are tried on every encrypted file, after those given for it.
    """

    def __init__(
        self, limits: ParseLimits, passwords: Sequence[str] = (), start: Callable[[], Worker] = lambda: Worker(work)
    ) -> None:
        self._limits = limits
        self._passwords = tuple(passwords)
        self._start = start
        self._worker: Worker | None = None
        self._files = 0  # that the worker was asked for
        self._idle = True

    def parse(self, path: Path, page_seen: PageSeen = _nobody, passwords: Sequence[str] = ()) -> ParsedReport:
        """The report, or IngestError with a one-line reason. `passwords` are tried first when it is encrypted.

        A page that hangs or kills the worker is a failed page of the report, as long as they are few.
        """
        draft = Draft(self._limits, page_seen)
        secrets = Passwords(tuple(passwords), self._passwords)
        try:
            while not draft.done:
                self._read_on(draft, draft.job(path, secrets))
            self._put_by()
            return draft.report()
        except IngestError:
            self._put_by()
            raise
        except BaseException:
            self.close()
            raise

    def _read_on(self, draft: Draft, job: Job) -> None:
        """Ask the worker until it is done or gone."""
        worker = self._worker = self._worker or self._start()
        self._files += 1
        self._idle = False
        pages = 0
        try:
            used = worker.usage().cpu_seconds
            worker.ask(job)

            def watch(usage: Usage) -> None:
                draft.watch(replace(usage, cpu_seconds=usage.cpu_seconds - used))

            while not self._idle:
                answer = worker.answer(self._limits.page_seconds, watch)
                self._idle = isinstance(answer, Closed | Refused)
                draft.take(answer)
                pages += isinstance(answer, Page)
        except Gone as gone:
            fresh = self._files == 1 and pages == 0
            self.close()
            draft.lose(gone, fresh=fresh)

    def _put_by(self) -> None:
        """Keep the worker for the next file, unless it is still at work, has read many or grown large."""
        if self._worker is None:
            return
        many = self._files >= self._limits.files_a_worker
        if many or not self._idle or self._worker.usage().resident_mb > self._limits.idle_mb:
            self.close()

    def close(self) -> None:
        """End the worker at once; safe to call twice."""
        if self._worker is not None:
            self._worker.close()
        self._worker, self._files = None, 0

    def __enter__(self) -> PdfParser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
