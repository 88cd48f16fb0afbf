"""A write connection and a job in, its place in the queue kept; a kind in, the oldest job that waits out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, insert, select, update

from rag.catalog.tables import jobs as table
from rag.errors import NotFoundError

JobState = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later. Payload and result are JSON texts that only its kind understands; `id` is 32 hex digits."""

    id: str
    kind: str
    state: JobState
    payload: str
    result: str | None
    created: datetime
    updated: datetime


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
    values = {"state": state, "result": result, "updated": datetime.now(UTC)}
    connection.execute(update(table).where(table.c.id == job_id).values(**values))
    return job(connection, job_id)


def next_job(connection: Connection, kind: str) -> Job | None:
    """Claim the oldest queued job of a kind: it is running now. No other write runs beside, so only one claims it."""
    waiting = _first(connection, table.c.kind == kind, table.c.state == "queued")
    return None if waiting is None else update_job(connection, waiting.id, "running", None)


def unfinished_jobs(connection: Connection, kind: str) -> list[Job]:
    """Jobs of a kind that wait or run, oldest first."""
    return _read(connection, table.c.kind == kind, table.c.state.in_(("queued", "running")))


def _first(connection: Connection, *where: ColumnElement[bool]) -> Job | None:
    return next(iter(_read(connection, *where, limit=1)), None)


def _read(connection: Connection, *where: ColumnElement[bool], limit: int | None = None) -> list[Job]:
    rows = connection.execute(select(table).where(*where).order_by(table.c.number).limit(limit))
    return [
        Job(
            id=row.id,
            kind=row.kind,
            state=row.state,
            payload=row.payload,
            result=row.result,
            created=row.created,
            updated=row.updated,
        )
        for row in rows
    ]
