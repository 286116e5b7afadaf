"""Section E: who works where, in numbers."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.application.rules.fields import Field, Group, Kind, Problem, Reading, Section
from app.application.rules.words import StaffRole, Task


def oncologist_fte(rows: list[dict[str, Any]]) -> Decimal:
    """The oncologists of all sites together, which the fee and the chart targets follow."""
    return sum(
        (Decimal(row["staff_fte"]) for row in rows if row["staff_role"] == StaffRole.ONCOLOGIST and row["staff_fte"]),
        Decimal(0),
    )


def _row(n: int, row: dict[str, Any]) -> Iterator[Problem]:
    heads = row["staff_heads"]
    name = (
        f"{StaffRole(row['staff_role']).label if row['staff_role'] else 'Row ' + str(n + 1)}, {row['staff_site'] or ''}"
    )
    if heads is None:
        return
    if row["staff_fte"] is not None and Decimal(row["staff_fte"]) > heads:
        yield Problem(f"staff-{n}-staff_fte", f"{row['staff_fte']} FTE is more than {heads} people can work.", name)
    for field in ("staff_certified", "staff_bls", "staff_new"):
        if (row[field] or 0) > heads:
            yield Problem(f"staff-{n}-{field}", f"Enter {heads} or fewer: that is how many people there are.", name)


def _staff(reading: Reading) -> list[Problem]:
    rows = reading.values["staff"]
    codes = [site.get("site_code") for site in reading.whole.get("D", {}).get("sites", [])]
    problems = [problem for n, row in enumerate(rows) for problem in _row(n, row)]
    pairs: set[tuple[str, str]] = set()
    for n, row in enumerate(rows):
        pair = (row["staff_site"] or "", row["staff_role"] or "")
        if row["staff_site"] and row["staff_site"] not in codes:
            known = ", ".join(code for code in codes if code) or "its codes"
            text = f"There is no site {row['staff_site']} in section D. Use {known}."
            problems.append(Problem(f"staff-{n}-staff_site", text))
        elif all(pair) and pair in pairs:
            text = f"{StaffRole(pair[1]).label} at {pair[0]} is already listed. Put both in one row."
            problems.append(Problem(f"staff-{n}-staff_role", text))
        pairs.add(pair)
    return problems + _adds_up(rows, reading.facts.get("fte"))


def _adds_up(rows: list[dict[str, Any]], confirmed: str | None) -> list[Problem]:
    if not rows:
        return []
    total = oncologist_fte(rows)
    if total == 0:
        return [Problem("staff", "Add the oncologists; the fee and the chart targets follow their FTE.", missing=True)]
    if confirmed is not None and total != Decimal(confirmed):
        text = f"Oncologists add up to {total:f} FTE here; {confirmed} FTE were confirmed in step 1. Make them agree."
        return [Problem("staff", text)]
    return []


STAFF = Section(
    "E",
    "Staff",
    "People by site and role, as numbers; no names. Each pair of site and role once.",
    group=Group(
        "staff", "Staff", "row",
        (
            Field("staff_role", "Role", Kind.ONE, words=StaffRole),
            Field("staff_site", "Site code", most=8, help="A code from section D."),
            Field("staff_heads", "People", Kind.INT, most=500),
            Field("staff_fte", "FTE", Kind.DECIMAL, most=500,
                  help="Hours worked divided by full-time hours, at most one for each person."),
            Field("staff_certified", "Certified in oncology", Kind.INT, required=False, most=500),
            Field("staff_bls", "With current life support", Kind.INT, required=False, most=500),
            Field("staff_new", "Joined in the last 12 months", Kind.INT, required=False, most=500),
            Field("staff_tasks", "What they do with the drugs", Kind.MANY, words=Task),
        ),
        most=400,
    ),
    check=_staff,
)  # fmt: skip
