"""Asking both: every wish goes to the model and to the house, and both must answer alike."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import note

from inventory.stock.models import StockLevel
from inventory.stock.services.opening import open_stock
from loyalty.models import Programme
from loyalty.services import settling
from omni import audit
from omni.lib import reference
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.services import finishing, giving_up, picking, readying, shorting, undoing
from tests.machine import state
from tests.machine.asking_parcels import AskingParcels
from tests.machine.asking_shelves import AskingShelves
from tests.machine.model import House
from tests.machine.things import Order
from tests.machine.world import CUSTOMERS, World, outcome_of

COMPARE_EVERY = int(os.environ.get("OMNI_MACHINE_COMPARE_EVERY", "4"))
"""The whole state is compared after every so many wishes, and always at the end of a life."""

WEEKS = timedelta(days=15)


class Asking(AskingShelves, AskingParcels):
    """One life of the house. Everything it writes is taken back at its end, so that lives do not meet."""

    world: World

    def begin_life(self) -> None:
        self._life = transaction.atomic()
        self._life.__enter__()
        self.house = House([], 0)
        self.begin_shelves()
        self.begin_parcels()
        self.ways: list[int] = []
        self.lines: dict[int, list[int]] = {}
        self.differs = False
        self.asked = 0
        self.world.tally.lives += 1

    def end_life(self) -> None:
        """Compare once more, check what waits for the commit, add every ledger up; then take everything back."""
        try:
            if not self.differs:
                self.compare()
                connection.check_constraints()
                assert audit.differences() == []
        finally:
            transaction.set_rollback(True)
            self._life.__exit__(None, None, None)

    def open_house(self, stock: list[int], safety: int, posts_after_days: int) -> None:
        """Open the levels (−1: the store does not carry the article) and set the programme's rule."""
        self.house = House(self.world.articles, posts_after_days)
        rows = []
        pairs = [(store, sku) for store in self.world.stores for sku in self.world.skus]
        for (store, sku), units in zip(pairs, stock, strict=True):
            if units >= 0:
                self.house.open_level(store, sku, units, safety)
                rows.append((self.world.stores[store].pk, self.world.variants[sku], units))
        open_stock(rows=rows)
        StockLevel.objects.filter(variant__in=self.world.variants.values()).update(safety_stock=safety)
        Programme.objects.update(posts_after_days=posts_after_days)
        reference.forget()

    def ask(self, name: str, about: str, wanted: Callable[[], Any], real: Callable[[], Any]) -> Any:
        """Ask the model, then the house; both must grant, or refuse with the same code and leave all as it was.

        Return what the model and the house gave, or None when they refused. `about` is for the reader of a failure.
        """
        self.differs = True
        (code, expected), (said, found) = outcome_of(wanted), outcome_of(real)
        note(f"{name} {about}: {said or 'yes'}")
        assert said == code, f"{name}: the house says {said or 'yes'}, the model {code or 'yes'}"
        if code == "short_stock":
            assert found == {self.world.variants[sku]: units for sku, units in expected.items()}
        self.differs = False
        tally = self.world.tally
        (tally.refused if code else tally.granted)[code or name] += 1
        self.asked += 1  # of this life: a life that is lived again must fail at the same wish
        if self.asked % COMPARE_EVERY == 0:
            self.compare()
        return None if code else (expected, found)

    def compare(self) -> None:
        """Hold the whole state of the database to the model's."""
        self.differs = True
        found = state.of_database(skus=self.world.skus, customers=CUSTOMERS)
        assert found == state.of_model(self.house)
        self.differs = False

    # --- how a service is asked for an order of the model ---------------------------------------------------------

    def way(self, order: Order) -> int:
        """Return the key of the order's fulfilment."""
        return next(way for way, one in zip(self.ways, self.house.orders, strict=True) if one is order)

    def note_keys(self, order_id: int) -> None:
        """Remember under which keys the house knows the order that was just placed."""
        slices = FulfilmentLine.objects.filter(fulfilment__order=order_id).order_by("order_line__position")
        keys = list(slices.values_list("fulfilment", "pk"))
        self.ways.append(keys[0][0])
        self.lines[keys[0][0]] = [line for _way, line in keys]

    def name(self, order: Order) -> str:
        return f"#{self.ways.index(self.way(order))}"

    def keys(self, order: Order) -> dict[str, int]:
        return {"fulfilment_id": self.way(order), "actor_id": self.world.actor.user_id}

    def line_keys(self, order: Order, number: int) -> dict[str, int]:
        return self.keys(order) | {"line_id": self.lines[self.way(order)][number]}

    # --- wishes ---------------------------------------------------------------------------------------------------

    def ask_place(self, order: Order, tender: str, said_total: int | None) -> None:
        said = {"tender": tender, "said_total": said_total}
        about = f"#{len(self.ways)} {order.kind} {[(line.article.sku, line.quantity) for line in order.lines]} {said}"
        granted = self.ask(
            "place", about, lambda: self.house.place(order, **said), lambda: self.world.placed(order, **said)
        )
        if granted:
            placed = granted[1]
            self.note_keys(placed.order.id)
            answered = (placed.basket.total, placed.status, placed.fulfilment_status)
            assert answered == (order.total, order.status, order.way)

    def ask_start(self, order: Order) -> None:
        keys = self.keys(order)
        self.ask("start", self.name(order), lambda: self.house.start(order), lambda: picking.start_picking(**keys))

    def ask_return(self, order: Order) -> None:
        keys, wanted = self.keys(order), self.house.return_to_queue
        self.ask("return", self.name(order), lambda: wanted(order), lambda: picking.return_to_queue(**keys))

    def ask_pick(self, order: Order, number: int, pieces: int) -> None:
        keys, line = self.line_keys(order, number), order.lines[number]
        about, wanted = f"{self.name(order)} line {number}, {pieces}", self.house.pick
        self.ask("pick", about, lambda: wanted(order, line, pieces), lambda: picking.pick(pieces=pieces, **keys))

    def ask_scan(self, order: Order, sku: str) -> None:
        keys = self.keys(order) | {"variant_id": self.world.variants[sku]}
        about = f"{self.name(order)} {sku}"
        self.ask("scan", about, lambda: self.house.scan(order, sku), lambda: picking.pick_variant(**keys))

    def ask_short(self, order: Order, number: int, quantity: int, reason: str) -> None:
        keys = self.line_keys(order, number) | {"quantity": quantity, "reason": reason}
        line = order.lines[number]
        granted = self.ask(
            "short",
            f"{self.name(order)} line {number}, {quantity} {reason}",
            lambda: self.house.report_short(order, line, quantity, reason),
            lambda: shorting.report_short(**keys),
        )
        if granted:
            expected, report = granted
            found = report.correction
            assert (report.amount, found.before, found.after, found.set_aside) == expected

    def ask_ready(self, order: Order, *, own_place: bool) -> None:
        keys = self.keys(order) | {"hold_place_id": self.world.hold_place(order.store, own=own_place)}
        about, wanted = f"{self.name(order)} {'' if own_place else 'elsewhere'}", self.house.ready
        self.ask("ready", about, lambda: wanted(order, own_place=own_place), lambda: readying.declare_ready(**keys))

    def ask_hand_over(self, order: Order, tender: str) -> None:
        keys = self.keys(order) | {"tender": tender, "proof": "code"}
        about, wanted = f"{self.name(order)} {tender}", self.house.hand_over
        self.ask("hand over", about, lambda: wanted(order, tender), lambda: finishing.hand_over(**keys))

    def ask_undo(self, order: Order, number: int) -> None:
        """Undo the hand-over of the order with this number, the first is 0."""
        known = HandOver.objects.filter(fulfilment=self.way(order)).order_by("pk").values_list("pk", flat=True)
        keys = {"hand_over_id": known[number], "actor_id": self.world.actor.user_id}
        about, given = f"{self.name(order)} hand-over {number}", order.given[number]
        self.ask("undo", about, lambda: self.house.undo(order, given), lambda: undoing.undo_hand_over(**keys))

    def ask_dispatch(self, order: Order) -> None:
        keys = self.keys(order)
        self.ask("dispatch", self.name(order), lambda: self.house.dispatch(order), lambda: finishing.dispatch(**keys))

    def ask_carry_out(self, order: Order) -> None:
        keys, wanted = self.keys(order), self.house.carry_out
        self.ask("carry out", self.name(order), lambda: wanted(order), lambda: finishing.carry_out(**keys))

    def ask_cancel(self, order: Order) -> None:
        keys = self.keys(order) | {"reason": "no longer wanted"}
        self.ask("cancel", self.name(order), lambda: self.house.cancel(order), lambda: giving_up.cancel_order(**keys))

    def ask_sweep(self) -> None:
        expired, found = self.ask("sweep", "", self.house.expire_due, giving_up.expire_due)
        assert expired == found

    # --- time -----------------------------------------------------------------------------------------------------

    def last_day_passes(self, order: Order) -> None:
        self.house.last_day_passes(order)
        waiting = Fulfilment.objects.filter(pk=self.way(order), status="ready")
        waiting.update(keep_until=Now() - timedelta(seconds=1))

    def time_passes(self, *, weeks: bool) -> None:
        """Eleven minutes later nothing can be undone, two weeks later points count."""
        passed = WEEKS if weeks else timedelta(minutes=11)
        HandOver.objects.filter(fulfilment__in=self.ways).update(created_at=F("created_at") - passed)
        then = timezone.now() + (WEEKS if weeks else timedelta())
        wanted = self.house.time_passes
        posted, found = self.ask("time", str(passed), lambda: wanted(weeks=weeks), lambda: settling.post_due(then))
        assert posted == found
