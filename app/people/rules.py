"""The words of people and practices."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody may act as."""

    OWNER = "owner"
    CONTRIBUTOR = "contributor"
    SIGNER = "signer"
    STAFF = "staff"
    ADMIN = "admin"
    SURVEYOR = "surveyor"
    REVIEWER = "reviewer"


PRACTICE_ROLES = (Role.OWNER, Role.CONTRIBUTOR, Role.SIGNER)
PROGRAM_ROLES = (Role.STAFF, Role.ADMIN, Role.SURVEYOR, Role.REVIEWER)

ROLE_WORDS = {
    Role.OWNER: "Owner",
    Role.CONTRIBUTOR: "Contributor",
    Role.SIGNER: "Signer",
    Role.STAFF: "Program staff",
    Role.ADMIN: "Administrator",
    Role.SURVEYOR: "Surveyor",
    Role.REVIEWER: "Committee reviewer",
}

ROLE_HELP = {
    Role.OWNER: "Manages people and sites, edits everything, pays, orders the plaque. Does not sign.",
    Role.CONTRIBUTOR: "Enters charts, fills in parts, uploads documents, drafts the action plan.",
    Role.SIGNER: "Can bind the practice: signs agreements, submits the application and the plan.",
}


class PracticeState(StrEnum):
    """Where a practice stands with the Program."""

    REQUESTED = "requested"
    ACTIVE = "active"
    INACTIVE = "inactive"
    REFUSED = "refused"


PRACTICE_MOVES: dict[str, tuple[frozenset[PracticeState], PracticeState]] = {
    "approve": (frozenset({PracticeState.REQUESTED}), PracticeState.ACTIVE),
    "refuse": (frozenset({PracticeState.REQUESTED}), PracticeState.REFUSED),
    "deactivate": (frozenset({PracticeState.ACTIVE}), PracticeState.INACTIVE),
}


class Capacity(StrEnum):
    """In which capacity somebody of the Program was let into a case."""

    SURVEYOR = "surveyor"
    REVIEWER = "reviewer"


def initials(name: str) -> str:
    """Two letters for the small round face; a degree behind the comma is no name."""
    parts = [part for part in name.split(",")[0].split() if part[:1].isalpha()]
    return (parts[0][0] + parts[-1][0]).upper() if len(parts) > 1 else name[:2].upper()


def why_not_remove_owner(owners: int) -> list[str]:
    """A practice is never left without an owner."""
    return ["Every practice needs at least one owner. Make somebody else owner first."] if owners <= 1 else []


PASSWORD_LEAST = 12


def why_not_password(password: str, *, email: str, name: str) -> list[str]:
    """Length and no obvious words; no rules of composition."""
    reasons = []
    if len(password) < PASSWORD_LEAST:
        reasons.append(f"Use at least {PASSWORD_LEAST} characters. A few words in a row are easy to remember.")
    personal = [part for part in (email.split("@")[0], *name.split()) if len(part) > 3]
    lowered = password.lower()
    if any(part.lower() in lowered for part in personal):
        reasons.append("Leave out your name and e-mail address.")
    if len(set(password)) < 5:
        reasons.append("Use more different characters.")
    return reasons
