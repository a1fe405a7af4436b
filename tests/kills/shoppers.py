"""Web shops that do not give up: the same order under the same key until somebody acknowledges it."""

import http.client
import json
import random
import select
import socket
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

TOO_LATE = 60.0


@dataclass
class Ledger:
    """What the shops know, whatever the servers do: which purchases were acknowledged, under which order number."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    errors: int = 0
    ghosts: int = 0
    """Orders that were committed although their shop saw an error: the retry found them."""
    surprises: list[str] = field(default_factory=list)


class Shopper(threading.Thread):
    """One shop: buys, retries, notes. Sometimes the answer is lost on its way to it."""

    def __init__(self, name: str, port: int, house: dict[str, Any], ledger: Ledger, closing: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.port, self.house, self.ledger, self.closing = port, house, ledger, closing
        self.random = random.Random(name)

    def run(self) -> None:
        number = 0
        while not self.closing.is_set():
            number += 1
            self.buy(f"{self.name}/{number}")

    def buy(self, purchase: str) -> None:
        """Send one purchase until it is acknowledged."""
        body, key = self.basket(purchase), uuid.uuid4().hex
        if self.random.random() < 0.2:
            hang_up(self.port, self.house["token"], body, key)
        deadline = time.monotonic() + TOO_LATE
        while time.monotonic() < deadline:
            try:
                status, headers, answer = send(self.port, self.house["token"], body, key)
            except (OSError, http.client.HTTPException):
                self.ledger.errors += 1
                time.sleep(0.1)
                continue
            if status == 201:
                self.ledger.ghosts += headers.get("idempotent-replayed") == "true"
                self.ledger.acknowledged[purchase] = json.loads(answer)["number"]
                return
            if status < 500 and json.loads(answer)["code"] != "idempotency_key_in_flight":
                break
            self.ledger.errors += 1
            time.sleep(0.05)
        else:
            status, answer = 0, b"nobody answered"
        self.ledger.surprises.append(f"{purchase}: {status} {answer!r}")

    def basket(self, purchase: str) -> dict[str, Any]:
        """Three articles for a customer who may be new; the payment's reference is the shop's name for the purchase."""
        skus = self.random.sample(self.house["skus"], 3)
        total = sum(1000 * int(sku.rpartition("-")[2]) for sku in skus)
        return {
            "customer": {"email": f"customer-{self.random.randrange(50)}@example.org"},
            "lines": [{"sku": sku, "quantity": 1} for sku in skus],
            "fulfilment": {"kind": "pickup", "store": "lille"},
            "payment": {"state": "captured", "tender": "card_online", "amount": total, "reference": purchase},
            "total": total,
        }


class Keeper(threading.Thread):
    """A web shop's baskets: holds a piece for two seconds, under one reference until it is told that it has it; then
    it keeps it, gives it back, or lets it run out."""

    def __init__(self, port: int, house: dict[str, Any], ledger: Ledger, closing: threading.Event) -> None:
        super().__init__(name="keeper", daemon=True)
        self.port, self.house, self.ledger, self.closing = port, house, ledger, closing
        self.random = random.Random("keeper")
        self.holds = self.ends = 0

    def run(self) -> None:
        while not self.closing.is_set():
            self.holds += 1
            reference = f"basket-{self.holds}"
            lines = [{"sku": self.random.choice(self.house["skus"]), "quantity": 1}]
            wish = {"store": "lille", "seconds": 2, "lines": lines}
            self.insist("PUT", f"/api/v1/holds/{reference}/", wish)
            if self.random.random() < 0.3:
                self.insist("PUT", f"/api/v1/holds/{reference}/confirmation/", {})
            if self.random.random() < 0.7:
                self.insist("DELETE", f"/api/v1/holds/{reference}/", {})
                self.ends += 1

    def insist(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Ask until there is an answer; a refusal (it ran out meanwhile) is one."""
        deadline = time.monotonic() + TOO_LATE
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                headers = {"Authorization": f"Bearer {self.house['token']}", "Content-Type": "application/json"}
                wire.request(method, path, json.dumps(body), headers)
                status = wire.getresponse().status
                wire.close()
                if status in {200, 409}:
                    return
                if status < 500:
                    self.ledger.surprises.append(f"{method} {path}: {status}")
                    return
            time.sleep(0.1)
        self.ledger.surprises.append(f"{method} {path}: nobody answered")


def request(port: int, token: str, body: dict[str, Any], key: str) -> http.client.HTTPConnection:
    """Send a request and do not wait."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    wire.request("POST", "/api/v1/orders/", json.dumps(body), headers)
    return wire


def send(port: int, token: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, str], bytes]:
    """Send a request and return what came back."""
    wire = request(port, token, body, key)
    try:
        response = wire.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        wire.close()


def hang_up(port: int, token: str, body: dict[str, Any], key: str) -> None:
    """Send a request and hang up when its answer comes, unread: the shop will never know whether it was done."""
    try:
        wire = request(port, token, body, key)
        assert isinstance(wire.sock, socket.socket)
        select.select([wire.sock], [], [], 5)
        wire.close()
    except OSError:
        return
