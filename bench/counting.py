"""How many SQL statements a warm request takes, asked in this process."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, repeat
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import client, shape
from bench.doors import HOST, Door

TRANSACTION = {"BEGIN", "COMMIT"}
"""What Django logs and shows to no wrapper; every other statement passes by the wrappers."""


class Noted:
    """Counts the statements that pass by."""

    seen = 0

    def __call__(self, execute: Callable[..., Any], *rest: Any) -> Any:
        self.seen += 1
        return execute(*rest)


def statements(door: Door, times: int = 9) -> int:
    """Return how many statements one warm exchange takes, BEGIN and COMMIT included: a median one."""
    caller = Client()
    counted = []
    for exchange in islice(warm_exchanges(door), times):
        with CaptureQueriesContext(connection) as logged, connection.execute_wrapper(note := Noted()):
            for request in exchange:
                answer = ask(caller, request)
                if answer.status_code != door.expected:
                    raise RuntimeError(f"{answer.status_code} {answer.content[:500]!r}")
        counted.append(note.seen + sum(entry["sql"] in TRANSACTION for entry in logged))
    return sorted(counted)[times // 2]


def warm_exchanges(door: Door) -> Iterator[client.Exchange]:
    """Return exchanges of the door about the same articles, which the process knows after the first."""
    job = door.job(f"count-{secrets.token_hex(4)}")
    if door.kind == "orders":
        return same_orders(job)
    if door.kind == "holds":
        return client.exchanges(job | {"rows": door.rows[:1]})
    return repeat(next(client.exchanges(job)))


def same_orders(job: dict[str, Any]) -> Iterator[client.Exchange]:
    """Return orders of the same lines by many customers."""
    lines = next(shape.wishes(job["seed"])).lines
    for wish in shape.wishes(job["seed"]):
        yield (client.order(replace(wish, lines=lines), client.head_of(job)),)


def ask(caller: Client, request: bytes) -> Any:
    """Send what the HTTP client would send over the wire."""
    head, _end, body = request.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    method, path, _version = line.split(" ")
    headers = dict(one.split(": ", 1) for one in fields)
    kind = headers.pop("Content-Type", "")
    return caller.generic(method, path, body, kind, headers={**headers, "Host": HOST})
