"""One store's things, one in each state that a page may show, and which of them stands in a route's address.

A new page of a thing needs one line in `MAKERS`; a new kind of thing one field in `Things` and its making in `make`.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from customers.models import Customer, Message
from customers.services.identifying import GivenCustomer
from inventory.catalog.models import CatalogueImport, Product, ProductPhoto, Variant
from inventory.catalog.services import photographing
from inventory.catalog.services import receiving as catalogue_files
from inventory.places.models import HoldPlace, Location, SpecialDay
from inventory.stock.models import CountLine, StockCount
from inventory.stock.services import closing, counting, holding
from inventory.transfers.models import Transfer
from inventory.transfers.services import receiving, sending, tallying
from omni import tasks
from omni.lib import reference
from omni.staff.access import actor_of
from omni.staff.list_models import BulkRun, SavedView
from omni.staff.models import AnsweredRequest, ApiKey, Device, User
from omni.staff.services import devices, keys
from orders.appointments.models import Appointment
from orders.appointments.services import serving
from orders.appointments.services.booking import Wish
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, picking, readying, shorting
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import asking
from orders.fulfilment.waiting import links
from orders.fulfilment.waiting.models import Restock
from orders.fulfilment.waiting.services import arriving
from orders.parcels.models import Parcel
from orders.placing.services.placing import PlacedOrder
from tests import factories, journeys, sent, visits
from tests.catalogue import pictures


@dataclass(frozen=True)
class Words:
    """What a store's things are called, so that whoever sees one of these words elsewhere knows where it comes from."""

    given_name: str
    family_name: str
    email: str
    phone: str
    card: str
    reference: str
    street: str
    note: str
    locker: str
    staff: str
    bearer: str
    payment: str


OWN = Words(
    given_name="Odile",
    family_name="Ordinaire",
    email="odile@own.example",
    phone="+33639981111",
    card="2900000001111",
    reference="WEB-OWN",
    street="1 rue Nationale",
    note="Empty tray",
    locker="Own locker",
    staff="Olga Own",
    bearer="Oscar Own",
    payment="psp-own",
)
FOREIGN = Words(
    given_name="Zquorin",
    family_name="Vxhalla",
    email="zquorin@foreign.example",
    phone="+33639987788",
    card="2900000007788",
    reference="WEB-ZQREF",
    street="77 Zqstreet",
    note="Zqnote of the shelf",
    locker="Zqlocker",
    staff="Zqstaff Person",
    bearer="Zqbearer Brother",
    payment="psp-zqpay",
)


@dataclass(frozen=True)
class Things:
    """Everything of one store that has an address of its own."""

    store: Location
    words: Words
    staff: User
    customer: Customer
    waiting: Fulfilment
    begun: Fulfilment
    lacking: Fulfilment
    parcel: Fulfilment
    packed: Fulfilment
    ready: Fulfilment
    unpaid: Fulfilment
    given: Fulfilment
    cancelled: Fulfilment
    emptied: Fulfilment
    asked: Fulfilment
    reserved: Fulfilment
    sold: Fulfilment
    message: Message
    device: Device
    count: StockCount
    counted: StockCount
    drafted: Transfer
    leaving: Transfer
    coming: Transfer
    received: Transfer
    expected: Appointment
    queueing: Appointment
    served: Appointment

    @property
    def fulfilments(self) -> list[Fulfilment]:
        return [value for value in vars(self).values() if isinstance(value, Fulfilment)]

    @property
    def day(self) -> Any:
        return self.waiting.order.placed_on


Kwargs = dict[str, Any]
Maker = Callable[[Things], Kwargs | list[Kwargs]]


def _of(state: str, **more: Any) -> Maker:
    return lambda things: {"public_id": getattr(things, state).public_id, **more}


def _private_view(things: Things) -> Any:
    """A view that a colleague of the store keeps for themselves."""
    made = SavedView.objects.get_or_create(owner=things.staff, listing="orders", name=things.words.note)
    return made[0].public_id


def _run(things: Things) -> Any:
    """An action on many rows that a colleague was asked about."""
    made = BulkRun.objects.get_or_create(actor=things.staff, listing="orders", action="cancel", key="tried")
    return made[0].public_id


def _answered(things: Things) -> str:
    """The key of a form that a colleague sent."""
    sent = {"client": f"user:{things.staff.pk}", "key": f"sent-in-{things.store.code}"}
    made = AnsweredRequest.objects.get_or_create(**sent, defaults={"fingerprint": "-", "status": 200, "body": ""})
    return str(made[0].key)


