"""Asking both for orders: placing, picking, what is missing, handing over, and what is given up."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from loyalty.services import settling
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.services import finishing, giving_up, handing_over, picking, readying, shorting, undoing
from orders.fulfilment.services.handing_over import Part as HandedPart
from orders.fulfilment.services.rerouting import Instead
from tests.machine import days
from tests.machine.bought import HandedOver, Order, Part, Slice
from tests.machine.handing import Pieces
from tests.machine.world import ADDRESS

WEEKS = timedelta(days=15)


class AskingOrders:
    """One life's wishes for its orders; `ask`, `house` and `world` are those of `Asking`."""

    ask: Any
    house: Any
    world: Any

    def begin_orders(self) -> None:
        self.order_keys: dict[Order, int] = {}
        self.part_keys: dict[Part, int] = {}
        self.slice_keys: dict[Slice, int] = {}

    # --- how a service is asked for an order of the model ---------------------------------------------------------

    def note_keys(self, order: Order, pk: int) -> None:
        """Remember under which keys the house knows an order, its parts and their slices."""
        known = [(part, one) for part in order.parts for one in part.slices]
        found = FulfilmentLine.objects.filter(fulfilment__order=pk).order_by("fulfilment", "pk")
        keys = list(found.values_list("fulfilment", "pk"))
        assert len(keys) == len(known), f"{len(keys)} slices in the house, {len(known)} in the model"
        self.order_keys[order] = pk
        for (part, one), (part_key, key) in zip(known, keys, strict=True):
            self.part_keys[part], self.slice_keys[one] = part_key, key

    def name(self, part: Part) -> str:
        order = self.house.order_of(part)
        return f"#{self.house.orders.index(order)}.{order.parts.index(part)}"

    def keys(self, part: Part) -> dict[str, int]:
        return {"fulfilment_id": self.part_keys[part], "actor_id": self.world.actor.user_id}

    def line_keys(self, part: Part, one: Slice) -> dict[str, int]:
        return self.keys(part) | {"line_id": self.slice_keys[one]}

    # --- placing --------------------------------------------------------------------------------------------------

    def ask_place(self, order: Order, tender: str, said_total: int | None) -> None:
        said = {"tender": tender, "said_total": said_total}
        ways = [(part.store, part.kind, [(one.sku, one.quantity) for one in part.slices]) for part in order.parts]
        about = f"#{len(self.house.orders)} {ways} {said}"
        granted = self.ask(
            "place", about, lambda: self.house.place(order, **said), lambda: self.world.placed(order, **said)
        )
        if granted:
            placed = granted[1]
            self.note_keys(order, placed.order.id)
            assert placed.basket.total == order.total
            assert placed.points == order.waits
            assert placed.completed == (order.status == "completed")

    # --- picking --------------------------------------------------------------------------------------------------

    def ask_start(self, part: Part) -> None:
        keys = self.keys(part)
        self.ask("start", self.name(part), lambda: self.house.start(part), lambda: picking.start_picking(**keys))

    def ask_return(self, part: Part) -> None:
        keys, wanted = self.keys(part), self.house.return_to_queue
        self.ask("return", self.name(part), lambda: wanted(part), lambda: picking.return_to_queue(**keys))

    def ask_pick(self, part: Part, one: Slice, pieces: int) -> None:
        keys, wanted = self.line_keys(part, one), self.house.pick
        about = f"{self.name(part)} {one.sku}, {pieces}"
        self.ask("pick", about, lambda: wanted(part, one, pieces), lambda: picking.pick(pieces=pieces, **keys))

    def ask_scan(self, part: Part, sku: str) -> None:
        keys = self.keys(part) | {"variant_id": self.world.variants[sku]}
        about = f"{self.name(part)} {sku}"
        self.ask("scan", about, lambda: self.house.scan(part, sku), lambda: picking.pick_variant(**keys))

    def ask_short(
        self, part: Part, one: Slice, quantity: int, reason: str, instead: tuple[str, str] | None = None
    ) -> None:
        keys: dict[str, Any] = self.line_keys(part, one) | {"quantity": quantity, "reason": reason}
        if instead:
            store, kind = instead
            keys["instead"] = Instead(self.world.stores[store].pk, kind, self._goes_instead(part, kind))
        granted = self.ask(
            "reroute" if instead else "short",
            f"{self.name(part)} {one.sku}, {quantity} {reason} {instead or ''}",
            lambda: self.house.report_short(part, one, quantity, reason, instead),
            lambda: shorting.report_short(**keys),
        )
        if granted:
            expected, report = granted
            found = report.correction
            assert (report.amount, found.before, found.after, found.set_aside) == expected
        if granted and instead:
            order = self.house.order_of(part)
            self.note_keys(order, self.order_keys[order])

    def _goes_instead(self, part: Part, kind: str) -> dict[str, Any] | None:
        """The relay point stays the one that the customer chose."""
        if kind == "relay":
            return Fulfilment.objects.get(pk=self.part_keys[part]).ship_to
        return ADDRESS if kind == "ship" else None

    def ask_ready(self, part: Part, *, own_place: bool) -> None:
        keys = self.keys(part) | {"hold_place_id": self.world.hold_place(part.store, own=own_place)}
        about, wanted = f"{self.name(part)} {'' if own_place else 'elsewhere'}", self.house.ready
        self.ask("ready", about, lambda: wanted(part, own_place=own_place), lambda: readying.declare_ready(**keys))

    # --- handing over ---------------------------------------------------------------------------------------------

    def ask_hand_over(self, part: Part, tender: str, pieces: Pieces | None = None) -> None:
        """Everything that waits, or what `pieces` says."""
        said = None if pieces is None else {self.slice_keys[one]: HandedPart(*both) for one, both in pieces.items()}
        keys: dict[str, Any] = self.keys(part) | {"tender": tender, "proof": "code", "parts": said}
        told = "all" if pieces is None else [(one.sku, *both) for one, both in pieces.items()]
        about, wanted = f"{self.name(part)} {tender} {told}", self.house.hand_over
        name = "hand over" if pieces is None else "hand over some"
        self.ask(name, about, lambda: wanted(part, tender, pieces), lambda: handing_over.hand_over(**keys))

    def ask_undo(self, order: Order, given: HandedOver) -> None:
        number = order.given.index(given)
        known = HandOver.objects.filter(fulfilment__order=self.order_keys[order]).order_by("pk")
        keys = {"hand_over_id": known.values_list("pk", flat=True)[number], "actor_id": self.world.actor.user_id}
        about, wanted = f"{self.name(given.part)} hand-over {number}", self.house.undo
        self.ask("undo", about, lambda: wanted(order, given), lambda: undoing.undo_hand_over(**keys))

    def ask_dispatch(self, part: Part) -> None:
        keys = self.keys(part)
        self.ask("dispatch", self.name(part), lambda: self.house.dispatch(part), lambda: finishing.dispatch(**keys))

    def ask_carry_out(self, part: Part) -> None:
        keys, wanted = self.keys(part), self.house.carry_out
        self.ask("carry out", self.name(part), lambda: wanted(part), lambda: finishing.carry_out(**keys))

    # --- given up -------------------------------------------------------------------------------------------------

    def ask_cancel(self, part: Part) -> None:
        keys = self.keys(part) | {"reason": "no longer wanted"}
        self.ask("cancel", self.name(part), lambda: self.house.cancel(part), lambda: giving_up.cancel(**keys))

    def ask_cancel_order(self, order: Order) -> None:
        keys = {"order_id": self.order_keys[order], "actor_id": self.world.actor.user_id, "reason": "no longer wanted"}
        about, wanted = f"#{self.house.orders.index(order)}", self.house.cancel_order
        self.ask("cancel all", about, lambda: wanted(order), lambda: giving_up.cancel_order(**keys))

    def ask_sweep(self) -> None:
        expired, found = self.ask("sweep", "", self.house.expire_due, giving_up.expire_due)
        assert expired == found

    # --- time -----------------------------------------------------------------------------------------------------

    def last_day_passes(self, part: Part) -> None:
        """Of what is ready."""
        self.house.last_day_passes(part)
        days.last_day_passed(self.part_keys[part])

    def time_passes(self, *, weeks: bool) -> None:
        """Eleven minutes later nothing can be undone, two weeks later points count."""
        passed = WEEKS if weeks else timedelta(minutes=11)
        handed = HandOver.objects.filter(fulfilment__in=self.part_keys.values())
        handed.update(created_at=F("created_at") - passed)
        then = timezone.now() + (WEEKS if weeks else timedelta())
        wanted = self.house.time_passes
        posted, found = self.ask("time", str(passed), lambda: wanted(weeks=weeks), lambda: settling.post_due(then))
        assert posted == found
