"""Jobs of the catalog in, reports out, one after the other; and digests of the reports that have none.

The queue is in the catalog, so it outlives server and worker. Of several workers over one data directory one works at a
time, because it holds the lock of the folder of uploads: a job that it finds running was left by one that died.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from api.jobs import FILE, KINDS, UPLOAD, VANISHED, Task, task_of
from ingest.discover import Found, sidecar_of
from ingest.pipeline import Outcome, Pipeline, is_left
from ingest.service import open_pipeline
from rag.catalog import Catalog, Job, JobState
from rag.errors import ReportRagError, StoreError
from rag.service import Service

POLL_S = 0.25
MOST_TRIES = 3  # a job over which the worker died so often is not begun again
_PROGRESS_S = 0.25
_KEPT_S = 7 * 86400.0  # the file of an upload that failed or was cancelled stays so long, to be tried again
_STRAY_S = 3600.0  # a file that no job names and nobody has written to for so long was left by a server that died


class _StoppedError(Exception):
    """The worker ends in the middle of a file."""


class _CancelledError(Exception):
    """Someone cancelled the job."""


def uploads_of(data_dir: Path) -> Path:
    """The folder where uploads wait."""
    return data_dir / "uploads"


class Worker:
    """`run` works until `stop` is set. Its parts are those of a service of its own process or thread."""

    def __init__(self, service: Service, stop: threading.Event) -> None:
        self._service = service
        self._stop = stop
        self._folder = uploads_of(service.settings.data_dir)
        self._undigestible: set[str] = set()
        self._job: Job | None = None
        self._told = 0.0
        self._stage = ""

    def run(self) -> None:
        """Work as the only worker of the data directory; a fault of catalog or disk may pass, and the work goes on."""
        while not self._stop.is_set():
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                with FileLock(self._folder / "worker.lock").acquire(timeout=0):
                    self._work()
            except Timeout:
                self._stop.wait(POLL_S)  # another worker works
            except Exception as exc:
                structlog.get_logger().error("jobs wait", error=f"{type(exc).__name__}: {exc}")
                self._stop.wait(4 * POLL_S)

    def _work(self) -> None:
        put_back(self._service.catalog)
        sweep(self._service.catalog, self._folder)
        self._recover()
        while not self._stop.is_set():
            job = self._service.catalog.next_job(*KINDS)
            if job is not None:
                self._do_all(job)
            elif not self._digest_one():
                self._stop.wait(POLL_S)

    def _recover(self) -> None:
        """Finish what a process that died had begun with reports; not only when the next file comes."""
        if not is_left(self._service.catalog):
            return
        try:
            with open_pipeline(self._service) as pipeline, pipeline.lock:
                pipeline.recover()
        except ReportRagError as exc:  # whoever writes next tries again, and a job has a reason to tell
            structlog.get_logger().error("reports stay half done", error=str(exc))

    # --- jobs --------------------------------------------------------------------------------------------------------

    def _do_all(self, job: Job) -> None:
        """This job and those that wait behind it, with one pipeline: it looks at the index's settings when it opens."""
        claimed: Job | None = job
        wrote = False
        try:
            with open_pipeline(self._service) as pipeline:
                while claimed is not None:
                    wrote = self._do(pipeline, claimed) or wrote
                    claimed = None  # its end is written down
                    claimed = None if self._stop.is_set() else self._service.catalog.next_job(*KINDS)
                if wrote and not self._stop.is_set():
                    pipeline.store.optimize()
        except Exception as exc:
            if claimed is None:
                raise
            self._fail(claimed, exc)

    def _do(self, pipeline: Pipeline, job: Job) -> bool:
        """One job to its end; tells whether the index was written to."""
        task = task_of(job)
        self._job, self._stage, self._told = job, "", 0.0
        try:
            if job.kind == VANISHED:
                gone = pipeline.detach(task.source)
                self._end(job, "done", _result("removed" if gone else "source removed", gone))
                return gone is not None
            outcome = self._ingest(pipeline, job, task)
        except _CancelledError:
            self._end(job, "cancelled", {})
            return False
        if outcome.status == "failed":
            reason = (outcome.reason or "cannot be read").replace(str(self._folder / task.file), task.name)
            self._end(job, "failed", {"reason": reason})
            return False
        self._end(job, "done", _outcome_result(outcome))
        return outcome.status in ("added", "updated")

    def _ingest(self, pipeline: Pipeline, job: Job, task: Task) -> Outcome:
        if job.kind == FILE:
            path = Path(task.file)
            return pipeline.ingest_one(Found(path, task.source, sidecar=sidecar_of(path)), self._seen)
        outcome = pipeline.ingest_one(Found(self._folder / task.file, task.source), self._seen, task.name)
        if outcome.status == "failed":
            pipeline.catalog.clear_failure(task.source)  # the job has the reason; nobody could ingest this key again
        return outcome

    def _seen(self, stage: str, done: int, total: int) -> None:
        """Called by the pipeline at every page and chunk: the place to stop, and to say how far it is."""
        if self._stop.is_set():
            raise _StoppedError
        now = time.monotonic()
        if self._job is None or (stage == self._stage and done < total and now - self._told < _PROGRESS_S):
            return
        self._stage, self._told = stage, now
        with suppress(StoreError):  # no reason to lose the work
            if self._service.catalog.progress_job(self._job.id, stage, done, total):
                raise _CancelledError

    def _fail(self, job: Job, exc: Exception) -> None:
        if self._stop.is_set():  # whatever it was, the next worker does the job again
            self._service.catalog.release_job(job.id)
            return
        if isinstance(exc, ReportRagError):
            reason = str(exc)
        else:
            reason = "the server met a fault of its own: its log has the details"
            structlog.get_logger().error("job failed", job=job.id, exc_info=exc)
        self._end(job, "failed", {"reason": reason})

    def _end(self, job: Job, state: JobState, result: dict[str, object]) -> None:
        self._service.catalog.update_job(job.id, state, json.dumps(result))
        if job.kind == UPLOAD and state == "done":
            (self._folder / task_of(job).file).unlink(missing_ok=True)  # last: a job that runs again needs its file

    # --- digests -----------------------------------------------------------------------------------------------------

    def _digest_one(self) -> bool:
        """Make the brief digest of one report that has none; tells whether there was one to make."""
        if self._service.settings.digests != "auto":
            return False
        catalog = self._service.catalog
        waiting = catalog.undigested("brief", limit=len(self._undigestible) + 1)
        report_id = next((one for one in waiting if one not in self._undigestible), None)
        if report_id is None:
            return False
        try:
            self._service.digester.digest(catalog.report(report_id), "brief")
        except ReportRagError as exc:  # deleted meanwhile, or it holds nothing that a digest could be made of
            self._undigestible.add(report_id)
            structlog.get_logger().info("no digest", report=report_id, reason=str(exc))
        return True


