"""Reading a CSV file line by line: never more of it in memory than one row, never anything but text.

Nothing is ever unpacked: an archive or a workbook is recognised by how it begins, and refused.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

MOST_BYTES = 100 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_LINE = 256 * 1024
"""Bytes of one line, and signs of one cell: a quotation mark that is never closed swallows no more than that."""

ENCODINGS = ("utf-8", "windows-1252")
SEPARATORS = (";", ",", "\t")
BOM = b"\xef\xbb\xbf"
NO_TEXT = {
    b"PK\x03\x04": "archive", b"PK\x05\x06": "archive", b"\x1f\x8b": "archive", b"BZh": "archive",
    b"7z\xbc\xaf": "archive", b"Rar!": "archive", b"\xfd7zXZ": "archive", b"\x28\xb5\x2f\xfd": "archive",
    b"\xd0\xcf\x11\xe0": "workbook", b"%PDF": "no_table", b"\xff\xfe": "utf_16", b"\xfe\xff": "utf_16",
}  # fmt: skip
"""How files begin that are no text in the encodings we read, and the reason that is given. An .xlsx is an archive."""


class Wrong(NamedTuple):
    """What is wrong: the row as a spreadsheet counts (0: the whole file), the column's header, a code, the value."""

    row: int
    column: str
    code: str
    value: str = ""


class Unreadable(Exception):
    """The file as a whole cannot be read; `wrong` says why."""

    def __init__(self, code: str, value: str = "", *, row: int = 0) -> None:
        super().__init__(code)
        self.wrong = Wrong(row, "", code, value)


@dataclass
class CsvFile:
    """An open file: its header is read at once, its rows when they are asked for.

    `file` stands at its beginning. Raises `Unreadable` here or while rows are read; what is wrong with one row is
    given in its place, and reading goes on.
    """

    file: BinaryIO
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()
        self._size = 0
        self._row = 0
        self._undecodable = ""
        first = self._line()
        for beginning, code in NO_TEXT.items():
            if first.startswith(beginning):
                raise Unreadable(code)
        first = first.removeprefix(BOM)
        if not first.strip():
            raise Unreadable("empty" if not first and not self._peek() else "header_missing", row=1)
        self.separator = max(SEPARATORS, key=self._text(first).count)
        self.header = [title.strip() for title in self._parsed([first])[0]]
        if self._undecodable:
            raise Unreadable("encoding", self._undecodable, row=1)
        self._check_header()

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far."""
        return self._digest.hexdigest()

    @property
    def size(self) -> int:
        """Bytes that were read so far."""
        return self._size

    def rows(self) -> Iterator[tuple[int, list[str]] | Wrong]:
        """Yield each row with its number, the header being row 1, or what is wrong with it. Blank rows are left out."""
        self._row = 1
        reader = csv.reader(self._lines(), delimiter=self.separator, strict=True)
        while True:
            self._undecodable = ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable("quotes", str(error), row=self._row + 1) from None
            self._row += 1
            if self._row > MOST_ROWS + 1:
                raise Unreadable("too_many_rows", f"{MOST_ROWS}")
            if any(cell.strip() for cell in cells) or self._undecodable:
                yield self._judged(cells)

    def _judged(self, cells: list[str]) -> tuple[int, list[str]] | Wrong:
        if self._undecodable:
            return Wrong(self._row, "", "encoding", self._undecodable)
        if any("\x00" in cell for cell in cells):
            return Wrong(self._row, "", "nul")
        if len(cells) != len(self.header):
            return Wrong(self._row, "", "ragged", f"{len(cells)} / {len(self.header)}")
        return self._row, cells

    def _check_header(self) -> None:
        if len(self.header) > MOST_COLUMNS:
            raise Unreadable("too_many_columns", str(MOST_COLUMNS), row=1)
        if any("\x00" in title for title in self.header):
            raise Unreadable("nul", row=1)
        known: set[str] = set()
        for title in self.header:
            if not title:
                raise Unreadable("header_missing", row=1)
            if len(title) > 80:
                raise Unreadable("too_long", title[:80], row=1)
            if title.casefold() in known:
                raise Unreadable("header_doubled", title, row=1)
            known.add(title.casefold())

    def _parsed(self, lines: Iterable[bytes]) -> list[list[str]]:
        try:
            return list(csv.reader(map(self._text, lines), delimiter=self.separator, strict=True))
        except csv.Error as error:
            raise Unreadable("quotes", str(error), row=1) from None

    def _lines(self) -> Iterator[str]:
        while line := self._line():
            yield self._text(line)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode(self.encoding)
        except UnicodeDecodeError as error:
            self._undecodable = " ".join(f"{byte:02X}" for byte in line[error.start : error.start + 4])
            return line.decode(self.encoding, errors="replace")

    def _line(self) -> bytes:
        line = self.file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise Unreadable("line_too_long", row=self._row + 1)
        self._digest.update(line)
        self._size += len(line)
        if self._size > MOST_BYTES:
            raise Unreadable("too_large", f"{MOST_BYTES // 1024 // 1024}")
        return line

    def _peek(self) -> bytes:
        """Return the line that follows an empty one; nothing is read after it."""
        return self.file.readline(LONGEST_LINE).strip()
