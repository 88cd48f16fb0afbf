"""Settings in, a worker in a process of its own out: started when there is work, started again when it dies.

Reading and embedding hold the interpreter for long stretches; in a process of their own they hold up no request.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Literal

import structlog

from api.jobs import KINDS
from api.worker import Worker
from ingest.pipeline import is_left
from rag.catalog import Catalog
from rag.config import Settings
from rag.errors import ReportRagError
from rag.service import Service
from rag.telemetry import configure_logging

WorkerState = Literal["idle", "running", "failing"]
_LOOK_S = 0.5
_STOP_S = 10.0
_LONGEST_PAUSE_S = 30.0
_FAILING = 3  # deaths in a row


class WorkerProcess:
    """Owns the process between `start` and `stop`; `wake` after a job was queued."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings = settings
        self._catalog = catalog
        self._process: SpawnProcess | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._deaths = 0
        self._started = 0.0
        self._looked_back = False
        self._thread = threading.Thread(target=self._supervise, daemon=True, name="report-rag-worker")

    @property
    def pid(self) -> int | None:
        """Of the process, while it runs."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    @property
    def state(self) -> WorkerState:
        """failing: it died several times in a row and is started more and more seldom."""
        if self._deaths >= _FAILING:
            return "failing"
        return "running" if self.pid else "idle"

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        """End thread and process; a file in work goes back to the queue."""
        self._stop.set()
        self._wake.set()
        self._thread.join(_STOP_S)
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(_STOP_S)
            self._process.kill()
            self._process.join()

    def _supervise(self) -> None:
        while not self._stop.is_set():
            try:
                pause = self._look()
            except (ReportRagError, OSError) as exc:  # the catalog may come back, and room for a process
                structlog.get_logger().error("the worker waits", error=str(exc))
                pause = _LONGEST_PAUSE_S / 4
            self._wake.wait(pause)
            self._wake.clear()

    def _look(self) -> float:
        """Start the process where there is work and none runs; gives the seconds until the next look."""
        process = self._process
        if process is not None and process.is_alive():
            if self._deaths and time.monotonic() - self._started > _LONGEST_PAUSE_S:
                self._deaths = 0
            return _LOOK_S
        if process is not None:
            structlog.get_logger().error("the worker died", exit_code=process.exitcode)
            self._deaths += 1
            self._process = None
            return float(min(_LOOK_S * (2 ** min(self._deaths, 8) - 2), _LONGEST_PAUSE_S))
        if not self._stop.is_set() and self._has_work():
            self._process = multiprocessing.get_context("spawn").Process(
                target=work, args=(self._settings,), name="report-rag-worker"
            )
            self._started = time.monotonic()
            self._process.start()
        return _LOOK_S

    def _has_work(self) -> bool:
        if self._catalog.unfinished_jobs(*KINDS) or self._is_left():
            return True
        return self._settings.digests == "auto" and bool(self._catalog.undigested("brief", limit=1))

    def _is_left(self) -> bool:
        """Whether a process that died left a report half done. Asked once: later it is one at work."""
        if self._looked_back:
            return False
        self._looked_back = True
        return is_left(self._catalog)


def work(settings: Settings) -> None:
    """The process: works until it is told to end or its parent is gone."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the server says when to end
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.set())
    threading.Thread(target=_end_with_parent, args=(stop,), daemon=True).start()
    configure_logging(settings.log_level, settings.log_format)
    service = Service(settings)
    try:
        Worker(service, stop).run()
    finally:
        service.close()


def _end_with_parent(stop: threading.Event) -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    stop.set()
    time.sleep(_STOP_S)
    os._exit(1)  # it hangs in a page; whoever works next does the job again
