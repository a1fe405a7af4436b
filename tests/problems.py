"""What every refusal of the API must be, and the proof that it wrote nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpResponse

MEMBERS = {"type", "title", "status", "code", "detail", "errors", "request_id"}
INSIDE = re.compile(r"Traceback|psycopg|django|SELECT |INSERT |constraint|/home/|/usr/|\.py\b", re.IGNORECASE)

TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace schema ON schema.oid = relnamespace
WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname
"""


def assert_problem(answer: HttpResponse, status: int, code: str) -> Any:
    """The answer is an RFC 9457 problem of that status and code, in sentences, without anything of the inside."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    body = answer.json()
    assert set(body) >= MEMBERS
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:omni:problem:{code}")
    assert body["request_id"] == answer["X-Request-Id"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", body["request_id"])
    assert re.fullmatch(r"[^a-z].+[.!?]", body["detail"]), "a sentence"
    for error in body["errors"]:
        assert set(error) == {"field", "code", "message"}
        assert error["code"] == error["code"].lower()
    assert not INSIDE.search(answer.content.decode())
    return body


def codes(body: Any) -> dict[str, str]:
    """Return field → code of a problem's errors."""
    return {error["field"]: error["code"] for error in body["errors"]}


def contents() -> dict[str, tuple[int, str]]:
    """Return, for every table, how many rows it has and a digest of all of them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        selects = [
            f"SELECT '{table}', count(*), coalesce(md5(string_agg(row::text, '' ORDER BY row::text)), '') "
            f'FROM "{table}" AS row'
            for table in tables
        ]
        cursor.execute(" UNION ALL ".join(selects))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


@contextmanager
def nothing_written() -> Iterator[None]:
    """No row of any table appears, changes or goes while the block runs."""
    before = contents()
    assert len(before) > 40
    yield
    after = contents()
    assert {table for table in before if before[table] != after[table]} == set()
