"""The words of the Standards, and what makes a file of them whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a row of an edition is."""

    DOMAIN = "domain"
    STANDARD = "standard"
    ELEMENT = "element"


class Method(StrEnum):
    """How a surveyor finds out."""

    POLICY = "policy"
    RECORDS = "records"
    INTERVIEW = "interview"
    OBSERVATION = "observation"


class Evidence(StrEnum):
    """What a row is shown by."""

    POLICY = "POL"
    CHART = "CHT"
    PERSONNEL = "PER"
    INTERVIEW = "INT"
    SEEN = "OBS"
    FORM = "FRM"
    LOG = "LOG"
    EQUIPMENT = "EQP"


EVIDENCE_WORDS = {
    Evidence.POLICY: "written policy",
    Evidence.CHART: "patient charts",
    Evidence.PERSONNEL: "personnel files",
    Evidence.INTERVIEW: "interviews",
    Evidence.SEEN: "what is seen on site",
    Evidence.FORM: "a blank form or template",
    Evidence.LOG: "logs or minutes",
    Evidence.EQUIPMENT: "equipment",
}

METHOD_OF = {
    Evidence.POLICY: Method.POLICY,
    Evidence.FORM: Method.POLICY,
    Evidence.CHART: Method.RECORDS,
    Evidence.PERSONNEL: Method.RECORDS,
    Evidence.LOG: Method.RECORDS,
    Evidence.INTERVIEW: Method.INTERVIEW,
    Evidence.SEEN: Method.OBSERVATION,
    Evidence.EQUIPMENT: Method.OBSERVATION,
}

ARTICLE = {"domain": "a domain", "standard": "a standard", "element": "an element"}
BY_DOCUMENT = frozenset({Evidence.POLICY, Evidence.FORM})


class PolicyType(StrEnum):
    """What a document of a practice is about."""

    CREDENTIALING = "credentialing"
    COMPETENCY_EDUCATION = "competency_education"
    BLS = "bls"
    CHART_DOCUMENTATION = "chart_documentation"
    PRE_TREATMENT_ASSESSMENT = "pre_treatment_assessment"
    PSYCHOSOCIAL = "psychosocial"
    MISSED_VISIT_FOLLOWUP = "missed_visit_followup"
    AFTER_HOURS_TRIAGE = "after_hours_triage"
    CARE_TRANSITION_COMMUNICATION = "care_transition_communication"
    CONSENT = "consent"
    PATIENT_EDUCATION = "patient_education"
    FERTILITY_PREGNANCY = "fertility_pregnancy"
    REGIMEN_LIBRARY = "regimen_library"
    ORDER_MANAGEMENT = "order_management"
    ORAL_PRESCRIBING = "oral_prescribing"
    ORDER_VERIFICATION = "order_verification"
    PREPARATION_COMPOUNDING = "preparation_compounding"
    PREPARATION_VERIFICATION = "preparation_verification"
    LABELING = "labeling"
    DISPENSING_HOME_MEDS = "dispensing_home_meds"
    INTRATHECAL = "intrathecal"
    VINCA_MINIBAG = "vinca_minibag"
    HAZARDOUS_DRUG_HANDLING = "hazardous_drug_handling"
    ADMINISTRATION_VERIFICATION = "administration_verification"
    PATIENT_IDENTIFICATION = "patient_identification"
    EXTRAVASATION = "extravasation"
    SUPERVISION_ONSITE_PRACTITIONER = "supervision_onsite_practitioner"
    EMERGENCY_RESPONSE = "emergency_response"
    HYPERSENSITIVITY = "hypersensitivity"
    TOXICITY_MONITORING = "toxicity_monitoring"
    CUMULATIVE_DOSE = "cumulative_dose"
    ORAL_ADHERENCE = "oral_adherence"
    EVENT_REPORTING_QI = "event_reporting_qi"
    MEDICATION_RECONCILIATION = "medication_reconciliation"
    RESEARCH_REGIMENS = "research_regimens"
    OUTSOURCED_PREPARATION = "outsourced_preparation"
    HOME_GIVING = "home_giving"
    CELLULAR_THERAPY = "cellular_therapy"
    POLICY_MANAGEMENT = "policy_management"

    @property
    def label(self) -> str:
        """The type as people say it: "Life support", "After hours triage"."""
        said = {"bls": "Life support", "event_reporting_qi": "Event reporting and quality improvement"}
        return said.get(self.value, self.value.replace("_", " ").capitalize())


class EditionState(StrEnum):
    """Where an edition stands; pinned applications keep theirs whatever happens."""

    DRAFT = "draft"
    IN_FORCE = "in force"
    RETIRED = "retired"


EDITION_MOVES: dict[str, tuple[frozenset[EditionState], EditionState]] = {
    "publish": (frozenset({EditionState.DRAFT}), EditionState.IN_FORCE),
    "retire": (frozenset({EditionState.IN_FORCE}), EditionState.RETIRED),
}

COLUMNS = (
    "code", "parent", "domain", "kind", "title", "requirement", "methods", "evidence_kinds", "policy_types",
    "na_allowed", "na_condition", "search_terms", "typical_finding",
)  # fmt: skip
REQUIRED = ("code", "domain", "kind", "title", "requirement")
LISTS: dict[str, type[StrEnum]] = {"methods": Method, "evidence_kinds": Evidence, "policy_types": PolicyType}
NONE = "-"


