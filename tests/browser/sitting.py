"""A person already signed in, in front of a page."""

from typing import Any

from django.conf import settings
from django.test import Client

from omni.staff.models import User
from tests.browser.keys import on_azerty, on_qwerty, press
from tests.browser.walk import Walk

__all__ = ["on_azerty", "on_qwerty", "pill", "press", "seat"]


def seat(chromium: Any, base_url: str, person: User, path: str, *, width: int = 1280, height: int = 800) -> Walk:
    """Return a browser in which the person is signed in and has opened `path`."""
    walk = Walk(chromium, base_url, width, height, language="en-GB")
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    walk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
    walk.page.goto(f"{base_url}{path}")
    walk.page.wait_for_load_state("networkidle")
    return walk


def pill(page: Any) -> Any:
    """Return where the page says how its network is."""
    return page.locator("[data-pill-words]")
