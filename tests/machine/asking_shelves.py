"""Asking both for what happens on the shelves: holds, counts, and pieces that are set aside."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from inventory.stock.models import Reservation
from inventory.stock.services import closing, counting, damaging, expiring, holding
from tests.machine.things import Count, Hold

HELD_SECONDS = 900


class AskingShelves:
    """One life's wishes for its shelves; `ask`, `house` and `world` are those of `Asking`."""

    ask: Any
    house: Any
    world: Any
    real_counts: list[int]
    causes: int

    def begin_shelves(self) -> None:
        self.real_counts = []
        self.causes = 0

    def in_variants(self, wanted: dict[str, int]) -> dict[int, int]:
        return {self.world.variants[sku]: units for sku, units in wanted.items()}

    def same_hold(self, granted: tuple[Hold, holding.Hold] | None) -> None:
        """Whoever asked was told what the model says."""
        if granted is None:
            return
        wanted, found = granted
        assert found.lines == self.in_variants(wanted.lines)
        if wanted.lines:
            told = (found.location_id, found.status, found.expires_at is not None)
            kept = wanted.kept[0]
            assert told == (self.world.stores[wanted.store].pk, kept.status, kept.held)

    def name_of(self, reference: str) -> dict[str, str]:
        return {"reference": holding.name_of(self.world.actor.user_id, reference)}

    def ask_hold(self, reference: str, store: str, wanted: dict[str, int]) -> None:
        keys = {
            "location_id": self.world.stores[store].pk,
            "wanted": self.in_variants(wanted),
            "seconds": HELD_SECONDS,
            **self.name_of(reference),
        }
        about = f"{reference} {store} {wanted}"
        model = self.house.hold
        self.same_hold(self.ask("hold", about, lambda: model(reference, store, wanted), lambda: holding.hold(**keys)))

    def ask_confirm(self, reference: str) -> None:
        model, keys = self.house.confirm, self.name_of(reference)
        self.same_hold(self.ask("confirm", reference, lambda: model(reference), lambda: holding.confirm(**keys)))

    def ask_release(self, reference: str) -> None:
        model, keys = self.house.release, self.name_of(reference)
        self.same_hold(self.ask("release", reference, lambda: model(reference), lambda: holding.release(**keys)))

    def ask_move(self, reference: str, to: str) -> None:
        model, keys = self.house.move, self.name_of(reference) | {"to_location_id": self.world.stores[to].pk}
        about = f"{reference} to {to}"
        self.same_hold(self.ask("move", about, lambda: model(reference, to), lambda: holding.move(**keys)))

    def hold_runs_out(self, reference: str) -> None:
        """The hold's time is over; nobody has noticed yet."""
        self.house.hold_runs_out(reference)
        held = Reservation.objects.filter(**self.name_of(reference), expires_at__isnull=False)
        held.update(expires_at=Now() - timedelta(seconds=1))

    def ask_sweep_holds(self) -> None:
        expired, found = self.ask("sweep holds", "", self.house.sweep_holds, expiring.sweep)
        assert expired == found

    # --- counts -----------------------------------------------------------------------------------------------------

    def real_count(self, count: Count) -> int:
        return self.real_counts[next(number for number, one in enumerate(self.house.counts) if one is count)]

    def ask_begin_count(self, store: str) -> None:
        keys = {"location_id": self.world.stores[store].pk, "actor_id": self.world.actor.user_id}
        model = self.house.begin_count
        _count, opened = self.ask("begin count", store, lambda: model(store), lambda: counting.open_count(**keys))
        self.real_counts.append(opened.pk)

    def ask_count(self, count: Count, sku: str, pieces: int) -> None:
        keys = {"count_id": self.real_count(count), "variant_id": self.world.variants[sku], "pieces": pieces}
        model, about = self.house.count, f"{count.store} {sku} {pieces:+}"
        granted = self.ask("count", about, lambda: model(count, sku, pieces), lambda: counting.count(**keys))
        assert granted is None or granted[0] == granted[1]

    def ask_set_counted(self, count: Count, sku: str, counted: int) -> None:
        keys = {"count_id": self.real_count(count), "variant_id": self.world.variants[sku], "counted": counted}
        model, about = self.house.set_counted, f"{count.store} {sku} {counted}"
        granted = self.ask("set", about, lambda: model(count, sku, counted), lambda: counting.set_counted(**keys))
        assert granted is None or granted[0] == granted[1]

    def ask_leave_out(self, count: Count, sku: str) -> None:
        keys = {"count_id": self.real_count(count), "variant_id": self.world.variants[sku]}
        model, about = self.house.leave_out, f"{count.store} {sku}"
        self.ask("leave out", about, lambda: model(count, sku), lambda: counting.leave_out(**keys))

    def ask_close(self, count: Count, reasons: dict[str, str]) -> None:
        keys = {"count_id": self.real_count(count), "actor_id": self.world.actor.user_id}
        given = {self.world.variants[sku]: reason for sku, reason in reasons.items()}
        model, about = self.house.close, f"{count.store} {reasons}"
        granted = self.ask("close", about, lambda: model(count, reasons), lambda: closing.close(reasons=given, **keys))
        if granted:
            expected, found = granted
            assert {one.row.sku: one.moved for one in found} == expected

    def ask_abandon(self, count: Count) -> None:
        keys = {"count_id": self.real_count(count), "actor_id": self.world.actor.user_id}
        model = self.house.abandon
        self.ask("abandon", count.store, lambda: model(count), lambda: counting.abandon(**keys))

    # --- set aside, and back on sale --------------------------------------------------------------------------------

    def cause(self, store: str, sku: str) -> dict[str, Any]:
        """Return the keys of one piece of work on a level, under a reference of its own."""
        self.causes += 1
        return {
            "location_id": self.world.stores[store].pk,
            "variant_id": self.world.variants[sku],
            "actor_id": self.world.actor.user_id,
            "reference": f"shelf:{self.causes}",
        }

    def ask_set_aside(self, store: str, sku: str, quantity: int, reason: str) -> None:
        keys = self.cause(store, sku) | {"quantity": quantity, "reason": reason}
        model, about = self.house.set_aside, f"{store} {sku} {quantity} {reason}"
        self.ask("set aside", about, lambda: model(store, sku, quantity, reason), lambda: damaging.set_aside(**keys))

    def ask_repair(self, store: str, sku: str, quantity: int) -> None:
        keys = self.cause(store, sku) | {"quantity": quantity}
        model, about = self.house.repair, f"{store} {sku} {quantity}"
        self.ask("repair", about, lambda: model(store, sku, quantity), lambda: damaging.repair(**keys))
