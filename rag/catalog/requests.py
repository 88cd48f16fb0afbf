"""An engine in, what was given to requests that may be sent twice out: by the key that their sender chose, for a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Engine, and_, delete, insert, or_, select, update

from rag.catalog.engine import begin_read, begin_write
from rag.catalog.reports import require_ready
from rag.catalog.tables import request_reports, requests

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=10)  # what runs so long was left by a server that died
State = Literal["new", "running", "ended", "other"]


class Requests:
    """Each method is a transaction of its own and may raise StoreError. `id` tells sender, route and key together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, id: str, fingerprint: str) -> State:
        """Take a request on (`new`), or say why not: the same runs or has ended, or `other` bytes came with the key."""
        now = datetime.now(UTC)
        with begin_write(self._engine) as connection:
            left = and_(requests.c.body.is_(None), requests.c.begun < now - ABANDONED)
            connection.execute(delete(requests).where(or_(requests.c.begun < now - KEPT, left)))
            row = connection.execute(select(requests).where(requests.c.id == id)).one_or_none()
            if row is None:
                connection.execute(insert(requests).values(id=id, fingerprint=fingerprint, begun=now))
                return "new"
        if row.fingerprint != fingerprint:
            return "other"
        return "running" if row.body is None else "ended"

    def end(self, id: str, body: str, reports: Collection[str] = ()) -> None:
        """Keep what a request was given, until a report that it names is deleted. NotFoundError where one was already."""
        with begin_write(self._engine) as connection:
            for report_id in sorted(set(reports)):
                require_ready(connection, report_id)
            kept = connection.execute(update(requests).where(requests.c.id == id).values(body=body)).rowcount
            named = [{"request_id": id, "report_id": report_id} for report_id in sorted(set(reports))]
            if kept and named:
                connection.execute(insert(request_reports), named)

    def given(self, id: str) -> str | None:
        """What a request that has ended was given; None where it is kept no longer."""
        with begin_read(self._engine) as connection:
            body: str | None = connection.scalar(select(requests.c.body).where(requests.c.id == id))
            return body

    def drop(self, id: str) -> None:
        """Forget a request that failed: it may be sent again."""
        with begin_write(self._engine) as connection:
            connection.execute(delete(requests).where(requests.c.id == id))


def forget_requests(connection: Connection, report_id: str) -> None:
    """Delete what was given to requests and names a report."""
    naming = select(request_reports.c.request_id).where(request_reports.c.report_id == report_id)
    connection.execute(delete(requests).where(requests.c.id.in_(naming)))
