"""Units that are kept for one cause: a basket for some minutes, an order's line until it is handed over."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

OPEN = Q(quantity__gt=F("fulfilled") + F("released"))


class Reservation(models.Model):
    """Units kept for one cause (an order's line) at one location; open = quantity − fulfilled − released.

    `expires_at` stands on what is only held; `expired` of the released units went back because nobody confirmed in
    time. The status follows from the quantities, so the two cannot disagree. It goes forward: held → confirmed →
    fulfilled, held → expired, either → released. One way leads back: fulfilled units of a hand-over that is undone are
    open again. A cause that kept units here, let them go and comes back adds to the same row.
    """

    class Status(models.TextChoices):
        HELD = "held", _("Held for a while")
        CONFIRMED = "confirmed", _("Kept")
        FULFILLED = "fulfilled", _("Handed over")
        RELEASED = "released", _("Given back")
        EXPIRED = "expired", _("Ran out")

    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=80)
    quantity = models.IntegerField()
    fulfilled = models.IntegerField(default=0, db_default=0)
    released = models.IntegerField(default=0, db_default=0)
    expired = models.IntegerField(default=0, db_default=0)
    expires_at = models.DateTimeField(null=True)
    status = models.GeneratedField(
        expression=Case(
            When(OPEN & Q(expires_at=None), then=Value("confirmed")),
            When(OPEN, then=Value("held")),
            When(expired__gt=0, then=Value("expired")),
            When(fulfilled__gt=0, then=Value("fulfilled")),
            default=Value("released"),
        ),
        output_field=models.CharField(max_length=10, choices=Status.choices),
        db_persist=True,
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0, fulfilled__gte=0, released__gte=0, quantity__gte=F("fulfilled") + F("released")
                ),
                name="reservation_gives_what_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(expired__gte=0, expired__lte=F("released")), name="reservation_expired_is_released"
            ),
            models.CheckConstraint(condition=Q(expires_at=None) | OPEN, name="reservation_that_ended_is_not_held"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(fulfilled=0), name="reservation_is_confirmed_before_it_is_fulfilled"
            ),
            models.UniqueConstraint(fields=["reference", "location", "variant"], name="reservation_once_per_cause"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["variant", "location"], condition=OPEN, name="reservation_open"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="reservation_held"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="goes_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__released__lt=pgtrigger.F("old__released"))
                | pgtrigger.Q(new__quantity__lt=pgtrigger.F("old__quantity"))
                | pgtrigger.Q(new__expired__lt=pgtrigger.F("old__expired"))
                | pgtrigger.Q(old__location_id__df=pgtrigger.F("new__location_id"))
                | pgtrigger.Q(old__variant_id__df=pgtrigger.F("new__variant_id"))
                | pgtrigger.Q(old__reference__df=pgtrigger.F("new__reference")),
            ),
            pgtrigger.Protect(
                name="is_not_held_again",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.expires_at IS NULL AND NEW.expires_at IS NOT NULL"
                    " AND OLD.quantity > OLD.fulfilled + OLD.released"
                ),
            ),
        ]
