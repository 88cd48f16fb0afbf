"""The worker behind the queue: what one that ends or dies leaves, and two of them over one data directory."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from api.jobs import UPLOAD, queue_file, queue_upload, queue_vanished
from api.receive import Received
from api.worker import MOST_TRIES, Worker, put_back, sweep, uploads_of
from rag.catalog import Job
from rag.config import Settings
from rag.errors import NotFoundError
from rag.ports import Embedder
from rag.service import Service
from rag.store.edge import EdgeStore

MakePdf = Callable[..., Path]


@pytest.fixture
def service(tmp_path: Path, embedder: Embedder) -> Iterator[Service]:
    service = Service(Settings(data_dir=tmp_path / "data"))
    service.embedder = embedder
    _ = service.catalog
    yield service
    service.close()
    EdgeStore(tmp_path / "data" / "index").shutdown_engine()


def folder_of(service: Service) -> Path:
    folder = uploads_of(service.settings.data_dir)
    folder.mkdir(exist_ok=True)
    return folder


def received(service: Service, make_pdf: MakePdf, pages: int = 1, name: str = "a.pdf") -> Received:
    texts = [f"Page {number} tells of the harbour of Velde and its {number} cranes." for number in range(pages)]
    path = make_pdf(folder_of(service) / f"{name}-{pages}.pdf", texts)
    return Received(path, name, "0" * 63 + str(pages % 10))


def submit(service: Service, make_pdf: MakePdf, pages: int = 1) -> Job:
    return queue_upload(service.catalog, received(service, make_pdf, pages))


@contextmanager
def working(service: Service) -> Iterator[threading.Event]:
    """A worker in a thread of this process."""
    stop = threading.Event()
    thread = threading.Thread(target=Worker(service, stop).run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def until(service: Service, job: Job, *states: str) -> Job:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        now = service.catalog.job(job.id)
        if now.state in states:
            return now
        time.sleep(0.02)
    raise AssertionError(f"job never was {states}")


def test_stopped_in_the_middle_the_next_worker_does_it(service: Service, make_pdf: MakePdf) -> None:
    job = submit(service, make_pdf, pages=80)
    with working(service):
        until(service, job, "running")
    released = service.catalog.job(job.id)
    assert (released.state, released.tries) == ("queued", 0)
    assert service.catalog.reports() == []
    with working(service):
        done = until(service, job, "done", "failed")
    assert done.state == "done", done.result
    assert service.catalog.reports()[0].page_count == 80
    assert list(folder_of(service).glob("*.pdf")) == []


def test_job_of_a_dead_worker_runs_again(service: Service, make_pdf: MakePdf) -> None:
    job = submit(service, make_pdf)
    assert service.catalog.next_job(UPLOAD) is not None
    with working(service):
        assert until(service, job, "done", "failed").state == "done"


def test_one_worker_works_at_a_time(service: Service, make_pdf: MakePdf) -> None:
    job = submit(service, make_pdf)
    lock = FileLock(folder_of(service) / "worker.lock")
    with lock.acquire(), working(service):
        time.sleep(0.5)
        assert service.catalog.job(job.id).state == "queued"
        lock.release()
        assert until(service, job, "done", "failed").state == "done"


def test_fault_of_the_setup_fails_the_job_and_the_next_one_runs(service: Service, make_pdf: MakePdf) -> None:
    jobs = [submit(service, make_pdf, pages) for pages in (1, 2)]
    files = service.settings.data_dir / "files"
    files.write_text("in the way")
    with working(service):
        failed = until(service, jobs[0], "failed")
        files.unlink(missing_ok=True)
        assert "cannot be written to" in str(failed.result)
        until(service, jobs[1], "done", "failed")
        third = submit(service, make_pdf, pages=3)
        assert until(service, third, "done", "failed").state == "done"


def test_progress_is_told_and_a_cancelled_job_leaves_nothing(service: Service, make_pdf: MakePdf) -> None:
    job = submit(service, make_pdf, pages=80)
    with working(service):
        until(service, job, "running")
        while not service.catalog.job(job.id).done:
            time.sleep(0.02)
        now = service.catalog.job(job.id)
        assert (now.stage, now.total) == ("pages", 80) or now.stage == "chunks"
        service.catalog.cancel_job(job.id)
        assert until(service, job, "cancelled", "done").state == "cancelled"
        assert service.catalog.reports() == []
        service.catalog.retry_job(job.id)
        assert until(service, job, "done", "failed").state == "done"


def test_a_job_that_kills_every_worker_is_given_up(service: Service, make_pdf: MakePdf) -> None:
    job = submit(service, make_pdf)
    for _ in range(MOST_TRIES):
        put_back(service.catalog)
        assert service.catalog.next_job(UPLOAD) is not None
    put_back(service.catalog)
    given_up = service.catalog.job(job.id)
    assert given_up.state == "failed"
    assert f"died {MOST_TRIES} times" in str(given_up.result)


def test_files_of_a_folder_come_change_and_vanish(service: Service, make_pdf: MakePdf, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "port.pdf", ["The port of Velde has 7 cranes and is to get more of them."])
    path.with_suffix(".json").write_text('{"title": "Cranes"}')
    with working(service):
        until(service, queue_file(service.catalog, path, str(path)), "done")
        (first,) = service.catalog.reports()
        assert first.title == "Cranes"
        make_pdf(path, ["The port of Velde has 8 cranes by now and is to get more."])
        until(service, queue_file(service.catalog, path, str(path)), "done")
        (second,) = service.catalog.reports()
        assert second.id != first.id
        gone = until(service, queue_vanished(service.catalog, str(path)), "done")
        assert second.id in str(gone.result)
        assert service.catalog.reports() == []
        path.unlink()
        lost = until(service, queue_file(service.catalog, path, str(path)), "failed")
        assert "No such file" in str(lost.result)


def test_reports_without_a_digest_get_one(service: Service, make_pdf: MakePdf) -> None:
    job = submit(service, make_pdf)
    with working(service):
        done = until(service, job, "done")
        report_id = service.catalog.reports()[0].id
        deadline = time.monotonic() + 30
        while service.catalog.digest(report_id, "brief") is None and time.monotonic() < deadline:
            time.sleep(0.05)
    assert done.state == "done"
    assert service.catalog.digest(report_id, "brief") is not None


def test_put_back_leaves_other_jobs_alone(service: Service) -> None:
    catalog = service.catalog
    other, ended, running, unwanted = (catalog.add_job(kind, "{}") for kind in ("other", UPLOAD, UPLOAD, UPLOAD))
    for job, state in ((other, "running"), (ended, "done"), (running, "running"), (unwanted, "running")):
        catalog.update_job(job.id, state)  # type: ignore[arg-type]  # plain strings
    catalog.cancel_job(unwanted.id)
    put_back(catalog)
    states = [catalog.job(job.id).state for job in (other, ended, running, unwanted)]
    assert states == ["running", "done", "queued", "cancelled"]


def test_sweep_takes_only_old_files_that_no_job_wants(service: Service, make_pdf: MakePdf) -> None:
    waiting, failed, old = (received(service, make_pdf, pages) for pages in (1, 2, 3))
    queue_upload(service.catalog, waiting)
    for file in (failed, old):
        service.catalog.update_job(queue_upload(service.catalog, file).id, "failed")
    folder = folder_of(service)
    stray, arriving = folder / "stray.pdf", folder / "arriving.pdf"
    stray.touch()
    arriving.touch()
    day = time.time() - 86400
    for file, written in ((waiting.path, 0.0), (stray, 0.0), (failed.path, day), (old.path, day - 30 * 86400)):
        os.utime(file, (written, written))
    sweep(service.catalog, folder)
    assert {file.name for file in folder.glob("*.pdf")} == {waiting.path.name, failed.path.name, "arriving.pdf"}


def test_no_file_is_kept_without_a_job(service: Service, make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    file = received(service, make_pdf)

    def fail(_kind: str, _payload: str) -> Job:
        raise NotFoundError("no catalog")

    monkeypatch.setattr(service.catalog, "add_job", fail)
    with pytest.raises(NotFoundError):
        queue_upload(service.catalog, file)
    assert not file.path.exists()
