"""What people, and programs that are not people, put into forms; and the forms of the pages they meet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote_from_bytes

from flask.testing import FlaskClient
from lxml import html

LONG = "x" * 5_000
MEGA = "m" * 1_000_000

# One value, put into every field of a form at once.
EVERYWHERE: dict[str, str | bytes] = {
    "nothing": "",
    "blanks": " \t\r\n\u00a0 ",
    "long": LONG,
    "a megabyte": MEGA,
    "control characters": "a\x00b\x01c\x1b[31md\x7fe\x85f",
    "direction marks": "a\u202eb\u2066c\ufeffd",
    "lone surrogates": b"a\xed\xa0\x80b\xed\xbf\xbf",
    "no UTF-8": b"a\xff\xfe\x80\xc3b",
    "markup": "<script>alert(1)</script><img src=x onerror=y>\"'&amp;",
    "template": "{{ 7 * 7 }}{% raw %}%s %(x)s {0.__class__}",
    "formula": "=HYPERLINK(\"x\")",
    "zero": "0",
    "negative": "-1",
    "very negative": "-99999999999999999999",
    "huge": "9" * 400,
    "exponent": "1e999999",
    "not a number": "NaN",
    "infinite": "-Infinity",
    "fraction": "1.000000000000000000000000000001",
    "digits of another script": "\u0661\u0662\u00b2\uff13",
    "no day": "0000-00-00",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "31 February": "2026-02-31",
    "day past": "1999-01-01",
    "unknown word": "no-such-word",
    "path": "../../etc/passwd",
    "mail": "a@b\r\nBcc: c@d.example",
}  # fmt: skip

# Values for one field at a time, the others as the page offers them; they go round.
ALONE = ["", LONG, "a\x00b", "-1", "9" * 400, "\u00b2", "9999-12-31", "2026-02-31", "NaN", "no-such-word", "<b>&"]

EVERYTHING = bool(os.environ.get("QCP_NOTHING_SKIPPED"))
ALWAYS = ("long", "control characters", "huge", "blanks")
CHOSEN = ("hidden", "password", "checkbox", "radio", "select", "button", "file")  # and not typed


@dataclass(frozen=True)
class Seen:
    """A form as it stands on a page: where it goes, what the page offers, which fields are for typing."""

    page: str
    action: str
    offered: tuple[tuple[str, str], ...]
    typed: frozenset[str]
    seen: frozenset[str]
    files: frozenset[str]
    buttons: tuple[tuple[str, str], ...]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.offered if name != "csrf_token"))


def forms(page: str, text: str) -> Iterator[Seen]:
    """Every form of a page that changes something."""
    for form in html.fromstring(text).forms:
        action = form.get("hx-post") or (form.get("action") or page if form.method == "POST" else None)
        if action is not None:
            yield _form(page, action, form.xpath(".//input|.//select|.//textarea|.//button"))


def _form(page: str, action: str, controls: list[Any]) -> Seen:
    named = [(control, control.get("name"), _kind(control)) for control in controls if control.get("name")]
    return Seen(
        page, action,
        offered=tuple((name, _value(one, kind)) for one, name, kind in named if kind not in ("button", "file")),
        typed=frozenset(name for _, name, kind in named if kind not in CHOSEN),
        seen=frozenset(name for _, name, kind in named if kind not in ("hidden", "button")),
        files=frozenset(name for _, name, kind in named if kind == "file"),
        buttons=tuple(dict.fromkeys((name, one.get("value", "")) for one, name, kind in named if kind == "button")),
    )  # fmt: skip


def _kind(control: Any) -> str:
    if control.tag == "button" or control.get("type") == "submit":
        return "button"
    return str(control.get("type", "text")) if control.tag == "input" else str(control.tag)


def _value(control: Any, kind: str) -> str:
    if control.tag == "select":
        return str((control.value_options or [""])[-1])
    if control.tag == "textarea":
        return str(control.value or "")
    return str(control.get("value", "on" if kind == "checkbox" else ""))


def bodies(form: Seen, turn: int) -> Iterator[tuple[str, list[tuple[str, str | bytes]]]]:
    """What is sent: a word for it, and the pairs. Words and fields go round over the forms, all of them in CI."""
    names, buttons = form.names, form.buttons or (("", ""),)
    offered = [pair for pair in form.offered if pair[0] != "csrf_token"]
    for at, (word, value) in enumerate(EVERYWHERE.items()):
        if EVERYTHING or word in ALWAYS or at % 4 == turn % 4:
            least = "x" if word == "a megabyte" else value
            yield word, [*((name, least if n else value) for n, name in enumerate(names)), buttons[at % len(buttons)]]
    yield "nothing at all", []
    yield "every field twice", [*offered, *offered, *((name, "twice") for name in names)]
    yield "as offered", [*offered, buttons[0]]
    strange = [("no-such-field", "x"), ("sites-999999999-site_name", "x"), ("seen--1", "x"), ("show-0-kind-0", "x")]
    yield "fields that are not there", [*offered, *strange, buttons[-1]]
    for at, name in enumerate(names):
        if EVERYTHING or (at + turn) % max(1, len(names) // 3) == 0:
            value = ALONE[(at + turn) % len(ALONE)]
            rest = [pair for pair in offered if pair[0] != name]
            yield f"{name} alone is {value[:12]!r}", [*rest, (name, value), buttons[0]]


def encoded(pairs: list[tuple[str, str | bytes]]) -> bytes:
    """The body as a browser would send it, or as no browser would."""

    def one(text: str | bytes) -> str:
        return quote_from_bytes(text if isinstance(text, bytes) else text.encode(), safe="")

    return "&".join(f"{one(name)}={one(value)}" for name, value in pairs if name).encode()


def post(client: FlaskClient, form: Seen, pairs: list[tuple[str, str | bytes]]) -> Any:
    """Send it the way its page would."""
    if not form.files:
        return client.post(form.action, data=encoded(pairs), content_type="application/x-www-form-urlencoded")
    parts = [(name, value if isinstance(value, bytes) else value.encode()) for name, value in pairs if name]
    head = b'--cut\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    body = b"".join(head % (name.encode(), value) for name, value in parts) + b"--cut--\r\n"
    return client.post(form.action, data=body, content_type="multipart/form-data; boundary=cut")


def visible(text: str) -> str:
    """What of a text comes back: all that can be seen."""
    return "".join(c for c in text if c >= " " and not "\x7f" <= c <= "\x9f").strip()


def lost(form: Seen, pairs: list[tuple[str, str | bytes]], page: str) -> list[str]:
    """The fields whose typed text is not on the page that came back."""
    plain = unescape(page)
    kept = "".join(c for c in plain if c >= " " and not "\x7f" <= c <= "\x9f")
    names = [name for name, _ in pairs]
    typed = {name: visible(value) for name, value in pairs
             if name in form.typed and names.count(name) == 1 and isinstance(value, str)}  # fmt: skip
    return sorted(name for name, text in typed.items() if text not in kept)


def without_summary(form: Seen, page: str) -> list[str]:
    """What the page that came back with errors lacks: a summary at the top whose links lead to fields."""
    tree = html.fromstring(page)
    if tree.xpath('//main//*[@class="eyebrow"][.="422"]'):
        return []  # a page of its own says it: what was sent could not come from our forms
    alerts = tree.xpath('//*[@role="alert"][.//li or normalize-space()]')
    if not alerts:
        return ["nothing says what is wrong"]
    ids = set(tree.xpath("//@id")) | (set(form.names) - form.seen)  # what is hidden is not gone to
    dead = [link for link in tree.xpath('//*[@role="alert"]//a/@href') if link[0] == "#" and link[1:] not in ids]
    return [f"its link {link} leads nowhere" for link in dead]
