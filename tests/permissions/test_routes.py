"""Every route × method × person × ownership, tried. Not allowed is 403, not visible is 404, a stranger goes to
sign-in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from customers.services.writing import queue_message
from omni.staff.middleware import policy_of
from omni.staff.models import Role, User
from omni.staff.permissions import AGENT, CLERK, INTEGRATOR, MANAGER, PERMISSIONS
from orders.fulfilment.models import Fulfilment
from orders.sales.models import Order
from tests import factories, journeys
from tests.conftest import House
from tests.permissions.table import OF_A_STORE, PUBLIC, ROUTES, SIGNED_IN

RIGHTS = {
    "clerk": CLERK,
    "agent": AGENT,
    "manager": MANAGER,
    "integrator": INTEGRATOR,
    "administrator": frozenset(PERMISSIONS),
    "nobody": frozenset(),
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REACHED = {200, 204, 302, 303, 400, 404, 405, 409, 422}
"""What a view answers once it is reached; never 403 and never the way to sign-in."""


@dataclass(frozen=True)
class Thing:
    """An order with everything that hangs on it, in one store."""

    order: Order
    fulfilment: Fulfilment
    message_id: int

    def address(self, name: str) -> str:
        """Return the address of a route for this thing."""
        values: dict[str, Any] = {
            "public_id": self.fulfilment.public_id,
            "position": 1,
            "number": self.order.number,
            "code": self.order.customer.code if self.order.customer else "none",
            "pk": self.message_id,
            "day": date(2026, 11, 20),
            "on": date(2026, 11, 20),
        }
        pattern = patterns()[name]
        wanted = pattern.pattern.regex.groupindex
        return reverse(name, kwargs={key: values.get(key, "orders") for key in wanted})


def _walk(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry)
        else:
            yield entry


def patterns() -> dict[str, URLPattern]:
    """Return every route of the house by name."""
    return {str(pattern.name): pattern for pattern in _walk(get_resolver())}


def test_every_route_is_in_the_table_and_nothing_else() -> None:
    assert set(patterns()) == set(ROUTES)


def test_every_view_declares_the_policy_of_the_table() -> None:
    for name, pattern in patterns().items():
        declared = policy_of(pattern.callback)
        expected = set(ROUTES[name].values())
        if declared == "scopes":
            scopes = pattern.callback.cls.scopes  # type: ignore[attr-defined]
            assert {method: f"api:{scope}" for method, scope in scopes.items()} == ROUTES[name], name
        else:
            assert {declared} == expected, name


@pytest.fixture
def things(house: House, integrator: User) -> tuple[Thing, Thing]:
    """One order in Lille, one in Amiens."""
    seller = factories.PersonFactory(login="seller", role="integrator", stores=house.stores)

    def made(store: Any, email: str) -> Thing:
        placed = journeys.placed(store, {"SKU-1": 1}, by=seller, email=email)
        order = Order.objects.select_related("customer").get(pk=placed.order.id)
        fulfilment = journeys.fulfilment_of(placed)
        facts = {"fulfilment": fulfilment.pk, "order": order.number}
        assert order.customer is not None
        message = queue_message(
            customer=order.customer,
            template="pickup_ready",
            subject="ready",
            reference=f"test/{order.pk}",
            facts=facts,
            location_id=store.pk,
        )
        assert message is not None
        return Thing(order, fulfilment, message.pk)

    return made(house.lille, "own@example.org"), made(house.amiens, "foreign@example.org")


@pytest.fixture
def people(house: House) -> dict[str, Client]:
    """A person of each role, all of Lille; and one whose role may do nothing."""
    Role.objects.create(code="nobody", name="Nobody", permissions=[])
    clients = {}
    for role in RIGHTS:
        client = Client(raise_request_exception=False)
        client.force_login(factories.PersonFactory(login=f"a-{role}", role=role, stores=[house.lille]))
        clients[role] = client
    return clients


def _to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("sign-in"))


SCREENS = [(name, method) for name, methods in ROUTES.items() if not name.startswith("api-") for method in METHODS]


def test_every_screen_lets_in_whom_the_table_names_and_nobody_else(
    things: tuple[Thing, Thing], people: dict[str, Client]
) -> None:
    own, _foreign = things
    tried = 0
    for name, method in SCREENS:
        needed = next(iter(ROUTES[name].values())) if method not in ROUTES[name] else ROUTES[name][method]
        for role, client in people.items():
            if name in {"sign-out", "sign-in", "demo-sign-in"}:
                continue
            response = client.generic(method, own.address(name))
            allowed = needed in {PUBLIC, SIGNED_IN} or needed in RIGHTS[role]
            told = f"{method} {name} as {role}: {response.status_code}"
            if not allowed:
                assert response.status_code == 403, told
            elif method not in ROUTES[name]:
                assert response.status_code == 405, told
            else:
                assert response.status_code in REACHED | ({403} if name in {"store", "home"} else set()), told
                assert not _to_sign_in(response), told
            tried += 1
    assert tried > 500


def test_a_stranger_is_sent_to_sign_in(things: tuple[Thing, Thing]) -> None:
    own, _foreign = things
    for name, method in SCREENS:
        needed = ROUTES[name].get(method)
        if needed and needed != PUBLIC:
            response = Client().generic(method, own.address(name))
            assert _to_sign_in(response), f"{method} {name}: {response.status_code}"


def test_a_stranger_s_fragment_loads_the_sign_in_page_instead(house: House) -> None:
    response = Client().get(reverse("today"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Redirect"].startswith(reverse("sign-in"))


def test_what_belongs_to_another_store_does_not_exist(
    things: tuple[Thing, Thing], people: dict[str, Client], settings: Any
) -> None:
    settings.DEMO = True
    _own, foreign = things
    for name in sorted(OF_A_STORE):
        for method in ROUTES[name]:
            response = people["administrator"].generic(method, foreign.address(name))
            assert response.status_code == 404, f"{method} {name}: {response.status_code}"
    assert Fulfilment.objects.get(pk=foreign.fulfilment.pk).status == Fulfilment.Status.TO_PICK


def test_no_page_shows_a_word_of_another_store_s_order(
    things: tuple[Thing, Thing], people: dict[str, Client], settings: Any
) -> None:
    settings.DEMO = True
    own, foreign = things
    canaries = [foreign.order.number.encode(), str(foreign.fulfilment.public_id).encode(), b"A1-1<"]
    for name, methods in ROUTES.items():
        if "GET" not in methods or name.startswith("api-") or name in {"sign-in"}:
            continue
        response = people["administrator"].get(own.address(name))
        for canary in canaries:
            assert canary not in response.content, name


def test_searching_for_another_store_s_order_finds_nothing_of_it(
    things: tuple[Thing, Thing], people: dict[str, Client]
) -> None:
    _own, foreign = things
    for address in (reverse("orders") + "?text=", reverse("scan") + "?q="):
        response = people["administrator"].get(address + foreign.order.number)
        assert str(foreign.fulfilment.public_id).encode() not in response.content, address
        assert reverse("order", args=[foreign.order.number]).encode() + b'"' not in response.content, address


API = [
    ("POST", "/api/v1/orders/", "orders.place"),
    ("GET", "/api/v1/orders/X-1/", "orders.view"),
    ("GET", "/api/v1/availability/?sku=SKU-1", "availability.view"),
]


@pytest.mark.parametrize(("method", "address", "scope"), API)
def test_the_api_answers_scopes_and_nothing_else(house: House, method: str, address: str, scope: str) -> None:
    from omni.staff.services import keys

    owner = factories.PersonFactory(login="owner", role="integrator", stores=[house.lille])
    others = sorted(INTEGRATOR - {scope})
    _key, without = keys.issue(owner=owner, name="without", channel="web", scopes=others)
    _key, holding = keys.issue(owner=owner, name="with", channel="web", scopes=[scope])
    expected = {"": 401, "Bearer omni_x_y": 401, "Basic abc": 401, f"Bearer {without}": 403}
    for header, status in expected.items():
        headers = {"Authorization": header} if header else {}
        response = Client().generic(method, address, "{}", content_type="application/json", headers=headers)
        assert response.status_code == status, header
        assert json.loads(response.content)["request_id"]
    response = Client().generic(
        method, address, "{}", content_type="application/json", headers={"Authorization": f"Bearer {holding}"}
    )
    assert response.status_code not in {401, 403}


def test_a_view_without_a_policy_answers_nobody(rf: Any) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.http import HttpResponse

    from omni.staff.middleware import DenyUndeclaredMiddleware

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("open")

    with pytest.raises(ImproperlyConfigured):
        DenyUndeclaredMiddleware(lambda request: HttpResponse()).process_view(rf.get("/"), forgotten, (), {})
