"""The promise: preparation minutes counted in opening hours, over lunch, Sundays and both changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inventory.places import hours
from inventory.places.queries import Place, place
from omni.lib import reference
from orders.fulfilment import promises
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
SHOP = "Mo-Sa 09:00-12:30,14:00-19:00"


def store(opening_hours: str = SHOP, time_zone: str = PARIS, **more: int) -> Place:
    reference.forget()
    return place(LocationFactory(opening_hours=opening_hours, time_zone=time_zone, **more).pk)


def wall(text: str, time_zone: str = PARIS) -> datetime:
    """Return the instant at which the wall's clock shows `2026-11-23 12:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def promised(at: str, minutes: int = 60, opening_hours: str = SHOP, time_zone: str = PARIS) -> str:
    shop = store(opening_hours, time_zone, pickup_minutes=minutes)
    found = promises.promise(place=shop, kind="pickup", now=wall(at, time_zone))
    assert found.tzinfo == UTC
    return f"{shop.local(found):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("ordered", "ready"),
    [
        ("2026-11-23 09:00", "Mon 2026-11-23 10:00"),
        ("2026-11-23 10:17", "Mon 2026-11-23 11:17"),
        ("2026-11-23 11:30", "Mon 2026-11-23 12:30"),  # to the last minute before lunch
        ("2026-11-23 11:31", "Mon 2026-11-23 14:01"),
        ("2026-11-23 12:00", "Mon 2026-11-23 14:30"),
        ("2026-11-23 13:00", "Mon 2026-11-23 15:00"),
        ("2026-11-23 18:30", "Tue 2026-11-24 09:30"),
        ("2026-11-23 22:00", "Tue 2026-11-24 10:00"),
        ("2026-11-28 18:30", "Mon 2026-11-30 09:30"),  # over Sunday
        ("2026-11-29 11:00", "Mon 2026-11-30 10:00"),
        ("2026-12-31 18:45", "Fri 2027-01-01 09:45"),
    ],
)
def test_only_opening_time_counts(ordered, ready):
    assert promised(ordered) == ready


@pytest.mark.parametrize(
    ("minutes", "ready"), [(5, "12:05"), (30, "12:30"), (31, "14:01"), (360, "09:30"), (780, "18:00")]
)
def test_a_long_preparation_runs_over_several_openings(minutes, ready):
    assert promised("2026-11-23 12:00", minutes)[-5:] == ready


def test_the_weekend_of_summer_time_is_an_hour_shorter_and_costs_the_customer_nothing():
    shop = store()
    saturday = wall("2026-03-28 18:30")
    found = promises.promise(place=shop, kind="pickup", now=saturday)
    assert found == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)
    assert f"{shop.local(found):%a %H:%M}" == "Mon 09:30"


def test_the_weekend_of_winter_time_is_an_hour_longer_and_gives_the_store_nothing():
    shop = store()
    found = promises.promise(place=shop, kind="pickup", now=wall("2026-10-24 18:30"))
    assert found == datetime(2026, 10, 26, 8, 30, tzinfo=UTC)
    assert f"{shop.local(found):%a %H:%M}" == "Mon 09:30"


def test_minutes_that_run_through_the_missing_hour_are_real_minutes():
    night = store("Sa 22:00-05:00")
    found = hours.after_open_minutes(night, datetime(2026, 3, 28, 22, 30, tzinfo=UTC), 180)
    assert found == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert f"{night.local(found):%H:%M}" == "03:30"


def test_minutes_that_run_through_the_hour_that_comes_twice_are_real_minutes():
    night = store("Sa 22:00-05:00")
    found = hours.after_open_minutes(night, datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 180)
    assert found == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert f"{night.local(found):%H:%M}" == "02:30"


def test_the_clock_is_the_stores_own():
    assert promised("2026-11-23 12:00", time_zone="America/Martinique") == "Mon 2026-11-23 14:30"
    far = store(time_zone="America/Martinique")
    found = promises.promise(place=far, kind="pickup", now=wall("2026-11-23 12:00"))
    assert found == wall("2026-11-23 10:00", "America/Martinique")


def test_a_parcel_leaves_within_a_day_and_what_is_carried_out_is_ready_at_once():
    now = wall("2026-11-28 18:30")
    assert promises.promise(place=store(), kind="ship", now=now) == now + timedelta(hours=24)
    assert promises.promise(place=store(), kind="carry_out", now=now) == now


@pytest.mark.parametrize(
    ("ready", "last_second"),
    [
        ("2026-11-20 10:00", "2026-11-27 23:59:59"),
        ("2026-11-20 23:59", "2026-11-27 23:59:59"),
        ("2026-11-20 00:00", "2026-11-27 23:59:59"),
        ("2026-10-20 10:00", "2026-10-27 23:59:59"),  # the clock went back meanwhile
        ("2026-03-24 10:00", "2026-03-31 23:59:59"),  # the clock went forward
        ("2026-03-22 10:00", "2026-03-29 23:59:59"),  # it goes forward on the last day
        ("2026-10-18 10:00", "2026-10-25 23:59:59"),
    ],
)
def test_a_pickup_is_kept_to_the_end_of_its_last_local_day(ready, last_second):
    assert hours.end_of_day(store(), wall(ready), 7) == wall(last_second)


def test_a_closed_store_says_when_it_opens():
    shop = store()
    assert hours.next_opening(shop, wall("2026-11-23 10:00")) is None
    assert hours.next_opening(shop, wall("2026-11-23 13:00")) == wall("2026-11-23 14:00")
    assert hours.next_opening(shop, wall("2026-10-24 20:00")) == wall("2026-10-26 09:00")


@pytest.mark.parametrize(
    ("now", "picking", "mark"),
    [
        ("10:00", False, "new"),
        ("11:39", False, "new"),
        ("11:40", False, "at_risk"),
        ("11:40", True, "in_progress"),
        ("12:00", False, "late"),
        ("12:00", True, "late"),
    ],
)
def test_late_is_a_clock_not_a_state(now, picking, mark):
    promised_at = wall("2026-11-23 12:00")
    assert promises.state(promised_at=promised_at, picking=picking, now=wall(f"2026-11-23 {now}")) == mark
