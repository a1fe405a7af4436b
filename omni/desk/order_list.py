"""The list of orders, described: its columns, its filters, what its rows hold, what can be done to many of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, DateTimeField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.places.queries import place, places_of
from omni.desk import cancelling
from omni.lib.errors import Refusal
from omni.lib.lists import BulkAction, Column, Listing
from omni.staff.access import Actor
from omni.staff.models import Channel
from omni.templatetags.omni import figure
from orders.fulfilment import panels as fulfilment
from orders.fulfilment.filters import ServedOrderFilter
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.panels import Served
from orders.sales import panels as sales
from orders.sales import queries, reasons
from orders.sales.models import Order

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Where an order without a promise stands when the list is sorted by promises."""
CHANNEL_ICONS = {
    Channel.STORE: "store",
    Channel.WEB: "globe",
    Channel.APP: "bag",
    Channel.PHONE: "phone",
    Channel.CHAT: "message",
    Channel.EMAIL: "mail",
    Channel.SOCIAL: "people",
    Channel.MARKETPLACE: "tag",
    Channel.KIOSK: "house",
}
COLUMNS = (
    Column(
        "number", gettext_lazy("No."), "title", fixed=True, also=("short_id", gettext_lazy("Short ID")), card="title"
    ),
    Column("channel", gettext_lazy("Channel"), "icon", card="plain"),
    Column("customer", gettext_lazy("Customer"), "linked", card="strong"),
    Column("store", gettext_lazy("Store"), card="plain"),
    Column("kind", gettext_lazy("Way to the customer"), shown=False, card="plain"),
    Column("status", gettext_lazy("State"), "chip", card="state"),
    Column("promised", gettext_lazy("Promised"), "promise", sort="promise_at"),
    Column("pieces", gettext_lazy("Items"), "number"),
    Column("total", gettext_lazy("Total"), "money", sort="amount"),
    Column("placed", gettext_lazy("Placed"), "moment", sort="placed_at"),
    Column("reference", gettext_lazy("Reference"), shown=False),
)


def rows(orders: Sequence[Order], actor: Actor) -> list[dict[str, Any]]:
    """Return the rows of some orders. Two statements, whatever their number."""
    now = timezone.now()
    pks = [order.pk for order in orders]
    served, pieces = fulfilment.of_orders(pks, actor), queries.pieces_of(pks)
    known = actor.may("customers.view")
    return [_row(order, served.get(order.pk, []), pieces.get(order.pk, 0), now, known) for order in orders]


def _row(order: Order, served: list[Served], pieces: int, now: datetime, known: bool) -> dict[str, Any]:
    current = current_of(served)
    is_open = order.status == Order.Status.OPEN and current is not None
    store = place(order.location_id)
    return {
        "key": order.number,
        "number": order.number,
        "short_id": current.short_id if current and is_open else "",
        "url": reverse("order", args=[order.number]),
        "channel": str(order.get_channel_display()),
        "channel_icon": CHANNEL_ICONS[Channel(order.channel)],
        "customer": order.customer.name if order.customer else "",
        "customer_url": reverse("customer", args=[order.customer.code]) if order.customer and known else "",
        "store": store.name,
        "zone": store.zone,
        "kind": str(Fulfilment.Kind(current.kind).label) if current else "",
        "status": state_of(order.status, served, now),
        "promised": current.promised_at if current and is_open else None,
        "late": bool(current and current.is_late(now)),
        "pieces": pieces,
        "total": order.total - order.dropped,
        "placed": order.placed_at,
        "reference": order.external_ref or "",
    }


def state_of(status: str, served: Sequence[Served], now: datetime) -> dict[str, str]:
    """Return how an order of this status stands: an open one by what is being done for it."""
    current = current_of(served)
    if current and status == Order.Status.OPEN:
        return {"state": current.state(now), "label": current.state_label(now)}
    if current and current.kind == Fulfilment.Kind.RESERVATION:
        return {"state": sales.STATES[Order.Status(status)], "label": current.state_label(now)}
    known = Order.Status(status)
    return {"state": sales.STATES[known], "label": str(known.label)}


def current_of(served: Sequence[Served]) -> Served | None:
    """Return the fulfilment that an order is judged by: the open one, else the last."""
    return next((one for one in served if one.is_open), served[-1] if served else None)


def prepared(found: QuerySet[Order], sort: str) -> QuerySet[Order]:
    """Add what the list is sorted by and the table does not hold. Only open orders are asked for their promise."""
    if sort == "amount":
        return found.annotate(amount=F("total") - F("dropped"))
    if sort != "promise_at":
        return found
    promised = Fulfilment.objects.filter(order=OuterRef("pk"), ended_at=None).order_by("promised_at")
    of_open = Case(
        When(status=Order.Status.OPEN, then=Subquery(promised.values("promised_at")[:1])),
        output_field=DateTimeField(),
    )
    return found.annotate(promise_at=Coalesce(of_open, Value(NEVER)))


def count_words(number: int, more: bool) -> str:
    """Return "41 orders"."""
    if more:
        return _("more than %(number)s orders") % {"number": figure(number)}
    return ngettext("%(number)s order", "%(number)s orders", number) % {"number": figure(number)}


def news_words(number: int) -> str:
    """Return "2 new orders"."""
    return ngettext("%(number)s new order", "%(number)s new orders", number) % {"number": number}


def pick_lists(orders: QuerySet[Order]) -> str:
    """Return the address of the pick lists of the chosen orders that are still to be prepared."""
    waiting = Fulfilment.objects.filter(
        order__in=orders.values("pk"), status__in=[Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING]
    )
    wanted = [str(one) for one in waiting.order_by("promised_at").values_list("public_id", flat=True)[:MOST_LISTS]]
    if not wanted:
        raise Refusal(_("None of these orders is still to be prepared."))
    try:
        return f"{reverse('pick-lists')}?{urlencode({'id': wanted}, doseq=True)}"
    except NoReverseMatch:
        raise Refusal(_("Pick lists are not printed here.")) from None


MOST_LISTS = 60
ORDERS = Listing(
    name="orders",
    title=gettext_lazy("Orders"),
    permission="orders.view",
    export_permission="orders.export",
    template="sales/order_list.html",
    columns=COLUMNS,
    source=lambda actor: Order.objects.visible_to(actor),
    filters=ServedOrderFilter,
    related=("customer",),
    prepared=prepared,
    rows=rows,
    count_words=count_words,
    news_words=news_words,
    default_sort="-placed",
    key="number",
    thing_route="order",
    walked=True,
    amount="amount",
    stores=lambda actor: [(one.id, one.name) for one in places_of(actor.store_ids)],
    actions=(
        BulkAction(
            "pick_lists", gettext_lazy("Pick lists"), icon="printer", permission="pickups.prepare", go=pick_lists
        ),
        BulkAction(
            "cancel",
            gettext_lazy("Cancel orders"),
            icon="ban",
            permission="orders.cancel",
            act=cancelling.cancel,
            question=gettext_lazy("The pieces go back into stock, and what was paid goes back to whoever paid it."),
            reasons=reasons.CHOSEN,
            danger=True,
            needs_proof=True,
        ),
    ),
)
