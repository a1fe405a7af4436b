"""The figures of a day: what they count, of which stores, by which clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from insights.figures import FIGURES
from insights.views import today
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import undoing
from tests import factories, history, journeys
from tests.conftest import House
from tests.insights.days import TODAY, behind, promise, tiles, told_short


def test_another_store_appears_nowhere(manager_client: Client, house: House, clerk: User) -> None:
    canary = journeys.placed(house.amiens, {"SKU-5": 1}, by=clerk, paid=5000)
    told_short(canary, timezone.now())
    promise(canary, timezone.now() - timedelta(seconds=1))
    assert tiles(manager_client, TODAY) == {
        "orders": "0", "sales": "€0.00", "promises": "—", "shorts": "0", "points": "0"
    }  # fmt: skip
    for url in [TODAY, *(f"/day/{today()}/{code}/" for code in FIGURES)]:
        shown = manager_client.get(url).content.decode()
        for word in ("Amiens", canary.order.number, "50.00"):
            assert word not in shown, url
    for code in FIGURES:
        assert manager_client.get(f"/day/{today()}/{code}/?store=amiens").status_code == 404


def test_only_a_manager_sees_figures(clerk_client: Client, agent_client: Client) -> None:
    for client in (clerk_client, agent_client):
        for url in ("/day/", "/day/2017-03-04/", "/day/2017-03-04/orders/"):
            assert client.get(url).status_code == 403


def test_imported_history_has_its_figures(manager_client: Client, house: House) -> None:
    person = factories.CustomerFactory()
    history.bought(house, house.lille, "2017-03-04 09:00", paid=1250, customer=person)
    history.bought(house, house.lille, "2017-03-04 23:59", paid=499, customer=person)
    history.bought(house, house.lens, "2017-03-04 12:00", paid=-100, customer=person)
    history.bought(house, house.lens, "2017-03-05 00:00", paid=7700, customer=person)
    history.bought(house, house.amiens, "2017-03-04 12:00", paid=7700, customer=person)
    assert tiles(manager_client, "/day/2017-03-04/") == {
        "orders": "3", "sales": "€16.49", "promises": "—", "shorts": "0", "points": "16"
    }  # fmt: skip
    assert [added for _number, added in behind(manager_client, "/day/2017-03-04/sales/?store=lens")] == ["\u2212€1.00"]
    assert [added for _number, added in behind(manager_client, "/day/2017-03-04/points/")] == ["12", "4"]


UTC_OF = {
    date(2017, 3, 26): (datetime(2017, 3, 25, 23, tzinfo=UTC), datetime(2017, 3, 26, 22, tzinfo=UTC)),  # 23 hours
    date(2017, 10, 29): (datetime(2017, 10, 28, 22, tzinfo=UTC), datetime(2017, 10, 29, 23, tzinfo=UTC)),  # 25 hours
    date(2017, 7, 1): (datetime(2017, 6, 30, 22, tzinfo=UTC), datetime(2017, 7, 1, 22, tzinfo=UTC)),
}


@pytest.mark.parametrize("day", UTC_OF, ids=str)
def test_a_day_is_as_long_as_the_clock_of_the_store_makes_it(
    manager_client: Client, house: House, clerk: User, day: date
) -> None:
    begins, ends = UTC_OF[day]
    moment = timedelta(microseconds=1)
    for at in (begins - moment, begins, ends - moment, ends):
        order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
        promise(order, at, ready_at=at)
        told_short(order, at, quantity=3)
    figures = tiles(manager_client, f"/day/{day}/")
    assert (figures["promises"], figures["shorts"]) == ("100% 2 of 2", "6")


def test_each_store_has_its_own_midnight(client: Client, house: House, clerk: User) -> None:
    island = factories.LocationFactory(name="Pointe-à-Pitre", code="island", time_zone="America/Guadeloupe")
    client.force_login(factories.PersonFactory(role="manager", stores=[house.lille, island]))
    late = history.bought(house, island, "2017-03-04 23:00", paid=1000)
    assert late.placed_at == datetime(2017, 3, 5, 3, tzinfo=UTC)
    at = datetime(2017, 3, 5, 3, tzinfo=UTC)
    for store in (house.lille, island):
        order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
        Fulfilment.objects.filter(order=order.order.id).update(location=store, promised_at=at, ready_at=at)
    saturday, sunday = (tiles(client, f"/day/2017-03-0{day}/") for day in (4, 5))
    assert (saturday["orders"], saturday["promises"]) == ("1", "100% 1 of 1")
    assert (sunday["orders"], sunday["promises"]) == ("0", "100% 1 of 1")


def test_which_promises_count(manager_client: Client, house: House, clerk: User) -> None:
    noon = datetime(2017, 3, 4, 11, tzinfo=UTC)
    second = timedelta(seconds=1)
    cancelled = {"status": "cancelled"}
    promised: list[tuple[dict[str, Any], bool | None]] = [
        ({"ready_at": noon}, True),
        ({"ready_at": noon - second}, True),
        ({"ready_at": noon + second}, False),
        ({}, False),
        ({**cancelled, "ended_at": noon - second}, None),
        ({**cancelled, "ended_at": noon + second}, False),
        ({**cancelled, "ready_at": noon - second, "ended_at": noon}, True),
        ({"kind": "ship"}, None),
    ]
    expected = {}
    for changes, kept in promised:
        order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
        promise(order, noon, **changes)
        if kept is not None:
            expected[order.order.number] = "1" if kept else "0"
    assert dict(behind(manager_client, "/day/2017-03-04/promises/")) == expected
    assert tiles(manager_client, "/day/2017-03-04/")["promises"] == "50% 3 of 6"


def test_a_promise_still_to_come_does_not_count_against_anybody(
    manager_client: Client, house: House, clerk: User
) -> None:
    midnight = datetime.combine(today() + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    soon = midnight - timedelta(hours=3)  # of today in Lille, whatever the season, and not yet
    if soon <= timezone.now():
        pytest.skip("the last hours of the day have no promise to come")
    waiting = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    ready = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    promise(waiting, soon)
    promise(ready, soon, ready_at=timezone.now())
    assert tiles(manager_client, TODAY)["promises"] == "100% 1 of 1"


def test_a_hand_over_undone_changes_no_points(manager_client: Client, house: House, clerk: User) -> None:
    given = journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000), by=clerk)
    assert tiles(manager_client, TODAY)["points"] == "20"
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert tiles(manager_client, TODAY)["points"] == "20"


@pytest.mark.parametrize(
    "url",
    [
        "/day/2017-02-30/", "/day/0001-01-01/", "/day/2099-01-01/", "/day/2017-03-04/nothing/",
        "/day/2099-01-01/orders/",
        "/day/2017-03-04/orders/?store=nowhere", "/day/2017-03-04/orders/?channel=nothing", "/day/?day=yesterday",
        "/day/?day=0001-01-01",
    ],
)  # fmt: skip
def test_a_day_or_a_figure_that_does_not_exist_is_not_found(manager_client: Client, url: str) -> None:
    assert manager_client.get(url).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999999", "\u00b2"])
def test_a_strange_page_is_no_error(manager_client: Client, page: str) -> None:
    assert manager_client.get("/day/2017-03-04/orders/", {"page": page}).status_code == 200


def test_the_calendar_goes_to_the_days_own_address(manager_client: Client) -> None:
    assert manager_client.get("/day/?day=2017-03-04")["Location"] == "/day/2017-03-04/"


def test_yesterday_has_a_next_day_and_today_has_none(manager_client: Client) -> None:
    now = manager_client.get(TODAY).context
    assert (now["next_url"], now["here_url"]) == ("", "")
    assert now["previous_url"] == f"/day/{today() - timedelta(days=1)}/"
    before = manager_client.get(now["previous_url"]).context
    assert (before["next_url"], before["here_url"]) == (f"/day/{today()}/", "/day/")
