"""An engine in, what a server keeps beside reports out: API keys, the audit log, and answers that have a link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from rag.catalog import codec
from rag.catalog.engine import begin_read, begin_write
from rag.catalog.reports import require_ready
from rag.catalog.tables import answer_reports, answers, api_keys, audit
from rag.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret, of which only the SHA-256 is known. No publishers: all of them."""

    id: str
    hash: str
    name: str
    scopes: tuple[str, ...]
    publishers: tuple[str, ...]
    created: datetime
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Someone changed something, or tried to: `status` is the HTTP status it ended with."""

    number: int
    at: datetime
    actor: str
    action: str
    target: str
    status: int
    request_id: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer with a link. `body` is JSON as it was given; `reports` are the ids it names."""

    id: str
    conversation: str
    made: datetime
    body: str
    reports: tuple[str, ...]


class Ledger:
    """Each method is a transaction of its own and may raise StoreError; times are UTC."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- API keys ----------------------------------------------------------------------------------------------------

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        with begin_write(self._engine) as connection:
            scopes, publishers = codec.encode_strings(key.scopes), codec.encode_strings(key.publishers)
            values = {"id": key.id, "hash": key.hash, "name": key.name, "created": key.created, "revoked": key.revoked}
            connection.execute(insert(api_keys).values(**values, scopes=scopes, publishers=publishers))

    def key(self, key_id: str) -> ApiKey | None:
        """A key by its id, revoked or not; None if there is none."""
        with begin_read(self._engine) as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
            return None if row is None else _key(row)

    def all_keys(self) -> list[ApiKey]:
        """All keys, oldest first."""
        with begin_read(self._engine) as connection:
            return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.created))]

    def revoke_key(self, key_id: str) -> ApiKey:
        """End a key; NotFoundError with those there are. One that has ended stays as it is."""
        with begin_write(self._engine) as connection:
            ended = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked.is_(None))
            connection.execute(ended.values(revoked=datetime.now(UTC)))
        key = self.key(key_id)
        if key is None:
            known = [f"{one.id}  {one.name}" for one in self.all_keys()]
            raise NotFoundError(f"no key {key_id!r}: report-rag keys list shows the ids", known)
        return key

    # --- the audit log -----------------------------------------------------------------------------------------------

    def record(self, actor: str, action: str, target: str, status: int, request_id: str) -> None:
        """Write down a change."""
        with begin_write(self._engine) as connection:
            values = {"actor": actor, "action": action, "target": target, "status": status, "request_id": request_id}
            connection.execute(insert(audit).values(at=datetime.now(UTC), **values))

    def audit_before(self, number: int | None, limit: int) -> list[AuditEntry]:
        """The newest entries before `number` (None: all), newest first."""
        with begin_read(self._engine) as connection:
            query = select(audit).order_by(audit.c.number.desc()).limit(limit)
            rows = connection.execute(query if number is None else query.where(audit.c.number < number))
            return [AuditEntry(r.number, r.at, r.actor, r.action, r.target, r.status, r.request_id) for r in rows]

    # --- answers that are kept ---------------------------------------------------------------------------------------

    def keep_answer(self, answer_id: str, conversation: str, body: str, reports: Collection[str]) -> None:
        """Keep an answer under its id until a report that it names goes; NotFoundError where one has gone already."""
        with begin_write(self._engine) as connection:
            for report_id in sorted(set(reports)):
                require_ready(connection, report_id)
            values = {"id": answer_id, "conversation": conversation, "made": datetime.now(UTC), "body": body}
            connection.execute(insert(answers).values(**values))
            named = [{"answer_id": answer_id, "report_id": report_id} for report_id in sorted(set(reports))]
            if named:
                connection.execute(insert(answer_reports), named)

    def answer(self, answer_id: str) -> KeptAnswer:
        """One answer; NotFoundError."""
        with begin_read(self._engine) as connection:
            row = connection.execute(select(answers).where(answers.c.id == answer_id)).one_or_none()
            if row is None:
                raise NotFoundError(f"no answer {answer_id!r}: it was not kept, or a report that it names was deleted")
            return _answer(connection, row)

    def conversation(self, conversation: str) -> list[KeptAnswer]:
        """The answers of a conversation, oldest first; none where none was kept."""
        with begin_read(self._engine) as connection:
            query = select(answers).where(answers.c.conversation == conversation).order_by(answers.c.number)
            return [_answer(connection, row) for row in connection.execute(query)]


def new_id() -> str:
    """32 hex digits that cannot be guessed."""
    return uuid4().hex


def forget_answers(connection: Connection, report_id: str) -> None:
    """Delete every kept answer that names a report."""
    naming = select(answer_reports.c.answer_id).where(answer_reports.c.report_id == report_id)
    connection.execute(delete(answers).where(answers.c.id.in_(naming)))


def _key(row: Row[*tuple[object, ...]]) -> ApiKey:
    scopes, publishers = codec.decode_strings(row.scopes), codec.decode_strings(row.publishers)
    return ApiKey(row.id, row.hash, row.name, scopes, publishers, row.created, row.revoked)


def _answer(connection: Connection, row: Row[*tuple[object, ...]]) -> KeptAnswer:
    named = select(answer_reports.c.report_id).where(answer_reports.c.answer_id == row.id)
    return KeptAnswer(row.id, row.conversation, row.made, row.body, tuple(sorted(connection.scalars(named))))
