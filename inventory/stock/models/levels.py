"""Stock levels beside the ledger that explains them, and every state that they were in. Quantities are whole units,
always positive; the kind gives the sign."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

KEEP_CHANGE = """
INSERT INTO stock_stockchange (location_id, variant_id, version, on_hand, reserved, damaged, incoming, safety_stock,
                               backorder_limit, transaction, changed_at)
SELECT location_id, variant_id, version, on_hand, reserved, damaged, incoming, safety_stock, backorder_limit,
       pg_current_xact_id()::text::bigint, changed_at
FROM written;
RETURN NULL;
"""


def _kept_change(name: str, operation: Any) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),
        func=KEEP_CHANGE,
    )


class StockLevel(models.Model):
    """How many of one variant at one location. Available to promise = on hand − reserved − damaged − safety stock.

    Changed only together with a movement or a reservation, in their transaction. With every change of a row, whoever
    makes it, PostgreSQL counts `version` up, sets `changed_at`, and writes the row that `StockChange` keeps of it.
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
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="next_version",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="NEW.version := OLD.version + 1; NEW.changed_at := statement_timestamp(); RETURN NEW;",
            ),
            _kept_change("change_is_kept", pgtrigger.Update),
            _kept_change("beginning_is_kept", pgtrigger.Insert),
        ]


class StockChange(models.Model):
    """What a level was after one change of it. Written by PostgreSQL alone, never edited, never deleted.

    `transaction` is PostgreSQL's number of the transaction that made the change: what has a smaller number than every
    transaction that still runs is complete, so that a feed read in this order misses nothing (`feed.since`).
    """

    pk = models.CompositePrimaryKey("variant_id", "location_id", "version")
    location = models.ForeignKey(
        "places.Location", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    version = models.BigIntegerField()
    on_hand = models.IntegerField()
    reserved = models.IntegerField()
    damaged = models.IntegerField()
    incoming = models.IntegerField()
    safety_stock = models.IntegerField()
    backorder_limit = models.IntegerField()
    transaction = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["transaction", "variant", "location", "version"], name="stock_change_in_order")
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
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
        TRANSFERRED_OUT = "transferred_out", _("Sent to another place")
        TRANSFERRED_IN = "transferred_in", _("Come from another place")
        CORRECTED_MORE = "corrected_more", _("Corrected, more")
        CORRECTED_LESS = "corrected_less", _("Corrected, less")

    ON_HAND_SIGN: ClassVar[dict[str, int]] = {
        "opened": 1, "received": 1, "sold": -1, "returned": 1,
        "counted_more": 1, "counted_less": -1, "damaged": 0, "repaired": 0,
        "transferred_out": -1, "transferred_in": 1, "corrected_more": 1, "corrected_less": -1,
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
