"""What became of promises: each lowering, and each time that the manager was told."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

MOST_LOWERINGS = 2
"""A customer is told a later time twice at most: a third would be noise, and the promise is late."""


class LoweredPromise(models.Model):
    """A promise that was put off before it was broken, and the customer told.

    `before` of the first one is the promise that the customer was given with the order: figures count against it.
    """

    fulfilment = models.ForeignKey(
        "fulfilment.Fulfilment", on_delete=models.PROTECT, related_name="lowerings", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    before = models.DateTimeField()
    after = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["fulfilment", "number"], name="lowered_promise_once_per_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_LOWERINGS), name="lowered_promise_at_most_twice"
            ),
            models.CheckConstraint(condition=Q(after__gt=F("before")), name="lowered_promise_is_later"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["before"], condition=Q(number=1), name="lowered_promise_first")
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Escalation(models.Model):
    """The manager of a store was told that a promise is in danger: once for each point."""

    class Point(models.TextChoices):
        BEFORE = "before", _("Soon due")
        DUE = "due", _("Due")
        OVERDUE = "overdue", _("Overdue")

    fulfilment = models.ForeignKey(
        "fulfilment.Fulfilment", on_delete=models.CASCADE, related_name="escalations", db_index=False
    )
    point = models.CharField(max_length=8, choices=Point.choices)
    promised_at = models.DateTimeField()
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["fulfilment", "point"], name="escalation_once_per_point")
        ]
