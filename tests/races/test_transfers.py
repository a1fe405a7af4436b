"""Transfers under many hands: sent once, received once, each scan counted, no two wait for each other in a circle."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse

from inventory.stock.models import StockMovement
from inventory.transfers.locks import lock_transfer
from inventory.transfers.models import Transfer, TransferLine
from inventory.transfers.services import receiving, sending, tallying
from omni import audit
from omni.lib.errors import Refusal
from omni.lib.retry import DEADLOCK, retrying
from tests.races.crowd import Meeting, at_once, deadlocks, raised

pytestmark = pytest.mark.django_db(transaction=True)

UNITS, CROWD, ROUNDS = 3, 8, 8


@pytest.fixture
def made(house, clerk) -> Callable[..., Transfer]:
    def make(origin: Any = None, destination: Any = None) -> Transfer:
        wanted = {variant.pk: UNITS for variant in house.variants}
        ends = {"origin_id": (origin or house.lens).pk, "destination_id": (destination or house.lille).pk}
        return sending.open_transfer(**ends, wanted=wanted, actor_id=clerk.pk, public_id=None)

    return make


def tried(work: Callable[[], object]) -> str:
    """Do it as a form does: again after a deadlock, and a refusal is an answer."""
    try:
        retrying(work)
    except Refusal as refusal:
        return refusal.code
    return "done"


def figures(house, store: Any) -> tuple[int, int, int]:
    level = house.level("SKU-1", store)
    return level.on_hand, level.reserved, level.incoming


def test_what_is_sent_changed_and_given_up_at_once_has_one_end(house, clerk, made):
    for _round in range(ROUNDS):
        before = figures(house, house.lens), figures(house, house.lille)
        one = made()
        sending.make_ready(transfer_id=one.pk)
        works = [
            *[lambda one=one: sending.send(transfer_id=one.pk, actor_id=clerk.pk)] * 3,
            *[lambda one=one: sending.cancel(transfer_id=one.pk, actor_id=clerk.pk)] * 3,
            lambda one=one: sending.reopen(transfer_id=one.pk),
        ]
        outcomes = at_once([partial(tried, work) for work in works])
        assert not raised(outcomes, Exception), outcomes
        end = Transfer.objects.get(pk=one.pk).status
        (here, kept, coming), there = before
        assert outcomes[:3].count("done") == (end == "in_transit"), outcomes
        left = UNITS if end == "in_transit" else 0
        assert figures(house, house.lens) == (here - left, kept, coming)
        assert figures(house, house.lille) == (there[0], there[1], there[2] + left)
    assert audit.differences() == []


def test_what_is_received_at_once_is_taken_in_once(house, clerk, made):
    for _round in range(ROUNDS):
        one, before = made(), house.level("SKU-1").on_hand
        sending.make_ready(transfer_id=one.pk)
        sending.send(transfer_id=one.pk, actor_id=clerk.pk)
        for variant in house.variants:
            tallying.scan(transfer_id=one.pk, variant_id=variant.pk, pieces=UNITS)
        close = partial(receiving.close, transfer_id=one.pk, reasons={}, actor_id=clerk.pk)
        book = partial(receiving.book, transfer_id=one.pk, actor_id=clerk.pk)
        outcomes = at_once([partial(tried, work) for work in [close, book] * (CROWD // 2)])
        assert sorted(outcomes) == ["done"] + ["not_on_its_way"] * (CROWD - 1)
        assert house.level("SKU-1").on_hand == before + UNITS
    assert audit.differences() == []


def test_every_scan_before_the_end_is_in_it_and_none_after(house, clerk, made):
    """Scans meet the closing: what was answered as scanned was taken in, and nothing else was."""
    one = made()
    sending.make_ready(transfer_id=one.pk)
    sending.send(transfer_id=one.pk, actor_id=clerk.pk)
    variant_id = house.variants[0].pk
    scan = partial(tried, partial(tallying.scan, transfer_id=one.pk, variant_id=variant_id))
    reasons = dict.fromkeys((variant.pk for variant in house.variants), "other")
    close = partial(tried, partial(receiving.close, transfer_id=one.pk, reasons=reasons, actor_id=clerk.pk))
    outcomes = at_once([*[scan] * CROWD, close, *[scan] * CROWD])
    assert not raised(outcomes, Exception), outcomes
    done = outcomes.count("done") - 1
    assert outcomes.count("not_on_its_way") == 2 * CROWD - done
    assert TransferLine.objects.get(transfer=one, variant=variant_id).received == done
    assert audit.differences() == []


def there_and_back(house, clerk, made) -> list[Callable[[], None]]:
    """Transfers of the same articles in both directions, ready to leave together."""
    both = [made(house.lens, house.lille), made(house.lille, house.lens)]
    for one in both:
        sending.make_ready(transfer_id=one.pk)
    return [partial(sending.send, transfer_id=one.pk, actor_id=clerk.pk) for one in both]


def test_transfers_in_opposite_directions_do_not_deadlock(house, clerk, made):
    before = deadlocks()
    for _round in range(ROUNDS * 2):
        assert at_once(there_and_back(house, clerk, made)) == [None, None]  # without `retrying`
    assert deadlocks() == before
    assert audit.differences() == []


def test_without_the_lock_of_both_sides_they_do(house, clerk, made, monkeypatch):
    meeting = Meeting(2)
    expect = sending.arriving.expect

    def expect_late(**keys: Any) -> None:
        meeting.wait()  # each has locked the side that its goods leave
        expect(**keys)

    monkeypatch.setattr(sending, "lock_levels", lambda pairs: None)
    monkeypatch.setattr(sending.arriving, "expect", expect_late)
    failed = raised(at_once(there_and_back(house, clerk, made)), OperationalError)
    assert [getattr(one.__cause__, "sqlstate", "") for one in failed] == [DEADLOCK]


def test_without_the_lock_of_the_transfer_it_is_received_twice(house, clerk, made, monkeypatch):
    one = made()
    sending.make_ready(transfer_id=one.pk)
    sending.send(transfer_id=one.pk, actor_id=clerk.pk)
    tallying.scan(transfer_id=one.pk, variant_id=house.variants[0].pk, pieces=UNITS)
    meeting, take_in = Meeting(2), receiving.arriving.take_in

    def take_in_together(**keys: Any) -> None:
        meeting.wait()
        take_in(**keys)

    assert receiving.lock_transfer is lock_transfer
    monkeypatch.setattr(receiving, "lock_transfer", lambda pk: Transfer.objects.get(pk=pk))
    monkeypatch.setattr(receiving.arriving, "take_in", take_in_together)

    def booked() -> str:
        with transaction.atomic():
            receiving.book(transfer_id=one.pk, actor_id=clerk.pk)
        return "done"

    outcomes = at_once([booked, booked])
    stopped = len(raised(outcomes, Exception))
    assert stopped == 1, "the second wall, one movement for each cause, stops what the lock no longer does"
    assert StockMovement.objects.filter(kind="transferred_in").count() == 1


def test_a_form_that_is_sent_many_times_at_once_acts_once_over_http(house, clerk_client, made):
    one = made(house.lille, house.amiens)
    sending.make_ready(transfer_id=one.pk)
    cookies = clerk_client.cookies

    def leave() -> int:
        client = Client()
        client.cookies = cookies
        sent = {"idempotency_key": "the-tap"}
        return client.post(reverse("transfer-departure", args=[one.public_id]), sent).status_code

    assert set(at_once([leave] * CROWD)) == {302}
    assert (figures(house, house.lille), figures(house, house.amiens)) == ((97, 0, 0), (100, 0, 3))
    assert StockMovement.objects.filter(kind="transferred_out").count() == len(house.variants)
