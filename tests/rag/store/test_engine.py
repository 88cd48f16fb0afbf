"""The engine process: killed, idle, filled up, outdated, damaged. Only processes started here are ended."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest

from rag.domain import Manifest, Point, SparseVector
from rag.errors import StoreError, StoreFullError
from rag.store import wire
from rag.store.edge import EdgeStore

if TYPE_CHECKING:
    from conftest import EngineOf

OpenStore = Callable[..., EdgeStore]
SomePoints = Callable[..., list[Point]]
MANIFEST = Manifest((("model", "e5"),))


def test_killed_between_two_calls(open_store: OpenStore, engine: EngineOf, some_points: SomePoints) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    store.upsert(some_points(0, 300))
    killed = engine.kill()
    assert len(store.query("bm25", SparseVector((1,), (1.0,)), limit=10)) == 10
    assert len(store.ids()) == 300
    assert engine.pid != killed


def test_kills_while_writing_lose_no_acknowledged_point(
    open_store: OpenStore, engine: EngineOf, some_points: SomePoints
) -> None:
    store, acknowledged, done = open_store(), set[str](), threading.Event()
    store.reset(MANIFEST, 8)

    def write() -> None:
        start = 0
        while not done.is_set():
            batch = some_points(start, 50)
            try:
                store.upsert(batch)
            except StoreError:  # killed twice within one call
                continue
            acknowledged.update(point.id for point in batch)
            start += 50

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for pause in (0.31, 0.17, 0.23):
            written = len(acknowledged)
            while len(acknowledged) == written:  # it goes on after each kill
                assert writer.is_alive()
                time.sleep(0.01)
            time.sleep(pause)
            engine.kill()
    finally:
        done.set()
        writer.join()
    engine.kill()
    assert acknowledged
    assert acknowledged <= store.ids()


def test_sigterm_flushes_and_cleans_up(
    folder: Path, open_store: OpenStore, engine: EngineOf, some_points: SomePoints
) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    store.upsert(some_points(0, 20))
    address = engine.socket
    engine.kill(signal.SIGTERM)
    assert not address.exists()
    assert not (folder / "engine.json").exists()
    assert len(store.ids()) == 20


def test_idle_engine_ends_but_not_under_a_connection(open_store: OpenStore, engine: EngineOf) -> None:
    store = open_store(idle_s=0.3)
    store.reset(MANIFEST, 8)
    pid = engine.pid
    time.sleep(2.5)
    assert engine.is_running(pid)
    store.close()
    engine.wait_ended(pid)
    assert open_store().manifest() == MANIFEST


def test_a_removed_folder_ends_its_engine(folder: Path, open_store: OpenStore, engine: EngineOf) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    pid = engine.pid
    shutil.rmtree(folder)
    engine.wait_ended(pid)
    assert store.manifest() is None


def test_a_removed_socket_comes_back(open_store: OpenStore, engine: EngineOf) -> None:
    """Cleaners of temporary folders take old sockets."""
    open_store().reset(MANIFEST, 8)
    pid = engine.pid
    address = engine.socket
    address.unlink()
    assert open_store().manifest() == MANIFEST
    assert engine.pid == pid


def test_shutdown_and_close(folder: Path, open_store: OpenStore, engine: EngineOf) -> None:
    store = open_store()
    store.shutdown_engine()  # none runs: none is started
    assert not (folder).exists()
    store.manifest()
    pid = engine.pid
    store.shutdown_engine()
    engine.wait_ended(pid, 2.0)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.manifest()


def test_garbage_on_the_socket_harms_nobody(open_store: OpenStore, engine: EngineOf) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    address = str(engine.socket)
    for garbage in (
        b"\xff\xff\xff\xff",
        b"\0\0\0\x01\xc1",
        b"\0\0\0\x03\x92\xa1x",
        b"\0\0\0\x02\x91\x01",
        b"GET / HTTP/1.1\r\n\r\n",
    ):
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(address)
            stranger.sendall(garbage)
            stranger.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                assert stranger.recv(100) == b""
    assert store.manifest() == MANIFEST


# --- full, outdated, damaged -----------------------------------------------------------------------------------------


def test_full_disk(open_store: OpenStore, some_points: SomePoints) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    store.upsert(some_points(0, 10))
    full = open_store(min_free_bytes=1 << 60)
    for write in (
        lambda: full.upsert(some_points(10, 10)),
        lambda: full.optimize(),
        lambda: full.reset(MANIFEST, 8),
    ):
        with pytest.raises(StoreFullError, match="MB free, the index needs 1099511627"):
            write()
    assert (full.manifest(), len(full.ids())) == (MANIFEST, 10)
    full.delete_report("a")  # how room is made
    assert full.ids() == set()


class OtherEngine(threading.Thread):
    """Speaks the handshake of another version at `address`; `ends` is its answer to Stop."""

    def __init__(self, address: Path, ends: bool) -> None:
        super().__init__(daemon=True)
        self.ends, self.asked = ends, [wire.Stop(False)][:0]
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(address))
        self.listener.listen()
        self.start()

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            while (request := wire.receive_request(connection)) is not None:
                if isinstance(request, wire.Stop):
                    self.asked.append(request)
                    if self.ends:
                        self.listener.close()
                    wire.send_value(connection, self.ends)
                else:
                    wire.send_value(connection, (0, "0.1.0", 1))
        self.listener.close()


@pytest.mark.parametrize("ends", [True, False])
def test_an_engine_of_another_version(
    folder: Path, runtime_dir: Path, open_store: OpenStore, ends: bool, engine: EngineOf
) -> None:
    folder.mkdir()
    (folder / "engine.json").write_text(json.dumps({"socket": str(runtime_dir / "old"), "pid": 1}))
    other, store = OtherEngine(runtime_dir / "old", ends), open_store()
    if ends:
        assert store.manifest() is None
        assert engine.pid != 1
    else:
        with pytest.raises(StoreError, match=r"another version.*0\.1\.0.*end those processes"):
            store.manifest()
    other.join(5)
    assert other.asked == [wire.Stop(unless_busy=True)]


def test_a_busy_engine_does_not_make_way(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two versions at once: the second says so instead of taking turns in killing."""
    first, second = open_store(), open_store()
    first.reset(MANIFEST, 8)
    monkeypatch.setattr(wire, "engine_version", lambda: "0.0.1")
    with pytest.raises(StoreError, match="another version"):
        second.manifest()
    monkeypatch.undo()
    assert first.manifest() == MANIFEST


