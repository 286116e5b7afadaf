"""One plain sentence for people for every code; it says what to do and never repeats what a cell held."""

from collections.abc import Sequence
from typing import Any

from app.participation.rules.columns import COLUMNS, Column, Kind
from app.participation.rules.modules import TITLES, Module
from app.participation.rules.rows import place

NO_COLUMNS = (
    "None of the 50 columns is in the first line. The cells have to be parted by commas, not by semicolons or tabs: "
    "in Excel choose “CSV UTF-8 (comma delimited)”, or import the file into a sheet and save it from there."
)
FILE = {
    "file_not_utf8": "The file is not UTF-8 text. Save it again as “CSV UTF-8” and try once more.",
    "file_malformed": "The file cannot be read as CSV: a quoted cell is not closed, text follows a closing quotation "
    "mark, or a cell is longer than 10,000 characters.",
    "file_empty": "The file is empty. Its first line must name the 50 columns.",
    "column_forbidden": "Column {0} looks as if it identifies patients. Remove that column and try again; nothing of "
    "the file was kept.",
    "column_unknown": "Column {0} is not one of the 50 columns. Remove it or correct its name.",
    "column_repeated": "The column {0} occurs more than once. Keep one of them.",
    "column_missing": "The column {0} is missing. Add it, even if its cells stay blank.",
}

CELL = {
    "missing": "{label}: fill this in; it may not be blank.",
    "unknown_site": "{label}: this is not a site of this practice. Use a code from your list of sites.",
    "not_a_number": "{label}: use digits only, without sign, point or leading zero.",
    "out_of_range": "{label}: the number lies outside what is allowed{range}.",
    "not_a_date": "{label}: write a day of the calendar as YYYY-MM-DD.",
    "date_too_early": "{label}: the date cannot be before 1900.",
    "date_in_future": "{label}: the date cannot be after today.",
    "not_allowed": "{label}: use exactly one of {allowed}.",
    "looks_like_identifier": "{label}: this looks like a record, telephone or social security number. Use a label of "
    "your own that nobody outside can trace.",
}

FORMATS = {
    Kind.CHART_ID: "{label}: use 4 to 24 capital letters and digits, joined by single hyphens, such as QX-0017.",
    Kind.SITE_CODE: "{label}: use 2 to 8 capital letters and digits.",
}

ROW = {
    "row_length": "This row has more or fewer cells than the header. Check for a missing or an extra comma.",
    "duplicate_chart_id": "This chart label is already used. Give the chart another label, or replace the first one.",
    "age_under_18": "The patient must have been 18 or older when the cancer was diagnosed. Check the year of birth and "
    "the diagnosis date.",
    "last_visit_before_first": "The last visit cannot be before the first visit.",
    "diagnosed_after_last_visit": "The diagnosis cannot be after the last visit.",
    "date_after_death": "{label}: the date cannot be after the day of death.",
    "treatment_before_diagnosis": "{label}: the treatment cannot begin before the diagnosis.",
    "stage_incomplete": "Give the stage together with the day it was written down, or leave both blank.",
    "stage_not_applicable_misused": "Only a hematologic cancer may have the stage “not_applicable”. Enter the stage.",
    "pain_score_without_assessment": "A pain score needs “yes” for pain asked about by the second visit.",
    "pain_plan_without_assessment": "A pain plan needs “yes” for pain asked about by the second visit.",
    "chemo_detail_missing": "{label}: fill this in, because the patient had chemotherapy.",
    "chemo_detail_without_chemo": "{label}: leave this blank, because the chemotherapy route is “none”.",
    "oral_detail_without_oral": "{label}: leave this blank, because no drugs were given by mouth.",
    "last_chemo_before_start": "The last chemotherapy cannot be before the first.",
    "performance_status_incomplete": "Give the performance status together with its day, or leave both blank.",
    "tobacco_advice_without_use": "Advice to stop tobacco belongs only to a current user. Leave it blank otherwise.",
    "wellbeing_problem_missing": "Emotional well-being was asked about: say whether a problem was found.",
    "wellbeing_problem_without_assessment": "An emotional problem needs “yes” for emotional well-being asked about.",
    "wellbeing_action_without_problem": "An action needs “yes” for an emotional problem found.",
    "eol_pain_without_death": "Pain near the end of life belongs only to a patient who died. Enter the day of death or "
    "leave it blank.",
    "module_detail_missing": "{label}: fill this in for this diagnosis.",
    "module_detail_not_applicable": "{label}: leave this blank for this diagnosis.",
    "adjuvant_without_resection": "Chemotherapy after surgery needs the day of the surgery.",
    "adjuvant_before_resection": "Chemotherapy after surgery cannot begin before the surgery.",
    "adjuvant_outside_chemo": "Chemotherapy after surgery must begin between the first and the last chemotherapy.",
}

EXCLUDED = {
    "outside_visit_window": "the last visit lies outside the visit window",
    "outside_death_window": "the day of death lies outside the death window",
    "diagnosed_too_early": "the diagnosis is older than this round looks at",
    "single_visit": "only one visit",
}

STANDING = {
    "report_not_final": "The final report of the round is not out yet.",
    "no_second_module": "No module besides Core is chosen; at least one more is needed.",
    "no_score": "There is no Overall Quality Score, because no measure applies to any chart.",
    "score_below_threshold": "The Overall Quality Score is {have} %; {need} % is needed.",
    "too_few_unique_charts": "{have} unique charts count; {need} are needed.",
    "module_target_unconfirmed": "{module}: {have} charts count; {need} are needed, or your confirmation that every "
    "eligible chart was entered.",
}


def of_file(errors: Sequence[str]) -> list[str]:
    """Why nothing of a file was read; where no column was found, the one likely cause instead of fifty."""
    if sum(error.startswith("column_missing:") for error in errors) == len(COLUMNS):
        return [NO_COLUMNS]
    return [of_error(error) for error in errors]


def of_error(error: str) -> str:
    """The sentence for an error of a file, a cell or a row, such as `missing:sex`."""
    code, _, told = error.partition(":")
    if code in FILE:
        return FILE[code].format(told)
    column = COLUMNS.get(place(error)[1] or "")
    if code in ROW:
        return ROW[code].format(label=column.label if column else "")
    return _of_cell(code, column) if column else "This cannot be used. Check the row."


def _of_cell(code: str, column: Column) -> str:
    sentence = FORMATS[column.kind] if code == "bad_format" else CELL[code]
    span = f" ({column.low} to {column.high})" if column.kind is Kind.NUMBER else ""
    return sentence.format(label=column.label, allowed=", ".join(column.allowed), range=span)


def beside_its_field(error: str) -> str:
    """The same sentence where the column's name stands beside it anyway."""
    column, sentence = COLUMNS.get(place(error)[1] or ""), of_error(error)
    bare = sentence.removeprefix(f"{column.label}: ") if column else sentence
    return bare[0].upper() + bare[1:]


def of_exclusion(code: str) -> str:
    """Why a sound chart does not count, as the end of a sentence."""
    return EXCLUDED[code]


def of_reason(reason: dict[str, Any]) -> str:
    """Why a practice does not qualify, with what is there and what is needed."""
    if reason["code"] == "possible_duplicates_open":
        return _of_duplicates(int(reason["have"]))
    facts = {**reason, "module": TITLES[Module(reason["module"])]} if "module" in reason else reason
    return STANDING[reason["code"]].format_map(facts)


def _of_duplicates(groups: int) -> str:
    if groups == 1:
        return "1 group of possible duplicates is not decided; say whether they are different patients."
    return f"{groups} groups of possible duplicates are not decided; say whether they are different patients."
