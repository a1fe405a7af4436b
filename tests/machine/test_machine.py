"""The house does what its model says, wish after wish; and the machine sees it when it does not."""

import os
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from inventory.stock import differences
from inventory.stock.services import arriving, correcting, damaging, expiring, holding, reserving
from inventory.transfers.services import sending
from loyalty.services import settling
from orders.fulfilment.services import (
    charging,
    closing,
    giving_up,
    handing_over,
    readying,
    rerouting,
    shorting,
    undoing,
)
from orders.fulfilment.substitutes.services import answering
from orders.pricing import baskets
from orders.sales.services import adding, dropping
from tests.machine import defects_reserving, defects_sent, defects_visits, defects_waiting
from tests.machine.defects import forgotten
from tests.machine.running import SEED, live, live_until

WISHES = int(os.environ.get("OMNI_MACHINE_WISHES", "20000"))
PARTS = 4
"""The wishes are shared out over so many tests, so that several processors can work on them; `make soak` asks more."""
BATCHES_APART = 1_000_000

REFUSALS = {
    *("price_differs", "short_stock", "money_due", "transition_refused", "not_in_this_order"),
    *("pieces_still_open", "hold_place_unknown", "too_late_to_undo"),
    *("hold_ended", "hold_missing", "reference_taken"),
    *("count_ended", "not_counted", "reason_missing", "not_free"),
    *("already_answered", "not_offered", "still_asked"),
    *("not_a_draft", "nothing_to_send", "not_on_its_way", "nothing_scanned", "wrong_places"),
    *(*defects_sent.REFUSALS, *defects_visits.REFUSALS, *defects_reserving.REFUSALS, *defects_waiting.REFUSALS),
}

