"""The table for people and `var/bench.json` for machines."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measuring import Measure
from omni.local import folders

COLUMNS = ("measure", "clients", "per s", "p50 ms", "p95 ms", "p99 ms", "limit/s", "ratio", "SQL")
WIDTHS = (30, 8, 9, 9, 9, 9, 9, 7, 5)


def table(measures: Mapping[str, Measure]) -> str:
    """Return the measures as lines of a table."""
    lines = [row(COLUMNS), row(["-" * (width - 1) for width in WIDTHS])]
    for name, one in measures.items():
        statements = "" if one.statements is None else one.statements
        lines.append(
            row([name, one.clients, f"{one.per_s:,.0f}", one.p50_ms, one.p95_ms, one.p99_ms, f"{one.limit_per_s:,.0f}",
                 f"{one.ratio:.2f}", statements])
        )  # fmt: skip
    return "\n".join(lines)


def row(cells: Any, widths: Sequence[int] = WIDTHS) -> str:
    """Return one line: the first column to the left, figures to the right."""
    return "".join(
        str(cell).ljust(width) if index == 0 else str(cell).rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )


def markdown(cells: Any) -> str:
    """Return one line of a table in Markdown."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def load() -> dict[str, Any]:
    """Return how busy the machine is: run queue over 1, 5 and 15 minutes, and its cores."""
    return {"load_average": [round(one, 2) for one in os.getloadavg()], "cores": os.cpu_count()}


def write(measures: Mapping[str, Measure], circumstances: Mapping[str, Any]) -> Path:
    """Write `var/bench.json`: one object for each measure, and the circumstances beside them."""
    file = folders.make(folders.VAR) / "bench.json"
    content = {**{name: one.as_json() for name, one in measures.items()}, "circumstances": dict(circumstances)}
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
