"""The rules of sourcing, which the house changes without a developer."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.places.models import Location
from omni.lib.reference import bumps_reference
from omni.staff.models import Channel


class Way(models.TextChoices):
    """How the customer gets it."""

    PICKUP = "pickup", _("Pickup")
    SHIP = "ship", _("Home delivery")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RuleSet(models.Model):
    """What holds for a channel and a way ('' is every one) from one instant to another: parcels at most (1 never
    splits) and how many of 100 points each criterion gives. Between sets that hold at once the more particular wins,
    then the later."""

    channel = models.CharField(max_length=20, choices=Channel.choices, blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    most_parcels = models.PositiveSmallIntegerField(default=1)
    for_distance = models.PositiveSmallIntegerField(default=0)
    for_delay = models.PositiveSmallIntegerField(default=0)
    for_load = models.PositiveSmallIntegerField(default=0)
    for_priority = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["channel", "way", "starts_at"], name="sourcing_rules_begin_once"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="sourcing_rules_hold_for_a_while"
            ),
            models.CheckConstraint(condition=Q(most_parcels__range=(1, 20)), name="sourcing_parcels_from_1_to_20"),
            models.CheckConstraint(
                condition=Q(for_distance=100 - F("for_delay") - F("for_load") - F("for_priority")),
                name="sourcing_weights_add_to_100",
            ),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return f"{self.channel or '*'} {self.way or '*'} {self.starts_at:%Y-%m-%d}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SourcingRule(models.Model):
    """One rule that rules places out, in its place among the others of its set."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("Available after safety stock, pieces at least")
        OFFERS = "offers", _("Offers what is asked for")
        OPEN = "open", _("Open today")
        DISTANCE = "distance", _("Distance in km, at most")
        KEEP_LAST = "keep_last", _("Pieces that a store keeps for itself")
        LOAD = "load", _("Orders waiting there, at most")
        CONFIDENCE = "confidence", _("How sure it is that the piece is there, percent at least")

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    figure = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["rule_set", "position"], name="sourcing_rule_has_its_own_position"),
            models.UniqueConstraint(fields=["rule_set", "kind"], name="sourcing_rule_once_per_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["offers", "open"], figure=None)
                | Q(kind__in=["stock", "distance", "keep_last", "load"], figure__gte=1, figure__isnull=False)
                | Q(kind="confidence", figure__range=(1, 99), figure__isnull=False),
                name="sourcing_rule_has_the_figure_it_needs",
            ),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return f"{self.position} {self.kind} {self.figure or ''}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PlacePriority(models.Model):
    """How gladly the house lets a place serve: 0 never first, 10 first; 5 for a place without a row."""

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="+")
    priority = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(priority__range=(0, 10)), name="sourcing_priority_from_0_to_10")
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return f"{self.priority}"
