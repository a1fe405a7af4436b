"""The demo's one table: that this database is a demo's, and how far its clock was moved."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

ONLY = 1


class Clock(models.Model):
    """The mark of a demo, written when it is loaded; without it no instant of a database is ever moved.

    What stands at or before `past_until` is the past that was loaded; what the demo lived through since is later than
    `opened_at`. Between the two lies nothing: the demo grows older into that gap, and when it is used up the past is
    moved back by whole weeks. `moved` is how far the clock was moved forward in all.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    past_until = models.DateTimeField()
    opened_at = models.DateTimeField(db_default=Now())
    moved = models.DurationField(default=timedelta())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(id=ONLY), name="demo_has_one_clock"),
            models.CheckConstraint(condition=Q(opened_at__gte=F("past_until")), name="demo_opens_after_its_past"),
            models.CheckConstraint(condition=Q(moved__gte=timedelta()), name="demo_clock_goes_forward"),
        ]
