"""Until when a reservation is kept: against a model that walks minute by minute and knows nothing of intervals."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inventory.places import hours
from inventory.places.models import SpecialDay
from inventory.places.queries import Place, place
from omni.lib import reference
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db

SHOP = "Mo-Sa 10:00-19:00"
LUNCH = "Tu-Sa 10:00-12:30,14:00-18:30"
MINUTE = timedelta(minutes=1)


def walked(shop: Place, start: datetime, openings: int) -> datetime:
    """The end of the last open minute of the n-th day after the day of `start` on which the shop has one."""
    day, at, last = shop.local(start).date(), start.replace(second=0, microsecond=0), None
    left, current = openings, None
    for _minute in range(60 * 24 * 40):
        local = shop.local(at)
        if local.date() > day and local.date() != current:
            if current is not None and last is not None:
                left -= 1
                if not left:
                    return last + MINUTE
            current, last = local.date(), None
        if current is not None and shop.hours.is_open(local):
            last = at
        at += MINUTE
    raise AssertionError("the model walked forty days")


def shop_of(opening_hours: str, zone: str = "Europe/Paris", closed: tuple[str, ...] = ()) -> Place:
    shop = LocationFactory(opening_hours=opening_hours, time_zone=zone)
    for on in closed:
        SpecialDay.objects.create(location=shop, on=on, reason="closed")
    reference.forget()
    return place(shop.pk)


CASES = {
    "the next day": (SHOP, "Europe/Paris", "2026-11-24T15:00", (), 1, "2026-11-25 19:00"),
    "a Saturday evening waits for Monday": (SHOP, "Europe/Paris", "2026-11-28T18:59", (), 1, "2026-11-30 19:00"),
    "lunch ends no day": (LUNCH, "Europe/Paris", "2026-11-24T11:00", (), 1, "2026-11-25 18:30"),
    "a Sunday and a Monday off": (LUNCH, "Europe/Paris", "2026-11-28T17:00", (), 1, "2026-12-01 18:30"),
    "two openings over a closed day": (
        SHOP, "Europe/Paris", "2026-12-23T12:00", ("2026-12-25",), 2, "2026-12-26 19:00",
    ),
    "over the year's end": (SHOP, "Europe/Paris", "2026-12-31T18:00", ("2027-01-01",), 1, "2027-01-02 19:00"),
    "the clock goes forward in the night": (SHOP, "Europe/Paris", "2027-03-27T15:00", (), 1, "2027-03-29 19:00"),
    "the clock goes forward, open on Sunday": (
        "Mo-Su 00:30-19:00", "Europe/Paris", "2027-03-27T15:00", (), 1, "2027-03-28 19:00",
    ),
    "the clock goes back, open on Sunday": (
        "Mo-Su 00:30-19:00", "Europe/Paris", "2026-10-24T15:00", (), 1, "2026-10-25 19:00",
    ),
    "the clock goes back": (SHOP, "Europe/Paris", "2026-10-24T15:00", (), 1, "2026-10-26 19:00"),
    "New York goes back a week later": (SHOP, "America/New_York", "2026-10-31T15:00", (), 1, "2026-11-02 19:00"),
    "just after midnight in Réunion": (
        "Mo-Su 08:00-20:00", "Indian/Reunion", "2026-11-24T00:10", (), 1, "2026-11-25 20:00",
    ),
    "three openings": (SHOP, "Europe/Paris", "2026-11-26T09:00", (), 3, "2026-11-30 19:00"),
}  # fmt: skip


@pytest.mark.parametrize(("hours_text", "zone", "start", "closed", "openings", "end"), CASES.values(), ids=CASES.keys())
def test_it_ends_where_a_walk_through_every_minute_ends(hours_text, zone, start, closed, openings, end, monkeypatch):
    shop = shop_of(hours_text, zone, closed)
    ready = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = hours.closing_of_opening(shop, ready, openings)
    assert f"{shop.local(found):%Y-%m-%d %H:%M}" == end
    assert found == walked(shop, ready, openings)
    assert hours.is_open(shop, found - MINUTE), "it ended at a moment at which nobody could come"


@pytest.mark.parametrize(("hour", "openings"), [(2, 2), (19, 1)])
def test_at_every_hour_around_a_changing_clock_it_ends_as_the_walk_does(hour, openings):
    shop = shop_of(LUNCH)
    for day in ("2026-10-23", "2027-03-26"):
        ready = datetime.fromisoformat(f"{day}T{hour:02}:59").replace(tzinfo=shop.zone).astimezone(UTC)
        assert hours.closing_of_opening(shop, ready, openings) == walked(shop, ready, openings)


def test_a_store_that_never_closes_keeps_to_the_last_second_of_the_day():
    shop = shop_of("24/7")
    ready = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert f"{shop.local(hours.closing_of_opening(shop, ready, 1)):%Y-%m-%d %H:%M:%S}" == "2026-11-25 23:59:59"


@pytest.mark.parametrize("never", ["off", "2020 Mo-Su 09:00-19:00"])
def test_a_store_that_never_opens_again_counts_days(never):
    shop = shop_of(never)
    ready = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert f"{shop.local(hours.closing_of_opening(shop, ready, 2)):%Y-%m-%d}" == "2026-11-26"
