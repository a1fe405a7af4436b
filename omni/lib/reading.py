"""Reading the body of a request: every problem of it at once, a sentence for each."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.request import Request

from omni.lib.errors import Problem


def body_of(request: Request) -> dict[str, Any]:
    """Return the body of a request: the one parser of the API lets nothing but an object through."""
    body: dict[str, Any] = request.data  # type: ignore[assignment]  # typed for every parser there is
    return body


def instant_in(text: str) -> datetime | None:
    """Return the instant (UTC) that a text names with its zone, from 2000 to 3000; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo and 2000 <= found.year <= 3000 else None


class Reader:
    """Collects the problems of one request body while its parts are read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, field: str, code: str, message: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(field, code, message))

    def known_fields(self, part: dict[str, Any], allowed: Iterable[str], prefix: str = "") -> None:
        """Note every field that nobody asked for: a misspelt field must not be ignored."""
        for name in sorted(set(part) - set(allowed)):
            self.problem(prefix + name[:60], "unknown_field", _("There is no such field."))

    def text(self, part: dict[str, Any], name: str, prefix: str, *, most: int, required: bool = False) -> str:
        """Return a text without NUL and within its length, or an empty one."""
        value = part.get(name)
        if value is None or value == "":
            if required:
                self.problem(prefix + name, "required", _("This field is required."))
            return ""
        if not isinstance(value, str):
            self.problem(prefix + name, "not_text", _("This must be a text."))
        elif "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            self.problem(prefix + name, "bad_character", _("This holds a character that no text has."))
        elif len(value) > most:
            self.problem(prefix + name, "too_long", _("This has more than %(most)s characters.") % {"most": most})
        else:
            return value
        return ""

    def whole(self, part: dict[str, Any], name: str, prefix: str, *, least: int, most: int) -> int | None:
        """Return a whole number within bounds, or None when it is absent or wrong."""
        value = part.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(prefix + name, "not_whole", _("This must be a whole number."))
        elif not least <= value <= most:
            bounds = {"least": least, "most": most}
            self.problem(prefix + name, "out_of_range", _("This must be from %(least)s to %(most)s.") % bounds)
        else:
            return value
        return None

    def instant(self, part: dict[str, Any], name: str, prefix: str = "") -> datetime | None:
        """Return an instant that has to be there (UTC), or None when it is absent or wrong."""
        text = self.text(part, name, prefix, most=40, required=True)
        found = instant_in(text) if text else None
        if text and not found:
            message = _("Send an instant with its zone, as in 2026-12-12T10:42:00Z.")
            self.problem(prefix + name, "not_instant", message)
        return found

    def part(self, body: dict[str, Any], name: str) -> dict[str, Any] | None:
        """Return a nested object, or None when it is absent or wrong."""
        value = body.get(name)
        if value is not None and not isinstance(value, dict):
            self.problem(name, "not_object", _("This must be an object."))
            return None
        return value