def _key(things: Things) -> int:
    """A key that acts for somebody of the store."""
    known = ApiKey.objects.filter(owner=things.staff).values_list("pk", flat=True).first()
    return known or keys.issue(owner=things.staff, name="a key", channel="web", scopes=["orders.view"])[0].pk


def _import(things: Things) -> Any:
    """The house's file of the catalogue that waits for somebody to say what its columns are."""
    return CatalogueImport.objects.get(status="uploaded").public_id


def _photo(_things: Things) -> str:
    """The photo of the first product, which belongs to no store."""
    return ProductPhoto.objects.get(product__code="product-1").token


def _photograph(person: User) -> None:
    """Take a photo of the first product, unless the house has one: the catalogue belongs to no store."""
    product = Product.objects.get(code="product-1")
    if not product.photos.exists():
        photographing.add(actor=actor_of(person), product_id=product.pk, picture=pictures.picture())


def _send_catalogue(sender: User) -> None:
    """Send a file, unless the house has one: the catalogue belongs to no store."""
    if not CatalogueImport.objects.exists():
        file = io.BytesIO(b"sku;nom\r\nNEW-1;Newcomer\r\n")
        catalogue_files.receive(actor=actor_of(sender), file=file, name="catalogue.csv")


def _hold(things: Things) -> str:
    """What the owner of the keys holds in the store."""
    owner, reference = User.objects.get(login="key-owner"), f"basket-{things.store.code}"
    wanted = {Variant.objects.get(sku="SKU-1").pk: 1}
    name = holding.name_of(owner.pk, reference)
    if holding.find(name) is None:
        holding.hold(location_id=things.store.pk, wanted=wanted, reference=name, seconds=900)
    return reference


def _special_day(things: Things) -> int:
    """A day on which the store is closed."""
    return SpecialDay.objects.get_or_create(location=things.store, on="2030-12-25", reason=things.words.note)[0].pk


def _hold_place(things: Things) -> int:
    return HoldPlace.objects.filter(location=things.store).values_list("pk", flat=True)[0]


def _counts(things: Things) -> list[Kwargs]:
    """The count that goes on, and the one that was closed."""
    return [{"public_id": one.public_id} for one in (things.count, things.counted)]


def _count_line(things: Things) -> Kwargs:
    return {"public_id": things.count.public_id, "pk": CountLine.objects.filter(count=things.count).earliest("pk").pk}


def _transfers(things: Things) -> list[Kwargs]:
    """A transfer in each of the states that have a page."""
    every = (things.drafted, things.leaving, things.coming, things.received)
    return [{"public_id": one.public_id} for one in every]


def _appointments(things: Things) -> list[Kwargs]:
    """Somebody who is expected, who waits, who was served."""
    return [{"public_id": one.public_id} for one in (things.expected, things.queueing, things.served)]


def _transfer_line(things: Things) -> Kwargs:
    return {"public_id": things.drafted.public_id, "pk": things.drafted.lines.earliest("pk").pk}


def _links(things: Things) -> list[Kwargs]:
    """The link to the own page of an order in each state."""
    return [{"token": links.token(one.order.number)} for one in things.fulfilments]


def _link(state: str) -> Maker:
    return lambda things: {
        "token": links.token(getattr(things, state).order.number),
        "public_id": getattr(things, state).public_id,
    }


def _packed(things: Things) -> UUID:
    """A parcel with its label."""
    return Parcel.objects.get(fulfilment=things.packed).public_id


def _bag(things: Things) -> int:
    """A bag whose owner cancelled when it was packed."""
    return Restock.objects.get(fulfilment=things.emptied).pk


def _question(things: Things) -> Any:
    """What a customer is asked."""
    return SubstituteQuestion.objects.get(fulfilment=things.asked).public_id


FIGURES = ("orders", "sales", "promises", "shorts", "points")

