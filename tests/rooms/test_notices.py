"""Telling people, the outbox, the page of notices, and calendar files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.doors import Doors
from app.kernel import clock, jobs
from app.notices import actions, calendar, queries
from app.notices.calendar import Person
from app.notices.models import Notice
from app.notices.post import Mail, Memory, NotSent, Rejected
from app.people.models import User
from tests.factories.people import official, person

BOSTON = ZoneInfo("America/New_York")


def tell(db: Session, *users: User, now: datetime, url: str = "/work") -> list[Notice]:
    return actions.tell(db, users, subject="The plan was returned", body="Line 3 needs you.", url=url, now=now)


class Failing(Memory):
    """A post that fails a number of times."""

    def __init__(self, fault: Exception, times: int) -> None:
        super().__init__()
        self.fault, self.left = fault, times

    def send(self, mail: Mail) -> None:
        if self.left:
            self.left -= 1
            raise self.fault
        super().send(mail)


def run(db: Session, doors: Doors, now: datetime, post: Memory | None = None, *, minutes: int = 0) -> list[Mail]:
    post = post or cast(Memory, doors.post)
    with clock.at(now + timedelta(minutes=minutes)):
        jobs.drain(db, Doors(doors.blobs, doors.indexes, doors.press, post))
    return post.sent


def test_each_person_is_told_once_here_and_by_mail(db: Session, doors: Doors, now: datetime) -> None:
    dana, teo = person(db), person(db)
    with clock.at(now):
        tell(db, dana, teo, dana, now=now)
    sent = run(db, doors, now)
    assert {mail.to for mail in sent} == {dana.email, teo.email}
    assert [mail.link for mail in sent] == ["/work", "/work"]
    assert (queries.unread(db, dana), queries.unread(db, teo)) == (1, 1)
    assert queries.unmailed(db) == []
    assert run(db, doors, now, minutes=60) == sent


def test_who_has_left_is_not_told(db: Session, doors: Doors, now: datetime) -> None:
    assert tell(db, person(db, active=False), now=now) == []
    assert run(db, doors, now) == []


def test_a_mail_that_was_sent_is_not_sent_again_by_a_second_job(db: Session, doors: Doors, now: datetime) -> None:
    with clock.at(now):
        [notice] = tell(db, person(db), now=now)
        jobs.enqueue(db, actions.NOTICE, notice_id=notice.id)
    assert len(run(db, doors, now)) == 1


def test_a_passing_fault_is_tried_again_under_the_same_key(db: Session, doors: Doors, now: datetime) -> None:
    post = Failing(NotSent("451 come back later"), times=2)
    with clock.at(now):
        [notice] = tell(db, person(db), now=now)
    assert run(db, doors, now, post) == []
    assert run(db, doors, now, post, minutes=5) == []
    assert [mail.key for mail in run(db, doors, now, post, minutes=10)] == [notice.id]
    assert notice.mailed_at == now + timedelta(minutes=10)


def test_after_three_faults_the_job_is_parked_and_the_notice_stays(db: Session, doors: Doors, now: datetime) -> None:
    post = Failing(NotSent("the mail server does not answer"), times=9)
    user = person(db)
    with clock.at(now):
        [notice] = tell(db, user, now=now)
    for minutes in (0, 5, 10, 15):
        run(db, doors, now, post, minutes=minutes)
    [job] = [job for job in db.query(jobs.Job) if job.payload.get("notice_id") == notice.id]
    assert (job.state, post.left) == (jobs.JobState.PARKED, 6)
    assert "does not answer" in (job.error or "")
    assert queries.unread(db, user) == 1
    assert queries.unmailed(db) == [notice]


def test_a_refusal_for_good_is_kept_and_not_tried_again(db: Session, doors: Doors, now: datetime) -> None:
    post = Failing(Rejected("550 no such user"), times=1)
    with clock.at(now):
        [notice] = tell(db, person(db), now=now)
    assert run(db, doors, now, post) == []
    assert run(db, doors, now, post, minutes=60) == []
    assert (notice.mailed_at, notice.mail_refused) == (None, "550 no such user")


def test_a_letter_that_is_no_notice_goes_the_same_way(db: Session, doors: Doors, now: datetime) -> None:
    with clock.at(now):
        jobs.enqueue(db, actions.LETTER, to="new@example.org", subject="You are invited", body="Choose a password.")
    assert [(mail.to, mail.name) for mail in run(db, doors, now)] == [("new@example.org", "")]


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "work"])
def test_a_notice_leads_into_the_portal_and_nowhere_else(db: Session, now: datetime, url: str) -> None:
    with pytest.raises(Exception, match="links_into_the_portal"):
        tell(db, person(db), now=now, url=url)


def test_the_page_lists_unread_first_and_opens_what_it_tells(
    db: Session, as_user: Callable[[User], FlaskClient], now: datetime
) -> None:
    dana = person(db)
    [first] = tell(db, dana, now=now)
    actions.mark_read(db, first, now=now)
    tell(db, dana, now=now - timedelta(days=1), url="/account")
    client = as_user(dana)
    page = client.get("/notices").text
    assert page.index("Open and mark as read") < page.index("Open again")
    unread = queries.of(db, dana)[0]
    answer = client.post(f"/notices/{unread.id}/open")
    assert (answer.status_code, answer.location) == (302, "/account")
    assert queries.unread(db, dana) == 0


def test_everything_is_marked_read_at_once(db: Session, as_user: Callable[[User], FlaskClient], now: datetime) -> None:
    dana, teo = person(db), person(db)
    for _ in range(3):
        tell(db, dana, teo, now=now)
    assert as_user(dana).post("/notices/read").status_code == 302
    assert (queries.unread(db, dana), queries.unread(db, teo)) == (0, 3)


def test_nobody_reads_another_persons_notice(
    db: Session, as_user: Callable[[User], FlaskClient], now: datetime
) -> None:
    dana = person(db)
    [notice] = tell(db, dana, now=now)
    stranger = as_user(official(db))
    assert stranger.post(f"/notices/{notice.id}/open").status_code == 404
    assert stranger.get(f"/notices/{notice.id}/calendar.ics").status_code == 404
    assert queries.unread(db, dana) == 1


def invitation(now: datetime, **over: object) -> bytes:
    facts = {
        "uid": "visit-7@qcp.example", "sequence": 0, "summary": "On-site survey", "place": "Cove Street, Portland ME",
        "text": "The agenda is in the portal.", "organizer": Person("The Program", "portal@qcp.example"),
        "attendees": [Person("Dana Whitfield", "dana@example.org")], "now": now,
        "starts": datetime(2026, 8, 4, 7, 30, tzinfo=BOSTON), "ends": datetime(2026, 8, 4, 17, 15, tzinfo=BOSTON),
    }  # fmt: skip
    return calendar.visit(**(facts | over))  # type: ignore[arg-type]  # facts are its own


def test_an_invitation_carries_the_visit_with_its_zone(now: datetime) -> None:
    file = invitation(now)
    parsed = Calendar.from_ical(file)
    [event] = parsed.walk("VEVENT")
    assert parsed["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("visit-7@qcp.example", 0, "CONFIRMED")
    assert event.decoded("DTSTART") == datetime(2026, 8, 4, 7, 30, tzinfo=BOSTON)
    assert b"DTSTART;TZID=America/New_York:20260804T073000" in file
    assert [zone["TZID"] for zone in parsed.walk("VTIMEZONE")] == ["America/New_York"]
    assert event["ATTENDEE"].params["CN"] == "Dana Whitfield"
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_a_moved_visit_keeps_its_uid_and_a_cancelled_one_says_so(now: datetime) -> None:
    [moved] = Calendar.from_ical(invitation(now, sequence=1)).walk("VEVENT")
    off = Calendar.from_ical(invitation(now, sequence=2, cancel=True))
    assert (moved["UID"], moved["SEQUENCE"]) == ("visit-7@qcp.example", 1)
    assert (off["METHOD"], off.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")


def test_a_calendar_file_comes_with_the_notice(
    db: Session, doors: Doors, as_user: Callable[[User], FlaskClient], now: datetime
) -> None:
    dana, file = person(db), invitation(now)
    with clock.at(now):
        [notice] = actions.tell(
            db, [dana], subject="Your visit", body="The date is set.", url="/work", now=now, calendar=file
        )
    assert run(db, doors, now)[0].calendar == file
    answer = as_user(dana).get(f"/notices/{notice.id}/calendar.ics")
    assert (answer.data, answer.mimetype) == (file, "text/calendar")
