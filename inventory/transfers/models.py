"""Transfers: what one place sends another, or a supplier sends a place, line by line, until it is received."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inventory.transfers.reasons import DiscrepancyReason
from omni.lib.transitions import MovesStatus

if TYPE_CHECKING:
    from omni.staff.access import Actor

LONGEST_NAME = 60


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Transfers from or to one of the actor's stores."""
        return self.filter(Q(origin__in=actor.store_ids) | Q(destination__in=actor.store_ids))


class Transfer(MovesStatus):
    """Goods that go to a place: from another of ours, or, without an origin, from a supplier.

    A draft is only a list. Ready, its units are reserved where they are. In transit, they have left and are incoming
    where they go. Each reception takes in what came; the last one says of every unit what became of it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready to leave")
        IN_TRANSIT = "in_transit", _("On its way")
        PARTLY_RECEIVED = "partly_received", _("Partly received")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.DRAFT: {Status.READY, Status.IN_TRANSIT, Status.CANCELLED},
        Status.READY: {Status.DRAFT, Status.IN_TRANSIT, Status.CANCELLED},
        Status.IN_TRANSIT: {Status.PARTLY_RECEIVED, Status.RECEIVED},
        Status.PARTLY_RECEIVED: {Status.PARTLY_RECEIVED, Status.RECEIVED},
    }
    ON_ITS_WAY: ClassVar[set[str]] = {Status.IN_TRANSIT, Status.PARTLY_RECEIVED}
    HAS_LEFT: ClassVar[set[str]] = {*ON_ITS_WAY, Status.RECEIVED}
    ENDED: ClassVar[set[str]] = {Status.RECEIVED, Status.CANCELLED}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    origin = models.ForeignKey("places.Location", on_delete=models.PROTECT, null=True, related_name="+")
    destination = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+")
    supplier = models.CharField(max_length=LONGEST_NAME, blank=True)
    delivery_note = models.CharField(max_length=LONGEST_NAME, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DRAFT)
    receptions = models.IntegerField(default=0, db_default=0)
    opened_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    sent_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TransferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=(Q(origin__isnull=False, supplier="") & ~Q(origin=F("destination")))
                | (Q(origin=None) & ~Q(supplier="")),
                name="transfer_comes_from_another_place_or_a_supplier",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_transit", "partly_received", "received"], sent_at__isnull=False)
                | Q(status__in=["draft", "ready", "cancelled"], sent_at=None, sent_by=None),
                name="transfer_sent_is_sent_once_it_left",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "cancelled"], ended_at__isnull=False, ended_by__isnull=False)
                | (~Q(status__in=["received", "cancelled"]) & Q(ended_at=None, ended_by=None)),
                name="transfer_ended_by_somebody",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status IN ('received', 'cancelled')"),
            ),
        ]

    @property
    def number(self) -> str:
        """What stands on the parcel."""
        return f"X-{self.pk:04d}"

    @property
    def reference(self) -> str:
        """The cause that reservations and departures name."""
        return f"transfer:{self.public_id}"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("transfer", args=[self.public_id])


class KeptWithItsTransfer(pgtrigger.Protect):
    """Rows of a transfer that ended are not written, changed or taken away any more."""

    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: Any) -> str:
        return """
            IF EXISTS (
                SELECT FROM transfers_transfer
                WHERE id IN (NEW.transfer_id, OLD.transfer_id) AND status IN ('received', 'cancelled')
            ) THEN
                RAISE EXCEPTION 'pgtrigger: Cannot change rows of a transfer that ended in % table', TG_TABLE_NAME;
            END IF;
            RETURN COALESCE(NEW, OLD);
        """


class TransferLine(models.Model):
    """Units of one article: `asked` for, `sent` when it left, `scanned` in the reception that goes on, `received` in
    those that were booked (`damaged` of them not for sale), `missing` for good. While a transfer is on its way,
    sent − received − missing are incoming, never below 0."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    asked = models.IntegerField(default=0, db_default=0)
    sent = models.IntegerField(default=0, db_default=0)
    scanned = models.IntegerField(default=0, db_default=0)
    received = models.IntegerField(default=0, db_default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    missing = models.IntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=40, choices=DiscrepancyReason.choices, blank=True, db_default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transfer", "variant"], name="transfer_line_once_per_article"),
            models.CheckConstraint(
                condition=Q(asked__gte=0, sent__gte=0, scanned__gte=0, received__gte=0, damaged__gte=0, missing__gte=0),
                name="transfer_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(missing=0) | Q(sent__gte=F("received") + F("missing")),
                name="transfer_line_misses_no_more_than_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(damaged__lte=F("received")), name="transfer_line_damaged_has_been_received"
            ),
            models.CheckConstraint(
                condition=Q(missing=0, damaged=0, received__lte=F("sent")) | ~Q(reason=""),
                name="transfer_line_discrepancy_has_a_reason",
            ),
        ]
        triggers: ClassVar[list[Any]] = [KeptWithItsTransfer(name="kept_with_its_transfer")]


class UnknownPiece(models.Model):
    """A code that nobody knows, scanned at a reception, and how often: it enters no figure and stops nobody."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="parked", db_index=False)
    code = models.CharField(max_length=80)
    times = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transfer", "code"], name="unknown_piece_once_per_transfer"),
            models.CheckConstraint(condition=Q(times__gt=0), name="unknown_piece_was_scanned"),
        ]
        triggers: ClassVar[list[Any]] = [KeptWithItsTransfer(name="kept_with_its_transfer")]


class SalesRate(models.Model):
    """How many units of an article a place sold in the last `suggesting.DAYS` days; written anew by `rating` alone.
    Nothing sold, no row."""

    pk = models.CompositePrimaryKey("location_id", "variant_id")
    location = models.ForeignKey("places.Location", on_delete=models.CASCADE, related_name="+", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    units = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(units__gt=0), name="sales_rate_sold_something")
        ]
