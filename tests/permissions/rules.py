"""The rules of who is answered what, in one place: the whole of it is this page."""

from dataclasses import dataclass
from enum import StrEnum

from tests.permissions import table
from tests.permissions.routes import is_api
from tests.permissions.table import PUBLIC, ROUTES, SIGNED_IN
from tests.permissions.world import Caller


class Owner(StrEnum):
    """Whose thing stands in the address."""

    OWN = "own store"
    FOREIGN = "foreign store"
    NOBODY = "does not exist"


@dataclass(frozen=True)
class Case:
    """One request of the matrix."""

    name: str
    method: str
    who: str
    owner: Owner


SIGN_IN, REACHED = "sent to sign-in", "reached"
"""Reached: the view did its work, and says neither 401, 403 nor 404, and never 500."""

ALWAYS_404 = {
    "api-nothing": "the address of every API address that does not exist",
    "pin": "a tile is one of an enrolled tablet, and nobody here comes with one",
    "demo-sign-in": "takes none but the demo's own people, and none of them is here",
}

LEADS_TO_THE_DOOR = {"sign-out", "lock", "second-factor", "factor-enrolment", "first-password"}
"""Ways out, and steps of the door that are open only to whose password was right a moment ago."""

MADE_BY_PUT = {("api-hold", "PUT")}
"""A thing that its caller names comes to be where it was not."""


def needed(case: Case) -> str:
    """Return what the table asks for; a method that a route does not know is refused after its policy."""
    methods = ROUTES[case.name]
    return methods.get(case.method) or next(iter(methods.values()))


def expected(case: Case, caller: Caller) -> str | int:
    """Return the status that the rules give to a request."""
    return _api(case, caller) if is_api(case.name) else _screen(case, caller)


def _screen(case: Case, caller: Caller) -> str | int:
    code = needed(case)
    known = case.method in ROUTES[case.name]
    if code != PUBLIC and not caller.signed_in:
        return SIGN_IN
    if code not in {PUBLIC, SIGNED_IN} and code not in caller.rights:
        return 403
    if not known:
        return 405
    if case.name in ALWAYS_404:
        return 404
    if case.name in LEADS_TO_THE_DOOR:
        return SIGN_IN
    return _thing(case, caller)


def _thing(case: Case, caller: Caller) -> str | int:
    if case.owner is Owner.NOBODY or case.name in table.OF_A_PERSON:
        return 404
    if case.name in table.OF_A_STORE and (case.owner is Owner.FOREIGN or not caller.has_stores):
        return 404
    if case.name in table.OF_THE_CURRENT_STORE and not caller.has_stores:
        asks_nothing = case.method == "POST" and case.name == "stock"  # an empty scan leads back to the page
        return REACHED if asks_nothing else 403
    if case.name == "home" and not caller.rights:
        return 403  # there is no page that this person may see
    return REACHED


def _api(case: Case, caller: Caller) -> str | int:
    code = needed(case)
    if case.name in ALWAYS_404:
        return 404
    if code == PUBLIC:
        return REACHED if case.method in ROUTES[case.name] else 405
    if not caller.is_key or not caller.rights:
        return 401
    if case.method not in ROUTES[case.name]:
        return 405
    if code.removeprefix("api:") not in caller.rights:
        return 403
    makes = (case.name, case.method) in MADE_BY_PUT
    return 404 if case.owner is not Owner.OWN and case.name in table.OF_A_STORE and not makes else REACHED
