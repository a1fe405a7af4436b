"""Asking both: every wish goes to the model and to the house, and both must answer alike."""

import os
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from hypothesis import note

from inventory.stock.models import StockLevel
from inventory.stock.services.opening import open_stock
from loyalty.models import Programme
from omni import audit
from omni.lib import reference
from tests.machine import state
from tests.machine.asking_orders import AskingOrders
from tests.machine.asking_parcels import AskingParcels
from tests.machine.asking_sent import AskingSent
from tests.machine.asking_shelves import AskingShelves
from tests.machine.asking_visits import AskingVisits
from tests.machine.model import House
from tests.machine.world import CUSTOMERS, World, outcome_of

COMPARE_EVERY = int(os.environ.get("OMNI_MACHINE_COMPARE_EVERY", "4"))
"""The whole state is compared after every so many wishes, and always at the end of a life."""


class Asking(AskingOrders, AskingShelves, AskingParcels, AskingSent, AskingVisits):
    """One life of the house. Everything it writes is taken back at its end, so that lives do not meet."""

    world: World
    begin_questions: Callable[[], None]

    def begin_life(self) -> None:
        self._life = transaction.atomic()
        self._life._from_testcase = True  # as of Django's own tests: what must be outermost is, for all it knows
        self._life.__enter__()
        self.house = House([], [], 0)
        self.begin_shelves()
        self.begin_parcels()
        self.begin_orders()
        self.begin_questions()
        self.begin_sent()
        self.begin_visits()
        self.differs = False
        self.asked = 0
        self.world.tally.lives += 1

    def end_life(self) -> None:
        """Compare once more, check what waits for the commit, add every ledger up; then take everything back."""
        try:
            if not self.differs:
                self.compare()
                connection.check_constraints()
                untrue = audit.differences()
                assert untrue == [], f"{untrue}"
        finally:
            transaction.set_rollback(True)
            self._life.__exit__(None, None, None)

    def open_house(self, stock: list[int], safety: int, posts_after_days: int) -> None:
        """Open the levels (−1: the store does not carry the article) and set the programme's rule."""
        self.house = House(self.world.articles, list(self.world.stores), posts_after_days)
        rows = []
        pairs = [(store, sku) for store in self.world.stores for sku in self.world.skus]
        for (store, sku), units in zip(pairs, stock, strict=True):
            if units >= 0:
                self.house.open_level(store, sku, units, safety)
                rows.append((self.world.stores[store].pk, self.world.variants[sku], units))
        open_stock(rows=rows)
        StockLevel.objects.filter(variant__in=self.world.variants.values()).update(safety_stock=safety)
        Programme.objects.update(posts_after_days=posts_after_days)
        reference.forget()

    def ask(self, name: str, about: str, wanted: Callable[[], Any], real: Callable[[], Any]) -> Any:
        """Ask the model, then the house; both must grant, or refuse with the same code and leave all as it was.

        Return what the model and the house gave, or None when they refused. `about` is for the reader of a failure.
        """
        self.differs = True
        (code, expected), (said, found) = outcome_of(wanted), outcome_of(real)
        note(f"{name} {about}: {said or 'yes'}")
        assert said == code, f"{name}: the house says {said or 'yes'}, the model {code or 'yes'}"
        if code == "short_stock":
            assert found == self.world.keys_of(expected)
        self.differs = False
        tally = self.world.tally
        (tally.refused if code else tally.granted)[code or name] += 1
        self.asked += 1  # of this life: a life that is lived again must fail at the same wish
        if self.asked % COMPARE_EVERY == 0:
            self.compare()
        return None if code else (expected, found)

    def compare(self) -> None:
        """Hold the whole state of the database to the model's."""
        self.differs = True
        found = state.of_database(skus=self.world.skus, customers=CUSTOMERS)
        wanted = state.of_model(self.house)
        assert found == wanted, "\n".join(state.differing(found, wanted))
        self.differs = False
