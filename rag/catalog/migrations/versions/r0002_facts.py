"""What later releases know: facts of reports, tables and figures of pages, grids of chunks, digests out of date.

Rows of before get what a release of then would have meant: empty lists, plain text, nothing known.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in _new_columns().items():
        for column in columns:
            op.drop_column(table, column.name)


def _new_columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "reports": [
            sa.Column("type", sa.Text),
            _filled("analysts", sa.Text(), "[]"),
            sa.Column("company", sa.Text),
            sa.Column("ticker", sa.Text),
            sa.Column("rating", sa.Text),
            sa.Column("target_price", sa.Text),
            sa.Column("form", sa.Text),
            sa.Column("fiscal_period", sa.Text),
            _filled("facts", sa.Text(), "[]"),
        ],
        "pages": [
            _filled("way", sa.Text(), "stream"),
            _filled("hidden", sa.Integer(), "0"),
            _filled("garbled", sa.Float(), "0"),
            _filled("tables", sa.Text(), "[]"),
            _filled("figures", sa.Text(), "[]"),
            _filled("repairs", sa.Text(), "[]"),
        ],
        "chunks": [
            _filled("kind", sa.Text(), "text"),
            _filled("path", sa.Text(), "[]"),
            sa.Column("grid", sa.Text),
        ],
        "digests": [sa.Column("stale", sa.Text)],
    }


def _filled(name: str, kind: sa.types.TypeEngine[Any], value: str) -> sa.Column[Any]:
    """A column that is never NULL: neither database adds one to rows that are there without a value for them."""
    return sa.Column(name, kind, nullable=False, server_default=value)
