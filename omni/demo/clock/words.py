"""What people read of the clock."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.demo.clock.due import Done


def sentence(done: Done) -> str:
    """Return what happened on the way, or that nothing did."""
    parts = _parts(done)
    if not parts:
        return _("Nothing was due on the way.")
    return _("On the way: %(what)s.") % {"what": ", ".join(parts)}


def _parts(done: Done) -> list[str]:
    watched, given_up, reminders, questions = done.watched, done.given_up, done.reminders, done.questions
    words = (
        (watched, ngettext("%(number)s promise in danger", "%(number)s promises in danger", watched)),
        (given_up, ngettext("%(number)s pickup not collected", "%(number)s pickups not collected", given_up)),
        (done.holds, ngettext("%(number)s hold ran out", "%(number)s holds ran out", done.holds)),
        (questions, ngettext("%(number)s question not answered", "%(number)s questions not answered", questions)),
        (reminders, ngettext("%(number)s reminder", "%(number)s reminders", reminders)),
        (done.letters, ngettext("%(number)s letter left", "%(number)s letters left", done.letters)),
    )
    return [word % {"number": number} for number, word in words if number]


def span(moved: timedelta) -> str:
    """Return a span as people say it: 8 d 2 h 15 min."""
    minutes = moved // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        ngettext("%(number)s day", "%(number)s days", days) % {"number": days} if days else "",
        _("%(number)s h") % {"number": hours} if hours else "",
        _("%(number)s min") % {"number": minutes} if minutes else "",
    ]
    return " ".join(part for part in parts if part)
