"""The forms of the survey: conflict forms, the date, the worksheet's row, the committee's verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from app.standards.rules import Method
from app.survey.rules.assignment import LEAST_REASON
from app.survey.rules.worksheet import GIVEN, SOURCE_WORDS, Harm, Rating, SourceKind, Spread
from forms.fields import Needed, WholeField, trimmed

TEXT = Length(max=4000, message="Keep it to 4,000 characters.")
CHOOSE = [SelectChoice("", "Not said")]


def spoken(words: Iterable[StrEnum]) -> list[SelectChoice]:
    """The words of an enum as choices, each beginning with a capital."""
    return [SelectChoice(word.value, word.value.capitalize()) for word in words]


def offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Pairs of value and words as choices."""
    return [SelectChoice(value, words) for value, words in pairs]


def word_or_none(kind: type[StrEnum]) -> Any:
    """Reads a choice that may be left open."""
    return lambda value: kind(value) if value else None


class BareForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A button: nothing but the token."""


class WhyForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A move that wants a written reason."""

    reason = TextAreaField(
        "Reason",
        filters=[trimmed],
        render_kw={"rows": 3},
        validators=[
            Needed("Write the reason."),
            Length(min=LEAST_REASON, message=f"Write at least {LEAST_REASON} characters."),
            TEXT,
        ],
    )


class ProposeForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff choose a surveyor and say what the practice is told about them."""

    surveyor = RadioField("Surveyor", validators=[Needed("Choose a surveyor.")], choices=[])
    background = TextAreaField(
        "What the practice is told about the surveyor", filters=[trimmed], validators=[TEXT], render_kw={"rows": 2},
        description="Profession, credentials, years of experience. Left empty, the title of the account is used.",
    )  # fmt: skip

    def offer(self, people: Sequence[tuple[str, str]]) -> ProposeForm:
        """Set who can be chosen: (id, words)."""
        self.surveyor.choices = offered(people)
        return self


class ReviewerForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff choose a committee reviewer."""

    reviewer = RadioField("Reviewer", validators=[Needed("Choose a reviewer.")], choices=[])

    def offer(self, people: Sequence[tuple[str, str]]) -> ReviewerForm:
        """Set who can be chosen: (id, words)."""
        self.reviewer.choices = offered(people)
        return self


class ConflictForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A declaration in writing: every statement made, and anything to add."""

    stated = SelectMultipleField("I declare that I", choices=[])
    declaration = TextAreaField(
        "In your own words", filters=[trimmed], validators=[TEXT], render_kw={"rows": 3},
        description="Anything that somebody could see as a tie, even if it is none.",
    )  # fmt: skip

    def offer(self, statements: Mapping[str, str]) -> ConflictForm:
        """Set the statements, with the years and miles that hold today."""
        self.stated.choices = offered(statements.items())
        return self


class DayForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The day of the visit: one of the offered, or another that was agreed in writing."""

    offered = RadioField("Days the practice offered", choices=[], validators=[Optional()])
    other = DateField("Another day", validators=[Optional()])
    agreed = TextAreaField(
        "Where the practice agreed to it", filters=[trimmed], validators=[TEXT], render_kw={"rows": 2},
        description="Only for a day that was not offered: which letter or mail, of what date.",
    )  # fmt: skip

    def offer(self, days: Sequence[tuple[str, str]]) -> DayForm:
        """Set the days that can be chosen: (ISO date, words)."""
        self.offered.choices = offered(days)
        return self

    @property
    def day(self) -> date | None:
        """The day that was chosen."""
        if self.other.data:
            return self.other.data  # type: ignore[no-any-return]
        chosen = (self.offered.data or "").strip()
        return date.fromisoformat(chosen) if chosen else None


class EntryForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One row of the worksheet at one site."""

    rating = RadioField("Rating", choices=spoken(Rating), coerce=Rating, validators=[Optional()])
    methods = SelectMultipleField("Methods used", choices=spoken(Method))
    na_reason = TextAreaField("Why it does not apply here", filters=[trimmed], validators=[TEXT])
    note = TextAreaField("My note", filters=[trimmed], validators=[TEXT])
    suggestion = TextAreaField("Suggestion", filters=[trimmed], validators=[TEXT])
    good_practice = TextAreaField("Good practice", filters=[trimmed], validators=[TEXT])
    harm = SelectField("Harm", choices=CHOOSE + spoken(Harm), coerce=word_or_none(Harm), validators=[Optional()])
    spread = SelectField("Spread", choices=CHOOSE + spoken(Spread), coerce=word_or_none(Spread),
                         validators=[Optional()])  # fmt: skip
    version = WholeField("Version", validators=[Needed(), NumberRange(min=0)])

    def values(self) -> dict[str, Any]:
        """What was typed, by field of the entry; empty texts are empty, not missing."""
        typed = {name: value for name, value in self.data.items() if name not in ("csrf_token", "version")}
        texts = ("na_reason", "note", "suggestion", "good_practice")
        ordered = [method.value for method in Method if method.value in (self.methods.data or [])]
        return typed | {name: typed[name] or "" for name in texts} | {"methods": ordered}


class ObserveForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One noted fact and where it was found."""

    text = TextAreaField(
        "Add an observation", filters=[trimmed], render_kw={"rows": 2},
        validators=[Needed("Write what was seen, heard or read."), TEXT],
        description="One fact each. Roles, never names; nothing about a patient.",
    )  # fmt: skip
    method = RadioField("Method", choices=spoken(Method), coerce=Method, default=Method.OBSERVATION)
    source_kind = SelectField(
        "Kind of source", choices=offered(SOURCE_WORDS.items()), coerce=SourceKind,
        default=SourceKind.PLACE,
    )  # fmt: skip
    source = StringField(
        "Source", filters=[trimmed], validators=[Needed("Name the source."), Length(max=200)],
    )  # fmt: skip
    version_id = HiddenField(validators=[Optional(), Length(max=32)])
    page = WholeField("Page", validators=[Optional(), NumberRange(min=1)], render_kw={"inputmode": "numeric"})
    quote = HiddenField(validators=[Optional(), TEXT])
    id = HiddenField(validators=[Optional(), Length(min=32, max=32)])


class FirstReadForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The reviewer's own rating, before the surveyor's is shown."""

    rating = RadioField(
        "Your own rating", coerce=Rating, validators=[Needed("Choose a rating.")],
        choices=spoken(GIVEN),
    )  # fmt: skip
    note = TextAreaField("Why", filters=[trimmed], validators=[TEXT], render_kw={"rows": 3})


class JudgeForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The committee's rating of a standard; the lines themselves are named by their entries."""

    reason = TextAreaField(
        "Why it differs from the surveyor’s", filters=[trimmed], validators=[TEXT], render_kw={"rows": 3},
        description="Stays in the case file. The practice never sees it.",
    )  # fmt: skip
    must_show = TextAreaField(
        "What must be shown", filters=[trimmed], validators=[TEXT], render_kw={"rows": 3},
        description="The practice reads this, word for word, in its report.",
    )  # fmt: skip
    resurvey = RadioField(
        "Re-survey for this standard?", default="no", validate_choice=False,
        choices=offered([("no", "No, documents can show it"), ("yes", "Yes, only a visit can")]),
    )  # fmt: skip


class AskForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A question tied to one row."""

    code = SelectField("Row", choices=[], validators=[Needed("Choose the row.")])
    question = TextAreaField(
        "Question", filters=[trimmed], render_kw={"rows": 2}, validators=[Needed("Write the question."), TEXT]
    )

    def offer(self, rows: Sequence[tuple[str, str]]) -> AskForm:
        """Set the rows that can be asked about: (code, words)."""
        self.code.choices = offered(rows)
        return self


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The answer to a question."""

    answer = TextAreaField(
        "Answer", filters=[trimmed], render_kw={"rows": 2}, validators=[Needed("Write the answer."), TEXT]
    )
