"""Fulfilments: how an order's lines reach the customer. Each has its own flow; a line is counted in slices."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.stock.reasons import Reason
from omni.lib.transitions import MovesStatus
from orders.fulfilment.promise_models import Escalation, LoweredPromise

if TYPE_CHECKING:
    from omni.staff.access import Actor


__all__ = [
    "Escalation",
    "Fulfilment",
    "FulfilmentLine",
    "FulfilmentQuerySet",
    "HandOver",
    "HandOverLine",
    "LoweredPromise",
    "Reason",
    "ShortIdCounter",
]


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Fulfilments of the actor's stores."""
        return self.filter(location__in=actor.store_ids)


@pghistory.track(fields=["status", "hold_place", "promised_at", "keep_until", "order", "location"])
class Fulfilment(MovesStatus):
    """One way of handing goods over: collected in a store, reserved there to be tried, shipped, or carried out at once.

    `short_id` (K4-62) is what people call across the shop. The pickup code is kept as a keyed hash only.
    """

    class Kind(models.TextChoices):
        PICKUP = "pickup", _("Click and collect")
        SHIP = "ship", _("Delivery")
        CARRY_OUT = "carry_out", _("Carried out")
        RESERVATION = "reservation", _("E-reservation")
        RELAY = "relay", _("Relay point")

    class Status(models.TextChoices):
        TO_PICK = "to_pick", _("To prepare")
        PICKING = "picking", _("Being prepared")
        READY = "ready", _("Ready")
        COLLECTED = "collected", _("Collected")
        DISPATCHED = "dispatched", _("Dispatched")
        EXPIRED = "expired", _("Not collected")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.TO_PICK: {Status.PICKING, Status.COLLECTED, Status.CANCELLED},
        Status.PICKING: {Status.TO_PICK, Status.READY, Status.DISPATCHED, Status.CANCELLED},
        Status.READY: {Status.COLLECTED, Status.EXPIRED, Status.CANCELLED},
        Status.COLLECTED: {Status.READY},  # undone within ten minutes
        Status.DISPATCHED: set(),
        Status.EXPIRED: set(),
        Status.CANCELLED: set(),
    }
    AT_THE_COUNTER: ClassVar[frozenset[str]] = frozenset({Kind.PICKUP, Kind.RESERVATION})
    """What is prepared, waits under a code and is handed over in the store."""
    SENT: ClassVar[frozenset[str]] = frozenset({Kind.SHIP, Kind.RELAY})
    """What leaves the house in parcels: to a door, or to a third party's counter."""
    ONLY_FOR: ClassVar[dict[tuple[str, str], frozenset[str]]] = {
        (Status.TO_PICK, Status.COLLECTED): frozenset({Kind.CARRY_OUT}),
        (Status.PICKING, Status.READY): AT_THE_COUNTER,
        (Status.PICKING, Status.DISPATCHED): SENT,
    }
    """Moves that some kinds alone make: no parcel waits at the counter, no pickup leaves by post."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    order = models.ForeignKey("sales.Order", on_delete=models.PROTECT, related_name="fulfilments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    location = models.ForeignKey(
        "places.Location", on_delete=models.PROTECT, related_name="fulfilments", db_index=False
    )
    short_id = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.TO_PICK)
    promised_at = models.DateTimeField()
    picker = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ready_at = models.DateTimeField(null=True)
    hold_place = models.ForeignKey(
        "places.HoldPlace", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    keep_until = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, db_default="", default="", blank=True)
    code_round = models.PositiveSmallIntegerField(db_default=0, default=0)
    ship_to = models.JSONField(null=True)
    # The fulfilment that lacked these pieces: another place serves them instead.
    instead_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="instead", db_index=False)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = FulfilmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(status="ready")
                | (Q(hold_place__isnull=False, keep_until__isnull=False) & ~Q(code_hash="")),
                name="fulfilment_ready_has_place_code_and_end",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["collected", "dispatched", "expired", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["to_pick", "picking", "ready"], ended_at=None),
                name="fulfilment_ended_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="collected") | Q(kind="carry_out") | Q(ready_at__isnull=False),
                name="fulfilment_collected_was_ready",
            ),
            models.CheckConstraint(
                condition=~Q(kind="relay") | Q(ship_to__isnull=False, ship_to__has_key="relay_point"),
                name="fulfilment_relay_keeps_its_point",
            ),
            models.UniqueConstraint(
                fields=["location", "code_hash"], condition=Q(status="ready"), name="fulfilment_code_once_per_store"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["location", "promised_at"],
                condition=Q(status__in=["to_pick", "picking", "ready"]),
                name="fulfilment_queue",
            ),
            models.Index(fields=["keep_until"], condition=Q(status="ready"), name="fulfilment_waiting"),
            models.Index(fields=["location", "short_id"], name="fulfilment_short_id"),
            models.Index(fields=["location", "promised_at", "kind"], name="fulfilment_promises"),
        ]

    def __str__(self) -> str:
        return self.short_id

    def may_move_to(self, status: str) -> bool:
        """Whether the move is legal, also for this kind."""
        return super().may_move_to(status) and self.kind in self.ONLY_FOR.get((self.status, status), {self.kind})

    @property
    def reserved(self) -> bool:
        """Whether nothing of it is bought before it was tried."""
        return self.kind == self.Kind.RESERVATION

    @property
    def is_sent(self) -> bool:
        """Whether it leaves in parcels, to a door or to a relay point."""
        return self.kind in self.SENT

    def refund_reference(self, ending: str) -> str:
        """Return the cause under which money of this part goes back: it was made `ready` or `dispatch`ed with pieces
        missing, or ended in a status."""
        return f"{ending}/{self.pk}"


class FulfilmentLine(models.Model):
    """A slice of an order's line: how many are wanted, picked, packed, short, collected, refused at the counter.

    Of the picked ones, `packed` are in a parcel (`orders.parcels`), which is what keeps a piece out of two. Of the
    short ones, `rerouted` are served by another fulfilment instead; the others left the order.
    """

    Reason = Reason

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="lines", db_index=False)
    order_line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="slices")
    quantity = models.IntegerField()
    picked = models.IntegerField(default=0, db_default=0)
    packed = models.IntegerField(default=0, db_default=0)
    short = models.IntegerField(default=0, db_default=0)
    short_reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, default="", db_default="")
    short_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    short_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    short_at = models.DateTimeField(null=True)
    rerouted = models.IntegerField(default=0, db_default=0)
    collected = models.IntegerField(default=0, db_default=0)
    refused = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["fulfilment", "order_line"], name="fulfilment_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, picked__gte=0, short__gte=0, quantity__gte=F("picked") + F("short")),
                name="fulfilment_line_counts_fit",
            ),
            models.CheckConstraint(
                condition=Q(packed__gte=0, packed__lte=F("picked")), name="fulfilment_line_packs_what_was_picked"
            ),
            models.CheckConstraint(
                condition=Q(collected__gte=0, refused__gte=0, picked__gte=F("collected") + F("refused")),
                name="fulfilment_line_collects_what_was_picked",
            ),
            models.CheckConstraint(
                condition=Q(rerouted__gte=0, rerouted__lte=F("short")), name="fulfilment_line_reroutes_what_was_short"
            ),
            models.CheckConstraint(
                condition=Q(short=0, short_reason="") | (Q(short__gt=0) & ~Q(short_reason="")),
                name="fulfilment_line_short_has_a_reason",
            ),
        ]

    @property
    def kept(self) -> int:
        """The pieces that are still to reach the customer, and reserved: neither missing nor given nor refused."""
        return self.quantity - self.short - self.collected - self.refused

    @property
    def waiting(self) -> int:
        """The picked pieces that wait in the bag."""
        return self.picked - self.collected - self.refused


class HandOver(models.Model):
    """Goods given to somebody, all that waited or a part: who gave, how the person was recognised, and, within ten
    minutes, who took it back."""

    class Proof(models.TextChoices):
        CODE = "code", _("Pickup code")
        QR = "qr", _("QR code")
        IDENTITY = "identity", _("Identity seen")

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="hand_overs")
    proof = models.CharField(max_length=10, choices=Proof.choices)
    collected_by = models.CharField(max_length=120, blank=True)
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    def reference(self, order_number: str) -> str:
        """Return the cause under which stock, points and money of this hand-over are written."""
        return f"{order_number}/hand-over/{self.pk}"


class HandOverLine(models.Model):
    """What one hand-over gave of a slice, and what the customer refused of it at the counter."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey(FulfilmentLine, on_delete=models.PROTECT, related_name="given")
    collected = models.IntegerField(default=0, db_default=0)
    refused = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["hand_over", "line"], name="hand_over_line_once"),
            models.CheckConstraint(
                condition=Q(collected__gte=0, refused__gte=0) & (Q(collected__gt=0) | Q(refused__gt=0)),
                name="hand_over_line_gives_something",
            ),
        ]


class ShortIdCounter(models.Model):
    """The last short number given in a store; runs from 1 to 999 and begins again."""

    location = models.OneToOneField("places.Location", on_delete=models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveSmallIntegerField(default=0)
