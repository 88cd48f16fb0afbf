"""Index folders with a real engine process that ends with the test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from qdrant_client import QdrantClient

from rag.ports import Store
from rag.store.edge import EdgeStore
from rag.store.server import ServerStore

OpenStore = Callable[..., EdgeStore]


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    """A short private folder: pytest's own are near the limit of socket paths."""
    with tempfile.TemporaryDirectory(prefix="rr-") as folder:
        yield Path(folder)


@pytest.fixture
def open_store(tmp_path: Path, runtime_dir: Path) -> Iterator[OpenStore]:
    """Opens stores on one folder (by default); their engines are ended after the test."""
    opened: list[EdgeStore] = []

    def open_one(
        folder: Path = tmp_path / "index", idle_s: float = 60.0, min_free_bytes: int = 1 << 20, **options: Path
    ) -> EdgeStore:
        options.setdefault("runtime_dir", runtime_dir)
        store = EdgeStore(folder, idle_s=idle_s, min_free_bytes=min_free_bytes, **options)
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
