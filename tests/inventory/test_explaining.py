"""Why a figure is what it is, in a sentence that adds up; and what it was at any instant."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from inventory.places.queries import place
from inventory.stock import explaining, movements, words
from inventory.stock.models import Reservation, StockLevel, StockMovement
from inventory.stock.services import closing, correcting, counting, holding
from omni.staff.models import User
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


def told(house: House, sku: str = "SKU-1") -> tuple[str, list[tuple[int, str]]]:
    level, zone = house.level(sku), place(house.lille.pk).zone
    why = explaining.explain(level)
    parts = words.terms(why, zone, datetime.now(UTC))
    assert sum(part.units for part in parts) == why.available
    return words.sentence(why, parts), [(part.units, part.words) for part in parts]


def test_what_was_sold_kept_held_and_set_aside_adds_up_to_what_is_available(house: House, clerk: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 3}, by=clerk, paid=3000)
    journeys.handed_over(order, by=clerk)
    waiting = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk)
    wanted = {house.variants[0].pk: 4}
    holding.hold(location_id=house.lille.pk, wanted=wanted, reference="hold:1:basket", seconds=900)
    StockLevel.objects.filter(variant__sku="SKU-1", location=house.lille).update(safety_stock=5, damaged=1)
    sentence, parts = told(house)
    assert [units for units, _words in parts] == [100, -3, -2, -4, -1, -5]
    assert sentence.startswith("85 = 100 opening stock ")
    assert f"− 2 kept for {waiting.order.number} − 4 held for a basket until " in sentence


def test_it_begins_where_somebody_last_looked(house: House, clerk: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 3}, by=clerk)
    correcting.correct_short(
        location_id=house.lille.pk, variant_id=house.variants[0].pk, quantity=1, reason="wrong_label",
        reservation=order.order.number, reference="seen", actor_id=clerk.pk,
    )  # fmt: skip
    sentence, parts = told(house)
    assert [units for units, _words in parts] == [99, -2]
    assert " = 99 counted " in sentence


@pytest.mark.parametrize("counted", [100, 97])
def test_it_begins_at_the_last_count_whether_it_found_a_difference_or_none(
    house: House, clerk: User, counted: int
) -> None:
    journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 3}, by=clerk, paid=3000), by=clerk)
    count = counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk)
    variant = house.variants[0].pk
    counting.set_counted(count_id=count.pk, variant_id=variant, counted=counted - 3)
    assert told(house)[0].startswith("97 = 100 opening stock "), "an open count tells nothing yet"
    closing.close(count_id=count.pk, reasons={variant: "not_found"}, actor_id=clerk.pk)
    journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000), by=clerk)
    sentence, parts = told(house)
    assert [units for units, _words in parts] == [counted - 3, -1]
    assert sentence.startswith(f"{counted - 4} = {counted - 3} counted ")
    assert told(house, "SKU-2")[0].startswith("100 = 100 opening stock "), "what was not counted is told as before"


def test_many_sales_are_told_together(house: House, clerk: User) -> None:
    for _sale in range(8):
        journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000), by=clerk)
    _sentence, parts = told(house)
    assert [units for units, _words in parts] == [100, -8]
    assert parts[1][1].startswith("sold, 8 times, last ")


def test_every_instant_is_the_sum_of_its_movements_and_reservations(house: House, clerk: User) -> None:
    """What was kept of the level agrees, after every step, with the ledgers as they stood then."""
    steps = []
    for units in (1, 2, 3):
        journeys.handed_over(journeys.placed(house.lille, {"SKU-1": units}, by=clerk, paid=units * 1000), by=clerk)
        kept = sum(one.quantity - one.fulfilled - one.released for one in Reservation.objects.all())
        moved = StockMovement.objects.filter(location=house.lille, variant=house.variants[0])
        on_hand = sum(StockMovement.ON_HAND_SIGN[one.kind] * one.quantity for one in moved)
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            steps.append((cursor.fetchone()[0], on_hand, kept))
    for at, on_hand, kept in steps:
        was = explaining.as_of(variant_id=house.variants[0].pk, location_ids=[house.lille.pk], at=at)[house.lille.pk]
        assert (was.on_hand, was.reserved, was.available) == (on_hand, kept, on_hand - kept)
    before = steps[0][0] - timedelta(days=400)
    assert explaining.as_of(variant_id=house.variants[0].pk, location_ids=[house.lille.pk], at=before) == {}


def test_the_ledger_counts_what_was_there_after_each_movement(house: House, clerk: User) -> None:
    for units in (1, 2):
        journeys.handed_over(journeys.placed(house.lille, {"SKU-1": units}, by=clerk, paid=units * 1000), by=clerk)
    rows, more = movements.page(variant_id=house.variants[0].pk, location_id=house.lille.pk)
    assert [(row.kind, row.signed, row.after) for row in rows] == [
        ("sold", -2, 97),
        ("sold", -1, 99),
        ("opened", 100, 100),
    ]
    assert (more, rows[0].actor) == (None, clerk.name)


def test_the_page_of_movements_says_what_was_there_then(house: House, clerk_client: Client) -> None:
    page = clerk_client.get("/stock/SKU-1/movements/?at=2199-01-01T10:00").content.decode()
    assert "100 on the premises, 0 kept, 0 damaged, 100 available" in page
    assert (
        "was not yet stocked here" in clerk_client.get("/stock/SKU-1/movements/?at=2001-01-01T10:00").content.decode()
    )
    assert "This is not a date and a time." in clerk_client.get("/stock/SKU-1/movements/?at=soon").content.decode()
    assert clerk_client.get("/stock/NOTHING/movements/").status_code == 404


def test_the_lookup_s_sentence_is_on_the_page(house: House, clerk_client: Client) -> None:
    StockLevel.objects.filter(variant__sku="SKU-1", location=house.lille).update(safety_stock=5)
    page = clerk_client.get("/stock/?q=SKU-1").content.decode()
    assert "95 = 100 opening stock " in page
    assert "− 5 safety stock" in page
    assert "/stock/SKU-1/movements/" in page
