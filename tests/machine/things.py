"""What the model of the house is made of: plain Python, nothing of Omni."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Article:
    sku: str
    price: int
    rate: int


@dataclass
class Level:
    on_hand: int
    reserved: int = 0
    damaged: int = 0
    incoming: int = 0
    safety: int = 0
    moved: Counter = field(default_factory=Counter)
    corrected: int = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved - self.damaged - self.safety

    def correct(self, units: int, reason: str) -> None:
        """Put the figure right by so many, with a movement."""
        self.on_hand += units
        self.corrected += units
        if units:
            self.moved["counted_more" if units > 0 else "counted_less", abs(units), reason] += 1


@dataclass
class Kept:
    """Units that a hold keeps of one article in one store; `held` has an end, `overdue` is behind it."""

    quantity: int
    released: int = 0
    expired: int = 0
    held: bool = True
    overdue: bool = False

    @property
    def open(self) -> int:
        return self.quantity - self.released

    def let_go(self, units: int) -> None:
        self.released += units
        if not self.open:
            self.held = self.overdue = False

    @property
    def status(self) -> str:
        if self.open:
            return "held" if self.held else "confirmed"
        return "expired" if self.expired else "released"


@dataclass
class Hold:
    """What one reference keeps, or kept, by store and sku."""

    rows: dict[tuple[str, str], Kept]

    @property
    def kept(self) -> list[Kept]:
        return [kept for kept in self.rows.values() if kept.open]

    @property
    def store(self) -> str:
        return next(store for (store, _sku), kept in self.rows.items() if kept.open)

    @property
    def lines(self) -> dict[str, int]:
        return {sku: kept.open for (_store, sku), kept in self.rows.items() if kept.open}


@dataclass
class CountLine:
    """What was counted of one article, what the figure was meanwhile, and how much of it had been put right by then."""

    counted: int = 0
    least: int | None = None
    most: int = 0
    corrected: int = 0
    expected: int | None = None
    spared: int = 0
    reason: str = ""

    def look(self, level: Level) -> None:
        """Somebody counts while the figure stands so."""
        self.least, self.most = (
            (level.on_hand, level.on_hand)
            if self.least is None
            else (min(self.least, level.on_hand), max(self.most, level.on_hand))
        )
        self.corrected = level.corrected

    def difference(self, level: Level) -> tuple[int, int, int]:
        """Return what should have been counted, how many more were, and how many of the missing stay."""
        expected = min(max(self.counted, self.least or 0), self.most) + level.corrected - self.corrected
        spared = max(0, expected - self.counted - max(0, level.on_hand - level.damaged - level.reserved))
        return expected, self.counted - expected, spared


@dataclass
class Count:
    store: str
    status: str = "open"
    lines: dict[str, CountLine] = field(default_factory=dict)


@dataclass
class Wallet:
    posted: int = 0
    pending: int = 0
