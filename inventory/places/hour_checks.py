"""Hours as a person wrote them: understood, or said in a sentence where they are not."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from opening_hours import OpeningHours

from omni.lib.errors import BadRequest

EXAMPLE = "Mo-Fr 09:00-19:00; Sa 10:00-18:00; Su off"
_PLACE = re.compile(r"--> \d+:(\d+)")


class HoursNotUnderstood(BadRequest):
    """The text is not in OpenStreetMap's syntax."""

    code = "hours_not_understood"


def read(text: str, zone: ZoneInfo) -> OpeningHours:
    """Return the hours. Raises `HoursNotUnderstood` with the place where the reading stopped, and an example."""
    if "||" in text:
        raise HoursNotUnderstood(_("“||” cannot be used here: special days stand in their own list."))
    try:
        hours = OpeningHours(text, timezone=zone)
        now = datetime.now(tz=zone)
        for _begin, end, _state, _comment in hours.intervals(now):  # what cannot be counted is not understood either
            if end is None or end - now > timedelta(days=14):
                break
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        raise HoursNotUnderstood(_sentence(text, error)) from None
    return hours


def _sentence(text: str, error: BaseException) -> str:
    found = _PLACE.search(str(error))
    rest = text[int(found[1]) - 1 :].strip() if found else text
    if not rest:
        return _("Something is missing at the end. Write it like this: %(example)s") % {"example": EXAMPLE}
    return _("From “%(rest)s” on this is not understood. Write it like this: %(example)s") % {
        "rest": rest[:40],
        "example": EXAMPLE,
    }
