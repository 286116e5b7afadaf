"""A clock that the test may set, and that goes on from there in every thread."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from app.kernel import clock


class Moment:
    """Answers `clock.now()`; starts where it is set."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def set(self, moment: datetime) -> None:
        """From now on it is this moment, and time goes on from it."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        self._from, self._since = moment.astimezone(UTC), time.monotonic()

    def now(self) -> datetime:
        """This moment; a factory that holds the clock of its own thread is heard first."""
        return clock._held.get() or self._from + timedelta(seconds=time.monotonic() - self._since)

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be the portal's clock for the rest of the test."""
        monkeypatch.setattr(clock, "now", self.now)
