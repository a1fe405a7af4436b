"""A person already signed in, in front of a page; and keys as a scanner or another layout sends them."""

from typing import Any

from django.conf import settings
from django.test import Client

from omni.staff.models import User
from tests.browser.walk import Walk

FRENCH_DIGITS = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
PRESS = """([keys, gap]) => new Promise((done) => {
  let at = 0;
  const press = () => {
    if (at === keys.length) return done();
    const target = document.activeElement ?? document.body;
    const [key, code, shiftKey] = keys[at++];
    target.dispatchEvent(new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true, cancelable: true}));
    setTimeout(press, gap);
  };
  press();
})"""


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


def press(page: Any, keys: list[tuple[str, str, bool]], *, gap: int = 5) -> None:
    """Send keydown events, `gap` milliseconds apart."""
    page.evaluate(PRESS, [keys, gap])


def on_azerty(text: str) -> list[tuple[str, str, bool]]:
    """Return what a French machine hears when a scanner that believes in QWERTY sends `text`, with Enter at the end."""
    swapped = {"a": "q", "q": "a", "z": "w", "w": "z", "m": ","}
    keys: list[tuple[str, str, bool]] = []
    for sign in text:
        if sign.isdigit():
            keys.append((FRENCH_DIGITS[sign], f"Digit{sign}", False))
        elif sign.isalpha():
            key = swapped.get(sign.lower(), sign.lower())
            heard = ("?" if key == "," else key.upper()) if sign.isupper() else key
            keys.append((heard, f"Key{sign.upper()}", sign.isupper()))
        else:
            heard, code, shift = {"-": (")", "Minus", False), ":": ("M", "Semicolon", True)}[sign]
            keys.append((heard, code, shift))
    return [*keys, ("Enter", "Enter", False)]


def on_qwerty(text: str, *, end: str = "Enter") -> list[tuple[str, str, bool]]:
    """Return the keys of a scanner whose layout is the machine's."""
    named = {True: "Digit", False: "Key"}
    return [*((sign, named[sign.isdigit()] + sign.upper(), False) for sign in text), (end, end, False)]


def pill(page: Any) -> Any:
    """Return where the page says how its network is."""
    return page.locator("[data-pill-words]")
