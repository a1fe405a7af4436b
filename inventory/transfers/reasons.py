"""Why a reception found fewer, more or other pieces than were sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DiscrepancyReason(models.TextChoices):
    """What the receiving place says of a line that does not agree."""

    NOT_IN_THE_PARCEL = "not_in_the_parcel", _("Not in the parcel")
    CAME_DAMAGED = "came_damaged", _("Came damaged")
    OTHER_ARTICLE = "other_article", _("Another article")
    LOST_ON_THE_WAY = "lost_on_the_way", _("Lost on the way")
    MORE_IN_THE_PARCEL = "more_in_the_parcel", _("More in the parcel")
    OTHER = "other", _("Other reason")


FEWER = (
    DiscrepancyReason.NOT_IN_THE_PARCEL,
    DiscrepancyReason.CAME_DAMAGED,
    DiscrepancyReason.OTHER_ARTICLE,
    DiscrepancyReason.LOST_ON_THE_WAY,
    DiscrepancyReason.OTHER,
)
MORE = (DiscrepancyReason.MORE_IN_THE_PARCEL, DiscrepancyReason.OTHER_ARTICLE, DiscrepancyReason.OTHER)
