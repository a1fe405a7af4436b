"""Points, double entry: every entry moves a positive number of points from one account to another, so legs sum to zero.

An entry is written pending, posted, or as the settlement of a pending one (posting or voiding it); entries are never
edited.
Wallets carry their balances beside the ledger; the programme's own accounts do not, because every order would write
them.
"""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.reference import bumps_reference


@pghistory.track()
class Programme(models.Model):
    """The rule of earning: one point for each `cents_per_point` paid, posted `posts_after_days` after the hand-over."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    cents_per_point = models.PositiveIntegerField(default=100)
    posts_after_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(cents_per_point__gt=0), name="programme_points_have_a_price")
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A customer's wallet, or one of the programme's own accounts. Balances in points, kept for wallets only."""

    class Kind(models.TextChoices):
        WALLET = "wallet", _("Wallet")
        ISSUE = "issue", _("Issued")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="wallets")
    posted = models.BigIntegerField(default=0, db_default=0)
    pending = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(kind="wallet", customer__isnull=False) | (~Q(kind="wallet") & Q(customer=None)),
                name="account_wallet_has_an_owner",
            ),
            models.UniqueConstraint(
                fields=["customer", "programme"], condition=Q(kind="wallet"), name="account_one_wallet_per_customer"
            ),
            models.UniqueConstraint(
                fields=["programme", "kind"], condition=~Q(kind="wallet"), name="account_one_of_each_kind"
            ),
            models.CheckConstraint(condition=Q(posted__gte=0, pending__gte=0), name="account_never_overdrawn"),
        ]


class Entry(models.Model):
    """`points` from `debit` to `credit`. Unique per event: the same `reference` never earns twice."""

    class Kind(models.TextChoices):
        EARN = "earn", _("Earned")
        REVERSE = "reverse", _("Taken back")

    class Stage(models.TextChoices):
        PENDING = "pending", _("Pending")
        POSTED = "posted", _("Posted")
        POSTS = "posts", _("Posts a pending entry")
        VOIDS = "voids", _("Voids a pending entry")

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits", db_index=False)
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits", db_index=False)
    points = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    settles = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="settlements")
    cause = models.CharField(max_length=80, help_text="What earned: an order's number")
    reference = models.CharField(max_length=100, help_text="The one event that wrote this entry")
    location = models.ForeignKey(
        "places.Location", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField(null=True)
    derived = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(points__gt=0), name="entry_points_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_has_two_accounts"),
            models.CheckConstraint(
                condition=Q(stage__in=["posts", "voids"], settles__isnull=False)
                | Q(stage__in=["pending", "posted"], settles=None),
                name="entry_settlement_names_what_it_settles",
            ),
            models.UniqueConstraint(fields=["reference", "kind", "stage"], name="entry_once_per_event"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["credit", "-created_at"], name="entry_credit_newest"),
            models.Index(fields=["debit", "-created_at"], name="entry_debit_newest"),
            models.Index(fields=["cause"], name="entry_of_cause"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="entry_due"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
