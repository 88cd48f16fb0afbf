"""Starting and sharing the engine process. Only processes started here are ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.domain import Manifest, Point, SparseVector
from rag.errors import ConfigurationError, StoreError
from rag.store import edge, launch
from rag.store.edge import EdgeStore

if TYPE_CHECKING:
    from conftest import EngineOf

OpenStore = Callable[..., EdgeStore]
SomePoints = Callable[..., list[Point]]
MANIFEST = Manifest((("model", "e5"),))


def run_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process of the machine; its output is a line of JSON."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def output(process: subprocess.Popen[str]) -> object:
    text, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(text)


RACER = """
import json, sys
from pathlib import Path
from rag.store.edge import EdgeStore
folder, runtime = map(Path, sys.argv[1:3])
store = EdgeStore(folder, idle_s=60, runtime_dir=runtime)
store.manifest()
print(json.dumps(json.loads((folder / "engine.json").read_text())["pid"]))
store.close()
"""


def test_racing_starters_share_one_engine(
    folder: Path, runtime_dir: Path, open_store: OpenStore, engine: EngineOf
) -> None:
    racers = [run_python(RACER, folder, runtime_dir) for _ in range(6)]
    pids = {output(racer) for racer in racers}
    assert len(pids) == 1
    open_store().manifest()
    assert engine.pid in pids


def test_racing_threads_share_one_store(open_store: OpenStore, some_points: SomePoints) -> None:
    store, failed = open_store(), []
    store.reset(MANIFEST, 8)

    def work(number: int) -> None:
        try:
            store.upsert(some_points(1000 * number, 60, f"r{number}"))
            assert len(store.ids(f"r{number}")) == 60
            assert len(store.query("bm25", SparseVector((1,), (1.0,)), limit=5, reports=[f"r{number}"])) == 5
        except Exception as exc:
            failed.append(exc)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(store.ids()) == 480


WRITER = """
import json, sys
from pathlib import Path
from uuid import UUID
from rag.domain import Point, SparseVector
from rag.store.edge import EdgeStore
store = EdgeStore(Path(sys.argv[1]), idle_s=60, min_free_bytes=1 << 20, runtime_dir=Path(sys.argv[2]))
for start in range(0, 1000, 100):
    store.upsert([Point(str(UUID(int=n)), "w", n, bm25=SparseVector((1,), (1.0,))) for n in range(start, start + 100)])
