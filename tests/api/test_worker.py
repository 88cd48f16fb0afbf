"""The thread behind uploads: what a server that ends or dies leaves, and two servers over one data directory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from api.routes.receive import Received
from api.worker import KIND, UploadWorker, put_back, sweep
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


def received(worker: UploadWorker, make_pdf: MakePdf, pages: int = 1, name: str = "a.pdf") -> Received:
    worker.folder.mkdir(exist_ok=True)
    texts = [f"Page {number} tells of the harbour of Velde and its {number} cranes." for number in range(pages)]
    path = make_pdf(worker.folder / f"{name}-{pages}.pdf", texts)
    return Received(path, name, "0" * 63 + str(pages % 10))


def until(service: Service, job: Job, *states: str) -> Job:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        now = service.catalog.job(job.id)
        if now.state in states:
            return now
        time.sleep(0.02)
    raise AssertionError(f"job never was {states}")


def test_stopped_in_the_middle_the_next_server_does_it(service: Service, make_pdf: MakePdf) -> None:
    first = UploadWorker(service)
    job = first.submit(received(first, make_pdf, pages=80))
    first.start()
    until(service, job, "running")
    first.stop()
    assert service.catalog.job(job.id).state == "queued"
    assert service.catalog.reports() == []
    second = UploadWorker(service)
    second.start()
    done = until(service, job, "done", "failed")
    second.stop()
    assert done.state == "done", done.result
    assert service.catalog.reports()[0].page_count == 80
    assert list(second.folder.glob("*.pdf")) == []


def test_job_of_a_dead_server_runs_again(service: Service, make_pdf: MakePdf) -> None:
    worker = UploadWorker(service)
    job = worker.submit(received(worker, make_pdf))
    claimed = service.catalog.next_job(KIND)
    assert claimed is not None
    worker.start()
    done = until(service, job, "done", "failed")
    worker.stop()
    assert done.state == "done"


def test_one_server_works_at_a_time(service: Service, make_pdf: MakePdf) -> None:
    worker = UploadWorker(service)
    job = worker.submit(received(worker, make_pdf))
    with FileLock(worker.folder / "worker.lock"):
        worker.start()
        time.sleep(0.5)
        assert service.catalog.job(job.id).state == "queued"
    assert until(service, job, "done", "failed").state == "done"
    worker.stop()


def test_fault_of_the_setup_fails_the_job_and_the_next_one_runs(service: Service, make_pdf: MakePdf) -> None:
    worker = UploadWorker(service)
    first = worker.submit(received(worker, make_pdf, pages=1))
    second = worker.submit(received(worker, make_pdf, pages=2))
    files = service.settings.data_dir / "files"
    files.write_text("in the way")
    worker.start()
    failed = until(service, first, "failed")
    files.unlink(missing_ok=True)
    assert "cannot be written to" in str(failed.result)
    until(service, second, "done", "failed")
    third = worker.submit(received(worker, make_pdf, pages=3))
    assert until(service, third, "done", "failed").state == "done"
    worker.stop()


def test_put_back_leaves_other_jobs_alone(service: Service) -> None:
    catalog = service.catalog
    other, ended, running = catalog.add_job("digest", "{}"), catalog.add_job(KIND, "{}"), catalog.add_job(KIND, "{}")
    catalog.update_job(other.id, "running")
    catalog.update_job(ended.id, "done")
    catalog.update_job(running.id, "running")
    put_back(catalog)
    assert [catalog.job(job.id).state for job in (other, ended, running)] == ["running", "done", "queued"]


def test_sweep_takes_only_old_files_that_no_job_names(service: Service, make_pdf: MakePdf) -> None:
    worker = UploadWorker(service)
    waiting = received(worker, make_pdf)
    worker.submit(waiting)
    stray, arriving = worker.folder / "stray.pdf", worker.folder / "arriving.pdf"
    stray.touch()
    arriving.touch()
    for file in (waiting.path, stray):
        os.utime(file, (0, 0))
    sweep(service.catalog, worker.folder)
    assert waiting.path.exists()
    assert arriving.exists()
    assert not stray.exists()


def test_submit_keeps_no_file_without_a_job(
    service: Service, make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = UploadWorker(service)
    file = received(worker, make_pdf)

    def fail(_kind: str, _payload: str) -> Job:
        raise NotFoundError("no catalog")

    monkeypatch.setattr(service.catalog, "add_job", fail)
    with pytest.raises(NotFoundError):
        worker.submit(file)
    assert not file.path.exists()
