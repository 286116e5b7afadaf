"""One database session per request or job, and the column kinds that every model uses."""

from __future__ import annotations

import enum
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, Enum, ForeignKey, MetaData, String, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, MappedColumn, Session, mapped_column, scoped_session, sessionmaker
from sqlalchemy.types import TypeDecorator

from app.kernel.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Readers begin a deferred transaction; everybody else takes the write lock at once, so that no
# transaction ever fails half-way because another one wrote in between.
reading: ContextVar[bool] = ContextVar("reading", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Annotated[str, mapped_column(String(32), primary_key=True, default=new_id)]
At = Annotated[datetime, mapped_column(UTCDateTime)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
JsonList = Annotated[list[Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime}


def ref(target: str, **options: Any) -> MappedColumn[Any]:
    """A reference to another table's id, indexed."""
    options.setdefault("index", True)
    return mapped_column(String(32), ForeignKey(target), **options)


def words(kind: type[enum.StrEnum], check: str | None = None, **options: Any) -> MappedColumn[Any]:
    """A column that holds one word of a StrEnum, and a CHECK (named for the enum) that it holds no other."""
    column = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=check or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(column, **options)


db: scoped_session[Session] = scoped_session(sessionmaker(expire_on_commit=False))


def connect(url: str) -> Engine:
    """Bind the sessions to the database at `url`."""
    # What a file says is in no error that is kept or logged.
    options: dict[str, Any] = {"hide_parameters": True}
    options |= {"connect_args": {"timeout": 15}} if url.startswith("sqlite") else {}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    db.remove()
    db.configure(bind=engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see `reading`
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000",
                   "secure_delete=ON"):  # what is deleted is gone from the file too  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if reading.get() else "BEGIN IMMEDIATE")
