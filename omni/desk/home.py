"""`/`: everybody's first page is another one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from omni.staff.access import signed_in
from omni.staff.models import Role

PAGES = {
    Role.Home.TODAY: ("today", "pickups.view"),
    Role.Home.SEARCH: ("customers", "customers.view"),
    Role.Home.DAY: ("day", "insights.view"),
    Role.Home.OUTBOX: ("outbox", "messages.view"),
    Role.Home.MORE: ("more", "people.manage"),
}
OTHERWISE = ("orders", "orders.view")


@signed_in
@require_GET
def home(request: Any) -> HttpResponseBase:
    """Send people to the page their role begins with, or to the first they may see. 403 for who may see none."""
    wanted = (
        PAGES.get(Role.Home(request.actor.home), OTHERWISE) if request.actor.home in Role.Home.values else OTHERWISE
    )
    for name, permission in [wanted, *PAGES.values(), OTHERWISE]:
        if request.actor.may(permission):
            return redirect(name)
    raise PermissionDenied
