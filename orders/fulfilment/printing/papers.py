"""What stands on each paper, as plain values: page and PDF draw the same. First name and initial only, never more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import Place, place
from omni.lib import qr
from omni.lib.money import format_cents, tax_included
from omni.templatetags.omni import clock, day, moment
from orders.fulfilment import codes, queries, screens
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.walking import BOXES, letter, walking_order, zone
from orders.payments.models import Payment, Tender
from orders.sales.models import Order
from orders.sales.services import dropping


@dataclass(frozen=True)
class Bin:
    """One order of a list: the letter of its box on the trolley, and the code that opens its picking page."""

    letter: str
    short_id: str
    who: str
    promise: str
    pieces: int
    code: str

    @property
    def qr(self) -> SafeString:
        return mark_safe(qr.svg(self.code))  # noqa: S308  (drawn by us)


@dataclass(frozen=True)
class Stop:
    """One article of the walk: where it stands, and how many go into each box. `zone_ends`: the next is elsewhere."""

    place: str
    name: str
    detail: str
    gtin: str
    quantities: tuple[int, ...]
    zone_ends: bool


@dataclass(frozen=True)
class PickList:
    """Orders prepared in one walk."""

    store: Place
    printed_at: datetime
    by: str
    bins: list[Bin]
    stops: list[Stop]

    @property
    def pieces(self) -> int:
        return sum(one.pieces for one in self.bins)

    @property
    def title(self) -> str:
        count = len(self.bins)
        return ngettext("Prepare %(count)s order", "Prepare together, %(count)s orders", count) % {"count": count}


@dataclass(frozen=True)
class Label:
    """What hangs on a bag: short ID, place, who, how many, until when; `code` names the bag and opens nothing."""

    short_id: str
    place: str
    who: str
    lines: list[str]
    code: str

    @property
    def qr(self) -> SafeString:
        return mark_safe(qr.svg(self.code))  # noqa: S308  (drawn by us)


@dataclass(frozen=True)
class ReceiptLine:
    """One article as it was given or left out: what it costs, or why it is not there."""

    quantity: int
    name: str
    amount: str
    note: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the customer takes along: what was given, what was paid, by whom and when it was handed over."""

    store: Place
    number: str
    short_id: str
    who: str
    handed: str
    lines: list[ReceiptLine]
    sums: list[tuple[str, str]]
    total_label: str
    total: str
    tax: str

    @property
    def address(self) -> str:
        return self.store.address_line


def short_name(fulfilment: Fulfilment) -> str:
    """Return `Mathilde D.`; the order's number when nobody is known."""
    customer = fulfilment.order.customer
    if customer is None:
        return fulfilment.order.number
    initial = f" {customer.family_name[:1]}." if customer.family_name else ""
    return f"{customer.given_name}{initial}".strip() or customer.code


def pick_lists(fulfilments: Sequence[Fulfilment], *, store: Place, by: str, now: datetime) -> list[PickList]:
    """Return one list for every `BOXES` orders, in the order given. One statement for each order."""
    parts = [fulfilments[start : start + BOXES] for start in range(0, len(fulfilments), BOXES)]
    return [_pick_list(part, store, by, now) for part in parts]


def _pick_list(fulfilments: Sequence[Fulfilment], store: Place, by: str, now: datetime) -> PickList:
    bins: list[Bin] = []
    wanted: dict[int, tuple[FulfilmentLine, list[int]]] = {}
    for column, fulfilment in enumerate(fulfilments):
        pieces = 0
        for line in queries.lines_in_hand(fulfilment):
            still_open = line.quantity - line.picked - line.short
            if still_open:
                _line, counts = wanted.setdefault(line.order_line.variant_id, (line, [0] * len(fulfilments)))
                counts[column] += still_open
                pieces += still_open
        promise = f"{screens.kind_label(fulfilment.kind)} {clock(fulfilment.promised_at, store.zone)}"
        code = codes.bag_text(fulfilment.public_id)
        bins.append(Bin(letter(column), fulfilment.short_id, short_name(fulfilment), promise, pieces, code))
    return PickList(store, now, by, bins, _walk(list(wanted.values())))


def _walk(wanted: list[tuple[FulfilmentLine, list[int]]]) -> list[Stop]:
    """Return the articles in the order of the walk: by place, numbers as numbers; what has no place comes last."""
    ordered = sorted(wanted, key=lambda one: walking_order(one[0].order_line.variant.shelf))
    zones = [zone(line.order_line.variant.shelf) for line, _counts in ordered] + [None]
    return [
        Stop(
            place=line.order_line.variant.shelf,
            name=line.order_line.variant.product.name,
            detail=line.order_line.variant.label,
            gtin=line.order_line.variant.gtin or line.order_line.variant.sku,
            quantities=tuple(counts),
            zone_ends=zones[index + 1] is not None and zones[index + 1] != zones[index],
        )
        for index, (line, counts) in enumerate(ordered)
    ]


