"""`var/demo.json`: what a script or the traffic must know of the demo. Holds passwords and a key, hence mode 0600."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings


def path() -> Path:
    return Path(settings.VAR) / "demo.json"


def read() -> dict[str, Any]:
    """What stands in the file; nothing when it is missing or unreadable."""
    try:
        found = json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(**facts: Any) -> None:
    """Put facts into the file and keep the others. The file is never readable by others, not even for a moment."""
    path().parent.mkdir(parents=True, exist_ok=True)
    draft = path().with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({**read(), **facts}, file, indent=2, ensure_ascii=False)
        file.write("\n")
    draft.replace(path())
