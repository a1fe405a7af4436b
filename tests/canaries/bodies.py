"""An answer without what differs from one request to the next: ids, keys, tokens, instants."""

import re
from typing import Any

MOVING = [
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), "UUID"),
    (re.compile(r'(name="csrf-token" content|name="csrfmiddlewaretoken" value)="[^"]*"'), r'\1=""'),
    (re.compile(r'data-now="[^"]*"'), ""),
    (re.compile(r'"version": "[^"]*"'), ""),
    (re.compile(r"\b[0-9a-f]{16}\b"), "REQUEST"),
    (re.compile(r"\bsince=\d+"), "since="),  # where a list's news begin: a row's number tells what order numbers tell
    (re.compile(r'"duration[^,}]*'), ""),
]
HEADERS = {"X-Request-Id", "Set-Cookie", "Date", "Content-Length", "ETag", "Server-Timing", "Location"}


def text(answer: Any) -> str:
    """Return an answer's whole body, also one that is streamed."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(raw.decode("utf-8", "replace"))


def whole(answer: Any) -> str:
    """Return everything a reader gets: status, headers, cookies, body."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{answer.status_code}\n{headers}\n{answer.cookies.output()}\n\n{text(answer)}"


def settled(answer: Any) -> str:
    """Return status, headers and body with everything that moves by itself taken out."""
    kept = "\n".join(f"{name}: {value}" for name, value in sorted(answer.items()) if name not in HEADERS)
    body = text(answer)
    for pattern, instead in MOVING:
        body = pattern.sub(instead, body)
    return f"{answer.status_code}\n{kept}\n\n{body}"
