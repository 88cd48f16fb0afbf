"""The answers of a worker, and its end where it had to be killed, to a ParsedReport: read, lost and spent so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.document import Bookmark, Passwords
from ingest.furniture import mark_furniture
from ingest.limits import ParseLimits
from ingest.worker import Gone, Usage
from rag.domain import Page, ParsedReport
from rag.errors import IngestError

PageSeen = Callable[[int, int], None]
"""Called with (done, of all) after each page."""

_MOST_WARNINGS = 50


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read from page `first` on, and what is left of its budgets."""

    path: Path
    limits: ParseLimits
    passwords: Passwords = field(repr=False)
    first: int
    chars_left: int
    cpu_left: float


@dataclass(frozen=True, slots=True)
class Opened:
    """The first answer: how many pages there are, and what the file says of itself."""

    count: int
    title: str | None
    made: date | None


@dataclass(frozen=True, slots=True)
class Closed:
    """The last answer, after the pages."""

    bookmarks: tuple[Bookmark, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The last answer where there is nothing to read. The worker is as good as before."""

    reason: str


@dataclass(frozen=True, slots=True)
class Exhausted:
    """The last answer of a worker that ran out of memory and should not be asked again."""


Answer = Opened | Page | Closed | Refused | Exhausted


def failed_page(number: int, reason: str) -> Page:
    """A page that could not be read; its number is kept."""
    return Page(number, None, 0.0, 0.0, "", (), "failed", reason)


class Draft:
    """One file as far as it was read, and what was spent on it. `done` when there is nothing left to ask for."""

    def __init__(self, limits: ParseLimits, page_seen: PageSeen) -> None:
        self.done = False
        self._limits = limits
        self._page_seen = page_seen
        self._opened: Opened | None = None
        self._pages: list[Page] = []
        self._chars = 0
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._notes: list[str] = []
        self._lost = 0
        self._until = time.monotonic() + limits.file_seconds
        self._cpu = self._cpu_before = 0.0  # spent on this file by this worker, and by those before it

    def job(self, path: Path, passwords: Passwords) -> Job:
        """What to ask the next worker for."""
        self._cpu_before, self._cpu = self._cpu_before + self._cpu, 0.0
        chars_left = self._limits.all_chars - self._chars
        cpu_left = self._limits.cpu_seconds - self._cpu_before
        return Job(path, self._limits, passwords, len(self._pages), chars_left, cpu_left)

    def take(self, answer: object) -> None:
        """Raises what the answer says went wrong: IngestError, Gone."""
        match answer:
            case Opened():
                self._opened = answer
            case Page():
                self._add(answer)
            case Closed():
                self._bookmarks = answer.bookmarks
                if len(self._pages) < self._last:
                    self._stop("REPORT_RAG_MAX_CHARS")
                self.done = True
            case Refused():
                raise IngestError(answer.reason)
            case Exhausted():
                raise Gone("memory", self._limits.memory_is_spent)
            case _:
                raise TypeError(f"a worker answered {type(answer).__name__}")

    def watch(self, usage: Usage) -> None:
        """Raises Gone when the file had its share. Processor time counts from when the worker was asked."""
        self._cpu = usage.cpu_seconds
        if usage.resident_mb > self._limits.memory_mb:
            raise Gone("memory", self._limits.memory_is_spent)
        if self._cpu_before + self._cpu > self._limits.cpu_seconds:
            raise Gone("spent", self._limits.cpu_is_spent)
        if time.monotonic() > self._until:
            raise Gone("spent", self._limits.file_is_slow)

    def lose(self, gone: Gone, *, fresh: bool) -> None:
        """Record what a dead worker was at. IngestError when it is no use to go on with the file.

        What a worker died of that had read other pages before may not be this page's fault: a fresh one tries again.
        """
        reason = self._limits.page_is_slow if gone.end == "slow" else gone.reason
        if gone.end == "spent":
            self._spent(reason)
        elif gone.end != "slow" and not fresh:
            return
        elif self._opened is None:
            raise IngestError(reason)
        elif len(self._pages) == self._last:
            self._notes.append(f"the bookmarks were not read: {reason}")
            self.done = True
        else:
            self._lose_page(reason)

    def report(self) -> ParsedReport:
        """All that was read, with a warning for each page and limit that cost some of it."""
        if self._opened is None:
            raise IngestError("nothing was read")
        warnings = (*self._page_warnings(), *self._notes)
        if self._last < self._opened.count and len(self._pages) == self._last:
            warnings += (self._so_far("REPORT_RAG_MAX_PAGES"),)
        opened = self._opened
        return ParsedReport(
            len(self._pages), mark_furniture(self._pages), opened.title, opened.made, self._bookmarks, warnings
        )

    @property
    def _last(self) -> int:
        return min(self._opened.count, self._limits.max_pages) if self._opened else 0

    def _add(self, page: Page) -> None:
        self._pages.append(page)
        self._chars += len(page.text)
        self._page_seen(len(self._pages), self._last)

    def _lose_page(self, reason: str) -> None:
        number = len(self._pages)
        self._lost += 1
        if self._lost > self._limits.max_failed_pages:
            most = self._limits.max_failed_pages
            raise IngestError(
                f"more than {most} pages cannot be read (REPORT_RAG_MAX_FAILED_PAGES); page {number} {reason}"
            )
        self._add(failed_page(number, f"cannot be read: {reason}"))
        self.done = False

    def _spent(self, reason: str) -> None:
        """The file's budget is gone: what was read so far is kept."""
        if not any(page.text for page in self._pages):
            raise IngestError(reason)
        self._stop(reason)

    def _stop(self, reason: str) -> None:
        self._notes.append(self._so_far(reason))
        self.done = True

    def _so_far(self, reason: str) -> str:
        count = self._opened.count if self._opened else 0
        return f"only the first {len(self._pages)} of {count} pages were read ({reason})"

    def _page_warnings(self) -> Iterator[str]:
        found = [f"page {page.number}: {page.warning}" for page in self._pages if page.warning]
        yield from found[:_MOST_WARNINGS]
        if len(found) > _MOST_WARNINGS:
            yield f"{len(found) - _MOST_WARNINGS} more pages have warnings"
