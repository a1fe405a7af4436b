"""Guards of the code, taken down in the twin: locks, comparisons, conditions. Constraints come down in `twin`."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.stock.services import reserving, selling
from omni.lib.transitions import MovesStatus, TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.services import picking, undoing
from tests.races.crowd import at_once
from tests.races.twin import without_text

MOVE_CONDITION = """
      AND held.fulfilled + %(sign)s::int * locked.quantity BETWEEN 0 AND held.quantity - held.released"""
RELEASE_CONDITION = """
      AND held.quantity - held.fulfilled - held.released >= locked.quantity"""


def no_lock(patch: pytest.MonkeyPatch) -> None:
    """Read the order and its fulfilment, and lock nothing."""
    patch.setattr(locks, "lock_fulfilment", lambda pk: Fulfilment.objects.select_related("order").get(pk=pk))


def blind_moves(patch: pytest.MonkeyPatch) -> None:
    """Check the status that was loaded, then set the new one whatever it is by now."""

    def move_to(self: Any, status: str, **changes: Any) -> None:
        if not self.may_move_to(status):
            raise TransitionRefused("illegal from what was loaded")
        type(self)._default_manager.filter(pk=self.pk).update(status=status, **changes)
        self.status = status

    patch.setattr(MovesStatus, "move_to", move_to)


def blind_stock(patch: pytest.MonkeyPatch) -> None:
    """Sell and release whether or not the reservation still holds the units."""
    patch.setattr(selling, "MOVE", without_text(selling.MOVE, MOVE_CONDITION))
    patch.setattr(reserving, "RELEASE", without_text(reserving.RELEASE, RELEASE_CONDITION))


def blind_picks(patch: pytest.MonkeyPatch) -> None:
    """Count a piece whether or not it is still wanted."""
    lines = FulfilmentLine.objects
    blind = SimpleNamespace(
        filter=lambda pk, fulfilment, **_guards: lines.filter(pk=pk, fulfilment=fulfilment),
        select_related=lines.select_related,
    )
    patch.setattr(picking, "FulfilmentLine", SimpleNamespace(objects=blind))


def blind_undo(patch: pytest.MonkeyPatch) -> None:
    """Take a hand-over back whether or not that was done already."""

    def only_by_key(**guards: Any) -> Any:
        return HandOver.objects.filter(**({"pk": guards["pk"]} if "pk" in guards else guards))

    blind = SimpleNamespace(get=HandOver.objects.get, filter=only_by_key)
    patch.setattr(undoing, "HandOver", SimpleNamespace(objects=blind))


WALLS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "lock": no_lock,
    "status": blind_moves,
    "stock": blind_stock,
    "pieces": blind_picks,
    "undone": blind_undo,
}


def take_down(patch: pytest.MonkeyPatch, *walls: str) -> None:
    """Take the walls down for the rest of the test."""
    for wall in walls:
        WALLS[wall](patch)


class Meanwhile:
    """Somebody else's whole work at the unlucky moment: right after the first call of a function returned."""

    def __init__(self, patch: pytest.MonkeyPatch, target: Any, name: str, work: Callable[[], Any]) -> None:
        self.outcome: Any = None
        function, self._came = getattr(target, name), False

        def interrupted(*args: Any, **kwargs: Any) -> Any:
            found = function(*args, **kwargs)
            if not self._came:
                self._came = True
                self.outcome = at_once([work])[0]
            return found

        patch.setattr(target, name, interrupted)
