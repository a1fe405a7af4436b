"""Each figure of a day is the sum of the rows one opens behind it, in every table, over every page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from insights.figures import FIGURES
from insights.views import today
from omni.staff.models import User
from orders.fulfilment.services import giving_up, shorting
from tests import history, journeys
from tests.conftest import House
from tests.insights.days import TODAY, amount, behind, promise, tiles
from tests.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]


@pytest.fixture
def busy_day(house: House, clerk: User, integrator: User) -> None:
    """A day with everything in it, in two stores of the manager and one that is not theirs, over three channels."""
    for store in house.stores:
        done = journeys.placed(store, {"SKU-1": 2}, by=integrator, paid=2000)
        journeys.handed_over(done, by=clerk)
        promise(done, timezone.now(), ready_at=timezone.now() - timedelta(seconds=1))  # today, at any hour
        gone = journeys.placed(store, {"SKU-2": 1}, by=integrator, paid=2000)
        giving_up.cancel(fulfilment_id=journeys.fulfilment_of(gone).pk, actor_id=clerk.pk, reason="changed mind")
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
    assert tiles(manager_client, TODAY) == {
        "orders": "10",
        "sales": "€200.00",  # each store: 20 + 0 + 30 of 90 + 10 + 40
        "promises": "50% 2 of 4",
        "shorts": "4",
        "points": "320",  # each store: 20 + 0 + 90 still pending + 10 + 40
    }


def test_every_figure_is_the_sum_of_the_rows_behind_it(manager_client: Client, busy_day: None) -> None:
    page = manager_client.get(TODAY).context
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
    page = manager_client.get(TODAY).context
    values = [tile["value"] for tile in page["figures"]]
    for table in page["tables"]:
        assert [cell["text"] for cell in table["total"]["cells"]] == values
        for column, code in enumerate(FIGURES):
            if code != "promises":
                assert sum(amount(row["cells"][column]["text"]) for row in table["rows"]) == amount(values[column])


def test_stores_are_rows_and_channels_are_rows_never_mixed(manager_client: Client, busy_day: None) -> None:
    stores, channels = manager_client.get(TODAY).context["tables"]
    assert [row["name"] for row in stores["rows"]] == ["Lens", "Lille"]
    assert [row["name"] for row in channels["rows"]] == ["Store", "Web shop", "App"]


def test_rows_of_many_pages_add_up_too(manager_client: Client, house: House) -> None:
    made = [history.bought(house, house.lille, "2017-03-04 09:00", paid=100 + number) for number in range(450)]
    first = manager_client.get("/day/2017-03-04/sales/").context
    assert (len(first["rows"]), first["total"]["label"]) == (200, "450 rows")
    rows = behind(manager_client, "/day/2017-03-04/sales/")
    assert sorted(number for number, _added in rows) == sorted(order.number for order in made)
    assert sum(amount(added) for _number, added in rows) == sum(order.total for order in made)
    assert amount(tiles(manager_client, "/day/2017-03-04/")["sales"]) == sum(order.total for order in made)


def test_a_day_costs_fifteen_statements_however_much_happened(
    manager_client: Client, house: House, busy_day: None, statements: Counting
) -> None:
    tiles(manager_client, TODAY)
    with statements() as seen:
        tiles(manager_client, TODAY)
    assert len(seen) == 10 + len(FIGURES), seen  # a figure, and its line of fourteen days
    with statements() as seen:
        manager_client.get(f"/day/{today()}/sales/")
    assert len(seen) == 5, seen


def test_the_page_says_what_each_figure_means(manager_client: Client, house: House) -> None:
    shown = unescape(manager_client.get(TODAY).content.decode())
    for code, figure in FIGURES.items():
        assert str(figure.definition) in shown
        assert str(figure.definition) in unescape(manager_client.get(f"/day/2017-03-04/{code}/").content.decode())
