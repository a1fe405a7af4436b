"""What a code may mean in this store: each kind of thing says what it knows under a text. Things of other stores are
not known."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from customers.models import Identity
from customers.queries import finding, people
from inventory.catalog import queries as catalog
from inventory.places.queries import hold_places, place
from inventory.transfers.models import Transfer
from omni.staff.access import Actor
from omni.staff.models import Channel
from orders.fulfilment import codes, queries, screens
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.words import state_word

BAG = re.compile(r"OMNI-B:([0-9a-f]{32})")
TRANSFER = re.compile(r"[Xx]-([0-9]{4,12})")
SHORT_ID = re.compile(r"[A-Za-z0-9]{1,3}-[0-9]{1,3}")
MOST = 20
LEAST_LETTERS = 2
STATES = {
    Fulfilment.Status.PICKING: "in_progress",
    Fulfilment.Status.READY: "ready",
    Fulfilment.Status.TO_PICK: "new",
}


@dataclass(frozen=True)
class Known:
    """A thing that a code means: what it is called, where it is opened; `proof` when the code itself proves who may
    have it."""

    title: str
    url: str
    detail: str = ""
    short_id: str = ""
    state: str = ""
    state_label: str = ""
    aside: str = ""
    proves: Fulfilment | None = None
    proof: str = ""


def pickup_code(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """Six digits, or the customer's QR: the order that waits under them, and the proof that it may be handed over."""
    if not actor.may("pickups.hand_over"):
        return
    by_qr = codes.read_qr(text)
    digits = by_qr or ("".join(text.split()) if re.fullmatch(r"[0-9][0-9 ]{5,7}", text) else "")
    if len(digits) != codes.DIGITS:
        return
    found = queries.waiting_with_code(store_id, digits)
    if found is None or (by_qr and text != codes.qr_text(found.public_id, found.code_round)):
        return  # a QR of old, whose digits are another order's now, opens nothing
    yield _of(found, proves=found, proof=HandOver.Proof.QR if by_qr else HandOver.Proof.CODE)