print(json.dumps(len(store.ids("w"))))
store.close()
"""


def test_two_processes_at_once(folder: Path, runtime_dir: Path, open_store: OpenStore) -> None:
    store = open_store()
    store.reset(MANIFEST, 8)
    writer = run_python(WRITER, folder, runtime_dir)
    seen = [0]
    while writer.poll() is None:
        seen.append(len(store.ids("w")))
    assert output(writer) == 1000
    assert seen == sorted(seen)
    assert all(count % 100 == 0 for count in seen), "a batch is seen whole or not at all"
    assert len(store.ids("w")) == 1000


def test_a_folder_copied_while_its_engine_runs_gets_an_engine_of_its_own(
    folder: Path, open_store: OpenStore, engine: EngineOf, some_points: SomePoints
) -> None:
    """The copy holds the address of the engine of the folder it was made from."""
    first = open_store()
    first.reset(MANIFEST, 8)
    first.upsert(some_points(0, 10, "r"))
    copied = replace(engine, folder=folder.with_name("copy"))
    shutil.copytree(folder, copied.folder)
    assert copied.pid == engine.pid
    second = open_store(copied.folder)
    second.upsert(some_points(100, 5, "s"))
    assert (first.report_ids(), second.report_ids()) == ({"r"}, {"r", "s"})
    assert copied.pid != engine.pid


def test_a_folder_that_is_moved_keeps_its_engine(
    folder: Path, open_store: OpenStore, engine: EngineOf, some_points: SomePoints
) -> None:
    first = open_store()
    first.reset(MANIFEST, 8)
    first.upsert(some_points(0, 10, "r"))
    pid = engine.pid
    moved = folder.rename(folder.with_name("moved"))
    folder.symlink_to(moved)
    assert open_store(moved).report_ids() == {"r"}
    assert replace(engine, folder=moved).pid == pid


def test_the_engine_outlives_its_starter(
    folder: Path, runtime_dir: Path, open_store: OpenStore, engine: EngineOf
) -> None:
    pid = output(run_python(RACER, folder, runtime_dir))
    assert isinstance(pid, int)
    assert engine.is_running(pid)
    open_store().manifest()
    assert engine.pid == pid


def test_stale_socket_of_a_dead_engine(open_store: OpenStore, engine: EngineOf) -> None:
    first = open_store()
    first.reset(MANIFEST, 8)
    first.close()
    engine.kill()
    assert engine.socket.is_socket()
    assert open_store().manifest() == MANIFEST


def test_long_folder_and_long_runtime_dir(tmp_path: Path, open_store: OpenStore, engine: EngineOf) -> None:
    folder = tmp_path / ("报" * 60) / ("x" * 150) / "index"
    store = open_store(folder, runtime_dir=tmp_path / ("y" * 120))
    store.reset(MANIFEST, 8)
    assert store.manifest() == MANIFEST
    assert len(json.loads((folder / "engine.json").read_text())["socket"]) < 108


def test_only_the_user_may_connect(open_store: OpenStore, engine: EngineOf) -> None:
    open_store().manifest()
    address = engine.socket
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700


def test_runtime_dir_must_be_ours(tmp_path: Path) -> None:
    launch.make_private(tmp_path / "run", os.getuid())
    (tmp_path / "run").chmod(0o755)
    launch.make_private(tmp_path / "run", os.getuid())
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700
    with pytest.raises(ConfigurationError, match="another user"):
        launch.make_private(tmp_path / "run", os.getuid() + 1)
    (tmp_path / "link").symlink_to(tmp_path / "run")
    with pytest.raises(ConfigurationError, match="TMPDIR"):
        launch.make_private(tmp_path / "link", os.getuid())


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, open_store: OpenStore) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="REPORT_RAG_DATA_DIR"):
        open_store(tmp_path / "file" / "index").manifest()


def _wait_until_stopped(pid: int) -> None:
    deadline = time.monotonic() + 60
    while not all(_state(stat_file) == "T" for stat_file in Path(f"/proc/{pid}/task").glob("*/stat")):
        assert time.monotonic() < deadline, "the engine goes on after SIGSTOP"
        time.sleep(0.01)


def _state(stat_file: Path) -> str:
    """The letter for the state of a thread: R, S, T, ... (proc(5): behind the name in brackets); of one gone, T."""
    try:
        return stat_file.read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "T"


def test_readers_do_not_wait_for_an_engine_that_hangs(
    open_store: OpenStore, engine: EngineOf, some_points: SomePoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "READ_S", 1.0)
    monkeypatch.setattr(launch, "_GREET_S", 1.0)
    monkeypatch.setattr(edge, "_PATIENCE_S", 3.0)
    store = open_store()
    store.reset(MANIFEST, 8)
    store.upsert(some_points(0, 10, "r"))
    told: list[str] = []

    def read() -> None:
        with pytest.raises(StoreError) as refused:
            store.query("bm25", SparseVector((1,), (1.0,)), limit=5)
        told.append(str(refused.value))

    os.kill(engine.pid, signal.SIGSTOP)
    try:
        _wait_until_stopped(engine.pid)  # until then it may answer one more
        begun = time.monotonic()
        readers = [threading.Thread(target=read) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert time.monotonic() - begun < 6  # one after the other they would wait eight seconds
        assert len(told) == 8
        assert all("does not answer" in one for one in told)
    finally:
        os.kill(engine.pid, signal.SIGCONT)
    while time.monotonic() < begun + 30:
        try:
            assert len(store.query("bm25", SparseVector((1,), (1.0,)), limit=5)) == 5
            return
        except StoreError:
            time.sleep(0.2)
    pytest.fail("the engine goes on, and is not asked again")
