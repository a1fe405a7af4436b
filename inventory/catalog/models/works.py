"""Long work on a file: what is to be done with it, how far it is, and how it ended."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.catalog.models.imports import CatalogueImport


class ImportWork(models.Model):
    """Checking or applying one file, asked for by a person and done by a worker: a file has one at a time.

    The row is the memory, the broker only rings. `done` of `total` and `attempts` are written beside the transaction
    that does the work, so that others see them while it goes on; what the work writes is seen when it has ended, or
    never. `mapping` is what the columns are, for a check.
    """

    class Kind(models.TextChoices):
        CHECK = "check", _("Being checked")
        APPLY = "apply", _("Being applied")

    class Stage(models.TextChoices):
        WAITING = "waiting", _("Waits for its turn")
        READING = "reading", _("Reading the rows")
        JUDGING = "judging", _("Looking for contradictions")
        COMPARING = "comparing", _("Comparing with the house")
        PRODUCTS = "products", _("Writing products")
        VARIANTS = "variants", _("Writing articles")
        PRICES = "prices", _("Writing prices")

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        STALE = "stale", _("The catalogue was changed since this file was checked. Check it again.")
        GONE = "gone", _("The rows of this file are not kept any more. Send it again.")
        MOVED = "moved", _("Somebody did something else with this file meanwhile.")
        FAILED = "failed", _("This did not succeed, and nothing was changed. Try again.")

    owner = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="works")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    mapping = models.JSONField(default=dict)
    asked_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(ended_at=None), name="catalogue_import_worked_on_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="import_work_ends_somehow",
            ),
            models.CheckConstraint(
                condition=Q(done__gte=0, done__lte=F("total")), name="import_work_done_within_its_total"
            ),
        ]
