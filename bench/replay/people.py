"""Who acts: the web shop that orders, the clerks who prepare and hand over, the customers with their phones."""

import json
import queue
import random
import re
from collections.abc import Iterable
from typing import Any

from bench.replay.browser import Browser, rows_to_prepare
from bench.replay.figures import BY_ITSELF
from bench.replay.house import page_of
from bench.replay.plan import Errand
from bench.replay.story import Day
from bench.replay.world import SHOP, Bag, World
from omni.demo import wishes

WALK, PIECE, COUNTER = 60.0, 15.0, 60.0
"""Seconds of work: to the shelves and back, for each piece, for a customer at the counter."""
POLL = 60.0
"""A tablet asks whether its queue has changed: every three seconds of the wall, at twenty times."""
FRAGMENT = {"HX_Request": "true"}


def order(errand: Errand, shop: Browser, world: World) -> Bag | None:
    """Place the errand's order as a web shop does: with the house's total when it names another one, at the nearest
    store when the wished one is short. None when it is refused."""
    body = wishes.order(errand.wish, reference=errand.reference, kind="pickup", dice=random.Random(errand.reference))
    answer, told = _post(shop, body, errand.reference)
    if told.get("code") == "price_differs":
        body = wishes.corrected(body, told["total"])
        answer, told = _post(shop, body, f"{errand.reference}-total")
    nearest = told.get("nearest_store") or {}
    if told.get("code") == "short_stock" and nearest.get("has_whole_order"):
        body = {**body, "fulfilment": {**body["fulfilment"], "store": nearest["store"]}}
        answer, told = _post(shop, body, f"{errand.reference}-nearest")
    if answer != 201:
        world.say(f"order refused: {told.get('code', answer)}")
        return None
    way = told["fulfilments"][0]
    lines = [(line["sku"], line["quantity"]) for line in body["lines"]]
    bag = Bag(errand, told["number"], way["store"], way["short_id"], lines, page_of(told["number"]))
    world.placed(bag)
    return bag


def _post(shop: Browser, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    answer = shop.send("/api/v1/orders/", json.dumps(body), SHOP, Idempotency_Key=key)
    return answer.status, json.loads(answer.text or "{}")


class Clerk:
    """One person of a store, until the day is over: customers first, then the most urgent order."""

    def __init__(
        self, store: str, browser: Browser, day: Day, world: World, hold_places: Iterable[int], seed: str
    ) -> None:
        self.store, self.browser, self.day, self.world = store, browser, day, world
        self.hold_places, self.dice = list(hold_places), random.Random(seed)
        self.version = self.seen = ""

    def work(self) -> None:
        """Work until the day is over. Whatever goes wrong is counted, and the clerk goes on."""
        while not self.world.over.is_set():
            try:
                if not (self.serve() or self.prepare()):
                    self.day.sleep(POLL * self.dice.uniform(0.7, 1.3))
            except Exception as error:  # whose tablet fails goes on with the next thing
                self.world.say(f"clerk: {type(error).__name__}: {str(error)[:120]}")
                self.day.sleep(POLL)

    def prepare(self) -> bool:
        """Look at Today and prepare the first order that nobody has in hand; False when there is none."""
        for short_id, public_id in rows_to_prepare(self._today()):
            bag = self.world.bag(self.store, short_id)
            if bag and self.world.take(public_id):
                bag.public_id = public_id
                self.version = ""
                self._pick(bag)
                return True
        return False

    def _today(self) -> str:
        """Return the queue: the page when the clerk comes back to it, else what the tablet asks by itself while it lies
        there, which is nothing as long as nothing changed."""
        if not self.version:
            self.seen = self.browser.get("/today/", "open Today").text
        else:
            asked = self.browser.get(f"/today/?version={self.version}", BY_ITSELF, X_Omni_Poll="1", **FRAGMENT)
            self.seen = asked.text if asked.status == 200 else self.seen
        found = re.search(r'data-version="([^"]+)"', self.seen)
        self.version = found[1] if found else ""
        return self.seen

    def _pick(self, bag: Bag) -> None:
        address = f"/pickups/{bag.public_id}"
        if self.browser.post(f"{address}/picking/", "take an order").status != 200:
            return
        self.day.sleep(WALK)
        missing = self._missing(bag)
        for position, (sku, quantity) in enumerate(bag.lines, start=1):
            for _piece in range(quantity - (position == missing)):
                self.day.sleep(PIECE)
                self.browser.post(f"{address}/picking/scans/", "scan a piece", {"code": sku}, **FRAGMENT)
            if position == missing:
                said = {"reason": "not_found", "quantity": 1, "instead": "", "note": ""}
                self.browser.get(f"{address}/lines/{position}/short/", "open a missing piece")
                self.browser.post(f"{address}/lines/{position}/short/", "report a missing piece", said)
        if missing and sum(quantity for _sku, quantity in bag.lines) == 1:
            self.browser.post(f"{address}/cancellation/", "cancel, nothing found")
            return
        self.browser.post(f"{address}/ready/", "declare ready", {"hold_place": self.dice.choice(self.hold_places)})

    def _missing(self, bag: Bag) -> int:
        """Return the line of which a piece is not there; 0 for none."""
        return random.Random(bag.number).randint(1, len(bag.lines)) if bag.errand.misses_one else 0

    def _pieces(self, bag: Bag) -> int:
        """Return how many pieces are in the bag."""
        return sum(quantity for _sku, quantity in bag.lines) - bool(self._missing(bag))

    def serve(self) -> bool:
        """Hand over to whoever stands at the counter; False when nobody does."""
        try:
            bag = self.world.counters[self.store].get_nowait()
        except queue.Empty:
            return False
        self.version = ""
        address = f"/pickups/{bag.public_id}/hand-over"
        if bag.errand.types_code:
            self.browser.get(f"{address}/", "open the hand-over")
            page = self.browser.post(f"{address}/code/", "check a typed code", {"code": bag.code})
        else:
            page = self.browser.post("/scan/", "scan a pickup code", {"code": bag.qr})
        self.day.sleep(COUNTER)
        fields: dict[str, object] = {"tender": "card_terminal" if 'name="tender"' in page.text else ""}
        if bag.errand.refuses_one and self._pieces(bag) == 1:
            self.browser.post(f"{address}/refusal/", "want none of it")
            return True
        if bag.errand.refuses_one and "1-refused" in page.text:
            fields["1-refused"] = 1
        done = self.browser.post(f"{address}/", "hand over", fields)
        if not done.path.endswith("/handed-over/"):
            said = re.search(r'role="alert">.*?class="medium">([^<]*)', done.text, re.DOTALL)
            self.world.say(f"hand-over refused: {done.status}, {said[1] if said else done.path.split('/')[-2]}")
        return True


def cancel(bag: Bag, phone: Browser, world: World) -> None:
    """Cancel on the customer's own page."""
    page = phone.get(bag.customer_path, "open one's own page")
    found = re.search(r"/o/[^/]+/([0-9a-f-]{36})/cancellation/", page.text)
    if found:
        phone.post(f"{bag.customer_path}{found[1]}/cancellation/", "cancel on one's page")
    else:
        world.say("a customer found nothing to cancel any more")


def arrive(bag: Bag, phone: Browser, world: World) -> None:
    """Stand at the counter; who comes early says so on the phone."""
    if bag.errand.is_early:
        phone.post(f"{bag.customer_path}{bag.public_id}/here/", "say one is here", {"spot": "counter"})
    world.counters[bag.store].put(bag)
