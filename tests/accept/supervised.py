"""`report-rag serve` as a process that is started again when it dies, as docker-compose.yml has it; and the made-up
reports that are sent to it, whose every page says one thing that no other page says."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import httpx
import psutil
import pymupdf

import api
from rag.store.edge import EdgeStore

ROOT = Path(api.__file__).parents[1]
_CALM_S = 120.0  # in which a server that was started answers, and all jobs end


class Supervised:
    """The server over `data_dir`, between `start` and `stop`; each death in between starts it again."""

    def __init__(self, data_dir: Path, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.data_dir = data_dir
        self.url = f"http://127.0.0.1:{port}"
        self.starts = 0
        self._command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--data-dir", str(data_dir)]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self.await_answer()

    def stop(self) -> None:
        """End the server with SIGTERM, and the index's engine."""
        self._ending.set()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid("api"), signal.SIGTERM)
        self._thread.join(60)
        EdgeStore(self.data_dir / "index").shutdown_engine()

    def await_answer(self) -> None:
        """Wait until it says that it is ready."""
        for _ in _until(_CALM_S, "the server does not answer"):
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=10).is_success:
                    return

    def pid(self, part: str) -> int:
        """Of `api`, `worker` or `engine`; ProcessLookupError where none runs."""
        if part == "engine":
            with contextlib.suppress(OSError, ValueError):
                pid = int(json.loads((self.data_dir / "index" / "engine.json").read_text("utf-8"))["pid"])
                if psutil.pid_exists(pid):
                    return pid
            raise ProcessLookupError(part)
        if self._process is None or self._process.poll() is not None:
            raise ProcessLookupError(part)
        return self._process.pid if part == "api" else _worker_of(self._process.pid, self.data_dir)

    def kill(self, part: str) -> int:
        """kill -9; gives the id that it had."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        return pid

    def doctor(self) -> list[dict[str, Any]]:
        """What `report-rag doctor` finds."""
        command = [sys.executable, "-m", "api.cli", "doctor", "--json", "--data-dir", str(self.data_dir)]
        done = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=120)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def _supervise(self) -> None:
        with (self.data_dir / "server.log").open("ab") as log:
            while not self._ending.is_set():
                self._process = self._run(log)
                self.starts += 1
                self._process.wait()

    def _run(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def _worker_of(server: int, data_dir: Path) -> int:
    """The child that holds the lock of the folder of uploads."""
    lock = str(data_dir / "uploads" / "worker.lock")
    for child in psutil.Process(server).children():
        with contextlib.suppress(psutil.Error):
            if lock in {file.path for file in child.open_files()}:
                return child.pid
    raise ProcessLookupError("worker")


def _until(seconds: float, fault: str) -> Iterator[None]:
    """Gives turns until the time is over, then raises."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.1)
    raise TimeoutError(f"{fault} within {seconds:.0f} s")


def await_jobs(client: httpx.Client, job_ids: set[str]) -> dict[str, dict[str, Any]]:
    """The jobs by id, once they have all ended."""
    ended: dict[str, dict[str, Any]] = {}
    for _ in _until(_CALM_S, "jobs do not end"):
        for job_id in job_ids - ended.keys():
            job = client.get(f"/v1/jobs/{job_id}").raise_for_status().json()
            if job["state"] not in ("queued", "running"):
                ended[job_id] = job
        if ended.keys() == job_ids:
            break
    return ended


@contextmanager
def serving(data_dir: Path, **environment: str) -> Iterator[tuple[Supervised, httpx.Client]]:
    """A supervised server and a client of it."""
    server = Supervised(data_dir, environment)
    server.start()
    try:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            yield server, client
    finally:
        server.stop()


@dataclass(frozen=True)
class Yard:
    """A made-up report: what its pages tell, and a question that one of them answers."""

    name: str
    pages: int
    first: int  # ferries on its first page; each page has one more

    @property
    def texts(self) -> list[str]:
        return [
            f"The shipyard of {self.name} delivered {self.first + number} ferries in {1990 + number} and expects to "
            f"deliver more of them in harbour {number}, where its docks were rebuilt for {number + 2} million euros."
            for number in range(self.pages)
        ]

    def question(self, number: int = 0) -> str:
        return f"How many ferries did the shipyard of {self.name} deliver in {1990 + number}?"

    @property
    def id(self) -> str:
        """Of the report that it becomes."""
        return hashlib.sha256(self.pdf).hexdigest()[:16]

    @cached_property
    def pdf(self) -> bytes:
        with pymupdf.open() as document:
            for number, text in enumerate(self.texts):
                page = document.new_page()
                top = 200 + 47 * (number % 9)  # what stands at one place of all pages is no evidence
                page.insert_textbox((72, top, 520, 760), text, fontsize=11)
                if number == 0:
                    page.insert_text((72, 120), f"The shipyard of {self.name}", fontsize=20)
            return bytes(document.tobytes(no_new_id=True))


def yard(number: int, pages: int) -> Yard:
    """The made-up report of a number: its name is a word that only it has."""
    letters = "".join(
        "bdfgklmnpr"[int(digit)] + "aeiou"[(number + place) % 5] for place, digit in enumerate(f"{number:04}")
    )
    return Yard(f"{letters.capitalize()}holm", pages, 1000 + 97 * number)


def send(client: httpx.Client, one: Yard) -> dict[str, Any]:
    """Upload a made-up report; gives its job. Raises httpx.HTTPError where the server did not take it."""
    files = {"file": (f"{one.name}.pdf", one.pdf, "application/pdf")}
    result: dict[str, Any] = client.post("/v1/reports", files=files).raise_for_status().json()["results"][0]
    job: dict[str, Any] = result["job"]
    return job
