"""Every verb that changes something leaves a line in the ledger: read from the code, so that nobody has to remember."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = [*ROOT.glob("app/*/actions.py"), *ROOT.glob("app/*/actions/*.py")]

# Verbs without a line of their own, each with its reason.
SILENT = {
    "application/actions/papers.py:receipt_data": "only works out what a paper says",
    "documents/actions.py:order": "a paper is ordered by the verb that it belongs to, and that has its line",
    "evidence/actions/uploads.py:begin": "bytes on their way; the document that comes of them has its line",
    "report/actions/reviewing.py:say": "the shared part of two verbs that have their lines",
}


def calls(function: ast.FunctionDef) -> set[str]:
    """The last name of everything that a function calls: `ledger.record(...)` is "record"."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            found.add(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
    return found


def verbs() -> dict[str, ast.FunctionDef]:
    """Every function of the rooms' actions, by its place."""
    return {
        f"{path.relative_to(ROOT / 'app').as_posix()}:{node.name}": node
        for path in ACTIONS
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }


def test_every_verb_that_somebody_does_writes_to_the_ledger() -> None:
    every = verbs()
    asks = {place: calls(node) for place, node in every.items()}
    writing = {place for place, called in asks.items() if "record" in called}
    while more := {
        place
        for place, called in asks.items()
        if place not in writing and called & {one.rpartition(":")[2] for one in writing}
    }:
        writing |= more
    acted = {
        place
        for place, node in every.items()
        if not node.name.startswith("_") and {"by", "now"} <= {one.arg for one in node.args.kwonlyargs}
    }
    assert len(acted) > 100
    assert acted - writing - set(SILENT) == set()
    assert set(SILENT) <= acted, "an exception that is none any more"
