"""What counts taught about each family of articles, and what each store should count next. No row per level: how sure a
figure is is worked out when somebody asks (`formula`)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class CountFinding(models.Model):
    """What one closed count found in one family ('' is the articles without one), since each article's count before.

    `checks` are articles, `wrong` those whose figure had missed a piece in that time (at the count or at a short pick),
    `lost` those pieces, `unit_days` the pieces by the days they were in the figures, `days` the sum of the days between
    the counts. Figures that a rule made up (`derived` stock) teach nothing. A count that has its rows is learnt.
    """

    count = models.ForeignKey("stock.StockCount", on_delete=models.PROTECT, related_name="+", db_index=False)
    family = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField()
    checks = models.IntegerField()
    wrong = models.IntegerField()
    lost = models.IntegerField()
    unit_days = models.BigIntegerField()
    days = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["count", "family"], name="count_finding_once_per_family"),
            models.CheckConstraint(
                condition=Q(wrong__gte=0, lost__gte=F("wrong"), checks__gte=F("wrong"), unit_days__gte=0, days__gte=0),
                name="count_finding_adds_up",
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["ended_at"], name="count_finding_latest")]


class LossRate(models.Model):
    """How fast pieces of a family get lost without anybody noticing, in losses per million pieces and day; the row of
    the family '' is the whole house. Beside it the findings of the last year that it was learnt from."""

    family = models.CharField(max_length=80, blank=True, unique=True)
    per_million = models.IntegerField()
    checks = models.IntegerField()
    wrong = models.IntegerField()
    lost = models.IntegerField()
    unit_days = models.BigIntegerField()
    days = models.BigIntegerField()
    learnt_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(per_million__gt=0), name="loss_rate_is_never_none"),
        ]


class CountList(models.Model):
    """What one store should count, as of a day of the house's calendar: a list is made once a day."""

    location = models.OneToOneField("places.Location", on_delete=models.CASCADE, related_name="+")
    listed_on = models.DateField()


class CountAdvice(models.Model):
    """One article of a list. `value` is cents, tax included, of what would be promised and is expected not to be there
    (`formula`); `missing` is those pieces, in hundredths."""

    count_list = models.ForeignKey(CountList, on_delete=models.CASCADE, related_name="advices", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()
    missing = models.IntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["count_list", "position"], name="count_advice_has_its_own_position"),
            models.UniqueConstraint(fields=["count_list", "variant"], name="count_advice_once_per_article"),
            models.CheckConstraint(condition=Q(value__gt=0, missing__gt=0), name="count_advice_is_worth_something"),
        ]
