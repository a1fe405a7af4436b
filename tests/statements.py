"""Counting SQL, so that a statement more is a red test and not a slow page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Statements(list[str]):
    """The statements that ran, savepoints included, in their order."""

    def __str__(self) -> str:
        return "\n".join(f"{index}. {' '.join(text.split())[:160]}" for index, text in enumerate(self, 1))


@contextmanager
def counting() -> Iterator[Statements]:
    """Collect every statement of this thread's connection. BEGIN and COMMIT are not statements of ours, so not counted.

    In a test that runs inside a transaction, the house's outermost transaction is a savepoint and counts two; mark the
    test `django_db(transaction=True)` to see what production sends.
    """
    seen = Statements()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(str(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen
