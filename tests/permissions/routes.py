"""The routes of the house, read from its own addresses: what is generated from them cannot forget a page."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.things import MAKERS, Kwargs, Things


def _walk(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry)
        else:
            yield entry


def patterns() -> dict[str, URLPattern]:
    """Return every route of the house by name."""
    return {str(pattern.name): pattern for pattern in _walk(get_resolver())}


def needs(name: str) -> set[str]:
    """Return what a route's address must be told."""
    return set(patterns()[name].pattern.regex.groupindex)


def is_api(name: str) -> bool:
    """Whether machines call it, with a key."""
    return name.startswith("api-")


def addresses(name: str, things: Things) -> list[str]:
    """Return a route's addresses for these things: one, or one for each thing that its maker names.

    None for a route that has no maker yet: one test says so, and names it; the others try the rest.
    """
    if not needs(name):
        return [reverse(name)] if name != "api-nothing" else ["/api/v1/nothing/"]
    made = MAKERS[name](things) if name in MAKERS else []
    return [reverse(name, kwargs=one) for one in (made if isinstance(made, list) else [made])]


def address(name: str, things: Things) -> str:
    """Return a route's first address for these things."""
    return addresses(name, things)[0]


MISSING: dict[type, Any] = {int: 999_999_999, str: "no-such-thing"}


def missing(name: str, things: Things) -> str:
    """Return the address of a thing that does not exist, alike in form."""
    made = MAKERS[name](things)
    first: Kwargs = made[0] if isinstance(made, list) else made
    key = next(iter(first))
    value = first[key]
    nowhere = type(value)(int=1) if hasattr(value, "hex") and hasattr(value, "urn") else MISSING.get(type(value), value)
    return reverse(name, kwargs={**first, key: nowhere})
