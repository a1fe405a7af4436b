"""Many at once: real threads, real connections, released together."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest
from django.db import connection

ResultT = TypeVar("ResultT")
PATIENCE = 30.0


def at_once(works: Sequence[Callable[[], ResultT]]) -> list[ResultT | Exception]:
    """Run all works in threads that start together; return, in their order, what each returned or raised."""
    start = threading.Barrier(len(works))
    outcomes: list[Any] = [AssertionError("this thread never ended")] * len(works)

    def run(index: int) -> None:
        try:
            start.wait(PATIENCE)
            outcomes[index] = works[index]()
        except Exception as error:  # the outcome of a race is what we came for
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


def raised(outcomes: Sequence[Any], kind: type[Exception]) -> list[Exception]:
    """Return the outcomes that are errors of a kind."""
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]


def returned(outcomes: Sequence[Any]) -> list[Any]:
    """Return the outcomes that are not errors."""
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


class Meeting:
    """A place in the code where the first `parties` callers wait for each other; who comes later walks through.

    It makes the unlucky moment happen every time. Somebody who waits in vain goes on after a second.
    """

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties)

    def wait(self) -> None:
        try:
            self._barrier.wait(1.0)
        except threading.BrokenBarrierError:
            return
        self._barrier.abort()


def meet_before(monkeypatch: pytest.MonkeyPatch, target: Any, name: str, parties: int) -> None:
    """Let the callers of a function meet before it runs."""
    function, meeting = getattr(target, name), Meeting(parties)

    def met(*args: Any, **kwargs: Any) -> Any:
        meeting.wait()
        return function(*args, **kwargs)

    monkeypatch.setattr(target, name, met)


def linger_before(monkeypatch: pytest.MonkeyPatch, target: Any, name: str, seconds: float) -> None:
    """Let every caller of a function pause before it runs, with all the locks it holds."""
    function = getattr(target, name)

    def paused(*args: Any, **kwargs: Any) -> Any:
        time.sleep(seconds)
        return function(*args, **kwargs)

    monkeypatch.setattr(target, name, paused)


def deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has counted in this database, once the threads' connections are gone.

    A connection counts its own and adds them to the total when it ends.
    """
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + 5
    while _number(others) and time.monotonic() < deadline:
        time.sleep(0.02)
    _number("SELECT 1 FROM (SELECT pg_stat_clear_snapshot()) AS forgotten")
    return _number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
