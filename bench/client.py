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


class Connection:
    """One kept connection and the request that is under way on it."""

    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self.address, self.selector = address, selector
        self.received = bytearray()
        self.sent_at = 0.0
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

    def send(self, request: bytes) -> None:
        """Send the next request, on a new connection where the server keeps none; the last answer is forgotten."""
        self.sent_at = time.perf_counter()
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


def requests(job: dict[str, Any]) -> Iterator[bytes]:
    """Return the endless requests of a job: `orders`, `availability`, or `get` of given paths."""
    head = "Host: localhost\r\nAccept-Encoding: identity\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in job.get("headers", {}).items()
    )
    if job["kind"] == "orders":
        for wish in shape.wishes(job["seed"]):
            body = wish.body()
            yield (
                f"POST /api/v1/orders/ HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
                f"Idempotency-Key: {wish.reference}\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode() + body
    elif job["kind"] == "availability":
        for sku in shape.skus(job["seed"]):
            yield f"GET /api/v1/availability/?sku={sku} HTTP/1.1\r\n{head}\r\n".encode()
    else:
        for path in cycle(job["paths"]):
            yield f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run the job and return its latencies in seconds, its duration and whatever was not answered as expected."""
    supply = requests(job)
    selector = selectors.DefaultSelector()
    for _ in range(job["clients"]):
        Connection((job["host"], job["port"]), selector).send(next(supply))
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
            elif began <= now < end:
                latencies.append(now - connection.sent_at)
            connection.send(next(supply))
    drain(selector)
    return {"latencies": latencies, "seconds": job["seconds"], "wrong": dict(wrong.most_common(3))}


def drain(selector: selectors.BaseSelector) -> None:
    """Wait for the answers still under way, so that nothing of this run burdens the next."""
    while selector.get_map() and (events := selector.select(PATIENCE)):
        for key, _mask in events:
            if key.data.receive() is not None:
                key.data.close()


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
