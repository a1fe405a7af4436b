"""What the API says: JSON in UTF-8, instants in UTC to the second."""

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse


def instant(value: datetime | None) -> str | None:
    """Return an ISO 8601 instant in UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def as_json(body: Any) -> HttpResponse:
    """Return the answer with this body."""
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")
