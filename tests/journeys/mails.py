"""A mail server on this machine that keeps every letter, and what a person does with one: find it, follow its link."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE = 20.0


class Mails:
    """Every letter that left the portal, in the order of arrival."""

    def __init__(self) -> None:
        self._letters: list[EmailMessage] = []
        self._arrived = threading.Condition()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        letter = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
        with self._arrived:
            self._letters.append(letter)
            self._arrived.notify_all()
        return "250 OK"

    def to(self, address: str, subject: str = "") -> list[EmailMessage]:
        """The letters to somebody whose subject has these words."""
        with self._arrived:
            return [one for one in self._letters if _addressed(one, address) and subject in str(one["Subject"])]

    def wait(self, address: str, subject: str = "") -> EmailMessage:
        """The newest letter to somebody with these words in its subject, as soon as there is one."""
        with self._arrived:
            found = self._arrived.wait_for(
                lambda: [one for one in self._letters if _addressed(one, address) and subject in str(one["Subject"])],
                PATIENCE,
            )
            said = [f"{one['To']}: {one['Subject']}" for one in self._letters]
        assert found, f"no mail {subject!r} to {address}; there are {said}"
        return found[-1]

    def link(self, address: str, subject: str = "") -> str:
        """The first link in the newest letter to somebody."""
        words = text(self.wait(address, subject))
        found = re.search(r"https?://\S+", words)
        assert found, f"no link in the mail: {words}"
        return found[0]

    def forget(self) -> None:
        """Empty the boxes, so that the next letter that is waited for is a new one."""
        with self._arrived:
            self._letters.clear()


def text(letter: EmailMessage) -> str:
    """What the letter says."""
    return str(cast(EmailMessage, letter.get_body()).get_content())


def _addressed(letter: EmailMessage, address: str) -> bool:
    return any(to.addr_spec.lower() == address.lower() for to in letter["To"].addresses)


@contextmanager
def mail_server() -> Iterator[tuple[Mails, str]]:
    """The server, and its address as the settings want it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    mails = Mails()
    controller = Controller(mails, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mails, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
