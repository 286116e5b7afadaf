"""Looking at a page as a customer would: axe, ids, three widths, the console, no request to any other host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

WIDTHS = (375, 768, 1280)
HEIGHT = 900
GRAVE = ("serious", "critical")
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                                    "best-practice"]}  # fmt: skip


class Watch:
    """What a browser complained about, and where it wanted to go."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home, self.faults = home, list[str]()
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.faults.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        answer = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not answer):
            self.faults.append(f"{response.status}: {response.url}")


def grave(page: Page) -> list[str]:
    """Every violation that axe calls serious or critical, with the first places of each."""
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options).then(found => found.violations)", RULES)
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} | {node['failureSummary']}"
        for one in found if one["impact"] in GRAVE for node in one["nodes"][:3]
    ]  # fmt: skip


def twins(page: Page) -> list[str]:
    """Every id that stands on the page twice: a label would then belong to the wrong thing."""
    found: list[str] = page.evaluate(TWINS)
    return [f"two with the id {one}" for one in found]


def overflows(page: Page, name: str = "") -> list[str]:
    """Every width at which the page can be pushed sideways; pictures are kept where QCP_SHOTS says."""
    before, found = page.viewport_size, []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            found.append(f"{wide} pixels too wide at {width}: {page.evaluate(WIDEST)}")
        if cut := page.evaluate(CUT):
            found.append(f"cut off at {width}: {cut}")
        if name and (folder := os.environ.get("QCP_SHOTS")):
            path = Path(folder) / f"{name}-{width}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path, full_page=True, caret="initial")
    if before:
        page.set_viewport_size(before)
    return found


WIDEST = """() => [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 4).map(e => e.tagName.toLowerCase() + "." + e.className).join(", ")"""


# What is wider than the box that hides its overflow: nobody can push it, nobody can read it.
CUT = """() => [...document.querySelectorAll("main *")].filter(e => {
    const s = getComputedStyle(e);
    return ["hidden", "clip"].includes(s.overflowX) && s.textOverflow !== "ellipsis" && e.clientWidth > 40
      && e.scrollWidth > e.clientWidth + 1;
  }).slice(0, 4).map(e => e.tagName.toLowerCase() + "." + e.className).join(", ")"""


TWINS = """() => [...document.querySelectorAll("[id]")].map(e => e.id)
  .filter((id, n, all) => all.indexOf(id) !== n)"""


def look(page: Page, name: str = "") -> None:
    """Fail if this page is not fit to be shown: axe at its own width, no id twice, no push sideways at any of three."""
    page.wait_for_load_state("load")  # a page just turned is there before its stylesheets are
    faults = [*grave(page), *twins(page), *overflows(page, name)]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
