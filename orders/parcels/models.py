"""Parcels of a fulfilment that is sent: their pieces, their carrier's label, and what the carrier tells of them.

A fulfilment stands above this room: it is named here, never imported. What it packs it counts itself
(`FulfilmentLine.packed`), so that no piece can be in two parcels.
"""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from omni.staff.access import Actor

HEAVIEST = 150_000
"""Grams: a scale's slip of the finger is refused, a pallet is no parcel."""
LONGEST_NUMBER = 60
LONGEST_TEXT = 200


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Parcels of the actor's stores."""
        return self.filter(fulfilment__location__in=actor.store_ids)

    def standing(self) -> Self:
        """Parcels that were not taken apart."""
        return self.filter(cancelled_at=None)

    def untold(self) -> Self:
        """Parcels that were taken apart, of which their carrier was not told yet."""
        return self.filter(cancelled_at__isnull=False, carrier_told_at=None).exclude(carrier="")


class Parcel(models.Model):
    """One parcel: open while pieces are put into it, packed, booked with its carrier, or taken apart again.

    `public_id` is our reference with the carrier: the same one is never booked twice. `label` is the carrier's own
    document, kept as it came. Weight in grams. `carrier_told_at`: when its carrier was told that it will not come.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    fulfilment = models.ForeignKey(
        "fulfilment.Fulfilment", on_delete=models.PROTECT, related_name="parcels", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    carrier = models.CharField(max_length=20, blank=True, default="", db_default="")
    weight_grams = models.PositiveIntegerField(null=True)
    packed_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    packed_at = models.DateTimeField(null=True)
    tracking_number = models.CharField(max_length=LONGEST_NUMBER, blank=True, default="", db_default="")
    label = models.BinaryField(null=True)
    label_type = models.CharField(max_length=40, blank=True, default="", db_default="")
    booked_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    carrier_told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ParcelQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["fulfilment", "number"], name="parcel_number_once_per_fulfilment"),
            models.UniqueConstraint(
                fields=["fulfilment"], condition=Q(packed_at=None, cancelled_at=None), name="parcel_open_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(packed_at=None, packed_by=None, carrier="")
                | (Q(packed_at__isnull=False, packed_by__isnull=False) & ~Q(carrier="")),
                name="parcel_packed_by_somebody_for_a_carrier",
            ),
            models.CheckConstraint(
                condition=Q(booked_at=None, tracking_number="", label=None, label_type="")
                | (
                    Q(booked_at__isnull=False, packed_at__isnull=False, label__isnull=False)
                    & ~Q(tracking_number="")
                    & ~Q(label_type="")
                ),
                name="parcel_booked_has_number_and_label",
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="parcel_tracking_number_once_per_carrier",
            ),
            models.CheckConstraint(
                condition=Q(weight_grams=None) | Q(weight_grams__gte=1, weight_grams__lte=HEAVIEST),
                name="parcel_weighs_something",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["cancelled_at"],
                condition=Q(cancelled_at__isnull=False, carrier_told_at=None) & ~Q(carrier=""),
                name="parcel_carrier_untold",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def is_open(self) -> bool:
        """Whether pieces can still be put into it."""
        return self.packed_at is None and self.cancelled_at is None


class ParcelLine(models.Model):
    """How many pieces of a fulfilment's slice are in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey("fulfilment.FulfilmentLine", on_delete=models.PROTECT, related_name="in_parcels")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["parcel", "line"], name="parcel_line_once_per_slice"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="parcel_line_packs_something"),
        ]


class TrackingEvent(models.Model):
    """What a carrier told of a parcel, in the house's few words and the carrier's own; UTC.

    The same `event_id` of a carrier is one event, however often and in whatever order it comes. Where a parcel is says
    the event that happened last, not the one that came last.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("parcel", "With the carrier")
        IN_TRANSIT = "in_transit", pgettext_lazy("parcel", "On its way")
        OUT_FOR_DELIVERY = "out_for_delivery", pgettext_lazy("parcel", "Out for delivery")
        AT_RELAY = "at_relay", pgettext_lazy("parcel", "At the relay point")
        DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered")
        COLLECTED_AT_RELAY = "collected_at_relay", pgettext_lazy("parcel", "Collected at the relay point")
        FAILED_ATTEMPT = "failed_attempt", pgettext_lazy("parcel", "Nobody was there")
        RETURNED = "returned", pgettext_lazy("parcel", "Sent back")

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="events", db_index=False)
    carrier = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True, default="", db_default="")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("tracking event")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["carrier", "event_id"], name="tracking_event_once_per_carrier"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(F("parcel"), F("happened_at").desc(), F("id").desc(), name="tracking_event_latest"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
