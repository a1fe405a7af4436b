"""People, roles and keys as administration sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from omni.lib import sql
from omni.staff.access import Actor
from omni.staff.models import ApiKey, Role, StoreAccess, User
from omni.staff.permissions import PERMISSIONS

AREAS: dict[str, str | Promise] = {
    "pickups": _("The store's work"),
    "orders": _("Orders"),
    "stock": _("Stock"),
    "availability": _("Stock"),
    "customers": _("Customers"),
    "messages": _("Customers"),
    "insights": _("Figures"),
    "views": _("Lists"),
    "people": _("People, roles, keys"),
    "roles": _("People, roles, keys"),
    "keys": _("People, roles, keys"),
    "devices": _("The house and its stores"),
    "stores": _("The house and its stores"),
    "audit": _("The house and its stores"),
    "jobs": _("The house and its stores"),
}
"""What stands before the dot of a permission's code, in words; codes of one area stand together."""
OTHERWISE = _("Everything else")


def people_visible_to(actor: Actor) -> QuerySet[User]:
    """Return the people who share a store with the actor; who may manage people also sees those without a store."""
    seen = Q(pk=actor.user_id) | Q(pk__in=StoreAccess.objects.filter(location__in=actor.store_ids).values("user"))
    if actor.may("people.manage"):
        seen |= ~Q(pk__in=StoreAccess.objects.values("user"))
    return User.objects.filter(seen).select_related("role").order_by("name", "pk")


def stores_by_id() -> dict[int, str]:
    """Return the name of every store. Its model is asked for by name: places stand above people in this house."""
    names: Any = apps.get_model("places", "Location").objects.order_by("name").values_list("pk", "name")
    return dict(names)


def stores_of(person_ids: list[int]) -> dict[int, list[int]]:
    """Return the stores of each person."""
    found: dict[int, list[int]] = {pk: [] for pk in person_ids}
    for user_id, location_id in StoreAccess.objects.filter(user__in=person_ids).values_list("user_id", "location_id"):
        found[user_id].append(location_id)
    return found


def roles_with_people() -> QuerySet[Role, Any]:
    """Return every role with the number of active people who hold it."""
    return Role.objects.annotate(held_by=Count("people", filter=Q(people__is_active=True))).order_by("name")


def grantable_roles(actor: Actor) -> list[Role]:
    """Return the roles that hold nothing the actor does not hold."""
    return [role for role in Role.objects.order_by("name") if set(role.permissions) <= actor.permissions]


@dataclass(frozen=True)
class Right:
    """One permission, in a group of its area."""

    code: str
    label: str | Promise
    held: bool
    grantable: bool


def rights_in_areas(actor: Actor, held: set[str]) -> list[tuple[str | Promise, list[Right]]]:
    """Return every permission by area, in the order of the areas, with whether the role holds it and the actor may
    change that."""
    areas: dict[str, tuple[str | Promise, list[Right]]] = {}
    order = list(AREAS)
    codes = sorted(PERMISSIONS, key=lambda code: order.index(_prefix(code)) if _prefix(code) in AREAS else len(order))
    for code in codes:
        title = AREAS.get(_prefix(code), OTHERWISE)
        right = Right(code, PERMISSIONS[code], code in held, actor.may(code))
        areas.setdefault(str(title), (title, []))[1].append(right)
    return list(areas.values())


def _prefix(code: str) -> str:
    return code.partition(".")[0]


def keys_visible_to(actor: Actor) -> QuerySet[ApiKey]:
    """Return the keys of the people one sees: a key sees their stores."""
    owners = people_visible_to(actor).order_by().values("pk")
    return ApiKey.objects.filter(owner__in=owners).select_related("owner").order_by("-pk")


LAST_ANSWERS = """
SELECT client, max(created_at) AS at FROM staff_answeredrequest
WHERE id > (SELECT coalesce(max(id), 0) - 20000 FROM staff_answeredrequest) AND client LIKE 'key:%%'
GROUP BY client
"""


def last_writes() -> dict[str, datetime]:
    """Return when each key last wrote something, as far as the newest twenty thousand answers know. A note at every
    call would be a write on the busiest path; these rows are written anyway."""
    return {row.client: row.at for row in sql.rows(LAST_ANSWERS, {})}
