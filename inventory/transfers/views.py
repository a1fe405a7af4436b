"""Transfers on the tablet: the store's list, one that is drafted, sent, received. Load, form, service, render."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory.places.queries import Place, all_places, place, places_of
from inventory.transfers import screens, suggesting
from inventory.transfers.forms import BeginForm, Way
from inventory.transfers.models import Transfer
from inventory.transfers.services import sending
from inventory.transfers.suggestion_screen import suggested
from omni.lib import qr
from omni.lib.htmx import page_or_fragment
from omni.staff.access import requires
from omni.staff.once import new_key, number_of, once
from omni.staff.stores import current_store_id


def visible(request: Any, public_id: UUID) -> Transfer:
    """Return the transfer, or 404 when it neither comes from nor goes to one of the person's stores."""
    mine = Transfer.objects.visible_to(request.actor).select_related("opened_by")
    found: Transfer = get_object_or_404(mine, public_id=public_id)
    return found


def side(request: Any, transfer: Transfer) -> Place:
    """Return the store from which the person sees the transfer: the one they work in, if it is one of the two."""
    ends = {transfer.origin_id, transfer.destination_id} & request.actor.store_ids
    here = current_store_id(request)
    return place(here if here in ends else min(ends))


@requires("stock.transfer")
@require_GET
def transfers(request: Any) -> HttpResponseBase:
    """The transfers of one's store, under what is to be done."""
    return render(request, "transfers/transfers.html", screens.listed(place(current_store_id(request)), request.actor))


@requires("stock.transfer")
@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponseBase:
    """Begin to send, to ask another store, or to receive what a supplier delivers."""
    store = place(current_store_id(request))
    others = places_of(set(all_places()) - {store.id})
    form = BeginForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        public_id = number_of(request)
        once(request, lambda: _begun(form.cleaned_data, store, request.actor.user_id, public_id))
        return redirect("transfer", public_id)
    context = {"store": store, "form": form, "idempotency_key": new_key()}
    return render(request, "transfers/begin.html", context, status=422 if form.errors else 200)


def _begun(asked: dict[str, Any], store: Place, actor_id: int, public_id: UUID) -> Transfer:
    if asked["way"] == Way.DELIVERY:
        return sending.expect_delivery(
            destination_id=store.id, supplier=asked["supplier"], delivery_note=asked["delivery_note"],
            actor_id=actor_id, public_id=public_id,
        )  # fmt: skip
    ends = (store.id, int(asked["store"]))
    origin_id, destination_id = ends if asked["way"] == Way.SEND else ends[::-1]
    return sending.open_transfer(
        origin_id=origin_id, destination_id=destination_id, actor_id=actor_id, public_id=public_id
    )


@requires("stock.transfer")
@require_http_methods(["GET", "POST"])
def suggestions(request: Any) -> HttpResponseBase:
    """What the store will lack, and who could give some; POST asks one of them for all of it."""
    store = place(current_store_id(request))
    found = suggesting.of_store(store)
    if request.method == "GET":
        return render(request, "transfers/suggestions.html", suggested(store, found))
    wanted = {
        one.row.variant_id: one.giver.units
        for one in found
        if one.giver and str(one.giver.place.id) == request.POST.get("giver")
    }
    public_id = number_of(request)
    if wanted:
        once(request, lambda: _asked(store, int(request.POST["giver"]), wanted, request.actor.user_id, public_id))
    if Transfer.objects.filter(public_id=public_id).exists():
        return redirect("transfer", public_id)
    messages.error(request, _("This is no longer suggested: somebody sold, sent or asked for something."))
    return redirect("transfer-suggestions")


def _asked(store: Place, giver_id: int, wanted: dict[int, int], actor_id: int, public_id: UUID) -> None:
    sending.open_transfer(
        origin_id=giver_id, destination_id=store.id, actor_id=actor_id, wanted=wanted, public_id=public_id
    )


@requires("stock.transfer")
@require_GET
def transfer(request: Any, public_id: UUID) -> HttpResponseBase:
    """One transfer as its reader can work on it: a draft, a reception, or what became of it."""
    found = visible(request, public_id)
    return page(request, found)


def page(request: Any, found: Transfer, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show a transfer as it stands, for the side that looks at it."""
    here = side(request, found)
    if found.status == Transfer.Status.DRAFT:
        context = screens.tally(found, here, may_send=found.origin_id in request.actor.store_ids, **more)
        return page_or_fragment(request, "transfers/draft.html", context, fragment="tally", status=status)
    if found.status in Transfer.ON_ITS_WAY and found.destination_id in request.actor.store_ids:
        context = screens.tally(found, here, **more)
        return page_or_fragment(request, "transfers/reception.html", context, fragment="tally", status=status)
    context = screens.looked_at(found, here, problem=more.get("problem", ""))
    context["may_send"] = found.status == Transfer.Status.READY and found.origin_id in request.actor.store_ids
    return render(request, "transfers/transfer.html", context, status=status)


@requires("stock.transfer")
@require_GET
def label(request: Any, public_id: UUID) -> HttpResponseBase:
    """The parcel's label: its number, from where to where, and a QR code that opens it at the other end."""
    found = visible(request, public_id)
    origin = place(found.origin_id).name if found.origin_id else found.supplier
    context = {
        "store": side(request, found),
        "title": _("Label of %(number)s") % {"number": found.number},
        "number": found.number,
        "origin": origin,
        "destination": place(found.destination_id).name,
        "qr": mark_safe(qr.svg(found.number)),  # noqa: S308  (drawn by us)
        "back_url": found.get_absolute_url(),
    }
    return render(request, "transfers/label.html", context)