def _result(status: str, report_id: str | None) -> dict[str, object]:
    return {"status": status, "report_id": report_id, "pages": 0, "chunks": 0, "warnings": []}


def _outcome_result(outcome: Outcome) -> dict[str, object]:
    counts = {"pages": outcome.pages, "chunks": outcome.chunks, "warnings": list(outcome.warnings)}
    return {**_result(outcome.status, outcome.report_id), **counts}


# --- after a worker that died ----------------------------------------------------------------------------------------


def put_back(catalog: Catalog) -> None:
    """Queue the running jobs again, save those that kill every worker. Only for who knows that nobody works on them."""
    for job in catalog.jobs_in(("running",), *KINDS):
        if job.stopping:
            catalog.update_job(job.id, "cancelled", "{}")
        elif job.tries >= MOST_TRIES:
            reason = f"the worker died {job.tries} times over this file: see the server's log, then try again"
            catalog.update_job(job.id, "failed", json.dumps({"reason": reason}))
        else:
            catalog.update_job(job.id, "queued")


def sweep(catalog: Catalog, folder: Path) -> None:
    """Delete files that no job wants, save those that may be arriving."""
    waiting = {task_of(job).file for job in catalog.unfinished_jobs(UPLOAD)}
    ended = {task_of(job).file for job in catalog.jobs_in(("failed", "cancelled"), UPLOAD)}
    for file in folder.glob("*.pdf"):
        age = time.time() - file.stat().st_mtime
        if file.name not in waiting and age > (_KEPT_S if file.name in ended else _STRAY_S):
            file.unlink(missing_ok=True)
