"""The post: the one door through which mail leaves, with a driver for SMTP, for a folder and for memory."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from app.kernel import clock

if TYPE_CHECKING:
    from app.config import Settings

TIMEOUT = 20.0


class NotSent(Exception):
    """The mail did not leave this time; trying again may help."""


class Rejected(Exception):
    """The other side will never take this mail; trying again is of no use."""


@dataclass(frozen=True)
class Mail:
    """One letter to one person. `key` stays the same when it is sent again; `link` is a path of the portal."""

    key: str
    to: str
    name: str
    subject: str
    text: str
    link: str | None = None
    calendar: bytes | None = None


class Post(Protocol):
    """Takes letters to people."""

    def send(self, mail: Mail) -> None:
        """Send one letter; raises NotSent or Rejected."""


@dataclass(frozen=True)
class Envelope:
    """From whom our mail comes, and where its links lead."""

    sender: str
    base_url: str

    def message(self, mail: Mail) -> EmailMessage:
        """The letter as it travels: plain text, its link spelled out, a calendar file where there is one."""
        message = EmailMessage(policy=SMTP)
        message["Subject"] = " ".join(mail.subject.split())
        message["From"] = Address("QCP portal", addr_spec=self.sender)
        message["To"] = Address(mail.name, addr_spec=mail.to)
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{mail.key}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self._text(mail), cte="quoted-printable")
        if mail.calendar:
            _attach_calendar(message, mail.calendar)
        return message

    def _text(self, mail: Mail) -> str:
        link = f"{self.base_url}{mail.link}\n\n" if mail.link else ""
        closing = "Sent by the QCP portal. Our mails hold no findings and nothing about patients."
        greeting = f"Dear {mail.name},\n\n" if mail.name else ""
        return f"{greeting}{mail.text.strip()}\n\n{link}-- \n{closing}\n"


def _attach_calendar(message: EmailMessage, calendar: bytes) -> None:
    method = "CANCEL" if b"METHOD:CANCEL" in calendar else "REQUEST"
    message.add_attachment(
        calendar.decode(), subtype="calendar", filename="survey-invite.ics", params={"method": method}
    )


@dataclass(frozen=True)
class Smtp:
    """Sends through a mail server: smtp://, smtp+tls:// (STARTTLS) or smtps://, with user and password if given."""

    url: str
    envelope: Envelope
    timeout: float = TIMEOUT

    def send(self, mail: Mail) -> None:
        """Hand the letter to the server, or say whether another try may help."""
        try:
            with closing(self._connect()) as server:
                self._enter(server)
                server.send_message(self.envelope.message(mail), self.envelope.sender, [mail.to])
                server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _fault(code, said) from error
        except smtplib.SMTPResponseException as error:
            raise _fault(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"the mail server does not answer: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        place = urlsplit(self.url)
        host = place.hostname or "localhost"
        if place.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, place.port or 465, timeout=self.timeout, context=ssl.create_default_context()
            )  # fmt: skip
        return smtplib.SMTP(host, place.port or 25, timeout=self.timeout)

    def _enter(self, server: smtplib.SMTP) -> None:
        place = urlsplit(self.url)
        if place.scheme == "smtp+tls":
            server.starttls(context=ssl.create_default_context())
        if place.username:
            server.login(unquote(place.username), unquote(place.password or ""))


def _fault(code: int, said: bytes | str) -> Exception:
    words = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return Rejected(words) if 500 <= code < 600 else NotSent(words)


@dataclass(frozen=True)
class Folder:
    """Without a mail server, letters lie in a folder as .eml files, so that their links can be read."""

    path: Path
    envelope: Envelope

    def send(self, mail: Mail) -> None:
        """Write the letter; sent again, it replaces itself."""
        self.path.mkdir(parents=True, exist_ok=True)
        target = self.path / f"{mail.key}.eml"
        part = target.with_suffix(".part")
        part.write_bytes(self.envelope.message(mail).as_bytes())
        part.replace(target)


@dataclass
class Memory:
    """Keeps letters in a list, for tests."""

    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        """Keep the letter."""
        self.sent.append(mail)


def post_from(settings: Settings) -> Post:
    """The post as the settings say: the mail server, else the folder `mail` in the data folder."""
    envelope = Envelope(settings.mail_from, settings.base_url)
    if settings.smtp_url:
        return Smtp(settings.smtp_url, envelope)
    return Folder(settings.data / "mail", envelope)
