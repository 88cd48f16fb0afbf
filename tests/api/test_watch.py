"""A folder that is watched: each file handled once, also after a restart, whoever dies when."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.jobs import FILE, VANISHED
from api.watch import WatchedFolder, watch_folder
from api.worker import Worker
from rag.catalog import Job
from rag.config import Settings
from rag.errors import UsageError
from rag.ports import Embedder
from rag.service import Service
from rag.store.edge import EdgeStore

Write = Callable[..., Path]


@pytest.fixture
def service(tmp_path: Path, embedder: Embedder) -> Iterator[Service]:
    service = Service(Settings(data_dir=tmp_path / "data", digests="asked"))
    service.embedder = embedder
    _ = service.catalog
    yield service
    service.close()
    EdgeStore(tmp_path / "data" / "index").shutdown_engine()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path, make_pdf: Callable[..., Path]) -> Write:
    """`write("a.pdf", "text")`: a file that nobody has written to for long."""

    def made(name: str, text: str) -> Path:
        path = make_pdf(folder / name, [text])
        os.utime(path, (1.7e9 + len(text), 1.7e9 + len(text)))
        return path

    return made


def work(service: Service) -> None:
    """Do all that waits."""
    stop = threading.Event()
    thread = threading.Thread(target=Worker(service, stop).run)
    thread.start()
    deadline = time.monotonic() + 60
    while service.catalog.unfinished_jobs(FILE, VANISHED):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    stop.set()
    thread.join()


def looked(watched: WatchedFolder) -> list[tuple[str, str]]:
    """Kind and file name of what a look queued."""
    return [(job.kind, job.payload.rsplit('"name": "', 1)[1][:-2]) for job in watched.look().queued]


def names(service: Service) -> set[str]:
    return {Path(source).name for report in service.catalog.reports() for source in report.sources}


def test_files_come_change_move_and_vanish_once_each(service: Service, folder: Path, write: Write) -> None:
    write("a.pdf", "The weir of Arlund was raised by 2 metres.")
    write("b.pdf", "The weir of Brevik was raised by 3 metres.")
    watched = WatchedFolder(service.catalog, folder)
    assert looked(watched) == [(FILE, "a.pdf"), (FILE, "b.pdf")]
    assert looked(watched) == []
    work(service)
    assert looked(watched) == looked(WatchedFolder(service.catalog, folder)) == []
    assert names(service) == {"a.pdf", "b.pdf"}

    write("a.pdf", "The weir of Arlund was raised by 4 metres, after all.")
    (folder / "b.pdf").rename(folder / "c.pdf")
    before = {report.id for report in service.catalog.reports()}
    assert looked(watched) == [(FILE, "a.pdf"), (FILE, "c.pdf"), (VANISHED, "b.pdf")]
    work(service)
    assert names(service) == {"a.pdf", "c.pdf"}
    assert len(before & {report.id for report in service.catalog.reports()}) == 1  # the file that moved
    (folder / "c.pdf").unlink()
    assert looked(WatchedFolder(service.catalog, folder)) == [(VANISHED, "c.pdf")]
    work(service)
    assert names(service) == {"a.pdf"}
    assert looked(watched) == []


def test_what_waits_or_failed_is_not_queued_again_after_a_restart(service: Service, folder: Path, write: Write) -> None:
    write("a.pdf", "The dam of Corholm holds 9 million litres.")
    bad = folder / "bad.pdf"
    bad.write_bytes(b"no PDF")
    os.utime(bad, (1.7e9, 1.7e9))
    assert len(looked(WatchedFolder(service.catalog, folder))) == 2
    again = WatchedFolder(service.catalog, folder).look()
    assert (again.queued, again.again) == ((), True)
    work(service)
    assert looked(WatchedFolder(service.catalog, folder)) == []
    assert [Path(failure.source).name for failure in service.catalog.failures()] == ["bad.pdf"]
    bad.write_bytes(b"still no PDF")
    os.utime(bad, (1.7e9, 1.7e9))
    assert looked(WatchedFolder(service.catalog, folder)) == [(FILE, "bad.pdf")]
    work(service)
    bad.unlink()
    assert looked(WatchedFolder(service.catalog, folder)) == []
    assert service.catalog.failures() == []


def test_a_file_that_is_being_written_is_left_alone(service: Service, folder: Path, write: Write) -> None:
    path = write("a.pdf", "The quay of Dalsund is 400 metres long.")
    path.touch()
    watched = WatchedFolder(service.catalog, folder)
    look = watched.look()
    assert (look.queued, look.again) == ((), True)
    os.utime(path, (1.7e9, 1.7e9))
    assert looked(watched) == [(FILE, "a.pdf")]


def test_a_sidecar_that_changes_is_read(service: Service, folder: Path, write: Write) -> None:
    path = write("a.pdf", "The mole of Elnes is 90 metres long.")
    watched = WatchedFolder(service.catalog, folder)
    watched.look()
    work(service)
    watched.look()
    path.with_suffix(".json").write_text('{"title": "Moles"}')
    assert looked(watched) == [(FILE, "a.pdf")]
    work(service)
    assert [report.title for report in service.catalog.reports()] == ["Moles"]


def test_a_folder_that_is_not_mounted_takes_nothing_away(service: Service, folder: Path, write: Write) -> None:
    path = write("a.pdf", "The slip of Fjordby is 12 metres wide.")
    watched = WatchedFolder(service.catalog, folder)
    watched.look()
    work(service)
    path.unlink()
    assert looked(watched) == []
    folder.rmdir()
    assert looked(watched) == []
    assert names(service) == {"a.pdf"}
    with pytest.raises(UsageError, match="is no folder"):
        WatchedFolder(service.catalog, folder)


def test_changes_are_seen_as_they_happen(service: Service, folder: Path, write: Write) -> None:
    stop, queued = threading.Event(), list[Job]()
    arguments = (service.catalog, folder, stop, queued.append, lambda: None)
    thread = threading.Thread(target=watch_folder, args=arguments)
    thread.start()
    try:
        time.sleep(0.5)
        write("a.pdf", "The lock of Granvik takes 7 barges.")
        deadline = time.monotonic() + 20
        while not queued and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(10)
    assert [job.kind for job in queued] == [FILE]
    assert not thread.is_alive()
