"""JSON as the standard has it: UTF-8, one object, no duplicate keys, no NaN, and a sentence for what is wrong."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser

from omni.lib.errors import BadRequest


class BadJson(BadRequest):
    code = "bad_json"


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(_("A key stands twice in the same JSON object."))
    return found


def _no_constant(name: str) -> Any:
    raise BadJson(_("“%(name)s” is not JSON.") % {"name": name})


def read_json(body: bytes) -> dict[str, Any]:
    """Return the object in the body, or refuse with the place of the mistake."""
    try:
        found = json.loads(body, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()  # what cannot be written down again was no text
    except UnicodeDecodeError:
        raise BadJson(_("The body is not UTF-8.")) from None
    except UnicodeEncodeError:
        raise BadJson(_("The body holds half of a character (a lone surrogate).")) from None
    except json.JSONDecodeError as error:
        raise BadJson(
            _("The body is not JSON: line %(line)s, column %(column)s.") % {"line": error.lineno, "column": error.colno}
        ) from None
    except (RecursionError, ValueError):  # nested a thousand deep, or a number of thousands of digits
        raise BadJson(_("The body is not a request that anybody would write.")) from None
    if not isinstance(found, dict):
        raise BadJson(_("The body must be one JSON object."))
    return found


class StrictJSONParser(BaseParser):
    """DRF's door to `read_json`."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        return read_json(stream.read())


class JsonOnly(DefaultContentNegotiation):
    """Answer JSON whatever the caller says it accepts: there is nothing else. A body must still say what it is."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type
