"""A process that can be killed: what it may use, what it does use, and whether it is still there.

It knows nothing of PDF. `Worker(work)` spawns a process that runs `work(pipe)`, answers what it is asked, and leaves
nothing behind: it writes no file and no core dump, prints nothing, and ends with its parent.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from rag.errors import ConfigurationError

READY = "ready"
_START_SECONDS = 120.0  # importing takes 1 s, on a loaded machine many
_LOOK_SECONDS = 0.05
_SPARE_CPU_SECONDS = 5  # the kernel's limit is for systems without /proc: elsewhere the parent comes first
_PR_SET_PDEATHSIG = 1

End = Literal["slow", "spent", "memory", "crash"]


class Gone(Exception):  # noqa: N818  # it tells of an end, not of an error of the caller
    """The worker was killed or died. `end` is why: a slow answer, a spent budget, memory, or a crash."""

    def __init__(self, end: End, reason: str) -> None:
        super().__init__(reason)
        self.end = end
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used: seconds of processor time since its start, and resident megabytes now."""

    cpu_seconds: float
    resident_mb: float


class Worker:
    """One spawned process. ConfigurationError when it cannot be started."""

    def __init__(self, work: Callable[[Connection], None]) -> None:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else onnxruntime, which PyMuPDF imports, writes a file
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), name="report-rag-parse", daemon=True)
        self._looked = 0.0
        self._process.start()
        theirs.close()
        try:
            if not self._pipe.poll(_START_SECONDS) or self._pipe.recv() != READY:
                raise EOFError
        except (EOFError, OSError) as exc:
            self._process.join(1.0)
            code = self._process.exitcode
            self.close()
            raise ConfigurationError(f"the process that reads PDFs cannot be started (exit code {code})") from exc
        except BaseException:
            self.close()
            raise

    def ask(self, job: object) -> None:
        """Raises Gone when there is nobody to ask."""
        try:
            self._pipe.send(job)
        except OSError as exc:
            raise self._crashed() from exc

    def answer(self, seconds: float, watch: Callable[[Usage], None]) -> object:
        """The next answer. `watch` sees the usage twenty times a second and raises Gone when it is too much."""
        until = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            if now - self._looked >= _LOOK_SECONDS:
                self._looked = now
                watch(self.usage())
            try:
                if self._pipe.poll(max(0.0, min(_LOOK_SECONDS, until - now))):
                    return self._pipe.recv()
            except (EOFError, OSError) as exc:
                raise self._crashed() from exc
            if now >= until:
                raise Gone("slow", f"no answer in {seconds:g} s")

    def usage(self) -> Usage:
        """Zero where the system has no /proc: there only the limits the worker set itself hold."""
        return usage_of(self._process.pid or 0)

    def close(self) -> None:
        """End the process at once, whatever it does, and wait until it is gone; safe to call twice."""
        self._pipe.close()
        with contextlib.suppress(ValueError):  # closed before
            self._process.kill()
            self._process.join()
            self._process.close()

    def _crashed(self) -> Gone:
        self._process.join(1.0)
        code = self._process.exitcode
        if code == -signal.SIGXCPU:
            return Gone("spent", "the processor time is spent")
        name = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return Gone("crash", f"made the PDF reader crash ({name})")


def usage_of(pid: int) -> Usage:
    """What a process has used, from /proc; zero where that is not to be had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return Usage(0.0, 0.0)
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return Usage(cpu, int(fields[21]) * resource.getpagesize() / 2**20)


# --- in the worker ---------------------------------------------------------------------------------------------------


def settle_in(pipe: Connection) -> None:
    """The worker's first act: no output, no files, no dumps, no life after the parent; Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a worker that hangs would never see its parent go
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))
    pipe.send(READY)


def allow(memory_mb: int, cpu_seconds: float) -> None:
    """What the worker may allocate from now on, and how long it may compute: the kernel sees to it, parent or not."""
    _set_soft(resource.RLIMIT_AS, _address_space() + memory_mb * 2**20)
    _set_soft(resource.RLIMIT_CPU, math.ceil(time.process_time() + cpu_seconds) + _SPARE_CPU_SECONDS)


def is_out_of_memory(exc: BaseException) -> bool:
    """Whether an error of Python, MuPDF, numpy or onnxruntime says that memory could not be had."""
    words = str(exc).lower()
    return isinstance(exc, MemoryError) or any(
        sign in words for sign in ("malloc", "calloc", "realloc", "bad_alloc", "out of memory", "allocate memory")
    )


def _set_soft(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
