"""The same world with many more rows: whole families of rows copied, with ids and numbers of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Integer, String, Table, UniqueConstraint, select

from app.kernel.db import Base
from app.kernel.ids import new_id

Row = dict[str, Any]
Family = list[tuple[Table, list[Row]]]


def multiply(connection: Connection, name: str, root_id: str, times: int, *, without: tuple[str, ...] = (),
             **over: Any) -> None:  # fmt: skip
    """Copy a row, and every row that refers to it or to one of those, so many times."""
    tables = Base.metadata.tables
    family = relatives(connection, tables[name], root_id, without)
    for number in range(1, times + 1):
        ids = {row["id"]: new_id() for _table, rows in family for row in rows if "id" in row}
        for table, rows in family:
            made = [copied(table, row, ids, number) for row in rows]
            connection.execute(table.insert(), [row | over for row in made] if table.name == name else made)


def relatives(connection: Connection, root: Table, root_id: str, without: tuple[str, ...]) -> Family:
    """The row and all that hangs on it, parents first."""
    held: dict[str, set[str]] = {root.name: {root_id}}
    family: Family = []
    for table in Base.metadata.sorted_tables:
        if table.name in without:
            continue
        refers = [key.parent.in_(held[key.column.table.name]) for key in table.foreign_keys
                  if key.column.table.name in held and key.column.table is not table]  # fmt: skip
        if table is root:
            found = select(table).where(table.c.id == root_id)
        elif refers:
            found = select(table).where(refers[0] if len(refers) == 1 else _any(refers))
        else:
            continue
        rows = [dict(row._mapping) for row in connection.execute(found)]
        held.setdefault(table.name, set()).update(row["id"] for row in rows if "id" in row)
        if rows:
            family.append((table, rows))
    return family


def _any(conditions: list[Any]) -> Any:
    first, *rest = conditions
    for other in rest:
        first = first | other
    return first


def copied(table: Table, row: Row, ids: dict[str, str], number: int) -> Row:
    """One row again: what it refers to among the copies, and whatever must be unique, is new."""
    made = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
    for columns in unique(table):
        if any(made[one] != row[one] for one in columns):
            continue
        for one in columns:
            kind = table.c[one].type
            if (
                made[one] is not None
                and isinstance(kind, String)
                and not table.c[one].foreign_keys
                and _free(table, one)
            ):
                made[one] = f"{row[one]}x{number}"[-(kind.length or 200) :]
                break
            if isinstance(kind, Integer) and made[one] is not None and one in ("count", "number", "page"):
                made[one] = row[one] + 1000 * number
                break
    return made


def _free(table: Table, name: str) -> bool:
    """A column of words of a closed list takes no new ones."""
    return getattr(table.c[name].type, "enums", None) is None


def unique(table: Table) -> list[list[str]]:
    """Every set of columns that must be unique."""
    sets = [[column.name for column in one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)]
    return sets + [[column.name for column in index.columns] for index in table.indexes if index.unique]
