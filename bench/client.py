"""The HTTP client, in a process of its own: closed loops over kept connections, one request in flight on each.

`python -m bench.client < job.json` prints the latencies. It speaks HTTP/1.1 by hand over `selectors`: on a machine
whose cores are shared by client, server and database, a comfortable client would be a good part of what is measured.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from bench import shape

PATIENCE = 30.0


Exchange = tuple[bytes, ...]
"""Requests of one visit, each sent when the one before it was answered: mostly a single one."""


class Connection:
    """One kept connection and the exchange that is under way on it."""

    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self.address, self.selector = address, selector
        self.received = bytearray()
        self.left: Exchange = ()
        self.began_at = 0.0
        self.open()

    def open(self) -> None:
        """Connect and be watched by the selector."""
        self.socket = socket.create_connection(self.address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        """Hang up."""
        self.selector.unregister(self.socket)
        self.socket.close()

    def begin(self, exchange: Exchange) -> None:
        """Send the first request of an exchange; `go_on` sends the others."""
        self.began_at = time.perf_counter()
        self.left = exchange
        self.go_on()

    def go_on(self) -> None:
        """Send the next request, on a new connection where the server keeps none; the last answer is forgotten."""
        request, *left = self.left
        self.left = tuple(left)
        if b"\r\nconnection: close\r\n" in self.received[:400].lower():
            self.close()
            self.open()
        self.received.clear()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Take what has come; return the status once the answer is complete."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server hung up without a word")
        self.received += piece
        end = self.received.find(b"\r\n\r\n")
        if end < 0 or len(self.received) < end + 4 + length(bytes(self.received[:end])):
            return None
        return int(self.received[9:12])


def length(head: bytes) -> int:
    """Return the Content-Length of an answer's head. Refuses an answer without one: it keeps no connection."""
    _before, found, after = head.lower().partition(b"content-length:")
    if not found:
        raise ConnectionError(f"an answer without a length: {head[:300]!r}")
    return int(after.split(b"\r\n", 1)[0])


def exchanges(job: dict[str, Any]) -> Iterator[Exchange]:
    """Return the endless exchanges of a job: `orders`, `availability`, `holds`, or `get` of given paths."""
    head = head_of(job)
    if job["kind"] == "orders":
        for wish in shape.wishes(job["seed"]):
            yield (order(wish, head),)
    elif job["kind"] == "availability":
        for skus in shape.questions(job["seed"], each=job["skus"], among=job["among"], apart=job["apart"]):
            query = "&".join(f"sku={sku}" for sku in skus)
            yield (f"GET /api/v1/availability/?{query} HTTP/1.1\r\n{head}\r\n".encode(),)
    elif job["kind"] == "holds":
        for hold in shape.holds(job["seed"], job["rows"]):
            there = f"/api/v1/holds/{hold.reference}/"
            keep = with_body(f"PUT {there}", head, hold.body())
            yield keep, f"DELETE {there} HTTP/1.1\r\n{head}\r\n".encode()
    else:
        for path in cycle(job["paths"]):
            yield (f"GET {path} HTTP/1.1\r\n{head}\r\n".encode(),)


def head_of(job: dict[str, Any]) -> str:
    """Return the headers of every request of a job."""
    fields = {"Host": "localhost", "Accept-Encoding": "identity", **job.get("headers", {})}
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


def order(wish: shape.Wish, head: str) -> bytes:
    """Return the request that places an order."""
    return with_body("POST /api/v1/orders/", f"{head}Idempotency-Key: {wish.reference}\r\n", wish.body())


def with_body(line: str, head: str, body: bytes) -> bytes:
    """Return a request that sends JSON."""
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{line} HTTP/1.1\r\n{head}{length}\r\n".encode() + body


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run the job and return the latencies of its exchanges in seconds, its duration and whatever was not answered as
    expected."""
    supply = exchanges(job)
    selector = selectors.DefaultSelector()
    for _ in range(job["clients"]):
        Connection((job["host"], job["port"]), selector).begin(next(supply))
    began = time.perf_counter() + job["warm_up"]
    end = began + job["seconds"]
    latencies: list[float] = []
    wrong: Counter[str] = Counter()
    while (now := time.perf_counter()) < end:
        events = selector.select(PATIENCE)
        if not events:
            raise TimeoutError(f"no answer within {PATIENCE} s")
        for key, _mask in events:
            connection = key.data
            status = connection.receive()
            if status is None:
                continue
            now = time.perf_counter()
            if status != job["expected"]:
                wrong[connection.received[-600:].decode(errors="replace")] += 1
            elif connection.left:
                connection.go_on()
                continue
            elif began <= now < end:
                latencies.append(now - connection.began_at)
            connection.begin(next(supply))
    drain(selector)
    return {"latencies": latencies, "seconds": job["seconds"], "wrong": dict(wrong.most_common(3))}


def drain(selector: selectors.BaseSelector) -> None:
    """Wait for the answers still under way, so that nothing of this run burdens the next."""
    while selector.get_map() and (events := selector.select(PATIENCE)):
        for key, _mask in events:
            if key.data.receive() is None:
                continue
            if key.data.left:
                key.data.go_on()
            else:
                key.data.close()


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
