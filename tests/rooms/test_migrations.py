"""The migrations make exactly what the models say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from app.kernel import db as kernel_db
from app.kernel import schema


@pytest.fixture
def empty(tmp_path: Path, engine: Engine) -> Iterator[Engine]:
    """A database in which there is nothing yet."""
    made = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    yield made
    made.dispose()


def shapes(engine: Engine) -> dict[str, list[str]]:
    """Every table, index and trigger with the parts that its SQL names, in no order."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'")
        )
        return {name: sorted(re.split(r",?\s*\n\s*", " ".join(sql.split(" ")).strip())) for name, sql in rows}


def test_from_nothing_to_what_the_models_say(empty: Engine) -> None:
    schema.upgrade(empty)
    assert schema.current(empty)
    assert schema.differences(empty) == []


def test_not_a_check_an_index_or_a_trigger_is_missing(empty: Engine, tmp_path: Path) -> None:
    """Alembic does not compare these, and they are where half-truths are refused."""
    schema.upgrade(empty)
    modelled = create_engine(f"sqlite:///{tmp_path / 'modelled.sqlite'}")
    kernel_db.Base.metadata.create_all(modelled)
    made, wanted = shapes(empty), shapes(modelled)
    modelled.dispose()
    assert set(made) == set(wanted)
    for name, parts in wanted.items():
        assert _facts(made[name]) == _facts(parts), name


def _facts(parts: list[str]) -> list[str]:
    return sorted(re.sub(r'[\s",()]+', " ", part).strip() for part in parts)


def test_an_older_store_keeps_all_it_holds(empty: Engine) -> None:
    """A table that is made anew loses no row and no reference, and the old rows pass the new checks."""
    schema.upgrade(empty, "0001")
    at = "'2026-06-12 15:00:00'"
    with empty.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")  # whose practice it is does not matter here
        for line in (
            f"INSERT INTO practice VALUES {_row(connection, 'practice', id='p', slug='p', since=at)}",
            f"INSERT INTO edition VALUES {_row(connection, 'edition', id='e', state='draft', in_force_from=None)}",
            f"INSERT INTO binder VALUES {_row(connection, 'binder', id='b', practice_id='p', edition_id='e')}",
            f"INSERT INTO document VALUES {_row(connection, 'document', id='d', binder_id='b', practice_id='p')}",
            "PRAGMA ignore_check_constraints=OFF",
            "INSERT INTO version (id, document_id, binder_id, practice_id, number, filename, kind, sha256, size, state,"
            " pages, copy_key, uploaded_at, visible_since) VALUES ('v', 'd', 'b', 'p', 1, 'a.pdf', 'pdf',"
            f" '{'0' * 64}', 9, 'readable', 1, '{'0' * 64}', {at}, {at})",
            "INSERT INTO pin (id, binder_id, practice_id, document_id, version_id, code, page, quote, suggested, at)"
            f" VALUES ('n', 'b', 'p', 'd', 'v', '1.1', 1, 'words', 0, {at})",
        ):
            connection.exec_driver_sql(line)
    schema.upgrade(empty)
    with empty.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT version.filename, version.finds, pin.quote, document.id FROM pin"
            " JOIN version ON version.id = pin.version_id JOIN document ON document.id = version.document_id"
        ).all()
    assert kept == [("a.pdf", "[]", "words", "d")]


def _row(connection: Connection, table: str, **facts: str | None) -> str:
    """A row with these facts and something harmless in every other column that must not be empty."""
    values = []
    for _, name, kind, needed, default, _ in connection.exec_driver_sql(f"PRAGMA table_info({table})"):
        value = facts.get(name, default or ("1" if not needed or kind != "JSON" else "[]"))
        if value is None or (name not in facts and not needed):
            values.append("NULL")
        else:
            values.append(value if value.startswith("'") else f"'{value}'")
    return f"({', '.join(values)})"
