"""Calendar files: an invitation to a visit that can be moved and called off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

PRODUCT = "-//QCP portal//Visits//EN"


@dataclass(frozen=True)
class Person:
    """Somebody in the invitation."""

    name: str
    email: str


def visit(
    *, uid: str, sequence: int, starts: datetime, ends: datetime, summary: str, place: str, text: str,
    organizer: Person, attendees: Iterable[Person], now: datetime, cancel: bool = False,
) -> bytes:  # fmt: skip
    """The invitation to a visit: same uid and a higher sequence move it, `cancel` calls it off. Times carry a zone."""
    event = Event()
    for name, value in {
        "uid": uid, "sequence": sequence, "dtstamp": now, "dtstart": starts, "dtend": ends, "summary": summary,
        "location": place, "description": text, "status": "CANCELLED" if cancel else "CONFIRMED",
        "transp": "OPAQUE",
    }.items():  # fmt: skip
        event.add(name, value)
    event.add("organizer", _address(organizer, role="CHAIR"))
    for person in attendees:
        event.add("attendee", _address(person, role="REQ-PARTICIPANT", rsvp="TRUE"))
    if not cancel:
        event.add_component(_reminder(summary))
    return _wrapped(event, "CANCEL" if cancel else "REQUEST")


def _wrapped(event: Event, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _address(person: Person, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{person.email}")
    for name, value in {"cn": person.name, **parameters}.items():
        address.params[name] = vText(value)
    return address


def _reminder(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=-1))
    return alarm


def whole_days(days: Iterable[tuple[str, str, date]], *, now: datetime) -> bytes:
    """Dates without an hour (id, words, day), for somebody's own calendar; a later file replaces them by their ids."""
    calendar = Calendar()
    for name, value in {"prodid": PRODUCT, "version": "2.0", "method": "PUBLISH"}.items():
        calendar.add(name, value)
    for uid, words, on in days:
        event = Event()
        for name, stated in {"uid": f"{uid}@qcp", "dtstamp": now, "dtstart": on, "summary": words}.items():
            event.add(name, stated)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
