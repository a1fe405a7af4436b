"""How sure it is is asked of the best places first: the plan is the one that asking everybody would find."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.sourcing import engine, queries
from inventory.sourcing.facts import Candidate, Rule, Rules
from inventory.sourcing.services import asking
from tests.sourcing.questions import questions, rules

NOW = datetime(2026, 12, 12, 9, 42, tzinfo=UTC)
SURE_ENOUGH = 85
Sureness = dict[int, dict[int, int]]


@dataclass(frozen=True)
class Percent:
    percent: int


@st.composite
def doubts(draw: Any) -> tuple[dict[int, int], list[Candidate], Rules, Sureness]:
    """A question, and how sure each place is of each article; most are not."""
    wanted, candidates, most = draw(questions(places=9))
    percent = st.sampled_from([40, 60, 84, 85, 99])
    sure = {one.place_id: {pk: draw(percent) for pk in wanted} for one in candidates}
    return wanted, candidates, rules(Rule("confidence", SURE_ENOUGH), most=most), sure


def answered(question: tuple[dict[int, int], list[Candidate], Rules, Sureness], first: int) -> tuple[Any, list[int]]:
    """Return the plan of a first look at so many, and the places of whom it was asked."""
    wanted, candidates, holding, sure = question
    asked: list[int] = []

    def chances(_wanted: Mapping[int, int], place_ids: Collection[int], **_keys: Any) -> dict[int, dict[int, Percent]]:
        asked.extend(place_ids)
        return {place: {pk: Percent(one) for pk, one in sure[place].items()} for place in place_ids}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "FIRST_ASKED", first)
        patch.setattr(queries, "rules_for", lambda **_keys: holding)
        patch.setattr(queries, "candidates", lambda **_keys: candidates)
        patch.setattr(queries, "chances", chances)
        plan, _rules = asking.ask(wanted=wanted, way="ship", near=(0, 0), location_ids=[], at=NOW)
    return plan, asked


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(doubts())
def test_the_plan_is_the_one_that_asking_everybody_would_find(
    question: tuple[dict[int, int], list[Candidate], Rules, Sureness],
) -> None:
    wanted, candidates, holding, sure = question
    everybody = [replace(one, sure=sure[one.place_id]) for one in candidates]
    best = engine.plan(wanted, everybody, holding)
    plan, asked = answered(question, first=1)
    assert plan.aims == best.aims
    assert plan.parcels == best.parcels
    assert len(asked) == len(set(asked)), "nobody is asked twice"
    assert {parcel.place_id for parcel in plan.parcels} <= set(asked), "whoever serves is sure enough"


def test_of_two_hundred_places_only_those_that_would_serve_are_asked() -> None:
    candidates = [Candidate(number, number * 1000, {1: 3, 2: 3}) for number in range(1, 201)]
    sure = {number: {1: 99 if number > 3 else 50, 2: 99} for number in range(1, 201)}
    plan, asked = answered(({1: 1, 2: 1}, candidates, rules(Rule("confidence", SURE_ENOUGH)), sure), first=4)
    assert [parcel.place_id for parcel in plan.parcels] == [4]
    assert asked == [1, 2, 3, 4, 5, 6]  # two, then four more
