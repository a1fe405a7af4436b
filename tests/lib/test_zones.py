"""A time of another zone says which; all others stay bare."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inventory.places.models import Location
from omni.lib import reference, zones
from omni.templatetags.omni import clock, moment

PARIS, REUNION, LONDON = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion"), ZoneInfo("Europe/London")
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_a_time_of_the_readers_own_zone_is_bare():
    with zones.framed(PARIS):
        assert (clock(NOON, PARIS), clock(NOON, None)) == ("14:00", "14:00")


def test_a_time_of_another_clock_says_how_far_it_is_from_utc():
    with zones.framed(PARIS):
        assert clock(NOON, REUNION) == "16:00 (UTC+4)"
        assert moment(NOON, REUNION).endswith(", 16:00 (UTC+4)")
        assert clock(NOON.replace(month=1), LONDON) == "12:00 (UTC)"
    with zones.framed(REUNION):
        assert (clock(NOON, REUNION), clock(NOON, None)) == ("16:00", "16:00")
        assert clock(NOON, PARIS) == "14:00 (UTC+2)"


def test_another_zone_whose_clock_says_the_same_is_bare():
    with zones.framed(PARIS):
        assert clock(NOON, ZoneInfo("Europe/Brussels")) == "14:00"


def test_outside_of_a_page_nothing_is_marked():
    assert clock(NOON, REUNION) == "16:00"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, ""), (240, "+4"), (-210, "\u22123:30"), (345, "+5:45"), (-600, "\u221210")]
)
def test_the_distance_from_utc(minutes, words):
    assert zones.distance(timedelta(minutes=minutes)) == words


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
def test_a_clerk_reads_bare_times_and_an_agent_marked_ones(house, clerk_client, agent_client, api, order_body):
    Location.objects.filter(code="lille").update(time_zone="Indian/Reunion")
    reference.forget()
    number = api.place(order_body()).json()["number"]
    assert "(UTC+4)" not in clerk_client.get(f"/orders/{number}/").content.decode()
    assert "(UTC+4)" in agent_client.get(f"/orders/{number}/").content.decode()
