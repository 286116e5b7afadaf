"""The macros that draw every form, mark and date: what they say, and to whom they say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, get_template_attribute
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)  # fmt: skip
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel import words
from app.people.rules import initials
from app.program.federal import holiday
from app.program.rules.clocks import work_out
from app.program.rules.days import Calendar, Direction, Span, Unit
from app.program.rules.derivation import Derivation, derive

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
DAYS = [SelectChoice("mon", "Mon"), SelectChoice("tue", "Tue")]


class SiteForm(Form):
    code = StringField("Site code", [InputRequired("Give the site a code.")])
    chairs = IntegerField("Treatment chairs", [Optional()])


class EveryForm(Form):
    name = StringField("Site name", [InputRequired("Give the site a name.")], description="As patients know it.")
    cover = TextAreaField("Who is on site?", [Optional()])
    kind = SelectField("Kind", choices=DAYS)
    prepared = RadioField("Where are drugs prepared?", choices=DAYS, validate_choice=False)
    roles = SelectMultipleField("Roles", choices=DAYS)
    days = SelectMultipleField("Days", choices=DAYS, widget=ListWidget(), option_widget=CheckboxInput())
    agreed = BooleanField("We agree", [InputRequired("Tick this to go on.")])
    opens = DateField("Opens", [Optional()])
    policy = FileField("Policy")
    hidden = HiddenField()
    notes = FieldList(StringField("Note", [Length(max=3, message="Three letters at most.")]), "Notes")
    sites = FieldList(FormField(SiteForm, "Site"), "Sites")
    head = FormField(SiteForm, "Head office")
    save = SubmitField("Save the section")


@pytest.fixture
def drawing() -> Iterator[Flask]:
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.jinja_env.filters.update(words.FILTERS, initials=initials)
    app.jinja_env.globals.update(today=lambda: date(2026, 10, 5), csrf_token=lambda: "token-1")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    with app.test_request_context():
        yield app


def draw(part: str, name: str, *given: object, **named: object) -> str:
    return str(get_template_attribute(f"components/{part}.html", name)(*given, **named))


def typed(**values: object) -> EveryForm:
    form = EveryForm(MultiDict(values))
    form.validate()
    return form


def test_a_text_field_keeps_what_was_typed_and_joins_its_help(drawing: Flask) -> None:
    html = draw("form", "field", typed(name="Cove <Street>").name)
    assert 'for="name"' in html
    assert 'value="Cove &lt;Street&gt;"' in html
    assert '<p class="form-text" id="name-help">As patients know it.</p>' in html
    assert 'aria-describedby="name-help"' in html
    assert "aria-invalid" not in html
    assert 'aria-required="true"' in html


def test_an_error_is_joined_to_its_field_beside_the_help(drawing: Flask) -> None:
    html = draw("form", "field", typed().name)
    assert 'class="field bad"' in html
    assert 'id="name-err"' in html
    assert 'aria-describedby="name-help name-err"' in html
    assert 'aria-invalid="true"' in html


def test_an_optional_field_says_so(drawing: Flask) -> None:
    html = draw("form", "field", typed(cover="Nurse").cover, rows=3, **{"class": "w-mid", "hx-post": "/x"})
    assert "(optional)" in html
    assert re.search(r'<textarea[^>]*class="form-control w-mid"', html)
    assert 'rows="3"' in html
    assert 'hx-post="/x"' in html
    assert re.search(r">\s*Nurse</textarea>", html)


def test_few_options_are_seen_at_once_under_one_legend(drawing: Flask) -> None:
    html = draw("form", "field", typed(prepared="tue").prepared)
    assert "<fieldset" in html and "<legend>Where are drugs prepared?</legend>" in html
    assert re.search(r'<input checked[^>]*type="radio"[^>]*value="tue"', html)
    ticks = draw("form", "field", typed(days="mon").days)
    assert ticks.count('type="checkbox"') == 2
    assert 'class="choice" id="days"' in ticks
    many = draw("form", "field", typed(roles="tue").roles)
    assert 'name="roles" value="tue" checked' in many and "<select" not in many


def test_every_kind_of_field_is_drawn_with_a_label(drawing: Flask) -> None:
    form = EveryForm(sites=[{"code": "CS", "chairs": 24}], notes=["a"])
    html = "".join(draw("form", "field", part) for part in form)
    for control in re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"[^>]*>', html):
        named = f'for="{control}"' in html
        assert named or control in ("hidden", "save"), control
    assert 'type="date"' in html and 'type="file"' in html and 'class="form-select"' in html
    assert 'value="Save the section"' in html
    assert 'name="sites-0-code"' in html and 'name="head-chairs"' in html and 'name="notes-0"' in html


def test_the_summary_names_every_wrong_answer_and_goes_to_it(drawing: Flask) -> None:
    form = typed(**{"sites-0-chairs": "3", "notes-0": "too long", "head-code": "HQ"})
    html = draw("form", "errors", form)
    for target in ("#name", "#agreed", "#sites-0-code", "#notes-0"):
        assert f'href="{target}"' in html, target
    assert "Site code: Give the site a code." in html
    assert "#head-code" not in html
    assert 'role="alert"' in html


def test_a_form_without_errors_has_no_summary(drawing: Flask) -> None:
    assert draw("form", "errors", EveryForm()).strip() == ""


def test_every_form_carries_its_token(drawing: Flask) -> None:
    assert 'name="csrf_token" value="token-1"' in draw("form", "csrf")


@pytest.mark.parametrize(("rating", "said", "mark"), [
    ("met", "Met", "check-circle-fill"), ("partially_met", "Partially met", "circle-half"),
    ("not_met", "Not met", "x-octagon-fill"), ("not_applicable", "Not applicable", "slash-circle"),
    ("na", "Not applicable", "slash-circle"), ("not_assessed", "Not assessed", "dash-circle-dotted"),
    (None, "Not rated yet", "dash-circle-dotted"),
])  # fmt: skip
def test_a_rating_is_said_in_words_and_shape_never_by_color_alone(
    drawing: Flask, rating: str | None, said: str, mark: str
) -> None:
    html = draw("marks", "rate", rating)
    assert said in html and f"#{mark}" in html


def test_the_ring_closes_what_is_done_and_marks_where_the_case_stands(drawing: Flask) -> None:
    html = draw("marks", "ring", 3, 4)
    assert (html.count('class="on"'), html.count('class="at"'), html.count('class="off"')) == (3, 1, 1)


@dataclass
class A:
    due_on: date = date(2026, 10, 16)
    owed_by: str = "staff"
    derivation: Derivation = field(
        default_factory=lambda: derive(
            rule="A returned plan is sent again within {span}",
            key="plan.resubmit",
            version=1,
            event="plan returned",
            steps=work_out(date(2026, 10, 1), Span(10, Unit.BUSINESS_DAY), Direction.FORWARD, Calendar(holiday)),
        )
    )
    state: str = "issued"
    id: str = "p1"
    title: str = "Receipt"
    version: int = 1
    issued_at: datetime = datetime(2026, 6, 17, 20, 4, tzinfo=UTC)
    size: int = 20480


def test_a_date_brings_its_sum_and_its_holder(drawing: Flask) -> None:
    html = draw("due", "due", A())
    assert "Fri 16 Oct 2026" in html and "11 days left" in html
    assert "How this date was worked out" in html and "day 0" in html
    assert "The Program" in html
    assert '<ol class="days n-16 from-4"' in html
    assert '<li class="today">Mon<b>5</b>day 2</li>' in html and '<li class="end">Fri<b>16</b>day 10</li>' in html
    assert '<li class="off">Mon<b>12</b>holiday</li>' in html


def test_a_note_of_each_kind_has_its_own_shape(drawing: Flask) -> None:
    marks = {kind: re.search(r"#([a-z-]+)", draw("page", "note", kind, "Text")) for kind in ("ok", "bad", "watch", "x")}
    assert len({found.group(1) for found in marks.values() if found}) == 4


def test_no_component_carries_style_or_script_attributes() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<[^>{]*\s(style|on[a-z]+)=", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
