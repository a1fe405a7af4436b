"""The zone of the clock that the reader looks at, so that a time of another zone can say which it is.

A tablet's frame shows the clock of its store, the desk's that of the house. A time of a place whose clock says
something else right then carries its distance from UTC; all others stay bare.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta, tzinfo

_frame: ContextVar[tzinfo | None] = ContextVar("frame_zone", default=None)
MINUS = "\u2212"


@contextmanager
def framed(zone: tzinfo) -> Iterator[None]:
    """Let the block's pages be read beside a clock of this zone."""
    token = _frame.set(zone)
    try:
        yield
    finally:
        _frame.reset(token)


def frame() -> tzinfo | None:
    """Return the zone of the reader's clock, or None outside of a page: letters speak to one customer of one store."""
    return _frame.get()


def mark(local: datetime) -> str:
    """Return `UTC+4` for a local time whose clock differs from the reader's at that instant, else nothing."""
    zone = _frame.get()
    if zone is None or local.utcoffset() == local.astimezone(zone).utcoffset():
        return ""
    return f"UTC{distance(local.utcoffset() or timedelta())}"


def distance(offset: timedelta) -> str:
    """Return a distance from UTC as `+4`, `−3:30` or nothing."""
    minutes = int(offset.total_seconds()) // 60
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'+' if minutes > 0 else MINUS}{hours}" + (f":{rest:02d}" if rest else "")
