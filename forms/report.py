"""Forms of M4: wording a requirement, a line of the plan, verdicts, evidence, the re-survey."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice, enum_choices
from wtforms.validators import Length, NumberRange, Optional

from app.report.rules.ccr import Show
from app.report.rules.plan import VERDICT_VERBS, Verdict
from app.report.rules.proof import GROUND_WORDS, Ground
from forms.fields import Needed, WholeField, trimmed

LONG = Length(max=4000, message="Keep it under %(max)d characters.")
SHORT = Length(max=200, message="Keep it under %(max)d characters.")


def present(value: str | None) -> str:
    """A text that was not sent is an empty one."""
    return value or ""


class MayWait(Optional):  # type: ignore[misc]  # the library carries no types
    """Empty while it is being written; not marked as optional, because it is needed before it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}


A_DAY = [MayWait()]
DAY_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%d %b %Y", "%a %d %b %Y"]


class ShowForm(Form):  # type: ignore[misc]  # the library carries no types
    """One thing that must be shown."""

    kind = SelectField("Kind", choices=enum_choices(Show), coerce=Show)
    what = TextAreaField("What must be shown", filters=[trimmed], validators=[LONG])


class RequirementForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The wording of one finding and of what must be shown."""

    show = FieldList(FormField(ShowForm), "What must be shown", min_entries=4, max_entries=8)
    missing = TextAreaField("What is missing", filters=[trimmed], validators=[LONG])
    seen = FieldList(TextAreaField("Observation", filters=[trimmed], validators=[LONG]), "What was seen")
    resurvey = BooleanField("Only a second visit can show it")
    why_resurvey = TextAreaField("Why a re-survey is needed", filters=[trimmed], validators=[LONG])


class RemarksForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The wording of suggestions and good practice."""

    suggestions = FieldList(TextAreaField("Suggestion", filters=[trimmed], validators=[LONG]), "Suggestions")
    good = FieldList(TextAreaField("Good practice", filters=[trimmed], validators=[LONG]), "Good practice")


class IssueForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The report is issued."""

    confirmed = BooleanField("I have read the marked words. They name no patient and no member of staff.")


class LineForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One line of the plan. Everything may be empty while it is being written."""

    seen = HiddenField(validators=[Needed()])
    root_cause = TextAreaField(
        "Why it happened",
        description="The cause behind it, not the finding in other words.",
        filters=[trimmed, present],
        validators=[LONG],
    )
    action = TextAreaField("What you will do", filters=[trimmed, present], validators=[LONG])
    person = StringField("Responsible person", filters=[trimmed, present], validators=[Length(max=120)])
    title = StringField("Their title", filters=[trimmed, present], validators=[Length(max=120)])
    target = DateField("Done by", format=DAY_FORMATS, validators=A_DAY)
    measure = TextAreaField("What is measured", filters=[trimmed, present], validators=[LONG])
    how_often = StringField("How often", filters=[trimmed, present], validators=[SHORT])
    goal = StringField("The goal", filters=[trimmed, present], validators=[SHORT])
    evidence_to_come = TextAreaField(
        "Evidence to come",
        description="What you will send: the policy and its version, audits, logs, photographs.",
        filters=[trimmed, present],
        validators=[LONG],
    )
    answer = TextAreaField("Answer to the Program", filters=[trimmed, present], validators=[LONG])

    def validate_seen(self, field: HiddenField) -> None:
        """The edition that the writer had before them is a number; anything else counts as an old one."""
        typed = str(field.data)
        field.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


class LinkForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A document of the binder is tied to a line."""

    version_id = SelectField("Document of the binder", validators=[Needed("Choose a document.")])


class TakeOffForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A document or a page is taken off a line."""

    which = HiddenField(validators=[Needed()])


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Values and their words as the options of a field."""
    return [SelectChoice(value, words) for value, words in pairs]


def _verdict(*wanted: Verdict) -> RadioField:
    return RadioField(
        "Verdict",
        choices=[SelectChoice(one.value, VERDICT_VERBS[one]) for one in wanted],
        coerce=Verdict,
        validators=[Needed("Choose a verdict.")],
    )


class LineVerdictForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The Program accepts a line or returns it."""

    verdict = _verdict(Verdict.ACCEPT, Verdict.RETURN)
    comment = TextAreaField("Comment", filters=[trimmed], validators=[LONG])


class EvidenceVerdictForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The Program says that a requirement is met, or asks for more."""

    verdict = _verdict(Verdict.MEET, Verdict.ASK_MORE)
    comment = TextAreaField("Comment", filters=[trimmed], validators=[LONG])


class ShowingForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A line is done on a day, or still open with the reason."""

    done_on = DateField("Done on", format=DAY_FORMATS, validators=A_DAY)
    still_open = TextAreaField("Still open, because", filters=[trimmed], validators=[LONG])


class ProofForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A page of a document shows that a line was done."""

    version_id = SelectField("Document", validators=[Needed("Choose a document.")])
    page = WholeField("Page", default=1, validators=[Needed("Enter the page."), NumberRange(min=1)])


class ResurveyForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A second, narrower visit is ordered."""

    lines = SelectMultipleField("Requirements to be seen")
    sites = SelectMultipleField("Sites")
    ground = RadioField(
        "Ground",
        choices=enum_choices(Ground, label=GROUND_WORDS.__getitem__),
        coerce=Ground,
        validators=[Needed("Choose the ground.")],
    )
    reason = TextAreaField("Reason", description="The practice reads it.", filters=[trimmed], validators=[LONG])
