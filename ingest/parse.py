"""A PDF file to a ParsedReport, in a worker process that can be killed.

`read_pdf` reads in this process and is what the worker runs; `PdfParser.parse` runs it in a long-lived spawned worker
with limits on time and memory, kills the worker past them, and raises IngestError with the reason. Page text is data.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import re
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pymupdf

from ingest.layout import arrange
from ingest.lines import read_lines
from ingest.ocr import needs_ocr, read_picture
from rag.domain import Page, ParsedReport, ReadBy
from rag.errors import IngestError

PageSeen = Callable[[int, int], None]
_HEADER_WINDOW = 1024


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What one file may cost. `page_seconds` is the longest wait for the next page, OCR included."""

    page_seconds: float = 300.0
    memory_mb: int = 3000
    max_pages: int = 3000
    ocr: bool = True
    ocr_dpi: int = 150


# --- in the worker ---------------------------------------------------------------------------------------------------


def read_pdf(path: Path, limits: ParseLimits, page_seen: PageSeen = lambda _done, _all: None) -> ParsedReport:
    """Read every page. Raises IngestError when the file is no readable PDF; a page that fails is kept as failed."""
    with _open(path) as document:
        count = document.page_count
        last = min(count, limits.max_pages)
        pages = []
        for number in range(last):
            pages.append(_read_page(document, number, limits))
            page_seen(number + 1, last)
        warnings = tuple(f"page {p.number}: {p.warning}" for p in pages if p.warning)
        if last < count:
            warnings += (f"only the first {last} of {count} pages were read (REPORT_RAG_MAX_PAGES)",)
        info = document.metadata or {}
        title = (info.get("title") or "").strip() or None
        return ParsedReport(
            last, tuple(pages), title, _pdf_date(info.get("creationDate")), _outline(document), warnings
        )


def _open(path: Path) -> pymupdf.Document:
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_WINDOW)
    except OSError as exc:
        raise IngestError(f"cannot be read: {exc.strerror or exc}") from exc
    if not head:
        raise IngestError("the file is empty")
    if b"%PDF-" not in head:
        raise IngestError("not a PDF: no %PDF- mark at its start")
    try:
        document = pymupdf.open(path, filetype="pdf")
    except Exception as exc:
        raise IngestError(f"a damaged PDF: {exc}") from exc
    if not document.is_pdf:
        raise IngestError("not a PDF")
    if document.needs_pass and not document.authenticate(""):
        raise IngestError("encrypted: it needs a password; save a copy without one")
    if document.page_count == 0:
        raise IngestError("a PDF without pages")
    return document


def _read_page(document: pymupdf.Document, number: int, limits: ParseLimits) -> Page:
    try:
        page = document[number]
        lines = read_lines(page)
        read_by: ReadBy = "text" if lines else "empty"
        if limits.ocr and needs_ocr(page, sum(len(line.text) for line in lines)):
            lines = read_picture(page, limits.ocr_dpi) or lines
            read_by = "ocr" if lines else "empty"
        text, blocks = arrange(lines)
        rect = page.rect
        label = page.get_label() or None
        return Page(number, label, round(rect.width, 2), round(rect.height, 2), text, blocks, read_by)
    except MemoryError:
        raise
    except Exception as exc:  # any fault of one page is that page's alone
        return Page(number, None, 0.0, 0.0, "", (), "failed", f"cannot be read: {type(exc).__name__}: {exc}"[:200])


def _outline(document: pymupdf.Document) -> tuple[tuple[int, str, int], ...]:
    """(level, heading, zero-based page) of the bookmarks; empty when there are none or they are broken."""
    with contextlib.suppress(Exception):
        return tuple((int(level), str(title), int(page) - 1) for level, title, page in document.get_toc())
    return ()


def _pdf_date(text: str | None) -> date | None:
    match = re.match(r"D:(\d{4})(\d{2})(\d{2})", text or "")
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _work(pipe: Connection) -> None:
    """The worker's loop: a (path, limits) in, ("page", done, all) while it reads, then ("ok", report) or ("error", reason)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    while True:
        try:
            path, limits = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            _limit_memory(limits.memory_mb)
            report = read_pdf(path, limits, lambda done, total: pipe.send(("page", done, total)))
            pipe.send(("ok", report))
        except IngestError as exc:
            pipe.send(("error", str(exc)))
        except MemoryError:
            pipe.send(("error", f"needs more than {limits.memory_mb} MB to read (REPORT_RAG_PARSE_MEMORY_MB)"))
        except Exception as exc:  # the parent must get a reason, whatever the file did
            pipe.send(("error", f"cannot be read: {type(exc).__name__}: {exc}"[:300]))


def _limit_memory(megabytes: int) -> None:
    pages_in_use = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    limit = pages_in_use * resource.getpagesize() + megabytes * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


# --- in the parent ---------------------------------------------------------------------------------------------------


class PdfParser:
    """Owns the worker process. `parse` restarts it when it died or was killed; use as a context manager."""

    def __init__(self, limits: ParseLimits) -> None:
        self._limits = limits
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def parse(self, path: Path, page_seen: PageSeen = lambda _done, _all: None) -> ParsedReport:
        """The report, or IngestError with a one-line reason; the worker is gone after a timeout or a crash."""
        pipe = self._connect()
        try:
            pipe.send((path, self._limits))
            while True:
                if not pipe.poll(self._limits.page_seconds):
                    self.close()
                    raise IngestError(
                        f"no page was finished in {self._limits.page_seconds:g} s (REPORT_RAG_PARSE_TIMEOUT_S)"
                    )
                message = pipe.recv()
                if message[0] == "page":
                    page_seen(message[1], message[2])
                elif message[0] == "ok":
                    report: ParsedReport = message[1]
                    return report
                else:
                    raise IngestError(message[1])
        except (EOFError, OSError) as exc:
            self.close()
            raise IngestError("the file made the PDF reader crash") from exc
        except BaseException as exc:
            if not isinstance(exc, IngestError):
                self.close()
            raise

    def _connect(self) -> Connection:
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self.close()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), name="report-rag-parse", daemon=True)
        self._process.start()
        theirs.close()
        return self._pipe

    def close(self) -> None:
        """End the worker at once; safe to call twice."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe = self._process = None

    def __enter__(self) -> PdfParser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
