"""What one row of a chart file must hold together. Each rule is skipped where a cell it looks at is wrong by itself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from app.participation.rules.cells import Entry, read_cells
from app.participation.rules.charts import Chart, between

DATES = [
    "diagnosed_on", "first_visit_on", "last_visit_on", "stage_documented_on", "chemo_started_on", "last_chemo_on",
    "consent_documented_on", "performance_status_on", "hospice_enrolled_on", "endocrine_started_on", "resected_on",
    "adjuvant_chemo_on",
]  # fmt: skip
CHEMO_NEEDS = ["chemo_started_on", "last_chemo_on", "emetic_risk", "fn_risk", "gcsf_given"]
CHEMO_ONLY = [
    "chemo_started_on", "last_chemo_on", "chemo_intent", "intent_discussed", "chemo_plan_complete",
    "consent_documented_on", "oral_plan", "oral_adherence_check", "emetic_risk", "antiemetic_per_guideline",
    "fn_risk", "gcsf_given", "fertility_discussed", "adjuvant_chemo_on",
]  # fmt: skip
BREAST, BOWEL, LUNG = ("breast",), ("colon", "rectum"), ("nsclc",)
MODULE_NEEDS = {
    "her2_result": BREAST,
    "hormone_receptor": BREAST,
    "trastuzumab_given": BREAST,
    "ras_result": BOWEL,
    "anti_egfr_given": BOWEL,
    "lung_histology": LUNG,
    "mutation_tested": LUNG,
}
MODULE_ONLY = {**MODULE_NEEDS, "endocrine_started_on": BREAST}


@dataclass(frozen=True)
class RowRule:
    """One thing that may be wrong with a row; told for every column by itself when `each`."""

    code: str
    looks_at: Sequence[str]
    is_wrong: Callable[[Chart, str], bool]
    also: Sequence[str] = ()
    each: bool = False

    def errors(self, chart: Chart, bad: Collection[str]) -> list[str]:
        """The codes this rule gives for a chart whose columns in `bad` could not be read."""
        if any(column in bad for column in self.also):
            return []
        if self.each:
            columns = [column for column in self.looks_at if column not in bad]
            return [f"{self.code}:{column}" for column in columns if self.is_wrong(chart, column)]
        if any(column in bad for column in self.looks_at):
            return []
        return [self.code] if self.is_wrong(chart, self.looks_at[0]) else []


def _stage_is_incomplete(chart: Chart, _column: str) -> bool:
    staged = chart.has("stage") and not chart.is_one_of("stage", "not_applicable")
    return staged != chart.has("stage_documented_on")


def _adjuvant_lies_outside(chart: Chart, _column: str) -> bool:
    since, left = chart.days("chemo_started_on", "adjuvant_chemo_on"), chart.days("adjuvant_chemo_on", "last_chemo_on")
    return since is not None and left is not None and (since < 0 or left < 0)


def _present_unless(column: str, needed: str, word: str) -> Callable[[Chart, str], bool]:
    """True when a column is present while the one that it depends on does not hold the word."""
    return lambda chart, _column: chart.has(column) and not chart.is_one_of(needed, word)


def _negative(start: str, end: str) -> Callable[[Chart, str], bool]:
    return lambda chart, _column: between(chart.days(start, end), None, -1)


RULES = (
    RowRule(
        "age_under_18", ["birth_year", "diagnosed_on"], lambda c, _: between(c.years_old("diagnosed_on"), None, 17)
    ),
    RowRule(
        "last_visit_before_first", ["first_visit_on", "last_visit_on"], _negative("first_visit_on", "last_visit_on")
    ),
    RowRule(
        "diagnosed_after_last_visit", ["diagnosed_on", "last_visit_on"], _negative("diagnosed_on", "last_visit_on")
    ),
    RowRule(
        "date_after_death",
        DATES,
        lambda c, on: between(c.days(on, "deceased_on"), None, -1),
        ["deceased_on"],
        each=True,
    ),
    RowRule(
        "treatment_before_diagnosis",
        ["chemo_started_on", "endocrine_started_on"],
        lambda c, on: between(c.days("diagnosed_on", on), None, -1),
        ["diagnosed_on"],
        each=True,
    ),
    RowRule("stage_incomplete", ["stage", "stage_documented_on"], _stage_is_incomplete),
    RowRule(
        "stage_not_applicable_misused",
        ["diagnosis", "stage"],
        lambda c, _: c.is_one_of("stage", "not_applicable") and not c.is_one_of("diagnosis", "hematologic"),
    ),
    RowRule(
        "pain_score_without_assessment",
        ["pain_assessed_by_second_visit", "pain_score"],
        _present_unless("pain_score", "pain_assessed_by_second_visit", "yes"),
    ),
    RowRule(
        "pain_plan_without_assessment",
        ["pain_assessed_by_second_visit", "pain_plan"],
        _present_unless("pain_plan", "pain_assessed_by_second_visit", "yes"),
    ),
    RowRule(
        "chemo_detail_missing", CHEMO_NEEDS, lambda c, on: c.had_chemo and not c.has(on), ["chemo_route"], each=True
    ),
    RowRule(
        "chemo_detail_without_chemo",
        CHEMO_ONLY,
        lambda c, on: c.is_one_of("chemo_route", "none") and c.has(on),
        ["chemo_route"],
        each=True,
    ),
    RowRule(
        "oral_detail_without_oral",
        ["oral_plan", "oral_adherence_check"],
        lambda c, on: c.is_one_of("chemo_route", "iv") and c.has(on),
        ["chemo_route"],
        each=True,
    ),
    RowRule(
        "last_chemo_before_start", ["chemo_started_on", "last_chemo_on"], _negative("chemo_started_on", "last_chemo_on")
    ),
    RowRule(
        "performance_status_incomplete",
        ["performance_status", "performance_status_on"],
        lambda c, _: c.has("performance_status") != c.has("performance_status_on"),
    ),
    RowRule(
        "tobacco_advice_without_use",
        ["tobacco_status", "tobacco_advice"],
        _present_unless("tobacco_advice", "tobacco_status", "current"),
    ),
    RowRule(
        "wellbeing_problem_missing",
        ["wellbeing_assessed", "wellbeing_problem"],
        lambda c, _: c.is_yes("wellbeing_assessed") and not c.has("wellbeing_problem"),
    ),
    RowRule(
        "wellbeing_problem_without_assessment",
        ["wellbeing_assessed", "wellbeing_problem"],
        _present_unless("wellbeing_problem", "wellbeing_assessed", "yes"),
    ),
    RowRule(
        "wellbeing_action_without_problem",
        ["wellbeing_problem", "wellbeing_action"],
        _present_unless("wellbeing_action", "wellbeing_problem", "yes"),
    ),
    RowRule(
        "eol_pain_without_death",
        ["deceased_on", "eol_pain_assessed"],
        lambda c, _: c.has("eol_pain_assessed") and not c.has("deceased_on"),
    ),
    RowRule(
        "module_detail_missing",
        list(MODULE_NEEDS),
        lambda c, on: c.is_one_of("diagnosis", *MODULE_NEEDS[on]) and not c.has(on),
        ["diagnosis"],
        each=True,
    ),
    RowRule(
        "module_detail_not_applicable",
        list(MODULE_ONLY),
        lambda c, on: c.has(on) and not c.is_one_of("diagnosis", *MODULE_ONLY[on]),
        ["diagnosis"],
        each=True,
    ),
    RowRule(
        "adjuvant_without_resection",
        ["resected_on", "adjuvant_chemo_on"],
        lambda c, _: c.has("adjuvant_chemo_on") and not c.has("resected_on"),
    ),
    RowRule(
        "adjuvant_before_resection", ["resected_on", "adjuvant_chemo_on"], _negative("resected_on", "adjuvant_chemo_on")
    ),
    RowRule(
        "adjuvant_outside_chemo", ["chemo_started_on", "last_chemo_on", "adjuvant_chemo_on"], _adjuvant_lies_outside
    ),
)
FIRST_COLUMN = {rule.code: rule.looks_at[0] for rule in RULES} | {"duplicate_chart_id": "chart_id"}


def read_row(cells: Mapping[str, str], entry: Entry) -> tuple[Chart, list[str]]:
    """The chart of one row and every error in it, each once, sorted as plain text."""
    values, wrong = read_cells(cells, entry)
    chart = Chart(values)
    errors = [f"{code}:{column}" for column, code in wrong.items()]
    errors += [error for rule in RULES for error in rule.errors(chart, wrong)]
    return chart, sorted(errors)


def place(error: str) -> tuple[str, str | None]:
    """An error's code and the column it belongs to, if any."""
    code, _, column = error.partition(":")
    return code, column or FIRST_COLUMN.get(code)
