"""English or French, before anything is installed that could translate."""

from __future__ import annotations

import os


def speaks_french() -> bool:
    """Return True when the caller's locale asks for French; the first variable that is set decides, as in POSIX."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("fr")
    return False


def say(english: str, french: str) -> str:
    """Return the sentence in the caller's language."""
    return french if speaks_french() else english
