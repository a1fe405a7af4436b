"""What every page's frame shows: who is signed in, the stores they may choose, whether this is a demo."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from omni.lib import request_ids
from omni.staff import roles, sessions
from omni.staff.access import Actor
from omni.staff.models import Role


def shell(request: Any) -> dict[str, Any]:
    """Return the frame's context; asks the database nothing."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "role_label": roles.label(actor.role, actor.role_name) if actor else "",
        "demo": settings.DEMO,
        "device": getattr(request, "device", None),
        "idle_seconds": sessions.idle_seconds(request) if actor else 0,
        "house": settings.HOUSE_NAME,
        "house_zone": settings.HOUSE_TIME_ZONE,
        "request_id": request_ids.current(),
        "languages": settings.LANGUAGES,
        "shell": shell_of(actor),
        # A scan is heard on every page; a page with an ear of its own (picking, stock) says so in its context.
        "scan_url": reverse("scan") if actor and actor.may("pickups.view") and actor.store_ids else "",
        "may": {code.replace(".", "_"): True for code in actor.permissions} if actor else {},
    }


def shell_of(actor: Actor | None) -> str:
    """Return which of the two frames a person works in: `tablet` for those who begin on Today, `desk` for the rest."""
    return "desk" if actor and actor.home != Role.Home.TODAY else "tablet"