# Every life is a transaction of its own, taken back: in one over all lives PostgreSQL would wade through the dead rows
# of the lives before.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_house_does_what_its_model_says(world, report, part):
    first = SEED + part * BATCHES_APART
    batch = live_until(world, WISHES // PARTS, first=first)
    while unmet(world) and world.tally.wishes < WISHES:  # what is refused rarely may take longer to be met
        live(world, batch)
        batch += 1
    report(f"machine: {world.tally} (OMNI_MACHINE_SEED={first})")
    assert world.tally.wishes >= WISHES // PARTS
    assert unmet(world) == set(), "refusals that the machine never met"


def unmet(world):
    return REFUSALS - set(world.tally.refused)


def to_the_last(total: int, weights: list[int]) -> list[int]:
    return [0] * (len(weights) - 1) + [total]


def as_if_nothing_was_sold(row: Any) -> differences.Difference:
    return differences.Difference(row, row.counted, row.on_hand, 0)


def as_if_nothing_was_given(fulfilment: Any, _lines: Any, wait_again: Any = undoing._wait_again) -> None:
    wait_again(fulfilment, [])


def whatever_is_due(_order: Any, account: Any, *_about_to_be: Any) -> int:
    return int(account.due)


def kept_and_dropped(line: Any, instead: Any, *, quantity: int, keep: Any = rerouting.reserve_there) -> None:
    dropping.drop(line=line.order_line, quantity=quantity)
    keep(line, instead, quantity=quantity)


def at_its_own_price(*, most: int, add: Any = adding.add_instead, **more: Any) -> Any:
    return add(most=10**9, **more)


DEFECTS = {
    "a cancelled order keeps its reservation": (
        giving_up, "reserving", SimpleNamespace(lock=reserving.lock, release=forgotten)
    ),
    "a cancelled order keeps its pending points": (settling, "void", forgotten),
    "an expired order keeps the money": (giving_up, "pay_back", forgotten),
    "a missing piece is still charged": (shorting, "dropping", SimpleNamespace(drop=forgotten)),
    "an empty shelf still counts as stock": (correcting, "EMPTIES", frozenset()),
    "what is half picked can be ready": (readying, "require_closed_lines", forgotten),
    "goods leave unpaid": (handing_over, "take_what_is_due", forgotten),
    "an undone hand-over keeps its points": (undoing, "settling", SimpleNamespace(reopen=forgotten)),
    "a hand-over can be undone for ever": (undoing, "UNDO_WITHIN", timedelta(days=999)),
    "all VAT goes to the last line": (baskets, "allot", to_the_last),
    "a released hold keeps its units": (
        holding, "reserving", SimpleNamespace(reserve=reserving.reserve, release=forgotten)
    ),
    "a hold that ran out takes its units along": (
        expiring, "EXPIRE", expiring.EXPIRE.replace("level.reserved - freed.units", "level.reserved")
    ),
    "a hold is confirmed after its time": (holding, "Now", lambda: Now() - timedelta(days=9)),
    "a moved hold takes what others keep": (
        reserving, "RESERVE", reserving.RESERVE.replace("level.on_hand - level.reserved", "level.on_hand")
    ),
    "what is sold during a count is missing": (differences, "_difference", as_if_nothing_was_sold),
    "what leaves for another store is still on hand": (
        sending, "selling", SimpleNamespace(send_reserved=forgotten)
    ),
    "what came damaged is for sale": (
        arriving, "TAKE_IN", arriving.TAKE_IN.replace("level.damaged + locked.damaged", "level.damaged")
    ),
    "what is missing is still expected": (
        arriving, "TAKE_IN", arriving.TAKE_IN.replace("level.incoming - locked.expected", "level.incoming")
    ),
    "refused pieces keep their reservation": (
        handing_over, "reserving", SimpleNamespace(lock=reserving.lock, release=forgotten)
    ),
    "an undone part keeps its collected count": (undoing, "_wait_again", as_if_nothing_was_given),
    "an undo leaves the order completed": (undoing, "_reopen", forgotten),
    "a partial hand-over keeps its code": (readying, "wait_on", readying.say_ready),
    "the counter asks for what is on its way": (charging, "due_for_given", whatever_is_due),
    "a rerouted piece is dropped too": (rerouting, "reserve_there", kept_and_dropped),
    "a rerouted piece is kept nowhere": (rerouting, "reserve_there", forgotten),
    "what was offered is kept after the answer": (
        answering, "holding", SimpleNamespace(give_way=holding.give_way, release=forgotten)
    ),
    "what comes instead costs its own price": (adding, "add_instead", at_its_own_price),
    "what orders wait for is set aside": (
        damaging, "SET_ASIDE", damaging.SET_ASIDE.replace("on_hand - damaged - reserved", "on_hand - damaged")
    ),
}  # fmt: skip
RARE_DEFECTS = {
    "an earlier hand-over is undone before the last": (undoing, "_require_last", forgotten),
    "the order is completed too early": (
        closing, "STANDING", closing.STANDING.replace("bool_or(way.ended_at IS NULL)", "false")
    ),
}  # fmt: skip
ABOUT = [
    (DEFECTS, ("order", "question", "shelf", "parcel")),
    (RARE_DEFECTS, ("order",)),
    (defects_sent.DEFECTS, ("order", "sent")),
    (defects_visits.DEFECTS, ("visit",)),
    (defects_reserving.DEFECTS, ("order", "reservation")),
    (defects_waiting.DEFECTS, ("order", "question", "reservation", "waiting")),
]
"""Defects, and what the lives are about in which they are met: where everything is wished for they take minutes."""


def every_defect():
    """The first of each area is in the suite, so that every change sees that the machine still sees; the others, which
    take minutes, are those of `make defects`."""
    for defects, areas in ABOUT:
        for number, (name, defect) in enumerate(defects.items()):
            in_the_suite = not number and defects is not RARE_DEFECTS
            yield pytest.param(defect, areas, id=name, marks=() if in_the_suite else pytest.mark.defect)


@pytest.mark.parametrize(("defect", "areas"), list(every_defect()))
def test_the_machine_finds_a_defect(world, monkeypatch, defect, areas):
    monkeypatch.setattr(*defect)
    with pytest.raises((AssertionError, IntegrityError)):
        live_long(world, areas)
    assert world.tally.wishes


def live_long(world, areas):
    """Most defects are met within a few lives; one that is met later has more of them to be met in."""
    for batch in range(SEED, SEED + 6):
        live(world, batch, lives=240, steps=60, areas=areas)