@pytest.mark.parametrize(
    "damaged", ["generation-1/segments/*/segment.json", "generation-1/edge_config.json", "current.json"]
)
def test_a_damaged_index_names_the_way_out_and_can_be_reset(
    folder: Path, open_store: OpenStore, damaged: str, some_points: SomePoints
) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    store.upsert(some_points(0, 10))
    store.shutdown_engine()
    (path,) = (folder).glob(damaged)
    path.write_bytes(b"\0garbage")
    with pytest.raises(StoreError, match="report-rag reindex"):
        store.ids()
    store.reset(MANIFEST, 8)
    assert store.ids() == set()
    assert [path.name for path in (folder).glob("generation-*")] != ["generation-1"]


def test_an_interrupted_reset_leaves_the_old_index(
    folder: Path, open_store: OpenStore, engine: EngineOf, some_points: SomePoints
) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    store.upsert(some_points(0, 10))
    engine.kill()
    shutil.copytree(folder / "generation-1", folder / "generation-2")
    (folder / "current.tmp").write_text('{"gener')
    assert (store.manifest(), len(store.ids())) == (MANIFEST, 10)
    assert not (folder / "generation-2").exists()


def test_idf_is_live_in_settled_segments(open_store: OpenStore) -> None:
    """12 MB of vectors make `optimize` settle a segment; the engine's own statistics would now keep the deleted."""
    store = open_store()
    store.reset(MANIFEST, 384)
    vectors = np.random.default_rng(0).normal(size=(8000, 384)).astype(np.float32)
    rare, common = SparseVector((1, 2), (1.0, 1.0)), SparseVector((1,), (1.0,))
    store.upsert(
        [
            Point(str(UUID(int=n)), f"r{n % 8}", 0, dense=vectors[n], bm25=rare if n % 100 == 0 else common)
            for n in range(8000)
        ]
    )
    store.optimize()
    store.delete_report("r0")  # 1000 points, 40 of the 80 with term 2
    for _ in range(2):
        hit = store.query("bm25", SparseVector((2,), (1.0,)), limit=1)[0]
        assert hit.score == pytest.approx(math.log((7000 - 40 + 0.5) / (40 + 0.5) + 1), rel=1e-5)
        store.optimize()
    best = store.query("dense", vectors[1], limit=10, reports=["r1", "r2"])
    alive = [n for n in range(8000) if n % 8 in (1, 2)]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = {str(UUID(int=n)): float(unit[n] @ unit[1]) for n in alive}
    wanted = sorted(cosines, key=lambda point: -cosines[point])[:10]
    assert [hit.id for hit in best] == wanted
    assert [hit.score for hit in best] == pytest.approx([cosines[point] for point in wanted], abs=1e-6)
