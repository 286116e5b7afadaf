"""Alembic's surroundings: the tables of every room, on the connection that the command hands over."""

from importlib import import_module
from importlib.util import find_spec

from alembic import context

from app import ROOMS
from app.kernel.db import Base

import_module("app.kernel.jobs")  # the kernel's own tables belong too
import_module("app.kernel.ledger")
for room in ROOMS:
    if find_spec(f"app.{room}.models"):
        import_module(f"app.{room}.models")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
