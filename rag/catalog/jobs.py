"""A write connection and a job in, its place in the queue kept; kinds in, the oldest job that waits out.

    queued -> running -> done | failed | cancelled        failed, cancelled -> queued (retry)

A running job is cancelled by whoever works on it, as soon as `progress` tells that someone asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, UnaryExpression, func, insert, select, update

from rag.catalog.tables import jobs as table
from rag.errors import NotFoundError, UsageError

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
UNFINISHED: tuple[JobState, ...] = ("queued", "running")
_BEGUN_AGAIN: dict[str, object] = {"stage": "", "done": 0, "total": 0, "stopping": 0}


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later. Payload and result are JSON texts that only its kind understands; `id` is 32 hex digits.

    `number` is its place in the order of arrival; `stage`, `done`, `total`: how far it is; `tries`: how often it was
    begun; `stopping`: someone wants it cancelled.
    """

    id: str
    kind: str
    state: JobState
    payload: str
    result: str | None
    created: datetime
    updated: datetime
    number: int = 0
    stage: str = ""
    done: int = 0
    total: int = 0
    tries: int = 0
    stopping: bool = False


def add_job(connection: Connection, kind: str, payload: str) -> Job:
    """Queue a job."""
    now = datetime.now(UTC)
    job_id = uuid4().hex
    values = {"kind": kind, "state": "queued", "payload": payload, "created": now, "updated": now}
    connection.execute(insert(table).values(id=job_id, **values))
    return job(connection, job_id)


def job(connection: Connection, job_id: str) -> Job:
    """One job; NotFoundError."""
    found = _first(connection, table.c.id == job_id)
    if found is None:
        raise NotFoundError(f"no job {job_id} in the catalog: use the id given when it was queued")
    return found


def update_job(connection: Connection, job_id: str, state: JobState, result: str | None) -> Job:
    """Set state and result of a job; NotFoundError."""
    return _set(connection, job_id, state=state, result=result)


def next_job(connection: Connection, *kinds: str) -> Job | None:
    """Claim the oldest queued job of these kinds: it is running now. No other write runs beside, so only one claims it."""
    waiting = _first(connection, table.c.kind.in_(kinds), table.c.state == "queued")
    if waiting is None:
        return None
    return _set(connection, waiting.id, state="running", result=None, tries=waiting.tries + 1, **_BEGUN_AGAIN)


def progress(connection: Connection, job_id: str, stage: str, done: int, total: int) -> bool:
    """Write down how far a job is; tells whether someone wants it cancelled."""
    return _set(connection, job_id, stage=stage, done=done, total=total).stopping


def cancel_job(connection: Connection, job_id: str) -> Job:
    """A queued job is cancelled at once, a running one when its worker sees it; UsageError for one that has ended."""
    found = job(connection, job_id)
    if found.state == "queued":
        return _set(connection, job_id, state="cancelled", result=None)
    if found.state == "running":
        return _set(connection, job_id, stopping=1)
    raise UsageError(f"job {job_id} is {found.state}: only a job that waits or runs can be cancelled")


def retry_job(connection: Connection, job_id: str) -> Job:
    """Queue a job again that failed or was cancelled; UsageError for another."""
    found = job(connection, job_id)
    if found.state not in ("failed", "cancelled"):
        raise UsageError(f"job {job_id} is {found.state}: only a job that failed or was cancelled can be tried again")
    return _set(connection, job_id, state="queued", result=None, tries=0, **_BEGUN_AGAIN)


def release_job(connection: Connection, job_id: str) -> Job:
    """Queue a job again whose worker ends in good order: this was no try. NotFoundError."""
    return _set(connection, job_id, state="queued", tries=job(connection, job_id).tries - 1, **_BEGUN_AGAIN)


def jobs_before(connection: Connection, number: int | None, states: tuple[JobState, ...], limit: int) -> list[Job]:
    """The newest jobs in these states (none: any) that arrived before `number` (None: all), newest first."""
    where: list[ColumnElement[bool]] = []
    if states:
        where.append(table.c.state.in_(states))
    if number is not None:
        where.append(table.c.number < number)
    return _read(connection, *where, limit=limit, order=table.c.number.desc())


def jobs_in(connection: Connection, states: tuple[JobState, ...], *kinds: str) -> list[Job]:
    """Jobs of these kinds and states, oldest first."""
    return _read(connection, table.c.kind.in_(kinds), table.c.state.in_(states))


def job_counts(connection: Connection) -> dict[JobState, int]:
    """How many jobs are in each state that has any."""
    counted = select(table.c.state, func.count().label("jobs")).group_by(table.c.state)
    return {row.state: row.jobs for row in connection.execute(counted)}


def _set(connection: Connection, job_id: str, **values: object) -> Job:
    connection.execute(update(table).where(table.c.id == job_id).values(**values, updated=datetime.now(UTC)))
    return job(connection, job_id)


def _first(connection: Connection, *where: ColumnElement[bool]) -> Job | None:
    return next(iter(_read(connection, *where, limit=1)), None)


def _read(
    connection: Connection,
    *where: ColumnElement[bool],
    limit: int | None = None,
    order: UnaryExpression[int] | ColumnElement[int] = table.c.number,
) -> list[Job]:
    rows = connection.execute(select(table).where(*where).order_by(order).limit(limit))
    return [
        Job(
            id=row.id,
            kind=row.kind,
            state=row.state,
            payload=row.payload,
            result=row.result,
            created=row.created,
            updated=row.updated,
            number=row.number,
            stage=row.stage,
            done=row.done,
            total=row.total,
            tries=row.tries,
            stopping=bool(row.stopping),
        )
        for row in rows
    ]
