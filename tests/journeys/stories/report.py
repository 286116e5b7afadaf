"""M4: the report is issued, the plan goes round, the evidence is judged, the closing report follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.pages.binder import BinderPage
from tests.journeys.pages.report import EvidencePage, LinePage, PlanPage, ReportDesk, ReportPage, Verdicts
from tests.journeys.paper import signature
from tests.journeys.site import Site
from tests.journeys.stories.cast import Cast


@dataclass(frozen=True)
class Line:
    """What the practice answers to one requirement: its plan, and the page that shows that it was done."""

    code: str
    document: str
    page: int
    fields: Mapping[str, str]


def a_line(code: str, document: str, page: int, *, cause: str, action: str, done_by: date) -> Line:
    """A line with all its parts."""
    return Line(code, document, page, {
        "Why it happened": cause, "What you will do": action, "Responsible person": "Priya N.",
        "Their title": "Pharmacy Manager", "Done by": done_by.isoformat(),
        "What is measured": "Ten of each at both sites, against the revised policy", "How often": "Each month",
        "The goal": "All of them", "Evidence to come": f"{document}, revised; counts of three months.",
    })  # fmt: skip


def the_report_is_issued(site: Site, cast: Cast, *, asks: Mapping[str, str]) -> bytes:
    """Staff draw the report up, word what must be shown, look at it as the practice will, and issue it."""
    staff = site.sign_in(cast.staff.email)
    desk = ReportDesk(staff).open().seen("m4-desk")
    draft = desk.draw_up(cast.practice).seen("m4-draft")
    for code, what in asks.items():
        wording = draft.word(code).seen("m4-wording")
        draft = wording.ask_for("Policy", what).save(code)
        draft.told(f"{code} is saved.")
    draft.preview().seen("m4-preview").follow("Back to the draft")
    report = draft.issue()
    report.told("The report is issued. The practice has been told.")
    return the_signed_paper(report.seen("m4-report-issued"))


def the_signed_paper(report: ReportPage) -> bytes:
    """The page turns into one with a link by itself; the PDF behind it is sound."""
    paper = report.by_itself(report.wait_for_paper).person.file("Signed PDF")
    signature(paper)
    return paper


def the_practice_reads_it(site: Site, cast: Cast, codes: Sequence[str]) -> PlanPage:
    """The practice is told, finds the report in the bar, reads each finding, and goes on to the plan."""
    site.mails.wait(cast.owner.email, "Your Certification Compliance Report is here")
    report = ReportPage(site.sign_in(cast.owner.email)).open()
    report.seen("m4-report")
    for code in codes:
        expect(report.finding(code)).to_be_visible()
    assert cast.reviewer.name not in report.page.content()
    return report.plan().seen("m4-plan")


def the_plan_is_written(plan: PlanPage, lines: Sequence[Line]) -> None:
    """Every line, saved as it is typed: who comes back finds everything."""
    for line in lines:
        page = plan.line(line.code)
        page.write(line.fields).kept()
        page.tie(line.document).seen("m4-line")
        page.page.reload()
        for label, text in line.fields.items():
            assert page.value(label) == text, label
        plan = page.plan()


def the_plan_is_sent(site: Site, cast: Cast) -> None:
    """Only a signer sends it."""
    plan = PlanPage(site.sign_in(cast.signer.email)).open()
    plan.seen("m4-plan-complete").send()
    plan.told("The plan is with the Program").seen("m4-plan-sent")


def the_reviewer_answers(site: Site, cast: Cast, codes: Sequence[str], back: Mapping[str, str]) -> None:
    """Each line gets its verdict; what goes back goes back with a comment, all at once."""
    verdicts = what_waits(site, cast, "An action plan waits for your verdict").seen("m4-review")
    for code in codes:
        verdicts.note(code, "Return" if code in back else "Accept", back.get(code, ""))
    verdicts.seen("m4-review-noted")
    if back:
        verdicts.send_back(len(back))
        verdicts.told("Only the returned lines can be changed.").seen("m4-plan-returned")
    else:
        verdicts.accept()
        verdicts.told("The practice can send its evidence now.").seen("m4-plan-accepted")


def what_waits(site: Site, cast: Cast, subject: str) -> Verdicts:
    """The reviewer follows the link of the mail."""
    person = site.sign_in(cast.reviewer.email)
    person.goto(site.mails.link(cast.reviewer.email, subject))
    return Verdicts(person)


def a_line_is_changed(site: Site, cast: Cast, code: str, label: str, text: str, answer: str) -> LinePage:
    """The practice reads the comment, changes the line and answers."""
    plan = PlanPage(site.sign_in(cast.owner.email)).open().seen("m4-plan-back")
    line = plan.line(code).seen("m4-line-returned")
    line.write({label: text, "Answer to the Program": answer}).kept()
    line.told("Changed since it was returned")
    return line


def the_revised_documents_come_in(site: Site, cast: Cast, files: Sequence[Path]) -> None:
    """The practice sends the revised policies to its binder under their old names."""
    binder = BinderPage(site.sign_in(cast.owner.email)).open().seen("m4-binder")
    binder.send_in(files)
    for file in files:
        binder.told("version 2")
        assert "version 2" in binder.document(file.stem).inner_text(), file.name
    binder.seen("m4-binder-v2")


def the_evidence_is_pinned(site: Site, cast: Cast, lines: Sequence[Line], on: date) -> EvidencePage:
    """For each line the day it was done and the page that shows it."""
    plan = PlanPage(site.sign_in(cast.owner.email)).open()
    evidence = plan.show_done().seen("m4-evidence")
    for line in lines:
        evidence.pin(line.code, line.document, line.page)
        evidence.done(line.code, on)
    return evidence.seen("m4-evidence-ready")


def more_evidence_comes(site: Site, cast: Cast, line: Line, page: int) -> None:
    """The practice reads what more is asked and pins another page."""
    site.mails.wait(cast.owner.email, "The Program has answered your evidence")
    evidence = PlanPage(site.sign_in(cast.owner.email)).open().show_done().seen("m4-evidence-more")
    evidence.pin(line.code, line.document, page)


def the_evidence_is_sent(site: Site, cast: Cast, *, round_: int = 1) -> bytes:
    """The signer sends it; the receipt lists every file and is signed."""
    plan = PlanPage(site.sign_in(cast.signer.email)).open()
    plan = plan.show_done().send()
    plan.told("The evidence is with the Program.")
    receipt = plan.by_itself(lambda: plan.wait_for_receipt(round_)).person.file(f"Receipt of evidence, round {round_}")
    signature(receipt)
    plan.seen("m4-plan-evidence-sent")
    return receipt


def the_evidence_is_judged(site: Site, cast: Cast, codes: Sequence[str], more: Mapping[str, str]) -> None:
    """Met, or more is asked; when everything is met the closing report is issued with the answer."""
    verdicts = what_waits(site, cast, "Evidence waits for your verdict").seen("m4-judge")
    for code in codes:
        verdicts.note(code, "Ask for more" if code in more else "Met", more.get(code, ""))
    verdicts.seen("m4-judge-noted")
    if more:
        verdicts.ask_for_more()
        verdicts.told("The practice is asked for the rest.").seen("m4-plan-more-asked")
    else:
        verdicts.answer()
        verdicts.told("The closing report is issued.").seen("m4-plan-met")


def a_second_visit_is_ordered(
    site: Site, cast: Cast, plan_id: str, codes: Sequence[str], sites: Sequence[str]
) -> None:  # fmt: skip
    """An administrator orders it with its ground and a reason; the practice is told and reads both."""
    person = site.sign_in(cast.admin.email)
    person.goto(f"/plans/{plan_id}")
    order = PlanPage(person).seen("m4-plan-office").order_resurvey().seen("m4-resurvey")
    reason = "Only a look at the cart on a working day shows it."
    order.order(lines=codes, sites=sites, ground="Only observation can show it", reason=reason)
    order.told("The re-survey is ordered.").seen("m4-plan-resurvey")
    site.mails.wait(cast.owner.email, "A re-survey was ordered")
    PlanPage(site.sign_in(cast.owner.email)).open().told(reason).seen("m4-plan-resurvey-practice")


def the_second_visit_is_taken_in(site: Site, cast: Cast) -> None:
    """Staff take the committee's word on the second visit into the plan, which closes it."""
    desk = ReportDesk(site.sign_in(cast.staff.email)).open().seen("m4-desk-resurvey")
    desk.take_into_plan(cast.practice)
    desk.told("The closing report is issued.")


def the_closing_report(site: Site, cast: Cast) -> bytes:
    """The practice finds the closing report in the place of the first one: everything is met."""
    report = ReportPage(site.sign_in(cast.owner.email)).open()
    report.told("Every requirement of this report has been met.").seen("m4-report-closed").version(2)
    report.told("Every standard is met at every site.")
    return the_signed_paper(report.seen("m4-closing"))
