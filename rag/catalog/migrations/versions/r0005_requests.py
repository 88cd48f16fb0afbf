"""What was given to requests that came with an Idempotency-Key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_table(
        "request_reports",
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("report_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("request_id", "report_id", name="pk_request_reports"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name="fk_request_reports_request_id_requests", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_request_reports_report_id", "request_reports", ["report_id"])


def downgrade() -> None:
    op.drop_table("request_reports")
    op.drop_table("requests")
