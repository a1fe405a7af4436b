"""Half-filled forms: kept on the server for their person, never in a browser that others use."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from omni.staff.models import Draft

KEPT_FOR = timedelta(hours=12)
FIELDS, LETTERS, DRAFTS = 40, 2000, 30


@transaction.atomic
def keep(*, person_id: int, address: str, page: str, fields: dict[str, str]) -> None:
    """Keep what the person changed in the form of an address; no change forgets it. The newest thirty are kept.

    Whatever is too old, of anybody, is deleted on the way: what was typed may be about customers.
    """
    Draft.objects.filter(saved_at__lte=timezone.now() - KEPT_FOR).delete()
    kept = {name[:80]: value[:LETTERS] for name, value in list(fields.items())[:FIELDS]}
    if not kept:
        forget(person_id=person_id, address=address)
        return
    values = {"fields": kept, "page": page[:200], "saved_at": timezone.now()}
    Draft.objects.update_or_create(person_id=person_id, address=address[:200], defaults=values)
    newest = Draft.objects.filter(person=person_id).order_by("-saved_at", "-pk").values("pk")[:DRAFTS]
    Draft.objects.filter(person=person_id).exclude(pk__in=newest).delete()


def forget(*, person_id: int, address: str) -> None:
    """Forget the draft: it was sent, or emptied."""
    Draft.objects.filter(person=person_id, address=address[:200]).delete()


def of(*, person_id: int, address: str) -> dict[str, Any]:
    """Return what the person typed there within the last twelve hours."""
    kept = Draft.objects.filter(person=person_id, address=address[:200], saved_at__gt=timezone.now() - KEPT_FOR).first()
    return dict(kept.fields) if kept else {}


def have_one(person_ids: list[int]) -> set[int]:
    """Return those of the people for whom something half-filled is kept."""
    young = Draft.objects.filter(person__in=person_ids, saved_at__gt=timezone.now() - KEPT_FOR)
    return set(young.values_list("person_id", flat=True))
