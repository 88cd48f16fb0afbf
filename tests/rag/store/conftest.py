"""Index folders with a real engine process that ends with the test."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from qdrant_client import QdrantClient

from rag.domain import Point, SparseVector
from rag.ports import Store
from rag.store.edge import EdgeStore
from rag.store.server import ServerStore

OpenStore = Callable[..., EdgeStore]
SomePoints = Callable[..., list[Point]]


def wait_until(happened: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@dataclass(frozen=True)
class EngineOf:
    """The engine process of a folder, as its notes there tell."""

    folder: Path

    @property
    def pid(self) -> int:
        return int(json.loads((self.folder / "engine.json").read_text())["pid"])

    @property
    def socket(self) -> Path:
        return Path(json.loads((self.folder / "engine.json").read_text())["socket"])

    def kill(self, sent: signal.Signals = signal.SIGKILL) -> int:
        """End it and give the id it had."""
        pid = self.pid
        os.kill(pid, sent)
        self.wait_ended(pid)
        return pid

    def is_running(self, pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    def wait_ended(self, pid: int, seconds: float = 20.0) -> None:
        wait_until(lambda: not self.is_running(pid), seconds)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> EngineOf:
    return EngineOf(folder)


@pytest.fixture
def some_points() -> SomePoints:
    """`some_points(start, count, report)`: points with ids from `start`, 8 dimensions, term 1 in each."""

    def make(start: int, count: int, report: str = "a") -> list[Point]:
        vectors = np.random.default_rng(start).normal(size=(count, 8)).astype(np.float32)
        return [
            Point(str(UUID(int=start + n)), report, n, dense=vectors[n], bm25=SparseVector((1, 2 + n % 7), (1.0, 2.0)))
            for n in range(count)
        ]

    return make


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    """A short private folder: pytest's own are near the limit of socket paths."""
    with tempfile.TemporaryDirectory(prefix="rr-") as folder:
        yield Path(folder)


@pytest.fixture
def open_store(folder: Path, runtime_dir: Path) -> Iterator[OpenStore]:
    """Opens stores on one folder (by default); their engines are ended after the test."""
    opened: list[EdgeStore] = []

    def open_one(
        at: Path = folder, idle_s: float = 60.0, min_free_bytes: int = 1 << 20, runtime_dir: Path = runtime_dir
    ) -> EdgeStore:
        store = EdgeStore(at, idle_s=idle_s, min_free_bytes=min_free_bytes, runtime_dir=runtime_dir)
        opened.append(store)
        return store

    yield open_one
    for store in opened:
        store.shutdown_engine()
        store.close()


@pytest.fixture(params=["edge", "server"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Each backend: the engine process, and qdrant-client's local mode in the place of a server."""
    if request.param == "edge":
        yield request.getfixturevalue("open_store")()
    else:
        server = ServerStore(QdrantClient(":memory:"), "reports")
        yield server
        server.close()
