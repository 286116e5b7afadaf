"""Forms of what comes in: files, uploads in pieces, files that are held back, places to be blackened."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, MultipleFileField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from forms.fields import trimmed

MOST_BYTES = 2**40
LAST_MOMENT = 2**48


class AddForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Files for the binder, several at once."""

    files = MultipleFileField("Files")


class BeginForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A file that a browser is about to send in pieces."""

    name = StringField("Name", validators=[DataRequired("A file needs a name."), Length(max=1000)])
    size = IntegerField("Bytes", validators=[InputRequired("Say how large the file is."),
                                             NumberRange(min=0, max=MOST_BYTES)])  # fmt: skip
    modified = IntegerField("Last modified", validators=[Optional(), NumberRange(min=0, max=LAST_MOMENT)])
    code = StringField("Row", filters=[trimmed], validators=[Optional(), Length(max=16)])


class ClearForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Why a file that is held back names no patient."""

    reason = TextAreaField("What the places are", filters=[trimmed], validators=[
        DataRequired("Say in a few words what the places are."),
        Length(min=10, max=400, message="Say in %(min)d to %(max)d letters what the places are."),
    ])  # fmt: skip


class RedactForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Places to be blackened: ticked finds by number, words by page and number, boxes by page and edges."""

    finds = SelectMultipleField("Found places", validate_choice=False)
    words = SelectMultipleField("Words", validate_choice=False)
    boxes = HiddenField("Boxes", validators=[Length(max=200_000)])
    box_page = StringField("Page", filters=[trimmed], validators=[Optional(), Length(max=9)])
    box_left = StringField("Left", filters=[trimmed], validators=[Optional(), Length(max=9)])
    box_top = StringField("Top", filters=[trimmed], validators=[Optional(), Length(max=9)])
    box_width = StringField("Width", filters=[trimmed], validators=[Optional(), Length(max=9)])
    box_height = StringField("Height", filters=[trimmed], validators=[Optional(), Length(max=9)])
