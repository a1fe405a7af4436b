"""The figures of a day: what they count, of which stores, by which clock; each is the sum of the rows behind it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from insights.figures import FIGURES
from insights.views import today
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, shorting, undoing
from orders.placing.services.placing import PlacedOrder
from orders.sales.models import OrderEvent
from tests import factories, history, journeys
from tests.conftest import House
from tests.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]


def today_url() -> str:
    return "/day/"


def tiles(client: Client, url: str) -> dict[str, str]:
    """The figures of a day as one reads them, in the order of the page."""
    answer = client.get(url)
    assert answer.status_code == 200
    shown = zip(FIGURES, answer.context["figures"], strict=True)
    return {code: f"{tile['value']} {tile['unit_note']}".strip() for code, tile in shown}


def amount(text: str) -> int:
    """The whole number inside a formatted figure: cents, pieces, points."""
    return int(re.sub(r"[^0-9]", "", text)) * (-1 if text.startswith("\u2212") else 1) if text != "—" else 0


def behind(client: Client, url: str) -> list[tuple[str, str]]:
    """Every row behind a figure, of all pages: the order's number and what it adds."""
    rows: list[tuple[str, str]] = []
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        rows += [(row["cells"][0], row["cells"][-1]) for row in answer.context["rows"]]
        assert answer.context["adds_up"], url
        url = answer.context["next_url"]
    return rows


def promise(order: PlacedOrder, promised_at: datetime, ready_at: datetime | None = None, **more: Any) -> None:
    """Let an order have been promised, and perhaps ready, at other instants than now."""
    Fulfilment.objects.filter(order=order.order.id).update(promised_at=promised_at, ready_at=ready_at, **more)


def told_short(order: PlacedOrder, at: datetime, quantity: int = 1) -> None:
    """Let pieces have been reported as missing at another instant than now."""
    served = journeys.fulfilment_of(order)
    OrderEvent.objects.create(
        order_id=order.order.id,
        kind="line_short",
        location_id=served.location_id,
        data={"name": "Article 1", "quantity": quantity, "reason": "not_found", "amount": 0},
        created_at=at,
    )


@pytest.fixture
def busy_day(house: House, clerk: User, integrator: User) -> None:
    """A day with everything in it, in two stores of the manager and one that is not theirs, over three channels."""
    for store in house.stores:
        done = journeys.placed(store, {"SKU-1": 2}, by=integrator, paid=2000)
        journeys.handed_over(done, by=clerk)
        gone = journeys.placed(store, {"SKU-2": 1}, by=integrator, paid=2000)
        giving_up.cancel_order(fulfilment_id=journeys.fulfilment_of(gone).pk, actor_id=clerk.pk, reason="changed mind")
        short = journeys.placed(store, {"SKU-3": 3}, by=integrator, paid=9000)
        fulfilment = journeys.fulfilment_of(short)
        line = fulfilment.lines.get()
        shorting.report_short(
            fulfilment_id=fulfilment.pk, line_id=line.pk, quantity=2, reason="damaged", actor_id=clerk.pk
        )
        late = journeys.placed(store, {"SKU-1": 1}, by=integrator, channel="app")
        promise(late, timezone.now() - timedelta(seconds=1))
        journeys.placed(store, {"SKU-4": 1}, by=clerk, paid=4000, kind="carry_out", channel="store")


def test_what_a_day_comes_to(manager_client: Client, busy_day: None) -> None:
    assert tiles(manager_client, today_url()) == {
        "orders": "10",
        "sales": "€200.00",  # each store: 20 + 0 + 30 of 90 + 10 + 40
        "promises": "50% 2 of 4",
        "shorts": "4",
        "points": "320",  # each store: 20 + 0 + 90 still pending + 10 + 40
    }


