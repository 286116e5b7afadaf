"""Enrolling, the chart form with its 50 columns, importing a file, and the dates of a round."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.participation.rules.columns import COLUMNS, Column, Kind, grouped
from app.participation.rules.modules import CHARTS, TITLES, Module
from app.participation.rules.moves import AGREEMENTS, STATEMENTS, Agreement, Statement
from forms.fields import Needed, trimmed

BLANK = "Not recorded"


class Ticks(SelectMultipleField):  # type: ignore[misc]  # the library carries no types
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EnrolForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """What an owner says when the practice joins a round. The rules say what is missing."""

    fte = StringField(
        "Full-time equivalents of your oncologists",
        filters=[trimmed],
        validators=[Length(max=20)],
        description="Weekly clinical hours of all oncologists, divided by the hours of a full week: "
        "50 + 40 + 10 hours at 40 hours is 2.5.",
    )
    modules = Ticks(
        "Modules that fit your patients",
        choices=[SelectChoice(module.value, f"{TITLES[module]}: {CHARTS[module].lower()}") for module in Module],
        coerce=Module,
        default=list(Module),
        description="Core always, and at least one more. A module you leave out has no target.",
    )
    statements = Ticks(
        "Statements", choices=[SelectChoice(one.value, words) for one, words in STATEMENTS.items()], coerce=Statement
    )
    name_participation = StringField(
        f"Your full name, to accept the {AGREEMENTS[Agreement.PARTICIPATION][0].lower()}",
        filters=[trimmed],
        validators=[Length(max=120)],
    )
    name_baa = StringField(
        f"Your full name, to accept the {AGREEMENTS[Agreement.BAA][0].lower()}",
        filters=[trimmed],
        validators=[Length(max=120)],
    )

    @property
    def typed_names(self) -> dict[Agreement, str]:
        return {key: self[f"name_{key.value}"].data or "" for key in Agreement}


class ImportForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A chart file for a trial run."""

    file = FileField("Chart file (CSV)", validators=[FileRequired("Choose a CSV file.")])
    replace = BooleanField("Replace charts that have the same label")


class ImportNowForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The same file again after its trial run; it travels through the page, because a trial run stores nothing."""

    packed = HiddenField()
    replace = BooleanField()
    partial = BooleanField()


class ReasonForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Something that needs a reason."""

    why = StringField("Why", filters=[trimmed], validators=[Needed("Say why."), Length(max=500)])


class ExtendForm(ReasonForm):
    """More time for a round."""

    closes_on = DateField("New last day", validators=[Needed("Enter the new last day.")])


class NextCloseForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """When the next round of the same season closes."""

    next_closes_on = DateField("Last day of the next round", validators=[Needed("Enter the day.")])


def _day(label: str, help: str = "") -> DateField:
    return DateField(label, validators=[Needed("Enter this day.")], description=help)


class RoundForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The dates of a new round."""

    code = StringField(
        "Code",
        filters=[trimmed],
        validators=[Regexp(r"^[0-9]{4}-R[12]$", message="Use the year and R1 or R2, such as 2027-R1.")],
        description="The year and the season, such as 2027-R1.",
    )
    registers_from = _day("Registration opens")
    registers_until = _day("Registration ends", "After the round opens and no later than it closes.")
    opens_on = _day("First day for charts")
    closes_on = _day("Last day for charts")
    visits_from = _day("Last visit from")
    visits_to = _day("Last visit to")
    deaths_from = _day("Day of death from")
    deaths_to = _day("Day of death to")
    diagnosed_from = _day("Earliest diagnosis")
    next_same_season_closes_on = DateField(
        "Close of the next round of this season", validators=[Optional()], description="Leave empty until announced."
    )

    @property
    def facts(self) -> dict[str, Any]:
        """The dates by name; code and season among them."""
        days: dict[str, date | None] = {field.name: field.data for field in self if isinstance(field, DateField)}
        return {"code": self.code.data, "season": str(self.code.data)[-2:], **days}


def _field(column: Column) -> Field:
    if column.kind is Kind.CODE:
        choices = [SelectChoice("", BLANK if column.may_be_blank else "Choose")]
        choices += [SelectChoice(one, said(one)) for one in column.allowed]
        made = SelectField(column.label, choices=choices, validate_choice=False, description=column.meaning)
    else:
        made = StringField(column.label, filters=[_cut], description=column.meaning, render_kw=_look(column))
    return made


def _cut(value: Any) -> Any:
    return value.strip(" \t") if isinstance(value, str) else value


def _look(column: Column) -> dict[str, str]:
    if column.kind is Kind.DATE:
        return {"type": "date", "class": "w-date"}
    if column.kind in (Kind.NUMBER, Kind.BIRTH_YEAR):
        return {"inputmode": "numeric", "class": "w-num"}
    return {"autocomplete": "off", "class": "w-date"}


def said(code: str) -> str:
    """A code of the chart file as people read it."""
    return WORDS.get(code, code if code.isupper() else code.replace("_", " ").capitalize())


WORDS = {
    "nsclc": "Lung, non-small-cell",
    "other_solid": "Another solid tumor",
    "iv": "By vein",
    "oral": "By mouth",
    "both": "By vein and by mouth",
    "non_curative": "Not curative",
    "wild_type": "Wild type",
    "not_applicable": "Not applicable (hematologic only)",
}


class ChartForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One chart. Its fields are the columns of the chart file; the rules of the file check them."""

    @property
    def cells(self) -> dict[str, str]:
        """What was typed, by column."""
        return {name: self[name].data or "" for name in COLUMNS}

    def tell(self, errors: dict[str, list[str]]) -> None:
        """Put sentences beside the fields they belong to."""
        for name, sentences in errors.items():
            self[name].errors = sentences

    @property
    def groups(self) -> list[tuple[str, str, list[Field], bool]]:
        """The fields as they are shown: group, title, fields, and whether anything of it is filled in or wrong."""
        shown = []
        for group, title, columns in grouped():
            fields = [self[column.name] for column in columns]
            shown.append((group.value, title, fields, any(field.data or field.errors for field in fields)))
        return shown


for _column in COLUMNS.values():
    setattr(ChartForm, _column.name, _field(_column))
