"""Counts of what lies in a store: what was scanned, line by line, until somebody closes it. A count is blind: what the
figures expect is told at its end, never before."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.stock.reasons import CountReason
from omni.lib.transitions import MovesStatus

if TYPE_CHECKING:
    from omni.staff.access import Actor

LONGEST_NAME = 40


class CountQuerySet(models.QuerySet["StockCount"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Counts of the actor's stores."""
        return self.filter(location__in=actor.store_ids)


class StockCount(MovesStatus):
    """One count in one store: open → closed, which puts the figures right, or abandoned, which changes nothing."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        ABANDONED = "abandoned", _("Abandoned")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {Status.OPEN: {Status.CLOSED, Status.ABANDONED}}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField(db_default=Now())
    ended_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = CountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None, ended_by=None)
                | (~Q(status="open") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="stock_count_ended_by_somebody",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended_stays", operation=pgtrigger.Update, condition=pgtrigger.Condition("OLD.status <> 'open'")
            ),
        ]


class KeptWithItsCount(pgtrigger.Protect):
    """Rows of a count that ended are not written, changed or taken away any more."""

    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: Any) -> str:
        return """
            IF EXISTS (
                SELECT FROM stock_stockcount
                WHERE id IN (NEW.count_id, OLD.count_id) AND status <> 'open'
            ) THEN
                RAISE EXCEPTION 'pgtrigger: Cannot change rows of a count that ended in % table', TG_TABLE_NAME;
            END IF;
            RETURN COALESCE(NEW, OLD);
        """


class CountLine(models.Model):
    """Units of one article that were seen. While a line is counted the house goes on selling: `least` and `most` are
    the lowest and the highest that was on hand at its scans, `last_movement` is the newest movement of the article
    that is in these figures (0: none yet); closing sets it to the newest of all.

    Filled at closing: `expected`, what should have been seen; `spared`, units that are missing and yet stay on hand,
    because they are kept for orders or set aside as damaged.
    """

    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="lines", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    counted = models.IntegerField()
    least = models.IntegerField()
    most = models.IntegerField()
    last_movement = models.BigIntegerField(default=0, db_default=0)
    expected = models.IntegerField(null=True)
    spared = models.IntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=40, choices=CountReason.choices, blank=True, db_default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["count", "variant"], name="count_line_once_per_article"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="count_line_not_negative"),
            models.CheckConstraint(condition=Q(least__lte=F("most")), name="count_line_least_is_not_above_most"),
            models.CheckConstraint(
                condition=Q(expected=None) | Q(expected=F("counted")) | ~Q(reason=""),
                name="count_line_difference_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(spared=0) | Q(spared__gt=0, expected__gte=F("counted") + F("spared")),
                name="count_line_spares_no_more_than_is_missing",
            ),
        ]
        triggers: ClassVar[list[Any]] = [KeptWithItsCount(name="kept_with_its_count")]


class ParkedCode(models.Model):
    """A code that nobody knows, and how often it was scanned: it enters no figure and stops nobody."""

    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="parked", db_index=False)
    code = models.CharField(max_length=80)
    times = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["count", "code"], name="parked_code_once_per_count"),
            models.CheckConstraint(condition=Q(times__gt=0), name="parked_code_was_scanned"),
        ]
        triggers: ClassVar[list[Any]] = [KeptWithItsCount(name="kept_with_its_count")]
