"""Payments: money that moved, per tender. Positive cents; the kind gives the direction; never edited."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Tender(models.TextChoices):
    """What a customer pays with. A card is always held by the terminal or the payment page: no number reaches us."""

    CARD_ONLINE = "card_online", _("Card, online")
    CARD_TERMINAL = "card_terminal", _("Card, terminal")
    CASH = "cash", _("Cash")
    OTHER = "other", _("Other")


class Payment(models.Model):
    """Money captured from a customer, or refunded to the tender that paid."""

    class Kind(models.TextChoices):
        CAPTURE = "capture", _("Paid")
        REFUND = "refund", _("Refunded")

    order = models.ForeignKey("sales.Order", on_delete=models.PROTECT, related_name="payments", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tender = models.CharField(max_length=20, choices=Tender.choices)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    reference = models.CharField(max_length=80)
    external_ref = models.CharField(max_length=120, blank=True, db_default="")
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    imported = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.UniqueConstraint(fields=["order", "reference", "kind", "tender"], name="payment_once_per_cause"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
