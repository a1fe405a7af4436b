"""What is drawn for parcels, and how often."""

from typing import Any

from hypothesis import strategies as st

from tests.machine.asking_parcels import AskingParcels
from tests.machine.parcels import FEWER, MORE, ON_ITS_WAY, Parcel

some_article = st.integers(0, 3)
some_list = st.dictionaries(some_article, st.integers(1, 5), max_size=3)
some_pieces = st.sampled_from([1, 1, 2, 3, -1])


class ParcelWishes(AskingParcels):
    """Wishes for what goes between the two stores, and for suppliers' deliveries."""

    sku: Any

    def parcel_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished of the parcels as they stand: how often, what, and for one of what."""
        drafts, ready, coming = (
            [one for one in self.house.parcels[::-1] if one.status in among]
            for among in ({"draft"}, {"ready"}, ON_ITS_WAY)
        )
        return [
            (1 if len(drafts) > 2 else 5, self.list_parcel, [None]),
            (1 if len(coming) > 4 else 2, self.expect, [None]),
            (3, self.write, drafts),
            (5, self.make_ready, drafts),
            (6, self.send, ready),
            (2, self.think_again, ready),
            (9, self.receive, coming),
            (3, self.book, coming),
            (4, self.close_parcel, coming),
            (6, self.nonsense_about_parcels, self.house.parcels),
        ]

    def drawn_list(self, draw: Any) -> dict[str, int]:
        return {self.sku(number): units for number, units in draw(some_list).items()}

    def ends(self, draw: Any) -> tuple[str, str]:
        stores = sorted(self.world.stores)
        return tuple(stores if draw(st.booleans()) else stores[::-1])  # type: ignore[return-value]

    def list_parcel(self, _nothing: None, draw: Any) -> None:
        self.ask_list(*self.ends(draw), self.drawn_list(draw))

    def expect(self, _nothing: None, draw: Any) -> None:
        self.ask_expect(self.ends(draw)[0], self.drawn_list(draw))

    def write(self, parcel: Parcel, draw: Any) -> None:
        sku = self.sku(draw(some_article))
        if draw(st.integers(0, 4)):
            self.ask_write(parcel, sku, draw(some_pieces))
        else:
            self.ask_strike(parcel, sku)

    def make_ready(self, parcel: Parcel, _draw: Any) -> None:
        self.ask_make_ready(parcel)

    def send(self, parcel: Parcel, _draw: Any) -> None:
        self.ask_send(parcel)

    def think_again(self, parcel: Parcel, draw: Any) -> None:
        (self.ask_reopen if draw(st.booleans()) else self.ask_give_up)(parcel)

    def receive(self, parcel: Parcel, draw: Any) -> None:
        """Scan what was sent, or a few pieces of anything, or a code that nobody knows."""
        lines = sorted(parcel.lines)
        how = draw(st.integers(0, 5))
        if how == 0:
            self.ask_park(parcel, "3760012845026")
        elif how < 3 or not lines:
            self.ask_scan_piece(parcel, self.sku(draw(some_article)), draw(some_pieces))
        else:
            sku = draw(st.sampled_from(lines))
            line = parcel.lines[sku]
            self.ask_scan_piece(parcel, sku, max(1, line.sent - line.received - line.scanned))

    def book(self, parcel: Parcel, _draw: Any) -> None:
        self.ask_book(parcel)

    def close_parcel(self, parcel: Parcel, draw: Any) -> None:
        """With a reason for each line; sometimes one that cannot be."""
        fewer, more = draw(st.sampled_from([*FEWER, MORE[0], ""])), draw(st.sampled_from([*MORE, FEWER[0]]))
        reasons = {
            sku: more if line.received + line.scanned > line.sent else fewer for sku, line in parcel.lines.items()
        }
        self.ask_close_parcel(parcel, reasons)

    def nonsense_about_parcels(self, parcel: Parcel, draw: Any) -> None:
        """Any wish for any parcel, ended ones included."""
        sku = self.sku(draw(some_article))
        wishes = [
            lambda: self.ask_list("lille", "lille", {}),
            lambda: self.ask_write(parcel, sku, 1),
            lambda: self.ask_strike(parcel, sku),
            lambda: self.ask_make_ready(parcel),
            lambda: self.ask_reopen(parcel),
            lambda: self.ask_send(parcel),
            lambda: self.ask_give_up(parcel),
            lambda: self.ask_scan_piece(parcel, sku, -1),
            lambda: self.ask_book(parcel),
            lambda: self.ask_close_parcel(parcel, {}),
        ]
        draw(st.sampled_from(wishes))()
