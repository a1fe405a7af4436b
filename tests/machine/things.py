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
    safety: int = 0
    moved: Counter = field(default_factory=Counter)

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved - self.damaged - self.safety


@dataclass
class Line:
    article: Article
    quantity: int
    tax: int = 0
    picked: int = 0
    short: int = 0
    reason: str = ""
    collected: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        return self.quantity * self.article.price

    @property
    def open(self) -> int:
        return self.quantity - self.picked - self.short


@dataclass
class HandedOver:
    undone: bool = False
    too_old: bool = False
    taken: tuple[str, int] | None = None
    kept: int = 0


@dataclass
class Order:
    store: str
    kind: str
    customer: str | None
    lines: list[Line]
    status: str = "open"
    way: str = "to_pick"
    overdue: bool = False
    money: Counter = field(default_factory=Counter)
    held: dict = field(default_factory=dict)
    waits: int = 0
    due_later: int = 0
    given: list[HandedOver] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def dropped(self) -> int:
        return sum(line.dropped * line.article.price for line in self.lines)

    @property
    def paid(self) -> int:
        return sum(cents if kind == "capture" else -cents for (kind, _tender), cents in self.money.items())

    @property
    def due(self) -> int:
        return self.total - self.dropped - self.paid

    def units(self, count: str) -> Counter:
        units: Counter = Counter()
        for line in self.lines:
            units[line.article.sku] += getattr(line, count)
        return +units


@dataclass
class Wallet:
    posted: int = 0
    pending: int = 0
