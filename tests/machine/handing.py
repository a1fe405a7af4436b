"""Handing over in the model: all of a part or some of it, refused pieces, undoing. Plain Python."""

from collections import Counter

from tests.machine.bought import HandedOver, Order, Part, Slice
from tests.machine.questions import Questions
from tests.machine.shelves import Refused

Pieces = dict[Slice, tuple[int, int]]
"""What is taken and what is refused of which slices."""


class Handing(Questions):
    """Wishes at the counter."""

    def hand_over(self, part: Part, tender: str, pieces: Pieces | None) -> None:
        """Give what `pieces` says, or all that waits."""
        if part.way != "ready":
            raise Refused("transition_refused")
        order = self.order_of(part)
        gave = {one: (one.waiting, 0) for one in part.slices if one.waiting} if pieces is None else pieces
        self._require_waiting(part, gave)
        value = sum(taken * one.line.each for one, (taken, _refused) in gave.items())
        less = sum(refused * one.line.each for one, (_taken, refused) in gave.items())
        goes_back = any(refused for _taken, refused in gave.values())
        paid = self.paid_after(order, part, less) if goes_back else order.paid
        due = order.has + value - paid
        self.require_money(due, tender)
        given = HandedOver(part, {one: both for one, both in gave.items() if any(both)})
        order.given.append(given)
        for one, (taken, refused) in gave.items():
            one.collected += taken
            one.refused += refused
            one.line.dropped += refused
        if goes_back:
            self.refund_overpaid(order, part)
        if due > 0:
            order.money["capture", tender] += due
            given.taken = (tender, due)
        self._goods_leave(order, part.store, given.units(0))
        for sku, units in given.units(1).items():
            self.levels[part.store, sku].reserved -= units
            order.held[part.store, sku][2] += units
        order.told.append("handed_over")
        if any(one.waiting for one in part.slices):
            part.code_round += 1
            order.told.append("pickup_ready")
        else:
            part.way = "collected"
            self.close_if_ended(order, "hand-over", order.given.index(given))

    def _require_waiting(self, part: Part, gave: Pieces) -> None:
        for one, (taken, refused) in gave.items():
            if one not in part.slices or min(taken, refused) < 0 or taken + refused > one.waiting:
                raise Refused("not_in_this_order")
        if not any(taken for taken, _refused in gave.values()):
            raise Refused("not_in_this_order")

    def _goods_leave(self, order: Order, store: str, units: Counter) -> None:
        for sku, pieces in units.items():
            level = self.levels[store, sku]
            level.on_hand -= pieces
            level.reserved -= pieces
            level.moved["sold", pieces, ""] += 1
            order.held[store, sku][1] += pieces

    # --- undone -----------------------------------------------------------------------------------------------------

    def undo(self, order: Order, given: HandedOver) -> None:
        part = given.part
        since = [one for one in order.given[order.given.index(given) + 1 :] if one.part is part and not one.undone]
        if since or given.undone or given.too_old:
            raise Refused("too_late_to_undo")
        if part.way not in {"ready", "collected"}:
            raise Refused("transition_refused")
        due = self._still_there(part.store, given.units(1))
        given.undone, part.way = True, "ready"
        for one, (taken, refused) in given.gave.items():
            one.collected -= taken
            one.refused -= refused
            one.line.dropped -= refused
        for sku, units in given.units(0).items():
            level = self.levels[part.store, sku]
            level.on_hand += units
            level.reserved += units
            level.moved["returned", units, ""] += 1
            order.held[part.store, sku][1] -= units
        self.reserve(part.store, given.units(1), due)
        order.keep(part.store, given.units(1))
        if given.taken:
            tender, cents = given.taken
            order.money["refund", tender] += cents
        self.open_again(order)
        order.told.append("hand_over_undone")

    def _still_there(self, store: str, refused: Counter) -> list[tuple[str, str, str]]:
        """Refuse when pieces that were refused at the counter have been promised to somebody else."""
        try:
            return self.free_for(store, refused)
        except Refused as short:
            raise Refused("too_late_to_undo") from short

    # --- carried out --------------------------------------------------------------------------------------------------

    def leave_at_once(self, order: Order, part: Part) -> None:
        for one in part.slices:
            one.picked = one.quantity
        self._leave(order, part, "collected")
        self.close_if_ended(order, "carry-out", 0)
        order.told.append("handed_over")

    def _leave(self, order: Order, part: Part, way: str) -> None:
        part.way = way
        for one in part.slices:
            one.collected = one.picked
        self._goods_leave(order, part.store, part.units("collected"))

    def carry_out(self, _part: Part) -> None:
        """What is carried out leaves when it is placed, or never."""
        raise Refused("transition_refused")