def bag(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """A bag's label: names the bag and proves nothing."""
    label = BAG.fullmatch(text)
    if label:
        seen = queries.in_hand().visible_to(actor)
        yield from map(_of, seen.filter(public_id=UUID(label[1])))


def order(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """An order's number, or its reference in any channel."""
    # Every channel by name: a reference without its channel is read by no index.
    by_reference = Q(order__channel__in=Channel.values, order__external_ref=text)
    seen = queries.in_hand().visible_to(actor)
    yield from map(_of, seen.filter(Q(order__number=text.upper()) | by_reference)[:MOST])


def short_id(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """What people call across the shop: an order of this store that is still open."""
    if SHORT_ID.fullmatch(text):
        open_here = _open_here(actor, store_id).filter(short_id=text.upper())
        yield from map(_of, open_here.order_by("promised_at")[:MOST])


def article(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """A GTIN or SKU: the orders of this store that want it, else what the stock knows of it."""
    offer = next(iter(catalog.offers([("gtin", text), ("sku", text)]).values()), None)
    if offer is None:
        return
    wanted = _open_here(actor, store_id).filter(lines__order_line__variant=offer.variant_id)
    orders = [_of(one) for one in wanted.order_by("promised_at").distinct()[:MOST]]
    yield from orders or _in_stock(actor, text, offer)


def _in_stock(actor: Actor, text: str, offer: catalog.Offer) -> Iterable[Known]:
    if not actor.may("stock.view"):
        return
    try:
        yield Known(offer.name, f"{reverse('stock')}?{urlencode({'q': text})}", text)
    except NoReverseMatch:
        return


def transfer(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """The number on a transfer's parcel: the transfer, at either end."""
    number = TRANSFER.fullmatch(text)
    if number and actor.may("stock.transfer"):
        for one in Transfer.objects.visible_to(actor).filter(pk=int(number[1])):
            yield Known(one.number, one.get_absolute_url(), place(one.destination_id).name,
                        state_label=one.get_status_display())  # fmt: skip


def hold_place(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """A locker, shelf or rail of this store by its name: what lies in it."""
    spot = next((one for one in hold_places(store_id) if one.name.casefold() == text.casefold()), None)
    if spot:
        here = _open_here(actor, store_id).filter(status=Fulfilment.Status.READY, hold_place=spot.pk)
        yield from map(_of, here.order_by("keep_until")[:MOST])


def called(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """A name, or how its words begin: the open orders of this store for people called so, what is ready first."""
    asked = _plain_words(text)
    if not any(len(word) >= LEAST_LETTERS for word in asked) or any(letter.isdigit() for letter in text):
        return
    here = _open_here(actor, store_id).order_by("promised_at")
    yield from map(_of, _ready_first(one for one in here if _is_called(one, asked)))


def _ready_first(found: Iterable[Fulfilment]) -> list[Fulfilment]:
    return sorted(found, key=lambda one: one.status != Fulfilment.Status.READY)[:MOST]


def _is_called(fulfilment: Fulfilment, asked: list[str]) -> bool:
    person = fulfilment.order.customer
    words = _plain_words(person.name) if person else []
    return all(any(word.startswith(one) for word in words) for one in asked)


def _plain_words(text: str) -> list[str]:
    """Return the words of a name without accents and capitals, as people type them in a hurry."""
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return re.findall(r"\w+", "".join(letters).casefold())


def customer(actor: Actor, text: str, store_id: int) -> Iterable[Known]:
    """A loyalty card, or a whole e-mail address, phone number or account; a phone's owner also wants what is here."""
    if not actor.may("customers.view"):
        return
    whole = {one.customer_id: one.kind for one in finding.by_identity(text, MOST) if one.whole}
    words = {kind: str(Identity.Kind(kind).label) for kind in set(whole.values())}
    phoned = [pk for pk, kind in whole.items() if kind == Identity.Kind.PHONE]
    if phoned:
        here = _open_here(actor, store_id).filter(order__customer__in=phoned).order_by("promised_at")
        yield from map(_of, _ready_first(here))
    for one in people.listed(list(whole)).values():
        yield Known(one.name, reverse("customer", args=[one.code]), words[whole[one.id]])


# A new kind of thing is one function and one line here.
KINDS: dict[str, Callable[[Actor, str, int], Iterable[Known]]] = {
    "pickup code": pickup_code,
    "bag": bag,
    "order": order,
    "short id": short_id,
    "article": article,
    "transfer": transfer,
    "hold place": hold_place,
    "name": called,
    "customer": customer,
}


def known(actor: Actor, text: str, store_id: int) -> list[Known]:
    """Return everything the code may mean, each thing once, in the order of `KINDS`."""
    found: dict[str, Known] = {}
    for recognise in KINDS.values():
        for one in recognise(actor, text, store_id):
            found.setdefault(one.url, one)
    return list(found.values())[:MOST]


def _open_here(actor: Actor, store_id: int) -> Any:
    return queries.in_hand().visible_to(actor).filter(location=store_id, status__in=list(STATES))


def task(fulfilment: Fulfilment) -> str:
    """Return where the next step of an order is done."""
    preparing = fulfilment.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}
    return reverse("picking" if preparing else "hand-over", args=[fulfilment.public_id])


def _of(fulfilment: Fulfilment, **more: Any) -> Known:
    return Known(
        title=screens.customer_name(fulfilment),
        url=task(fulfilment),
        detail=_("Order %(number)s") % {"number": fulfilment.order.number},
        short_id=fulfilment.short_id,
        state=STATES.get(Fulfilment.Status(fulfilment.status), "done"),
        state_label=state_word(fulfilment.kind, fulfilment.status),
        aside=fulfilment.hold_place.name if fulfilment.hold_place else "",
        **more,
    )
