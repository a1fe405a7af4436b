"""A store's settings: hours, special days, pickup, places. What is promised from now on follows them at once."""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import gettext as _

from inventory.places.models import HoldPlace, Location, SpecialDay
from omni.lib import reference
from omni.lib.errors import BadRequest
from omni.staff import history
from omni.staff.access import Actor
from omni.staff.models import StoreAccess, User

SETTINGS = (
    *("opening_hours", "pickup_minutes", "keep_days", "safety_stock", "offers_pickup", "offers_shipping"),
    *("minutes_per_order", "minutes_per_piece", "people_by_day", "warn_minutes", "overdue_minutes"),
    *("extensions", "extension_days", "first_reminder_days", "second_reminder_days", "reservation_openings"),
)


def _begin(actor: Actor) -> None:
    history.sign(actor)
    transaction.on_commit(reference.forget)


@transaction.atomic
def change_settings(*, actor: Actor, location_id: int, **settings: Any) -> Location:
    """Change how a store works (`SETTINGS`). Promises that were given stay as they are."""
    _begin(actor)
    location = Location.objects.get(pk=location_id)
    for name in SETTINGS:
        setattr(location, name, settings[name])
    location.save(update_fields=SETTINGS)
    return location


@transaction.atomic
def open_store(*, actor: Actor, name: str, short_code: str, **facts: Any) -> Location:
    """Open a store; it belongs to whoever opens it and to everybody who may manage people, so that it can be given on.

    Refuses a name or a short code that another store has.
    """
    _begin(actor)
    code = slugify(name)[:40] or short_code.lower()
    if Location.objects.filter(code=code).exists():
        raise BadRequest(_("There is a store of this name already."))
    if Location.objects.filter(short_code__iexact=short_code).exists():
        raise BadRequest(_("Another store has the short code “%(code)s”.") % {"code": short_code})
    location = Location.objects.create(code=code, name=name, short_code=short_code, **facts)
    governing = User.objects.filter(is_active=True, role__permissions__contains=["people.manage"])
    theirs = {actor.user_id, *governing.values_list("pk", flat=True)}
    StoreAccess.objects.bulk_create(StoreAccess(user_id=pk, location=location) for pk in sorted(theirs))
    return location


@transaction.atomic
def add_special_day(
    *, actor: Actor, location_id: int, on: date, opens_at: time | None, closes_at: time | None, reason: str
) -> SpecialDay:
    """Let one day have other hours than every week, or none. Refuses a day that has them already."""
    _begin(actor)
    if SpecialDay.objects.filter(location=location_id, on=on).exists():
        raise BadRequest(_("This day is in the list already; take it out first."))
    return SpecialDay.objects.create(
        location_id=location_id, on=on, opens_at=opens_at, closes_at=closes_at, reason=reason
    )


@transaction.atomic
def remove_special_day(*, actor: Actor, location_id: int, special_day_id: int) -> None:
    """Let a day be like every week again."""
    _begin(actor)
    SpecialDay.objects.filter(location=location_id, pk=special_day_id).delete()


@transaction.atomic
def add_hold_place(*, actor: Actor, location_id: int, name: str, kind: str, directions: str) -> HoldPlace:
    """Add a place where prepared orders wait. Refuses a name that the store uses or used."""
    _begin(actor)
    _refuse_known(location_id, name)
    last = HoldPlace.objects.filter(location=location_id).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    return HoldPlace.objects.create(
        location_id=location_id, name=name, kind=kind, directions=directions, position=position
    )


@transaction.atomic
def rename_hold_place(*, actor: Actor, location_id: int, hold_place_id: int, name: str, directions: str) -> None:
    """Call a place by another name; bags that wait there are found under the new one."""
    _begin(actor)
    _refuse_known(location_id, name, but=hold_place_id)
    HoldPlace.objects.filter(location=location_id, pk=hold_place_id).update(name=name, directions=directions)


@transaction.atomic
def retire_hold_place(*, actor: Actor, location_id: int, hold_place_id: int) -> None:
    """Let a place take no new bags; what waits there stays until it is collected."""
    _begin(actor)
    HoldPlace.objects.filter(location=location_id, pk=hold_place_id, retired_at=None).update(retired_at=Now())


@transaction.atomic
def use_hold_place_again(*, actor: Actor, location_id: int, hold_place_id: int) -> None:
    """Let a retired place take bags again."""
    _begin(actor)
    HoldPlace.objects.filter(location=location_id, pk=hold_place_id).update(retired_at=None)


def _refuse_known(location_id: int, name: str, but: int = 0) -> None:
    if HoldPlace.objects.filter(location=location_id, name__iexact=name).exclude(pk=but).exists():
        raise BadRequest(_("A place “%(name)s” exists already in this store, perhaps retired.") % {"name": name})
