"""Rules as data: which set holds when, for whom; and that its changes are kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from inventory.sourcing.errors import RulesMissing, WeightsRefused
from inventory.sourcing.facts import Rule
from inventory.sourcing.models import RuleSet, SourcingRule
from inventory.sourcing.queries import rules_for
from inventory.sourcing.services.ruling import found_rules, lay_down
from omni.lib import reference

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def lay(figure, **differently):
    given = {"rules": [("stock", figure)], "weights": {"distance": 100}, "most_parcels": 2, "starts_at": NOON}
    laid = lay_down(**{**given, **differently})
    reference.forget()
    return laid


def least_stock(channel="web", way="ship", at=NOON):
    return next(rule.figure for rule in rules_for(channel=channel, way=way, at=at).out if rule.kind == "stock")


def test_a_house_begins_with_rules_for_both_ways(house):
    pickup, ship = (rules_for(channel="web", way=way, at=NOON) for way in ("pickup", "ship"))
    assert pickup.out == (Rule("stock", 1, 1), Rule("offers", None, 2), Rule("open", None, 3), Rule("distance", 100, 4))
    assert ship.out[-1] == Rule("confidence", 85, 5)
    assert (pickup.most_parcels, ship.most_parcels) == (1, 3)
    assert sum(pickup.weights.values()) == sum(ship.weights.values()) == 100


def test_founding_twice_is_once_and_keeps_what_the_house_changed(house):
    RuleSet.objects.filter(way="ship").update(most_parcels=7)
    found_rules()
    assert list(RuleSet.objects.order_by("way").values_list("way", "most_parcels")) == [("pickup", 1), ("ship", 7)]
    assert SourcingRule.objects.count() == 9


def test_rules_hold_from_their_start_to_before_their_end(house):
    lay(5, way="ship", ends_at=NOON + HOUR)
    found = [least_stock(at=NOON + minutes) for minutes in (-HOUR / 60, 0 * HOUR, HOUR - HOUR / 60, HOUR)]
    assert found == [1, 5, 5, 1]


def test_the_more_particular_rules_win_then_the_later(house):
    lay(2, starts_at=NOON - HOUR)
    assert least_stock() == 1  # those of the way come before those for all
    lay(3, way="ship", starts_at=NOON - HOUR)
    assert least_stock() == 3
    lay(4, channel="web", starts_at=NOON - 2 * HOUR)
    assert (least_stock(), least_stock(channel="phone")) == (4, 3)
    lay(5, channel="web", way="ship", starts_at=NOON - 3 * HOUR)
    assert least_stock() == 5


def test_without_rules_the_question_is_refused(house):
    RuleSet.objects.all().delete()
    reference.forget()
    with pytest.raises(RulesMissing):
        rules_for(channel="web", way="ship", at=NOON)


def test_weights_that_do_not_add_to_100_are_refused_and_nothing_is_written(house):
    before = RuleSet.objects.count()
    with pytest.raises(WeightsRefused):
        lay(1, weights={"distance": 60, "delay": 39})
    assert RuleSet.objects.count() == before


def test_every_change_of_a_rule_is_kept(house):
    laid = lay(1, way="ship")
    laid.most_parcels = 4
    laid.save()
    kept = apps.get_model("sourcing", "RuleSetEvent").objects.filter(pgh_obj=laid.pk).order_by("pgh_id")
    assert list(kept.values_list("pgh_label", "most_parcels")) == [("insert", 2), ("update", 4)]
