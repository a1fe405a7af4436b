"""The time between ready and collected: who is there already, who asked for more time, what goes back to the shelf."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CustomerLink(models.Model):
    """That the links to an order's own page were taken back: those of an earlier `round` open nothing any more.

    An order without a row is in round 0. The link itself is kept nowhere: it is made of a key that only the server has.
    """

    order = models.OneToOneField("sales.Order", on_delete=models.CASCADE, related_name="customer_link")
    round = models.PositiveSmallIntegerField(default=1)
    renewed_at = models.DateTimeField(db_default=Now())
    renewed_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(round__gte=1), name="customer_link_renewed_at_least_once")
        ]


class Arrival(models.Model):
    """A customer who said on their page that they are there, where they stand, and until when they waited."""

    class Spot(models.TextChoices):
        COUNTER = "counter", _("At the counter")
        DOOR = "door", _("Outside, in front of the store")

    fulfilment = models.ForeignKey("fulfilment.Fulfilment", on_delete=models.CASCADE, related_name="arrivals")
    spot = models.CharField(max_length=10, choices=Spot.choices, default=Spot.COUNTER)
    note = models.CharField(max_length=120, blank=True, default="", db_default="")
    arrived_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["fulfilment"], condition=Q(ended_at=None), name="arrival_waits_once_per_fulfilment"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("arrived_at")), name="arrival_ends_after_it_began"
            ),
        ]


class Extension(models.Model):
    """More time: from when to when a pickup is kept, who gave it. Without a person it was the customer's own doing."""

    fulfilment = models.ForeignKey("fulfilment.Fulfilment", on_delete=models.CASCADE, related_name="extensions")
    kept_until = models.DateTimeField()
    keep_until = models.DateTimeField()
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=120, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(keep_until__gt=F("kept_until")), name="extension_gives_time"),
            models.UniqueConstraint(fields=["fulfilment", "kept_until"], name="extension_begins_once_at_an_end"),
        ]


class Rating(models.Model):
    """What a customer said of a visit: one to five, and a sentence. Once."""

    MOST: ClassVar[int] = 5

    fulfilment = models.OneToOneField("fulfilment.Fulfilment", on_delete=models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    sentence = models.CharField(max_length=280, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="rating_is_one_to_five")
        ]


class Restock(models.Model):
    """A bag whose owner will not come: its pieces go back to the shelf. One for each fulfilment that was given up with
    pieces in it."""

    fulfilment = models.OneToOneField("fulfilment.Fulfilment", on_delete=models.CASCADE, related_name="restock")
    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="restock_done_by_somebody",
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["location", "created_at"], condition=Q(done_at=None), name="restock_to_do")
        ]


class RestockLine(models.Model):
    """Pieces of one article in such a bag, and how many of them are back on the shelf."""

    restock = models.ForeignKey(Restock, on_delete=models.CASCADE, related_name="lines", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    put_back = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["restock", "variant"], name="restock_line_once_per_article"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, put_back__lte=F("quantity")), name="restock_line_puts_back_what_it_has"
            ),
        ]
