"""Orders, lines, events. Amounts are cents, tax included, one currency per order; a line is frozen once written."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.outbox import EventBase
from omni.lib.transitions import MovesStatus
from omni.staff.models import Channel

if TYPE_CHECKING:
    from omni.staff.access import Actor


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Orders of the actor's stores, and those of which one of them serves a part."""
        stores = sorted(actor.store_ids)
        return self.filter(Q(location__in=stores) | Q(also_at__overlap=stores))


class Order(MovesStatus):
    """What a customer bought, from any channel. `location` serves it, places in `also_at` a part of it; the total is
    lines − discount, to the cent."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.OPEN: {Status.COMPLETED, Status.CANCELLED},
        Status.COMPLETED: {Status.OPEN},  # a hand-over undone within its ten minutes
        Status.CANCELLED: set(),
    }

    number = models.CharField(max_length=24, unique=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    external_ref = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001  (absent references must not clash)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="orders", db_index=False
    )
    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="orders", db_index=False)
    also_at = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    # What closed it, as its points know it; an undo finds there what it takes back.
    closed_under = models.CharField(max_length=60, blank=True, default="", db_default="")
    currency = models.CharField(max_length=3, default="EUR")
    lines_total = models.BigIntegerField()
    discount = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField()
    tax = models.BigIntegerField(default=0, db_default=0)
    dropped = models.BigIntegerField(default=0, db_default=0)
    imported = models.BooleanField(default=False, db_default=False)
    # Reserved to be tried, nothing bought: it is a sale once it is completed.
    reserved = models.BooleanField(default=False, db_default=False)
    placed_at = models.DateTimeField(db_default=Now())
    placed_on = models.DateField(help_text="The day of the order where it is served, in that store's zone")
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["channel", "external_ref"], name="order_external_ref_once_per_channel"),
            models.CheckConstraint(
                condition=Q(total=F("lines_total") - F("discount"), lines_total__gte=0, discount__gte=0),
                name="order_total_is_lines_less_discount",
            ),
            models.CheckConstraint(condition=Q(total__gte=0) | Q(imported=True), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(dropped__gte=0) & (Q(dropped__lte=F("total")) | Q(imported=True)),
                name="order_drops_no_more_than_its_total",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["customer", "-placed_at"], name="order_of_customer"),
            models.Index(fields=["location", "placed_on", "channel"], name="order_of_day"),
            models.Index(fields=["location", "-placed_at", "-id"], name="order_newest"),
            # Lists of people with many stores; without the second, a year is read to find that nothing is open.
            models.Index(fields=["-placed_at", "-id"], name="order_newest_anywhere"),
            models.Index(
                fields=["status", "-placed_at", "-id"], condition=~Q(status="completed"), name="order_not_completed"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One sku of an order, with name, price and VAT rate as they were. `total` = quantity × unit price − discount.

    Lines are those of the basket, and what a customer accepted later in the place of missing pieces.

    Lines of an imported history may lack a unit price (the till kept only the amount) or a quantity.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=160)
    quantity = models.IntegerField()
    unit_price = models.BigIntegerField(null=True)
    gross = models.BigIntegerField()
    discount = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField()
    vat_rate = models.PositiveIntegerField()
    tax = models.BigIntegerField()
    dropped_quantity = models.IntegerField(default=0, db_default=0)
    # The line of which pieces were missing: this one came in their place, after the order was placed.
    instead_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, unit_price__isnull=False, gross=F("quantity") * F("unit_price"))
                | Q(imported=True, quantity__gte=0),
                name="order_line_gross_is_quantity_times_price",
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=F("gross"), total=F("gross") - F("discount"))
                | Q(imported=True, total=F("gross") - F("discount")),
                name="order_line_total_is_gross_less_discount",
            ),
            models.CheckConstraint(
                condition=Q(dropped_quantity__gte=0, dropped_quantity__lte=F("quantity")),
                name="order_line_drops_no_more_than_ordered",
            ),
        ]

    @property
    def kept(self) -> int:
        """The pieces that are still part of the order."""
        return self.quantity - self.dropped_quantity


class OrderEvent(EventBase):
    """What happened to an order: its timeline for people, the outbox for followers."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events", db_index=False)
    location = models.ForeignKey(
        "places.Location", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["order", "created_at"], name="order_event_of_order"),
            models.Index(fields=["id"], condition=Q(handled_at=None), name="order_event_unhandled"),
            models.Index(fields=["location", "kind", "created_at"], name="order_event_of_day"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.UpdateOf("order_id", "kind", "data", "created_at", "actor_id", "location_id"),
            ),
        ]
