"""The post on every driver, and SMTP against a real server that also misbehaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from aiosmtpd.smtp import Envelope as Received

from app import config
from app.kernel import clock
from app.notices.post import Envelope, Folder, Mail, NotSent, Rejected, Smtp, post_from

ENVELOPE = Envelope("portal@qcp.example", "https://qcp.example")
MAIL = Mail(
    key="a" * 32, to="dana@example.org", name="Dana Whitfield, Søren & Co",
    subject="The plan was returned \u2013 line 3",
    text="One line of your plan came back.\nÜber 30 characters and more are asked for.", link="/reports/7",
)  # fmt: skip
INVITE = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


class Server:
    """Keeps what it is given, or answers as it is told to."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.at_rcpt = self.at_data = "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Received, address: str, options: Any) -> str:
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:
        if self.at_data.startswith("250"):
            self.received.append(envelope)
        return self.at_data


def login(server: SMTP, session: Session, envelope: Received, mechanism: str, data: Any) -> AuthResult:
    given = cast(LoginPassword, data)
    return AuthResult(success=(given.login, given.password) == (b"portal", b"p:ss@"), handled=False)


@contextmanager
def serving(**options: Any) -> Iterator[tuple[Server, str]]:
    """A real SMTP server on a free port."""
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    try:
        yield server, f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read(data: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(data, policy=policy.default))


def letter(envelope: Received) -> EmailMessage:
    return read(cast(bytes, envelope.content))


def check(message: EmailMessage) -> None:
    """What every driver must have made of the letter."""
    assert message["To"].addresses[0].addr_spec == MAIL.to
    assert message["To"].addresses[0].display_name == MAIL.name
    assert message["From"].addresses[0].addr_spec == "portal@qcp.example"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == f"<{'a' * 32}@qcp.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    body = cast(EmailMessage, message.get_body()).get_content()
    assert "Dear Dana Whitfield, Søren & Co," in body
    assert "Über 30 characters" in body
    assert "https://qcp.example/reports/7" in body


def test_smtp_delivers_the_letter_whole() -> None:
    with serving() as (server, place), clock.at(datetime(2026, 7, 1, 15, tzinfo=UTC)):
        Smtp(f"smtp://{place}", ENVELOPE).send(MAIL)
    [received] = server.received
    assert (received.mail_from, received.rcpt_tos) == ("portal@qcp.example", [MAIL.to])
    check(letter(received))
    assert letter(received)["Date"].datetime == datetime(2026, 7, 1, 15, tzinfo=UTC)


def test_the_folder_keeps_the_letter_and_replaces_it_when_sent_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail", ENVELOPE)
    folder.send(MAIL)
    folder.send(MAIL)
    [file] = (tmp_path / "mail").iterdir()
    check(read(file.read_bytes()))


def test_an_invitation_travels_as_a_calendar_file() -> None:
    with serving() as (server, place):
        Smtp(f"smtp://{place}", ENVELOPE).send(Mail("k", "a@example.org", "A", "Visit", "Set.", calendar=INVITE))
    [part] = letter(server.received[0]).iter_attachments()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    assert part.get_filename() == "survey-invite.ics"
    assert part.get_content().split() == INVITE.decode().split()


@pytest.mark.parametrize(
    ("at", "answer", "expected"),
    [
        ("at_rcpt", "450 mailbox busy", NotSent), ("at_rcpt", "550 no such user", Rejected),
        ("at_data", "451 come back later", NotSent), ("at_data", "554 refused", Rejected),
        ("at_data", "421 shutting down", NotSent),
    ],
)  # fmt: skip
def test_4xx_may_be_tried_again_and_5xx_never(at: str, answer: str, expected: type[Exception]) -> None:
    with serving() as (server, place):
        setattr(server, at, answer)
        with pytest.raises(expected, match=answer[:3]):
            Smtp(f"smtp://{place}", ENVELOPE).send(MAIL)
    assert server.received == []


def test_a_server_that_is_away_may_be_tried_again() -> None:
    with pytest.raises(NotSent, match="does not answer"):
        Smtp(f"smtp://127.0.0.1:{_free_port()}", ENVELOPE).send(MAIL)


def test_a_server_that_hangs_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        post = Smtp(f"smtp://127.0.0.1:{silent.getsockname()[1]}", ENVELOPE, timeout=0.2)
        with pytest.raises(NotSent, match="does not answer"):
            post.send(MAIL)


def test_a_server_that_hangs_up_may_be_tried_again() -> None:
    with serving(data_size_limit=10) as (_, place), pytest.raises((NotSent, Rejected)):
        Smtp(f"smtp://{place}", ENVELOPE).send(MAIL)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the test's server is on this machine
def test_user_and_password_are_used_and_a_wrong_one_is_refused() -> None:
    options = {"authenticator": login, "auth_required": True, "auth_require_tls": False}
    with serving(**options) as (server, place):
        Smtp(f"smtp://portal:p%3Ass%40@{place}", ENVELOPE).send(MAIL)
        with pytest.raises(Rejected, match="535"):
            Smtp(f"smtp://portal:wrong@{place}", ENVELOPE).send(MAIL)
    assert len(server.received) == 1


def test_a_server_without_encryption_is_not_used_where_it_is_asked_for() -> None:
    with serving() as (server, place), pytest.raises(NotSent, match="STARTTLS"):
        Smtp(f"smtp+tls://{place}", ENVELOPE).send(MAIL)
    assert server.received == []


def test_nothing_that_is_typed_makes_a_header_of_its_own() -> None:
    sly = Mail("k", "a@example.org", "A", "Hello\r\nBcc: other@example.org", "Text")
    with serving() as (server, place):
        Smtp(f"smtp://{place}", ENVELOPE).send(sly)
    assert server.received[0].rcpt_tos == ["a@example.org"]
    assert letter(server.received[0])["Bcc"] is None


def test_the_settings_choose_the_driver(tmp_path: Path) -> None:
    base = {"QCP_DATA": str(tmp_path), "QCP_SECRET_KEY": "s" * 40}
    assert isinstance(post_from(config.read(base)), Folder)
    assert post_from(config.read(base | {"QCP_SMTP_URL": "smtp://mail:25"})) == Smtp(
        "smtp://mail:25", Envelope("portal@qcp.example", "http://127.0.0.1:8000")
    )
