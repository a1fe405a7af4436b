"""The parcels of the model: lists, what is on its way between two stores, and what a supplier brings. Plain Python."""

from collections import Counter
from dataclasses import dataclass, field

from tests.machine.shelves import Refused, Shelves
from tests.machine.things import Level

ON_ITS_WAY = {"in_transit", "partly_received"}
FEWER = ("not_in_the_parcel", "came_damaged", "other_article", "lost_on_the_way", "other")
MORE = ("more_in_the_parcel", "other_article", "other")


@dataclass
class ParcelLine:
    asked: int = 0
    sent: int = 0
    scanned: int = 0
    received: int = 0
    damaged: int = 0
    missing: int = 0
    reason: str = ""


@dataclass
class Parcel:
    """`origin` is a store, or nothing for a supplier's delivery."""

    origin: str
    destination: str
    status: str = "draft"
    receptions: int = 0
    lines: dict[str, ParcelLine] = field(default_factory=dict)
    unknown: Counter = field(default_factory=Counter)

    @property
    def wanted(self) -> dict[str, int]:
        return {sku: line.asked for sku, line in self.lines.items() if line.asked}


class Parcels(Shelves):
    """What goes between two stores."""

    def __init__(self) -> None:
        super().__init__()
        self.parcels: list[Parcel] = []

    def _level(self, store: str, sku: str) -> Level:
        return self.levels.setdefault((store, sku), Level(0))

    def list_parcel(self, origin: str, destination: str, wanted: dict[str, int]) -> Parcel:
        if origin == destination:
            raise Refused("wrong_places")
        self.parcels.append(Parcel(origin, destination))
        self.parcels[-1].lines = {sku: ParcelLine(units) for sku, units in wanted.items()}
        return self.parcels[-1]

    def expect(self, destination: str, wanted: dict[str, int]) -> Parcel:
        self.parcels.append(Parcel("", destination, "in_transit"))
        self.parcels[-1].lines = {sku: ParcelLine(units, units) for sku, units in wanted.items()}
        for sku, units in wanted.items():
            self._level(destination, sku).incoming += units
        return self.parcels[-1]

    # --- the list -----------------------------------------------------------------------------------------------

    def ask_for(self, parcel: Parcel, sku: str, pieces: int) -> int:
        if parcel.status != "draft":
            raise Refused("not_a_draft")
        return self._tally(parcel, sku, "asked", pieces)

    def strike(self, parcel: Parcel, sku: str) -> None:
        if parcel.status != "draft":
            raise Refused("not_a_draft")
        if sku not in parcel.lines:
            raise Refused("nothing_scanned")
        del parcel.lines[sku]

    def _tally(self, parcel: Parcel, sku: str, tally: str, pieces: int) -> int:
        line = parcel.lines.get(sku)
        if pieces < 0 and (line is None or getattr(line, tally) + pieces < 0):
            raise Refused("nothing_scanned")
        line = parcel.lines.setdefault(sku, ParcelLine())
        setattr(line, tally, getattr(line, tally) + pieces)
        return int(getattr(line, tally))

    # --- ready, gone, given up ----------------------------------------------------------------------------------

    def make_ready(self, parcel: Parcel) -> None:
        if parcel.status != "draft":
            raise Refused("transition_refused")
        if not parcel.wanted:
            raise Refused("nothing_to_send")
        due = self.free_for(parcel.origin, parcel.wanted)
        self.reserve(parcel.origin, parcel.wanted, due)
        parcel.status = "ready"

    def reopen(self, parcel: Parcel) -> None:
        if parcel.status != "ready":
            raise Refused("transition_refused")
        self._free(parcel)
        parcel.status = "draft"

    def give_up(self, parcel: Parcel) -> None:
        if parcel.status not in {"draft", "ready"}:
            raise Refused("transition_refused")
        if parcel.status == "ready":
            self._free(parcel)
        parcel.status = "cancelled"

    def _free(self, parcel: Parcel) -> None:
        for sku, units in parcel.wanted.items():
            self.levels[parcel.origin, sku].reserved -= units

    def send(self, parcel: Parcel) -> None:
        if parcel.status != "ready":
            raise Refused("transition_refused")
        self._free(parcel)
        for sku, units in parcel.wanted.items():
            level = self.levels[parcel.origin, sku]
            level.on_hand -= units
            level.moved["transferred_out", units, ""] += 1
            self._level(parcel.destination, sku).incoming += units
        for line in parcel.lines.values():
            line.sent = line.asked
        parcel.status = "in_transit"

    # --- the reception ------------------------------------------------------------------------------------------

    def _on_its_way(self, parcel: Parcel) -> None:
        if parcel.status not in ON_ITS_WAY:
            raise Refused("not_on_its_way")

    def scan_piece(self, parcel: Parcel, sku: str, pieces: int) -> int:
        self._on_its_way(parcel)
        return self._tally(parcel, sku, "scanned", pieces)

    def park(self, parcel: Parcel, code: str) -> int:
        self._on_its_way(parcel)
        parcel.unknown[code] += 1
        return parcel.unknown[code]

    def book(self, parcel: Parcel) -> str:
        self._on_its_way(parcel)
        came = {sku: line for sku, line in parcel.lines.items() if line.scanned}
        if not came:
            raise Refused("nothing_scanned")
        if any(self._differs(parcel, line) > 0 for line in came.values()):
            raise Refused("reason_missing")
        for sku, line in came.items():
            self._take_in(parcel, sku, line, "", closes=False)
        parcel.receptions += 1
        done = all(line.received >= line.sent for line in parcel.lines.values())
        parcel.status = "received" if done else "partly_received"
        return parcel.status

    def close_parcel(self, parcel: Parcel, reasons: dict[str, str]) -> str:
        self._on_its_way(parcel)
        if not parcel.lines:
            raise Refused("nothing_scanned")
        for sku, line in parcel.lines.items():
            units = self._differs(parcel, line)
            if units and reasons.get(sku, "") not in (MORE if units > 0 else FEWER):
                raise Refused("reason_missing")
        for sku, line in parcel.lines.items():
            self._take_in(parcel, sku, line, reasons.get(sku, ""), closes=True)
        parcel.receptions += 1
        parcel.status = "received"
        return parcel.status

    def _differs(self, parcel: Parcel, line: ParcelLine) -> int:
        if self._unannounced(parcel, line):
            return 0
        return line.received + line.scanned - line.sent

    def _unannounced(self, parcel: Parcel, line: ParcelLine) -> bool:
        return not parcel.origin and not line.asked

    def _take_in(self, parcel: Parcel, sku: str, line: ParcelLine, reason: str, *, closes: bool) -> None:
        level, units = self._level(parcel.destination, sku), self._differs(parcel, line)
        still_coming = max(0, line.sent - line.received) if line.asked else 0
        fewer = max(0, -units) if closes else 0
        broken = fewer if reason == "came_damaged" else 0
        came = line.scanned + broken
        level.on_hand += came
        level.damaged += broken
        level.incoming -= still_coming if closes else min(came, still_coming)
        if came:
            level.moved["transferred_in" if parcel.origin else "received", came, ""] += 1
        if broken:
            level.moved["damaged", broken, reason] += 1
        line.received, line.scanned, line.damaged = line.received + came, 0, line.damaged + broken
        line.missing = fewer - broken
        if units and closes:
            line.reason = reason
        if self._unannounced(parcel, line):
            line.sent = line.received
