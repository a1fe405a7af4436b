"""Papers: each is a page that prints, and a PDF under the same address with `?format=pdf`. Neither changes anything."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inventory.places.queries import place
from omni.staff.access import requires
from orders.fulfilment import choosing, queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.printing import drawing, papers, pick_list
from orders.fulfilment.printing.papers import Label, PickList


def visible(request: Any, public_id: UUID) -> Fulfilment:
    """Return the fulfilment, or 404 when it is not one of the person's stores'."""
    found: Fulfilment = get_object_or_404(queries.in_hand().visible_to(request.actor), public_id=public_id)
    return found


def _wants_pdf(request: Any) -> bool:
    return bool(request.GET.get("format") == "pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@requires("pickups.prepare")
@require_GET
def pick_lists(request: Any) -> HttpResponse:
    """Pick lists of the orders named by `?order=`, one for every six of a store. 404 if one of them is not visible."""
    lists = _lists(request, choosing.chosen(request, request.GET.getlist("order")))
    name = "-".join(box.short_id for one in lists for box in one.bins[:3])[:60]
    if _wants_pdf(request) and lists:
        return _pdf(pick_list.draw(lists, house=settings.HOUSE_NAME, language=get_language() or "en"), name)
    context = {"lists": lists, "back_url": reverse("today"), "pdf_url": f"{request.get_full_path()}&format=pdf"}
    return render(request, "fulfilment/pick_list.html", context)


def _lists(request: Any, wanted: list[Fulfilment]) -> list[PickList]:
    """Return the lists of what is still to be prepared, store by store."""
    waiting = {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}
    by_store: dict[int, list[Fulfilment]] = {}
    for one in wanted:
        if one.status in waiting:
            by_store.setdefault(one.location_id, []).append(one)
    by, now = request.actor.name.split(" ")[0], timezone.now()
    return [
        one
        for location_id, orders in by_store.items()
        for one in papers.pick_lists(orders, store=place(location_id), by=by, now=now)
    ]


@requires("pickups.view")
@require_GET
def label(request: Any, public_id: UUID) -> HttpResponse:
    """The bag's label: first name and initial only, a QR that names the bag and opens nothing."""
    fulfilment = visible(request, public_id)
    title = _("Label of %(id)s") % {"id": fulfilment.short_id}
    one = papers.bag_label(fulfilment)
    if _wants_pdf(request):
        return _pdf(drawing.label(one, title=title, language=get_language() or "en"), fulfilment.short_id)
    return _label_page(request, fulfilment, one, title)


@requires("pickups.view")
@require_GET
def hold_label(request: Any, public_id: UUID) -> HttpResponse:
    """The label of the place where the bag waits. 404 before it has one."""
    fulfilment = visible(request, public_id)
    if fulfilment.hold_place is None:
        raise Http404
    title = _("Place label of %(id)s") % {"id": fulfilment.short_id}
    one = papers.hold_label(fulfilment)
    if _wants_pdf(request):
        pdf = drawing.hold_label(one, title=title, language=get_language() or "en")
        return _pdf(pdf, f"{fulfilment.short_id}-{_('place')}")
    return _label_page(request, fulfilment, one, title, loud=one.place)


def _label_page(request: Any, fulfilment: Fulfilment, one: Label, title: str, *, loud: str = "") -> HttpResponse:
    waiting = fulfilment.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}
    context = {
        "title": title,
        "loud": loud or one.short_id,
        "second": one.short_id if loud else one.place,
        "label": one,
        "back_url": reverse("picking" if waiting else "hand-over", args=[fulfilment.public_id]),
        "store": place(fulfilment.location_id),
    }
    return render(request, "fulfilment/label.html", context)


@requires("pickups.hand_over")
@require_GET
def receipt(request: Any, public_id: UUID) -> HttpResponse:
    """What the customer takes along, in the customer's language. 404 while the order was not handed over."""
    fulfilment = visible(request, public_id)
    given = queries.last_hand_over(fulfilment)
    if given is None:
        raise Http404
    customer = fulfilment.order.customer
    language = customer.language if customer else get_language() or "en"
    with translation.override(language):
        one = papers.receipt(fulfilment, given)
        if _wants_pdf(request):
            return _pdf(drawing.receipt(one, house=settings.HOUSE_NAME, language=language), one.number)
    context = {
        "receipt": one,
        "receipt_language": language,
        "back_url": reverse("handed-over", args=[fulfilment.public_id]),
        "store": one.store,
    }
    return render(request, "fulfilment/receipt.html", context)