MAKERS: dict[str, Maker] = {
    "picking": _of("waiting"),
    "pick-scans": _of("begun"),
    "queue-return": _of("begun"),
    "pick-line": _of("begun", position=1),
    "short-line": _of("begun", position=1),
    "ready-declaration": _of("begun"),
    "dispatch": _of("parcel"),
    **dict.fromkeys(("packing", "packing-scans", "packing-parcels"), _of("parcel")),
    "packing-line": _of("parcel", position=1),
    **dict.fromkeys(("parcel-label", "parcel-unpacking"), lambda things: {"public_id": _packed(things)}),
    "cancellation": _of("lacking"),
    "label": _of("ready"),
    "hand-over": lambda things: [{"public_id": one.public_id} for one in (things.unpaid, things.reserved)],
    "hand-over-code": _of("unpaid"),
    "hand-over-identity": _of("unpaid"),
    "hand-over-undo": _of("given"),
    "hand-over-refusal": _of("unpaid"),
    "handed-over": _of("given"),
    "customer": lambda things: {"code": things.customer.code},
    "order": lambda things: [{"number": one.order.number} for one in things.fulfilments],
    "sold": lambda things: {"number": things.sold.order.number},
    "order-cancellation": lambda things: {"number": things.waiting.order.number},
    "message": lambda things: {"pk": things.message.pk},
    "message-as-customer": lambda things: {"pk": things.message.pk},
    "day-of": lambda things: {"on": things.day},
    "day-rows": lambda things: [{"on": things.day, "figure": figure} for figure in FIGURES],
    "pin": lambda things: {"pk": things.staff.pk},
    "device-revocation": lambda things: {"pk": things.device.pk},
    "hold-label": _of("ready"),
    "receipt": _of("given"),
    "operation": lambda things: {"key": _answered(things)},
    "orders-view": lambda things: {"public_id": _private_view(things)},
    "orders-view-deletion": lambda things: {"public_id": _private_view(things)},
    "outbox-view": lambda things: {"public_id": _private_view(things)},
    "outbox-view-deletion": lambda things: {"public_id": _private_view(things)},
    "orders-run": lambda things: {"public_id": _run(things)},
    "orders-run-steps": lambda things: {"public_id": _run(things)},
    **dict.fromkeys(
        ("person", "person-change", "person-password", "person-leave", "person-return", "person-factor"),
        lambda things: {"pk": things.staff.pk},
    ),
    **dict.fromkeys(("stock-movements", "stock-damage", "stock-repair"), lambda things: {"sku": "SKU-1"}),
    **dict.fromkeys(
        (
            "catalogue-import",
            "catalogue-import-check",
            "catalogue-import-application",
            "catalogue-import-undo",
            "catalogue-import-abandonment",
            "catalogue-import-problems",
        ),
        lambda things: {"public_id": _import(things)},
    ),
    **dict.fromkeys(("product", "product-photos"), lambda things: {"code": "product-1"}),
    **dict.fromkeys(
        ("product-photo", "product-photo-removal"), lambda things: {"code": "product-1", "token": _photo(things)}
    ),
    "photo": lambda things: [{"token": _photo(things), "size": size} for size in ("large", "small")],
    "count": _counts,
    **dict.fromkeys(("count-scans", "count-closing", "count-abandonment"), _of("count")),
    **dict.fromkeys(("count-line", "count-line-removal"), _count_line),
    **dict.fromkeys(("transfer", "transfer-label"), _transfers),
    **dict.fromkeys(("transfer-scans", "transfer-readiness", "transfer-cancellation"), _of("drafted")),
    **dict.fromkeys(("transfer-reopening", "transfer-departure"), _of("leaving")),
    **dict.fromkeys(("transfer-closing", "transfer-booking"), _of("coming")),
    **dict.fromkeys(("transfer-line", "transfer-line-removal"), _transfer_line),
    "appointment": _appointments,
    "appointment-step": _of("queueing", step="call"),
    **dict.fromkeys(("appointment-time", "appointment-cancellation", "api-appointment"), _of("expected")),
    "store-appointment-offer": lambda things: {"code": things.store.code, "pk": things.expected.offer_id},
    "role": lambda things: {"code": "clerk"},
    "key-revocation": lambda things: {"pk": _key(things)},
    **dict.fromkeys(
        ("store-settings", "store-preview", "special-day", "hold-place", "store-appointments"),
        lambda things: {"code": things.store.code},
    ),
    "special-day-removal": lambda things: {"code": things.store.code, "pk": _special_day(things)},
    "hold-place-change": lambda things: {"code": things.store.code, "pk": _hold_place(things)},
    **dict.fromkeys(
        ("api-hold", "api-hold-confirmation", "api-hold-store"), lambda things: {"reference": _hold(things)}
    ),
    "api-order": lambda things: {"number": things.waiting.order.number},
    "customer-order": _links,
    "customer-here": _link("ready"),
    "customer-longer": _link("ready"),
    "customer-cancellation": _link("waiting"),
    "customer-rating": _link("given"),
    "customer-link": lambda things: {"number": things.waiting.order.number},
    "keep-longer": _of("ready"),
    "put-back-bag": lambda things: {"pk": _bag(things)},
    "substitutes-asked": _of("asked"),
    "substitute-answer": lambda things: {"public_id": things.asked.public_id, "question_id": _question(things)},
    "customer-answer": lambda things: _link("asked")(things) | {"question_id": _question(things)},
}
"""For each route of a thing: what stands in its address (a list: several things, all of them tried)."""


