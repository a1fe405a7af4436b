"""SIGKILL to web, worker and PostgreSQL while orders come in: nothing acknowledged is lost, nothing is done twice.

What SIGKILL is not: a power cut. Against that stand PostgreSQL's `fsync` and `synchronous_commit`, which we leave on.
"""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from omni.local import folders
from tests.kills.rig import Rig, wait_until
from tests.kills.shoppers import Keeper, Ledger, Shopper, hang_up, send

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the processes to kill in /proc"),
]

SHOPS = 6
KILLS = int(os.environ.get("KILLS") or 0)
"""How often something is killed; each part once, or as often as the caller asks."""
BETWEEN_KILLS = 10
"""Orders that must be acknowledged after a kill before the next one: the house is really back."""

MOVED = {"counted_less", "counted_more", "damaged", "transferred_out", "transferred_in", "sold"}
"""What the clerk of the stock room does, and what is sold, while everything is killed."""
PURCHASES = """
SELECT payment.external_ref, array_agg(placed.number) FROM payments_payment payment
JOIN sales_order placed ON placed.id = payment.order_id
WHERE payment.kind = 'capture' AND payment.external_ref <> '' GROUP BY payment.external_ref
"""
UNHANDLED = "SELECT count(*) FROM sales_orderevent WHERE handled_at IS NULL"
UNSENT = "SELECT count(*) FROM customers_message WHERE status NOT IN ('sent', 'dropped')"


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """A whole Omni of our own, in a folder that an unprivileged PostgreSQL may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="omni-kills-"))
    folder.chmod(0o711)
    logs, folders.LOGS = folders.LOGS, folder / "log"
    rig = Rig(folder)
    try:
        rig.start()
        yield rig
    finally:
        rig.stop()
        folders.LOGS = logs
        if rig.cluster.home != folder:
            shutil.rmtree(rig.cluster.home)
        shutil.rmtree(folder)


def purchases(rig: Rig) -> dict[str, list[str]]:
    """Return the orders that the database has for each purchase of a shop."""
    return dict(rig.ask(PURCHASES))


def moved(rig: Rig) -> set[str]:
    """Return the causes for which stock moved."""
    return {kind for (kind,) in rig.ask("SELECT DISTINCT kind FROM stock_stockmovement")}


def doubled(rig: Rig) -> dict[str, list[str]]:
    """Return the purchases that became more than one order."""
    return {purchase: numbers for purchase, numbers in purchases(rig).items() if len(numbers) > 1}


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(rig, capsys):
    assert rig.ask("SHOW synchronous_commit") == rig.ask("SHOW fsync") == [("on",)]
    ledger, closing = Ledger(), threading.Event()
    keeper = Keeper(rig.port, rig.house, ledger, closing)
    shops = [keeper, *(Shopper(f"shop-{number}", rig.port, rig.house, ledger, closing) for number in range(SHOPS))]
    for shop in shops:
        shop.start()
    kills = [
        ("web", lambda: rig.kill_program("web")),
        ("PostgreSQL", rig.kill_postgres),
        ("worker", lambda: rig.kill_program("worker")),
        ("one connection's server process", rig.kill_backend),
        ("one web process", lambda: rig.kill_child("web")),
        ("PostgreSQL", rig.kill_postgres),
        ("web", lambda: rig.kill_program("web")),
        ("one worker process", lambda: rig.kill_child("worker")),
        ("PostgreSQL", rig.kill_postgres),
        ("worker", lambda: rig.kill_program("worker")),
        ("broker", rig.kill_broker),
        ("scheduler", lambda: rig.kill_program("scheduler")),
    ]
    kills, back = list(islice(cycle(kills), KILLS or len(kills))), []
    for _name, strike in kills:
        wait_for_orders(ledger, BETWEEN_KILLS)
        struck = time.monotonic()
        strike()
        wait_for_orders(ledger, 1)
        back.append(time.monotonic() - struck)
    wait_for_orders(ledger, BETWEEN_KILLS)
    wait_until(lambda: keeper.ends > len(kills))  # baskets were held and given back all the while
    closing.set()
    for shop in shops:
        shop.join(60)
    assert not any(shop.is_alive() for shop in shops)
    report(capsys, kills, back, ledger)
    assert ledger.surprises == []
    assert ledger.errors > 0, "no shop noticed anything: nothing was killed"
    assert ledger.ghosts > 0, "no order was committed behind a shop's back: the keys were not needed"
    found = purchases(rig)
    assert {purchase: [number] for purchase, number in ledger.acknowledged.items()} == found
    assert doubled(rig) == {}


def wait_for_orders(ledger: Ledger, count: int) -> None:
    """Wait until so many more orders were acknowledged."""
    wanted = len(ledger.acknowledged) + count
    wait_until(lambda: len(ledger.acknowledged) >= wanted)


def report(capsys, kills, back, ledger) -> None:
    with capsys.disabled():
        print(f"\n  {len(kills)} kills, {len(ledger.acknowledged)} orders acknowledged,", end=" ")
        print(f"{ledger.errors} errors seen, {ledger.ghosts} committed unseen, back within {max(back):.1f} s")


def test_the_outbox_drains_and_every_mail_leaves(rig):
    wait_until(lambda: moved(rig) >= MOVED)  # the clerk does what chance says: the last of it may come after the kills
    rig.programs["clerk"].ask_to_stop()
    rig.programs["clerk"].wait_stopped()
    wait_until(lambda: rig.ask(UNHANDLED) == [(0,)])
    wait_until(lambda: rig.ask(UNSENT) == [(0,)])
    statuses = dict(rig.ask("SELECT status, count(*) FROM fulfilment_fulfilment GROUP BY status"))
    assert statuses.get("collected", 0) > 0
    assert rig.ask("SELECT count(*) FROM customers_message WHERE status = 'sent'")[0][0] > 0
    told = "SELECT count(*) FROM customers_message WHERE template = 'pickup_ready'"
    assert rig.ask(told) == rig.ask("SELECT count(*) FROM sales_orderevent WHERE kind = 'pickup_ready'")


def test_the_stock_was_moved_all_the_while_and_what_ran_out_is_free(rig):
    wait_until(lambda: rig.ask("SELECT count(*) FROM stock_reservation WHERE expires_at IS NOT NULL") == [(0,)])
    ended = dict(
        rig.ask("SELECT status, count(*) FROM stock_reservation WHERE reference LIKE 'hold:%' GROUP BY status")
    )
    assert ended["released"] > 0
    assert moved(rig) >= MOVED


def test_every_ledger_adds_up(rig):
    said = rig.manage("manage.py", "audit")
    assert "DIFFERENCE" not in said
    assert said.count(" OK") > 10, said


def test_the_twin_that_retries_under_a_new_key_buys_twice(rig):
    """What the run above would have found without the keys."""
    ledger = Ledger()
    shop = Shopper("careless", rig.port, rig.house, ledger, threading.Event())
    for number in range(5):
        body = shop.basket(f"careless/{number}")
        hang_up(rig.port, rig.house["token"], body, f"first-{number}")
        time.sleep(0.3)
        status, _headers, _answer = send(rig.port, rig.house["token"], body, f"second-{number}")
        assert status == 201
    assert len(doubled(rig)) == 5
