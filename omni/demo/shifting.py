"""Moving a published year forward by whole weeks, so that a Saturday stays a Saturday."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from omni.demo.published import LAST_DAY


def weeks_to_yesterday(today: date) -> int:
    """How many whole weeks bring the panel's last day nearest to yesterday without passing it; never backwards."""
    return max(0, ((today - LAST_DAY).days - 1) // 7)


def house_now() -> datetime:
    """The clock on the wall of the house."""
    return timezone.localtime(timezone=ZoneInfo(settings.HOUSE_TIME_ZONE))
