"""The portal under test is a real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser

from app.notices import actions
from app.people.rules import Role
from tests.factories import people
from tests.journeys import look
from tests.journeys.mails import text
from tests.journeys.site import Site


def test_somebody_signs_in_and_the_mail_of_a_notice_leaves(site: Site) -> None:
    with site.db() as db:
        dana = people.member(db, people.practice(db), Role.OWNER, email="dana@example.org", name="Dana Wexler")
        actions.tell(db, [dana], subject="A date is set", body="Look at it.", url="/work", now=site.now())
    person = site.sign_in("dana@example.org")
    person.look("work")
    letter: EmailMessage = site.mails.wait("dana@example.org", "A date is set")
    assert f"{site.url}/work" in text(letter)
    site.wait_for_work()
    person.goto("/notices")
    person.sees("A date is set")


def test_the_clock_is_the_same_for_the_pages_and_goes_on(site: Site) -> None:
    site.at(datetime(2027, 1, 15, 15, 0, tzinfo=UTC))
    assert timedelta(0) <= site.now() - datetime(2027, 1, 15, 15, 0, tzinfo=UTC) < timedelta(seconds=10)
    with site.db() as db:
        people.official(db, Role.ADMIN, email="ada@example.org", name="Ada Admin")
    ada = site.sign_in("ada@example.org")
    ada.goto("/ledger")
    ada.sees("signed in", "15 Jan 2027")


def test_a_page_that_is_not_fit_to_be_shown_is_told(browser: Browser) -> None:
    context = browser.new_context()
    page, watch = context.new_page(), look.Watch(context, "http://127.0.0.1:1")
    page.set_content(
        "<html><title>x</title><main id='a'><img id='a' src='data:,'><div style='width:2000px'>wide</div></main></html>"
    )
    with pytest.raises(AssertionError, match=r"(?s)html-has-lang.*two with the id a.*too wide at 375"):
        look.look(page)
    page.evaluate("console.error('broken')")
    page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    page.evaluate("fetch('http://127.0.0.2:1/').catch(() => null)")
    assert [fault.split(":")[0] for fault in sorted(watch.faults)] == ["another host", "console", "script"]
    context.close()


def test_what_a_box_hides_is_told_too(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<main><div style='overflow: hidden'><table style='width: 700px'><td>wide</table></div></main>")
    assert look.overflows(page) == ["cut off at 375: div."]
    context.close()
