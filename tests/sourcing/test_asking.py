"""Asking the stock: one statement for all of it, opening hours, load, priority; nothing is written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inventory.places.models import Location
from inventory.sourcing import words
from inventory.sourcing.queries import candidates
from inventory.sourcing.services.asking import ask
from inventory.sourcing.services.ruling import prefer
from inventory.stock.models import StockLevel
from omni.lib import reference
from tests.problems import nothing_written

pytestmark = pytest.mark.django_db
SATURDAY = datetime(2026, 12, 12, 9, 42, tzinfo=UTC)
LILLE = (50.6365, 3.0635)


@pytest.fixture
def asked(house):
    everywhere = [store.pk for store in house.stores]

    def question(way="ship", **differently):
        reference.forget()
        wanted = {variant.pk: 2 for variant in house.variants[:2]}
        given = {"wanted": wanted, "way": way, "near": LILLE, "location_ids": everywhere, "at": SATURDAY}
        return ask(**{**given, **differently})[0]

    return question


def reasons(plan):
    return {why.candidate.place_id: why.ruled_out and why.ruled_out.rule.kind for why in plan.explanations}


def test_the_nearest_that_has_everything_serves_it(house, asked):
    plan = asked()
    wanted = {variant.pk: 2 for variant in house.variants[:2]}
    assert [(one.place_id, one.metres, dict(one.lines)) for one in plan.parcels] == [(house.lille.pk, 0, wanted)]
    assert [why.candidate.place_id for why in plan.explanations] == [one.pk for one in house.stores]


def test_what_is_held_damaged_or_safe_is_not_there(house, asked):
    first = house.variants[0]
    StockLevel.objects.filter(variant=first, location=house.lille).update(reserved=50, damaged=20, safety_stock=29)
    lille = next(why.candidate for why in asked().explanations if why.candidate.place_id == house.lille.pk)
    assert lille.has == {first.pk: 1, house.variants[1].pk: 100}
    assert [one.place_id for one in asked().parcels] == [house.lens.pk]


def test_only_the_named_places_are_asked(house, asked):
    plan = asked(location_ids=[house.lens.pk])
    assert reasons(plan) == {house.lens.pk: None}


def test_a_place_that_does_not_offer_the_way_or_is_closed_today_is_ruled_out(house, asked):
    Location.objects.filter(pk=house.lille.pk).update(offers_pickup=False)
    Location.objects.filter(pk=house.lens.pk).update(opening_hours="Mo-Fr 09:00-19:00")
    Location.objects.filter(pk=house.amiens.pk).update(opening_hours="Sa 14:00-19:00")
    assert reasons(asked("pickup")) == {house.lille.pk: "offers", house.lens.pk: "open", house.amiens.pk: None}


def test_a_place_that_closed_for_the_day_is_closed(house, asked):
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Sa 08:00-10:00")
    assert reasons(asked("pickup"))[house.lille.pk] == "open"


def test_ready_is_counted_in_opening_hours(house, asked):
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Sa 11:00-19:00", pickup_minutes=60)
    why = next(why for why in asked().explanations if why.candidate.place_id == house.lille.pk)
    assert (why.candidate.ready_at, why.candidate.delay) == (datetime(2026, 12, 12, 11, tzinfo=UTC), 78)


def test_who_has_too_much_to_do_is_spared(house, asked):
    plan = asked(waiting={house.lille.pk: 41})
    assert reasons(plan)[house.lille.pk] == "load"
    assert [one.place_id for one in plan.parcels] == [house.lens.pk]


def test_a_preferred_place_comes_before_a_near_one(house, asked):
    both = [house.lille.pk, house.lens.pk]
    prefer(location_id=house.lille.pk, priority=0)
    prefer(location_id=house.lens.pk, priority=10)
    assert [one.place_id for one in asked(location_ids=both).parcels] == [house.lens.pk]
    prefer(location_id=house.lens.pk, priority=0)
    assert [one.place_id for one in asked(location_ids=both).parcels] == [house.lille.pk]


def test_all_the_stock_is_read_in_one_statement_and_nothing_is_written(house, asked, statements):
    asked()
    everywhere = [store.pk for store in house.stores]
    wanted = [variant.pk for variant in house.variants]
    with statements() as seen:
        candidates(wanted=wanted, way="ship", near=LILLE, location_ids=everywhere, at=SATURDAY)
    assert len(seen) == 1, seen
    with nothing_written():
        asked()


def test_home_delivery_skips_a_place_that_hardly_has_it_and_says_how_sure_it_is(house, asked):
    later = timezone.now() + timedelta(days=1100)
    StockLevel.objects.filter(variant__in=house.variants, location=house.lille).update(on_hand=2)
    plan = asked(at=later)
    lille = next(why for why in plan.explanations if why.candidate.place_id == house.lille.pk)
    assert (lille.ruled_out.rule.kind, lille.ruled_out.found) == ("confidence", 69)
    assert words.of_candidate(lille, "ship") == "Lille: only 69 % sure that the piece is there, less than 85 %"
    assert [one.place_id for one in plan.parcels] == [house.lens.pk]
    assert [one.place_id for one in asked("pickup", at=later).parcels] == [house.lille.pk]


def test_how_sure_it_is_costs_one_statement_and_only_where_a_rule_asks(house, asked, statements):
    for way, costs in (("ship", 2), ("pickup", 2)):  # a parcel: stock and sureness; a pickup: stock and the queues
        asked(way)
        with statements() as seen:
            ask(
                wanted={one.pk: 1 for one in house.variants},
                way=way,
                near=LILLE,
                location_ids=[store.pk for store in house.stores],
            )
        assert len(seen) == costs, seen
