"""How sure a figure is, in words of the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.confidence.queries import Chance
from omni.templatetags.omni import figure

LEAST_CHECKS = 10
"""Figures of a family that must have been checked before their share is worth telling."""
LONG_SILENCE = 14
"""Days without a sale that are worth telling of an article that sold before."""


def shown(chance: Chance, now: datetime) -> dict[str, Any]:
    """Return the quiet word, the percentage and the reason as a page shows them."""
    return {"word": word(chance.percent), "percent": chance.percent, "reason": reason(chance, now)}


def why(chance: Chance, now: datetime) -> str:
    """Return why an article is worth counting: how sure its whole figure is, and why."""
    sure = {"percent": figure(min(99, chance.exact_per_mille // 10)), "reason": reason(chance, now)}
    return _("%(percent)s %% sure that none is missing: %(reason)s") % sure


def word(percent: int) -> str:
    """Return how sure it is in one word."""
    if percent >= 95:
        return _("sure")
    if percent >= 80:
        return _("likely")
    return _("uncertain") if percent >= 50 else _("doubtful")


def reason(chance: Chance, now: datetime) -> str:
    """Return why, as one sentence: when somebody last looked, the family, the sales since."""
    parts = [_looked(chance, (now - chance.seen_at).days)]
    if chance.checks >= LEAST_CHECKS:
        wrong = {"wrong": figure(chance.wrong), "checks": figure(chance.checks), "days": figure(chance.after_days)}
        parts.append(
            ngettext(
                "%(wrong)s figure of %(checks)s in this family was wrong after %(days)s days",
                "%(wrong)s figures of %(checks)s in this family were wrong after %(days)s days",
                chance.wrong,
            )
            % wrong
        )
    if chance.hits:
        parts.append(
            ngettext("sold without a miss once since", "sold without a miss %(times)s times since", chance.hits)
            % {"times": figure(chance.hits)}
        )
    if chance.hits and chance.silent_days >= LONG_SILENCE:
        parts.append(_("none sold for %(days)s days") % {"days": figure(chance.silent_days)})
    return ", ".join(parts)


def _looked(chance: Chance, days: int) -> str:
    if chance.seen_by == "opened":
        return _("not counted yet") if chance.checks else _("not counted yet, reckoned by what shops usually lose")
    sentences = {
        "counted": (_("counted today"), _("last counted one day ago"), _("last counted %(days)s days ago")),
        "missed": (
            _("put right at a short pick today"),
            _("put right at a short pick one day ago"),
            _("put right at a short pick %(days)s days ago"),
        ),
        "sold_out": (
            _("sold to the last piece today"),
            _("sold to the last piece one day ago"),
            _("sold to the last piece %(days)s days ago"),
        ),
    }[chance.seen_by]
    return sentences[min(days, 2)] % {"days": figure(days)}
