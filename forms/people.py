"""Accounts, invitations, practices and their sites."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, EqualTo, Length, Optional, Regexp

from app.people.rules import PRACTICE_ROLES, PROGRAM_ROLES, ROLE_WORDS, Role
from forms.fields import Needed, trimmed

NAME_NEEDED = "Enter the name."


def _roles(roles: tuple[Role, ...]) -> SelectMultipleField:
    return SelectMultipleField(
        "Roles",
        choices=[SelectChoice(role.value, ROLE_WORDS[role]) for role in roles],
        coerce=Role,
        validators=[Needed("Choose at least one role.")],
    )


class PersonForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Somebody is invited who will register a practice."""

    name = StringField("Name", filters=[trimmed], validators=[Needed(NAME_NEEDED), Length(max=120)])
    email = EmailField(
        "E-mail address",
        filters=[trimmed],
        validators=[Needed("Enter the e-mail address."), Email("Enter an address like name@example.org.")],
    )


class InviteForm(PersonForm):
    """Somebody of a practice is invited."""

    roles = _roles(PRACTICE_ROLES)


class ProgramInviteForm(InviteForm):
    """Somebody of the Program is invited."""

    roles = _roles(PROGRAM_ROLES)


class RolesForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """What somebody of a practice may act as; none at all means that they leave."""

    roles = SelectMultipleField(
        "Roles", choices=[SelectChoice(role.value, ROLE_WORDS[role]) for role in PRACTICE_ROLES], coerce=Role
    )


class AccountForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """How a person is called."""

    name = StringField("Name", filters=[trimmed], validators=[Needed("Enter your name."), Length(max=120)])
    title = StringField("Title or position", filters=[trimmed], validators=[Length(max=120)])


class AcceptForm(AccountForm):
    """An invited person chooses a password."""

    password = PasswordField("New password", validators=[Needed("Choose a password.")])
    again = PasswordField("The same password again", validators=[EqualTo("password", "The two are not the same.")])


class PracticeForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A practice asks to take part."""

    legal_name = StringField(
        "Legal name",
        filters=[trimmed],
        validators=[Needed("Enter the legal name."), Length(max=200)],
        description="Printed on the certificate.",
    )
    public_name = StringField(
        "Name patients know",
        filters=[trimmed],
        validators=[Length(max=120)],
        description="Leave empty if it is the legal name.",
    )
    country = StringField(
        "Country code",
        default="US",
        filters=[trimmed],
        validators=[Regexp(r"^[A-Z]{2}$", message="Two capital letters, such as US.")],
    )
    tax_id = StringField(
        "Tax id",
        filters=[trimmed],
        validators=[Optional(), Regexp(r"^[0-9]{2}-[0-9]{7}$", message="Nine digits like 12-3456789.")],
    )
    asco_member = StringField(
        "ASCO member number",
        filters=[trimmed],
        validators=[Needed("Enter the number of one active ASCO member."), Length(max=12)],
        description="One active member of the practice.",
    )


class SiteForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """One address where patients are seen."""

    name = StringField("Name of the site", filters=[trimmed], validators=[Needed(NAME_NEEDED), Length(max=120)])
    code = StringField(
        "Site code",
        filters=[trimmed],
        validators=[Regexp(r"^[A-Z0-9]{2,8}$", message="Use 2 to 8 of A-Z and 0-9, such as CS.")],
        description="Used in chart files, such as CS.",
    )
    address = StringField("Street and number", filters=[trimmed], validators=[Length(max=200)])
    city = StringField("City", filters=[trimmed], validators=[Needed("Enter the city."), Length(max=80)])
    region = StringField("State or region", filters=[trimmed], validators=[Length(max=80)])
    postcode = StringField("ZIP or postal code", filters=[trimmed], validators=[Length(max=20)])
    main = BooleanField("This is the main site", id="main-site")  # every page has a part whose id is "main"
    gives_drugs = BooleanField("Drugs are given here", default=True)


class DecisionForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff approve or refuse a practice."""

    move = SelectField(
        "Answer", choices=[SelectChoice(move, move.capitalize()) for move in ("approve", "refuse", "deactivate")]
    )
    why = StringField("Reason", filters=[trimmed], validators=[Length(max=500)])
