"""How well a row is covered: the worst that is true of it, why, and the cure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.evidence.rules import ClaimState, CoverState, Held, cover, why_not_answer

GOOD = Held("Labels")
SITES = ("Cove Street", "Northgate")
COVE = frozenset({"Cove Street"})
OLD = "Its review was due on Tue 30 Jun 2026."


@pytest.mark.parametrize(
    ("held", "state", "why"),
    [
        ([GOOD], CoverState.PINNED, ""),
        ([replace(GOOD, passage=False)], CoverState.WHOLE, "Labels as a whole."),
        ([replace(GOOD, sites=COVE)], CoverState.PARTIAL, "No document here is in force at Northgate."),
        ([replace(GOOD, sites=COVE), Held("Labels at Northgate", sites=frozenset({"Northgate"}))],
         CoverState.PINNED, ""),
        ([replace(GOOD, expired=OLD)], CoverState.EXPIRED, "Labels: its review was due on Tue 30 Jun 2026."),
        ([replace(GOOD, expired=OLD), Held("New labels")], CoverState.PINNED, ""),
        ([replace(GOOD, expired=OLD), Held("New labels", sites=COVE)], CoverState.PARTIAL,
         "No document here is in force at Northgate."),
        ([replace(GOOD, unseen="cannot be searched.")], CoverState.UNREADABLE, "Labels cannot be searched."),
        ([replace(GOOD, unseen="cannot be searched."), Held("Text")], CoverState.PINNED, ""),
        ([GOOD, replace(GOOD, to_check=True)], CoverState.CHANGED,
         "The words of a passage in Labels changed with a new version."),
        ([replace(GOOD, to_check=True, lost=True)], CoverState.CHANGED,
         "The words of a passage in Labels changed with a new version."),
        ([], CoverState.EMPTY, "Nothing is pinned, and no document seems to answer it."),
    ],
)  # fmt: skip
def test_the_worst_that_is_true_of_a_row_is_said(held: list[Held], state: CoverState, why: str) -> None:
    found = cover(held, SITES)
    assert (found.state, found.why) == (state, why)
    assert bool(found.do) is not found.done


def test_a_standing_claim_needs_no_pin_and_a_refused_one_counts_for_nothing() -> None:
    assert cover([], SITES, claim=ClaimState.CLAIMED).done and cover([], SITES, claim=ClaimState.ACCEPTED).done
    refused = cover([], SITES, claim=ClaimState.REFUSED, answer="You give them at Northgate.")
    assert refused.state is CoverState.EMPTY and refused.why.endswith("You give them at Northgate.")
    assert cover([GOOD], SITES, claim=ClaimState.REFUSED).state is CoverState.PINNED


def test_a_suggestion_is_to_be_confirmed() -> None:
    assert cover([], SITES, suggested=True).state is CoverState.SUGGESTED


def test_long_lists_of_names_are_cut() -> None:
    found = cover([replace(GOOD, sites=COVE)], ["Cove Street", "A", "B", "C", "D"])
    assert "at A, B and 2 more" in found.why


def test_the_word_on_a_claim_is_a_sentence() -> None:
    assert why_not_answer("no") and not why_not_answer("The questionnaire says the same.")
