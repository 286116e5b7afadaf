"""Forms of the award, the plaque and the public questions."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from forms.fields import Needed, trimmed


class AwardForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Nothing to fill in: the award rests on what is there already."""


class PlaqueDetailsForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """What is engraved and where the plaque goes."""

    line = StringField(
        "Line to be engraved",
        filters=[trimmed],
        validators=[Needed("Enter the name as it is to be engraved."), Length(max=120)],
    )
    addressee = StringField(
        "Practice or company", filters=[trimmed], validators=[Needed("Enter who it goes to."), Length(max=120)]
    )
    contact = StringField(
        "Person who receives it",
        filters=[trimmed],
        validators=[
            Needed("Enter who receives it, or a title such as Practice Administrator."),
            Length(max=120),
        ],
    )
    street = StringField(
        "Street and number", filters=[trimmed], validators=[Needed("Enter the street."), Length(max=120)]
    )
    town = StringField(
        "Town, state, ZIP", filters=[trimmed], validators=[Needed("Enter town, state and ZIP."), Length(max=120)]
    )

    @property
    def ship_to(self) -> list[str]:
        """The address as it stands on the parcel."""
        return [self.addressee.data, f"Attn: {self.contact.data}", self.street.data, self.town.data]


class PlaqueWordsForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A change, a fault, or a reason, in words."""

    words = TextAreaField(
        "What is to be changed",
        filters=[trimmed],
        validators=[Needed("Say it in a few words."), Length(max=2000)],
    )


class MakerForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Who makes the plaque."""

    maker = StringField("Maker", filters=[trimmed], validators=[Needed("Name the maker."), Length(max=120)])


class ShipForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """How the plaque travels."""

    carrier = StringField("Carrier", filters=[trimmed], validators=[Needed("Name the carrier."), Length(max=120)])
    tracking = StringField(
        "Tracking number", filters=[trimmed], validators=[Needed("Give the tracking number."), Length(max=120)]
    )


class CheckFileForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A PDF that somebody holds; it is compared and forgotten."""

    file = FileField("PDF file", validators=[FileRequired("Choose a PDF file first.")])
    number = HiddenField()
