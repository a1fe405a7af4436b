"""The engine against every set there is, against nearest first, and rule by rule."""

import random

import pytest
from hypothesis import example, given, settings

from bench.sourcing import filled, lacking, nearest_first
from inventory.sourcing.engine import plan
from inventory.sourcing.facts import POINT, Candidate, Rule
from tests.sourcing.questions import every_set, questions, rules

NEAR_ONE, NEAR_OTHER, FAR = Candidate(1, 0, {1: 1}), Candidate(2, 10, {2: 1}), Candidate(3, 9999, {1: 1, 2: 1})
TWO_NEAR_OR_ONE_FAR = ({1: 1, 2: 1}, [NEAR_ONE, NEAR_OTHER, FAR], 3)


@settings(max_examples=400, deadline=None)
@given(questions())
@example(TWO_NEAR_OR_ONE_FAR)
def test_no_set_of_places_is_better_than_the_plan(question):
    wanted, candidates, most = question
    found = plan(wanted, candidates, rules(most=most, weights={"distance": 60, "load": 40}))
    points = {why.candidate.place_id: why.total for why in found.explanations}

    def aims(chosen):
        worth = sum(points[one.place_id] for one in chosen)
        return lacking(wanted, chosen), len(chosen), -worth, sum(one.metres for one in chosen)

    best = min(map(aims, every_set([one for one in candidates if any(one.has.values())], most)))
    assert (found.proven, found.aims) == (True, best)


@settings(max_examples=200, deadline=None)
@given(questions(places=12, articles=6))
@example(TWO_NEAR_OR_ONE_FAR)
def test_nearest_first_is_never_better_even_when_the_search_may_look_at_nothing(question):
    wanted, candidates, most = question
    by_distance = sorted(candidates, key=lambda one: (one.metres, one.place_id))
    rivals = [nearest_first(wanted, candidates, most), filled(wanted, by_distance, most)]
    theirs = min((lacking(wanted, near), len(near), sum(one.metres for one in near)) for near in rivals)
    for looks in (0, 50, 400_000):
        found = plan(wanted, candidates, rules(most=most), looks=looks)
        unserved, parcels, _points, metres = found.aims
        assert (unserved, parcels, metres) <= theirs


@settings(max_examples=200, deadline=None)
@given(questions(places=12, articles=6))
def test_a_plan_gives_what_is_there_and_accounts_for_every_unit(question):
    wanted, candidates, most = question
    for looks in (0, 400_000):
        found = plan(wanted, candidates, rules(most=most), looks=looks)
        has = {one.place_id: one.has for one in candidates}
        for pk, units in wanted.items():
            given_out = [parcel.lines.get(pk, 0) for parcel in found.parcels]
            assert sum(given_out) + found.unserved.get(pk, 0) == units
        assert all(units <= has[one.place_id][pk] for one in found.parcels for pk, units in one.lines.items())
        assert all(one.lines for one in found.parcels)
        assert len(found.parcels) <= most


@settings(max_examples=100, deadline=None)
@given(questions())
def test_the_order_of_the_candidates_changes_nothing(question):
    wanted, candidates, most = question
    shuffled = random.Random(7).sample(candidates, len(candidates))
    assert plan(wanted, candidates, rules(most=most)) == plan(wanted, shuffled, rules(most=most))


def test_one_parcel_from_afar_comes_before_two_from_next_door():
    found = plan(*TWO_NEAR_OR_ONE_FAR[:2], rules())
    assert [(one.place_id, dict(one.lines)) for one in found.parcels] == [(3, {1: 1, 2: 1})]


def test_without_splitting_the_place_that_serves_everything_alone_wins():
    candidates = [Candidate(1, 0, {1: 2}), Candidate(2, 500_000, {1: 2, 2: 1}), Candidate(3, 400_000, {1: 2, 2: 1})]
    found = plan({1: 2, 2: 1}, candidates, rules(most=1))
    assert ([one.place_id for one in found.parcels], found.unserved) == ([3], {})


def test_without_splitting_and_without_such_a_place_the_one_that_serves_most_is_named_and_the_rest_is_unserved():
    found = plan({1: 2, 2: 1}, [Candidate(1, 0, {2: 1}), Candidate(2, 9, {1: 2})], rules(most=1))
    assert ([one.place_id for one in found.parcels], found.unserved) == ([2], {2: 1})


