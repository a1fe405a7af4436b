"""Time counted in opening hours, at the edges: never closed, never open, open only in years."""

from datetime import UTC, datetime, timedelta

import pytest

from inventory.places import hours
from inventory.places.queries import place
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db

MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""Noon in Paris."""


def after(opening_hours: str, minutes: int) -> timedelta:
    store = place(LocationFactory(opening_hours=opening_hours).pk)
    return hours.after_open_minutes(store, MONDAY_NOON, minutes) - MONDAY_NOON


def test_a_store_that_never_closes_counts_every_minute():
    assert after("24/7", 60) == timedelta(minutes=60)


def test_closed_time_does_not_count():
    assert after("Mo-Sa 09:00-12:30", 60) == timedelta(hours=21, minutes=30)


@pytest.mark.parametrize("opening_hours", ["off", "2020 Mo-Su 09:00-19:00", "2030 Mo-Su 09:00-19:00"])
def test_a_store_that_does_not_open_within_sixty_days_counts_as_open(opening_hours):
    assert after(opening_hours, 60) == timedelta(minutes=60)
