"""Uploaded files in, jobs in the catalog out; and the one thread that turns such jobs into reports.

The queue is in the catalog, so it outlives the server. Of several servers over one data directory one works at a time,
because it holds the lock of the folder of uploads: a job that it finds running was left by a server that died.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from api.routes.receive import Received
from ingest.discover import Found
from ingest.pipeline import Outcome, Pipeline
from ingest.service import open_pipeline
from rag.catalog import Catalog, Job, JobState
from rag.errors import NotFoundError, ReportRagError
from rag.service import Service

KIND = "upload"
POLL_S = 1.0  # other servers queue jobs too
_STOP_S = 10.0
_STRAY_S = 3600.0  # a file that no job names and nobody has written to for so long was left by a server that died


@dataclass(frozen=True, slots=True)
class Upload:
    """What a job carries: the file's name in the folder of uploads, the key its report is kept under, and a label."""

    file: str
    source: str
    name: str


class _StoppedError(Exception):
    """The server ends in the middle of a file."""


def upload_of(job: Job) -> Upload:
    """NotFoundError for a job of another kind."""
    if job.kind != KIND:
        raise NotFoundError(f"job {job.id} is no upload: use the id that the upload gave")
    return Upload(**json.loads(job.payload))


class UploadWorker:
    """Owns the thread between `start` and `stop`. `folder` is where uploads wait for it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.folder = service.settings.data_dir / "uploads"
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="report-rag-uploads")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a file in work goes back to the queue. One that waits for another process is left to die."""
        self._stop.set()
        self._wake.set()
        self._thread.join(_STOP_S)

    def submit(self, received: Received) -> Job:
        """Queue a file. The key has its hash, so two files of one name are two reports, and one file sent twice is one."""
        upload = Upload(received.path.name, f"upload:{received.sha256[:16]}/{received.name}", received.name)
        try:
            job = self._service.catalog.add_job(KIND, json.dumps(asdict(upload)))
        except BaseException:
            received.path.unlink(missing_ok=True)
            raise
        self._wake.set()
        return job

    # --- in the thread -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                with FileLock(self.folder / "worker.lock").acquire(timeout=0):
                    self._work()
            except Timeout:
                self._pause()  # another server works
            except Exception as exc:  # a fault of catalog or disk may pass, and the server serves on
                structlog.get_logger().error("uploads wait", error=f"{type(exc).__name__}: {exc}")
                self._pause()

    def _work(self) -> None:
        put_back(self._service.catalog)
        sweep(self._service.catalog, self.folder)
        while not self._stop.is_set():
            job = self._service.catalog.next_job(KIND)
            if job is None:
                self._pause()
            else:
                self._do_all(job)

    def _pause(self) -> None:
        self._wake.wait(POLL_S)
        if not self._stop.is_set():
            self._wake.clear()

    def _do_all(self, job: Job) -> None:
        """This job and those that wait behind it, with one pipeline: it looks at the index's settings when it opens."""
        claimed: Job | None = job
        wrote = False
        try:
            with open_pipeline(self._service) as pipeline:
                while claimed is not None:
                    wrote = self._do(pipeline, claimed) or wrote
                    claimed = None  # its end is written down
                    claimed = None if self._stop.is_set() else self._service.catalog.next_job(KIND)
                if wrote and not self._stop.is_set():
                    pipeline.store.optimize()
        except Exception as exc:
            if claimed is None:
                raise
            self._fail(claimed, exc)

    def _do(self, pipeline: Pipeline, job: Job) -> bool:
        """One job to its end; tells whether the index was written to."""
        upload = upload_of(job)
        path = self.folder / upload.file
        outcome = pipeline.ingest_one(Found(path, upload.source), self._seen, upload.name)
        if outcome.status == "failed":
            pipeline.catalog.clear_failure(upload.source)  # the job has the reason; nobody could ingest this key again
            reason = (outcome.reason or "cannot be read").replace(str(path), upload.name)
            self._end(job, "failed", {"reason": reason})
            return False
        self._end(job, "done", _result(outcome))
        return outcome.status == "added"

    def _seen(self, _stage: str, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise _StoppedError

    def _fail(self, job: Job, exc: Exception) -> None:
        if self._stop.is_set():  # whatever it was, the next server does the job again
            self._service.catalog.update_job(job.id, "queued")
            return
        if isinstance(exc, ReportRagError):
            reason = str(exc)
        else:
            reason = "the server met a fault of its own: its log has the details"
            structlog.get_logger().error("upload failed", job=job.id, exc_info=exc)
        self._end(job, "failed", {"reason": reason})

    def _end(self, job: Job, state: JobState, result: dict[str, object]) -> None:
        self._service.catalog.update_job(job.id, state, json.dumps(result))
        (self.folder / upload_of(job).file).unlink(missing_ok=True)  # last: a job that runs again needs its file


def _result(outcome: Outcome) -> dict[str, object]:
    return {
        "status": outcome.status,
        "report_id": outcome.report_id,
        "pages": outcome.pages,
        "chunks": outcome.chunks,
        "warnings": list(outcome.warnings),
    }


# --- after a server that died ----------------------------------------------------------------------------------------


def put_back(catalog: Catalog) -> None:
    """Queue the running jobs again. Only for who knows that nobody works on them."""
    for job in catalog.unfinished_jobs(KIND):
        if job.state == "running":
            catalog.update_job(job.id, "queued")


def sweep(catalog: Catalog, folder: Path) -> None:
    """Delete files that no unfinished job names, save those that may be arriving."""
    wanted = {upload_of(job).file for job in catalog.unfinished_jobs(KIND)}
    for file in folder.glob("*.pdf"):
        if file.name not in wanted and time.time() - file.stat().st_mtime > _STRAY_S:
            file.unlink(missing_ok=True)
