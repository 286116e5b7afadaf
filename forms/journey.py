"""The form of the demonstration's calendar."""

from __future__ import annotations

from datetime import date, timedelta

from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import NumberRange, Optional

from forms.fields import WholeField


class DayForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A number of days from today, or a day."""

    days = WholeField("Days", validators=[Optional(), NumberRange(1, 400)])
    day = DateField("Day", validators=[Optional()])

    def day_from(self, today: date) -> date:
        """The day that is meant; today when nothing was chosen."""
        if self.days.data:
            return today + timedelta(days=self.days.data)
        chosen: date = self.day.data or today
        return chosen
