"""VAT rates: data with dates, per territory and class."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from inventory.catalog.models import VatClass
from omni.lib.reference import bumps_reference


@pghistory.track()
class VatRate(models.Model):
    """The rate in basis points (2000 = 20 %) of a class in a territory from a day on."""

    territory = models.CharField(max_length=8)
    vat_class = models.CharField(max_length=20, choices=VatClass.choices)
    rate = models.PositiveIntegerField()
    starts_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["territory", "vat_class", "starts_on"], name="vat_rate_one_start"),
            models.CheckConstraint(condition=Q(rate__lt=10_000), name="vat_rate_below_one"),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]
