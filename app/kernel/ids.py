"""Names of things that nobody can guess."""

import uuid


def new_id() -> str:
    """32 hexadecimal digits, 122 of their bits random."""
    return uuid.uuid4().hex
