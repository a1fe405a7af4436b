"""Every permission code of the house, in words that people understand. A code that is not here does not exist."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, Promise] = {
    "orders.view": _("See orders of one's stores"),
    "orders.place": _("Place orders"),
    "orders.cancel": _("Cancel orders"),
    "availability.view": _("See what is available"),
    "pickups.view": _("See today's queue"),
    "pickups.prepare": _("Pick and prepare orders"),
    "pickups.hand_over": _("Hand orders over"),
    "customers.view": _("See customers"),
    "messages.view": _("See messages to customers"),
    "insights.view": _("See the figures of the day"),
}

CLERK = frozenset(
    {"orders.view", "pickups.view", "pickups.prepare", "pickups.hand_over", "customers.view", "messages.view"}
)
AGENT = frozenset({"orders.view", "orders.cancel", "customers.view", "availability.view", "messages.view"})
MANAGER = CLERK | AGENT | {"insights.view"}
INTEGRATOR = frozenset({"orders.view", "orders.place", "orders.cancel", "availability.view"})
