"""Forms of the binder: files, the rows they serve, passages, claims, withdrawing."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, MultipleFileField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from forms.fields import WholeField, trimmed


class AddForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Files for the binder, several at once."""

    files = MultipleFileField("Files", description="PDF or Word (.docx), up to 50 MB each. No patient details.")


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
