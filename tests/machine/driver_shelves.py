"""What is drawn for the shelves, and how often."""

from typing import Any

from hypothesis import strategies as st

from tests.machine.asking_shelves import AskingShelves
from tests.machine.shelves import COUNT_REASONS, DAMAGE_REASONS
from tests.machine.things import Count

STORES = ["lille", "lille", "lens"]
some_store = st.sampled_from(STORES)
some_article = st.integers(0, 3)
some_wanted = st.dictionaries(some_article, st.integers(1, 6), min_size=1, max_size=2)
some_pieces = st.sampled_from([1, 1, 1, 2, 5, 12, -1, -2])


class ShelfWishes(AskingShelves):
    """Wishes for holds, counts and pieces that are set aside."""

    def shelf_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished of the shelves as they stand: how often, what, and for one of what."""
        baskets = [reference for reference in self.house.holds if reference.startswith("basket")]
        kept = [reference for reference in baskets[::-1] if self.house.holds[reference].kept]
        held = [reference for reference in kept if self.house.holds[reference].kept[0].held]
        counting = [count for count in self.house.counts[::-1] if count.status == "open"]
        counted = [count for count in counting if count.lines]
        aside = [place for place, level in self.house.levels.items() if level.damaged]
        return [
            (3 if len(kept) > 5 else 9, self.hold, [None]),
            (4, self.confirm, held),
            (4, self.release, kept),
            (5, self.move, kept),
            (4, self.run_out, held),
            (4, self.nonsense_about_holds, baskets),
            ((8, 2, 2, 0)[min(3, len(counting))], self.begin_count, [None]),
            (12, self.count_some, counting),
            (2, self.correct_a_line, counted),
            (4, self.close, counted),
            (1, self.abandon, counting),
            (3, self.nonsense_about_counts, self.house.counts),
            (3, self.set_aside, list(self.house.levels)),
            (3, self.repair, aside),
        ]

    def sku(self, number: int) -> str:
        return str(self.world.skus[number])

    # --- holds ------------------------------------------------------------------------------------------------------

    def hold(self, _nothing: None, draw: Any) -> None:
        drawn = draw(some_wanted)
        wanted = {self.sku(number): units for number, units in drawn.items()}
        self.ask_hold(f"basket-{len(self.house.holds)}", draw(some_store), wanted)

    def confirm(self, reference: str, _draw: Any) -> None:
        self.ask_confirm(reference)

    def release(self, reference: str, _draw: Any) -> None:
        self.ask_release(reference)

    def move(self, reference: str, draw: Any) -> None:
        here = self.house.holds[reference].store
        elsewhere = next(store for store in self.world.stores if store != here)
        self.ask_move(reference, draw(st.sampled_from([elsewhere, elsewhere, elsewhere, here])))

    def run_out(self, reference: str, draw: Any) -> None:
        """A hold's time is over; the sweep may be late."""
        self.hold_runs_out(reference)
        if draw(st.booleans()):
            self.ask_sweep_holds()

    def nonsense_about_holds(self, reference: str, draw: Any) -> None:
        """Any wish for any hold, ended ones and ones that never were included; and the same hold again."""
        known = self.house.holds[reference]
        again = (known.store, known.lines) if known.lines else ("lille", {self.sku(0): 1})
        wishes = [
            lambda: self.ask_hold(reference, *again),
            lambda: self.ask_hold(reference, "lens", {self.sku(draw(some_article)): 1}),
            lambda: self.ask_confirm(reference),
            lambda: self.ask_release(reference),
            lambda: self.ask_move(reference, draw(some_store)),
            lambda: self.ask_confirm("never"),
            self.ask_sweep_holds,
        ]
        draw(st.sampled_from(wishes))()

    # --- counts -----------------------------------------------------------------------------------------------------

    def begin_count(self, _nothing: None, draw: Any) -> None:
        self.ask_begin_count(draw(some_store))

    def count_some(self, count: Count, draw: Any) -> None:
        """Scan something, or say what lies there: mostly about what the figure says."""
        sku = self.sku(draw(some_article))
        if draw(st.booleans()):
            self.ask_count(count, sku, draw(some_pieces))
        else:
            level = self.house.levels.get((count.store, sku))
            near = (level.on_hand if level else 0) + draw(st.sampled_from([0, 0, 0, -1, -3, 2]))
            self.ask_set_counted(count, sku, near)

    def correct_a_line(self, count: Count, draw: Any) -> None:
        self.ask_leave_out(count, draw(st.sampled_from(sorted(count.lines))))

    def close(self, count: Count, draw: Any) -> None:
        """Close with a reason for each line, or for none."""
        reason = draw(st.sampled_from([*COUNT_REASONS, ""]))
        self.ask_close(count, dict.fromkeys(count.lines, reason) if reason else {})

    def abandon(self, count: Count, _draw: Any) -> None:
        self.ask_abandon(count)

    def nonsense_about_counts(self, count: Count, draw: Any) -> None:
        sku = self.sku(draw(some_article))
        wishes = [
            lambda: self.ask_count(count, sku, 1),
            lambda: self.ask_set_counted(count, sku, -1),
            lambda: self.ask_leave_out(count, sku),
            lambda: self.ask_close(count, dict.fromkeys(count.lines, "other")),
            lambda: self.ask_abandon(count),
        ]
        draw(st.sampled_from(wishes))()

    # --- set aside, and back on sale --------------------------------------------------------------------------------

    def set_aside(self, place: tuple[str, str], draw: Any) -> None:
        level = self.house.levels[place]
        unpromised = level.on_hand - level.damaged - level.reserved
        quantity = draw(st.sampled_from([0, 1, 1, 2, 4, unpromised, unpromised + 1]))
        self.ask_set_aside(*place, quantity, draw(st.sampled_from([*DAMAGE_REASONS, "no reason"])))

    def repair(self, place: tuple[str, str], draw: Any) -> None:
        self.ask_repair(*place, draw(st.integers(1, self.house.levels[place].damaged + 1)))
