"""What is sent in the model: boxes packed, labelled, taken apart, and what their carrier tells. Plain Python."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.machine.bought import Order, Part, Slice
from tests.machine.handing import Handing
from tests.machine.shelves import Refused

SENT = ("ship", "relay")
DOOR, POINT = "1 rue X", "1 rue Neuve"
"""Where what is sent goes to: to a door, or to the relay point where it stands at first."""
STORY = {
    "at_relay": "parcel_at_relay",
    "delivered": "parcel_arrived",
    "collected_at_relay": "parcel_arrived",
    "failed_attempt": "parcel_missed",
    "returned": "parcel_returned",
}
"""What an order's story tells of what its carrier says."""
KINDS = ("accepted", "in_transit", "out_for_delivery", *STORY)


@dataclass(eq=False)
class Box:
    """`consigned` is what its carrier has in its books of it; `off` says that the carrier knows it will not come.
    `settled` says that it was told so, or that there was nobody to tell."""

    part: Part
    number: int
    pieces: Counter = field(default_factory=Counter)
    carrier: str = ""
    weight: int | None = None
    consigned: tuple[Any, ...] | None = None
    booked: bool = False
    apart: bool = False
    off: bool = False
    settled: bool = False
    came_to_its_point: bool = False
    told: list["Told"] = field(default_factory=list)
    letters: int = 0

    @property
    def is_open(self) -> bool:
        return not self.carrier and not self.apart

    @property
    def latest(self) -> str:
        """What happened last; of two at the same minute what was written last."""
        last = max(enumerate(self.told), key=lambda one: (one[1].minute, one[0]), default=None)
        return last[1].kind if last else ""


@dataclass(frozen=True)
class Told:
    """What a carrier tells of a box, or of one (None) that is nobody's."""

    box: Box | None
    event_id: str
    kind: str
    minute: int


@dataclass(eq=False)
class TrackingFile:
    """A file of events, and where it lies; a `broken` one cannot be read."""

    events: list[Told]
    broken: bool
    lies: str = "waiting"


