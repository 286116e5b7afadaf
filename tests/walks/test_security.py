"""What an attacker tries on every page at once: headers, hostile words, formulas, foreign hosts, fixed sessions."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import JSON, Connection, String, Table, Text, select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Mode, Settings
from app.doors import Doors
from app.kernel.db import Base
from app.kernel.jobs import Job
from app.people.models import User
from app.people.rules import Role
from tests.factories import people
from tests.walks.test_reading import pages
from tests.walks.walking import Walk, forgetting

SPIKE = "<img src=x onerror=alert(1)>\"'><script>spike()</script>"
PASSWORD = "correct horse battery"
FORMULA = "=HYPERLINK(1)"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_every_answer_carries_the_headers_that_protect_it(walk: Walk) -> None:
    answers = [(address, walk.browser(who).get(address)) for _route, address, who in pages(walk)]
    answers += [(address, walk.browser("owner").open(address, method=method)) for address, method in (
        ("/no-such-page", "GET"), ("/board", "GET"), ("/notices/read", "GET"), ("/work", "OPTIONS"),
        ("/static/app.css", "GET"), ("/account", "POST"),
    )]  # fmt: skip
    for address, answer in answers:
        for name, value in ALWAYS.items():
            assert answer.headers.get(name) == value, (address, name)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and ("default-src 'self'" in policy or "default-src 'none'" in policy), address
        assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]
        answer.close()


def test_what_somebody_signed_in_was_shown_is_kept_by_no_cache(walk: Walk) -> None:
    """Files of the binder may be kept by the browser alone, which must ask before it shows them again."""
    for route, address, who in pages(walk):
        if route.may != "public":
            said = walk.browser(who).get(address).headers["Cache-Control"]
            files = route.rule.endpoint in ("evidence.copy", "evidence.original", "evidence.picture", "evidence.marked")
            assert said == ("private, no-cache" if files else "no-store"), address


def test_hostile_words_are_only_words_on_every_page(walk: Walk) -> None:
    """Whatever people typed, in every table at once: names, titles, notes, headings, answers, findings, file names."""
    with forgetting(walk.world) as connection:
        assert spoil(connection, lambda text: text + SPIKE) > 500
        seen = 0
        for _route, address, who in pages(walk):
            answer = walk.browser(who).get(address)
            if answer.mimetype == "text/html":
                body = answer.get_data(as_text=True)
                assert "<img src=x" not in body and "<script>spike" not in body, (address, who)
                seen += "spike()" in body
    assert seen > 60


def test_no_cell_of_a_csv_file_is_a_formula(walk: Walk) -> None:
    with forgetting(walk.world) as connection:
        spoil(connection, lambda text: FORMULA + text)
        files = [(address, who) for _route, address, who in pages(walk)] + [("/board?as=csv", "staff")]
        answers = [(address, walk.browser(who).get(address)) for address, who in files]
        tables = [(address, answer.get_data(as_text=True)) for address, answer in answers if "csv" in answer.mimetype]
    assert len(tables) == 3
    assert sum("HYPERLINK" in text for _, text in tables) == 2  # the third is a file to be filled in
    for address, text in tables:
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == [], address


def spoil(connection: Connection, change: Any) -> int:
    """Change every text in every table that somebody wrote: whatever has a blank in it and is no moment."""
    count = 0
    for table in Base.metadata.sorted_tables:
        if "id" not in table.columns:  # it only ties two others together
            continue
        if table.name in ("event", "job", "setting", "standard_row", "edition", "fee", "agreement_version", "due"):
            continue
        for column in table.columns:
            if isinstance(column.type, (String, Text, JSON)) and not hasattr(column.type, "enums"):
                count += _spoil(connection, table, column.name, change)
    return count


def _spoil(connection: Connection, table: Table, name: str, change: Any) -> int:
    rows = connection.execute(select(table.c.id, table.c[name]).where(table.c[name].is_not(None)).limit(200)).all()
    changed = [(key, changed_in(value, change)) for key, value in rows]
    changed = [(key, new) for (key, new), (_, old) in zip(changed, rows, strict=True) if new != old]
    for key, new in changed:
        connection.execute(table.update().where(table.c.id == key).values({name: new}))
    return len(changed)


def changed_in(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: changed_in(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [changed_in(one, change) for one in value]
    written = isinstance(value, str) and " " in value and not re.match(r"\d{4}-\d\d", value)
    return change(value) if written else value


@pytest.fixture
def dana(db: Session, app: Flask) -> User:
    """Somebody with a password."""
    user = people.member(db, people.practice(db), Role.OWNER, email="dana@practice.example")
    with app.app_context():
        user.password = hash_password(PASSWORD)
    db.commit()
    return user


@pytest.mark.parametrize("where", [
    "//evil.example/x", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example/work",
    "/%09/evil.example", "\t//evil.example", "///evil.example", "javascript:alert(1)", "/\t/evil.example",
    "http:/evil.example", "/.evil.example//..//evil.example", "//evil.example%2f@portal", "\x00//evil.example",
])  # fmt: skip
def test_signing_in_leads_nowhere_else(client: FlaskClient, dana: User, where: str) -> None:
    for query, data in (({"next": where}, {}), ({}, {"next": where})):
        form = {"email": dana.email, "password": PASSWORD, **data}
        answer = client.post("/sign-in", query_string=query, data=form)
        read = (
            answer.headers.get("Location", "").strip("\0\t\n\r ").replace("\\", "/").replace("\t", "")
        )  # as a browser
        assert urlsplit(urljoin("http://portal.example/sign-in", read))[:2] == ("http", "portal.example"), read
        client.post("/sign-out")


def test_a_session_from_before_signing_in_is_worth_nothing_afterwards(
    app: Flask, client: FlaskClient, dana: User
) -> None:
    """Whoever planted a session in a browser neither gets in with it nor knows the token that signs changes."""
    with client.session_transaction() as session:
        session["csrf_token"] = "planted"
    planted = client.get_cookie("qcp")
    client.post("/sign-in", data={"email": dana.email, "password": PASSWORD})
    assert client.get("/account").status_code == 200
    with client.session_transaction() as session:
        assert session["csrf_token"] != "planted"
    other = app.test_client()
    assert planted is not None
    other.set_cookie("qcp", planted.value)
    assert other.get("/account").status_code == 302


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, dana: User) -> None:
    answer = client.post("/sign-in", data={"email": dana.email, "password": PASSWORD})
    said = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("qcp="))
    assert "HttpOnly" in said and "SameSite=Lax" in said and "Path=/" in said and "Domain" not in said


def test_a_mailed_link_leads_to_this_portal_whatever_host_was_asked_for(
    client: FlaskClient, db: Session, dana: User, settings: Any
) -> None:
    """A forgotten password asked for under a foreign name must not carry its token there."""
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "ftp"}):
        client.post("/forgotten-password", data={"email": dana.email}, headers=headers)
    letters = [json.dumps(job.payload) for job in db.scalars(select(Job).where(Job.name == "notices.mail"))]
    assert letters and "evil.example" not in "".join(letters)
    assert all(f"{settings.base_url}/forgotten-password/" in letter for letter in letters)


def test_no_redirect_leads_to_a_foreign_host_that_was_asked_for(client: FlaskClient) -> None:
    for address in ("/work", "/verify?number=QCP-2026-00001", "/practices/"):
        answer = client.get(address, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil" not in answer.headers.get("Location", "")


def test_a_fault_says_nothing_of_the_machine(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail in /srv/portal")

    monkeypatch.setattr("app.decision.queries.registry", broken)
    answer = client.get("/registry")
    assert answer.status_code == 500 and "secret detail" in caplog.text
    assert not re.search("secret|/srv|Traceback|RuntimeError|sqlite", answer.get_data(as_text=True))


@pytest.mark.usefixtures("bare_errors")
def test_another_way_of_writing_an_address_opens_no_door(walk: Walk) -> None:
    """Capitals, slashes at the end or doubled, dots and percent signs: a stranger never gets a page."""
    for route, address, _who in pages(walk):
        if route.kind is None:
            continue
        for way in (address + "/", "/" + address, address.upper(), address.replace("/", "/./", 1), address + "%00",
                    address + ";a=b", address.replace("/", "%2f")):  # fmt: skip
            answer = walk.browser("owner of another practice").get(way)
            assert answer.status_code in (302, 308, 400, 403, 404, 405), (way, answer.status_code)


def test_in_production_only_the_portal_s_own_host_is_answered(settings: Settings, doors: Doors) -> None:
    own = replace(settings, mode=Mode.PRODUCTION, base_url="https://portal.example")
    client = create_app(own, doors).test_client()
    assert client.get("/privacy", base_url="https://portal.example").status_code == 200
    assert client.get("/privacy", base_url="https://elsewhere.example").status_code == 400


def test_a_file_that_arrives_late_brings_no_cookie_back(app: Flask) -> None:
    """The files of the sign-in page may still be on their way when somebody is signed in."""
    visitor = app.test_client()
    assert visitor.get("/sign-in").headers.getlist("Set-Cookie")
    for file in ("app.css", "face.css", "js/face.js"):
        with visitor.get(f"/static/{file}") as answer:
            assert answer.headers.getlist("Set-Cookie") == []
