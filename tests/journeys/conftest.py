"""A portal, and a browser to walk through it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from app.config import Settings
from app.documents.press import Press
from tests.conftest import NOW
from tests.journeys.moment import Moment
from tests.journeys.site import Site, bound_again, running

CHROMIUM = shutil.which("chromium")
HERE = Path(__file__).parent
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
]  # fmt: skip

expect.set_options(timeout=15_000)  # as long as a person waits; a busy machine is no fault of the page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, with no wish to call anybody."""
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("QCP_NOTHING_SKIPPED") else pytest.skip)("Chromium is not installed")
    return {"executable_path": CHROMIUM, "args": QUIET, "headless": True}


@pytest.fixture
def site(
    tmp_path: Path, settings: Settings, press: Press, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> Iterator[Site]:
    """A portal of its own, running, with its clock at Wed 1 Jul 2026, 11:00 am Eastern until it is set."""
    moment, contexts = Moment(NOW), []

    def new_context(**options: Any) -> Any:
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-US"} | options)
        )
        return contexts[-1]

    with bound_again():
        moment.rule(monkeypatch)
        with running(tmp_path, settings, press, moment, new_context) as site:
            yield site
            for context in contexts:
                context.close()
