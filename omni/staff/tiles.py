"""The page of a shared tablet: who works here, and six digits."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from omni.staff import roles, sessions
from omni.staff.services import drafts, pins


def page(
    request: Any, chosen: int | None = None, *, error: str = "", is_locked: bool = False, status: int = 200
) -> HttpResponse:
    """Show the tiles of the tablet; the person who was locked out is chosen already."""
    people = pins.tiles(device=request.device)
    locked = request.session.get(sessions.LOCKED) or {}
    chosen = chosen or locked.get("person")
    kept = drafts.have_one([one["id"] for one in people])
    for one in people:
        one |= {
            "initials": "".join(word[0] for word in one["name"].split()[:2]).upper(),
            "label": roles.label(one["role"], one["role_name"]),
            "chosen": one["id"] == chosen,
            "has_draft": one["id"] in kept,
        }
    context = {
        "device": request.device,
        "people": people,
        "chosen": next((one for one in people if one["chosen"]), None),
        "error": error,
        "is_locked": is_locked,
    }
    return render(request, "staff/tiles.html", context, status=status)
