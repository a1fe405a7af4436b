"""What may come in the place of a missing article, and who is still being asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.db.models.functions import Now

from inventory.catalog import queries as catalog
from inventory.catalog.queries import Offer
from inventory.places.queries import Place
from omni.lib import sql
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.pricing import baskets
from orders.pricing.queries import vat_rate
from orders.sales.models import Order

MOST = 3
"""Articles that one customer is asked about at once: more is a catalogue, not a question."""
CHEAPEST, DEAREST = 0.5, 2.0
"""What else may come costs between half and twice as much as what is missing."""
LOOKED_AT = 60

ALIKE = """
SELECT other.sku, other.product_id = missing.product_id AS same_product
FROM catalog_variant missing
JOIN catalog_product of ON of.id = missing.product_id
JOIN catalog_product alike ON alike.id = of.id OR (alike.category = of.category AND alike.category <> '')
JOIN catalog_variant other ON other.product_id = alike.id AND other.id <> missing.id
JOIN stock_stocklevel level ON level.variant_id = other.id AND level.location_id = %(store)s::bigint
WHERE missing.id = %(variant)s::bigint AND other.withdrawn_at IS NULL AND other.measure = missing.measure
  AND level.on_hand - level.reserved - level.damaged - level.safety_stock >= %(quantity)s::int
  AND NOT EXISTS (SELECT FROM sales_orderline line
                  WHERE line.order_id = %(order)s::bigint AND line.variant_id = other.id)
ORDER BY same_product DESC, level.on_hand - level.reserved - level.damaged - level.safety_stock DESC, other.id
LIMIT %(limit)s::int
"""
"""Free here, not yet in the order: the same product first, then what the store has most of in its category."""


@dataclass(frozen=True)
class Candidate:
    """An article that may come instead, with what a piece of it costs on the order's channel now, in cents."""

    offer: Offer
    unit_price: int
    same_product: bool


def candidates(
    fulfilment: Fulfilment, line: FulfilmentLine, store: Place, quantity: int, now: datetime
) -> list[Candidate]:
    """Return up to `MOST` articles that may come instead of missing pieces, the best first: other sizes and colours of
    the same product, then those of its category whose price is nearest."""
    order, missing = fulfilment.order, line.order_line
    rows = sql.rows(
        ALIKE,
        {
            "store": store.id, "variant": missing.variant_id, "quantity": quantity, "order": order.pk,
            "limit": LOOKED_AT,
        },
    )  # fmt: skip
    offers = catalog.offers(("sku", row.sku) for row in rows)
    found = []
    for row in rows:
        offer = offers["sku", row.sku]
        price = sold_for(offer, order, store, now)
        if price is not None and (row.same_product or _near(price, missing.unit_price or 0)):
            found.append(Candidate(offer, price, row.same_product))
    found.sort(key=lambda one: (not one.same_product, abs(one.unit_price - (missing.unit_price or 0))))
    return found[:MOST]


def sold_for(offer: Offer, order: Order, store: Place, now: datetime) -> int | None:
    """Return what a piece costs on the order's channel, in cents; None when it is not for sale there today."""
    rate = vat_rate(territory=store.territory, vat_class=offer.vat_class, on=store.local(now).date())
    price = baskets.unit_price(offer, channel=order.channel, currency=order.currency, at=now)
    return None if rate is None else price


def _near(price: int, wanted: int) -> bool:
    return CHEAPEST * wanted <= price <= DEAREST * wanted


def asked(fulfilment_id: int) -> list[SubstituteQuestion]:
    """Return what the customer of a fulfilment is still asked, the first to end first. Two statements at most."""
    still_open = SubstituteQuestion.objects.filter(fulfilment=fulfilment_id, status=SubstituteQuestion.Status.OPEN)
    return list(
        still_open.select_related("line__order_line__variant__product")
        .prefetch_related("substitutes__variant__product")
        .order_by("answer_by", "pk")
    )


def still_asked(fulfilment_id: int) -> bool:
    """Whether an answer is still waited for: asked, and its time not over on the database's clock."""
    return _waited_for().filter(fulfilment=fulfilment_id).exists()


def worth_asked(order_id: int, *, but: Collection[int]) -> int:
    """Return the cents of the missing pieces of an order about which an answer is still waited for, but for those of
    some fulfilments: a yes needs that money again. One statement."""
    asked = _waited_for().filter(fulfilment__order=order_id).exclude(fulfilment__in=but)
    return asked.aggregate(worth=Sum("worth"))["worth"] or 0


def _waited_for() -> QuerySet[SubstituteQuestion]:
    return SubstituteQuestion.objects.filter(status=SubstituteQuestion.Status.OPEN, answer_by__gt=Now())
