"""The import: run again, run after a kill, fed with rubbish; and what it derives."""

import csv

import pytest
from django.core.management import call_command
from django.db import connection

from customers.models import Address, Customer
from inventory.catalog.models import Price
from inventory.places.models import HoldPlace, Location
from inventory.stock.models import StockLevel, StockMovement
from loyalty.models import Account, Entry
from omni.demo import control, importing
from omni.demo.importing import ImportRuns
from omni.demo.taxes import taxes
from omni.lib.money import tax_included
from orders.payments.models import Payment
from orders.sales.models import Order, OrderEvent, OrderLine
from tests.demo import panels
from tests.demo.panels import Bought

TABLES = [
    Address,
    Customer,
    Price,
    Location,
    HoldPlace,
    StockLevel,
    StockMovement,
    Account,
    Entry,
    Payment,
    Order,
    OrderLine,
]


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


def test_every_total_is_that_of_the_source(load, every_trap):
    outcome = load(every_trap)
    assert outcome.equal
    assert (outcome.new_baskets, outcome.known_baskets, outcome.unplaced.lines) == (5, 0, 0)
    assert all(line.endswith("=") for line in control.table(outcome.found, outcome.expected)[1:])


def test_a_second_run_doubles_nothing(load, every_trap):
    load(every_trap)
    before = counts()
    again = load(every_trap)
    assert again.equal
    assert (again.new_baskets, again.known_baskets) == (0, 5)
    assert counts() == before