class Sent(Handing):
    """Wishes for what is sent. Where `carried` is false, parcels leave without a carrier of the house."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.carried, self.point = True, POINT
        self.boxes: list[Box] = []
        self.tracked: set[str] = set()
        self.files: list[TrackingFile] = []

    # --- where it goes --------------------------------------------------------------------------------------------

    def address(self, order: Order) -> None:
        """An order keeps its relay point as it was when it was placed."""
        for part in order.parts:
            part.goes_to = {"ship": DOOR, "relay": self.point}.get(part.kind)

    def _serve_there(self, order: Order, here: Part, one: Slice, quantity: int, instead: tuple[str, str]) -> None:
        super()._serve_there(order, here, one, quantity, instead)
        for part in order.parts:
            if part.kind in SENT and part.goes_to is None:
                part.goes_to = DOOR if part.kind == "ship" else here.goes_to

    # --- packing ----------------------------------------------------------------------------------------------------

    def open_box(self, part: Part) -> Box | None:
        return next((box for box in self.boxes if box.part is part and box.is_open), None)

    def _may_pack(self, part: Part) -> None:
        if part.kind not in SENT or part.way != "picking":
            raise Refused("transition_refused")

    def put_in(self, part: Part, one: Slice, pieces: int) -> None:
        self._may_pack(part)
        box = self.open_box(part)
        inside = box.pieces[one] if box else 0
        if one not in part.slices or not 0 <= one.packed + pieces <= one.picked or inside + pieces < 0:
            raise Refused("nothing_to_pack")
        self._put(part, one, pieces)

    def _put(self, part: Part, one: Slice, pieces: int) -> None:
        box = self.open_box(part) or self._new_box(part)
        one.packed += pieces
        box.pieces[one] += pieces
        box.pieces = +Counter(box.pieces)
        if not box.pieces:
            self.boxes.remove(box)

    def _new_box(self, part: Part) -> Box:
        """The number of a box that was taken apart is not given again."""
        self.boxes.append(Box(part, 1 + max((box.number for box in self.boxes if box.part is part), default=0)))
        return self.boxes[-1]

    def scan_in(self, part: Part, sku: str) -> None:
        self._may_pack(part)
        found = next((one for one in part.slices if one.sku == sku and one.picked > one.packed), None)
        if found is None:
            raise Refused("nothing_to_pack")
        self._put(part, found, 1)

    def close_box(self, part: Part, *, rest: bool, carrier: str, weight: int | None) -> Box:
        """Close a box with all that is in none, or with what was put into the open one."""
        self._may_pack(part)
        self.require_closed(part)
        if not self.carried or carrier not in {"", "file"}:
            raise Refused("no_carrier")
        loose = [one for one in part.slices if one.picked > one.packed] if rest else []
        if not loose and not self.open_box(part):
            raise Refused("nothing_to_pack")
        for one in loose:
            self._put(part, one, one.picked - one.packed)
        box = self.open_box(part)
        assert box is not None
        box.carrier, box.weight = "file", weight
        self.order_of(part).told.append("parcel_packed")
        return box

    def take_apart(self, box: Box) -> None:
        self._may_pack(box.part)
        if box.apart:
            raise Refused("parcel_gone")
        self._take_apart(box)

    def _take_apart(self, box: Box) -> None:
        box.apart = True
        for one, pieces in box.pieces.items():
            one.packed -= pieces
        if box.carrier:
            self.order_of(box.part).told.append("parcel_taken_apart")

    def unpack_all(self, part: Part) -> None:
        for box in self.boxes:
            if box.part is part and not box.apart:
                self._take_apart(box)

    # --- the carrier ------------------------------------------------------------------------------------------------

    def label(self, box: Box, *, silent: bool) -> Box:
        """A label comes once; it may come when the box has left, but not for one that is open or taken apart."""
        if box.booked:
            return box
        if box.is_open or box.apart:
            raise Refused("parcel_gone")
        if not self.carried:
            raise Refused("no_carrier")
        if silent:
            raise Refused("carrier_silent")
        self.consign(box)
        box.booked = True
        return box

    def consign(self, box: Box) -> None:
        """The carrier writes it down, once."""
        box.consigned = (box.number, sum(box.pieces.values()), box.weight, box.part.goes_to)

    def dispatch(self, part: Part) -> None:
        self.require_closed(part)
        self._require_packed(part)
        if part.way != "picking" or part.kind not in SENT:
            raise Refused("transition_refused")
        order = self.order_of(part)
        self.require_money(order.has + part.value("picked") - self.paid_after(order, part), "")
        self.refund_overpaid(order, part)
        self._leave(order, part, "dispatched")
        self.close_if_ended(order, "dispatch", order.parts.index(part))
        order.told.append("dispatched")

    def _require_packed(self, part: Part) -> None:
        """Where a carrier takes such parcels, or something is packed, everything is in a closed one."""
        if (self.carried and part.kind in SENT) or any(one.packed for one in part.slices):
            loose = any(one.picked > one.packed for one in part.slices)
            if loose or self.open_box(part):
                raise Refused("not_packed")

    # --- what the carrier tells ---------------------------------------------------------------------------------------

    def track(self, events: list[Told], stores: list[str] | None) -> list[str]:
        """Return what becomes of each: an event is written once, of a box with a label, in one of the stores."""
        known = [one for one in events if one.box and one.box.booked]
        ours = [one for one in known if stores is None or one.box and one.box.part.store in stores]
        fresh = {one.event_id: one for one in reversed(ours) if one.event_id not in self.tracked}
        for _event_id, one in sorted(fresh.items()):
            if one.box:
                one.box.told.append(one)
        self.tracked |= set(fresh)
        return [self._became_of(one, ours, fresh) for one in events]

    def _became_of(self, one: Told, ours: list[Told], fresh: dict[str, Told]) -> str:
        if one not in ours or one.box is None:
            return "unknown_tracking_number"
        if fresh.get(one.event_id) != one:
            return "known"
        del fresh[one.event_id]
        if one.kind in STORY and not one.box.apart:
            one.box.came_to_its_point |= one.kind == "at_relay"
            self.order_of(one.box.part).told.append(STORY[one.kind])
        return "recorded"

    def read_files(self) -> int:
        """Return how many of the waiting files were read; one that is broken writes nothing."""
        waiting = [file for file in self.files if file.lies == "waiting"] if self.carried else []
        for file in waiting:
            known = not file.broken and "unknown_tracking_number" not in self.track(file.events, None)
            file.lies = "read" if known else "refused"
        return sum(file.lies == "read" for file in waiting)

    def follow(self) -> None:
        """The carrier hears what will not come; customers, once, what waits at its relay point."""
        for box in self.boxes:
            if box.apart and box.carrier and not box.settled:
                box.off, box.settled = self.carried, True
            waits = box.came_to_its_point and box.latest == "at_relay"
            if waits and box.part.kind == "relay" and self.order_of(box.part).customer:
                box.letters = 1
