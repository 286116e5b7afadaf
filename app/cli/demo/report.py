"""M4 of the demonstration: the compliance report, a plan that comes back once, the evidence, the closing report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.cli.demo.application import replace_documents
from app.cli.demo.stage import Scene, Story, read
from app.evidence import passages
from app.evidence import queries as binder
from app.kernel import clock
from app.people.rules import Role
from app.report import actions, queries
from app.report.models import ComplianceReport, Plan, PlanLine
from app.report.queries import plans
from app.report.rules.ccr import Show
from app.report.rules.plan import PlanText, Stage, Verdict


def _report(story: Story) -> ComplianceReport:
    found = queries.of_survey(story.db, story.survey.id)
    if found is None:
        raise LookupError("the report is not drafted yet")
    return found


def _plan(story: Story) -> Plan:
    found = queries.plan_of(story.db, story.application.id)
    if found is None:
        raise LookupError("no plan is asked for")
    return found


def issue(story: Story) -> None:
    """Staff word the findings and issue the report."""
    staff, now, told = story.stage.staff, clock.now(), read("plan")["requirements"]
    report = actions.draft(story.db, story.survey, by=staff, now=now)
    for requirement in report.requirements:
        words = told[requirement.code]
        actions.save_requirement(
            story.db, requirement, show=[(Show(kind), what) for kind, what in words["show"]], missing=words["missing"],
            seen=[noted["text"] for noted in requirement.seen], resurvey=False, why_resurvey="", by=staff, now=now,
        )  # fmt: skip
    actions.issue(story.db, report, by=staff, now=now, wording_confirmed=True)


def write_plan(story: Story) -> None:
    """The practice writes every line."""
    for line in _plan(story).lines:
        _write(story, line, {})


def _write(story: Story, line: PlanLine, over: dict[str, Any]) -> None:
    words = read("plan")["lines"][line.requirement.code] | over
    text = PlanText(**words, target=clock.today() + timedelta(days=40))
    actions.save_line(story.db, line, text, seen=line.edition, by=story.writer, now=clock.now())


def send_plan(story: Story) -> None:
    """The signer sends it."""
    actions.submit_plan(story.db, _plan(story), by=story.signer, now=clock.now())


def return_plan(story: Story) -> None:
    """One line comes back with a comment; the others are accepted."""
    plan, reviewer, now = _plan(story), story.stage.cast[Role.REVIEWER], clock.now()
    told = read("plan")["returned"]
    for line in plan.lines:
        comment = told["comment"] if line.requirement.code == told["code"] else ""
        verdict = Verdict.RETURN if comment else Verdict.ACCEPT
        actions.judge_line(story.db, line, verdict, comment, by=reviewer, now=now)
    actions.return_plan(story.db, plan, by=reviewer, now=now)


def change_plan(story: Story) -> None:
    """The returned line is changed and the plan sent again."""
    told = read("plan")["returned"]
    for line in _plan(story).lines:
        if line.requirement.code == told["code"]:
            _write(story, line, told["change"])
    send_plan(story)


def accept_plan(story: Story) -> None:
    """Now the whole plan is accepted."""
    plan, reviewer, now = _plan(story), story.stage.cast[Role.REVIEWER], clock.now()
    for line in plan.lines:
        if plans.waits(line, Stage.PLAN):
            actions.judge_line(story.db, line, Verdict.ACCEPT, "", by=reviewer, now=now)
    actions.accept_plan(story.db, plan, by=reviewer, now=now)


def show_evidence(story: Story) -> None:
    """Each line is done, and the page that shows it is pinned; the signer sends the evidence."""
    plan, now, told = _plan(story), clock.now(), read("plan")["evidence"]
    for line in plan.lines:
        proof = told[line.requirement.code]
        version = story.versions[proof["document"]]
        pages = [(one.number, one.text) for one in binder.texts(story.db, version)]
        page = passages.find(pages, proof["quote"], None) or 1
        actions.add_proof(story.db, line, version, page, by=story.writer, now=now)
        done: date = clock.today() - timedelta(days=2)
        actions.save_showing(story.db, line, done_on=done, still_open="", by=story.writer, now=now)
    actions.send_evidence(story.db, plan, by=story.signer, now=now)


def meet(story: Story) -> None:
    """Every requirement is met: the closing report goes out by itself."""
    plan, reviewer, now = _plan(story), story.stage.cast[Role.REVIEWER], clock.now()
    for line in plan.lines:
        actions.judge_evidence(story.db, line, Verdict.MEET, "", by=reviewer, now=now)
    actions.answer_evidence(story.db, plan, by=reviewer, now=now)


SCENES = [
    Scene(20, issue, from_visit=True),
    Scene(28, write_plan, from_visit=True, hour=20),
    Scene(29, send_plan, from_visit=True),
    Scene(36, return_plan, from_visit=True),
    Scene(40, change_plan, from_visit=True),
    Scene(45, accept_plan, from_visit=True),
    Scene(70, replace_documents, from_visit=True),
    Scene(71, show_evidence, from_visit=True),
    Scene(82, meet, from_visit=True),
]
CLEAN = [Scene(20, issue, from_visit=True)]
