"""Our few own fields and filters."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form, IntegerField
from wtforms.validators import InputRequired

MOST_DIGITS = 9


class Needed(InputRequired):  # type: ignore[misc]  # the library carries no types
    """Something has to be entered; blanks alone are nothing."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.raw_data and isinstance(field.raw_data[0], str):
            field.raw_data = [field.raw_data[0].strip(), *field.raw_data[1:]]
        super().__call__(form, field)


class WholeField(IntegerField):  # type: ignore[misc]  # the library carries no types
    """A whole number; a longer row of digits than anything here counts up to is a slip of the hand."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > MOST_DIGITS:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


def trimmed(value: Any) -> Any:
    """Cut blanks from both ends; typed text is otherwise left as it is."""
    return value.strip() if isinstance(value, str) else value
