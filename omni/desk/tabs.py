"""Workspace tabs of the desk: the customers and orders somebody has open. They live in the session, never in the
browser, so that nothing of them is left when the next person signs in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from omni.staff import context
from omni.staff.access import signed_in

SESSION_KEY = "tabs"
MOST = 8
ICONS = {"customer": "person", "order": "orders"}
"""What a tab may hold, by the name of its address, and the icon before its words."""


@dataclass(frozen=True)
class Tab:
    """One open page: the name of its address, the key in it, and what the tab is called."""

    kind: str
    key: str
    label: str

    @property
    def url(self) -> str:
        """Where the tab leads."""
        return reverse(self.kind, args=[self.key])


def opened(request: Any) -> list[Tab]:
    """Return the tabs of the session, the oldest first."""
    kept = request.session.get(SESSION_KEY, [])
    return [Tab(*one) for one in kept if len(one) == 3 and one[0] in ICONS]


def remember(request: Any, kind: str, key: str, label: str) -> None:
    """Open a tab for the page being read, at a desk; the ninth closes the oldest. An open one is left where it is."""
    if context.shell(request)["shell"] != "desk":
        return
    wanted, tabs = Tab(kind, key, label[:60]), opened(request)
    if wanted in tabs:
        return
    tabs = [one for one in tabs if (one.kind, one.key) != (kind, key)]
    _keep(request, [*tabs, wanted][-MOST:])


def leave(request: Any, kind: str, key: str) -> None:
    """Close the tab of a page that somebody is done with; nothing happens where it has none."""
    before = opened(request)
    left = [one for one in before if (one.kind, one.key) != (kind, key)]
    if len(left) < len(before):
        _keep(request, left)


def _keep(request: Any, tabs: list[Tab]) -> None:
    request.session[SESSION_KEY] = [[one.kind, one.key, one.label] for one in tabs]


def tabs(request: Any) -> dict[str, Any]:
    """Return `tabs` for the frame; beside the one being read stand `[` and `]`. Asks the database nothing."""
    if getattr(request, "actor", None) is None:
        return {}
    found = opened(request)
    urls = [one.url for one in found]
    here = urls.index(request.path) if request.path in urls else None
    letters = {} if here is None else {here - 1: "[", here + 1: "]"}
    return {
        "tabs": [
            {"id": index, "label": one.label, "url": url, "icon": ICONS[one.kind], "key": letters.get(index, "")}
            for index, (one, url) in enumerate(zip(found, urls, strict=True))
        ]
    }


@signed_in
@require_POST
def close(request: Any) -> HttpResponseBase:
    """Close the tab of an address. Who was reading it goes on to its neighbour; closing twice closes once."""
    wanted, here = request.POST.get("tab", ""), request.POST.get("here", "")
    before = opened(request)
    urls = [one.url for one in before]
    if wanted not in urls:
        return redirect(_safe(request, here))
    at = urls.index(wanted)
    left = before[:at] + before[at + 1 :]
    _keep(request, left)
    if here != wanted:
        return redirect(_safe(request, here))
    return redirect(left[min(at, len(left) - 1)].url if left else reverse(f"{before[at].kind}s"))


def _safe(request: Any, address: str) -> str:
    own = address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if own else reverse("home")
