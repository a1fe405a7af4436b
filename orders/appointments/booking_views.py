"""Booking at the desk, moving, cancelling. Load, form, service, render."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.models import Customer
from inventory.places.queries import place
from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.once import new_key, once
from omni.staff.stores import current_store_id
from orders.appointments import booking_screen, queries
from orders.appointments.forms import BookingForm, CancelForm, SlotForm
from orders.appointments.models import Appointment, Offer
from orders.appointments.services import booking
from orders.appointments.services.booking import SEAT_RACE, Wish
from orders.appointments.views import day_of, visible

LOST_RACES = frozenset({SEAT_RACE})


@requires("appointments.book")
@require_http_methods(["GET", "POST"])
def book(request: Any) -> HttpResponseBase:
    """Book for a customer of the house, or for a name. The page opens with the first service; what is sent for one that
    is not offered here any more books no other: the page is shown again, with no time chosen."""
    offers = queries.offers(current_store_id(request))
    sent = request.POST or request.GET
    offer = next((one for one in offers if str(one.pk) == sent.get("offer")), None)
    customer = _customer(request, sent.get("customer", ""))
    first = offers[0] if offers else None
    if request.method == "GET":
        return _book_page(request, offers, offer or first, customer, BookingForm(has_customer=bool(customer)))
    form = BookingForm(request.POST, has_customer=bool(customer))
    if offer is None:
        gone = booking.not_offered()
        return _book_page(request, offers, first, customer, form, problem=str(gone), status=gone.status)
    if not form.is_valid():
        return _book_page(request, offers, offer, customer, form, status=422)
    made: list[Appointment] = []
    try:
        once(request, lambda: made.append(_booked(request, offer, customer, form.cleaned_data)), lost_races=LOST_RACES)
    except Refusal as refusal:
        return _book_page(request, offers, offer, customer, form, problem=str(refusal), status=refusal.status)
    messages.success(request, _("Booked. Who has an e-mail address gets a confirmation."))
    return redirect(made[-1] if made else "appointments")


def _customer(request: Any, code: str) -> Customer | None:
    if not code or not request.actor.may("customers.view"):
        return None
    return Customer.objects.filter(code=code[:12].replace("\x00", "")).first()


def _booked(request: Any, offer: Offer, customer: Customer | None, said: dict[str, Any]) -> Appointment:
    wish = Wish(
        customer.pk if customer else None, "" if customer else said["name"], said["note"], said["articles"], "store"
    )
    return booking.book(
        offer_id=offer.pk, starts_at=said["starts_at"], wish=wish, actor_id=request.actor.user_id, by_house=True
    )


def _book_page(
    request: Any, offers: list[Offer], offer: Offer | None, customer: Customer | None, form: BookingForm, *,
    problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    sent = request.POST or request.GET
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80] if request.actor.may("customers.view") else ""
    chosen = sent.get("starts_at", "") if offer and str(offer.pk) == sent.get("offer") else ""
    context = booking_screen.booking(
        place(current_store_id(request)), offers, offer, timezone.now(), customer=customer, words=words,
        wanted=day_of(sent.get("on", "")), first=day_of(sent.get("first", "")), chosen=chosen,
        form=form, problem=problem, may_settle=request.actor.may("stores.manage"),
    )  # fmt: skip
    return render(request, "appointments/book.html", context, status=status)


@requires("appointments.book")
@require_http_methods(["GET", "POST"])
def move(request: Any, public_id: UUID) -> HttpResponseBase:
    """Another time for who is expected."""
    found = visible(request, public_id)
    if found.status != Appointment.Status.EXPECTED or found.offer is None:
        messages.error(request, _("Only who is still expected can be moved."))
        return redirect(found)
    form, problem, status = SlotForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            once(request, lambda: _moved(request, found, form.cleaned_data["starts_at"]), lost_races=LOST_RACES)
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
        else:
            messages.success(request, _("Moved. Who has an e-mail address is told."))
            return redirect(found)
    if form.errors:
        problem, status = _("Choose a time."), 422
    sent = request.POST or request.GET
    context = booking_screen.moving(
        found, found.offer, place(found.location_id), timezone.now(), wanted=day_of(sent.get("on", "")),
        first=day_of(sent.get("first", "")), problem=problem,
    )  # fmt: skip
    return render(request, "appointments/move.html", context, status=status)


def _moved(request: Any, found: Appointment, starts_at: Any) -> None:
    booking.move(appointment_id=found.pk, starts_at=starts_at, actor_id=request.actor.user_id, by_house=True)


@requires("appointments.book")
@require_http_methods(["GET", "POST"])
def cancel(request: Any, public_id: UUID) -> HttpResponseBase:
    """The question before an appointment is given up, and the giving up."""
    found = visible(request, public_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why, actor_id = form.cleaned_data["why"], request.actor.user_id
        try:
            once(request, lambda: booking.cancel(appointment_id=found.pk, actor_id=actor_id, why=why))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Cancelled. The place is free again."))
        return redirect(found)
    context = {
        "store": place(found.location_id), "one": found, "form": form, "idempotency_key": new_key(),
        "back_url": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "appointments/cancellation.html", context, status=422 if form.errors else 200)