@dataclass(frozen=True)
class Line:
    """One row of an edition's file, its lists taken apart; `number` is its line in the file."""

    number: int
    code: str
    parent: str | None
    domain: str
    kind: str
    title: str
    requirement: str
    methods: list[str]
    evidence_kinds: list[str]
    policy_types: list[str]
    na_allowed: str
    na_condition: str | None
    search_terms: list[str]
    typical_finding: str


@dataclass(frozen=True)
class Fault:
    """Why a file is refused: the line and the reason."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


def is_code(code: str) -> bool:
    """Numbers joined by dots: 3, 3.7, 1.1.1.1."""
    return all(part.isascii() and part.isdigit() for part in code.split("."))


def sort_key(code: str) -> tuple[int, ...]:
    """By numbers, so that 1.10 comes after 1.9."""
    return tuple(int(part) for part in code.split("."))


def without_answers(condition: str) -> str:
    """A condition without the names of answers, which stand in parentheses for those who keep the edition."""
    return re.sub(r"\s*\([^()]*\w_\w[^()]*\)", "", condition)


def needs_document(kind: str, evidence_kinds: Iterable[str]) -> bool:
    """Does this row want a policy or a form uploaded? Domains are headings and want nothing."""
    return kind != Kind.DOMAIN and bool(BY_DOCUMENT & set(evidence_kinds))


def read_lines(text: str) -> tuple[list[Line], list[Fault]]:
    """The lines of an edition's CSV file, or the reason why it is no such file."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            return [], [Fault(1, f"the column {name} is missing") for name in missing]
        found = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        return [], [Fault(max(reader.line_num, 1), f"this is not a readable CSV file ({error})")]
    crooked = [Fault(at, "there are more or fewer cells than columns") for at, row in found if _crooked(row)]
    if crooked:
        return [], crooked
    return [_line(at, row) for at, row in found], [] if found else [Fault(1, "there are no rows")]


def _crooked(row: Mapping[str | None, object]) -> bool:
    return None in row or None in row.values()


def _line(number: int, row: Mapping[str, str]) -> Line:
    cell = {name: row[name].strip() for name in COLUMNS}
    several = {name: [] if cell[name] in ("", NONE) else [one.strip() for one in cell[name].split("|")]
               for name in (*LISTS, "search_terms")}  # fmt: skip
    optional = {name: None if cell[name] in ("", NONE) else cell[name] for name in ("parent", "na_condition")}
    return Line(number=number, **{**cell, **several, **optional})  # type: ignore[arg-type]  # names checked above


def why_not_an_edition(lines: list[Line]) -> list[Fault]:
    """Every fault of the rows, by line: empty means that they make an edition."""
    first: dict[str, Line] = {}
    faults: list[Fault] = []
    for line in lines:
        faults += [Fault(line.number, reason) for reason in _faults_of(line)]
        if line.code in first:
            faults.append(Fault(line.number, f"code {line.code} is already on line {first[line.code].number}"))
        first.setdefault(line.code, line)
    faults += [Fault(line.number, reason) for line in lines if (reason := _fault_of_place(line, first))]
    return sorted(faults, key=lambda fault: fault.line)


def _faults_of(line: Line) -> list[str]:
    reasons = [f"{name} is empty" for name in REQUIRED if not getattr(line, name)]
    if line.code and not is_code(line.code):
        reasons.append(f'code "{line.code}" must be numbers joined by dots, such as 3.7')
    if line.kind and line.kind not in list(Kind):
        reasons.append(f'kind "{line.kind}" must be domain, standard or element')
    if line.na_allowed not in ("true", "false"):
        reasons.append(f'na_allowed "{line.na_allowed}" must be true or false')
    if line.na_allowed == "true" and not line.na_condition:
        reasons.append("na_condition is empty, though the row may be not applicable")
    if not line.evidence_kinds:
        reasons.append("evidence_kinds is empty")
    for name, words in LISTS.items():
        reasons += [f'{name}: "{word}" is not known' for word in getattr(line, name) if word not in list(words)]
    return reasons + _fault_of_methods(line)


def _fault_of_methods(line: Line) -> list[str]:
    known = [METHOD_OF[Evidence(kind)] for kind in line.evidence_kinds if kind in list(Evidence)]
    if known and set(known) != set(line.methods):
        said = "|".join(method for method in Method if method in known)
        return [f"methods must follow from evidence_kinds: {said}"]
    return []


def _fault_of_place(line: Line, by_code: Mapping[str, Line]) -> str | None:
    """A domain stands alone, a standard below a domain, an element below a standard or an element."""
    if line.domain and line.domain != line.code.split(".")[0]:
        return f"code {line.code} does not belong to domain {line.domain}"
    if line.kind == Kind.DOMAIN:
        return "a domain has no parent; write -" if line.parent else None
    parent = by_code.get(line.parent or "")
    if parent is None:
        return f"its parent {line.parent or NONE} is not in the file"
    if not line.code.startswith(parent.code + "."):
        return f"code {line.code} does not lie below its parent {parent.code}"
    if line.kind not in ARTICLE or parent.kind not in ARTICLE:
        return None  # said already
    wanted = {Kind.STANDARD: {Kind.DOMAIN}, Kind.ELEMENT: {Kind.STANDARD, Kind.ELEMENT}}[Kind(line.kind)]
    return None if parent.kind in wanted else f"{ARTICLE[line.kind]} cannot lie below {ARTICLE[parent.kind]}"
