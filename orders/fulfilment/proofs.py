"""How the person at the counter was recognised: kept in the session between the check and the hand-over, for ten
minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from orders.fulfilment.models import Fulfilment

SESSION_KEY = "proof"
HOLDS_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Proof:
    """How, when, and the name of somebody the customer sent."""

    how: str
    at: datetime
    collected_by: str


def note(request: Any, fulfilment: Fulfilment, how: str, collected_by: str = "") -> None:
    """Remember the proof for this order; one at a time, because one person stands at the counter."""
    request.session[SESSION_KEY] = {
        "order": str(fulfilment.public_id),
        "how": str(how),
        "at": timezone.now().isoformat(),
        "collected_by": collected_by[:120],
    }


def of(request: Any, fulfilment: Fulfilment) -> Proof | None:
    """Return the proof for this order while it holds."""
    noted = request.session.get(SESSION_KEY)
    if not noted or noted["order"] != str(fulfilment.public_id):
        return None
    at = datetime.fromisoformat(noted["at"])
    if timezone.now() - at > HOLDS_FOR:
        return None
    return Proof(noted["how"], at, noted["collected_by"])


def forget(request: Any, fulfilment: Fulfilment) -> None:
    """The order was handed over: the proof is used."""
    request.session.pop(SESSION_KEY, None)
