"""The database's shape: brought up to date, or refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.kernel.db import Base

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration that the database has not seen, in one transaction."""
    with engine.connect() as connection, _free_to_rebuild(connection), connection.begin():
        command.upgrade(_config(connection), to)
        _refuse_loose_ends(connection)


def _refuse_loose_ends(connection: Connection) -> None:
    """Nothing may refer to what is not there, before the change is kept."""
    if connection.dialect.name == "sqlite":
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            raise RuntimeError(f"{table} row {row} refers to nothing in {parent}; nothing was changed")


@contextmanager
def _free_to_rebuild(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew, which its references allow only while nobody watches over them; they
    are looked at before the change is kept."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    watching = raw.execute("PRAGMA foreign_keys").fetchone()[0]
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA foreign_keys={watching}")


def revise(engine: Engine, message: str) -> None:
    """Write a migration from what the models say and the database lacks."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def differences(engine: Engine) -> list[object]:
    """What the models say and the database does not, or the other way round."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def current(engine: Engine) -> bool:
    """Has the database seen every migration that this code knows, and no other?"""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str | None:
    """The last migration that this code knows; read once, for whoever watches the portal asks every few seconds."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
