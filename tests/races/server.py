"""The real WSGI application behind a real socket on loopback, served by as many threads as there are buyers' queues."""

import http.client
import json
import socketserver
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application
from django.db import connection

THREADS = 8


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a thousand lines of access log help nobody."""


class PooledServer(WSGIServer):
    """A WSGI server whose requests are answered by a fixed number of threads; everybody else queues in the socket."""

    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Quiet)
        self.set_app(get_wsgi_application())
        self.pool = ThreadPoolExecutor(THREADS)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.pool.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        connection.settings_dict["CONN_MAX_AGE"] = None  # as in production: a thread keeps its connection
        try:
            socketserver.BaseServer.finish_request(self, request, client_address)
        finally:
            self.shutdown_request(request)

    def end(self) -> None:
        """Stop answering; every thread gives its connection back."""
        self.shutdown()
        together = threading.Barrier(THREADS)
        for _thread in range(THREADS):
            self.pool.submit(lambda: (together.wait(), connection.close()))
        self.pool.shutdown()
        self.server_close()


@contextmanager
def serving() -> Iterator[int]:
    """Serve the application; give the port."""
    server = PooledServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.end()
        thread.join()


@dataclass(frozen=True)
class Answer:
    """What came back over the wire."""

    status: int
    headers: dict[str, str]
    bytes: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.bytes)


@dataclass(frozen=True)
class Caller:
    """A web shop on the other side of the socket."""

    port: int
    token: str

    def place(self, body: Any, *, key: str | None = None) -> Answer:
        """Place an order over HTTP, under a key of its own unless one is given."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key or uuid.uuid4().hex,
        }
        try:
            wire.request("POST", "/api/v1/orders/", json.dumps(body), headers)
            response = wire.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            wire.close()
