"""Why a figure was put right."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """What a person says of pieces that are not as the figures have them."""

    NOT_FOUND = "not_found", _("Not found")
    DAMAGED = "damaged", _("Damaged")
    DISPLAY_WORN = "display_worn", _("Worn on display")
    SOLD_MEANWHILE = "sold_meanwhile", _("Sold meanwhile")
    WRONG_LABEL = "wrong_label", _("Wrong label")
    OTHER = "other", _("Other reason")
