"""Refusals: a code for machines, a sentence for people, and every problem of a request at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the field (dotted, `lines.0.sku`), a code, and a sentence in the reader's language."""

    field: str
    code: str
    message: str


class Refusal(Exception):
    """A wish that the house refuses; nothing has been written. `status` is the HTTP status of the answer."""

    code = "refused"
    status = 409

    def __init__(self, message: str, *, problems: Sequence[Problem] = (), extra: dict[str, Any] | None = None) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.problems = list(problems)
        self.extra = extra or {}

    def __str__(self) -> str:
        return self.message


class BadRequest(Refusal):
    """The request itself is wrong, whatever the state of the house."""

    code = "invalid"
    status = 400


class NotFound(Refusal):
    """There is no such thing, or none that the caller may see: the two are not told apart."""

    code = "not_found"
    status = 404


class Busy(Refusal):
    """Somebody else holds what this needs; the same wish may be sent again."""

    code = "busy"
    status = 503
