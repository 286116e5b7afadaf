"""Short forms of the six steps and of the moves around them."""

from __future__ import annotations

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.application.rules.payment import Method
from app.application.rules.steps import STEPS
from forms.fields import Needed, trimmed

REASON = [Needed("Give a reason; it is kept with the case."), Length(max=2000)]


class EligibilityForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Step 1: what the practice itself says."""

    fte = DecimalField(
        "Oncologists, in full-time equivalents",
        places=None,
        description="Hours worked divided by full-time hours: 50, 40 and 10 hours of a 40-hour week are 2.5.",
        validators=[
            Needed("Enter the oncologists' FTE, for example 2.5."),
            NumberRange(Decimal("0.01"), Decimal("500"), message="Enter a number above 0, for example 2.5."),
        ],
        render_kw={"inputmode": "decimal"},
    )
    sites = BooleanField(
        "The sites listed here are all the addresses where we see patients.",
        validators=[Needed("Confirm the sites, or correct them first.")],
    )
    policies = BooleanField(
        "We have a written policy for every standard that applies to us.",
        validators=[Needed("The Program asks for a policy for every standard that applies.")],
    )


class SignForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Step 2: one agreement is signed."""

    text_sha256 = HiddenField()
    typed_name = StringField(
        "Your full name", filters=[trimmed], validators=[Needed("Type your full name."), Length(max=120)]
    )
    title = StringField("Your title", filters=[trimmed], validators=[Needed("Type your title."), Length(max=120)])
    authority = BooleanField("", validators=[Needed("State that you may bind the practice.")])
    consent = BooleanField("", validators=[Needed("Agree to sign electronically.")])
    password = PasswordField(
        "Your password again",
        validators=[Needed("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )


class PaidForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Step 4: staff record how an invoice was paid."""

    method = RadioField(
        "How was it paid?",
        choices=[SelectChoice(method.value, method.value.capitalize()) for method in Method],
        coerce=Method,
        validators=[Needed("Choose how it was paid.")],
    )
    amount = DecimalField(
        "Amount, USD", places=2, validators=[Needed("Enter the amount that arrived.")],
        render_kw={"inputmode": "decimal"},
    )  # fmt: skip
    reference = StringField(
        "Reference", description="Check number, transfer reference or card receipt.", filters=[trimmed],
        validators=[Needed("Enter the reference; it is how the money is found again."), Length(max=120)],
    )  # fmt: skip
    paid_on = DateField("Day on which it arrived", validators=[Needed("Enter the day.")])
    seen = BooleanField("The money is in the Program's account.")


class ReasonForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A move that needs a written reason."""

    reason = TextAreaField("Reason", filters=[trimmed], validators=REASON)


class DatesForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Step 6: the days on which the practice can be visited."""

    days = SelectMultipleField(
        "Days", choices=[], validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class SubmitForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """The attestation under which an application is submitted."""

    attested = BooleanField(
        "These documents are the practice's own policies in force, they hold no patient-identifying information, "
        "and the answers given are true.",
        validators=[Needed("Tick the statement; the application is submitted under it.")],
    )


class ReturnForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff return an application: a reason for each step that has to change."""

    eligibility = TextAreaField(STEPS[0].title, filters=[trimmed], validators=[Optional(), Length(max=2000)])
    agreements = TextAreaField(STEPS[1].title, filters=[trimmed], validators=[Optional(), Length(max=2000)])
    questionnaire = TextAreaField(STEPS[2].title, filters=[trimmed], validators=[Optional(), Length(max=2000)])
    payment = TextAreaField(STEPS[3].title, filters=[trimmed], validators=[Optional(), Length(max=2000)])
    policies = TextAreaField(STEPS[4].title, filters=[trimmed], validators=[Optional(), Length(max=2000)])
    dates = TextAreaField(STEPS[5].title, filters=[trimmed], validators=[Optional(), Length(max=2000)])

    def reasons(self) -> dict[str, str]:
        """The steps that have a reason."""
        return {step.slug.value: self[step.slug.value].data for step in STEPS if self[step.slug.value].data}


class HolderForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A step is given to one person of the practice."""

    holder = SelectField("Who holds this step?", choices=[], validate_choice=False)


class QuoteForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """Staff enter the fee of a practice outside the United States."""

    amount = DecimalField(
        "Fee by quotation, USD", places=2,
        validators=[Needed("Enter the fee."), NumberRange(Decimal("0.01"), Decimal("1000000"))],
        render_kw={"inputmode": "decimal"},
    )  # fmt: skip
