"""The hidden world's figures in the house's real tables: movements with their instants, levels, closed counts."""

from collections.abc import Sequence
from datetime import datetime

from bench.hidden import Hidden, Shelf
from inventory.catalog.models import Price, Product, Variant
from inventory.confidence.models import CountAdvice
from inventory.places.models import Location
from inventory.stock.models import CountLine, StockCount, StockLevel, StockMovement
from inventory.stock.services.closing import reference_of
from omni.lib import sql
from omni.staff.models import User
from omni.staff.services import people

SETTLE = """
UPDATE stock_stocklevel level SET on_hand = given.figure
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS given(location_id, variant_id, figure)
WHERE level.location_id = given.location_id AND level.variant_id = given.variant_id
"""


class Ledger:
    """Writes what happened, day by day, as the house would have it."""

    def __init__(self, world: Hidden, began: datetime) -> None:
        self.world = world
        self.moves: list[StockMovement] = []
        self.touched: dict[tuple[int, int], Shelf] = {}
        self.places = [self._place(number) for number in range(world.stores)]
        self.variants = [self._variant(number, began) for number in range(world.articles)]
        self.counter: User = people.engage(
            login="hidden-counter", name="Counter", password=None, role="clerk", language="en", store_ids=self.places
        )
        StockLevel.objects.bulk_create(
            StockLevel(location_id=place, variant_id=variant, on_hand=0)
            for place in self.places
            for variant in self.variants
        )
        for shelf in world.shelves:
            self.move(shelf, "opened", shelf.figure, began)
        self.write()
        self.analyse()

    def _place(self, number: int) -> int:
        code = f"hidden-{number}"
        return Location.objects.create(code=code, short_code=f"~{number}", name=code, latitude=0, longitude=0).pk

    def _variant(self, number: int, began: datetime) -> int:
        product = Product.objects.create(
            code=f"hidden-{number}", name=f"Hidden {number}", category=self.world.families[number]
        )
        variant = Variant.objects.create(product=product, sku=f"HIDDEN-{number}")
        Price.objects.create(variant=variant, amount=self.world.prices[number], starts_at=began)
        return variant.pk

    def key(self, shelf: Shelf) -> tuple[int, int]:
        """Return the shelf's location and variant id."""
        return self.places[shelf.store], self.variants[shelf.article]

    def move(self, shelf: Shelf, kind: str, units: int, at: datetime, *, reason: str = "", cause: str = "") -> None:
        """Note a movement; its shelf's figure is that after it."""
        place, variant = self.key(shelf)
        self.touched[place, variant] = shelf
        self.moves.append(
            StockMovement(
                location_id=place, variant_id=variant, kind=kind, quantity=units, reason=reason, created_at=at,
                reference=cause or f"hidden:{at.isoformat()}",
            )
        )  # fmt: skip

    def write(self) -> None:
        """Write what was noted: movements, and the levels after them."""
        StockMovement.objects.bulk_create(self.moves, batch_size=5000)
        keys = list(self.touched)
        figures = [self.touched[key].figure for key in keys]
        sql.run(SETTLE, [[place for place, _pk in keys], [pk for _place, pk in keys], figures])
        self.moves, self.touched = [], {}

    def count(self, store: int, shelves: Sequence[Shelf], at: datetime) -> None:
        """Close a count of these shelves: the figures become what is really there."""
        count = StockCount.objects.create(location_id=self.places[store], opened_by=self.counter, opened_at=at)
        CountLine.objects.bulk_create(
            CountLine(
                count=count, variant_id=self.variants[shelf.article], counted=shelf.true, expected=shelf.figure,
                least=shelf.figure, most=shelf.figure, reason="" if shelf.true == shelf.figure else "not_found",
            )
            for shelf in shelves
        )  # fmt: skip
        StockCount.objects.filter(pk=count.pk).update(status="closed", ended_at=at, ended_by=self.counter)
        for shelf in shelves:
            units = shelf.true - shelf.figure
            shelf.figure = shelf.true
            if units:
                kind = "counted_more" if units > 0 else "counted_less"
                self.move(shelf, kind, abs(units), at, reason="not_found", cause=reference_of(count))
        self.write()

    def listed(self, place: int) -> list[int]:
        """Return the articles of the place's list, in its order."""
        advices = CountAdvice.objects.filter(count_list__location=place).order_by("position")
        return [self.variants.index(pk) for pk in advices.values_list("variant_id", flat=True)]

    def analyse(self) -> None:
        """Let PostgreSQL look at the tables, as it does by itself where rows are committed."""
        sql.run("ANALYZE stock_stockmovement, stock_stocklevel, stock_countline, stock_stockcount")
