"""Why a figure was put right."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """What a person says of pieces that are not as the figures have them."""

    NOT_FOUND = "not_found", _("Not found")
    DAMAGED = "damaged", _("Damaged")
    DISPLAY_WORN = "display_worn", _("Worn on display")
    SOLD_MEANWHILE = "sold_meanwhile", _("Sold meanwhile")
    WRONG_LABEL = "wrong_label", _("Wrong label")
    OTHER = "other", _("Other reason")


class CountReason(models.TextChoices):
    """Why a count found more or fewer than the figures have."""

    MISCOUNTED = "miscounted_before", _("Miscounted before")
    NOT_FOUND = "not_found", _("Not found")
    FOUND_ELSEWHERE = "found_elsewhere", _("Found elsewhere")
    DAMAGED = "damaged", _("Damaged")
    STOLEN_OR_LOST = "stolen_or_lost", _("Stolen or lost")
    OTHER = "other", _("Other reason")


class DamageReason(models.TextChoices):
    """Why pieces that are there are not for sale."""

    DAMAGED = "damaged", _("Damaged")
    CAME_DAMAGED = "came_damaged", _("Came damaged")
    DISPLAY_WORN = "display_worn", _("Worn on display")
    INCOMPLETE = "incomplete", _("Opened or incomplete")
    EXPIRED = "expired", _("Past its date")
    OTHER = "other", _("Other reason")


REPAIRED = "for_sale_again"
"""What is said of pieces that were set aside and go back to the shelf."""
LABELS = dict([*DamageReason.choices, *CountReason.choices, *Reason.choices, (REPAIRED, _("For sale again"))])


def label_of(reason: str) -> str:
    """Return a reason in words; a rule that made a figure up in those of its translation."""
    return str(LABELS[reason]) if reason in LABELS else gettext(reason) if reason else ""
