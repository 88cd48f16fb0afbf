"""A folder that is watched in, jobs out: one for each file that is new, changed or gone, once, also after a restart.

What was handled is known from the catalog alone: a file whose hash is that of its source's report, or of its recorded
failure, is done; one with an unfinished job is under way. So nothing is lost or done twice, whoever dies when.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from watchfiles import watch

from api.jobs import FILE, VANISHED, queue_file, queue_vanished, task_of
from ingest.discover import discover, hash_file, sidecar_of, source_key
from rag.catalog import Catalog, Job
from rag.errors import ReportRagError, UsageError

SETTLED_S = 2.0  # a file nobody has written to for so long is whole
_TICK_MS = 1000
_LOOK_ANYWAY_S = 60.0  # network folders tell of no changes
Sign = tuple[int, int, int, int]  # sizes and times of a file and its sidecar


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the folder led to. `again`: something is being written or under way and needs another look."""

    queued: tuple[Job, ...]
    again: bool


class WatchedFolder:
    """Remembers what it has seen only to spare itself the hashing."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder: name one that is there")
        self._catalog = catalog
        self._folder = folder
        self._seen: dict[str, Sign] = {}
        self._warned = False

    def look(self) -> Look:
        """Queue what there is to do. Files come before vanished ones, so that a file that moved is never gone."""
        files = {one.source: one.path for one in discover([self._folder]) if one.fault is None}
        unfinished = {task_of(job).source for job in self._catalog.unfinished_jobs(FILE, VANISHED)}
        known = self._catalog.sources_below(source_key(self._folder) + "/")
        failed = {failure.source: failure.sha256 for failure in self._catalog.failures()}
        queued: list[Job] = []
        again = False
        for source, path in files.items():
            try:
                sign = _sign(path)
                if self._seen.get(source) == sign:
                    continue
                if source in unfinished or time.time() - path.stat().st_mtime < SETTLED_S:
                    again = True
                    continue
                sha256 = hash_file(path)
            except OSError:  # gone or shut by now: the next look tells
                again = True
                continue
            handled = known.get(source) == sha256[:16] or failed.get(source) == sha256
            if not handled or source in self._seen:  # seen and changed, be it the sidecar alone
                queued.append(queue_file(self._catalog, path, source))
            self._seen[source] = sign
        return Look((*queued, *self._vanished(files, known, failed, unfinished)), again)

    def _vanished(
        self, files: dict[str, Path], known: dict[str, str], failed: dict[str, str | None], unfinished: set[str]
    ) -> list[Job]:
        """A folder without a single file is one that is not mounted: nothing of it is taken away."""
        self._seen = {source: sign for source, sign in self._seen.items() if source in files}
        gone = [source for source in known if source not in files and source not in unfinished and _is_gone(source)]
        if gone and not files:
            if not self._warned:
                why = "no PDF is there any more: nothing is taken away, delete the reports where that is meant"
                structlog.get_logger().warning("watched folder is empty", folder=str(self._folder), note=why)
            self._warned = True
            return []
        self._warned = False
        for source in failed:
            if source not in files and source.startswith(source_key(self._folder) + "/"):
                self._catalog.clear_failure(source)
        return [queue_vanished(self._catalog, source) for source in gone]


def watch_folder(
    catalog: Catalog, folder: Path, stop: threading.Event, queued: Callable[[Job], None], tick: Callable[[], None]
) -> None:
    """Look whenever something changes, until `stop` is set. `queued` is told of each job, `tick` called every second."""
    watched = WatchedFolder(catalog, folder)
    again, last = True, 0.0
    changes = watch(folder, stop_event=stop, rust_timeout=_TICK_MS, yield_on_timeout=True, raise_interrupt=False)
    while not stop.is_set():
        if again or time.monotonic() - last > _LOOK_ANYWAY_S:
            try:
                look = watched.look()
                again, last = look.again, time.monotonic()
                for job in look.queued:
                    queued(job)
            except ReportRagError as exc:  # the catalog may come back
                structlog.get_logger().error("watching waits", error=str(exc))
        tick()
        changed = next(changes, None)
        if changed is None:
            return  # Ctrl-C
        again = again or bool(changed)


def _is_gone(source: str) -> bool:
    """Whether the file is not there: a folder that may not be read at the moment is no loss."""
    try:
        os.lstat(source)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _sign(path: Path) -> Sign:
    stat = path.stat()
    sidecar = sidecar_of(path)
    beside = sidecar.stat() if sidecar is not None and sidecar.exists() else None
    return stat.st_size, stat.st_mtime_ns, beside.st_size if beside else -1, beside.st_mtime_ns if beside else -1
