"""Asking both for what goes between stores: lists, departures, receptions."""

from typing import Any

from inventory.transfers.services import receiving, sending, tallying
from tests.machine.parcels import Parcel


class AskingParcels:
    """One life's wishes for its parcels; `ask`, `house` and `world` are those of `Asking`."""

    ask: Any
    house: Any
    world: Any
    real_parcels: list[int]

    def begin_parcels(self) -> None:
        self.real_parcels = []

    def real_parcel(self, parcel: Parcel) -> int:
        return self.real_parcels[next(number for number, one in enumerate(self.house.parcels) if one is parcel)]

    def by_actor(self, parcel: Parcel) -> dict[str, int]:
        return {"transfer_id": self.real_parcel(parcel), "actor_id": self.world.actor.user_id}

    def line_of(self, parcel: Parcel, sku: str) -> dict[str, int]:
        return {"transfer_id": self.real_parcel(parcel), "variant_id": self.world.variants[sku]}

    def named(self, parcel: Parcel) -> str:
        return f"{parcel.origin or 'supplier'} to {parcel.destination} ({parcel.status})"

    def begun(self, granted: Any) -> None:
        if granted:
            self.real_parcels.append(granted[1].pk)

    def ask_list(self, origin: str, destination: str, wanted: dict[str, int]) -> None:
        keys = {
            "origin_id": self.world.stores[origin].pk,
            "destination_id": self.world.stores[destination].pk,
            "wanted": {self.world.variants[sku]: units for sku, units in wanted.items()},
            "actor_id": self.world.actor.user_id,
            "public_id": None,
        }
        model, about = self.house.list_parcel, f"{origin} to {destination} {wanted}"
        self.begun(
            self.ask("list", about, lambda: model(origin, destination, wanted), lambda: sending.open_transfer(**keys))
        )

    def ask_expect(self, destination: str, wanted: dict[str, int]) -> None:
        keys = {
            "destination_id": self.world.stores[destination].pk,
            "wanted": {self.world.variants[sku]: units for sku, units in wanted.items()},
            "supplier": "Mill",
            "delivery_note": "",
            "actor_id": self.world.actor.user_id,
        }
        model, about = self.house.expect, f"{destination} {wanted}"
        self.begun(
            self.ask("expect", about, lambda: model(destination, wanted), lambda: sending.expect_delivery(**keys))
        )

    def same_figure(self, granted: Any) -> None:
        assert granted is None or granted[0] == granted[1]

    def ask_write(self, parcel: Parcel, sku: str, pieces: int) -> None:
        keys, model = self.line_of(parcel, sku) | {"pieces": pieces}, self.house.ask_for
        about = f"{self.named(parcel)} {sku} {pieces:+}"
        self.same_figure(self.ask("write", about, lambda: model(parcel, sku, pieces), lambda: tallying.ask(**keys)))

    def ask_strike(self, parcel: Parcel, sku: str) -> None:
        keys, model = self.line_of(parcel, sku), self.house.strike
        self.ask(
            "strike", f"{self.named(parcel)} {sku}", lambda: model(parcel, sku), lambda: tallying.leave_out(**keys)
        )

    def ask_make_ready(self, parcel: Parcel) -> None:
        keys, model = {"transfer_id": self.real_parcel(parcel)}, self.house.make_ready
        self.ask("make ready", self.named(parcel), lambda: model(parcel), lambda: sending.make_ready(**keys))

    def ask_reopen(self, parcel: Parcel) -> None:
        keys, model = {"transfer_id": self.real_parcel(parcel)}, self.house.reopen
        self.ask("reopen", self.named(parcel), lambda: model(parcel), lambda: sending.reopen(**keys))

    def ask_send(self, parcel: Parcel) -> None:
        keys, model = self.by_actor(parcel), self.house.send
        self.ask("send", self.named(parcel), lambda: model(parcel), lambda: sending.send(**keys))

    def ask_give_up(self, parcel: Parcel) -> None:
        keys, model = self.by_actor(parcel), self.house.give_up
        self.ask("give up", self.named(parcel), lambda: model(parcel), lambda: sending.cancel(**keys))

    def ask_scan_piece(self, parcel: Parcel, sku: str, pieces: int) -> None:
        keys, model = self.line_of(parcel, sku) | {"pieces": pieces}, self.house.scan_piece
        about = f"{self.named(parcel)} {sku} {pieces:+}"
        self.same_figure(self.ask("receive", about, lambda: model(parcel, sku, pieces), lambda: tallying.scan(**keys)))

    def ask_park(self, parcel: Parcel, code: str) -> None:
        keys, model = {"transfer_id": self.real_parcel(parcel), "code": code}, self.house.park
        about = f"{self.named(parcel)} {code}"
        self.same_figure(self.ask("park", about, lambda: model(parcel, code), lambda: tallying.park(**keys)))

    def ask_book(self, parcel: Parcel) -> None:
        keys, model = self.by_actor(parcel), self.house.book
        granted = self.ask("book", self.named(parcel), lambda: model(parcel), lambda: receiving.book(**keys))
        assert granted is None or granted[0] == granted[1].status

    def ask_close_parcel(self, parcel: Parcel, reasons: dict[str, str]) -> None:
        given = {self.world.variants[sku]: reason for sku, reason in reasons.items()}
        keys, model = self.by_actor(parcel) | {"reasons": given}, self.house.close_parcel
        about = f"{self.named(parcel)} {reasons}"
        self.ask("take in", about, lambda: model(parcel, reasons), lambda: receiving.close(**keys))
