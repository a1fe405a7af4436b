"""An imported history, as the import writes it: completed store orders without events, points derived from them."""

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from customers.models import Customer
from inventory.places.models import Location
from loyalty.models import Account, Entry
from loyalty.services.earning import found_programme
from orders.payments.models import Payment
from orders.sales.models import Order, OrderLine
from tests.house import House

_numbers = itertools.count(1)


def bought(
    house: House,
    store: Location,
    wall: str,
    *,
    paid: int,
    customer: Customer | None = None,
    channel: str = "store",
) -> Order:
    """Write down a purchase of the past, at the time that the store's clock showed (`2017-03-04 18:30`).

    `paid` cents may be negative: a coupon worth more than the basket.
    """
    clock = datetime.fromisoformat(wall)
    number = f"H-{next(_numbers)}"
    at = clock.replace(tzinfo=ZoneInfo(store.time_zone)).astimezone(UTC)
    order = Order.objects.create(
        number=number,
        channel=channel,
        external_ref=f"cj-{number}",
        customer=customer,
        location=store,
        status=Order.Status.COMPLETED,
        lines_total=max(paid, 0),
        discount=max(paid, 0) - paid,
        total=paid,
        imported=True,
        placed_at=at,
        placed_on=clock.date(),
    )
    amounts = {"unit_price": None, "gross": max(paid, 0), "total": max(paid, 0), "vat_rate": 550, "tax": 0}
    OrderLine.objects.create(
        order=order, position=1, variant=house.variants[0], name="Article 1", quantity=1, imported=True, **amounts
    )
    if paid > 0:
        Payment.objects.create(
            order=order, kind="capture", tender="other", amount=paid, reference="import", imported=True, created_at=at
        )
    if customer and paid >= 100:
        _derive_points(order, customer, paid // 100)
    return order


def _derive_points(order: Order, customer: Customer, points: int) -> None:
    programme = found_programme(code="points", name="Points")
    issue = Account.objects.get(programme=programme, kind=Account.Kind.ISSUE)
    wallet, _made = Account.objects.get_or_create(programme=programme, kind=Account.Kind.WALLET, customer=customer)
    Entry.objects.create(
        debit=issue,
        credit=wallet,
        points=points,
        kind=Entry.Kind.EARN,
        stage=Entry.Stage.POSTED,
        cause=order.number,
        reference=order.number,
        location_id=order.location_id,
        derived=True,
        created_at=order.placed_at,
    )
    Account.objects.filter(pk=wallet.pk).update(posted=wallet.posted + points)
