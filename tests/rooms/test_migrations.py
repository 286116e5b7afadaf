"""The migrations make exactly what the models say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

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
