"""Where a page of a list ended: the next one begins behind that row, however many rows came in before it meanwhile."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_WRITTEN = re.compile(r"([0-9]{1,17})-([0-9]{1,4})-([0-9]{1,18})")


@dataclass(frozen=True, order=True)
class Cursor:
    """The place of a row in a list, newest first: its instant, then the source it comes from, then its number there."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.rank}-{self.id}"


NEWEST = Cursor(datetime(9999, 1, 1, tzinfo=UTC), 0, 0)
"""Before every row."""


def read(text: str | None) -> Cursor:
    """Return the cursor that an address carries; `NEWEST` when it carries none, or nonsense."""
    written = _WRITTEN.fullmatch(text or "")
    if not written:
        return NEWEST
    return Cursor(EPOCH + int(written[1]) * MICROSECOND, int(written[2]), int(written[3]))
