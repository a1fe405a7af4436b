"""A small cache in each process for what changes rarely: keys, stores, prices, VAT rates, roles.

Every table that feeds it carries the trigger `bumps_reference()`, which writes the id of the changing transaction
into one row. A process compares that number before it trusts what it remembers: the order path on every request (the
number comes with a statement that runs anyway), other paths at most once in `REFERENCE_SECONDS`. Promise: a change is
seen by every process within that time, and by every order at once.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import pgtrigger
from django.conf import settings

from omni.lib import sql

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")

LIMIT = 250_000
VERSION = "(SELECT version FROM reference_version WHERE id = 1)"
"""Use inside a statement that runs anyway; pass what it returns to `expect`."""

_UNKNOWN = object()
_lock = threading.Lock()
_remembered: dict[tuple[str, Hashable], Any] = {}
_version: int | None = None
_generation = 0
_asked_at = 0.0


def bumps_reference(*columns: str) -> pgtrigger.Trigger:
    """Return the statement trigger for a table whose rows are remembered here; `columns` narrows which updates
    count."""
    return pgtrigger.Trigger(
        name="bumps_reference",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Delete | (pgtrigger.UpdateOf(*columns) if columns else pgtrigger.Update),
        func="""
            INSERT INTO reference_version (id, version) VALUES (1, txid_current())
            ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
            RETURN NULL;
        """,
    )


def expect(version: int | None) -> None:
    """Forget everything when the database's number differs from the one remembered."""
    global _version, _asked_at
    with _lock:
        _asked_at = time.monotonic()
        if version != _version:
            _forget()
            _version = version


def forget() -> None:
    """Forget everything (tests, and after a change inside this process)."""
    global _version, _asked_at
    with _lock:
        _forget()
        _version, _asked_at = None, 0.0


def _forget() -> None:
    global _generation
    _remembered.clear()
    _generation += 1


def refresh_if_due() -> None:
    """Ask the database for its number when the last answer is older than `REFERENCE_SECONDS`."""
    if time.monotonic() - _asked_at >= settings.REFERENCE_SECONDS:
        found = sql.row(f"SELECT {VERSION} AS version")  # noqa: S608  (a constant of ours)
        expect(found.version)


def remember(kind: str, keys: Iterable[KeyT], load: Callable[[list[KeyT]], dict[KeyT, ValueT]]) -> dict[KeyT, ValueT]:
    """Return what is known under `keys`; `load` is called once with the missing ones. Unknown keys are left out.

    What was loaded while another thread forgot everything is returned, but not kept: it may be older than the number.
    """
    wanted = list(keys)
    # One look at each key: another thread may forget everything between a look and a second one.
    looked_up = {key: _remembered.get((kind, key), _UNKNOWN) for key in wanted}
    known = {key: value for key, value in looked_up.items() if value is not _UNKNOWN}
    missing = [key for key in wanted if key not in known]
    if not missing:
        return known
    generation = _generation
    loaded = load(missing)
    with _lock:
        if generation == _generation:
            if len(_remembered) > LIMIT:
                _remembered.clear()
            _remembered.update({(kind, key): value for key, value in loaded.items()})
    return known | loaded
