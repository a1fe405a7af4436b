"""Asking both for what is sent: packing, labels, what carriers tell, and who follows."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from omni.effects import FOLLOWERS
from orders.fulfilment.services import packing
from orders.parcels.carriers import registry
from orders.parcels.carriers.files import number_of
from orders.parcels.models import Parcel
from orders.parcels.services import booking, forgetting, reading, tracking
from orders.parcels.services.packing import pieces_in
from orders.sales import parcel_events
from orders.sales.models import OrderEvent
from tests.machine.bought import Part, Slice
from tests.machine.sent import POINT, Box, Told, TrackingFile

NOBODYS = "NOBODYS-1"
POINTS = """code,name,line,postal_code,town,country,latitude,longitude,hours
R001,Corner shop,{line},59000,Lille,FR,50.63,3.06,Mo-Sa 08:00-19:00
"""


class AskingSent:
    """One life's wishes for what is sent; `ask`, `house` and `world` are those of `Asking`."""

    ask: Any
    house: Any
    world: Any
    keys: Any
    line_keys: Any
    name: Any

    def begin_sent(self) -> None:
        """The carrier's folder is empty, and the relay point where it was."""
        self.moves = 0
        shutil.rmtree(self.world.folder, ignore_errors=True)
        settings.CARRIERS, settings.CARRIER_FOLDER = ["file"], str(self.world.folder / "carrier")
        self.silence = self.world.folder / "a file where a folder should be"
        (self.world.folder / "carrier/tracking").mkdir(parents=True)
        self.silence.touch()
        self.told_from = timezone.now() - timedelta(days=1)
        self._point_at(POINT)

    def real_box(self, box: Box) -> Parcel:
        return Parcel.objects.get(fulfilment=self.keys(box.part)["fulfilment_id"], number=box.number)

    def box_keys(self, box: Box) -> dict[str, int]:
        return {"parcel_id": self.real_box(box).pk}

    def named_box(self, box: Box) -> str:
        return f"{self.name(box.part)} box {box.number}"

    # --- packing ----------------------------------------------------------------------------------------------------

    def ask_put_in(self, part: Part, one: Slice, pieces: int) -> None:
        keys, wanted = self.line_keys(part, one) | {"pieces": pieces}, self.house.put_in
        del keys["actor_id"]
        about = f"{self.name(part)} {one.sku}, {pieces}"
        self.ask("put in", about, lambda: wanted(part, one, pieces), lambda: packing.put(**keys))

    def ask_scan_in(self, part: Part, sku: str) -> None:
        keys = {"fulfilment_id": self.keys(part)["fulfilment_id"], "variant_id": self.world.variants[sku]}
        about, wanted = f"{self.name(part)} {sku}", self.house.scan_in
        self.ask("scan in", about, lambda: wanted(part, sku), lambda: packing.put_variant(**keys))

    def ask_close_box(self, part: Part, *, rest: bool, carrier: str = "", weight: int | None = None) -> None:
        how: dict[str, Any] = {"rest": rest, "carrier": carrier}
        granted = self.ask(
            "close box",
            f"{self.name(part)} {how}",
            lambda: self.house.close_box(part, weight=weight, **how),
            lambda: packing.pack(weight_grams=weight, **how, **self.keys(part)),
        )
        if granted:
            box, parcel = granted
            assert (parcel.number, pieces_in(parcel)) == (box.number, sum(box.pieces.values()))

    def ask_take_apart(self, box: Box) -> None:
        keys, wanted = self.box_keys(box) | {"actor_id": self.world.actor.user_id}, self.house.take_apart
        self.ask("take apart", self.named_box(box), lambda: wanted(box), lambda: packing.unpack(**keys))

    # --- the carrier ------------------------------------------------------------------------------------------------

    def ask_label(self, box: Box, *, silent: bool) -> None:
        def real() -> Parcel:
            with override_settings(CARRIER_FOLDER=str(self.silence) if silent else settings.CARRIER_FOLDER):
                return booking.book(**keys)

        keys = self.box_keys(box)
        granted = self.ask("label", self.named_box(box), lambda: self.house.label(box, silent=silent), real)
        if granted:
            parcel = granted[1]
            assert parcel.tracking_number == number_of(str(parcel.public_id))
            assert bytes(parcel.label).startswith(b"%PDF-")

    def carrier_answers_the_dead(self, box: Box) -> None:
        """The carrier has answered, and the house died before it wrote anything down."""
        self.house.consign(box)
        registry.carriers()[0].book(booking.consignment_of(self.real_box(box)))

    def carrier_goes(self, *, comes: bool) -> None:
        self.house.carried, settings.CARRIERS = comes, ["file"] if comes else []

    def point_moves(self) -> None:
        self.moves += 1
        self.house.point = f"{self.moves} rue Vieille"
        self._point_at(self.house.point)

    def _point_at(self, line: str) -> None:
        path = self.world.folder / f"points-{self.moves}.csv"
        path.write_text(POINTS.format(line=line))
        settings.RELAY_POINTS = str(path)

    # --- what the carrier tells ---------------------------------------------------------------------------------------

    def number(self, box: Box | None) -> str:
        """The number that a box has, or will have."""
        return number_of(str(self.real_box(box).public_id)) if box else NOBODYS

    def ask_track(self, events: list[Told], stores: list[str] | None) -> None:
        said = [tracking.ToldEvent(self.number(one.box), one.event_id, one.kind, self.happened(one)) for one in events]
        ids = None if stores is None else [self.world.stores[store].pk for store in stores]
        expected, found = self.ask(
            "track",
            f"{[(one.box and self.named_box(one.box), one.event_id, one.kind, one.minute) for one in events]} {stores}",
            lambda: self.house.track(events, stores),
            lambda: tracking.record(carrier="file", events=said, store_ids=ids),
        )
        assert found == expected

    def happened(self, one: Told) -> Any:
        return self.told_from + timedelta(minutes=one.minute)

    def file_comes(self, events: list[Told], *, broken: bool) -> None:
        said = [
            {
                "tracking_number": self.number(one.box),
                "event_id": one.event_id,
                "kind": one.kind,
                "happened_at": self.happened(one).isoformat(),
            }
            for one in events
        ]
        path = Path(settings.CARRIER_FOLDER) / "tracking" / f"{len(self.house.files):03d}.json"
        path.write_text(json.dumps({"events": [*said, {"kind": "lost"}] if broken else said}))
        self.house.files.append(TrackingFile(events, broken))

    def ask_read_files(self) -> None:
        wanted, found = self.ask("read files", "", self.house.read_files, reading.read_due)
        assert wanted == found

    def ask_follow(self) -> None:
        """Who follows may run twice: each is told of all events of the life. Then carriers are told."""
        self.ask("follow", "", self.house.follow, self._follow)

    def _follow(self) -> None:
        for event in OrderEvent.objects.filter(kind=parcel_events.AT_RELAY).order_by("pk"):
            for follower in FOLLOWERS[event.kind]:
                follower(event.pk)
        forgetting.tell_due()
