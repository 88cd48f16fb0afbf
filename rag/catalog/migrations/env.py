"""Alembic's entry: runs the revisions on the connection that migrate.py hands over, in its transaction.

Logging is left as it is: the program has set it up already.
"""

from __future__ import annotations

from alembic import context

from rag.catalog.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
