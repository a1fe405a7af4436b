"""Every permission code of the house, in words that people understand. A code that is not here does not exist."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, Promise] = {
    "orders.view": _("See orders of one's stores"),
    "orders.place": _("Place orders"),
    "orders.sell": _("Sell from any store's stock, in one's own store"),
    "orders.cancel": _("Cancel orders"),
    "orders.export": _("Take lists of orders away as a file"),
    "views.share": _("Change the views that others share"),
    "availability.view": _("See what is available"),
    "stock.hold": _("Hold stock for a basket"),
    "stock.view": _("Look up stock, one's own and other stores'"),
    "stock.count": _("Count stock and put the figures right"),
    "stock.damage": _("Set stock aside as damaged, and back on sale"),
    "stock.transfer": _("Send stock to other stores and receive it"),
    "catalogue.manage": _("Bring the catalogue up to date from a file"),
    "pickups.view": _("See today's queue"),
    "pickups.prepare": _("Pick and prepare orders"),
    "pickups.hand_over": _("Hand orders over"),
    "parcels.track": _("Tell where parcels are"),
    "promises.watch": _("See the promises in danger, and be told of them"),
    "appointments.book": _("Book, move and cancel appointments"),
    "appointments.serve": _("Receive who has an appointment, and who comes without"),
    "customers.view": _("See customers"),
    "messages.view": _("See messages to customers"),
    "messages.export": _("Take lists of messages away as a file"),
    "insights.view": _("See the figures of the day"),
    "people.view": _("See the people of one's stores"),
    "people.manage": _("Manage people and their stores"),
    "roles.manage": _("Decide what a role may do"),
    "keys.manage": _("Issue and revoke keys of the API"),
    "stores.manage": _("Change the settings of one's stores"),
    "stores.open": _("Open a new store"),
    "devices.manage": _("Enrol and revoke tablets of one's stores"),
    "audit.view": _("Read who changed what"),
    "jobs.view": _("See the work that waits"),
    "jobs.retry": _("Try failed work again"),
}

CLERK = frozenset(
    {
        "orders.view",
        "orders.sell",
        "pickups.view",
        "pickups.prepare",
        "pickups.hand_over",
        "appointments.book",
        "appointments.serve",
        "customers.view",
        "messages.view",
        "stock.view",
        "stock.count",
        "stock.damage",
        "stock.transfer",
    }
)
AGENT = frozenset(
    {
        "orders.view",
        "orders.cancel",
        "appointments.book",
        "customers.view",
        "availability.view",
        "messages.view",
        "stock.view",
    }
)
MANAGER = (
    CLERK
    | AGENT
    | {
        "insights.view",
        "promises.watch",
        "catalogue.manage",
        "people.view",
        "stores.manage",
        "devices.manage",
        "orders.export",
        "messages.export",
        "views.share",
    }
)
API_SCOPES = frozenset(
    {
        "orders.view",
        "orders.place",
        "orders.cancel",
        "availability.view",
        "stock.hold",
        "appointments.book",
        "parcels.track",
    }
)
"""What a key of the API can be for."""
INTEGRATOR = API_SCOPES | {"keys.manage"}
ADMINISTRATION = frozenset({"people.manage", "roles.manage"})
"""Who holds these can give everything else; the house always keeps somebody who does."""
