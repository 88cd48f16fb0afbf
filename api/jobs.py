"""What there is to do in, jobs of the catalog out; and a job back to what it is about.

Three kinds, one queue: an uploaded file, a file of a watched folder, and one that vanished from there.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from api.receive import Received
from rag.catalog import Catalog, Job

UPLOAD, FILE, VANISHED = "upload", "file", "vanished"
KINDS = (UPLOAD, FILE, VANISHED)


@dataclass(frozen=True, slots=True)
class Task:
    """`file` is a name in the folder of uploads or a whole path, `source` the key of the report, `name` a label."""

    file: str
    source: str
    name: str


def task_of(job: Job) -> Task:
    """What a job is about."""
    return Task(**json.loads(job.payload))


def queue_upload(catalog: Catalog, received: Received) -> Job:
    """Queue a file that came whole. The key has its hash: two files of one name are two reports, one sent twice is one."""
    source = f"upload:{received.sha256[:16]}/{received.name}"
    try:
        return _add(catalog, UPLOAD, Task(received.path.name, source, received.name))
    except BaseException:
        received.path.unlink(missing_ok=True)
        raise


def queue_file(catalog: Catalog, path: Path, source: str) -> Job:
    """Queue a new or changed file that stays where it is."""
    return _add(catalog, FILE, Task(str(path), source, path.name))


def queue_vanished(catalog: Catalog, source: str) -> Job:
    """Queue the removal of a source whose file is gone."""
    return _add(catalog, VANISHED, Task("", source, Path(source).name))


def waiting_sources(catalog: Catalog, kinds: Collection[str]) -> set[str]:
    """Sources of the jobs that wait and have not begun."""
    return {task_of(job).source for job in catalog.jobs_in(("queued",), *kinds)}


def _add(catalog: Catalog, kind: str, task: Task) -> Job:
    return catalog.add_job(kind, json.dumps(asdict(task)))
