"""The small questions that the measures ask of one chart. The measure table names them."""

from collections.abc import Callable

from app.participation.rules.charts import Chart, between

Question = Callable[[Chart], bool]


def _is_early_and_sizeable(chart: Chart) -> bool:
    """Stage II or III, or stage I with a tumor of 11 mm or more."""
    return chart.in_stage("II", "III") or (chart.in_stage("I") and between(chart.number("tumor_size_mm"), 11, None))


def _goal_talked_over(chart: Chart) -> bool:
    return chart.has("chemo_intent") and chart.is_yes("intent_discussed")


def _performance_status_recent(chart: Chart) -> bool:
    return chart.has("performance_status") and between(chart.days("performance_status_on", "chemo_started_on"), 0, 30)


def _had_chemo_at_childbearing_age(chart: Chart) -> bool:
    return chart.had_chemo and between(chart.years_old("chemo_started_on"), 18, 45)


def _is_early_her2_positive_breast(chart: Chart) -> bool:
    return (
        chart.is_one_of("diagnosis", "breast")
        and chart.is_one_of("her2_result", "positive")
        and _is_early_and_sizeable(chart)
    )


def _is_early_receptor_positive_breast(chart: Chart) -> bool:
    return (
        chart.is_one_of("diagnosis", "breast")
        and chart.is_one_of("hormone_receptor", "positive")
        and _is_early_and_sizeable(chart)
        and between(chart.days("diagnosed_on", "last_visit_on"), 365, None)
    )


def _is_resected_stage_iii_colon(chart: Chart) -> bool:
    return (
        chart.is_one_of("diagnosis", "colon")
        and chart.in_stage("III")
        and chart.has("resected_on")
        and between(chart.years_old("diagnosed_on"), None, 79)
        and between(chart.days("diagnosed_on", "last_visit_on"), 120, None)
    )


def _is_resected_stage_ii_iiia_lung(chart: Chart) -> bool:
    return (
        chart.is_one_of("diagnosis", "nsclc")
        and chart.is_one_of("stage", "II", "IIA", "IIB", "IIIA")
        and between(chart.days("resected_on", "last_visit_on"), 60, None)
    )


def _is_advanced_non_squamous_lung(chart: Chart) -> bool:
    return (
        chart.is_one_of("diagnosis", "nsclc")
        and chart.is_one_of("lung_histology", "non_squamous")
        and chart.in_stage("IV")
    )


DENOMINATORS: dict[str, Question] = {
    "every_chart": lambda c: True,
    "can_be_staged": lambda c: not c.is_one_of("stage", "not_applicable"),
    "had_chemo": lambda c: c.had_chemo,
    "had_non_curative_chemo": lambda c: c.had_chemo and c.is_one_of("chemo_intent", "non_curative"),
    "uses_tobacco": lambda c: c.is_one_of("tobacco_status", "current"),
    "has_emotional_problem": lambda c: c.is_yes("wellbeing_problem"),
    "had_emetic_chemo": lambda c: c.had_chemo and c.is_one_of("emetic_risk", "moderate", "high"),
    "had_chemo_of_low_fn_risk": lambda c: c.had_chemo and c.is_one_of("fn_risk", "low"),
    "had_chemo_at_childbearing_age": _had_chemo_at_childbearing_age,
    "has_died": lambda c: c.has("deceased_on"),
    "has_died_in_hospice": lambda c: c.has("deceased_on") and c.has("hospice_enrolled_on"),
    "is_early_her2_positive_breast": _is_early_her2_positive_breast,
    "is_early_receptor_positive_breast": _is_early_receptor_positive_breast,
    "is_resected_stage_iii_colon": _is_resected_stage_iii_colon,
    "is_ras_mutated_bowel": lambda c: (
        c.is_one_of("diagnosis", "colon", "rectum") and c.is_one_of("ras_result", "mutated")
    ),
    "is_resected_stage_ii_iiia_lung": _is_resected_stage_ii_iiia_lung,
    "is_advanced_non_squamous_lung": _is_advanced_non_squamous_lung,
    "pain_asked": lambda c: c.is_yes("pain_assessed_by_second_visit"),
    "pain_moderate_or_severe": lambda c: between(c.number("pain_score"), 4, None),
    "had_oral_chemo": lambda c: c.is_one_of("chemo_route", "oral", "both"),
    "had_oral_chemo_and_later_visit": lambda c: (
        c.is_one_of("chemo_route", "oral", "both") and between(c.days("chemo_started_on", "last_visit_on"), 1, None)
    ),
}

NUMERATORS: dict[str, Question] = {
    "pathology_present": lambda c: c.is_yes("pathology_in_chart"),
    "stage_written_in_a_month": lambda c: between(c.days("first_visit_on", "stage_documented_on"), None, 31),
    "plan_complete": lambda c: c.is_yes("chemo_plan_complete"),
    "goal_talked_over": _goal_talked_over,
    "consent_before_first_dose": lambda c: between(c.days("consent_documented_on", "chemo_started_on"), 0, None),
    "performance_status_recent": _performance_status_recent,
    "tobacco_recorded": lambda c: c.has("tobacco_status"),
    "tobacco_advised": lambda c: c.is_yes("tobacco_advice"),
    "wellbeing_asked": lambda c: c.is_yes("wellbeing_assessed"),
    "emotional_problem_acted_on": lambda c: c.is_yes("wellbeing_action"),
    "antiemetics_fit": lambda c: c.is_yes("antiemetic_per_guideline"),
    "growth_factor_given": lambda c: c.is_yes("gcsf_given"),
    "fertility_talked_over": lambda c: c.is_yes("fertility_discussed"),
    "pain_asked_near_end": lambda c: c.is_yes("eol_pain_assessed"),
    "hospice_or_palliative_care": lambda c: c.has("hospice_enrolled_on") or c.is_yes("palliative_referral"),
    "hospice_over_three_days": lambda c: between(c.days("hospice_enrolled_on", "deceased_on"), 4, None),
    "hospice_in_last_week_only": lambda c: between(c.days("hospice_enrolled_on", "deceased_on"), None, 7),
    "chemo_in_last_two_weeks": lambda c: between(c.days("last_chemo_on", "deceased_on"), None, 14),
    "trastuzumab_given": lambda c: c.is_yes("trastuzumab_given"),
    "endocrine_within_a_year": lambda c: between(c.days("diagnosed_on", "endocrine_started_on"), None, 365),
    "adjuvant_within_four_months": lambda c: between(c.days("diagnosed_on", "adjuvant_chemo_on"), None, 120),
    "anti_egfr_given": lambda c: c.is_yes("anti_egfr_given"),
    "adjuvant_within_sixty_days": lambda c: between(c.days("resected_on", "adjuvant_chemo_on"), None, 60),
    "mutations_tested": lambda c: c.is_yes("mutation_tested"),
    "pain_asked": lambda c: c.is_yes("pain_assessed_by_second_visit"),
    "pain_measured": lambda c: c.has("pain_score"),
    "pain_planned": lambda c: c.is_yes("pain_plan"),
    "oral_plan_made": lambda c: c.is_yes("oral_plan"),
    "adherence_asked": lambda c: c.is_yes("oral_adherence_check"),
}
