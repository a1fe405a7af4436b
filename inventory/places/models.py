"""Locations and the places in them where prepared orders wait."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from omni.lib.reference import bumps_reference


def one_person_a_day() -> list[int]:
    """What a store begins with: somebody prepares, every day of the week."""
    return [1] * 7


@pghistory.track()
class Location(models.Model):
    """A store or a warehouse. Coordinates are WGS 84 degrees; hours are in OpenStreetMap's syntax, in the location's
    zone."""

    class Kind(models.TextChoices):
        STORE = "store", _("Store")
        WAREHOUSE = "warehouse", _("Warehouse")

    code = models.SlugField(max_length=40, unique=True)
    short_code = models.CharField(max_length=3, unique=True, help_text="K4 in K4-62")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STORE)
    address = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    opening_hours = models.CharField(max_length=255, default="Mo-Sa 09:00-19:00")
    territory = models.CharField(max_length=8, default="FR", help_text="VAT territory")
    offers_pickup = models.BooleanField(default=True)
    offers_shipping = models.BooleanField(default=True)
    pickup_minutes = models.PositiveSmallIntegerField(default=60)
    # What the promise clock counts with (`inventory.places.workload`): minutes of one person's work, and how many
    # people prepare from Monday to Sunday when no tablet tells of more.
    minutes_per_order = models.PositiveSmallIntegerField(default=4, db_default=4)
    minutes_per_piece = models.PositiveSmallIntegerField(default=1, db_default=1)
    people_by_day = ArrayField(models.PositiveSmallIntegerField(), default=one_person_a_day)
    # When the manager is told of a promise in danger, in minutes of opening time; 0 is never.
    warn_minutes = models.PositiveSmallIntegerField(default=20, db_default=20)
    overdue_minutes = models.PositiveSmallIntegerField(default=30, db_default=30)
    keep_days = models.PositiveSmallIntegerField(default=7)
    # A reservation is kept until the end of the n-th day on which the store opens after it became ready.
    reservation_openings = models.PositiveSmallIntegerField(default=1, db_default=1)
    # How often its customer may keep a pickup longer, and by how many days each time.
    extensions = models.PositiveSmallIntegerField(default=1, db_default=1)
    extension_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    # How many days after it became ready its customer is reminded; 0 for never.
    first_reminder_days = models.PositiveSmallIntegerField(default=2, db_default=2)
    second_reminder_days = models.PositiveSmallIntegerField(default=5, db_default=5)
    # Pieces of each article that only this store itself may sell; an article that comes new begins with this number.
    safety_stock = models.PositiveSmallIntegerField(default=0, db_default=0)
    invented = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="location_on_earth"
            ),
            models.CheckConstraint(condition=Q(keep_days__gte=1), name="location_keeps_a_day"),
            models.CheckConstraint(
                condition=Q(reservation_openings__gte=1, reservation_openings__lte=14),
                name="location_reserves_for_openings",
            ),
            models.CheckConstraint(condition=Q(people_by_day__len=7), name="location_has_people_for_seven_days"),
            models.CheckConstraint(
                condition=Q(extension_days__gte=1, extension_days__lte=60), name="location_extends_by_days"
            ),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SpecialDay(models.Model):
    """One day on which a store keeps other hours than every week: closed, or open from one time to another."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="special_days")
    on = models.DateField()
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar[list[str]] = ["on"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["location", "on"], name="special_day_once_per_location"),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None)
                | Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=models.F("opens_at")),
                name="special_day_closed_or_open_for_a_while",
            ),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return f"{self.on}"


@pghistory.track()
class HoldPlace(models.Model):
    """A locker, shelf or rail where prepared orders wait for their owner. A retired one takes no new bags."""

    class Kind(models.TextChoices):
        LOCKER = "locker", _("Locker")
        SHELF = "shelf", _("Shelf")
        RAIL = "rail", _("Rail")

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="hold_places")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LOCKER)
    directions = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "name"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["location", "name"], name="hold_place_name_once_per_location")
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return self.name
