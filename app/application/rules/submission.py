"""What is locked when an application is submitted, and how two submissions differ."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

STATEMENT = (
    "The signer has stated that these documents are the practice's own policies in force, that they hold no "
    "patient-identifying information, and that the answers given are true."
)


def sha256_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a snapshot: of its JSON with sorted keys and no spaces."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def canonical(body: Mapping[str, Any]) -> str:
    """The one way in which a snapshot is written down."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def manifest_sha256(files: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of the lines "hash, two spaces, name, line feed": what sha256sum writes, in the order of the receipt."""
    return hashlib.sha256("".join(f"{one['sha256']}  {one['name']}\n" for one in files).encode()).hexdigest()


def snapshot_number(case: str, turn: int) -> str:
    """The number of a receipt: REC-2026-0117-A1."""
    return f"REC-{case}-A{turn}"


def turn_words(turn: int) -> str:
    """Which submission it is."""
    words = ("first", "second", "third", "fourth", "fifth")
    return f"Application, {words[turn - 1] if turn <= len(words) else f'{turn}th'} submission"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between two submissions, in words: files, rows, dates, answers, signatures."""
    return [
        *_sets("file", _named(before, "files", "name", "sha256"), _named(after, "files", "name", "sha256")),
        *_sets("passage", _pins(before), _pins(after)),
        *_sets("not applicable", _named(before, "na_claims", "code", "reason"),
               _named(after, "na_claims", "code", "reason")),
        *_sets("date", dict.fromkeys(before.get("dates", []), ""), dict.fromkeys(after.get("dates", []), "")),
        *_sets("signature", _named(before, "signatures", "key", "version"),
               _named(after, "signatures", "key", "version")),
        *_sets("answer", _flat(before.get("answers", {})), _flat(after.get("answers", {}))),
    ]  # fmt: skip


def _named(body: Mapping[str, Any], part: str, name: str, value: str) -> dict[str, str]:
    return {str(one[name]): str(one[value]) for one in body.get(part, [])}


def _pins(body: Mapping[str, Any]) -> dict[str, str]:
    return {f"{pin['code']} in {pin['file']}, page {pin['page']}": str(pin["quote"]) for pin in body.get("pins", [])}


def _flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        return {k: v for key, part in value.items() for k, v in _flat(part, f"{path} {key}".strip()).items()}
    if isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        return {k: v for n, part in enumerate(value, 1) for k, v in _flat(part, f"{path} {n}").items()}
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return {} if value in (None, "", []) else {path: text}


def _sets(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, str]]:
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old != new:
            how = "added" if old is None else "removed" if new is None else "changed"
            found.append({"kind": kind, "name": name, "how": how, "before": old or "", "after": new or ""})
    return found
