"""What every page's frame shows: who is signed in, the stores they may choose, whether this is a demo."""

from typing import Any

from django.conf import settings

from omni.lib import request_ids
from omni.staff import roles


def shell(request: Any) -> dict[str, Any]:
    """Return the frame's context; asks the database nothing."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "role_label": roles.label(actor.role, actor.role_name) if actor else "",
        "demo": settings.DEMO,
        "house": settings.HOUSE_NAME,
        "house_zone": settings.HOUSE_TIME_ZONE,
        "request_id": request_ids.current(),
        "languages": settings.LANGUAGES,
        "shell": "desk" if actor and actor.role in {"agent", "manager", "integrator", "administrator"} else "tablet",
        "may": {code.replace(".", "_"): True for code in actor.permissions} if actor else {},
    }
