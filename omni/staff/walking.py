"""From a row's own page to the row below it, in the list somebody works through: `e`, done and next.

The place in the list is a question of the list's own, with `before` saying behind which row it goes on. It stands in
the address of the row's page as `list`, so a changed row (cancelled, no longer late) does not lose the place.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from omni.lib import lists
from omni.lib.lists import Listing, Sorting

PLACE = "list"
DONE = "from"
"""In an address that one was led to by `e`: the key of the row that is done, so that its tab can be closed."""


@dataclass(frozen=True)
class Way:
    """How one came to a row's page. `place` and `next_url` are empty for who did not come from the list."""

    place: str
    next_url: str
    back_url: str

    def on(self, url: str) -> str:
        """Return an address that keeps the place."""
        return f"{url}?{urlencode({PLACE: self.place})}" if self.place else url


def way_of(request: Any, listing: Listing) -> Way:
    """Return the way that the address, or the form, of a row's page tells. Asks the database nothing."""
    told = request.POST.get(PLACE) or request.GET.get(PLACE, "")
    question = QueryDict(told.replace("\x00", "")[: lists.LONGEST_QUERY])
    before = question.get("before", "")
    query = lists.query_of(question)
    back_url = f"{reverse(listing.name)}?{query}" if query else reverse(listing.name)
    if not before:
        return Way("", "", back_url)
    place = _place(question, before)
    return Way(place, f"{reverse(f'{listing.name}-next')}?{place}", back_url)


def url_in(listing: Listing, question: QueryDict, sorting: Sorting, thing: Any, url: str) -> str:
    """Return the address of a row's page with the row's place in the list."""
    return f"{url}?{urlencode({PLACE: _place(question, sorting.cursor(thing))})}" if listing.walked else url


def _place(question: QueryDict, before: str) -> str:
    query = lists.query_of(question)
    return f"{query}{'&' if query else ''}{urlencode({'before': before})}"


def go_on(request: Any, asked: Any) -> HttpResponseBase:
    """Lead to the first row behind the place that is asked for; at the end to the list, which says so."""
    listing, question = asked.listing, asked.question
    page = lists.page_of(listing, asked.found, asked.sorting, question, size=1)
    if page.things:
        thing = page.things[0]
        url = url_in(listing, question, asked.sorting, thing, listing.thing_url(str(getattr(thing, listing.key))))
    else:
        messages.info(request, _("That was the last one of this list."))
        url = f"{reverse(listing.name)}?{lists.query_of(question)}".rstrip("?")
    return redirect(leaving(url, question.get(DONE, "")))


def leaving(url: str, done: str) -> str:
    """Return an address that also says which row is done."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({DONE: done})}" if done else url
