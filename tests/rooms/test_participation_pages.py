"""The pages of participation: main paths, what is refused, and forms that come back with what was typed."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.participation.actions import enrolments, rounds
from app.participation.models import Chart, ChartDraft, Enrolment, Round, ScoreReport
from app.participation.queries import desk
from app.participation.rules.modules import Module
from app.participation.rules.moves import EnrolmentState, RoundState, Statement
from app.participation.views.imports import pack, unpack
from app.people.models import Practice, User
from app.people.rules import Role
from tests.factories import chart as made
from tests.factories import enrolment as enrolling
from tests.factories import people
from tests.factories.round import round_ as a_round

AsUser = Callable[[User], FlaskClient]
MARCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_march() -> object:
    """The round is open and registration goes on."""
    with clock.at(MARCH):
        yield


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
def web(as_user: AsUser, owner: User) -> FlaskClient:
    """The owner's browser."""
    return as_user(owner)


def text(answer: object) -> str:
    return html.unescape(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def form_of_enrolment(**over: object) -> dict[str, object]:
    return {
        "fte": "2.5", "modules": [module.value for module in Module], "statements": [one.value for one in Statement],
        "name_participation": "Dana Wexler", "name_baa": "Dana Wexler",
    } | over  # fmt: skip


def of(enrolment: Enrolment, rest: str = "") -> str:
    return f"/enrolments/{enrolment.id}{rest}"


def an_importable_file(data: bytes) -> dict[str, object]:
    return {"file": (io.BytesIO(data), "charts.csv")}


def test_a_practice_without_rounds_is_told_what_a_round_is(as_user: AsUser, db: Session) -> None:
    practice = people.practice(db)
    answer = text(as_user(people.member(db, practice)).get(f"/practices/{practice.id}/participation"))
    assert "What a round is" in answer and "No round takes registrations now" in answer


def test_an_owner_enrols_and_comes_to_the_chart_desk(as_user: AsUser, db: Session, round_: Round) -> None:
    practice: Practice = enrolling.chart_practice(db)
    client = as_user(people.member(db, practice))
    where = f"/practices/{practice.id}/participation/{round_.code}/enroll"
    assert "Accept and enroll" in text(client.get(where))
    done = client.post(where, data=form_of_enrolment(), follow_redirects=True)
    assert "No chart yet" in text(done) and "0 of 70" in text(done)
    again = client.post(where, data=form_of_enrolment())
    assert again.status_code == 422 and "already enrolled" in text(again)


def test_an_enrolment_that_is_not_complete_comes_back_with_every_reason_and_what_was_typed(
    as_user: AsUser, db: Session, round_: Round
) -> None:
    practice = enrolling.chart_practice(db)
    where = f"/practices/{practice.id}/participation/{round_.code}/enroll"
    answer = as_user(people.member(db, practice)).post(
        where, data=form_of_enrolment(fte="many", statements=["has_email"], name_baa="")
    )
    said = text(answer)
    assert answer.status_code == 422 and 'value="many"' in said
    assert "7 of the 8 statements are not ticked." in said and "business associate agreement is not accepted" in said


def test_targets_follow_the_number_that_is_being_typed(web: FlaskClient, enrolment: Enrolment) -> None:
    where = f"/practices/{enrolment.practice_id}/participation/targets"
    assert ">90<" in text(web.get(f"{where}?fte=4"))
    assert "Enter your full-time equivalents" in text(web.get(f"{where}?fte=x"))


def test_only_an_owner_enrols(as_user: AsUser, db: Session, round_: Round) -> None:
    practice = enrolling.chart_practice(db)
    where = f"/practices/{practice.id}/participation/{round_.code}/enroll"
    assert as_user(people.member(db, practice, Role.CONTRIBUTOR)).get(where).status_code == 403


PAGES = ["", "/measures", "/charts/new", "/import", "/duplicates", "/freeze", "/withdraw", "/charts.csv"]


@pytest.mark.parametrize("rest", PAGES)
def test_every_page_of_an_enrolment_opens_for_its_owner_and_hides_from_other_practices(
    as_user: AsUser, db: Session, web: FlaskClient, enrolment: Enrolment, owner: User, rest: str
) -> None:
    made.sample_charts(db, enrolment, owner)
    assert web.get(of(enrolment, rest)).status_code == 200
    stranger = people.member(db, people.practice(db))
    assert as_user(stranger).get(of(enrolment, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["", "/charts/new", "/import", "/freeze"])
def test_program_staff_see_progress_but_no_charts(
    as_user: AsUser, db: Session, enrolment: Enrolment, rest: str
) -> None:
    assert as_user(people.official(db)).get(of(enrolment, rest)).status_code == 403


def test_a_chart_is_typed_corrected_and_removed(db: Session, web: FlaskClient, enrolment: Enrolment) -> None:
    done = web.post(of(enrolment, "/charts/new"), data=made.cells(), follow_redirects=True)
    assert "is entered" in text(done)
    chart = db.scalars(select(Chart)).one()
    assert "Correct" in text(web.get(f"/charts/{chart.id}"))
    web.post(f"/charts/{chart.id}/correct", data=made.cells(sex="other"))
    db.expire_all()
    assert chart.cells["sex"] == "other"
    web.post(f"/charts/{chart.id}/remove")
    assert db.scalar(select(func.count()).select_from(Chart)) == 0


def test_a_chart_with_errors_comes_back_with_each_error_by_its_field_and_what_was_typed(
    db: Session, web: FlaskClient, enrolment: Enrolment
) -> None:
    answer = web.post(
        of(enrolment, "/charts/new"), data=made.cells(birth_year="1066", sex="", last_visit_on="2024-01-01")
    )
    said = text(answer)
    assert answer.status_code == 422 and 'value="1066"' in said
    for sentence in ("Sex: Fill this in", "The number lies outside", "cannot be before the first visit"):
        assert sentence in said
    assert 'id="birth_year-err"' in said
    assert db.scalar(select(func.count()).select_from(Chart)) == 0


def test_a_draft_is_kept_with_its_errors_gone_on_with_and_thrown_away(
    db: Session, web: FlaskClient, enrolment: Enrolment
) -> None:
    web.post(of(enrolment, "/charts/new"), data={"chart_id": "QX-7777", "keep": "1"})
    draft = db.scalars(select(ChartDraft)).one()
    assert "QX-7777" in text(web.get(of(enrolment)))
    assert 'value="QX-7777"' in text(web.get(f"/drafts/{draft.id}"))
    web.post(f"/drafts/{draft.id}", data=made.cells(chart_id="QX-7777"))
    assert db.scalar(select(func.count()).select_from(ChartDraft)) == 0
    assert db.scalar(select(Chart.chart_id)) == "QX-7777"
    web.post(of(enrolment, "/charts/new"), data={"keep": "1"})
    web.post(f"/drafts/{db.scalars(select(ChartDraft)).one().id}/drop")
    assert db.scalar(select(func.count()).select_from(ChartDraft)) == 0


def test_a_label_that_is_taken_may_be_replaced_on_purpose(db: Session, web: FlaskClient, enrolment: Enrolment) -> None:
    web.post(of(enrolment, "/charts/new"), data=made.cells())
    again = web.post(of(enrolment, "/charts/new"), data=made.cells(sex="other"))
    assert again.status_code == 422 and "Replace the chart that is there" in text(again)
    web.post(of(enrolment, "/charts/new"), data=made.cells(sex="other") | {"replace": "1"})
    db.expire_all()
    assert db.scalars(select(Chart)).one().cells["sex"] == "other"


def test_a_trial_run_stores_nothing_and_its_button_imports(db: Session, web: FlaskClient, enrolment: Enrolment) -> None:
    trial = web.post(of(enrolment, "/import"), data=an_importable_file(made.sample_file()))
    assert trial.status_code == 200 and "All 120 rows can be used." in text(trial)
    assert db.scalar(select(func.count()).select_from(Chart)) == 0
    [packed] = re.findall(r'name="packed" value="([^"]+)"', trial.get_data(as_text=True))
    done = web.post(of(enrolment, "/import/now"), data={"packed": html.unescape(packed)}, follow_redirects=True)
    assert "120 charts are entered." in text(done)
    assert "81.03 %" in text(done) and "not final" in text(done)
    assert "1 to 50 of 120" in text(done)
    assert "QX-0120" in text(web.get(of(enrolment, "?page=3")))
    assert "QX-0007" in text(web.get(of(enrolment, "?q=0007")))


def test_a_trial_run_lists_every_bad_row_by_row_column_and_sentence_and_never_a_cell(
    db: Session, web: FlaskClient, enrolment: Enrolment
) -> None:
    data = made.file_of(made.cells(), made.cells(chart_id="QX-0002", sex="Jane Roe", diagnosed_on="Feb 3"))
    trial = web.post(of(enrolment, "/import"), data=an_importable_file(data))
    said = text(trial)
    assert trial.status_code == 422
    assert "Sex: use exactly one of" in said and "Diagnosis confirmed on: write a day" in said
    assert "Jane Roe" not in said and "Feb 3" not in said
    [packed] = re.findall(r'name="packed" value="([^"]+)"', trial.get_data(as_text=True))
    web.post(of(enrolment, "/import/now"), data={"packed": html.unescape(packed), "partial": "y"})
    assert db.scalar(select(func.count()).select_from(Chart)) == 1


def test_importing_without_asking_for_the_sound_rows_is_all_or_nothing(
    db: Session, web: FlaskClient, enrolment: Enrolment
) -> None:
    data = made.file_of(made.cells(), made.cells(chart_id="QX-0002", sex=""))
    assert web.post(of(enrolment, "/import/now"), data={"packed": pack(data)}).status_code == 422
    assert db.scalar(select(func.count()).select_from(Chart)) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (made.sample_file().replace(b"mutation_tested", b"mutation_tested,Patient name", 1), "Remove that column"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(
    web: FlaskClient, enrolment: Enrolment, data: bytes, said: str
) -> None:
    answer = web.post(of(enrolment, "/import"), data=an_importable_file(data))
    assert answer.status_code == 422 and said in text(answer)


def test_a_packed_file_that_was_damaged_or_swells_too_far_is_refused(web: FlaskClient, enrolment: Enrolment) -> None:
    assert unpack(pack(b"charts")) == b"charts"
    assert unpack("not packed") is None and unpack("") is None
    assert unpack(pack(b"0" * (9 * 1024 * 1024))) is None
    assert web.post(of(enrolment, "/import/now"), data={"packed": "zz"}).status_code == 422


def test_possible_duplicates_are_shown_and_decided_for_the_group(
    db: Session, web: FlaskClient, enrolment: Enrolment, owner: User
) -> None:
    for label in ("QX-0001", "QX-0002"):
        made.chart(db, enrolment, owner, chart_id=label)
    assert "1 group of charts may be the same patient" in text(web.get(of(enrolment)))
    done = web.post(of(enrolment, "/duplicates"), data={"chart": ["QX-0001", "QX-0002"]}, follow_redirects=True)
    assert "Different patients" in text(done)
    assert web.post(of(enrolment, "/duplicates"), data={"chart": ["QX-0001"]}).status_code == 422
    assert len(enrolment.decisions) == 1


def test_the_freeze_page_names_every_reason_that_stands_and_goes_on_all_the_same(
    db: Session, web: FlaskClient, enrolment: Enrolment, owner: User
) -> None:
    made.chart(db, enrolment, owner)
    said = text(web.get(of(enrolment, "/freeze")))
    assert "1 unique charts count; 50 are needed." in said and "not out yet" not in said
    web.post(of(enrolment, "/modules/lu"))
    web.post(of(enrolment, "/freeze"))
    db.expire_all()
    assert enrolment.state is EnrolmentState.FROZEN and enrolment.complete == ["lu"]
    assert web.post(of(enrolment, "/charts/new"), data=made.cells(chart_id="QX-0002")).status_code == 422
    web.post(of(enrolment, "/reopen"))
    db.expire_all()
    assert enrolment.state is EnrolmentState.ABSTRACTING
    assert web.post(of(enrolment, "/modules/nonsense")).status_code == 404


def test_leaving_a_round_needs_a_reason(db: Session, web: FlaskClient, enrolment: Enrolment) -> None:
    assert web.post(of(enrolment, "/withdraw"), data={"why": " "}).status_code == 422
    web.post(of(enrolment, "/withdraw"), data={"why": "We merge."})
    db.expire_all()
    assert enrolment.state is EnrolmentState.WITHDRAWN


def test_a_contributor_enters_charts_but_does_not_freeze_them(
    as_user: AsUser, db: Session, enrolment: Enrolment
) -> None:
    client = as_user(people.member(db, enrolment.practice, Role.CONTRIBUTOR))
    assert client.post(of(enrolment, "/charts/new"), data=made.cells()).status_code == 302
    assert client.post(of(enrolment, "/freeze")).status_code == 403


@pytest.fixture
def report(db: Session, enrolment: Enrolment, owner: User) -> ScoreReport:
    made.sample_charts(db, enrolment, owner)
    enrolments.freeze(db, enrolment, by=owner, now=MARCH)
    rounds.close_round(db, enrolment.round, by=None, now=MARCH)
    return rounds.release_round(db, enrolment.round, by=owner, now=AUGUST)[0]


def test_the_final_report_page_says_all_of_it(web: FlaskClient, report: ScoreReport) -> None:
    said = text(web.get(f"/score-reports/{report.id}"))
    for words in ("qualifies to apply", "81.03 %", "Wed 30 Jun 2027", "lower is better", "QX-0001", "sample edition",
                  "fewer than 5 practices", "75.00 %, compared exactly"):  # fmt: skip
        assert words in said
    assert "Opens an application" in text(web.get(f"/practices/{report.practice_id}/participation"))


def test_staff_read_a_report_without_the_practices_own_chart_labels(
    as_user: AsUser, db: Session, report: ScoreReport
) -> None:
    said = text(as_user(people.official(db)).get(f"/score-reports/{report.id}"))
    assert "81.03 %" in said and "QX-0001" not in said
    assert as_user(people.member(db, people.practice(db))).get(f"/score-reports/{report.id}").status_code == 404


DATES = {
    "code": "2027-R1", "registers_from": "2026-12-01", "registers_until": "2027-05-31", "opens_on": "2027-01-04",
    "closes_on": "2027-06-30", "visits_from": "2026-07-01", "visits_to": "2026-12-31", "deaths_from": "2026-01-01",
    "deaths_to": "2026-12-31", "diagnosed_from": "2024-07-01", "next_same_season_closes_on": "",
}  # fmt: skip


def test_staff_plan_a_round_and_move_it_to_its_final_reports(
    as_user: AsUser, db: Session, enrolment: Enrolment, owner: User
) -> None:
    client = as_user(people.official(db))
    assert "2027-R1" in text(client.post("/program/rounds/new", data=DATES, follow_redirects=True))
    round_ = db.scalars(select(Round).where(Round.code == "2027-R1")).one()
    for move, state in [("open_registration", RoundState.REGISTERING), ("open", RoundState.OPEN)]:
        client.post(f"/program/rounds/{round_.id}/{move}")
        db.expire_all()
        assert round_.state is state
    made.chart(db, enrolment, owner)
    where = f"/program/rounds/{enrolment.round_id}"
    assert enrolment.practice.public_name in text(client.get(where))
    assert client.post(f"{where}/release").status_code == 422
    client.post(f"{where}/close")
    assert "1 enrollment will be scored" in text(client.get(where))
    done = text(client.post(f"{where}/release", follow_redirects=True))
    assert "does not qualify" in done
    assert "reports out" in text(client.get("/program/rounds")).lower()
    assert client.post(f"{where}/nonsense").status_code == 404


def test_dates_that_do_not_go_together_come_back_as_they_were_typed(as_user: AsUser, db: Session) -> None:
    answer = as_user(people.official(db)).post("/program/rounds/new", data=DATES | {"registers_until": "2026-12-02"})
    assert answer.status_code == 422 and 'value="2026-12-02"' in text(answer)
    assert as_user(people.official(db)).post("/program/rounds/new", data={}).status_code == 422


def test_an_administrator_extends_a_round_with_a_reason_and_staff_do_not(
    as_user: AsUser, db: Session, round_: Round
) -> None:
    where, data = f"/program/rounds/{round_.id}/extend", {"closes_on": "2026-07-15", "why": "A storm."}
    assert as_user(people.official(db)).post(where, data=data).status_code == 403
    admin = as_user(people.official(db, Role.ADMIN))
    assert admin.post(where, data=data | {"closes_on": "2026-01-15"}).status_code == 422
    assert admin.post(where, data={}).status_code == 422
    admin.post(where, data=data)
    db.expire_all()
    assert round_.closes_on == date(2026, 7, 15)


def test_the_next_close_is_announced(as_user: AsUser, db: Session, round_: Round) -> None:
    client, where = as_user(people.official(db)), f"/program/rounds/{round_.id}/next-close"
    assert client.post(where, data={"next_closes_on": "2026-01-01"}).status_code == 422
    assert client.post(where, data={}).status_code == 422
    client.post(where, data={"next_closes_on": "2027-07-31"})
    db.expire_all()
    assert round_.next_same_season_closes_on == date(2027, 7, 31)


def test_rounds_are_run_by_the_office_alone(web: FlaskClient, round_: Round) -> None:
    assert web.get("/program/rounds").status_code == 403
    assert web.get(f"/program/rounds/{round_.id}").status_code == 403


def test_thousands_of_charts_are_still_shown_a_page_at_a_time(
    db: Session, web: FlaskClient, enrolment: Enrolment, owner: User
) -> None:
    rows = [made.cells(chart_id=f"QX-{number:05d}") for number in range(1500)]
    from app.participation.actions import charts

    charts.import_charts(db, enrolment, made.file_of(*rows), partial=False, replace=False, by=owner, now=MARCH)
    assert len(desk.charts_page(db, enrolment, page=2)[0]) == 50
    assert "1 to 50 of 1500" in text(web.get(of(enrolment)))
