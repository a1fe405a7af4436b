"""The file format of the committed extract: one gzipped JSON object of equally long columns.

Columns lie one after the other instead of row by row, because neighbours of one kind compress better; gzip instead of
xz or bzip2, because every Python that can run pip has it (xz would save a sixth).
"""

import gzip
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _


class DamagedExtract(Exception):
    """The file cannot be read as columns; the message says which and what to do."""


def write(path: Path, columns: dict[str, list[Any]]) -> None:
    """Write columns so that the same content always makes the same bytes."""
    text = json.dumps(columns, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def read(path: Path, names: tuple[str, ...]) -> list[list[Any]]:
    """The named columns in the order asked for.

    Raises `DamagedExtract` when the file is missing, not gzip, not JSON, or when a column is missing or shorter than
    another.
    """
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
        columns = [list(content[name]) for name in names]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as problem:
        sentence = _("%(file)s cannot be read (%(problem)s); take it again from the repository.")
        raise DamagedExtract(sentence % {"file": path.name, "problem": problem}) from problem
    if len({len(column) for column in columns}) > 1:
        sentence = _("%(file)s has columns of different lengths; take it again from the repository.")
        raise DamagedExtract(sentence % {"file": path.name})
    return columns
