"""Our few own fields and filters."""

from __future__ import annotations

from typing import Any


def trimmed(value: Any) -> Any:
    """Cut blanks from both ends; typed text is otherwise left as it is."""
    return value.strip() if isinstance(value, str) else value
