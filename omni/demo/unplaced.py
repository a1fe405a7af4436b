"""The report of what an import could not place: one row per line of the source, with file, line and reason."""

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self


class Report:
    """Counts the lines that found no place, and writes each to a CSV file as it is found.

    The file holds `file,line,reason`; after a clean run, only this header.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(("file", "line", "reason"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, file: str, line: int, kind: str, detail: str = "") -> None:
        """Note one line. `kind` is counted for the summary; `detail` stands in the file only."""
        self.reasons[kind] += 1
        self._writer.writerow((file, line, f"{kind}: {detail}" if detail else kind))

    @property
    def lines(self) -> int:
        return self.reasons.total()
