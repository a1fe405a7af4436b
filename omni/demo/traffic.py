"""Posts today's orders through the REST API as a web shop would; each is placed once or not at all."""

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from typing import Any

from omni.demo import wishes
from omni.demo.wishes import Wish

FIRST_HANDFUL = 6
FIRST_RESERVED = 3
"""Which of the first handful is a reservation."""
FIRST_PAUSE = 1.5
MOST_TRIES = 8
LONGEST_PAUSE = 30.0
TIMEOUT = 15.0
MARK = "traffic"


class KeyRefused(Exception):
    """The house does not know the key (any more)."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


@dataclass
class Shop:
    """A web shop at the other end of HTTP. `send` gives an order's body and key and takes the answer."""

    base_url: str
    api_key: str
    pause: Callable[[float], None] = time.sleep
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}))
    )

    def send(self, body: dict[str, Any], key: str) -> Answer | None:
        """Post one order, again and again with the same key until the house has answered; None when it never did.

        Waits longer each time over refused connections, broken answers, 5xx, 429, and a first try that is still at
        work.
        """
        for attempt in range(MOST_TRIES):
            answer = self._post(body, key)
            if answer is not None and not _try_again(answer):
                if answer.status == 401:
                    raise KeyRefused
                return answer
            self.pause(min(LONGEST_PAUSE, 0.5 * 2**attempt) * random.uniform(0.7, 1.3))  # noqa: S311
        return None

    def _post(self, body: dict[str, Any], key: str) -> Answer | None:
        headers = {
            "Authorization": f"Bearer {self.api_key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "User-Agent": "omni-demo-traffic",
        }
        address = f"{self.base_url}/api/v1/orders/"
        request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")  # noqa: S310
        try:
            with self.opener.open(request, timeout=TIMEOUT) as response:
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _problem(error))
        except (OSError, HTTPException, ValueError):
            return None


def _problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.load(error)
    except (OSError, HTTPException, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _try_again(answer: Answer) -> bool:
    return answer.status >= 500 or answer.status == 429 or answer.body.get("code") == "idempotency_key_in_flight"


@dataclass(frozen=True)
class Call:
    """The next order: whose wish, how it reaches its owner, under which reference, after how many seconds."""

    wish: Wish
    kind: str
    reference: str
    wait: float


def place(shop: Shop, call: Call) -> str:
    """Place one order and say in one line what became of it.

    Where the store is short, the nearest store that the answer names is asked once if it has everything. Where the
    house names another total, its total is taken once.
    """
    reference = call.reference
    body = wishes.order(call.wish, reference=reference, kind=call.kind, dice=random.Random(reference))  # noqa: S311
    answer = shop.send(body, reference)
    if answer is not None and answer.body.get("code") == "price_differs":
        body = wishes.corrected(body, answer.body["total"])
        answer = shop.send(body, f"{reference}-total")
    if answer is not None and answer.body.get("code") == "short_stock":
        nearest = answer.body.get("nearest_store") or {}
        if nearest.get("has_whole_order"):
            body = {**body, "fulfilment": {**body["fulfilment"], "store": nearest["store"]}}
            answer = shop.send(body, f"{reference}-nearest")
    return _sentence(answer, body, reference)


def _sentence(answer: Answer | None, body: dict[str, Any], reference: str) -> str:
    where = f"{body['fulfilment']['kind']} at {body['fulfilment']['store']}"
    if answer is None:
        return f"{reference}: no answer, {where} left out"
    if answer.status != 201:
        return f"{reference}: {answer.status} {answer.body.get('code', '')}, {where} left out"
    short_id = answer.body["fulfilments"][0]["short_id"]
    return f"{answer.body['number']} {short_id}: {where}, {len(body['lines'])} lines, {answer.body['total'] / 100:.2f}"


def calls(
    found: list[Wish], *, rate: float, clerk_store: str, dice: random.Random, stamp: Callable[[], str]
) -> Iterator[Call]:
    """Orders without end: a handful of pickups, one of them a reservation, at the clerk's store at once, then `rate` a
    minute at random intervals.

    Every second one of the later is for the clerk's store, too, so that the queue of a newcomer lives.
    """
    anywhere = _dealt_for_ever(found, dice)
    at_clerks = _dealt_for_ever([wish for wish in found if wish.store == clerk_store] or found, dice)
    for number in count():
        beginning = number < FIRST_HANDFUL
        wish = next(at_clerks if beginning or dice.random() < 0.5 else anywhere)
        yield Call(
            wish=wish,
            kind=_first_kind(number) if beginning else dice.choice(wishes.KINDS),
            reference=f"{MARK}-{stamp()}-{wish.basket_id}-{number}",
            wait=FIRST_PAUSE if beginning else min(dice.expovariate(rate / 60), 600 / rate),
        )


def _first_kind(number: int) -> str:
    return "reservation" if number == FIRST_RESERVED else "pickup"


def _dealt_for_ever(found: list[Wish], dice: random.Random) -> Iterator[Wish]:
    while True:
        yield from dice.sample(found, len(found))
