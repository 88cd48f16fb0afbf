"""What a server keeps: the progress of jobs, API keys, the audit log, and answers that have a link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
_NUMBERS = ("done", "total", "tries", "stopping")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("stage", sa.Text, nullable=False, server_default=""))
    for name in _NUMBERS:
        op.add_column("jobs", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    _create_access()
    _create_answers()


def downgrade() -> None:
    for table in ("answer_reports", "answers", "audit", "api_keys"):
        op.drop_table(table)
    for name in ("stage", *_NUMBERS):
        op.drop_column("jobs", name)


def _create_access() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("publishers", sa.Text, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("revoked", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("made", TIME, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_answers"),
        sa.UniqueConstraint("id", name="uq_answers_id"),
    )
    op.create_index("ix_answers_conversation", "answers", ["conversation"])
    op.create_table(
        "answer_reports",
        sa.Column("answer_id", sa.Text, nullable=False),
        sa.Column("report_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "report_id", name="pk_answer_reports"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name="fk_answer_reports_answer_id_answers", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_answer_reports_report_id", "answer_reports", ["report_id"])
