"""An empty database to the first catalog: reports, sources, versions, pages, chunks, failures, digests, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_reports()
    _create_content()
    _create_digests()
    _create_work()


def downgrade() -> None:
    for name in ("jobs", "digests", "failures", "chunks", "pages", "versions", "sources", "reports"):
        op.drop_table(name)


def _of_report(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    column = sa.Column("report_id", sa.Text, nullable=False)
    name = f"fk_{table}_report_id_reports"
    return column, sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=name, ondelete="CASCADE")


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("page_count", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("pipeline", sa.Text, nullable=False),
        sa.Column("pdf_title", sa.Text),
        sa.Column("pdf_date", sa.Date),
        sa.Column("outline", sa.Text, nullable=False),
        sa.Column("warnings", sa.Text, nullable=False),
        sa.Column("added", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_table(
        "sources",
        sa.Column("source", sa.Text, nullable=False),
        *_of_report("sources"),
        sa.PrimaryKeyConstraint("source", name="pk_sources"),
    )
    op.create_index("ix_sources_report_id", "sources", ["report_id"])
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("report_id", sa.Text, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
    )
    op.create_index("ix_versions_source", "versions", ["source"])
    op.create_index("ix_versions_report_id", "versions", ["report_id"])


def _create_content() -> None:
    op.create_table(
        "pages",
        *_of_report("pages"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("width", sa.Float, nullable=False),
        sa.Column("height", sa.Float, nullable=False),
        sa.Column("read_by", sa.Text, nullable=False),
        sa.Column("warning", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("blocks", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "number", name="pk_pages"),
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.Text, nullable=False),
        *_of_report("chunks"),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("spans", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chunks"),
        sa.UniqueConstraint("report_id", "position", name="uq_chunks_report_id_position"),
    )
    op.create_index("ix_chunks_report_id_page", "chunks", ["report_id", "page"])


def _create_digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        *_of_report("digests"),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("writer", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt_version", sa.Text, nullable=False),
        sa.Column("made", TIME, nullable=False),
        sa.Column("sections", sa.Text, nullable=False),
        sa.Column("notices", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint(
            "report_id",
            "style",
            "writer",
            "model",
            "language",
            name="uq_digests_report_id_style_writer_model_language",
        ),
    )


def _create_work() -> None:
    op.create_table(
        "failures",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_failures"),
    )
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("created", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_jobs"),
        sa.UniqueConstraint("id", name="uq_jobs_id"),
    )
    op.create_index("ix_jobs_kind_state", "jobs", ["kind", "state"])
