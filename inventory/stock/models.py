"""Stock levels beside the ledger that explains them. Quantities are whole units, always positive; the kind gives the
sign."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StockLevel(models.Model):
    """How many of one variant at one location. Available to promise = on hand − reserved − damaged − safety stock.

    Changed only together with a movement or a reservation, in their transaction.
    """

    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="stock")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="stock", db_index=False)
    on_hand = models.IntegerField(default=0, db_default=0)
    reserved = models.IntegerField(default=0, db_default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    incoming = models.IntegerField(default=0, db_default=0)
    safety_stock = models.IntegerField(default=0, db_default=0)
    backorder_limit = models.IntegerField(default=0, db_default=0)
    version = models.BigIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["variant", "location"], name="stock_level_one_per_place"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0, reserved__gte=0, damaged__gte=0, incoming__gte=0, safety_stock__gte=0),
                name="stock_level_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(backorder_limit__gte=0, reserved__lte=F("on_hand") - F("damaged") + F("backorder_limit")),
                name="stock_level_never_oversold",
            ),
            models.CheckConstraint(condition=Q(damaged__lte=F("on_hand")), name="stock_level_damaged_is_on_hand"),
        ]


class StockMovement(models.Model):
    """One cause that changed what is on hand or damaged. Never edited, never deleted; a mistake is another movement."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opening stock")
        RECEIVED = "received", _("Received")
        SOLD = "sold", _("Sold")
        RETURNED = "returned", _("Returned")
        COUNTED_MORE = "counted_more", _("Counted, more")
        COUNTED_LESS = "counted_less", _("Counted, less")
        DAMAGED = "damaged", _("Damaged")
        REPAIRED = "repaired", _("Repaired")

    ON_HAND_SIGN: ClassVar[dict[str, int]] = {
        "opened": 1, "received": 1, "sold": -1, "returned": 1,
        "counted_more": 1, "counted_less": -1, "damaged": 0, "repaired": 0,
    }  # fmt: skip
    DAMAGED_SIGN: ClassVar[dict[str, int]] = {"damaged": 1, "repaired": -1}

    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    quantity = models.IntegerField()
    reference = models.CharField(max_length=80)
    reason = models.CharField(max_length=40, blank=True, db_default="")
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    derived = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_movement_quantity_positive"),
            models.UniqueConstraint(
                fields=["variant", "location", "kind", "reference"], name="stock_movement_once_per_cause"
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Reservation(models.Model):
    """Units kept for one cause (an order's line) at one location; open = quantity − fulfilled − released."""

    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=80)
    quantity = models.IntegerField()
    fulfilled = models.IntegerField(default=0, db_default=0)
    released = models.IntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0, fulfilled__gte=0, released__gte=0, quantity__gte=F("fulfilled") + F("released")
                ),
                name="reservation_gives_what_it_holds",
            ),
            models.UniqueConstraint(fields=["reference", "location", "variant"], name="reservation_once_per_cause"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["variant", "location"],
                condition=Q(quantity__gt=F("fulfilled") + F("released")),
                name="reservation_open",
            )
        ]
