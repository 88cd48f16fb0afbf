"""The worker as a process: started when there is work, taken up again when it was killed, ended with its server."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.jobs import queue_upload
from api.receive import Received
from api.worker import uploads_of
from api.worker_process import WorkerProcess
from ingest.discover import discover
from ingest.service import open_pipeline
from rag.catalog import Job
from rag.config import Settings
from rag.service import Service
from rag.store.edge import EdgeStore

MakePdf = Callable[..., Path]


@pytest.fixture
def service(tmp_path: Path, model_folder: Path) -> Iterator[Service]:
    settings = Settings(data_dir=tmp_path / "data", embed_model=str(model_folder), digests="asked", ocr="never")
    service = Service(settings)
    _ = service.catalog
    yield service
    service.close()
    EdgeStore(tmp_path / "data" / "index").shutdown_engine()


@pytest.fixture
def process(service: Service) -> Iterator[WorkerProcess]:
    process = WorkerProcess(service.settings, service.catalog)
    process.start()
    yield process
    process.stop()


def submit(service: Service, make_pdf: MakePdf, pages: int) -> Job:
    folder = uploads_of(service.settings.data_dir)
    folder.mkdir(exist_ok=True)
    texts = [f"Page {number} tells of the harbour of Velde and its {number} cranes." for number in range(pages)]
    return queue_upload(service.catalog, Received(make_pdf(folder / f"{pages}.pdf", texts), "a.pdf", f"{pages:064}"))


def until(holds: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_killed_worker_is_started_again_and_does_its_job(
    service: Service, process: WorkerProcess, make_pdf: MakePdf
) -> None:
    time.sleep(0.3)
    assert (process.state, process.pid) == ("idle", None)
    job = submit(service, make_pdf, 60)
    process.wake()
    until(lambda: service.catalog.job(job.id).done > 2)
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: service.catalog.job(job.id).state in ("done", "failed"))
    done = service.catalog.job(job.id)
    assert (done.state, done.tries) == ("done", 2), done.result
    assert process.pid not in (None, first)
    assert process.state == "running"
    assert service.catalog.reports()[0].page_count == 60
    assert service.catalog.unfinished() == []


def test_a_worker_that_is_told_to_end_leaves_its_job_to_the_next(
    service: Service, process: WorkerProcess, make_pdf: MakePdf
) -> None:
    job = submit(service, make_pdf, 80)
    process.wake()
    until(lambda: service.catalog.job(job.id).done > 0)
    pid = process.pid
    process.stop()
    left = service.catalog.job(job.id)
    assert (left.state, left.tries) == ("queued", 0)
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_report_that_died_half_deleted_goes_when_the_next_server_starts(
    service: Service, tmp_path: Path, make_pdf: MakePdf
) -> None:
    with open_pipeline(service) as pipeline:
        (outcome,) = pipeline.ingest(discover([make_pdf(tmp_path / "a.pdf", ["Velde has 14 cranes in its harbour."])]))
    service.catalog.hide(str(outcome.report_id))  # as far as a delete came that was killed just then
    process = WorkerProcess(service.settings, service.catalog)
    process.start()
    try:
        until(lambda: service.catalog.unfinished() == [])
        until(lambda: not list((service.settings.data_dir / "files").rglob("*.pdf")))
        assert service.store.ids() == set()
    finally:
        process.stop()
