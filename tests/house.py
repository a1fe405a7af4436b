"""The furnished house: what every test finds, and what the servers of the kill tests are given."""

from dataclasses import dataclass

from inventory.catalog.models import Variant
from inventory.places.models import HoldPlace, Location
from inventory.sourcing.services.ruling import found_rules
from inventory.stock.models import StockLevel
from inventory.stock.services.opening import open_stock
from loyalty.models import Programme
from tests import factories

OPENING_STOCK = 100


@dataclass(frozen=True)
class House:
    """What a test finds: three stores from north to south, five articles at 10.00 to 50.00 €, a hundred of each there.

    `lille` and `lens` are the stores of the staff and of the key; `amiens` is somebody else's.
    """

    lille: Location
    lens: Location
    amiens: Location
    variants: list[Variant]
    programme: Programme

    @property
    def stores(self) -> list[Location]:
        return [self.lille, self.lens, self.amiens]

    @property
    def skus(self) -> list[str]:
        return [variant.sku for variant in self.variants]

    def places(self, store: Location) -> list[HoldPlace]:
        """The hold places of a store."""
        return list(HoldPlace.objects.filter(location=store))

    def level(self, sku: str, store: Location | None = None) -> StockLevel:
        """The level of an article as it stands now, in Lille unless another store is named."""
        return StockLevel.objects.get(variant__sku=sku, location=store or self.lille)


def furnish(*, units: int = OPENING_STOCK) -> House:
    """Write stores, hold places, VAT, articles, prices, `units` of each article in each store, the first rules of
    sourcing, and the programme."""
    stores = [
        factories.LocationFactory(code="lille", short_code="L1", name="Lille", latitude=50.6365, longitude=3.0635),
        factories.LocationFactory(code="lens", short_code="L2", name="Lens", latitude=50.4320, longitude=2.8330),
        factories.LocationFactory(code="amiens", short_code="A1", name="Amiens", latitude=49.8940, longitude=2.2957),
    ]
    for store in stores:
        for number in range(1, 4):
            factories.HoldPlaceFactory(location=store, name=f"Locker {number}", position=number)
    factories.VatRateFactory(vat_class="standard", rate=2000)
    factories.VatRateFactory(vat_class="reduced", rate=550)
    classes = ["standard", "standard", "reduced", "standard", "standard"]
    variants = [
        factories.VariantFactory(
            sku=f"SKU-{number}",
            gtin=factories.gtin(number),
            product__code=f"product-{number}",
            product__name=f"Article {number}",
            product__vat_class=vat_class,
        )
        for number, vat_class in enumerate(classes, 1)
    ]
    for number, variant in enumerate(variants, 1):
        factories.PriceFactory(variant=variant, amount=number * 1000)
    found_rules()
    open_stock(rows=[(store.pk, variant.pk, units) for store in stores for variant in variants])
    return House(*stores, variants=variants, programme=factories.programme())