def test_every_figure_is_the_sum_of_the_rows_behind_it(manager_client: Client, busy_day: None) -> None:
    page = manager_client.get(today_url()).context
    cells = [(None, tile["value"], tile["rows_url"]) for tile in page["figures"]]
    for table in page["tables"]:
        lines = [row["cells"] for row in table["rows"]] + [table["total"]["cells"]]
        cells += [(table["id"], cell["text"], cell["url"]) for line in lines for cell in line]
    assert len(cells) == 5 + 5 * (2 + 1) + 5 * (3 + 1)
    for _table, text, url in cells:
        rows = behind(manager_client, url)
        added = sum(amount(added) for _number, added in rows)
        if "/promises/" in url:
            assert text == (f"{100 * added // len(rows)}%" if rows else "—"), url
        else:
            assert amount(text) == added, url


def test_the_totals_of_both_tables_are_the_tiles(manager_client: Client, busy_day: None) -> None:
    page = manager_client.get(today_url()).context
    values = [tile["value"] for tile in page["figures"]]
    for table in page["tables"]:
        assert [cell["text"] for cell in table["total"]["cells"]] == values
        for column, code in enumerate(FIGURES):
            if code != "promises":
                assert sum(amount(row["cells"][column]["text"]) for row in table["rows"]) == amount(values[column])


def test_stores_are_rows_and_channels_are_rows_never_mixed(manager_client: Client, busy_day: None) -> None:
    stores, channels = manager_client.get(today_url()).context["tables"]
    assert [row["name"] for row in stores["rows"]] == ["Lens", "Lille"]
    assert [row["name"] for row in channels["rows"]] == ["Store", "Web shop", "App"]


def test_another_store_appears_nowhere(manager_client: Client, house: House, clerk: User) -> None:
    canary = journeys.placed(house.amiens, {"SKU-5": 1}, by=clerk, paid=5000)
    told_short(canary, timezone.now())
    promise(canary, timezone.now() - timedelta(seconds=1))
    assert tiles(manager_client, today_url()) == {
        "orders": "0", "sales": "€0.00", "promises": "—", "shorts": "0", "points": "0"
    }  # fmt: skip
    for url in [today_url(), *(f"/day/{today()}/{code}/" for code in FIGURES)]:
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


def test_rows_of_many_pages_add_up_too(manager_client: Client, house: House) -> None:
    made = [history.bought(house, house.lille, "2017-03-04 09:00", paid=100 + number) for number in range(450)]
    first = manager_client.get("/day/2017-03-04/sales/").context
    assert (len(first["rows"]), first["total"]["label"]) == (200, "450 rows")
    rows = behind(manager_client, "/day/2017-03-04/sales/")
    assert sorted(number for number, _added in rows) == sorted(order.number for order in made)
    assert sum(amount(added) for _number, added in rows) == sum(order.total for order in made)
    assert amount(tiles(manager_client, "/day/2017-03-04/")["sales"]) == sum(order.total for order in made)


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
    assert tiles(manager_client, today_url())["promises"] == "100% 1 of 1"


def test_a_hand_over_undone_changes_no_points(manager_client: Client, house: House, clerk: User) -> None:
    given = journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000), by=clerk)
    assert tiles(manager_client, today_url())["points"] == "20"
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert tiles(manager_client, today_url())["points"] == "20"


def test_a_day_costs_eight_statements_however_much_happened(
    manager_client: Client, house: House, busy_day: None, statements: Counting
) -> None:
    tiles(manager_client, today_url())
    with statements() as seen:
        tiles(manager_client, today_url())
    assert len(seen) == 8, seen
    with statements() as seen:
        manager_client.get(f"/day/{today()}/sales/")
    assert len(seen) == 5, seen


def test_the_page_says_what_each_figure_means(manager_client: Client, house: House) -> None:
    shown = unescape(manager_client.get(today_url()).content.decode())
    for code, figure in FIGURES.items():
        assert str(figure.definition) in shown
        assert str(figure.definition) in unescape(manager_client.get(f"/day/2017-03-04/{code}/").content.decode())


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
    now = manager_client.get(today_url()).context
    assert (now["next_url"], now["here_url"]) == ("", "")
    assert now["previous_url"] == f"/day/{today() - timedelta(days=1)}/"
    before = manager_client.get(now["previous_url"]).context
    assert (before["next_url"], before["here_url"]) == (f"/day/{today()}/", "/day/")
