"""Opening hours as a customer reads them: OpenStreetMap's syntax turned into the reader's language."""

import re

from babel.dates import get_day_names
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
_DAY = re.compile(rf"\b({'|'.join(DAYS)})\b")


def in_words(hours: str) -> str:
    """Return `Mon–Sat 08:30–20:30, Sun 09:00–13:00` for `Mo-Sa 08:30-20:30; Su 09:00-13:00`.

    Days and times are put into words; what is rarer (months, weeks, comments) stays as it was written.
    """
    if hours.strip() == "24/7":
        return _("every day, day and night")
    names = get_day_names("abbreviated", "stand-alone", locale=get_language() or "en")
    words = {"PH": _("public holidays"), "off": _("closed"), "closed": _("closed")}
    text = _DAY.sub(lambda found: names[DAYS.index(found[1])], re.sub(r"\s*,\s*", ", ", hours))
    text = re.sub(r"\b(PH|off|closed)\b", lambda found: words[found[1]], text)
    text = re.sub(r"(?<=[^\s-])-(?=[^\s-])", "–", text)
    return re.sub(r"\s*;\s*", " · ", text.strip(" ;"))
