"""The operator's commands: `qcp ...`."""

from __future__ import annotations

import os
import sys

import click
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError

from app.cli import backup, charts, check, demo, evidence, people, run, text, verify
from app.config import VERSION, BadSettings


@click.group()
@click.version_option(VERSION, prog_name="qcp")
def cli() -> None:
    """The QCP portal: forms, evidence and official papers of the QOPI Certification Program."""


for command in (
    run.serve, run.worker, run.migrate, people.people, charts.charts, evidence.evidence, text.text,
    verify.verify, check.check, backup.backup, backup.restore, demo.demo,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run a command: 0 done, 1 the answer is no, 2 the input cannot be used and one line says why."""
    try:
        code = cli.main(standalone_mode=False)  # click hands over what a command left with
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BadSettings as error:
        click.echo(f"qcp: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (CommandError, DatabaseError, OSError) as error:
        click.echo(f"qcp: {_plainly(error)}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _plainly(error: Exception) -> str:
    """What stands in the way, in one line."""
    if isinstance(error, CommandError):
        return f"This database was made by a newer version, or is none of ours ({error})."
    if isinstance(error, DatabaseError):
        return f"The database cannot be used: {error.orig}."
    return f"{getattr(error, 'filename', None) or 'A file'}: {getattr(error, 'strerror', None) or error}."
