"""Picking in the model: counting pieces, what is missing and who serves it instead, and the bag. Plain Python."""

from collections import Counter

from tests.machine.accounts import Accounts
from tests.machine.bought import Order, Part, Slice
from tests.machine.shelves import Refused

EMPTIES, SETS_ASIDE = {"not_found", "sold_meanwhile"}, {"damaged", "display_worn"}
AT_THE_COUNTER = {"pickup", "reservation"}
REASONS = [*sorted(EMPTIES), *sorted(SETS_ASIDE), "wrong_label", "other"]


class Picking(Accounts):
    """Wishes for a part that somebody prepares."""

    def start(self, part: Part) -> None:
        self._may_begin(part)
        self._begin(part)

    def _may_begin(self, part: Part) -> None:
        if part.way not in {"to_pick", "picking"}:
            raise Refused("transition_refused")

    def _begin(self, part: Part) -> None:
        if part.way == "to_pick":
            part.way = "picking"
            self.order_of(part).told.append("picking_started")

    def pick(self, part: Part, one: Slice, pieces: int) -> None:
        self._may_begin(part)
        if one not in part.slices or not one.packed <= one.picked + pieces <= one.quantity - one.short:
            raise Refused("not_in_this_order")
        self._begin(part)
        one.picked += pieces

    def scan(self, part: Part, sku: str) -> None:
        self._may_begin(part)
        found = next((one for one in part.slices if one.sku == sku and one.open), None)
        if found is None:
            raise Refused("not_in_this_order")
        self.pick(part, found, 1)

    def return_to_queue(self, part: Part) -> None:
        if part.way != "picking":
            raise Refused("transition_refused")
        part.way = "to_pick"
        self.order_of(part).told.append("picking_returned")

    # --- missing, and served by another place -----------------------------------------------------------------------

    def report_short(
        self, part: Part, one: Slice, quantity: int, reason: str, instead: tuple[str, str] | None
    ) -> tuple[int, int, int, int]:
        """Return the cents dropped, on hand before and after, and the units set aside. `instead` is another store and
        its way of handing over."""
        self._may_begin(part)
        if one not in part.slices or not 1 <= quantity <= one.open:
            raise Refused("not_in_this_order")
        due = self.free_for(instead[0], {one.sku: quantity}) if instead else []
        order = self.order_of(part)
        self._begin(part)
        one.short += quantity
        one.reason = reason
        if instead:
            one.rerouted += quantity
            self.reserve(instead[0], {one.sku: quantity}, due)
            order.keep(instead[0], Counter({one.sku: quantity}))
        else:
            one.line.dropped += quantity
        before, after, aside = self._correct_short(order, part.store, one.sku, quantity, reason)
        order.told.append("line_short")
        if instead:
            self._serve_there(order, part, one, quantity, instead)
        return 0 if instead else quantity * one.line.each, before, after, aside

    def _correct_short(self, order: Order, store: str, sku: str, quantity: int, reason: str) -> tuple[int, int, int]:
        level = self.levels[store, sku]
        before = level.on_hand
        level.reserved -= quantity
        order.held[store, sku][2] += quantity
        unpromised = max(0, level.on_hand - level.damaged - level.reserved)
        aside = quantity if reason in SETS_ASIDE else 0
        less = 0 if aside else unpromised if reason in EMPTIES else min(quantity, unpromised)
        level.damaged += aside
        if aside:
            level.moved["damaged", aside, reason] += 1
        level.correct(-less, reason)
        return before, level.on_hand, aside

    def _serve_there(self, order: Order, here: Part, one: Slice, quantity: int, instead: tuple[str, str]) -> None:
        """It joins what waits there for the same reason and in the same way, until somebody takes that in hand."""
        store, kind = instead
        there = next(
            (
                part
                for part in order.parts
                if (part.store, part.kind, part.way, part.instead_of) == (store, kind, "to_pick", here)
            ),
            None,
        )
        if there is None:
            there = Part(store, kind, [], instead_of=here)
            order.parts.append(there)
        known = next((other for other in there.slices if other.line is one.line), None)
        if known:
            known.quantity += quantity
        else:
            there.slices.append(Slice(one.line, quantity))
        if store not in {order.store, *order.also_at}:
            order.also_at.append(store)
        order.told.append("rerouted")

    # --- ready ------------------------------------------------------------------------------------------------------

    def ready(self, part: Part, *, own_place: bool) -> None:
        self.require_closed(part)
        if not own_place:
            raise Refused("hold_place_unknown")
        if part.way != "picking" or part.kind not in AT_THE_COUNTER:
            raise Refused("transition_refused")
        order = self.order_of(part)
        part.way, part.overdue = "ready", False
        self.refund_overpaid(order, part)
        order.told.append("pickup_ready")

    def require_closed(self, part: Part) -> None:
        """Refuse while something of the part is not done."""
        raise NotImplementedError
