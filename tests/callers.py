"""A caller of the API: JSON, a key, an Idempotency-Key of its own for every new request."""

import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client


class ApiClient:
    """Django's test client with an integrator's manners. A server error is an answer here, not an exception."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def headers(self, key: str | None = None) -> dict[str, str]:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return sent | ({"Idempotency-Key": key} if key else {})

    def get(self, path: str, query: Any = None, **headers: str) -> HttpResponse:
        return self.client.get(path, query, headers=self.headers() | headers)

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> HttpResponse:
        """Send `body` (bytes as they are, anything else as JSON) under `key`, or under a key of its own."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = self.headers(key or uuid.uuid4().hex) | headers
        return self.client.post(path, sent, content_type="application/json", headers=named)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        sent = json.dumps(body).encode()
        return self.client.put(path, sent, content_type="application/json", headers=self.headers() | headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.client.delete(path, headers=self.headers() | headers)

    def place(self, body: Any, *, key: str | None = None, **headers: str) -> HttpResponse:
        """Place an order."""
        return self.post("/api/v1/orders/", body, key=key, **headers)

    def order(self, number: str) -> HttpResponse:
        return self.get(f"/api/v1/orders/{number}/")

    def availability(self, *skus: str, **query: str) -> HttpResponse:
        return self.get("/api/v1/availability/", {"sku": list(skus), **query})
