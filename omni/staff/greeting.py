"""What a browser is told when a person comes or goes: their theme and sounds in, the last person's out."""

from typing import Any, TypeVar

from django.http import HttpResponseBase

from omni.staff.models import Preferences, User

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)
YEAR = 365 * 24 * 3600
COOKIES = ("omni_theme", "omni_sound", "omni_shortcuts")


def greet(request: Any, response: ResponseT, person: User) -> ResponseT:
    """Show the house as the person likes it; somebody who never said so sees it as the device has it."""
    liked = Preferences.objects.filter(person=person.pk).first()
    if liked:
        apply_preferences(request, response, liked)
    elif request.device:
        forget_preferences(response)
    return response


def apply_preferences(request: Any, response: HttpResponseBase, liked: Preferences) -> None:
    """Write the preferences where pages and scripts read them: readable cookies that name nobody."""
    values = {
        "omni_theme": liked.theme,
        "omni_sound": "" if liked.sounds else "off",
        "omni_shortcuts": "" if liked.shortcuts else "off",
    }
    for name, value in values.items():
        if value:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        else:
            response.delete_cookie(name, samesite="Lax")


def forget_preferences(response: HttpResponseBase) -> None:
    """The next person of a shared tablet begins with the tablet's own light and sound."""
    for name in COOKIES:
        response.delete_cookie(name, samesite="Lax")
