"""Run by alembic: brings the connection that it was handed to the newest revision.

Alembic executes this file; it can't be imported. The transaction is the caller's.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
