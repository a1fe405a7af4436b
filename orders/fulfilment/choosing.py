"""Several orders that somebody chose from the queue, by their public ids."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404

from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment

MOST = 60


def chosen(request: Any, ids: Sequence[str]) -> list[Fulfilment]:
    """Return the fulfilments, store by store, the earliest promise first; 404 if one of them is not of the person's
    stores."""
    try:
        asked = {UUID(one) for one in ids[:MOST]}
    except ValueError:
        raise Http404 from None
    found = list(queries.in_hand().visible_to(request.actor).filter(public_id__in=asked))
    if len(found) != len(asked):
        raise Http404
    return sorted(found, key=lambda one: (one.location_id, one.promised_at, one.pk))


def query(fulfilments: Sequence[Fulfilment]) -> str:
    """Return the part of an address that names the orders."""
    return urlencode([("order", str(one.public_id)) for one in fulfilments])
