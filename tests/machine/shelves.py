"""The shelves of the model: levels, what is held of them, counts, and what is set aside. Plain Python, nothing of Omni.

As in `model`: a method is one wish, which changes the house as the books say, or raises `Refused` and changes nothing.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.machine.things import Count, CountLine, Hold, Kept, Level

Wanted = dict[str, int] | Counter
Row = tuple[str, str, str]
"""Reference, store and sku of what is held."""
DAMAGE_REASONS = ("damaged", "came_damaged", "display_worn", "incomplete", "expired", "other")
COUNT_REASONS = ("miscounted_before", "not_found", "found_elsewhere", "damaged", "stolen_or_lost", "other")


class Refused(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class Shelves:
    """The levels of two stores."""

    def __init__(self) -> None:
        self.levels: dict[tuple[str, str], Level] = {}
        self.holds: dict[str, Hold] = {}
        self.counts: list[Count] = []

    def open_level(self, store: str, sku: str, on_hand: int, safety: int) -> None:
        self.levels[store, sku] = Level(on_hand, safety=safety)
        if on_hand:
            self.levels[store, sku].moved["opened", on_hand, ""] += 1

    # --- what is free, and what becomes free when it is wanted ------------------------------------------------------

    def free_for(self, store: str, wanted: Wanted) -> list[Row]:
        """Return the holds that have run out and must give way so that all is there. Refused when it is not."""
        short = self._short(store, wanted, {})
        due = {key: kept for key, kept in self._overdue() if key[1] == store and key[2] in short}
        if due:
            back: Counter = Counter()
            for (_reference, _store, sku), kept in due.items():
                back[sku] += kept.open
            short = self._short(store, wanted, back)
        if short:
            raise Refused("short_stock", short={store: short})
        return list(due)

    def _short(self, store: str, wanted: Wanted, back: Counter | dict) -> dict[str, tuple[int, int]]:
        available = {sku: self._available(store, sku, back.get(sku, 0)) for sku in wanted}
        return {sku: (units, available[sku]) for sku, units in wanted.items() if available[sku] < units}

    def _available(self, store: str, sku: str, back: int) -> int:
        level = self.levels.get((store, sku))
        return max(0, level.free + back) if level else 0

    def _overdue(self) -> list[tuple[Row, Kept]]:
        return [
            ((reference, *place), kept)
            for reference, hold in self.holds.items()
            for place, kept in hold.rows.items()
            if kept.open and kept.overdue
        ]

    def reserve(self, store: str, wanted: Wanted, due: Iterable[Row]) -> None:
        """Reserve what `free_for` found free."""
        self._expire(due)
        for sku, units in wanted.items():
            self.levels[store, sku].reserved += units

    def _expire(self, due: Iterable[Row]) -> None:
        for reference, store, sku in due:
            kept = self.holds[reference].rows[store, sku]
            self.levels[store, sku].reserved -= kept.open
            kept.expired = kept.open
            kept.let_go(kept.open)

    # --- holds ------------------------------------------------------------------------------------------------------

    def hold(self, reference: str, store: str, wanted: dict[str, int]) -> Hold:
        """The same wish again finds the same hold."""
        if reference not in self.holds:
            due = self.free_for(store, wanted)
            self.reserve(store, wanted, due)
            self.holds[reference] = Hold({(store, sku): Kept(units) for sku, units in wanted.items()})
            return self.holds[reference]
        known = self.holds[reference]
        if not known.lines or known.kept[0].overdue:
            raise Refused("hold_ended")
        if (known.store, known.lines) != (store, wanted):
            raise Refused("reference_taken")
        return known

    def _known(self, reference: str) -> Hold:
        if reference not in self.holds:
            raise Refused("hold_missing")
        return self.holds[reference]

    def confirm(self, reference: str) -> Hold:
        known = self._known(reference)
        kept = known.kept
        if not kept or kept[0].overdue:
            raise Refused("hold_ended")
        for one in kept:
            one.held = False
        return known

    def release(self, reference: str) -> Hold:
        known = self._known(reference)
        for (store, sku), kept in known.rows.items():
            self.levels[store, sku].reserved -= kept.open
            kept.let_go(kept.open)
        return known

    def move(self, reference: str, to: str) -> Hold:
        known = self._known(reference)
        if not known.lines or known.kept[0].overdue:
            raise Refused("hold_ended")
        store, lines, held = known.store, known.lines, known.kept[0].held
        if store == to:
            return known
        due = self.free_for(to, lines)
        self.reserve(to, lines, due)
        for sku, units in lines.items():
            self.levels[store, sku].reserved -= units
            known.rows[store, sku].let_go(units)
            there = known.rows.setdefault((to, sku), Kept(0))
            there.quantity += units
            there.held = held
        return known

    def hold_runs_out(self, reference: str) -> None:
        for kept in self.holds[reference].kept:
            kept.overdue = kept.held

    def sweep_holds(self) -> int:
        """Return how many articles of holds came back."""
        due = [key for key, _kept in self._overdue()]
        self._expire(due)
        return len(due)

    # --- counts -----------------------------------------------------------------------------------------------------

    def begin_count(self, store: str) -> Count:
        self.counts.append(Count(store))
        return self.counts[-1]

    def _open(self, count: Count) -> None:
        if count.status != "open":
            raise Refused("count_ended")

    def count(self, count: Count, sku: str, pieces: int) -> int:
        self._open(count)
        line = count.lines.get(sku)
        if pieces < 0 and (line is None or line.counted + pieces < 0):
            raise Refused("not_counted")
        line = count.lines.setdefault(sku, CountLine())
        line.counted += pieces
        line.look(self._seen(count, sku))
        return line.counted

    def set_counted(self, count: Count, sku: str, counted: int) -> int:
        if not 0 <= counted <= 99_999:
            raise Refused("not_counted")
        self._open(count)
        line = count.lines[sku] = CountLine(counted)
        line.look(self._seen(count, sku))
        return counted

    def leave_out(self, count: Count, sku: str) -> None:
        self._open(count)
        if sku not in count.lines:
            raise Refused("not_counted")
        del count.lines[sku]

    def _seen(self, count: Count, sku: str) -> Level:
        return self.levels.get((count.store, sku)) or Level(0)

    def close(self, count: Count, reasons: dict[str, str]) -> dict[str, int]:
        """Return by how much each figure changed."""
        if count.status != "open":
            raise Refused("transition_refused")
        if not count.lines:
            raise Refused("not_counted")
        found = {sku: line.difference(self._seen(count, sku)) for sku, line in count.lines.items()}
        if any(units and sku not in reasons for sku, (_expected, units, _spared) in found.items()):
            raise Refused("reason_missing")
        for sku, (expected, units, spared) in found.items():
            line, level = count.lines[sku], self.levels.setdefault((count.store, sku), Level(0))
            line.expected, line.spared, line.reason = expected, spared, reasons[sku] if units else ""
            level.correct(units + spared, line.reason)
        count.status = "closed"
        return {sku: units + spared for sku, (_expected, units, spared) in found.items()}

    def abandon(self, count: Count) -> None:
        if count.status != "open":
            raise Refused("transition_refused")
        count.status = "abandoned"

    # --- set aside, and back on sale --------------------------------------------------------------------------------

    def set_aside(self, store: str, sku: str, quantity: int, reason: str) -> None:
        level = self.levels.get((store, sku)) or Level(0)
        unpromised = level.on_hand - level.damaged - level.reserved
        if reason not in DAMAGE_REASONS or not 1 <= quantity <= unpromised:
            raise Refused("not_free")
        level.damaged += quantity
        level.moved["damaged", quantity, reason] += 1

    def repair(self, store: str, sku: str, quantity: int) -> None:
        level = self.levels.get((store, sku)) or Level(0)
        if not 1 <= quantity <= level.damaged:
            raise Refused("not_free")
        level.damaged -= quantity
        level.moved["repaired", quantity, "for_sale_again"] += 1
