"""A browser as a clerk's tablet or a customer's phone is one: cookies, forms, redirects, and how long each took."""

import http.client
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from omni.local import preflight

PATIENCE = 30.0
CSRF = "replay" + "x" * 26
"""Any 32 letters and digits: cookie and header only have to agree."""


@dataclass(frozen=True)
class Answer:
    """An answer, after its redirects: where it led, and what stood there."""

    status: int
    path: str
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Timed:
    """One action of a person: what, and how many milliseconds from the press to the page."""

    action: str
    ms: float
    status: int


Gate = Callable[[], AbstractContextManager[None]]
Note = Callable[[Timed], None]


@dataclass
class Browser:
    """One kept connection. `gate` is passed before each action; `note` is told how long it took."""

    port: int
    gate: Gate
    note: Note
    cookies: dict[str, str] = field(default_factory=dict)
    bearer: str = ""

    def __post_init__(self) -> None:
        self.cookies.setdefault("omni_csrf", CSRF)
        self.connection = http.client.HTTPConnection(preflight.HOST, self.port, timeout=PATIENCE)

    def get(self, path: str, action: str = "", **headers: str) -> Answer:
        """Open an address."""
        return self._act("GET", path, None, action, headers)

    def post(self, path: str, action: str = "", fields: Mapping[str, object] | None = None, **headers: str) -> Answer:
        """Send a form, as a page of the house sends it."""
        body = urlencode({"idempotency_key": uuid.uuid4(), **(fields or {})})
        return self._act("POST", path, body, action, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def send(self, path: str, body: str, action: str, **headers: str) -> Answer:
        """Send JSON, as a web shop does."""
        return self._act("POST", path, body, action, {"Content-Type": "application/json", **headers})

    def _act(self, method: str, path: str, body: str | None, action: str, headers: Mapping[str, str]) -> Answer:
        with self.gate():
            began = time.perf_counter()
            answer = self._once(method, path, body, headers)
            for _hop in range(5):
                if answer.status not in {301, 302, 303}:
                    break
                there = urlsplit(answer.headers["location"])
                answer = self._once("GET", there.path + (f"?{there.query}" if there.query else ""), None, {})
            took = 1000 * (time.perf_counter() - began)
        if action:
            self.note(Timed(action, took, answer.status))
        return answer

    def _once(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        common = {"Host": "localhost", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        door = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {"X-CSRFToken": self.cookies["omni_csrf"]}
        for attempt in (1, 2):
            try:
                self.connection.request(method, path, body, {**common, **door, **named})
                response = self.connection.getresponse()
                text = response.read().decode(errors="replace")
                break
            except (http.client.HTTPException, OSError):
                self.connection.close()  # the server may let go of a connection on which nothing was said
                if attempt == 2:
                    raise
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, path, text, {name.lower(): value for name, value in response.headers.items()})


def rows_to_prepare(page: str) -> list[tuple[str, str]]:
    """Return what nobody has in hand on a page of today's queue, in its order: short number and public id."""
    rows = re.findall(r'<li class="job row-link.*?</li>', page, re.DOTALL)
    free = [row for row in rows if 'data-promise-state="fixed"' not in row]
    found = [
        (re.search(r'data-row="([^"]+)"', row), re.search(r'action="/pickups/([0-9a-f-]{36})/picking/"', row))
        for row in free
    ]
    return [(short[1], public[1]) for short, public in found if short and public]
