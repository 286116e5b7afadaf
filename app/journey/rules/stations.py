"""The stations of the main road, in order: what happens there, in the doer's words and in the waiting side's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PRACTICE = ("owner", "contributor", "signer")


class Holder(StrEnum):
    """Whose turn it is. A practice never hears which person of the Program."""

    PRACTICE = "practice"
    PROGRAM = "program"


@dataclass(frozen=True)
class Station:
    """One thing to do: by whom, under which clocks, on which page (the first that the portal has).

    `do` is said to whoever does it, `wait` to everybody else, `why` to the practice.
    """

    key: str
    milestone: int
    role: str
    do: str
    wait: str
    why: str = ""
    clocks: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    main: bool = True

    @property
    def holder(self) -> Holder:
        return Holder.PRACTICE if self.role in PRACTICE else Holder.PROGRAM


def _s(key: str, milestone: int, role: str, do: str, wait: str, why: str = "", *, clocks: str = "", pages: str = "",
       main: bool = True) -> Station:  # fmt: skip
    return Station(key, milestone, role, do, wait, why, tuple(clocks.split()), tuple(pages.split()), main)


STATIONS: dict[str, Station] = {station.key: station for station in (
    _s("approve", 1, "staff", "Approve or refuse {name}", "The Program looks at your registration",
       "Colleagues can be invited once it is done.", pages="people.practices", main=False),
    _s("enroll", 1, "owner", "Enroll in a QOPI round", "The practice enrolls in a round",
       "Choose the QCP Track: its score is the one that opens an application.",
       pages="participation.home"),
    _s("chart", 1, "contributor", "Enter charts: {charts} of {charts_wanted}", "The practice enters charts",
       "By form or by file. The running score is not final until the round closes.",
       pages="participation.desk participation.home"),
    _s("freeze", 1, "owner", "Freeze your charts", "The practice freezes its charts",
       "{charts} charts are entered. You may reopen them while the round is open.",
       pages="participation.freeze participation.desk participation.home"),
    _s("score", 1, "staff", "Close and release {round_name}", "The Program scores the round and sends the final report",
       "Your charts are frozen; nothing is asked of you.", clocks="round.report",
       pages="participation.round participation.rounds"),
    _s("score_low", 1, "owner", "Read why the score does not qualify", "The practice reads its final report",
       "The report names every reason and what would change it. A new round is the way on.",
       pages="participation.score_report participation.home", main=False),
    _s("open", 2, "owner", "Open your application", "The practice opens its application",
       "The Overall Quality Score of {score} % qualifies.", clocks="score.valid",
       pages="application.gate"),
    _s("step", 2, "owner", "Step {step_number}: {step_title}", "The practice fills in its application",
       "{steps_done} of 6 steps are complete.", clocks="application.draft score.valid",
       pages="application.step application.read"),
    _s("pay", 2, "owner", "Pay invoice {invoice_number}", "The practice pays its invoice",
       "By check, transfer or card; give the number with it.", clocks="payment.invoice",
       pages="application.step application.read", main=False),
    _s("confirm_payment", 2, "staff", "Confirm the payment of {invoice_number}", "The Program confirms your payment",
       "Its confirmation fixes the edition of the standards.", pages="application.step application.read", main=False),
    _s("submit", 2, "signer", "Submit the application", "The practice submits its application",
       "All six steps are complete. Submitting makes a locked copy and a receipt.",
       clocks="application.draft score.valid", pages="application.submit application.read"),
    _s("resubmit", 2, "signer", "Change what came back and send the application again",
       "The practice changes what was returned", "Only the returned steps are open: {returned_steps}.",
       clocks="application.answer", pages="application.read application.submit", main=False),
    _s("answer_claim", 2, "staff", "Answer {claims} that a row does not apply",
       "The Program answers your claims that a row does not apply", "Until then the claim stands as you made it.",
       pages="evidence.binder", main=False),
    _s("look", 2, "staff", "Look the application through", "The Program looks your application through",
       "It may come back with named steps to change; the survey goes on meanwhile.", clocks="application.look",
       pages="application.read application.index", main=False),
    _s("name_surveyor", 3, "staff", "Name a surveyor", "The Program names your surveyor",
       "You then confirm that there is no conflict of interest, or object.", clocks="survey.name_surveyor",
       pages="survey.read survey.desk"),
    _s("declare", 3, "surveyor", "Declare whether a conflict of interest stands in the way",
       "The surveyor declares that there is no conflict of interest", "You hear the name after that.",
       clocks="survey.declare", pages="survey.assignment"),
    _s("confirm", 3, "signer", "Confirm your surveyor, or object", "The practice confirms its surveyor",
       "Say whether anything ties the surveyor to your practice.", clocks="survey.confirm",
       pages="survey.read"),
    _s("objection", 3, "admin", "Decide on the objection to the surveyor", "The Program decides on your objection",
       "It stays private.", pages="survey.read survey.desk", main=False),
    _s("set_date", 3, "staff", "Set the date of the visit", "The Program sets the date of the visit",
       "It takes one of the days you offered.", clocks="survey.set_date survey.visit_by",
       pages="survey.read survey.desk"),
    _s("visit", 3, "surveyor", "Visit {name}", "The surveyor visits you on {visit}",
       "Keep the binder up to date until it freezes; later files wait for the visit.",
       clocks="survey.sample_list survey.freeze", pages="survey.read"),
    _s("send_file", 3, "contributor", "Send {questions} that the Program asks for",
       "The practice sends files that were asked for", "Each question stands with its row; add the file right there.",
       pages="evidence.threads evidence.binder", main=False),
    _s("end_visit", 3, "surveyor", "Fill in the worksheet and end the visit", "The visit is under way",
       "Every element is rated at every site.", pages="survey.worksheet survey.read"),
    _s("worksheet", 3, "surveyor", "Finish the worksheet and submit it", "The surveyor finishes the worksheet",
       "Files that were asked for may be sent for a few days more.", clocks="survey.worksheet survey.late_evidence",
       pages="survey.worksheet survey.read"),
    _s("check", 3, "staff", "Check the worksheet and pass it to the committee", "The Program checks the worksheet",
       "Then a second, independent person judges it.", clocks="survey.check",
       pages="survey.check survey.read"),
    _s("assign_reviewer", 3, "staff", "Assign a reviewer", "The committee takes up your case",
       "Somebody who neither surveyed nor checked it.", clocks="committee.determine",
       pages="survey.read survey.desk", main=False),
    _s("review_clear", 3, "reviewer", "Declare whether a conflict of interest stands in the way",
       "The committee takes up your case", "First it makes sure that nothing ties it to your practice.",
       clocks="committee.determine", pages="survey.review", main=False),
    _s("determine", 3, "reviewer", "Read the case and decide every standard", "The committee decides every standard",
       "A second, independent judgment of what the surveyor saw.", clocks="committee.determine",
       pages="survey.review"),
    _s("answer", 3, "surveyor", "Answer the committee's question", "The committee decides every standard",
       "A question about a row goes to the surveyor first.",
       pages="survey.worksheet survey.read", main=False),
    _s("draft", 4, "staff", "Draft the compliance report", "The Program writes your compliance report",
       "The committee has determined every standard.", clocks="ccr.issue", pages="report.desk",
       main=False),
    _s("issue", 4, "staff", "Issue the compliance report", "The Program issues your compliance report",
       "It says for each standard what was found and what must be shown.", clocks="ccr.issue",
       pages="report.draft_page report.desk"),
    _s("plan", 4, "signer", "Write the Compliance Action Plan: {lines}", "The practice writes its action plan",
       "Say what you will do, who will do it and by when. The work itself may come later.", clocks="plan.submit",
       pages="report.plan report.read"),
    _s("judge_plan", 4, "reviewer", "Judge the Compliance Action Plan, round {plan_round}",
       "The Program reads your Compliance Action Plan", "Each line is accepted, or comes back with a comment.",
       clocks="plan.review", pages="report.review"),
    _s("replan", 4, "signer", "Change {returned_lines} and send the plan again", "The practice changes its plan",
       "The other lines are accepted and locked.", clocks="plan.resubmit",
       pages="report.plan", main=False),
    _s("evidence", 4, "signer", "Do the work and send the evidence", "The practice does the work and sends evidence",
       "{met} of {requirements} requirements are met.", clocks="evidence.more evidence.submit",
       pages="report.evidence report.plan"),
    _s("judge_evidence", 4, "reviewer", "Judge the evidence", "The Program judges your evidence",
       "All met: the case goes to the decision.", clocks="evidence.review",
       pages="report.judge"),
    _s("award", 5, "admin", "Record the decision", "The Program records its decision",
       "Every standard is met at every site.", clocks="decision.record",
       pages="decision.decide decision.awaiting"),
    _s("plaque_details", 5, "owner", "Confirm what stands on your plaque", "The practice confirms its plaque",
       "Name, address and who receives it.", clocks="plaque.details",
       pages="decision.plaque decision.certification"),
    _s("plaque_draw", 5, "staff", "Draw the proof of the plaque", "The Program draws the proof of your plaque", "",
       pages="decision.plaque decision.desk", main=False),
    _s("plaque_proof", 5, "owner", "Look at the proof of your plaque", "The practice looks at its proof",
       "Approve it, or say what to change.", clocks="plaque.proof", pages="decision.plaque", main=False),
    _s("plaque_order", 5, "staff", "Order the plaque", "The Program orders your plaque", "", clocks="plaque.ship",
       pages="decision.plaque decision.desk", main=False),
    _s("plaque_ship", 5, "staff", "Ship the plaque", "Your plaque is being made", "", clocks="plaque.ship",
       pages="decision.plaque decision.desk", main=False),
    _s("plaque_receive", 5, "owner", "Say that the plaque has arrived", "The plaque is on its way", "",
       pages="decision.plaque", main=False),
)}  # fmt: skip
