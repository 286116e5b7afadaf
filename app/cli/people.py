"""Accounts from the command line: the first administrator."""

from __future__ import annotations

import click
from flask_security import hash_password
from sqlalchemy import select

from app.cli.portal import opened
from app.kernel import clock, ledger
from app.kernel.db import db
from app.people.models import ProgramRole, User
from app.people.rules import Role, why_not_password


@click.group()
def people() -> None:
    """Accounts."""


@people.command("add-admin")
@click.argument("email")
@click.argument("name")
@click.password_option()
def add_admin(email: str, name: str, password: str) -> None:
    """Make the first administrator; everybody else is invited from the pages."""
    with opened():
        if reasons := why_not_password(password, email=email, name=name):
            raise click.UsageError(" ".join(reasons))
        if db().scalar(select(User.id).where(User.email == email.lower())):
            raise click.UsageError("This address already has an account.")
        user = User(email=email.lower(), name=name, since=clock.now(), password=hash_password(password))
        user.roles = [ProgramRole(role=Role.ADMIN)]
        db().add(user)
        ledger.record(db(), "administrator added", by=None, now=clock.now(), about=user)
        db().commit()
        click.echo(f"{name} is an administrator.", err=True)
