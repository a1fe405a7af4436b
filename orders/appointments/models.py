"""Appointments: what a store offers, who comes when, in which seat, and what became of it."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from omni.lib.outbox import EventBase
from omni.lib.transitions import MovesStatus
from omni.staff.models import Channel

if TYPE_CHECKING:
    from omni.staff.access import Actor

LONGEST_NAME = 80
LONGEST_NOTE = 200


@pghistory.track()
class Service(models.Model):
    """Something one can have an appointment for, by the house's own names."""

    code = models.SlugField(max_length=40, unique=True)
    name_fr = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en


@pghistory.track()
class Offer(models.Model):
    """A service in one store: how long it takes, how many at once, and when it can be booked.

    `rhythm` is in OpenStreetMap's syntax, and only holds inside the opening hours; empty, it is all of them.
    `notice_minutes` and `days_ahead` bind who books from outside; people of the house book until a slot begins.
    """

    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=30)
    seats = models.PositiveSmallIntegerField(default=1)
    rhythm = models.CharField(max_length=255, blank=True)
    notice_minutes = models.PositiveIntegerField(default=60)
    days_ahead = models.PositiveSmallIntegerField(default=30)
    is_open = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["location", "service"], name="appointment_service_offered_once_per_store"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480, seats__gte=1, seats__lte=50, days_ahead__gte=1),
                name="appointment_offer_takes_time_and_seats",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Appointments in the actor's stores."""
        return self.filter(location__in=actor.store_ids)


def _span(function: str, first: str, last: str, bounds: str) -> Func:
    """Two columns as a range. Ranges need no extension of PostgreSQL to be compared by one index."""
    return Func(F(first), F(last), Value(bounds), function=function)


class Appointment(MovesStatus):
    """Somebody who is expected at an instant, in one seat of an offer; or who came without, and took a number.

    `seat` counts from 1 to the seats that the offer had when it was booked (`of_seats`).
    """

    class Kind(models.TextChoices):
        BOOKED = "booked", _("Appointment")
        WALK_IN = "walk_in", _("Without appointment")

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        WAITING = "waiting", _("Waiting")
        WITH_US = "with_us", _("Being served")
        SERVED = "served", pgettext_lazy("appointment", "Served")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.EXPECTED: {Status.WAITING, Status.NO_SHOW, Status.CANCELLED},
        Status.WAITING: {Status.WITH_US, Status.NO_SHOW, Status.EXPECTED},  # back: undone within ten minutes
        Status.WITH_US: {Status.SERVED, Status.NO_SHOW, Status.WAITING},
        Status.SERVED: {Status.WITH_US},
        Status.NO_SHOW: {Status.EXPECTED, Status.WAITING, Status.WITH_US},
        Status.CANCELLED: set(),
    }
    OVER: ClassVar[set[str]] = {Status.SERVED, Status.NO_SHOW, Status.CANCELLED}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", null=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    on = models.DateField(help_text="The day in the store's zone")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    seat = models.PositiveSmallIntegerField(null=True)
    of_seats = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveSmallIntegerField(null=True)
    remind_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    served_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = AppointmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            ExclusionConstraint(
                name="appointment_seat_holds_one_at_a_time",
                expressions=[
                    (_span("int8range", "offer", "offer", "[]"), RangeOperators.OVERLAPS),
                    (_span("int4range", "seat", "seat", "[]"), RangeOperators.OVERLAPS),
                    (_span("tstzrange", "starts_at", "ends_at", "[)"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="booked") & ~Q(status="cancelled"),
            ),
            models.CheckConstraint(
                condition=Q(kind="booked", offer__isnull=False, starts_at__isnull=False, ends_at__gt=F("starts_at"))
                | Q(kind="walk_in", starts_at=None, ends_at=None),
                name="appointment_booked_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="booked", seat__gte=1, seat__lte=F("of_seats"), seat__isnull=False)
                | Q(kind="walk_in", seat=None, of_seats=None),
                name="appointment_seat_is_one_of_the_offer",
            ),
            models.CheckConstraint(
                condition=Q(kind="booked", number=None) | Q(kind="walk_in", number__gte=1, number__isnull=False),
                name="appointment_walk_in_has_a_number",
            ),
            models.UniqueConstraint(fields=["location", "on", "number"], name="appointment_number_once_per_day"),
            models.CheckConstraint(condition=Q(customer__isnull=False) | ~Q(name=""), name="appointment_is_somebodys"),
            models.CheckConstraint(
                condition=Q(status__in=["expected", "cancelled", "no_show"])
                | Q(status="waiting", arrived_at__isnull=False, called_at=None, served_by=None)
                | Q(
                    status__in=["with_us", "served"],
                    arrived_at__isnull=False,
                    called_at__isnull=False,
                    served_by__isnull=False,
                ),
                name="appointment_served_by_somebody_once_there",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["served", "no_show", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["expected", "waiting", "with_us"], ended_at=None),
                name="appointment_over_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="booked") | ~Q(status__in=["expected", "cancelled"]),
                name="appointment_walk_in_is_there",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["location", "on"], name="appointment_of_day"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="appointment_reminders"),
        ]

    @property
    def who(self) -> str:
        """Whom it is for, as people say it."""
        return self.name or (self.customer.name if self.customer else "")

    def __str__(self) -> str:
        return self.who

    def get_absolute_url(self) -> str:
        return reverse("appointment", args=[self.public_id])


class BroughtArticle(models.Model):
    """An article that the customer wishes to see or try there."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="brought", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["appointment", "variant"], name="brought_article_once_per_appointment")
        ]


class AppointmentEvent(EventBase):
    """What happened to an appointment: its story for people, the outbox for followers."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="events", db_index=False)
    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    device = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["appointment", "id"], name="appointment_event_story"),
            models.Index(fields=["id"], condition=Q(handled_at=None), name="appointment_event_unhandled"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.UpdateOf(
                    "appointment_id", "kind", "data", "created_at", "actor_id", "location_id", "device"
                ),
            ),
        ]


class NumberCounter(models.Model):
    """The last number that somebody without an appointment took in a store on a day."""

    pk = models.CompositePrimaryKey("location_id", "on")
    location = models.ForeignKey("places.Location", on_delete=models.CASCADE, related_name="+", db_index=False)
    on = models.DateField()
    last = models.PositiveSmallIntegerField(default=0)
