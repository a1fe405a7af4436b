"""What is drawn for what is sent, and how often."""

from typing import Any

from hypothesis import strategies as st

from tests.machine.asking_sent import AskingSent
from tests.machine.bought import Part
from tests.machine.driver_orders import OrderWishes, chosen
from tests.machine.sent import KINDS, SENT, Box, Told

some_weight = st.sampled_from([None, 900])
some_carrier = st.sampled_from(["", "", "file", "another"])
some_stores = st.sampled_from([None, None, ["lille", "lens"], ["lille"], []])
some_told = st.lists(
    st.tuples(
        st.integers(0, 999), st.integers(0, 40), st.sampled_from([*KINDS, "at_relay", "delivered"]), st.integers(0, 9)
    ),
    min_size=1,
    max_size=4,
)


class SentWishes(OrderWishes, AskingSent):
    """Wishes for boxes: packed at once or piece by piece, labelled or not, told of early, late, twice, or never."""

    def sent_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished of what is sent: how often, what, and for one of what."""
        boxes = self.house.boxes[::-1]
        standing = [box for box in boxes if not box.apart and box.part.way != "dispatched"]
        closed = [box for box in boxes if box.carrier]
        unlabelled = [box for box in closed if not box.booked and not box.apart]
        told_of = [box for box in closed if box.booked]
        packing = [part for part in self.standing("picking") if part.kind in SENT]
        loose = [part for part in packing if any(one.picked > one.packed for one in part.slices)]
        return [
            (8, self.put_in, loose),
            (2, self.put_in, packing),
            (6, self.close_a_box, loose),
            (3, self.take_apart, standing),
            (8, self.label, unlabelled),
            (12, self.carrier_tells, told_of),
            (4, self.file_comes_in, told_of),
            (4, self.follow, closed),
            (6, self.label_in_vain, [box for box in boxes if box.is_open or box.apart]),
            (1 if self.house.carried else 12, self.carrier_comes_or_goes, [None]),
            (3, self.point_moves_on, [None]),
            (5, self.nonsense_about_boxes, boxes),
        ]

    # --- packing ----------------------------------------------------------------------------------------------------

    def ready_or_dispatch(self, part: Part, draw: Any) -> None:
        """What is sent is packed first, mostly."""
        if part.kind not in SENT:
            super().ready_or_dispatch(part, draw)
        elif any(one.picked > one.packed for one in part.slices) and draw(st.integers(0, 4)):
            self.close_a_box(part, draw)
        elif self.house.open_box(part) and draw(st.integers(0, 4)):
            self.ask_close_box(part, rest=False)
        else:
            self.ask_dispatch(part)

    def put_in(self, part: Part, draw: Any) -> None:
        if draw(st.integers(0, 3)) == 0:
            self.ask_scan_in(part, draw(st.sampled_from(self.world.skus)))
        else:
            self.ask_put_in(part, chosen(part.slices, draw), draw(st.sampled_from([1, 1, 1, 2, -1, -1, 0])))

    def close_a_box(self, part: Part, draw: Any) -> None:
        rest = draw(st.sampled_from([True, True, False]))
        self.ask_close_box(part, rest=rest, carrier=draw(some_carrier), weight=draw(some_weight))

    def take_apart(self, box: Box, _draw: Any) -> None:
        self.ask_take_apart(box)

    # --- the carrier ------------------------------------------------------------------------------------------------

    def label(self, box: Box, draw: Any) -> None:
        """Half of the time it comes at once; the carrier may be silent, or answer somebody who dies."""
        how = draw(st.sampled_from(["comes", "comes", "comes", "silent", "died"]))
        if how == "died" and self.house.carried:
            self.carrier_answers_the_dead(box)
        else:
            self.ask_label(box, silent=how == "silent")

    def label_in_vain(self, box: Box, _draw: Any) -> None:
        self.ask_label(box, silent=False)

    def carrier_comes_or_goes(self, _nothing: None, _draw: Any) -> None:
        self.carrier_goes(comes=not self.house.carried)

    def point_moves_on(self, _nothing: None, _draw: Any) -> None:
        self.point_moves()

    # --- what the carrier tells ---------------------------------------------------------------------------------------

    def some_events(self, box: Box, draw: Any) -> list[Told]:
        """Of a box mostly, of any other, or of nobody's; minutes and ids come again, whole events too."""
        known = [*self.house.boxes, None]
        drawn = draw(some_told)
        events = [
            Told(box if which < 800 else known[which % len(known)], f"e-{number:03d}", kind, minute)
            for which, number, kind, minute in drawn
        ]
        return [*events, Told(**vars(events[0]))] if drawn[0][0] % 5 == 0 else events

    def carrier_tells(self, box: Box, draw: Any) -> None:
        self.ask_track(self.some_events(box, draw), draw(some_stores))

    def file_comes_in(self, box: Box, draw: Any) -> None:
        """A file comes, and is read at once, or later together with the next one."""
        self.file_comes(self.some_events(box, draw), broken=draw(st.integers(0, 5)) == 0)
        if draw(st.booleans()):
            self.ask_read_files()

    def follow(self, _box: Box, _draw: Any) -> None:
        self.ask_follow()

    def nonsense_about_boxes(self, box: Box, draw: Any) -> None:
        """Any wish for any box, and for the part that it is of."""
        part = box.part
        one = chosen(part.slices, draw)
        wishes = [
            lambda: self.ask_put_in(part, one, 1),
            lambda: self.ask_put_in(part, one, -1),
            lambda: self.ask_put_in(chosen(self.house.parts, draw), one, 1),
            lambda: self.ask_scan_in(part, one.sku),
            lambda: self.ask_pick(part, one, -1),
            lambda: self.ask_close_box(part, rest=True),
            lambda: self.ask_close_box(part, rest=False),
            lambda: self.ask_take_apart(box),
            lambda: self.ask_label(box, silent=False),
            lambda: self.ask_dispatch(part),
            lambda: self.ask_return(part),
            lambda: self.ask_track([Told(box, f"e-{draw(st.integers(0, 40)):03d}", "at_relay", 9)], None),
            self.ask_read_files,
            self.ask_follow,
        ]
        draw(st.sampled_from(wishes))()
