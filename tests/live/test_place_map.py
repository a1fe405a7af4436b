"""The map of the places: what stands together, what lies where, and what is free."""

import pytest
from django.urls import reverse

from inventory.places.models import HoldPlace
from omni.lib import reference
from tests import journeys

pytestmark = pytest.mark.django_db


def shown(client):
    groups = client.get(reverse("ready")).context["map"]
    return [
        (
            group["label"],
            group["free"],
            [(one["name"], [bag["short_id"] for bag in one["bags"]]) for one in group["places"]],
        )
        for group in groups
    ]


def test_every_place_says_what_lies_in_it(house, clerk, clerk_client):
    HoldPlace.objects.filter(location=house.lille, name="Locker 3").update(kind="rail", name="Rail A")
    reference.forget()
    one = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    lockers, rails = shown(clerk_client)
    assert lockers == ("Locker", "1 of 2 free", [("Locker 1", [one.short_id]), ("Locker 2", [])])
    assert rails == ("Rail", "1 of 1 free", [("Rail A", [])])


def test_a_place_that_is_no_longer_used_is_shown_until_it_is_empty(house, clerk, clerk_client):
    one = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    HoldPlace.objects.filter(pk=one.hold_place_id).update(retired_at="2026-01-01T00:00:00Z")
    reference.forget()
    assert shown(clerk_client)[-1] == ("Not used any more", "", [("Locker 1", [one.short_id])])
