"""However large a file is, no more of it than a few thousand rows is in memory."""

import io
import resource
import tracemalloc
from collections.abc import Iterator

import pytest

from inventory.catalog.services import checking
from inventory.catalog.services.checking import check
from inventory.catalog.services.receiving import receive
from omni.staff.access import actor_of
from omni.staff.models import User
from tests.conftest import House

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


class Endless(io.RawIOBase):
    """A file of `rows` rows that is made while it is read: it is never in memory itself."""

    def __init__(self, rows: int) -> None:
        self.lines = self._lines(rows)

    def _lines(self, rows: int) -> Iterator[bytes]:
        yield b"sku;name;brand;price\r\n"
        for number in range(rows):
            yield f"SKU-M-{number};{'Article ' * 18}{number};{'Brand' * 8};{number % 500},99\r\n".encode()

    def readable(self) -> bool:
        return True

    def seek(self, *args: int) -> int:
        return 0

    def readline(self, size: int | None = -1) -> bytes:
        return next(self.lines, b"")


def peak_of(rows: int, by: User) -> int:
    """Bytes that reading and checking so many rows had in use at once."""
    tracemalloc.start()
    found = receive(actor=actor_of(by), file=Endless(rows), name="long.csv")  # type: ignore[arg-type]
    found = check(actor=actor_of(by), import_id=found.pk, mapping=found.mapping)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.status, found.new) == ("checked", rows)
    return peak


def test_four_times_the_rows_take_no_more_memory(house: House, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "AT_A_TIME", 500)
    peak_of(1_000, manager)  # what is imported and remembered once
    few, many = peak_of(2_000, manager), peak_of(8_000, manager)
    assert many < few + MEGABYTE
    assert many < 20 * MEGABYTE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 300 * 1024
