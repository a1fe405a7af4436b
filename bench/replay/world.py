"""What happens beside the clerks, thread-safe: which orders there are, who stands at which counter, what was timed."""

import queue
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bench.replay.browser import Timed
from bench.replay.plan import Errand

SHOP = "order (API)"
"""Its refusals (another total, short stock) are answers that a shop acts upon, and are counted by who sends it."""


@dataclass
class Bag:
    """An order that was placed: its errand, its number, where it is prepared and under which short number."""

    errand: Errand
    number: str
    store: str
    short_id: str
    lines: list[tuple[str, int]]
    customer_path: str
    public_id: str = ""
    code: str = ""
    qr: str = ""


@dataclass
class World:
    """Everything that two people may touch at once."""

    bags: dict[tuple[str, str], Bag] = field(default_factory=dict)
    timed: list[tuple[float, Timed]] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    counters: dict[str, "queue.Queue[Bag]"] = field(default_factory=lambda: defaultdict(queue.Queue))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def placed(self, bag: Bag) -> None:
        """Remember an order by its store and short number."""
        with self.lock:
            self.bags[bag.store, bag.short_id] = bag

    def bag(self, store: str, short_id: str) -> Bag | None:
        """Return the order that a store calls so."""
        with self.lock:
            return self.bags.get((store, short_id))

    def take(self, public_id: str) -> bool:
        """Say “I take this one”; False when a colleague did."""
        with self.lock:
            if public_id in self.taken:
                return False
            self.taken.add(public_id)
            return True

    def note(self, at: float, timed: Timed) -> None:
        """Remember how long an action took, and what was answered wrongly."""
        with self.lock:
            self.timed.append((at, timed))
            if timed.status >= 500 or (timed.status >= 400 and timed.action != SHOP):
                self.wrong[f"{timed.action} {timed.status}"] += 1

    def say(self, what: str) -> None:
        """Count something that went otherwise than planned."""
        with self.lock:
            self.refused[what] += 1
