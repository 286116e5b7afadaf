"""The whole road in one walk: from an empty database to the plaque, as everybody who meets on it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from tests.factories.answers import answers
from tests.journeys.pages.people import Practices, ProgramPeople, Sites, Team
from tests.journeys.paper import words
from tests.journeys.site import PASSWORD, Site
from tests.journeys.stories import application, binder, decision, participation, people, report, survey
from tests.journeys.stories.cast import Cast, Who
from tests.journeys.stories.participation import PLANNED, Charts

PRACTICE = "Harbor Light Oncology"
CAST = Cast(
    PRACTICE,
    owner=Who("dana@harborlight.example", "Dana Whitfield"),
    signer=Who("teo@harborlight.example", "Teo Brandt"),
    staff=Who("stefan@qcp.example", "Stefan Okoye"),
    admin=Who("ada@qcp.example", "Ada Lindqvist"),
    surveyor=Who("ines@qcp.example", "Ines Carvalho"),
    reviewer=Who("rui@qcp.example", "Rui Tanaka"),
)
CHARTS = binder.FIRST / "charts.csv"
APPLIES = datetime(2026, 8, 19, 15, 0, tzinfo=UTC)
SHOWS = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)

LABELS = survey.Finding(
    "3.9", {"Cove Street": "Partially met"}, "None of five bags carried the time after which it must not be given.",
    "Preparation room", must_show="HLO-307 revised, and ten photographs of labels.",
)  # fmt: skip
CART = survey.Finding(
    "4.1.1", {"Cove Street": "Not met"}, "The seal of the emergency cart was not checked on nine of ten days.",
    "Infusion suite", must_show="HLO-401 revised, and eight weeks of the cart log.",
)  # fmt: skip
LINES = [
    report.a_line(
        "3.9", "HLO-307", 1, done_by=date(2026, 11, 4), cause="The label template had no field for the expiry at all.",
        action="Switch on the field, revise HLO-307 and train every nurse.",
    ),
    report.a_line(
        "4.1.1", "HLO-401", 2, done_by=date(2026, 11, 6), cause="Nobody was named for the daily check of the seal.",
        action="The charge nurse checks the seal each morning and signs the log.",
    ),
]  # fmt: skip
CODES = [line.code for line in LINES]


def test_from_an_empty_database_to_the_plaque(site: Site, tmp_path: Path) -> None:
    site.looks_at_everything()
    site.at(PLANNED)
    everybody_comes_in(site, CAST)
    charts = Charts("2.5", one_site(CHARTS, tmp_path))
    participation.participation(site, CAST.staff.email, CAST.owner.email, CAST.owner.name, charts, tmp_path)
    site.at(APPLIES)
    offered = the_application(site, CAST, tmp_path)
    survey.the_survey(site, CAST, survey.Visit(offered[3], (LABELS, CART)))
    the_report_and_the_plan(site, CAST)
    number = decision.the_award(site, CAST)
    certificate = decision.the_certificate(site, CAST, number)
    decision.the_plaque(site, CAST, decision.Plate(PRACTICE), misspelt="Harbour Light Onkology")
    decision.anybody_asks(site, CAST, number)
    decision.anybody_drops(site, certificate, tmp_path)
    site.wait_for_work()
    site.command("check")  # the ledger's chain is whole and every file is where the rows say


def everybody_comes_in(site: Site, cast: Cast) -> None:
    """The first administrator by the operator's command, everybody else by a mailed link."""
    site.command("people", "add-admin", cast.admin.email, cast.admin.name, "--password", PASSWORD)
    with site.sign_in(cast.admin.email) as admin:
        page = ProgramPeople(admin).open()
        for who, role in ((cast.staff, "Program staff"), (cast.surveyor, "Surveyor"),
                          (cast.reviewer, "Committee reviewer")):  # fmt: skip
            people.somebody_is_invited(site, page.open(), who, role, title="Oncology nurse").leave()
    with site.sign_in(cast.staff.email) as staff:
        owner = people.somebody_is_invited(site, Practices(staff).open().unfold(), cast.owner, title="Administrator")
        people.a_practice_is_registered(owner, cast.practice)
        Practices(staff).open().approve(cast.practice)
        site.mails.wait(cast.owner.email, "Your registration")
    with owner:
        owner.goto("/work")
        team = Team.of_own_practice(owner)
        people.somebody_is_invited(site, team, cast.signer, "Signer", title="Medical Director").leave()
        Sites.of_own_practice(owner).add("Cove Street", "CS", "18 Cove Street", "Seabrook", "ME", "04000")


def one_site(file: Path, folder: Path) -> Path:
    """The sample practice's charts, as those of a practice with one site."""
    rewritten = folder / "charts.csv"
    rewritten.write_text(file.read_text(encoding="utf-8").replace(",NG,", ",CS,").replace(",PA,", ",CS,"))
    return rewritten


def the_application(site: Site, cast: Cast, folder: Path) -> list[date]:
    """All of M2; the days that the practice offers."""
    what = application.policies(folder, "HLO-000", "HLO-305", "HLO-307", "HLO-401")
    with site.sign_in(cast.owner.email) as owner:
        tracker = application.the_introduction_is_heard(owner)
        tracker = application.the_sites_are_confirmed(tracker)
        application.the_agreements_are_signed(site, cast.signer)
        application.the_questionnaire_is_answered(tracker.open(), answers())
        application.it_is_paid(site, owner, cast.staff, cast.practice)
        page = application.the_policies_come_in(owner, what)
        page = application.what_is_suggested_is_pinned(owner, page, row="3.7")
        application.a_manual_serves_the_rest(owner, page, "HLO-000")
        offered = application.days_are_offered(owner)
        application.it_is_submitted(site, cast.signer, what.files)
    return offered


def the_report_and_the_plan(site: Site, cast: Cast) -> None:
    """M4 with its loop: one line comes back once, then everything is shown and met."""
    survey.later(site, days=4)
    report.the_report_is_issued(site, cast, asks={"3.9": "HLO-307, revised, and ten photographs of labels."})
    report.the_plan_is_written(report.the_practice_reads_it(site, cast, CODES), LINES)
    report.the_plan_is_sent(site, cast)
    report.the_reviewer_answers(site, cast, CODES, {"4.1.1": "Say what happens on weekends."})
    report.a_line_is_changed(
        site, cast, "4.1.1", "What you will do", "The charge nurse of the day checks the seal, on weekends too.",
        "Weekends are named now.",
    )  # fmt: skip
    report.the_plan_is_sent(site, cast)
    report.the_reviewer_answers(site, cast, ["4.1.1"], {})
    site.at(SHOWS)
    files = [*sorted(binder.REVISED.glob("HLO-307*")), *sorted(binder.REVISED.glob("HLO-401*"))]
    report.the_revised_documents_come_in(site, cast, files)
    report.the_evidence_is_pinned(site, cast, LINES, date(2026, 11, 6))
    report.the_evidence_is_sent(site, cast)
    report.the_evidence_is_judged(site, cast, CODES, {})
    assert "every requirement shown and met" in " ".join(words(report.the_closing_report(site, cast)).split())
