"""The modules of measures, in the order in which they are always listed."""

from enum import StrEnum

from app.participation.rules.tables import table


class Module(StrEnum):
    """A group of measures about one subject."""

    CORE = "core"
    SMT = "smt"
    EOL = "eol"
    BR = "br"
    CRC = "crc"
    LU = "lu"


TITLES = {Module(row["module"]): row["title"] for row in table("modules")}
CHARTS = {Module(row["module"]): row["charts"] for row in table("modules")}
