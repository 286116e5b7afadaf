"""Scratch folders that a process left behind when it was killed: a stranger's file lies in each."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

KINDS = ("check", "read", "show", "ocr", "zip", "draw")
LONGEST = 3600  # seconds; no piece of work takes nearly as long


def clear() -> int:
    """Delete those that nobody can be working in any more; returns how many there were."""
    old = time.time() - LONGEST
    left = [path for kind in KINDS for path in Path(tempfile.gettempdir()).glob(f"qcp-{kind}-*") if _is_left(path, old)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_left(path: Path, old: float) -> bool:
    try:
        return path.is_dir() and not path.is_symlink() and path.stat().st_mtime < old
    except OSError:  # gone meanwhile
        return False
