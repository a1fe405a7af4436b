"""What a page asks by itself: is the house there, did it happen; and what makes it an app of the device."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from omni.lib.idempotency import KEY_LENGTH
from omni.staff.access import public, signed_in
from omni.staff.once import what_became

INK, PAPER = "#1b2a5e", "#f6f5f1"
SHELL = (
    "css/tokens.css", "css/base.css", "css/shells.css", "css/components.css", "css/live.css", "css/screens/error.css",
    "vendor/htmx.min.js", "js/app.js", "js/clock.js", "js/sending.js", "js/live.js", "js/toast.js", "js/dialog.js",
    "js/keys.js", "js/scan.js", "js/kept.js", "icons.svg", "favicon.svg", "fonts/InterVariable-latin.woff2",
)  # fmt: skip
"""What the offline page is made of: the only files that are fetched before anybody asks for them."""


@signed_in
@require_GET
def pulse(request: Any) -> HttpResponse:
    """204: the house is there and this person is still signed in. For pages where nothing else asks."""
    return HttpResponse(status=204)


@signed_in
@require_GET
def operation(request: Any, key: str) -> HttpResponseBase:
    """Did the form with this key happen? 200 yes, 202 it is still at work, 404 no, or somebody else's."""
    state = what_became(request.actor.client, key[:KEY_LENGTH].replace("\x00", ""))
    return JsonResponse({"state": state}, status={"done": 200, "at_work": 202, "unknown": 404}[state])


@public
@require_GET
def manifest(request: Any) -> HttpResponseBase:
    """What the device shows when the house is installed as an app."""
    icons = [
        {"src": staticfiles_storage.url(f"icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", **more}
        for name, size, more in (
            ("app-192", 192, {}),
            ("app-512", 512, {}),
            ("app-maskable-512", 512, {"purpose": "maskable"}),
        )
    ]
    answer = {
        "id": "/",
        "name": settings.HOUSE_NAME,
        "short_name": settings.HOUSE_NAME[:12],
        "description": _("Orders, pickups, stock and customers of the house."),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
        "shortcuts": [
            {"name": _("Today"), "url": reverse("today")},
            {"name": _("Scan"), "url": reverse("scan")},
        ],
    }
    response = JsonResponse(answer, content_type="application/manifest+json")
    patch_cache_control(response, max_age=3600, private=True)
    return response


@public
@require_GET
def service_worker(request: Any) -> HttpResponse:
    """The worker, at the root so that it serves every page; it keeps files and the offline page, never a person's."""
    context = {
        "files": [staticfiles_storage.url(name) for name in SHELL],
        "offline": reverse("offline"),
        "static": settings.STATIC_URL,
    }
    response = render(request, "pwa/sw.js", context, content_type="text/javascript")
    patch_cache_control(response, no_cache=True)
    return response


@public
@require_GET
def offline(request: Any) -> HttpResponse:
    """What a device shows when no page can be had: what can wait, and what is kept on it."""
    response = render(request, "pwa/offline.html")
    patch_cache_control(response, no_cache=True)
    return response