def make(store: Location, words: Words, seller: User) -> Things:
    """Build one store's things by the services that make them in life, and queue the mails that follow."""
    staff = factories.PersonFactory(login=f"staff-{store.code}", name=words.staff, role="manager", stores=[store])
    Location.objects.filter(pk=store.pk).update(address="2 rue de la Gare", postal_code="59000")
    for number, place in enumerate(HoldPlace.objects.filter(location=store), 1):
        HoldPlace.objects.filter(pk=place.pk).update(name=f"{words.locker} {number}", directions=words.note)
    place_id = HoldPlace.objects.filter(location=store).order_by("position").values_list("pk", flat=True)[0]
    order = _Counter(store, words, seller)
    waiting, begun, lacking, parcel, packed = order(), order(), order(), order("ship"), order("ship")
    ready, unpaid, given, cancelled, emptied = order(), order(paid=None), order(), order(), order()
    asked = order()
    _ask(asked, staff)
    reserved, sold = order("reservation", paid=None), order(channel="store")
    for one in (begun, parcel):
        picking.start_picking(fulfilment_id=one.pk, actor_id=staff.pk)
    for line in lacking.lines.order_by("pk"):
        shorting.report_short(
            fulfilment_id=lacking.pk, line_id=line.pk, quantity=line.quantity, reason="other", note=words.note,
            actor_id=staff.pk,
        )  # fmt: skip
    for one in (ready, unpaid, given, emptied, packed, reserved):
        for line in one.lines.all():
            picking.pick(fulfilment_id=one.pk, line_id=line.pk, pieces=line.quantity, actor_id=staff.pk)
    sent.packed(packed, by=staff)
    for one in (ready, unpaid, given, emptied, reserved):
        readying.declare_ready(fulfilment_id=one.pk, hold_place_id=place_id, actor_id=staff.pk)
    handing_over.hand_over(fulfilment_id=given.pk, proof="identity", collected_by=words.bearer, actor_id=staff.pk)
    arriving.arrive(fulfilment_id=unpaid.pk, spot="door", note=words.note)
    for one in (cancelled, emptied):
        giving_up.cancel(fulfilment_id=one.pk, actor_id=staff.pk, reason=words.note)
    tasks.drain_outbox()
    states = {
        "waiting": waiting, "begun": begun, "lacking": lacking, "parcel": parcel, "packed": packed,
        "ready": ready, "unpaid": unpaid, "given": given, "cancelled": cancelled, "emptied": emptied,
        "asked": asked, "reserved": reserved, "sold": sold,
    }  # fmt: skip
    known = {name: Fulfilment.objects.select_related("order").get(pk=one.pk) for name, one in states.items()}
    customer = Customer.objects.get(identities__value=words.email)
    message = Message.objects.filter(facts__fulfilment=ready.pk).get()
    _code, text = devices.make_code(actor=actor_of(staff), location_id=store.pk, device_name=words.locker)
    count, counted = _count(store, words, staff), _count(store, words, staff)
    reasons = {variant.pk: "other" for variant in Variant.objects.all()}
    closing.close(count_id=counted.pk, reasons=reasons, actor_id=staff.pk)
    _send_catalogue(staff)
    _photograph(staff)
    device, _secret = devices.enrol(code=text, address="127.0.0.1")
    return Things(store=store, words=words, staff=staff, customer=customer, message=message, device=device,
                  count=count, counted=StockCount.objects.get(pk=counted.pk), **known,
                  **_goods(store, words, staff), **_visits(store, words, staff, customer))  # fmt: skip


