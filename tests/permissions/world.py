"""A house with two stores' things, and everybody who may knock: each request is tried and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from omni.staff.models import Role, User
from omni.staff.permissions import AGENT, CLERK, INTEGRATOR, MANAGER, PERMISSIONS
from omni.staff.services import keys
from tests import factories
from tests.house import House
from tests.permissions.things import FOREIGN, OWN, Things, make

RIGHTS: dict[str, frozenset[str]] = {
    "clerk": CLERK,
    "agent": AGENT,
    "manager": MANAGER,
    "integrator": INTEGRATOR,
    "administrator": frozenset(PERMISSIONS),
    "nobody": frozenset(),
}
"""What each role may do; `nobody` is a role without a single right."""

STRANGER, STORELESS, DEACTIVATED = "stranger", "person without stores", "deactivated person"
LEFT = "key of a deactivated person"


def sign_in(client: Client, person: User) -> None:
    """Make this client the person's, as after a whole sign-in: every further proof that a page may ask for is given."""
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


@dataclass(frozen=True)
class Caller:
    """Somebody who knocks: how they sign their requests, and what they may do."""

    client: Client
    rights: frozenset[str]
    signed_in: bool
    has_stores: bool = True
    is_key: bool = False
    headers: Mapping[str, str] | None = None

    def call(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send one request; nothing of it stays, neither in the database nor in this client's cookies."""
        cookies = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        sent = dict(self.headers or {}) | {name.replace("_", "-"): value for name, value in headers.items()}
        with transaction.atomic():
            if method in {"GET", "HEAD"}:
                answer = self.client.generic(method, address, headers=sent)
            elif isinstance(body, bytes):
                answer = self.client.generic(method, address, body, content_type="application/json", headers=sent)
            elif method == "POST":
                answer = self.client.post(address, body or {}, headers=sent)
            else:
                answer = self.client.generic(method, address, headers=sent)
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return answer  # type: ignore[no-any-return]


@dataclass(frozen=True)
class World:
    """Lille is everybody's own store; Amiens is somebody else's."""

    house: House
    own: Things
    foreign: Things
    callers: dict[str, Caller]
    keys: dict[str, Caller]


def person(role: str, *, stores: Any, login: str = "", name: str = "", active: bool = True) -> Caller:
    """A signed-in person of a role."""
    found = factories.PersonFactory(login=login or f"a-{role}", name=name or f"A {role}", role=role, stores=stores)
    client = Client(raise_request_exception=False)
    sign_in(client, found)
    if not active:
        User.objects.filter(pk=found.pk).update(is_active=False)
    return Caller(client, RIGHTS[role] if active else frozenset(), active, has_stores=bool(stores))


def key(owner: User, scopes: Any) -> Caller:
    """An integrator's key with these scopes."""
    _key, token = keys.issue(owner=owner, name="a key", channel="web", scopes=scopes)
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {token}"}
    return Caller(client, frozenset(scopes), signed_in=False, is_key=True, headers=headers)


def build(house: House, *, foreign: bool = True) -> World:
    """Build the things of both stores and everybody who is tried."""
    Role.objects.get_or_create(code="nobody", defaults={"name": "Nobody", "permissions": []})
    seller = factories.PersonFactory(login="seller", name="Seller", role="integrator", stores=house.stores)
    own = make(house.lille, OWN, seller)
    other = make(house.amiens, FOREIGN, seller) if foreign else own
    callers = {role: person(role, stores=[house.lille]) for role in RIGHTS}
    callers[STRANGER] = Caller(Client(raise_request_exception=False), frozenset(), signed_in=False)
    callers[STORELESS] = person("administrator", stores=[], login="storeless", name="A storeless")
    callers[DEACTIVATED] = person("administrator", stores=[house.lille], login="gone", name="A gone", active=False)
    owner = factories.PersonFactory(login="key-owner", name="Key owner", role="integrator", stores=[house.lille])
    scopes = {f"key for {scope}": key(owner, [scope]) for scope in sorted(INTEGRATOR)}
    left = factories.PersonFactory(login="left-owner", name="Left", role="integrator", stores=[house.lille])
    scopes[LEFT] = replace(key(left, INTEGRATOR), rights=frozenset())
    User.objects.filter(pk=left.pk).update(is_active=False)
    return World(house, own, other, callers, scopes)


def leads_to_sign_in(answer: HttpResponse) -> bool:
    """Whether the answer sends its reader to the way in."""
    return answer.status_code == 302 and answer["Location"].startswith(reverse("sign-in"))
