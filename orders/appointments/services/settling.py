"""What a store offers: the manager's settings. What was booked stays as it was booked."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest
from omni.staff import history
from omni.staff.access import Actor
from orders.appointments.models import Offer, Service

SETTINGS = ("minutes", "seats", "rhythm", "notice_minutes", "days_ahead", "is_open")
LOST_RACES = frozenset({"appointments_service_code_key", "appointment_service_offered_once_per_store"})
"""What refuses when somebody else names or offers the same service at the same instant: tried again, it is a refusal
in words."""


@transaction.atomic
def name_service(*, actor: Actor, name_fr: str, name_en: str) -> Service:
    """Give the house a new service by its two names. Refuses a name that it has."""
    history.sign(actor)
    code = slugify(name_en)[:40] or "service"
    if Service.objects.filter(code=code).exists():
        raise BadRequest(_("The house has a service of this name already: choose it in the list."))
    return Service.objects.create(code=code, name_fr=name_fr, name_en=name_en)


@transaction.atomic
def offer_service(*, actor: Actor, location_id: int, service_id: int, **settings: Any) -> Offer:
    """Offer a service in a store. Refuses one that the store offers or offered."""
    history.sign(actor)
    if Offer.objects.filter(location=location_id, service=service_id).exists():
        raise BadRequest(_("The store has this service in its list already."))
    return Offer.objects.create(location_id=location_id, service_id=service_id, **settings)


@transaction.atomic
def change_offer(*, actor: Actor, offer_id: int, **settings: Any) -> Offer:
    """Change how a store offers a service (`SETTINGS`). Who has booked keeps their time and their seat."""
    history.sign(actor)
    offer = Offer.objects.get(pk=offer_id)
    for name in SETTINGS:
        setattr(offer, name, settings[name])
    offer.save(update_fields=SETTINGS)
    return offer