def test_nobody_has_anything():
    found = plan({1: 2}, [Candidate(1, 0, {})], rules())
    assert (found.parcels, found.unserved, found.proven) == ((), {1: 2}, True)
    assert found.explanations[0].ruled_out.rule.kind == "stock"


def test_an_article_stays_whole_where_a_place_has_all_of_it():
    candidates = [Candidate(1, 0, {1: 1, 2: 1}), Candidate(2, 10, {1: 3})]
    found = plan({1: 3, 2: 1}, candidates, rules())
    assert {one.place_id: dict(one.lines) for one in found.parcels} == {1: {2: 1}, 2: {1: 3}}


@pytest.mark.parametrize(
    ("rule", "inside", "outside", "found"),
    [
        (Rule("stock", 2), {"has": {1: 2}}, {"has": {1: 1}}, 1),
        (Rule("keep_last", 1), {"has": {1: 2}}, {"has": {1: 1}}, 1),
        (Rule("offers"), {"offers": True}, {"offers": False}, 0),
        (Rule("open"), {"open_today": True}, {"open_today": False}, 0),
        (Rule("distance", 30), {"metres": 30_000}, {"metres": 30_001}, 31),
        (Rule("load", 5), {"waiting": 5}, {"waiting": 6}, 6),
        (Rule("confidence", 85), {"sure": {1: 85}}, {"sure": {1: 84}}, 84),
    ],
    ids=lambda value: value.kind if isinstance(value, Rule) else "",
)
def test_a_rule_rules_out_from_its_figure_on_and_says_what_it_found(rule, inside, outside, found):
    usual = {"metres": 1000, "has": {1: 9}}
    candidates = [Candidate(1, **{**usual, **inside}), Candidate(2, **{**usual, **outside})]
    answer = plan({1: 1}, candidates, rules(rule))
    passed, out = sorted(answer.explanations, key=lambda why: why.candidate.place_id)
    assert passed.ruled_out is None
    assert (out.ruled_out.rule, out.ruled_out.found, out.points) == (rule, found, {})
    unruled = plan({1: 1}, candidates, rules())
    assert not any(why.ruled_out for why in unruled.explanations)


def test_a_warehouse_gives_its_last_piece():
    warehouse = Candidate(1, 0, {1: 1}, is_store=False)
    assert plan({1: 1}, [warehouse], rules(Rule("keep_last", 3))).unserved == {}


def test_a_store_keeps_its_last_pieces_and_gives_the_others():
    found = plan({1: 5}, [Candidate(1, 0, {1: 4})], rules(Rule("keep_last", 3)))
    assert (found.parcels[0].lines, found.unserved) == ({1: 1}, {1: 4})


def test_points_fall_in_proportion_and_the_first_rule_is_named():
    weights = {"distance": 30, "delay": 40, "load": 20, "priority": 10}
    near = Candidate(1, 15_000, {1: 1}, waiting=10, priority=10, delay=720)
    shut = Candidate(2, 99_000, {1: 1}, open_today=False)
    found = plan({1: 1}, [near, shut], rules(Rule("open"), Rule("distance", 60, 2), weights=weights))
    points = {name: units / POINT for name, units in found.explanations[0].points.items()}
    assert points == {"distance": 22.5, "delay": 30.0, "load": 15.0, "priority": 10.0}
    assert found.explanations[1].ruled_out.rule.kind == "open"


def test_an_unknown_kind_of_rule_is_a_fault_and_not_ignored():
    with pytest.raises(ValueError, match="moon"):
        plan({1: 1}, [Candidate(1, 0, {1: 1})], rules(Rule("moon", 1)))


def test_what_is_hardly_there_is_not_given_and_what_is_not_known_is():
    candidates = [Candidate(1, 0, {1: 2, 2: 2, 3: 2}, sure={1: 40, 2: 90})]
    found = plan({1: 1, 2: 1, 3: 1}, candidates, rules(Rule("confidence", 85)))
    assert (found.parcels[0].lines, found.unserved) == ({2: 1, 3: 1}, {1: 1})
