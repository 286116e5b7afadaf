"""How days are counted, dates worked out and explained, values read, and fees added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.program import defaults, federal
from app.program.rules import clocks
from app.program.rules.clocks import due, reminds, why_not_extend, work_out
from app.program.rules.days import BadSpan, Calendar, Direction, Span, Unit, add_months, last_moment
from app.program.rules.derivation import Derivation, derive
from app.program.rules.fees import Item, NoFee, fee_lines, one_fee, total, why_not_a_table
from app.program.rules.values import ClockDefinition, why_not_change, why_not_value

OFF = Calendar(federal.holiday)
FORWARD, BACK = Direction.FORWARD, Direction.BACK

starts = st.dates(date(2020, 1, 1), date(2035, 12, 31))
counts = st.integers(1, 60)


def arrives(start: date, span: str, direction: Direction = FORWARD) -> date:
    return due(work_out(start, Span.read(span), direction, OFF))


@pytest.mark.parametrize(
    ("start", "span", "direction", "expected"),
    [
        (date(2026, 11, 24), "10 business days", FORWARD, date(2026, 12, 9)),  # over Thanksgiving
        (date(2027, 3, 10), "28 days", BACK, date(2027, 2, 10)),
        (date(2026, 10, 1), "10 business days", FORWARD, date(2026, 10, 16)),  # over Columbus Day
        (date(2026, 3, 10), "1 year", FORWARD, date(2027, 3, 10)),
        (date(2026, 5, 1), "1 business day", FORWARD, date(2026, 5, 4)),
        (date(2026, 5, 2), "1 business day", FORWARD, date(2026, 5, 4)),  # from a Saturday
        (date(2026, 8, 10), "10 business days", BACK, date(2026, 7, 27)),
        (date(2026, 9, 14), "5 business days", BACK, date(2026, 9, 4)),  # back over Labor Day
        (date(2026, 6, 19), "14 days", FORWARD, date(2026, 7, 6)),  # Fri 3 Jul is kept for the Fourth
        (date(2026, 7, 31), "28 days", BACK, date(2026, 7, 2)),  # Fri 3 Jul again, so the day before
        (date(2026, 4, 4), "6 weeks", FORWARD, date(2026, 5, 18)),  # a Saturday rolls to Monday
        (date(2027, 1, 1), "3 years", FORWARD, date(2030, 1, 1)),  # years keep the day, even a holiday
        (date(2028, 2, 29), "1 year", FORWARD, date(2029, 2, 28)),
        (date(2028, 2, 29), "3 years", FORWARD, date(2031, 2, 28)),
        (date(2028, 2, 29), "12 months", BACK, date(2027, 2, 28)),
        (date(2026, 5, 31), "9 months", BACK, date(2025, 8, 31)),
        (date(2026, 5, 31), "1 month", FORWARD, date(2026, 6, 30)),
        (date(2027, 12, 30), "1 business day", FORWARD, date(2028, 1, 3)),  # New Year's Day kept on Fri 31 Dec
    ],
)
def test_dates_are_worked_out_as_the_rules_of_counting_say(
    start: date, span: str, direction: Direction, expected: date
) -> None:
    assert arrives(start, span, direction) == expected


@given(starts, counts, st.sampled_from(Direction))
def test_business_days_end_on_a_business_day_and_count_exactly(start: date, count: int, direction: Direction) -> None:
    end = arrives(start, f"{count} business days", direction)
    low, high = sorted((start, end))
    assert OFF.works(end)
    assert OFF.between(low, high) == (count if direction is FORWARD else count - 1 + OFF.works(start))


@given(starts, counts, st.sampled_from(["days", "weeks"]), st.sampled_from(Direction))
def test_days_and_weeks_roll_away_from_the_event_and_never_far(
    start: date, count: int, unit: str, direction: Direction
) -> None:
    plain = start + timedelta(days=count * (7 if unit == "weeks" else 1)) * direction.sign
    end = arrives(start, f"{count} {unit}", direction)
    assert OFF.works(end)
    assert 0 <= (end - plain).days * direction.sign <= 4


@given(starts, st.integers(1, 120), st.sampled_from(Direction))
def test_months_keep_the_day_or_take_the_last_of_the_month(start: date, count: int, direction: Direction) -> None:
    end = arrives(start, f"{count} months", direction)
    assert end == add_months(start, count * direction.sign)
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@given(starts, counts, starts)
def test_a_later_start_never_ends_earlier(first: date, count: int, second: date) -> None:
    low, high = sorted((first, second))
    assert arrives(low, f"{count} business days") <= arrives(high, f"{count} business days")


@given(starts, counts, st.integers(0, 40), st.sampled_from(["business days", "days", "weeks", "months"]))
def test_a_pause_never_shortens_the_time_that_is_left(start: date, count: int, length: int, unit: str) -> None:
    steps = work_out(start, Span.read(f"{count} {unit}"), FORWARD, OFF)
    began, ended = start, start + timedelta(days=length)
    later = due(clocks.pause(steps, began, ended, "the Program's own delay", OFF))
    assert later >= due(steps)
    if unit == "business days":
        assert OFF.between(start, later) - OFF.between(began, ended) == count


def test_a_date_is_never_past_its_limit() -> None:
    limit = date(2026, 12, 1)
    steps = work_out(
        date(2026, 11, 24), Span.read("10 business days"), FORWARD, OFF, limit=limit, limit_is="the outer limit"
    )
    assert due(steps) == limit
    assert explain(steps).pauses == "never past Tue 1 Dec 2026, the outer limit"


def test_a_due_day_ends_at_midnight_where_the_program_is() -> None:
    assert last_moment(date(2026, 7, 1)) == datetime(2026, 7, 2, 3, 59, 59, tzinfo=UTC)
    assert last_moment(date(2026, 12, 1)) == datetime(2026, 12, 2, 4, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "10", "days", "0 days", "-3 days", "10 bd", "1.5 weeks", "99999 days", "10 fortnights"]
)
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadSpan, match="such as 10 business days"):
        Span.read(text)


@given(st.integers(1, 9999), st.sampled_from(Unit))
def test_a_span_reads_what_it_writes(count: int, unit: Unit) -> None:
    assert Span.read(str(Span(count, unit))) == Span(count, unit)


def explain(steps: list[clocks.Step], rule: str = "It is sent within {span}") -> Derivation:
    return derive(rule=rule, key="plan.resubmit", version=1, event="plan returned", steps=steps)


def test_a_sum_is_told_in_finished_sentences() -> None:
    told = explain(
        work_out(date(2026, 10, 1), Span.read("10 business days"), FORWARD, OFF),
        "A returned plan is sent again within {span}",
    )
    assert told.sentences == [
        "Rule: A returned plan is sent again within 10 business days (plan.resubmit, version 1).",
        "Starts: Thu 1 Oct 2026, plan returned. The day itself is day 0.",
        "Not counted: 2 weekends; Mon 12 Oct 2026, Columbus Day.",
        "Pauses, extensions: none.",
        "Due: Fri 16 Oct 2026, 11:59 pm Eastern.",
    ]


def test_the_strip_counts_the_days_one_by_one() -> None:
    strip = explain(work_out(date(2026, 10, 1), Span.read("10 business days"), FORWARD, OFF)).days
    assert [(day.weekday, day.on.day, day.label, day.kind) for day in strip] == [
        ("Thu", 1, "day 0", ""), ("Fri", 2, "day 1", ""), ("Sat", 3, "\u2013", "off"), ("Sun", 4, "\u2013", "off"),
        ("Mon", 5, "day 2", ""), ("Tue", 6, "day 3", ""), ("Wed", 7, "day 4", ""), ("Thu", 8, "day 5", ""),
        ("Fri", 9, "day 6", ""), ("Sat", 10, "\u2013", "off"), ("Sun", 11, "\u2013", "off"),
        ("Mon", 12, "holiday", "off"), ("Tue", 13, "day 7", ""), ("Wed", 14, "day 8", ""), ("Thu", 15, "day 9", ""),
        ("Fri", 16, "day 10", "end"),
    ]  # fmt: skip


@given(starts, st.integers(1, 15), st.sampled_from(Direction))
def test_the_strip_ends_with_as_many_days_as_were_asked_for(start: date, count: int, direction: Direction) -> None:
    steps = work_out(start, Span.read(f"{count} business days"), direction, OFF)
    end = [day for day in explain(steps).days if day.kind == "end"]
    assert [(day.on, day.label) for day in end] == [(due(steps), f"day {count}")]


def test_a_date_that_rolls_says_why() -> None:
    told = explain(work_out(date(2026, 6, 19), Span.read("14 days"), FORWARD, OFF))
    assert told.not_counted == (
        "nothing; every day counts; Fri 3 Jul 2026 lies on a holiday, Independence Day (observed), "
        "so it moves to Mon 6 Jul 2026"
    )
    assert told.days[-1].label == "day 16" or told.days[-1].kind == "end"


def test_a_long_sum_is_told_in_words_only() -> None:
    told = explain(work_out(date(2026, 3, 10), Span.read("1 year"), FORWARD, OFF))
    assert told.days == []
    assert told.not_counted == "nothing; months and years keep the day of the month and do not roll"


def test_pauses_and_extensions_stand_in_the_sum() -> None:
    steps = work_out(date(2026, 10, 1), Span.read("10 business days"), FORWARD, OFF)
    steps = clocks.pause(steps, date(2026, 10, 5), date(2026, 10, 7), "a flood", OFF)
    assert due(steps) == date(2026, 10, 20)
    told = explain(clocks.extend(steps, date(2026, 10, 30), "pharmacy is moving"))
    assert told.pauses == (
        "paused Mon 5 Oct 2026 to Wed 7 Oct 2026 (2 business days: a flood), so Tue 20 Oct 2026; "
        "extended to Fri 30 Oct 2026 (pharmacy is moving)"
    )
    assert [day.label for day in told.days if day.label == "paused"] == ["paused", "paused"]
    assert told.due == "Fri 30 Oct 2026, 11:59 pm Eastern"


@pytest.mark.parametrize(
    ("to", "today", "granted", "expected"),
    [
        (date(2026, 10, 30), date(2026, 10, 10), 0, []),
        (date(2026, 10, 16), date(2026, 10, 10), 0, ["The new date must be later than the present one."]),
        (date(2026, 10, 30), date(2026, 10, 17), 0, ["The date has passed; more time is asked for before it does."]),
        (date(2026, 10, 30), date(2026, 10, 10), 1,
         ["This date was extended before; only an administrator can extend it again."]),
        (date(2027, 7, 1), date(2026, 10, 10), 0, ["The new date lies past the outer limit of the case."]),
    ],
)  # fmt: skip
def test_an_extension_is_refused_with_every_reason(to: date, today: date, granted: int, expected: list[str]) -> None:
    limit = date(2027, 6, 17)
    assert why_not_extend(date(2026, 10, 16), to, today=today, granted=granted, most=1, limit=limit) == expected


def test_reminders_come_30_14_7_and_1_days_before_on_the_day_and_then_weekly() -> None:
    due_on, starts_on = date(2026, 10, 16), date(2026, 10, 1)
    walk = [due_on + timedelta(days=n) for n in range(-40, 22)]
    assert [(day - due_on).days for day in walk if reminds(due_on, starts_on, day)] == [-14, -7, -1, 0, 7, 14, 21]


def test_every_shipped_clock_can_be_read_and_told() -> None:
    found = [one for one in defaults.definitions().values() if isinstance(one, ClockDefinition)]
    assert len(found) == 46
    for one in found:
        steps = work_out(date(2026, 3, 10), Span.read(one.value), one.direction, OFF)
        told = derive(rule=one.rule, key=one.key, version=1, event=one.runs_from, steps=steps)
        assert one.value in told.rule


def test_every_shipped_value_is_one_that_its_setting_can_hold() -> None:
    for one in defaults.definitions().values():
        assert why_not_value(one.kind, one.value) == [], one.key


@pytest.mark.parametrize(
    ("kind", "text"),
    [("whole", "1.5"), ("whole", "-1"), ("whole", "NaN"), ("number", "many"), ("yes/no", "maybe"),
     ("pooled|mean_of_rates", "median"), ("span", "soon")],
)  # fmt: skip
def test_a_value_that_cannot_be_held_is_refused(kind: str, text: str) -> None:
    assert len(why_not_value(kind, text)) == 1


def test_a_setting_is_not_changed_backwards_or_without_a_reason() -> None:
    one = defaults.clock("plan.submit")
    reasons = why_not_change(one, "soon", effective_from=date(2026, 6, 30), today=date(2026, 7, 1), why="so")
    assert len(reasons) == 3


@dataclass(frozen=True)
class Rate:
    item: Item
    over: Decimal | None
    up_to: Decimal | None
    dollars: int | None
    words: str = "words"


FEES = defaults.fees()


@pytest.mark.parametrize(
    ("fte", "sites", "amounts"),
    [
        ("0", 1, [4000]), ("2", 1, [4000]), ("2.01", 1, [6000]), ("5", 2, [6000, 1000]), ("10", 3, [8500, 2000]),
        ("10.5", 0, [11500]), ("20", 1, [11500]), ("20.1", 60, [15000, 59000]),
    ],
)  # fmt: skip
def test_fees_follow_fte_and_further_sites_that_give_drugs(fte: str, sites: int, amounts: list[int]) -> None:
    lines = fee_lines(FEES, fte=Decimal(fte), sites_giving_drugs=sites, country="US")
    assert [line.amount for line in lines] == amounts
    assert total(lines) == sum(amounts)


def test_abroad_is_by_quotation() -> None:
    lines = fee_lines(FEES, fte=Decimal(4), sites_giving_drugs=3, country="CA")
    assert [line.item for line in lines] == [Item.ABROAD]
    assert total(lines) is None


def test_single_charges_come_from_the_same_table() -> None:
    assert one_fee(FEES, Item.RESURVEY).amount == 3500
    assert one_fee(FEES, Item.EXTRA_PLAQUE, 3).amount == 750
    with pytest.raises(NoFee):
        one_fee([], Item.RESURVEY)


@given(st.decimals(0, 500, places=2))
def test_every_fte_has_exactly_one_base_fee(fte: Decimal) -> None:
    assert len(fee_lines(FEES, fte=fte, sites_giving_drugs=1, country="US")) == 1


def test_a_fee_table_with_a_gap_is_refused() -> None:
    gap = [Rate(fee.item, Decimal(3) if fee.over == 2 else fee.over, fee.up_to, fee.dollars) for fee in FEES]
    assert why_not_a_table(FEES) == []
    assert why_not_a_table(gap) == ["The base fees must cover every FTE once, from 0 up without a gap."]
    assert "The fee for site must be there once." in why_not_a_table([fee for fee in FEES if fee.item is not Item.SITE])
    free = [Rate(fee.item, fee.over, fee.up_to, None) for fee in FEES]
    assert why_not_a_table(free) == ["Only practices abroad are quoted; every other fee needs an amount."]
