"""What is kept of lists: views that people saved and share, the columns they chose, what was done to many rows, and who
took a list away."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.lists import LONGEST_QUERY

if TYPE_CHECKING:
    from omni.staff.access import Actor


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: "Actor") -> Self:
        """One's own views, those of one's team, those of one's stores."""
        shared = Q(role__code=actor.role) | Q(location__in=actor.store_ids)
        return self.filter(Q(owner=actor.user_id) | shared)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["columns", "created_at"]
)
class SavedView(models.Model):
    """A list with its filters, sort and columns under a name: for its maker alone, for a team (role) or for a store.

    Holds what is asked, never what was found: whoever opens it sees their own stores' rows.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    owner = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    role = models.ForeignKey("staff.Role", on_delete=models.CASCADE, null=True, related_name="+")
    location = models.ForeignKey("places.Location", on_delete=models.CASCADE, null=True, related_name="+")
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    columns = ArrayField(models.CharField(max_length=40), null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["owner", "listing", "name"], name="saved_view_name_once_per_person"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            models.CheckConstraint(
                condition=Q(role=None) | Q(location=None), name="saved_view_shared_with_a_team_or_a_store"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        """Whether others see it, too."""
        return self.role_id is not None or self.location_id is not None


class ChosenColumns(models.Model):
    """Which columns somebody wants to see of a list, or of one view of it that somebody else made."""

    owner = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    listing = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, null=True, related_name="+")
    columns = ArrayField(models.CharField(max_length=40))

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["owner", "listing", "view"],
                nulls_distinct=False,
                name="chosen_columns_once_per_person_and_view",
            )
        ]


class BulkRun(models.Model):
    """One action on many rows: asked for, then begun by its maker's word, then ended. `key` is the form's UUID."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    listing = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    back = models.CharField(max_length=LONGEST_QUERY, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["actor", "key"], name="bulk_run_once_per_form"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(begun_at__isnull=False), name="bulk_run_ended_was_begun"
            ),
        ]


class BulkItem(models.Model):
    """One row of a run, by its number in its own table: not done yet, done, or refused with the reason in words."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Not done yet")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Could not be done")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items", db_index=False)
    thing = models.BigIntegerField()
    label = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    words = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["run", "thing"], name="bulk_item_once_per_run"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["run", "id"], condition=Q(outcome="waiting"), name="bulk_item_waiting"),
        ]


class Export(models.Model):
    """A list that somebody took away as a file: which one, what it was asked, how many rows left. Until the last row
    has left, and for ever when it never did, `rows` is empty."""

    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    listing = models.CharField(max_length=40)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    device = models.CharField(max_length=120, blank=True, default="", db_default="")
    rows = models.IntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(rows=None) | Q(rows__gte=0), name="export_rows_not_negative")
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["-created_at"], name="export_newest")]
