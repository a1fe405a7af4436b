"""A made-up world whose true stock only the bench knows: pieces are stolen, go astray and turn up again, customers take
what is really there. The house sees its figures, its counts and its short picks. One seed makes one world: what befalls
an article on a day does not depend on what the house does."""

import random
from dataclasses import dataclass, field
from math import exp

FAMILIES = {"Books": 50, "Toys": 200, "Kitchen": 500, "Accessories": 1000, "Cosmetics": 2500, "Razors": 5000}
"""Losses per million pieces and day; an article in a store has its own rate around it (log-normal, sigma 0.8)."""
ASTRAY = 1 / 700
"""Chance per article, store and day that a handful goes astray; each of them turns up again with `FOUND` a day."""
FOUND = 1 / 60


@dataclass
class Shelf:
    """One article in one store: what is really there, what the figures say, and what happens to it."""

    store: int
    article: int
    loss: float
    pace: float
    true: int
    figure: int
    astray: int = 0
    coming: dict[int, int] = field(default_factory=dict)

    def suffer(self, luck: random.Random) -> None:
        """Let a day's losses and finds happen. Always the same number of draws, so that worlds stay alike."""
        stolen, strays, many, found = luck.random(), luck.random(), luck.randint(1, 4), luck.random()
        if stolen < 1 - (1 - self.loss) ** self.true:
            self.true -= 1
        if self.astray and found < FOUND * self.astray:
            self.astray, self.true = self.astray - 1, self.true + 1
        if strays < ASTRAY:
            gone = min(many, self.true)
            self.true, self.astray = self.true - gone, self.astray + gone

    def sell(self, luck: random.Random) -> int:
        """Return what customers take today out of what is really there and in the figures."""
        wish = _poisson(luck, self.pace)
        taken = min(wish, self.true, self.figure)
        self.true, self.figure = self.true - taken, self.figure - taken
        return taken

    def reorder(self, day: int) -> int:
        """Return what comes in today; order anew by the figures, which may be wrong."""
        came = self.coming.pop(day, 0)
        self.true, self.figure = self.true + came, self.figure + came
        most = max(2, round(self.pace * 28))
        if not self.coming and self.figure <= most // 3:
            self.coming[day + 4] = most - self.figure
        return came


def _poisson(luck: random.Random, mean: float) -> int:
    drawn, count, step = luck.random(), 0, exp(-mean)
    total = step
    while drawn > total and count < 20:
        count += 1
        step *= mean / count
        total += step
    return count


class Hidden:
    """So many stores and articles; a customer on the web is nearest to one store, then to the next ones in a ring."""

    def __init__(self, seed: int, stores: int, articles: int) -> None:
        self.seed, self.stores, self.articles = seed, stores, articles
        luck = random.Random(f"{seed} world")
        names = list(FAMILIES)
        self.families = [names[number % len(names)] for number in range(articles)]
        self.prices = [luck.choice([900, 1900, 3900, 7900]) for _ in range(articles)]
        paces = [min(0.6, luck.lognormvariate(-3.2, 1.0)) for _ in range(articles)]
        self.paces = paces
        self.shelves = [
            Shelf(
                store=store,
                article=article,
                loss=FAMILIES[self.families[article]] / 1e6 * luck.lognormvariate(-0.32, 0.8),
                pace=paces[article] * luck.uniform(0.5, 1.5),
                true=(most := max(2, round(paces[article] * 28))),
                figure=most,
            )
            for store in range(stores)
            for article in range(articles)
        ]

    def luck(self, day: int, what: str) -> random.Random:
        """Return the day's own chance for one purpose."""
        return random.Random(f"{self.seed} {day} {what}")

    def shelf(self, store: int, article: int) -> Shelf:
        return self.shelves[store * self.articles + article]

    def orders(self, day: int, count: int) -> list[tuple[int, int]]:
        """Return the day's web orders: article and the customer's nearest store, one piece each."""
        luck = self.luck(day, "orders")
        wanted = luck.choices(range(self.articles), weights=self.paces, k=count)
        return [(article, luck.randrange(self.stores)) for article in wanted]