def pieces_in_bag(fulfilment: Fulfilment) -> int:
    """Return how many pieces the bag holds, or will hold."""
    return sum(line.waiting or line.kept or line.collected for line in queries.lines_in_hand(fulfilment))


def bag_label(fulfilment: Fulfilment) -> Label:
    """Return the label of an order's only bag."""
    pieces = pieces_in_bag(fulfilment)
    words = ngettext("%(count)s item", "%(count)s items", pieces) % {"count": pieces}
    lines = [_("Bag %(bag)s of %(bags)s") % {"bag": 1, "bags": 1}]
    return _label(fulfilment, [f"{short_name(fulfilment)}, {words}", *lines])


def hold_label(fulfilment: Fulfilment) -> Label:
    """Return the label of the place where the order waits: whose it is, and from when to when it is kept."""
    zone_of_store = place(fulfilment.location_id).zone
    since = [_("Ready since %(moment)s") % {"moment": moment(fulfilment.ready_at, zone_of_store)}]
    return _label(fulfilment, [short_name(fulfilment), *(since if fulfilment.ready_at else [])])


def _label(fulfilment: Fulfilment, lines: list[str]) -> Label:
    until = [_("Until %(day)s") % {"day": day(fulfilment.keep_until, place(fulfilment.location_id).zone)}]
    return Label(
        short_id=fulfilment.short_id,
        place=fulfilment.hold_place.name if fulfilment.hold_place else "",
        who=short_name(fulfilment),
        lines=[*lines, *(until if fulfilment.keep_until else [])],
        code=codes.bag_text(fulfilment.public_id),
    )


def receipt(fulfilment: Fulfilment, given: HandOver) -> Receipt:
    """Return the receipt of a hand-over, in the language that is active."""
    order, store = fulfilment.order, place(fulfilment.location_id)
    currency = order.currency
    who = {"name": given.actor.name.split(" ")[0], "moment": moment(given.created_at, store.zone)}
    gave = {one.line_id: one.collected for one in given.lines.all()}
    parts = [(line, gave.get(line.pk, 0)) for line in queries.lines_in_hand(fulfilment)]
    total = sum(dropping.value_of_first(line.order_line, units) for line, units in parts)
    return Receipt(
        store=store,
        number=order.number,
        short_id=fulfilment.short_id,
        who=short_name(fulfilment),
        handed=_("Handed over %(moment)s by %(name)s") % who,
        lines=[one for line, units in parts for one in _receipt_lines(line, units, currency)],
        sums=[(words, format_cents(cents, currency)) for words, cents in _sums(order, given, total)],
        total_label=_("Total"),
        total=format_cents(total, currency),
        tax=_("VAT included: %(tax)s") % {"tax": format_cents(sum(_tax(*part) for part in parts), currency)},
    )


def _sums(order: Order, given: HandOver, total: int) -> list[tuple[str, int]]:
    """Return how a hand-over that costs `total` was paid: so much of what was paid before it as it took (by its tender,
    where there is only one), what was paid at it, and what was given back at it."""
    payments = list(Payment.objects.filter(order=order.pk).order_by("pk"))
    now = [one for one in payments if one.reference == given.reference(order.number)]
    paid = [(str(Tender(one.tender).label), one.amount) for one in now if one.kind == Payment.Kind.CAPTURE]
    back = sum(one.amount for one in now if one.kind == Payment.Kind.REFUND)
    before = total + back - sum(amount for _words, amount in paid)
    tenders = {one.tender for one in payments if one.created_at < given.created_at}
    words = str(Tender(tenders.pop()).label) if len(tenders) == 1 else _("Paid before")
    return [*([(words, before)] if before > 0 else []), *paid, *([(_("Refunded"), -back)] if back else [])]


def _tax(line: FulfilmentLine, units: int) -> int:
    """Return the VAT of a line as it was frozen; of the units that were given where those are not all."""
    sold = line.order_line
    if units == sold.quantity:
        return sold.tax
    return tax_included(dropping.value_of_first(sold, units), sold.vat_rate)


def _receipt_lines(line: FulfilmentLine, units: int, currency: str) -> list[ReceiptLine]:
    name, amount = line.order_line.name, dropping.value_of_first(line.order_line, units)
    rows = [ReceiptLine(units, name, format_cents(amount, currency))] if units else []
    missing = line.short - line.rerouted
    return [*rows, ReceiptLine(missing, name, "", _("not delivered"))] if missing else rows
