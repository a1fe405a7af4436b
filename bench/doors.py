"""How the bench comes in: the integrator's key, sessions of a clerk and an agent, what is asked at which address."""

import random
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

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
SCOPES = ["orders.place", "availability.view", "stock.hold"]
HOT_ROWS = {"reserve_1row": 1, "reserve_200rows": 200}
"""Over how many levels the reservations of a measure are spread."""


@dataclass(frozen=True)
class Key:
    """The integrator's key and its rows."""

    token: str
    row: ApiKey


@dataclass(frozen=True)
class Door:
    """What one measure asks for: a job of the HTTP client without clients and seconds. `skus` are asked for at once,
    out of `among` articles that are `apart` numbers from each other; `rows` are held (number of sku, of store)."""

    kind: str
    headers: dict[str, str]
    expected: int = 200
    paths: list[str] = field(default_factory=list)
    skus: int = 1
    among: int = shape.SKUS
    apart: int = 1
    rows: list[tuple[int, int]] = field(default_factory=list)

    def job(self, seed: str) -> dict[str, Any]:
        """Return the client's job."""
        return {**asdict(self), "seed": seed}


def issue_key() -> Key:
    """Issue the key of this run: of the web shop, for all stores."""
    row, token = keys.issue(owner=dataset.integrator(), name="bench", channel="web", scopes=SCOPES)
    return Key(token, row)


def bearer_of(login: str) -> dict[str, str]:
    """Issue a key of the integrator with this login and return its header."""
    owner = User.objects.select_related("role").get(login=login)
    return bearer(keys.issue(owner=owner, name="bench", channel="web", scopes=SCOPES)[1])


def bearer(token: str) -> dict[str, str]:
    """Return the header of a key."""
    return {"Authorization": f"Bearer {token}"}


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
    shop = bearer(key.token)
    codes = Customer.objects.filter(pk__lte=shape.REGULARS).order_by("pk").values_list("code", flat=True)
    return {
        "orders": Door("orders", shop, expected=201),
        "availability": Door("availability", shop),
        "availability_1sku_50stores": Door("availability", shop),
        "availability_20skus_50stores": Door("availability", shop, skus=20),
        **{name: Door("holds", shop, rows=some_rows(rows)) for name, rows in HOT_ROWS.items()},
        "empty": Door("get", {}, paths=["/api/bench/empty/"]),
        "slow": Door("get", {}, paths=["/api/bench/slow/"]),
        "everything": Door("get", shop, paths=catalogue_paths(range(1, shape.SKUS + 1))),
        "today_page": Door("get", session_of("bench-clerk"), paths=["/today/"]),
        "customer_page": Door("get", session_of("bench-agent"), paths=[f"/customers/{code}/" for code in codes[:500]]),
    }


def of_stock(skus: int) -> dict[str, Door]:
    """Return the doors of a house that has stock only, of which the caller knows at most 10,000 articles."""
    few, every, clerk = bearer_of("bench-few"), bearer_of("bench-every"), session_of("bench-clerk")
    among = min(skus, shape.SKUS)
    apart = skus // among
    known = range(1, skus + 1, apart)
    paths = [shape.sku(number) for number in random.Random(skus).sample(known, min(500, among))]
    asked = {"among": among, "apart": apart}
    return {
        "availability_1sku": Door("availability", few, **asked),
        "availability_20skus": Door("availability", few, skus=20, **asked),
        "availability_1sku_every_store": Door("availability", every, **asked),
        "availability_20skus_every_store": Door("availability", every, skus=20, **asked),
        "hold_and_release": Door("holds", few, rows=some_rows(min(2_000, among), among=among, apart=apart)),
        "stock_page": Door("get", clerk, paths=[f"/stock/?q={sku}" for sku in paths]),
        "stock_as_of": Door("get", few, paths=[f"/api/v1/stock/?sku={sku}" for sku in paths]),
        "everything": Door("get", few, paths=catalogue_paths(known)),
    }


def some_rows(count: int, *, among: int = shape.SKUS, apart: int = 1) -> list[tuple[int, int]]:
    """Return so many levels, spread over articles and stores: number of the sku and of the store."""
    chance = random.Random(count)
    return [(1 + number * apart, chance.randint(1, shape.STORES - 1)) for number in chance.sample(range(among), count)]


def catalogue_paths(numbers: Iterable[int]) -> list[str]:
    """Return the questions that make a process know these articles, a hundred at a time."""
    known = list(numbers)
    hundreds = [known[first : first + 100] for first in range(0, len(known), 100)]
    return ["/api/v1/availability/?" + "&".join(f"sku={shape.sku(one)}" for one in hundred) for hundred in hundreds]


def is_open(door: Door) -> bool:
    """Whether the door's first address answers as expected, asked in this process."""
    return Client().get(door.paths[0], headers=django_headers(door.headers)).status_code == door.expected


def django_headers(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers as Django's test client takes them; over HTTP, as production behind its proxy."""
    return {**headers, "Host": HOST}


def fill_queue(key: Key) -> None:
    """Place the quiet store's open pickups through the API and bring a third of them to picking and to ready."""
    quiet = Location.objects.get(code=shape.store(shape.QUIET_STORE))
    missing = shape.QUEUE - Fulfilment.objects.filter(location=quiet, ended_at=None).count()
    client = Client()
    headers = django_headers(bearer(key.token))
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
