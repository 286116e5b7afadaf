"""The questionnaire as forms, made from its own data: one form for each section, one for each entry of a group.

A form here never refuses: what was typed is kept as it is, and the rules of the room say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
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
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from app.application.rules.fields import Field, Kind, Problem, Section
from app.application.rules.words import Word

SEEN_AT_ONCE = 9  # more choices than this go into a select


class Ticks(SelectMultipleField):  # type: ignore[misc]  # the library carries no types
    """Several choices, each with its own tick box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Form) -> None:
        """The rules of the room judge; the form only carries."""


def choices(words: Iterable[Word]) -> list[SelectChoice]:
    """A word's value and its label."""
    return [SelectChoice(word.value, word.label) for word in words]


def _text(field: Field, **kw: Any) -> StringField:
    return StringField(field.label, description=field.help, render_kw=kw)


def _one(field: Field) -> RadioField | SelectField:
    words = list(field.words or [])
    if len(words) <= SEEN_AT_ONCE:
        return RadioField(field.label, description=field.help, choices=choices(words), validate_choice=False)
    first = SelectChoice("", "Choose one")
    return SelectField(field.label, description=field.help, choices=[first, *choices(words)], validate_choice=False)


def _by_word(field: Field, mode: str) -> FormField:
    parts = {word.value: StringField(word.label, render_kw={"inputmode": mode}) for word in field.words or []}
    return FormField(type(f"Parts{field.name}", (Form,), parts), field.label, description=field.help)


_MAKERS: dict[Kind, Callable[[Field], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG: lambda field: TextAreaField(field.label, description=field.help, render_kw={"rows": 2}),
    Kind.INT: lambda field: _text(field, inputmode="numeric"),
    Kind.DECIMAL: lambda field: _text(field, inputmode="decimal"),
    Kind.ONE: _one,
    Kind.MANY: lambda field: Ticks(
        field.label, description=field.help, choices=choices(field.words or []), validate_choice=False
    ),
    Kind.EMAIL: lambda field: _text(field, inputmode="email", autocomplete="off"),
    Kind.PHONE: lambda field: _text(field, inputmode="tel"),
    Kind.URL: lambda field: _text(field, inputmode="url"),
    Kind.DATE: lambda field: StringField(field.label, description=field.help, widget=DateInput()),
    Kind.HOURS: lambda field: _by_word(field, "text"),
    Kind.COUNTS: lambda field: _by_word(field, "numeric"),
    Kind.SHARES: lambda field: _by_word(field, "numeric"),
    Kind.TRUTH: lambda field: BooleanField(field.label, description=field.help),
}


def _made(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.name: _MAKERS[field.kind](field) for field in fields}


class SectionForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One section: its version when the page was made, the page itself, and the answers."""

    version = HiddenField(default="0")
    page = HiddenField()
    section: Section

    def typed(self) -> dict[str, Any]:
        """The answers exactly as they were typed."""
        found = _typed(self, self.section.fields)
        if (group := self.section.group) is not None:
            found[group.name] = [_typed(entry.form, group.fields) for entry in self[group.name].entries]
        return found

    def tell(self, problems: list[Problem]) -> None:
        """Put each problem beside the field it is about."""
        for problem in problems:
            place: Any = self
            for part in problem.path.split("-"):
                place = place.entries[int(part)].form if part.isdigit() else place[part]
            place.wrong = [*getattr(place, "wrong", []), problem.says]
            if not isinstance(place, FormField | FieldList):
                place.errors = place.wrong


def _typed(form: Any, fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.name: _plain(field, form[field.name]) for field in fields}


def _plain(field: Field, bound: Any) -> Any:
    if field.kind in (Kind.HOURS, Kind.COUNTS, Kind.SHARES):
        return {part.short_name: part.data or "" for part in bound.form if part.data}
    if field.kind is Kind.MANY:
        return list(bound.data or [])
    return bound.data if field.kind is Kind.TRUTH else (bound.data or "")


@cache
def form_for(section: Section) -> type[SectionForm]:
    """The form of a section."""
    parts: dict[str, Any] = {"section": section, **_made(section.fields)}
    if (group := section.group) is not None:
        entry = type(f"Entry{section.letter}", (Form,), _made(group.fields))
        parts[group.name] = FieldList(FormField(entry), group.title, max_entries=max(group.most * 2, 20))
    return type(f"Section{section.letter}", (SectionForm,), parts)