def test_a_run_that_was_cut_off_is_taken_up_again(load, every_trap, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    write = importing.write_batch
    batches = []

    def dies_in_the_second(*args):
        batches.append(args)
        if len(batches) == 2:
            raise KeyboardInterrupt
        write(*args)

    monkeypatch.setattr(importing, "write_batch", dies_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        load(every_trap)
    assert Order.objects.count() == 2
    monkeypatch.setattr(importing, "write_batch", write)
    outcome = load(every_trap)
    assert outcome.equal
    assert (outcome.new_baskets, outcome.known_baskets) == (3, 2)


def test_a_batch_that_breaks_leaves_no_order_without_its_lines(load, tmp_path, monkeypatch):
    monkeypatch.setattr("omni.demo.history.unit_price", lambda line: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        load(panels.panel(tmp_path / "panel"))
    assert (Order.objects.count(), OrderLine.objects.count(), Payment.objects.count()) == (0, 0, 0)


def test_every_line_without_a_place_is_reported_with_file_line_and_reason(load, tmp_path):
    good = panels.SATURDAY.lines[0]
    visits = (
        panels.with_lines(panels.SATURDAY, good, Bought(panels.SHAMPOO, "three", 499), Bought(panels.GASOLINE, 1, -5)),
        panels.with_lines(panels.AT_THE_PUMP, Bought(4711, 1, 100), Bought(panels.YOGURT, 2_000_000, 100), good),
        panels.with_lines(panels.LAST_EVENING, good, good),
        panels.SATURDAY,
    )
    outcome = load(panels.panel(tmp_path / "panel", visits))
    assert not outcome.equal
    with (tmp_path / "import-report.csv").open(newline="") as file:
        found = [(row["file"], int(row["line"]), row["reason"]) for row in csv.DictReader(file)]
    assert found == [
        ("lines.json.gz", 2, "value is not a whole number: quantity is 'three'"),
        ("lines.json.gz", 3, "value is negative: sales_cents"),
        ("lines.json.gz", 4, "value is not a whole number: product_id is None"),
        ("lines.json.gz", 5, "quantity is beyond belief: 2000000"),
        ("lines.json.gz", 8, "product appears a second time in its basket: product 1001"),
        ("lines.json.gz", 9, "basket appears a second time: basket 31000000001"),
        ("lines.json.gz", 10, "basket appears a second time: basket 31000000001"),
    ]
    assert outcome.unplaced.lines == 7
    assert OrderLine.objects.count() == 3
    assert [line for line in control.table(outcome.found, outcome.expected) if line.endswith("≠")]


def test_lines_beyond_the_last_basket_are_reported(load, tmp_path):
    panel = panels.panel(tmp_path / "panel")
    panels.columns.write(tmp_path / "panel" / "baskets.json.gz", {
        "basket_id": [1], "household_id": [1], "store_id": [panels.LILLE], "second": [1_488_641_400], "lines": [7],
    })  # fmt: skip
    outcome = load(panel)
    assert outcome.unplaced.reasons["value is not a whole number"] == 1
    assert outcome.found.baskets == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_are_refused(load, every_trap):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [importing.LOCK])
        with pytest.raises(ImportRuns):
            load(every_trap)
        assert Order.objects.count() == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [importing.LOCK])
    finally:
        other.close()
    assert load(every_trap).equal


def test_stock_opens_at_the_largest_week_of_each_store(load, every_trap):
    load(every_trap)
    levels = {
        (level.location.code, level.variant.sku): level.on_hand
        for level in StockLevel.objects.select_related("location", "variant")
    }
    assert levels == {
        ("lille-centre", "CJ-1001"): 4,
        ("lille-centre", "CJ-1002"): 3,
        ("lyon-part-dieu", "CJ-1001"): 1,
    }
    movements = StockMovement.objects.all()
    assert {(move.kind, move.reference, move.derived, move.reason) for move in movements} == {
        ("opened", "opening", True, "par: largest weekly units")
    }
    assert sum(move.quantity for move in movements) == 8


def test_a_week_of_stock_begins_on_monday(load, tmp_path):
    sunday = panels.Visit(1, 1, panels.LILLE, "2017-03-05 15:00:00", (Bought(panels.YOGURT, 2, 300),))
    monday = panels.Visit(2, 1, panels.LILLE, "2017-03-06 15:00:00", (Bought(panels.YOGURT, 2, 300),))
    tuesday = panels.Visit(3, 1, panels.LILLE, "2017-03-07 15:00:00", (Bought(panels.YOGURT, 3, 450),))
    load(panels.panel(tmp_path / "panel", (sunday, monday, tuesday)))
    assert StockLevel.objects.get().on_hand == 5


def test_a_piece_costs_what_the_shelf_said_last(load, every_trap):
    load(every_trap)
    prices = {price.variant.sku: price for price in Price.objects.select_related("variant")}
    assert {sku: price.amount for sku, price in prices.items()} == {"CJ-1001": 175, "CJ-1002": 500}
    assert all(price.derived and price.channel == "" for price in prices.values())


def test_the_history_of_prices_and_people_is_as_complete_as_if_written_row_by_row(load, every_trap):
    load(every_trap)
    load(every_trap)
    assert Price.pgh_event_model.objects.filter(pgh_label="insert").count() == 2
    assert Customer.pgh_event_model.objects.filter(pgh_label="insert").count() == 2
    price = Price.objects.first()
    price.amount += 1
    price.save()
    assert [event.amount for event in price.events.order_by("pgh_id")] == [price.amount - 1, price.amount]


def test_points_follow_the_programme_and_are_marked_derived(load, every_trap):
    load(every_trap)
    assert sorted(Entry.objects.values_list("cause", "points", "derived")) == [
        ("H-31000000001", 6, True),
        ("H-31000000003", 26, True),
        ("H-31000000004", 15, True),
        ("H-31000000005", 7, True),
    ]
    assert sorted(Account.objects.filter(kind="wallet").values_list("posted", flat=True)) == [26, 28]


def test_customers_live_where_they_shop_most_and_are_marked_invented(load, every_trap):
    load(every_trap)
    regular = Customer.objects.get(identities__value="2900000000018")
    assert regular.invented
    assert regular.home_store.code == "lille-centre"
    assert (regular.addresses.get().town, regular.addresses.get().postal_code) == ("Lille", "59000")
    assert regular.created_at == Order.objects.get(number="H-31000000001").placed_at


def test_history_wakes_no_follower_and_moves_no_stock(load, every_trap):
    load(every_trap)
    assert OrderEvent.objects.count() == 0
    assert set(StockMovement.objects.values_list("kind", flat=True)) == {"opened"}


def test_every_ledger_adds_up_after_the_import(load, every_trap):
    load(every_trap)
    call_command("audit")


def test_vat_is_that_of_what_was_paid_and_its_cents_add_up():
    inside = taxes([300, 499, 201], [550, 2000, 550], 100)
    assert sum(inside) == tax_included(451, 550) + tax_included(449, 2000)
    assert inside == [14, 75, 10]
    assert taxes([300, 499], [550, 2000], 799) == [0, 0]
    assert taxes([0, 0], [550, 550], 0) == [0, 0]