def _ask(one: Fulfilment, staff: User) -> None:
    """Ask its customer whether SKU-3 may come instead of a missing SKU-2."""
    Product.objects.filter(variants__sku__in=["SKU-2", "SKU-3"]).update(category="Mugs")
    line = one.lines.get(order_line__position=2)
    asking.ask(fulfilment_id=one.pk, line_id=line.pk, quantity=1, reason="damaged", skus=["SKU-3"], actor_id=staff.pk)


def _visits(store: Location, words: Words, staff: User, customer: Customer) -> dict[str, Appointment]:
    """Somebody expected who brings an article, somebody with a number, somebody who was served."""
    offer = visits.offered(store)
    wish = Wish(customer_id=customer.pk, note=words.note, variant_ids=[Variant.objects.get(sku="SKU-1").pk])
    expected = visits.booked(offer, by=staff, wish=wish)
    queueing, served = (
        serving.take_number(location_id=store.pk, wish=Wish(name=words.bearer), actor_id=staff.pk) for _one in range(2)
    )
    serving.call(appointment_id=served.pk, actor_id=staff.pk)
    serving.serve(appointment_id=served.pk, actor_id=staff.pk)
    tasks.drain_outbox()
    made = [Appointment.objects.get(pk=one.pk) for one in (expected, queueing, served)]
    return dict(zip(("expected", "queueing", "served"), made, strict=True))


def _goods(store: Location, words: Words, staff: User) -> dict[str, Transfer]:
    """Lists to a place that belongs to nobody, one of which is ready to leave, and two deliveries: one at the door, one
    taken in."""
    there = Location.objects.filter(code="depot").first() or factories.LocationFactory(code="depot", name="Depot")
    reference.forget()
    wanted = {Variant.objects.get(sku=sku).pk: units for sku, units in (("SKU-3", 2), ("SKU-4", 1))}
    ends = {"origin_id": store.pk, "destination_id": there.pk, "actor_id": staff.pk}
    lists = [sending.open_transfer(**ends, wanted=wanted, public_id=None) for _state in range(2)]
    sending.make_ready(transfer_id=lists[1].pk)
    known = {"destination_id": store.pk, "supplier": words.bearer, "delivery_note": words.note, "actor_id": staff.pk}
    deliveries = [sending.expect_delivery(**known, wanted=wanted) for _state in range(2)]
    for one in deliveries:
        tallying.scan(transfer_id=one.pk, variant_id=min(wanted), pieces=2)
        tallying.park(transfer_id=one.pk, code=words.reference)
    reasons = dict.fromkeys(wanted, "not_in_the_parcel")
    receiving.close(transfer_id=deliveries[1].pk, reasons=reasons, actor_id=staff.pk)
    made = [Transfer.objects.get(pk=one.pk) for one in (*lists, *deliveries)]
    return dict(zip(("drafted", "leaving", "coming", "received"), made, strict=True))


def _count(store: Location, words: Words, staff: User) -> StockCount:
    """Begin a count of two articles, one of which is not as the figures have it, with a code that nobody knows."""
    count = counting.open_count(location_id=store.pk, actor_id=staff.pk, name=words.note)
    for sku, counted in (("SKU-3", 99), ("SKU-4", 100)):
        variant = Variant.objects.get(sku=sku)
        counting.set_counted(count_id=count.pk, variant_id=variant.pk, counted=counted)
    counting.park(count_id=count.pk, code=words.reference)
    return count


class _Counter:
    """Places orders of three pieces in one store, each with a reference of its own."""

    def __init__(self, store: Location, words: Words, seller: User) -> None:
        self.store, self.words, self.seller, self.count = store, words, seller, 0

    def __call__(self, kind: str = "pickup", *, paid: int | None = 4000, channel: str = "web") -> Fulfilment:
        self.count += 1
        words = self.words
        identities = {"email": words.email, "phone": words.phone, "card": words.card}
        address = {"street": words.street, "postal_code": "59000", "town": "Lille"}
        placed: PlacedOrder = journeys.placed(
            self.store,
            {"SKU-1": 2, "SKU-2": 1},
            by=self.seller,
            paid=paid,
            kind=kind,
            channel=channel,
            customer=GivenCustomer(identities, words.given_name, words.family_name, "fr"),
            external_ref=f"{words.reference}-{self.count}",
            **({"ship_to": address} if kind == "ship" else {}),
        )
        return journeys.fulfilment_of(placed)
