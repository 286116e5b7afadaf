"""Forms of the introduction that comes before applying."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import NumberRange

from forms.fields import Needed, WholeField


class WatchedForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Somebody says that they have watched the recording."""

    watched = BooleanField("I have watched the introduction.")


class LiveForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff record that somebody took part live."""

    person = SelectField("Who took part?", choices=[], validators=[Needed("Choose who took part.")])
    attended_on = DateField("Day", validators=[Needed("Enter the day.")])
    minutes = WholeField(
        "Minutes", validators=[Needed("Enter the minutes."), NumberRange(1, 600, "Enter 1 to 600 minutes.")],
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip
