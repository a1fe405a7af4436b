"""What the model's orders are made of: lines, the parts that serve them in slices, hand-overs. Plain Python."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.machine.things import Article

WAITING = {"to_pick", "picking", "ready"}


@dataclass(eq=False)
class Line:
    article: Article
    quantity: int
    tax: int = 0
    dropped: int = 0
    each: int = -1
    """What a piece costs: its article's price, unless it came instead of something cheaper."""

    def __post_init__(self) -> None:
        self.each = self.article.price if self.each < 0 else self.each

    @property
    def total(self) -> int:
        return self.quantity * self.each


@dataclass(eq=False)
class Slice:
    """So many pieces of a line, in one part."""

    line: Line
    quantity: int
    picked: int = 0
    short: int = 0
    reason: str = ""
    rerouted: int = 0
    collected: int = 0
    refused: int = 0
    packed: int = 0

    @property
    def sku(self) -> str:
        return self.line.article.sku

    @property
    def open(self) -> int:
        return self.quantity - self.picked - self.short

    @property
    def waiting(self) -> int:
        return self.picked - self.collected - self.refused

    @property
    def kept(self) -> int:
        return self.quantity - self.short - self.collected - self.refused


@dataclass(eq=False)
class Part:
    """One way of handing over: `way` is where it stands."""

    store: str
    kind: str
    slices: list[Slice]
    instead_of: "Part | None" = None
    way: str = "to_pick"
    overdue: bool = False
    code_round: int = 0
    goes_to: str | None = None

    def units(self, count: str) -> Counter:
        return summed((one, getattr(one, count)) for one in self.slices)

    def value(self, count: str) -> int:
        """Return the cents of so many pieces."""
        return sum(getattr(one, count) * one.line.each for one in self.slices)


@dataclass(eq=False)
class HandedOver:
    """What was given and refused of which slices, and what was paid for it at the counter."""

    part: Part
    gave: dict[Slice, tuple[int, int]]
    undone: bool = False
    too_old: bool = False
    taken: tuple[str, int] | None = None

    def units(self, count: int) -> Counter:
        """Return the units that were collected (0), or refused (1)."""
        return summed((one, pieces[count]) for one, pieces in self.gave.items())


@dataclass(eq=False)
class Order:
    """`held` is, by store and sku, what is kept, gone and released; `closed_under` what closed it, and its number."""

    customer: str | None
    lines: list[Line]
    parts: list[Part]
    status: str = "open"
    closed_under: tuple[str, int] | None = None
    also_at: list[str] = field(default_factory=list)
    money: Counter = field(default_factory=Counter)
    held: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    waits: int = 0
    kept: int = 0
    due_later: int = 0
    given: list[HandedOver] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    store: str = ""
    wished: list[Part] = field(default_factory=list)
    """The parts in the order in which they were wished for, the order's own place first."""

    def __post_init__(self) -> None:
        self.wished = list(self.parts)
        self.store = self.parts[0].store
        self.also_at = sorted({part.store for part in self.parts} - {self.store})

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def reserved(self) -> bool:
        """Whether something of it is only reserved to be tried."""
        return any(part.kind == "reservation" for part in self.parts)

    @property
    def dropped(self) -> int:
        return sum(line.dropped * line.each for line in self.lines)

    @property
    def paid(self) -> int:
        return sum(cents if kind == "capture" else -cents for (kind, _tender), cents in self.money.items())

    @property
    def has(self) -> int:
        """The cents of the pieces that the customer has."""
        return sum(part.value("collected") for part in self.parts)

    def wanted(self) -> dict[str, Counter]:
        """Return the units of each store, in the order of the parts."""
        wanted: dict[str, Counter] = {}
        for part in self.parts:
            wanted[part.store] = wanted.get(part.store, Counter()) + part.units("quantity")
        return wanted

    def keep(self, store: str, wanted: Counter) -> None:
        for sku, units in wanted.items():
            self.held.setdefault((store, sku), [0, 0, 0])[0] += units


def summed(pieces: Iterable[tuple[Slice, int]]) -> Counter:
    units: Counter = Counter()
    for one, number in pieces:
        units[one.sku] += number
    return +units


def tax_lines(lines: list[Line]) -> None:
    """VAT inside the prices: rounded half up once per rate, its cents to the largest remainders, first come first."""
    for rate in {line.article.rate for line in lines}:
        of_rate = [line for line in lines if line.article.rate == rate]
        exact = [Fraction(line.total * rate, 10_000 + rate) for line in of_rate]
        whole = int(sum(exact) + Fraction(1, 2))
        base = sum(line.total for line in of_rate)
        shares = [Fraction(whole * line.total, base) if base else Fraction(0) for line in of_rate]
        for line, share in zip(of_rate, shares, strict=True):
            line.tax = int(share)
        rest = whole - sum(line.tax for line in of_rate)
        by_remainder = sorted(range(len(of_rate)), key=lambda index: int(shares[index]) - shares[index])
        for index in by_remainder[:rest]:
            of_rate[index].tax += 1
