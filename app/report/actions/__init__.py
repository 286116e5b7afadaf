"""The verbs of M4, one file per subject."""

from app.report.actions.closing import close
from app.report.actions.drafting import draft, save_remarks, save_requirement
from app.report.actions.issuing import issue
from app.report.actions.judging import answer_evidence, judge_evidence
from app.report.actions.planning import ChangedMeanwhile, link_document, save_line, submit_plan, unlink_document
from app.report.actions.proving import add_proof, remove_proof, save_showing, send_evidence
from app.report.actions.resurvey import order_resurvey, take_resurvey
from app.report.actions.reviewing import accept_plan, judge_line, return_plan

__all__ = [
    "ChangedMeanwhile",
    "accept_plan",
    "add_proof",
    "answer_evidence",
    "close",
    "draft",
    "issue",
    "judge_evidence",
    "judge_line",
    "link_document",
    "order_resurvey",
    "remove_proof",
    "return_plan",
    "save_line",
    "save_remarks",
    "save_requirement",
    "save_showing",
    "send_evidence",
    "submit_plan",
    "take_resurvey",
    "unlink_document",
]
