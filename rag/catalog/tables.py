"""The tables of the catalog, for SQLite and PostgreSQL. What changes here needs a revision in migrations/versions.

JSON is kept as text written by codec.py: the database never looks into it, and both databases keep it as it came.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

# Named constraints, because a later revision can only drop what has a name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, UTC datetimes out. SQLite drops the zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy calls it so
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the catalog takes datetimes with a time zone, not {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy calls it so
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _of_report(*, primary_key: bool = False) -> Column[str]:
    """The column of everything that goes when its report goes."""
    key = ForeignKey("reports.id", ondelete="CASCADE")
    return Column("report_id", Text, key, nullable=False, primary_key=primary_key)


def _filled(name: str, kind: type[TypeEngine[Any]], value: str) -> Column[Any]:
    """A column that a later revision added; the rows of before got `value`."""
    return Column(name, kind, nullable=False, server_default=value)


reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("publisher", Text),
    Column("published", Date),
    Column("language", Text, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("pdf_title", Text),
    Column("pdf_date", Date),
    Column("outline", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Column("type", Text),
    _filled("analysts", Text, "[]"),
    Column("company", Text),
    Column("ticker", Text),
    Column("rating", Text),
    Column("target_price", Text),
    Column("form", Text),
    Column("fiscal_period", Text),
    _filled("facts", Text, "[]"),
)

sources = Table(
    "sources",
    metadata,
    Column("source", Text, primary_key=True),
    _of_report(),
    Index(None, "report_id"),
)

# One row: how often reports were changed (changes.py).
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

# No foreign key: the history of a source outlives the reports it named.
versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("report_id", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Index(None, "source"),
    Index(None, "report_id"),
)

# The long columns of 0001 last: SQLite walks through what stands before the one it wants.
pages = Table(
    "pages",
    metadata,
    _of_report(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("label", Text),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    Column("read_by", Text, nullable=False),
    Column("warning", Text),
    Column("text", Text, nullable=False),
    Column("blocks", Text, nullable=False),
    _filled("way", Text, "stream"),
    _filled("hidden", Integer, "0"),
    _filled("garbled", Float, "0"),
    _filled("tables", Text, "[]"),
    _filled("figures", Text, "[]"),
    _filled("repairs", Text, "[]"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Text, primary_key=True),
    _of_report(),
    Column("page", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("spans", Text, nullable=False),
    _filled("kind", Text, "text"),
    _filled("path", Text, "[]"),
    Column("grid", Text),
    UniqueConstraint("report_id", "position"),
    Index(None, "report_id", "page"),
)

failures = Table(
    "failures",
    metadata,
    Column("source", Text, primary_key=True),
    Column("sha256", Text),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# `model` is '' where no model wrote: NULL never equals NULL, so a unique key over it would let doubles in.
# `stale` says why a digest no longer fits its report; NULL: it does.
digests = Table(
    "digests",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _of_report(),
    Column("style", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_version", Text, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    Column("sections", Text, nullable=False),
    Column("notices", Text, nullable=False),
    Column("stale", Text),
    UniqueConstraint("report_id", "style", "writer", "model", "language"),
)

# `number` keeps the order of arrival; `id` is what a caller holds and cannot be guessed. `stage`, `done` and `total` say
# how far a running job is, `tries` how often it was begun, `stopping` whether someone wants it cancelled.
jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("result", Text),
    Column("created", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Index(None, "kind", "state"),
    _filled("stage", Text, ""),
    _filled("done", Integer, "0"),
    _filled("total", Integer, "0"),
    _filled("tries", Integer, "0"),
    _filled("stopping", Integer, "0"),
)

# `hash` is the SHA-256 of the secret part, which is random and long, so that it needs no slow hash; the secret itself is
# nowhere. `scopes` and `publishers` are lists of strings; no publishers: all of them.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("publishers", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("revoked", UtcDateTime),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("request_id", Text, nullable=False),
)

# Answers that were kept for their link. `body` is JSON as it was given. They go with any report they name.
answers = Table(
    "answers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("conversation", Text, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "conversation"),
)

answer_reports = Table(
    "answer_reports",
    metadata,
    Column("answer_id", Text, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("report_id", Text, primary_key=True),
    Index(None, "report_id"),
)

# What was given to requests that came with a key of their sender; `body` is NULL while one runs. Kept for a day, and no
# longer than any report they name.
requests = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("begun", UtcDateTime, nullable=False),
    Column("body", Text),
)

request_reports = Table(
    "request_reports",
    metadata,
    Column("request_id", Text, ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True),
    Column("report_id", Text, primary_key=True),
    Index(None, "report_id"),
)
