"""The audit adds every ledger up again: clean after every way an order can go, red for whatever is tampered with."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from omni import audit
from omni.lib import sql
from tests import journeys, ways
from tests.audit.tamperings import TAMPERINGS, without_guard

pytestmark = pytest.mark.django_db


def differing() -> set[str]:
    return {finding.invariant.code for finding in audit.run() if finding.differing}


def tamper(*statements: str) -> None:
    """Do what no service does. Checks that wait for the commit are made now, so that tables can be changed."""
    for statement in ("SET CONSTRAINTS ALL IMMEDIATE", *statements):
        sql.run(statement)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is done inside is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def setting(name: str) -> str:
    return sql.row("SELECT current_setting(%s) AS now", [name]).now


@pytest.fixture
def every_way(house, clerk) -> dict[str, str]:
    """The numbers of eight orders, by the way each went."""
    return ways.every_way(house, clerk)


def test_an_empty_house_is_clean(db):
    assert differing() == set()


def test_the_house_is_clean_after_every_way_an_order_can_go(every_way):
    assert audit.differences() == []
    checked = {finding.invariant.code: finding.checked for finding in audit.run()}
    assert (checked["S2"], checked["M2"], checked["R5"], checked["R6"]) == (15, 19, 29, 29)
    assert all(count for code, count in checked.items() if code not in {"M5", "X1b"}), checked


def test_every_invariant_has_a_tampering_that_it_finds():
    assert set(TAMPERINGS) == {invariant.code for invariant in audit.invariants()}


def test_the_audit_finds_whatever_is_tampered_with(every_way, subtests):
    assert differing() == set()
    for code, statements in [(code, one) for code, several in TAMPERINGS.items() for one in several]:
        with subtests.test(f"{code}: {statements[-1]}"), taken_back():
            tamper(*statements)
            found = {finding.invariant.code: finding for finding in audit.run()}[code]
            assert found.differing
            assert found.examples
            assert found.ok == (code in {"X1b", "P6b"}), "what only tells is no difference"
            named = {name for row in found.examples for name in row}
            assert not any(name.endswith("id") for name in named - {"short_id"}), "people know numbers, not keys"
    assert differing() == set()


def test_a_level_without_movements_and_a_movement_without_a_level_are_both_found(house):
    tamper(
        "DELETE FROM stock_stocklevel WHERE id = (SELECT min(id) FROM stock_stocklevel)",
        "UPDATE stock_stocklevel SET on_hand = 0 WHERE id = (SELECT max(id) FROM stock_stocklevel)",
    )
    found = {finding.invariant.code: finding for finding in audit.run()}["S2"]
    assert (found.checked, found.differing) == (15, 2)


def test_a_dropped_constraint_is_named(house):
    tamper(without_guard("stock_stocklevel", "stock_level_never_oversold"))
    [found] = audit.differences()
    assert found.examples == (
        {"kind": "constraint", "table_name": "stock_stocklevel", "name": "stock_level_never_oversold"},
    )


def test_an_imported_order_without_an_amount_has_no_payment(every_way):
    tamper(
        "INSERT INTO sales_order (number, channel, location_id, status, currency, lines_total, discount, total,"
        " imported, placed_on) SELECT 'H-1', 'store', location_id, 'completed', 'EUR', 500, 700, -200, true, placed_on"
        " FROM sales_order LIMIT 1",
        "INSERT INTO sales_orderline (order_id, position, variant_id, name, quantity, gross, total, vat_rate, tax,"
        " imported) SELECT id, 1, (SELECT min(id) FROM catalog_variant), 'Bread', 0, 500, 500, 550, 0, true"
        " FROM sales_order WHERE number = 'H-1'",
    )
    assert differing() == set()
    tamper(
        "INSERT INTO payments_payment (order_id, kind, tender, amount, currency, reference)"
        " SELECT id, 'capture', 'other', 1, 'EUR', 'import' FROM sales_order WHERE number = 'H-1'"
    )
    assert differing() == {"M6"}


def test_the_odd_cents_of_dropped_pieces_are_counted_as_they_are_dropped(house, clerk):
    """Three pieces for 1.00 € cost 34, 33 and 33 cents; the last is dropped first."""
    placed = journeys.placed(house.lille, {"SKU-1": 3}, by=clerk).order
    tamper(
        "UPDATE sales_orderline SET unit_price = 34, gross = 102, discount = 2, total = 100, tax = 17",
        "UPDATE sales_order SET lines_total = 100, total = 100, tax = 17",
    )
    for dropped_quantity, right in ((1, 33), (2, 66), (3, 100)):
        for dropped in (right - 1, right, right + 1):
            if dropped <= 100:
                tamper(
                    f"UPDATE sales_orderline SET dropped_quantity = {dropped_quantity}",
                    f"UPDATE sales_order SET dropped = {dropped} WHERE number = '{placed.number}'",
                )
                assert ("M2" in differing()) == (dropped != right)


def test_the_command_prints_a_line_for_each_invariant(every_way):
    told = StringIO()
    call_command("audit", stdout=told, no_color=True)
    lines = told.getvalue().splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [invariant.code for invariant in audit.invariants()]
    assert all(line.endswith("  OK") for line in lines[:-1])
    assert lines[-1].startswith(f"All {len(audit.invariants())} invariants hold")


def test_the_command_fails_and_names_what_differs(every_way):
    number = every_way["collected"]
    tamper(f"UPDATE sales_order SET tax = tax + 7 WHERE number = '{number}'")
    told = StringIO()
    with pytest.raises(CommandError, match="1 invariant does not hold"):
        call_command("audit", stdout=told, no_color=True)
    assert "DIFFERENCE (1 rows)" in told.getvalue()
    assert f"number={number}" in told.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_audit_reads_one_snapshot_and_cannot_write(house):
    with audit.snapshot():
        assert setting("transaction_isolation") == "repeatable read"
        assert setting("transaction_read_only") == "on"
    assert setting("transaction_isolation") == "read committed"
    assert setting("transaction_read_only") == "off"
