"""How the bench comes in: the integrator's key, sessions of a clerk and an agent, what is asked at which address."""

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import dataset, shape
from customers.models import Customer
from inventory.places.models import Location
from inventory.places.queries import hold_places
from loyalty.models import Account
from omni.staff import sessions
from omni.staff.models import ApiKey, User
from omni.staff.services import keys
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import picking, readying

HOST = "localhost"


@dataclass(frozen=True)
class Key:
    """The integrator's key and its rows."""

    token: str
    row: ApiKey


@dataclass(frozen=True)
class Door:
    """What one measure asks for: a job of the HTTP client without clients and seconds."""

    kind: str
    headers: dict[str, str]
    expected: int = 200
    paths: list[str] = field(default_factory=list)

    def job(self, seed: str) -> dict[str, Any]:
        """Return the client's job."""
        return {
            "kind": self.kind, "headers": self.headers, "expected": self.expected, "paths": self.paths, "seed": seed,
        }  # fmt: skip


def issue_key() -> Key:
    """Issue the key of this run: of the web shop, for all stores."""
    row, token = keys.issue(
        owner=dataset.integrator(), name="bench", channel="web", scopes=["orders.place", "availability.view"]
    )
    return Key(token, row)


def session_of(login: str) -> dict[str, str]:
    """Return the header of a signed-in person."""
    user = User.objects.get(login=login)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = sessions.BACKEND
    session[sessions.PERSON_AT] = int(time.time())
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def doors(key: Key) -> dict[str, Door]:
    """Return every door that is measured, by name."""
    bearer = {"Authorization": f"Bearer {key.token}"}
    codes = Customer.objects.filter(pk__lte=shape.REGULARS).order_by("pk").values_list("code", flat=True)
    return {
        "orders": Door("orders", bearer, expected=201),
        "availability": Door("availability", bearer),
        "empty": Door("get", {}, paths=["/api/bench/empty/"]),
        "slow": Door("get", {}, paths=["/api/bench/slow/"]),
        "everything": Door("get", bearer, paths=whole_catalogue()),
        "today_page": Door("get", session_of("bench-clerk"), paths=["/today/"]),
        "customer_page": Door("get", session_of("bench-agent"), paths=[f"/customers/{code}/" for code in codes[:500]]),
    }


def whole_catalogue() -> list[str]:
    """Return the questions that make a process know every article, a hundred at a time."""
    numbers = range(1, shape.SKUS + 1)
    hundreds = [numbers[first : first + 100] for first in range(0, shape.SKUS, 100)]
    return ["/api/v1/availability/?" + "&".join(f"sku={shape.sku(one)}" for one in hundred) for hundred in hundreds]


def is_open(door: Door) -> bool:
    """Whether the door's first address answers as expected, asked in this process."""
    return Client().get(door.paths[0], headers=django_headers(door.headers)).status_code == door.expected


def statements(name: str, door: Door, times: int = 9) -> tuple[int, list[str]]:
    """Return how many SQL statements one warm request takes, BEGIN and COMMIT included, and which: a median one's."""
    client = Client()
    headers = django_headers(door.headers)
    counted = []
    supply = shape.wishes(f"{name}-{secrets.token_hex(4)}")
    known = next(supply)
    for _ in range(times):
        with CaptureQueriesContext(connection) as captured:
            if door.kind == "orders":
                wish = replace(next(supply), lines=known.lines)
                answer = client.post(
                    "/api/v1/orders/",
                    wish.body(),
                    content_type="application/json",
                    headers={**headers, "Idempotency-Key": wish.reference},
                )
            elif door.kind == "availability":
                answer = client.get("/api/v1/availability/", {"sku": shape.sku(17)}, headers=headers)
            else:
                answer = client.get(door.paths[0], headers=headers)
        if answer.status_code != door.expected:
            raise RuntimeError(f"{name}: {answer.status_code} {answer.content[:500]!r}")
        counted.append([query["sql"] for query in captured])
    middle = sorted(counted, key=len)[times // 2]
    return len(middle), middle


def django_headers(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers as Django's test client takes them; over HTTP, as production behind its proxy."""
    return {**headers, "Host": HOST}


def fill_queue(key: Key) -> None:
    """Place the quiet store's open pickups through the API and bring a third of them to picking and to ready."""
    quiet = Location.objects.get(code=shape.store(shape.QUIET_STORE))
    missing = shape.QUEUE - Fulfilment.objects.filter(location=quiet, ended_at=None).count()
    client = Client()
    headers = django_headers({"Authorization": f"Bearer {key.token}"})
    supply = shape.wishes(f"queue-{key.row.prefix}")
    for _ in range(missing):
        wish = replace(next(supply), store=shape.QUIET_STORE)
        answer = client.post(
            "/api/v1/orders/",
            wish.body(),
            content_type="application/json",
            headers={**headers, "Idempotency-Key": wish.reference},
        )
        if answer.status_code != 201:
            raise RuntimeError(f"{answer.status_code} {answer.content[:500]!r}")
    if missing:
        prepare(quiet, User.objects.get(login="bench-clerk"))


def prepare(store: Location, clerk: User) -> None:
    """Pick two of three open pickups of the store, and make every other of those ready."""
    waiting = list(Fulfilment.objects.filter(location=store, status="to_pick").order_by("pk"))
    for index, one in enumerate(waiting):
        if index % 3 == 0:
            continue
        picking.start_picking(fulfilment_id=one.pk, actor_id=clerk.pk)
        if index % 3 == 2:
            for line in one.lines.all():
                picking.pick(fulfilment_id=one.pk, line_id=line.pk, pieces=line.quantity, actor_id=clerk.pk)
            spots = hold_places(store.pk)
            readying.declare_ready(fulfilment_id=one.pk, hold_place_id=spots[index % len(spots)].pk, actor_id=clerk.pk)


def house(key: Key) -> dict[str, Any]:
    """Return what the plain SQL client needs to know: ids that a product would know, too."""
    issue = Account.objects.get(kind=Account.Kind.ISSUE)
    return {
        "first_variant": dataset.Variant.objects.order_by("pk").values_list("pk", flat=True)[0],
        "locations": list(Location.objects.order_by("pk").values_list("pk", flat=True)),
        "actor": key.row.owner_id,
        "client": f"key:{key.row.pk}",
        "secret_hash": key.row.secret_hash,
        "programme": issue.programme_id,
        "issue": issue.pk,
    }
