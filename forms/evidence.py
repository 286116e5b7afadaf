"""Forms of the binder: files, the rows they serve, passages, claims, withdrawing."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import enum_choices
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.evidence.rules.dating import Dates
from forms.fields import Needed, WholeField, trimmed


class RowsForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The rows that a document serves as a whole."""

    codes = SelectMultipleField("Standards and elements that this document serves", validate_choice=True)


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Suggested passages, each as row and page."""

    chosen = SelectMultipleField("Suggestions", validate_choice=False)


class PinForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A passage for one row."""

    code = StringField("Standard or element", filters=[trimmed], validators=[
        DataRequired("Choose the standard or element that this passage answers."), Length(max=16)])  # fmt: skip
    page = WholeField("Page", validators=[Optional(), NumberRange(min=1, message="Pages count from 1.")])
    quote = TextAreaField("The words that answer", filters=[trimmed], validators=[
        Length(max=1000, message="Quote at most %(max)d characters.")])  # fmt: skip
    q = HiddenField()


class ClaimForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Why a row does not apply."""

    reason = TextAreaField("Why it does not apply to you", filters=[trimmed], validators=[
        DataRequired("Say in a sentence why it does not apply."),
        Length(min=20, max=1000, message="Say in a sentence of 20 letters or more why it does not apply."),
    ])  # fmt: skip


class WithdrawForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Why a document leaves the binder."""

    reason = StringField("Why it is withdrawn", filters=[trimmed], validators=[
        DataRequired("Write why it is withdrawn."), Length(max=300)])  # fmt: skip


class PinAgainForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Another passage for a pin whose words changed or are gone."""

    page = WholeField("Page", validators=[
        Needed("On which page does it stand?"), NumberRange(min=1, message="Pages count from 1.")])  # fmt: skip
    quote = TextAreaField("The words that answer", filters=[trimmed], validators=[
        DataRequired("Copy the words that answer from Read as text."),
        Length(max=1000, message="Quote at most %(max)d characters.")])  # fmt: skip


class DatesForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The dates of a document."""

    effective_on = DateField("In force since", validators=[Optional()])
    reviewed_on = DateField("Last reviewed", validators=[Optional()])
    review_due_on = DateField("Next review due", validators=[Optional()])

    def dates(self) -> Dates:
        """What was entered."""
        entered: list[date | None] = [self.effective_on.data, self.reviewed_on.data, self.review_due_on.data]
        return Dates(*entered)


class Where(StrEnum):
    """At which sites a document is in force."""

    EVERYWHERE = "every"
    NAMED = "named"


WHERE_WORDS = {Where.EVERYWHERE: "Every site, also those to come", Where.NAMED: "Only the sites ticked here"}


class SitesForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Every site, or those that are ticked; the choices are the practice's."""

    where = RadioField("In force at", coerce=Where, choices=enum_choices(Where, label=WHERE_WORDS.__getitem__),
                       validators=[Needed("Say where it is in force.")])  # fmt: skip
    sites = SelectMultipleField("Sites", validate_choice=True)


class Word(StrEnum):
    """The Program's word on a claim."""

    ACCEPT = "accepted"
    REFUSE = "refused"


WORD_WORDS = {Word.ACCEPT: "Accept: the row does not apply", Word.REFUSE: "Refuse: the row applies"}


class AnswerClaimForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff accept or refuse a claim, with a sentence."""

    word = RadioField("The Program's answer", coerce=Word, choices=enum_choices(Word, label=WORD_WORDS.__getitem__),
                      validators=[Needed("Accept the claim or refuse it.")])  # fmt: skip
    answer = TextAreaField("Why", filters=[trimmed], validators=[
        DataRequired("Say in a sentence why."),
        Length(min=20, max=1000, message="Say in a sentence of 20 letters or more why."),
    ])  # fmt: skip


class MessageForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A word in the thread of a row; the practice may bring a file with it, the Program may ask for one."""

    text = TextAreaField("Message", filters=[trimmed], validators=[
        Length(max=2000, message="A message has at most %(max)d characters.")])  # fmt: skip
    file = FileField("File")
    asks_file = BooleanField("Ask for one more file")
