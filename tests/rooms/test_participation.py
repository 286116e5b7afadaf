"""A practice's way through a round: enrol, enter charts, freeze, close, release, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.ledger import Event
from app.participation import queries
from app.participation.actions import charts, enrolments, rounds
from app.participation.actions.charts import BadChart, BadFile
from app.participation.models import Chart, Enrolment, EnrolmentAgreement, Round, ScoreReport
from app.participation.queries import desk
from app.participation.queries.reports import report_facts
from app.participation.rules.modules import Module
from app.participation.rules.moves import ChartState, EnrolmentState, RoundState
from app.participation.rules.windows import sample_round
from app.people.actions import Refused
from app.people.models import User
from app.people.rules import PracticeState, Role
from tests.factories import chart as made
from tests.factories import enrolment as enrolling
from tests.factories import people
from tests.factories.round import round_ as a_round

MARCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)


@pytest.fixture
def round_(db: Session) -> Round:
    return a_round(db)


@pytest.fixture
def enrolment(db: Session, round_: Round) -> Enrolment:
    return enrolling.enrolment(db, round_=round_)


@pytest.fixture
def owner(db: Session, enrolment: Enrolment) -> User:
    return people.member(db, enrolment.practice)


@pytest.fixture
def staff(db: Session) -> User:
    return people.official(db, Role.STAFF)


def said(db: Session) -> list[str]:
    return list(db.scalars(select(Event.what).order_by(Event.number)))


def released(db: Session, enrolment: Enrolment, owner: User, staff: User) -> ScoreReport:
    made.sample_charts(db, enrolment, owner)
    enrolments.freeze(db, enrolment, by=owner, now=MARCH)
    rounds.close_round(db, enrolment.round, by=None, now=JULY)
    return rounds.release_round(db, enrolment.round, by=staff, now=AUGUST)[0]


def test_from_enrolment_to_a_final_report_that_opens_an_application(
    db: Session, enrolment: Enrolment, owner: User, staff: User
) -> None:
    report = released(db, enrolment, owner, staff)
    expected = json.loads((made.FILES / "charts-sample.expected.json").read_text())
    assert report.result == expected
    assert report.qualified and report.valid_until == date(2027, 6, 30)
    assert report.intact and enrolment.state is EnrolmentState.REPORTED
    assert queries.latest_report(db, enrolment.practice_id) is report
    assert queries.why_cannot_apply(db, enrolment.practice, date(2027, 6, 30)) == []
    assert queries.why_cannot_apply(db, enrolment.practice, date(2027, 7, 1)) == [
        "The score of round 2026-R1 could be used through Wed 30 Jun 2027."
    ]
    assert {"practice enrolled", "charts imported", "charts frozen", "round closed", "round released",
            "final report issued"} <= set(said(db))  # fmt: skip


def test_the_report_orders_its_signed_paper_with_everything_the_page_says(
    db: Session, enrolment: Enrolment, owner: User, staff: User
) -> None:
    report = released(db, enrolment, owner, staff)
    assert report.paper is not None and report.paper.number == "QPR-2026-R1-0001"
    data = report.paper.data
    assert data["score"]["percent"] == report.percent and len(data["measures"]) == 26
    assert data["score"]["all"] is None  # one practice is too few to compare
    assert data["measures"][0]["charts"] == report_facts(report).measures[0]["charts"] != []


def test_a_score_is_compared_when_five_practices_have_one(
    db: Session, round_: Round, enrolment: Enrolment, owner: User, staff: User
) -> None:
    for _ in range(4):
        other = enrolling.enrolment(db, round_=round_)
        made.sample_charts(db, other, people.member(db, other.practice))
    report = released(db, enrolment, owner, staff)
    assert report.comparison is not None
    assert report.comparison["score"] == {"practices": 5, "percent": report.percent}
    assert round_.comparison == report.comparison


def test_without_a_report_the_reason_says_what_to_do(db: Session, enrolment: Enrolment) -> None:
    enrolment.practice.state = PracticeState.INACTIVE
    enrolment.practice.asco_member = None
    assert len(queries.why_cannot_apply(db, enrolment.practice, date(2026, 7, 1))) == 3


def test_a_practice_that_falls_short_hears_every_reason_with_its_numbers(
    db: Session, enrolment: Enrolment, owner: User, staff: User
) -> None:
    made.chart(db, enrolment, owner)
    rounds.close_round(db, enrolment.round, by=None, now=JULY)
    report = rounds.release_round(db, enrolment.round, by=staff, now=AUGUST)[0]
    reasons = queries.why_cannot_apply(db, enrolment.practice, date(2026, 9, 1))
    assert not report.qualified and report.valid_until is None
    assert "1 unique charts count; 50 are needed." in reasons and len(reasons) >= 6


def test_a_close_that_is_announced_later_shortens_the_life_of_a_score(
    db: Session, enrolment: Enrolment, owner: User, staff: User
) -> None:
    enrolment.round.next_same_season_closes_on = None
    report = released(db, enrolment, owner, staff)
    assert report.usable_until == date(2027, 8, 14)
    rounds.announce_next_close(db, enrolment.round, date(2027, 6, 30), by=staff, now=AUGUST)
    assert report.usable_until == date(2027, 6, 30) and report.valid_until == date(2027, 8, 14) and report.intact


def test_enrolling_keeps_which_words_were_accepted_by_whom(db: Session, enrolment: Enrolment) -> None:
    kept = list(db.scalars(select(EnrolmentAgreement).where(EnrolmentAgreement.enrolment_id == enrolment.id)))
    assert {one.key.value for one in kept} == {"participation", "baa"}
    assert all(one.typed_name == "Dana Wexler" and len(one.sha256) == 64 for one in kept)


def test_enrolling_is_refused_with_every_reason(db: Session, enrolment: Enrolment, owner: User) -> None:
    enrolment.practice.state = PracticeState.REQUESTED
    with pytest.raises(Refused) as refused:
        enrolments.enrol(
            db, enrolment.practice, enrolment.round, by=owner, now=JULY,
            **enrolling.terms(fte="none", statements=[], typed_names={}),
        )  # fmt: skip
    assert len(refused.value.reasons) == 7


def test_the_first_chart_moves_the_enrolment_on(db: Session, enrolment: Enrolment, owner: User) -> None:
    assert enrolment.state is EnrolmentState.ENROLLED
    chart = made.chart(db, enrolment, owner)
    assert enrolment.state is EnrolmentState.ABSTRACTING and chart.state is ChartState.ENTERED


def test_a_chart_with_errors_is_refused_with_all_of_them_and_may_be_kept_as_a_draft(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    wrong = made.cells(sex="", site_code="ZZ")
    with pytest.raises(BadChart) as refused:
        charts.enter_chart(db, enrolment, wrong, by=owner, now=MARCH)
    assert refused.value.errors == ["missing:sex", "unknown_site:site_code"]
    draft = charts.keep_draft(db, enrolment, wrong, by=owner, now=MARCH)
    assert desk.running_result(db, enrolment, MARCH.date())["rows"] == 0
    charts.enter_chart(db, enrolment, made.cells(), by=owner, now=MARCH, draft=draft)
    assert desk.drafts(db, enrolment) == []


def test_a_label_that_is_taken_is_refused_unless_the_chart_is_to_be_replaced(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    first = made.chart(db, enrolment, owner)
    with pytest.raises(BadChart) as refused:
        made.chart(db, enrolment, owner)
    assert refused.value.errors == ["duplicate_chart_id"]
    again = charts.enter_chart(db, enrolment, made.cells(sex="other"), by=owner, now=MARCH, replace=True)
    assert again is first and again.cells["sex"] == "other"


def test_a_corrected_chart_may_change_its_label(db: Session, enrolment: Enrolment, owner: User) -> None:
    chart = made.chart(db, enrolment, owner)
    charts.enter_chart(db, enrolment, made.cells(chart_id="QX-9999"), by=owner, now=MARCH, over=chart)
    assert chart.chart_id == "QX-9999" and len(desk.all_charts(db, enrolment)) == 1


def test_importing_is_all_or_nothing_unless_sound_rows_are_asked_for(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    data = made.file_of(made.cells(), made.cells(chart_id="QX-0002", sex=""))
    with pytest.raises(BadFile) as refused:
        charts.import_charts(db, enrolment, data, partial=False, replace=False, by=owner, now=MARCH)
    assert refused.value.sheet is not None and refused.value.sheet.errors == {2: ["missing:sex"]}
    assert desk.all_charts(db, enrolment) == []
    charts.import_charts(db, enrolment, data, partial=True, replace=False, by=owner, now=MARCH)
    assert len(desk.all_charts(db, enrolment)) == 1


def test_importing_the_same_file_again_is_refused_row_by_row_or_replaces(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    made.sample_charts(db, enrolment, owner)
    with pytest.raises(BadFile) as refused:
        made.sample_charts(db, enrolment, owner)
    assert refused.value.sheet is not None and len(refused.value.sheet.errors) == 120
    charts.import_charts(db, enrolment, made.sample_file(), partial=False, replace=True, by=owner, now=MARCH)
    assert len(desk.all_charts(db, enrolment)) == 120


def test_a_file_that_names_patients_is_refused_whole(db: Session, enrolment: Enrolment, owner: User) -> None:
    data = made.sample_file().replace(b"mutation_tested\n", b"mutation_tested,Patient name\n", 1)
    with pytest.raises(BadFile) as refused:
        charts.import_charts(db, enrolment, data, partial=True, replace=False, by=owner, now=MARCH)
    assert refused.value.errors == ["column_forbidden:51"]


def test_a_chart_outside_the_windows_is_kept_with_its_reason_and_counts_nowhere(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    first = made.cells()["first_visit_on"]
    chart = made.chart(db, enrolment, owner, last_visit_on=first, chemo_route=made.cells()["chemo_route"])
    assert "single_visit" in chart.excluded
    found = desk.running_result(db, enrolment, MARCH.date())
    assert found["unique_charts"] == 0 and found["rows"] == 1
    assert desk.charts_page(db, enrolment, only_excluded=True)[1] == 1


def test_charts_that_look_alike_wait_for_a_decision_about_the_whole_group(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    for label in ("QX-0001", "QX-0002"):
        made.chart(db, enrolment, owner, chart_id=label)
    [group] = desk.groups(db, enrolment)
    assert group.open
    with pytest.raises(Refused):
        enrolments.decide_duplicates(db, enrolment, ["QX-0001"], by=owner, now=MARCH)
    enrolments.decide_duplicates(db, enrolment, group.labels, by=owner, now=MARCH)
    assert not desk.groups(db, enrolment)[0].open
    made.chart(db, enrolment, owner, chart_id="QX-0003")
    assert desk.groups(db, enrolment)[0].open  # the group grew, so the question is a new one


def test_a_missed_target_is_no_obstacle_once_the_owner_confirms_that_all_charts_are_in(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    made.chart(db, enrolment, owner)
    enrolments.confirm_module_complete(db, enrolment, Module.LU, by=owner, now=MARCH)
    reasons = desk.running_result(db, enrolment, MARCH.date())["qualification"]["reasons"]
    assert "lu" not in [reason.get("module") for reason in reasons]
    enrolments.take_back_module_complete(db, enrolment, Module.LU, by=owner, now=MARCH)
    assert enrolment.complete == []


def test_frozen_charts_are_read_only_until_the_owner_reopens_them(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    chart = made.chart(db, enrolment, owner)
    enrolments.freeze(db, enrolment, by=owner, now=MARCH)
    assert db.scalar(select(Chart.state)) is ChartState.LOCKED
    for forbidden in (
        lambda: made.chart(db, enrolment, owner, chart_id="QX-0002"),
        lambda: charts.remove_chart(db, enrolment, chart, by=owner, now=MARCH),
        lambda: enrolments.confirm_module_complete(db, enrolment, Module.LU, by=owner, now=MARCH),
        lambda: made.sample_charts(db, enrolment, owner),
        lambda: enrolments.freeze(db, enrolment, by=owner, now=MARCH),
    ):
        with pytest.raises(Refused):
            forbidden()
    enrolments.reopen(db, enrolment, by=owner, now=MARCH)
    charts.remove_chart(db, enrolment, chart, by=owner, now=MARCH)
    assert desk.all_charts(db, enrolment) == []


def test_nothing_is_frozen_without_a_chart_and_nothing_reopened_after_the_close(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    with pytest.raises(Refused) as refused:
        enrolments.freeze(db, enrolment, by=owner, now=MARCH)
    assert "There is no chart to freeze." in refused.value.reasons
    made.chart(db, enrolment, owner)
    rounds.close_round(db, enrolment.round, by=None, now=JULY)
    with pytest.raises(Refused):
        enrolments.reopen(db, enrolment, by=owner, now=JULY)


def test_at_the_close_charts_are_frozen_and_enrolments_without_charts_lapse(
    db: Session, round_: Round, enrolment: Enrolment, owner: User
) -> None:
    empty = enrolling.enrolment(db, round_=round_)
    made.chart(db, enrolment, owner)
    rounds.close_round(db, round_, by=None, now=JULY)
    assert (enrolment.state, empty.state) == (EnrolmentState.FROZEN, EnrolmentState.LAPSED)


def test_a_withdrawn_enrolment_keeps_its_charts_and_is_not_scored(
    db: Session, enrolment: Enrolment, owner: User, staff: User
) -> None:
    made.chart(db, enrolment, owner)
    with pytest.raises(Refused):
        enrolments.withdraw(db, enrolment, why=" ", by=owner, now=MARCH)
    enrolments.withdraw(db, enrolment, why="We merge with another practice.", by=owner, now=MARCH)
    rounds.close_round(db, enrolment.round, by=None, now=JULY)
    assert rounds.release_round(db, enrolment.round, by=staff, now=AUGUST) == []
    assert len(desk.all_charts(db, enrolment)) == 1


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.REGISTERING, RoundState.OPEN, RoundState.RELEASED])
def test_reports_go_out_after_the_close_and_only_once(db: Session, staff: User, state: RoundState) -> None:
    on = date(2026, 8, 14) if state is RoundState.RELEASED else None
    with pytest.raises(Refused):
        rounds.release_round(db, a_round(db, state=state, final_report_on=on), by=staff, now=AUGUST)


def test_a_round_is_planned_registers_opens_and_is_extended_with_a_reason(db: Session, staff: User) -> None:
    days = {"registers_from": date(2025, 12, 1), "registers_until": date(2026, 5, 31)}
    round_ = rounds.plan_round(db, sample_round(), by=staff, now=MARCH, **days)
    with pytest.raises(Refused):
        rounds.plan_round(db, sample_round(), by=staff, now=MARCH, **days)
    rounds.open_registration(db, round_, by=staff, now=MARCH)
    rounds.open_round(db, round_, by=staff, now=MARCH)
    with pytest.raises(Refused) as refused:
        rounds.extend(db, round_, date(2026, 2, 1), why="", by=staff, now=MARCH)
    assert len(refused.value.reasons) == 3
    rounds.extend(db, round_, date(2026, 7, 15), why="A storm closed many practices.", by=staff, now=MARCH)
    assert round_.closes_on == date(2026, 7, 15)


def test_the_clock_opens_and_closes_rounds_by_itself(db: Session) -> None:
    round_ = a_round(db, state=RoundState.PLANNED)
    rounds.tend_rounds(db, now=MARCH)
    assert round_.state is RoundState.OPEN
    rounds.tend_rounds(db, now=datetime(2026, 6, 30, 15, 0, tzinfo=UTC))
    assert round_.state is RoundState.OPEN  # the last day belongs to the round
    rounds.tend_rounds(db, now=JULY)
    assert round_.state is RoundState.CLOSED


def test_a_report_that_was_changed_in_the_store_is_known(
    db: Session, enrolment: Enrolment, owner: User, staff: User
) -> None:
    report = released(db, enrolment, owner, staff)
    report.result = report.result | {"unique_charts": 999}
    assert not report.intact


@pytest.mark.parametrize("half_truth", [
    lambda round_: setattr(round_, "final_report_on", date(2026, 8, 14)),
    lambda round_: setattr(round_, "state", RoundState.RELEASED),
    lambda round_: setattr(round_, "registers_until", date(2025, 1, 1)),
])  # fmt: skip
def test_the_database_refuses_half_truths_about_a_round(
    db: Session, round_: Round, half_truth: Callable[[Round], None]
) -> None:
    half_truth(round_)
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_corrected_chart_leaves_what_was_changed_in_the_ledger(
    db: Session, enrolment: Enrolment, owner: User
) -> None:
    first = made.chart(db, enrolment, owner, sex="female")
    charts.enter_chart(db, enrolment, made.cells(sex="other"), by=owner, now=MARCH, over=first)
    event = db.scalars(select(Event).where(Event.what == "chart replaced")).one()
    assert event.detail["before"] == {"sex": "female"}
    assert event.detail["after"] == {"chart": first.chart_id, "sex": "other"}
