"""The killable process itself, with work that misbehaves on command (odd_workers.py)."""

from __future__ import annotations

import importlib
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from ingest.worker import Gone, Usage, Worker, is_out_of_memory, usage_of
from rag.errors import ConfigurationError

Start = Callable[[str], Worker]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))  # the child gets the same path
    started: list[Worker] = []
    others = set(multiprocessing.active_children())

    def begin(name: str = "obey") -> Worker:
        work: Callable[[Connection], None] = getattr(importlib.import_module("odd_workers"), name)
        started.append(Worker(work))
        return started[-1]

    yield begin
    for worker in started:
        worker.close()
    assert set(multiprocessing.active_children()) == others


def ask(worker: Worker, what: str, how_much: float = 0.0, seconds: float = 20.0) -> object:
    worker.ask((what, how_much))
    return worker.answer(seconds, lambda _usage: None)


def test_a_worker_answers_one_question_after_the_other(start: Start) -> None:
    worker = start("obey")
    assert [ask(worker, "nothing"), ask(worker, "sleep", 0.1)] == ["done", "done"]


def test_what_a_worker_prints_reaches_nobody(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    assert ask(start("obey"), "print") == "printed"
    assert capfd.readouterr() == ("", "")


def test_a_worker_cannot_write_to_a_file(start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert ask(start("obey"), "write") == "File too large"
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


def test_a_slow_answer_is_gone_after_the_time_given(start: Start) -> None:
    worker = start("obey")
    before = time.monotonic()
    with pytest.raises(Gone) as caught:
        ask(worker, "sleep", 60, seconds=0.5)
    assert caught.value.end == "slow"
    assert 0.5 <= time.monotonic() - before < 5
    worker.close()
    worker.close()


def test_a_crash_is_named(start: Start) -> None:
    with pytest.raises(Gone, match="SIGSEGV") as caught:
        ask(start("obey"), "crash")
    assert caught.value.end == "crash"


def test_asking_one_that_is_dead_is_gone_too(start: Start) -> None:
    others = set(multiprocessing.active_children())
    worker = start("obey")
    (child,) = set(multiprocessing.active_children()) - others
    child.kill()
    with pytest.raises(Gone) as caught:
        ask(worker, "nothing")
    assert caught.value.end == "crash"


def test_the_watch_sees_memory_and_processor_time(start: Start) -> None:
    worker = start("obey")
    seen: list[Usage] = []
    for what, how_much in (("hold", 200), ("compute", 0.6)):
        worker.ask((what, how_much))
        worker.answer(30, seen.append)
    assert max(usage.resident_mb for usage in seen) > 200
    assert seen[-1].cpu_seconds - seen[0].cpu_seconds > 0.3


def test_the_watch_can_end_it(start: Start) -> None:
    worker = start("obey")

    def watch(usage: Usage) -> None:
        if usage.resident_mb > 150:
            raise Gone("memory", "too much")

    worker.ask(("hold", 300))
    with pytest.raises(Gone, match="too much"):
        worker.answer(30, watch)


def test_what_is_allowed_is_all_that_can_be_had(start: Start) -> None:
    assert ask(start("obey"), "allow", 300) is True


def test_a_worker_that_does_not_start_is_an_error_of_the_set_up(start: Start) -> None:
    with pytest.raises(ConfigurationError, match="exit code 7"):
        start("never_ready")


def test_usage_of_nobody_is_nothing() -> None:
    assert usage_of(2**22 + 1) == Usage(0.0, 0.0)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (RuntimeError("code=2: malloc (400000000 bytes) failed"), True),
        (RuntimeError("std::bad_alloc"), True),
        (RuntimeError("cycle in page tree"), False),
    ],
)
def test_want_of_memory_is_known_by_its_words(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


ORPHAN = """
import sys, multiprocessing
sys.path.insert(0, {folder!r})
import odd_workers
from ingest.worker import Worker
if __name__ == "__main__":
    worker = Worker(odd_workers.obey)
    print(multiprocessing.active_children()[0].pid, flush=True)
    worker.ask(("compute", 60))
    worker.answer(60, lambda usage: None)
"""


def test_a_worker_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHAN.format(folder=str(Path(__file__).parent)))
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.3)
        assert worker.is_running()
        parent.kill()
        gone, _ = psutil.wait_procs([worker], timeout=5)
        assert gone
