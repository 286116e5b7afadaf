"""Settings of the Program: a new value from a day on, a day off, a fee table."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, FormField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange

from app.program.rules.clocks import BASIS_WORDS, Basis
from forms.fields import Needed, WholeField, trimmed

WHY_NEEDED = "Say in a sentence why it changes."


class ChangeForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """What every dated change says: from when, and why."""

    effective_from = DateField("Holds from", validators=[Needed("Enter the first day on which it holds.")])
    why = TextAreaField("Why", filters=[trimmed], validators=[Needed(WHY_NEEDED), Length(10, 1000, WHY_NEEDED)])


class SettingForm(ChangeForm):
    """A new value of one setting."""

    value = StringField("New value", filters=[trimmed], validators=[Needed("Enter the new value."), Length(max=200)])
    basis = RadioField(
        "How well is it founded?",
        choices=[SelectChoice(basis.value, words[0].upper() + words[1:]) for basis, words in BASIS_WORDS.items()],
        coerce=Basis,
        validators=[Needed("Choose where the value comes from.")],
    )


class DayForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A day on which the Program does not work."""

    on = DateField("Day", validators=[Needed("Enter the day.")])
    name = StringField("Name", filters=[trimmed], validators=[Needed("Enter its name."), Length(max=80)])
    why = StringField("Why", filters=[trimmed], validators=[Needed(WHY_NEEDED), Length(max=500)])


class FeeForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One amount of the fee table."""

    class Meta:
        csrf = False  # a part of the form below, which carries the token

    dollars = WholeField(
        "US dollars",
        validators=[Needed("Enter whole dollars; 0 is free."), NumberRange(0, 1_000_000, "Enter 0 or more.")],
    )


class FeesForm(ChangeForm):
    """A new fee table: the same rows, new amounts. What is quoted has none."""

    rates = FieldList(FormField(FeeForm))
