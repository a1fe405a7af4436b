"""Lists as CSV for a spreadsheet: streamed, in the reader's language, and no cell that computes.

French and English differ because a spreadsheet does: one that is set to French reads `403,00` as a number, so the
cells are parted by semicolons; one that is set to English reads `403.00`, and commas part them. Both begin with a BOM,
without which accents are read as two signs each.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils import translation

BOM = "\ufeff"
COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so is taken for a formula (or hides one) by at least one spreadsheet program."""

Cell = str | int | Decimal | datetime | None


class Line:
    """What `csv` writes to: it hands each line back instead of keeping it."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


def neutral(text: str) -> str:
    """Return a text that no spreadsheet computes: with an apostrophe before what begins like a formula."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(COMPUTES) else text


def written(cell: Cell, *, decimal_comma: bool) -> str:
    """Return a cell as it stands in the file. Its type decides: a number stays a number, also a negative one."""
    match cell:
        case None:
            return ""
        case bool() | str():
            return neutral(str(cell))
        case Decimal():
            return f"{cell:.2f}".replace(".", "," if decimal_comma else ".")
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M")
        case _:
            return str(cell)


def lines(head: Sequence[str], rows: Iterable[Sequence[Cell]], language: str) -> Iterator[str]:
    """Yield the file line by line; holds no more than one row."""
    french = language == "fr"
    writer = csv.writer(Line(), delimiter=";" if french else ",", lineterminator="\r\n")
    yield BOM + str(writer.writerow([neutral(title) for title in head]))
    for row in rows:
        yield str(writer.writerow([written(cell, decimal_comma=french) for cell in row]))


def answer(
    *, name: str, head: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]], language: str
) -> StreamingHttpResponse:
    """Return the file as a download. `rows` is called, and read, when the server sends, after all middleware: the
    language is chosen again around each line."""

    def streamed() -> Iterator[str]:
        source = lines(head, rows(), language)
        while True:
            with translation.override(language):
                line = next(source, None)
            if line is None:
                return
            yield line

    response = StreamingHttpResponse(streamed(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
