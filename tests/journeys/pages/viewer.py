"""The viewer of a document, as somebody at its tools sees it."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place

# Where a word of the text layer stands on the screen: [left, top, right, bottom]; and whether a lit box covers it.
WORD = """([page, word]) => {
  const layer = document.querySelector(`.page[data-page-number="${page}"] .textLayer`);
  const walk = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    const { left, top, right, bottom } = range.getBoundingClientRect();
    return [left, top, right, bottom];
  }
  return null;
}"""
LIT = """([page, word]) => {
  const found = (WORD)([page, word]);
  if (!found) return false;
  const [left, top, right, bottom] = found;
  return [...document.querySelectorAll(`.page[data-page-number="${page}"] .lit-box`)].some((one) => {
    const box = one.getBoundingClientRect();
    const wide = Math.min(right, box.right) - Math.max(left, box.left);
    const high = Math.min(bottom, box.bottom) - Math.max(top, box.top);
    return wide > 0 && high > 0 && (wide * high) / ((right - left) * (bottom - top)) > 0.8;
  });
}""".replace("WORD", WORD)

Box = list[float]


class Reader(Place):
    """A document in the viewer."""

    @property
    def tools(self) -> Locator:
        return self.page.get_by_role("toolbar", name="Document tools")

    @property
    def pages(self) -> Locator:
        return self.page.locator("#pages")

    @property
    def lit(self) -> Locator:
        return self.page.locator(".lit-box")

    def sheet(self, number: int) -> Locator:
        return self.page.locator(f'.page[data-page-number="{number}"]')

    def drawn(self, number: int, timeout: int = 20_000) -> Self:
        """The page is there as it will stay."""
        expect(self.sheet(number).locator("canvas").first).to_be_visible(timeout=timeout)
        expect(self.sheet(number).locator(".textLayer:not(.ocr-layer)")).to_be_attached()
        return self

    def on_page(self, number: int) -> Self:
        """It is said aloud, and stands in the field."""
        expect(self.page.locator("#said")).to_contain_text(f"Page {number} of ")
        expect(self.tools.get_by_label("Page", exact=True)).to_have_value(str(number))
        return self

    def press_tool(self, name: str) -> Self:
        self.tools.get_by_role("button", name=name, exact=True).click()
        return self

    def turn_to(self, number: int) -> Self:
        field = self.tools.get_by_label("Page", exact=True)
        field.fill(str(number))
        field.press("Enter")
        return self.on_page(number)

    def key(self, *keys: str) -> Self:
        """Press keys while the pages have the focus."""
        self.pages.focus()
        for one in keys:
            self.page.keyboard.press(one)
        return self

    def word(self, page: int, word: str) -> Box:
        """Where a word of the text layer stands."""
        found: Box | None = self.page.evaluate(WORD, [page, word])
        assert found, word
        return found

    def lights(self, page: int, word: str) -> Self:
        """The word of the text layer lies under a lit box, or soon does: four fifths of it at least."""
        self.page.wait_for_function(LIT, arg=[page, word])
        return self

    def select(self, page: int, line: str) -> Self:
        """Draw the mouse over a line."""
        left, top, right, bottom = self.word(page, line)
        middle = (top + bottom) / 2
        self.page.mouse.move(left + 1, middle)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, middle, steps=4)
        self.page.mouse.move(right - 1, middle, steps=4)
        self.page.mouse.up()
        return self

    @property
    def passage(self) -> Locator:
        """What is offered for the selected passage."""
        return self.page.get_by_role("group", name="The selected passage")
