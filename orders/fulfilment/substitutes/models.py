"""What a customer is asked when a piece is missing: whether another article may come in its place."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.transitions import MovesStatus


class SubstituteQuestion(MovesStatus):
    """`quantity` missing pieces of a line, and the articles that are kept for its customer until `answer_by`.

    `worth` is what the missing pieces cost, in cents: what comes in their place never costs more. The pieces have left
    the order when it is asked; the line that was `bought` comes into it by a yes.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.OPEN: {Status.ACCEPTED, Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN},
        Status.ACCEPTED: set(),
        Status.DECLINED: set(),
        Status.EXPIRED: set(),
        Status.WITHDRAWN: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    fulfilment = models.ForeignKey(
        "fulfilment.Fulfilment", on_delete=models.CASCADE, related_name="substitute_questions"
    )
    line = models.ForeignKey(
        "fulfilment.FulfilmentLine", on_delete=models.CASCADE, related_name="substitute_questions", db_index=False
    )
    quantity = models.PositiveIntegerField()
    worth = models.BigIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN, db_default=Status.OPEN)
    answer_by = models.DateTimeField()
    asked_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    # Who answered for the customer; nobody when it was the customer, or the clock.
    answered_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    bought = models.OneToOneField("sales.OrderLine", on_delete=models.PROTECT, null=True, related_name="substitution")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, worth__gte=0), name="substitute_question_is_about_something"
            ),
            models.CheckConstraint(
                condition=Q(status="open", answered_at=None) | (~Q(status="open") & Q(answered_at__isnull=False)),
                name="substitute_question_answered_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", bought__isnull=False) | (~Q(status="accepted") & Q(bought=None)),
                name="substitute_question_accepted_is_bought",
            ),
            models.UniqueConstraint(fields=["line"], condition=Q(status="open"), name="substitute_asked_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["answer_by"], condition=Q(status="open"), name="substitute_question_open")
        ]

    @property
    def held_under(self) -> str:
        """The name under which what was offered is kept."""
        return f"hold:substitute:{self.public_id.hex}"


class Substitute(models.Model):
    """An article that was offered: what one piece of it costs the customer at most, in cents."""

    question = models.ForeignKey(
        SubstituteQuestion, on_delete=models.CASCADE, related_name="substitutes", db_index=False
    )
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    unit_price = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["question", "variant"], name="substitute_once_per_question"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="substitute_price_not_negative"),
        ]
