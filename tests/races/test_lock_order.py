"""Whoever locks in the house's order waits, and never in a circle: the unlucky moment is made to happen."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from inventory.places.queries import place
from inventory.stock.services import reserving, selling
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, undoing
from orders.fulfilment.services.handing_over import Part
from orders.placing.wishes import WishedWay
from tests import journeys
from tests.races.crowd import at_once, deadlocks

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw at first
        cursor.execute(WAITS)
        return bool(cursor.fetchone()[0])


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, target: Any, name: str, work: Callable[[], Any]) -> Iterator[list[Any]]:
    """Let somebody else begin after the first call of a function, and go on when they wait for a lock; yield what
    became of them."""
    function, outcomes, others = getattr(target, name), [], []

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        found = function(*args, **kwargs)
        if not others:
            others.append(threading.Thread(target=lambda: outcomes.extend(at_once([work])), daemon=True))
            others[0].start()
            deadline = time.monotonic() + 1.5
            while others[0].is_alive() and not somebody_waits() and time.monotonic() < deadline:
                time.sleep(0.01)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(target, name, interrupted)
        yield outcomes
    assert others, "nobody came that way"
    others[0].join(30)


@pytest.fixture
def bag(house: Any, clerk: Any) -> Fulfilment:
    """One of the first article and one of the last, ready in Lille and paid."""
    return journeys.ready(journeys.placed(house.lille, {"SKU-1": 1, "SKU-5": 1}, by=clerk, paid=6000), by=clerk)


def last_but_not_first(house: Any, bag: Fulfilment) -> dict[int, Part]:
    """The customer takes the last article and refuses the first."""
    first, last = bag.lines.order_by("order_line__variant")
    return {first.pk: Part(0, 1), last.pk: Part(1)}


def buy_both(house: Any) -> None:
    """Somebody else buys both: one statement, in the order of their ids."""
    wanted = {house.variants[0].pk: 1, house.variants[-1].pk: 1}
    with transaction.atomic():
        reserving.reserve(location_id=house.lille.pk, wanted=wanted, reference="somebody else")


def test_what_is_refused_is_locked_with_what_is_given(
    house: Any, clerk: Any, bag: Fulfilment, monkeypatch: Any
) -> None:
    before = deadlocks()
    with meanwhile(monkeypatch, selling, "sell_reserved", lambda: buy_both(house)) as outcomes:
        handing_over.hand_over(
            fulfilment_id=bag.pk, proof="code", actor_id=clerk.pk, parts=last_but_not_first(house, bag)
        )
    assert outcomes == [None]
    assert deadlocks() == before


def test_what_was_refused_is_locked_with_what_comes_back(
    house: Any, clerk: Any, bag: Fulfilment, monkeypatch: Any
) -> None:
    given = handing_over.hand_over(
        fulfilment_id=bag.pk, proof="code", actor_id=clerk.pk, parts=last_but_not_first(house, bag)
    )
    before = deadlocks()
    with meanwhile(monkeypatch, selling, "take_back", lambda: buy_both(house)) as outcomes:
        undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert outcomes == [None]
    assert deadlocks() == before


def test_an_order_that_is_cancelled_settles_its_points_before_its_stock(
    house: Any, clerk: Any, monkeypatch: Any
) -> None:
    """Another order of the same customer is handed over in the first store: the wallet, then the article."""
    ways = [WishedWay("pickup", place(one.pk), [(0, 1)]) for one in (house.lille, house.lens)]
    known = {"email": "camille@example.org", "by": clerk}
    both = journeys.placed(house.lille, {"SKU-1": 2}, paid=2000, ways=ways, **known)
    other = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, paid=1000, **known), by=clerk)
    before = deadlocks()

    def give() -> None:
        handing_over.hand_over(fulfilment_id=other.pk, proof="code", actor_id=clerk.pk)

    with meanwhile(monkeypatch, reserving, "release", give) as outcomes:
        giving_up.cancel_order(order_id=both.order.id, actor_id=clerk.pk, reason="customer_wish")
    assert outcomes == [None]
    assert deadlocks() == before
    assert (house.level("SKU-1").on_hand, house.level("SKU-1").reserved) == (99, 0)
