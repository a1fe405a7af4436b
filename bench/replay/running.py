"""The replay from end to end: a real house, the day, its evening, and whether it ended as promised."""

import heapq
import itertools
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from bench import report, serving
from bench.replay import drawing, figures, house, people
from bench.replay.browser import Browser, Timed
from bench.replay.figures import Findings, Sample
from bench.replay.plan import HOURS, Fate, Plan, of_panel
from bench.replay.story import TICK, Day
from bench.replay.world import Bag, World
from omni import audit
from omni.demo.extract import ExtractPanel
from omni.lib import sql
from omni.local import folders, preflight
from omni.local.programs import programs

SPEED = float(os.environ.get("REPLAY_SPEED") or 20)
FOLD = int(os.environ.get("REPLAY_FOLD") or 1)
LENGTH = float(os.environ.get("REPLAY_HOURS") or HOURS)
LOOK, SAMPLE, SAY = 1.0, 4.0, 20.0
"""Seconds of the wall between looks at the letters, samples of the queues, and words on the terminal."""
PATIENCE = 180.0
NIGHT, KEPT_DAYS = timedelta(hours=11), 9
MORNING = 2400.0
"""Seconds of the next morning, at most, within which everybody comes who did not come on the day."""


def main() -> int:
    """Replay the day; print a table, write `var/replay.json` and `var/replay.svg`. 1 when it is not as promised."""
    plan = of_panel(ExtractPanel(), hours=LENGTH, fold=FOLD)
    hours = f"{plan.seconds / 3600:g} h from {plan.begins}"
    print(f"{plan.day}: {len(plan.errands)} baskets in {hours}, {plan.left_out} left out")
    stores = house.open_stores()
    cookies = {
        store.code: [house.clerk_session(store, number + 1) for number in range(house.CLERKS)] for store in stores
    }
    spots = {store.code: house.hold_places(store) for store in stores}
    key = house.web_shop_key()
    sql.run("ANALYZE")
    with _running_house() as port:
        replay = Replay(plan, port, key)
        replay.staff(cookies, spots)
        replay.live()
        found = replay.findings()
    return _report(found, plan)


@contextmanager
def _running_house() -> Iterator[int]:
    port = preflight.free_port()
    surroundings = serving.environment("bench.replay.settings")
    with serving.running(programs(folders.BENCH, surroundings, port=port, with_traffic=False), port):
        yield port


class Replay:
    """One replay: the day, the world around the house, and everybody in it."""

    def __init__(self, plan: Plan, port: int, key: str) -> None:
        self.plan, self.port, self.key = plan, port, key
        self.day, self.world = Day(SPEED, house.grow_older), World()
        self.threads: list[threading.Thread] = []
        self.due: list[tuple[float, int, Callable[[], None]]] = []
        self.turn = itertools.count()
        self.samples: list[Sample] = []
        self.told: set[int] = set()
        self.all_placed = threading.Event()
        self.load_before = report.load()
        self.end_of_day = plan.seconds

    def browser(self, **more: object) -> Browser:
        """Return a browser that passes the gate and whose actions are noted."""
        return Browser(self.port, self.day.gate, self._note, **more)  # type: ignore[arg-type]

    def _note(self, timed: Timed) -> None:
        self.world.note(self.day.now(), timed)

    def staff(self, cookies: dict[str, list[dict[str, str]]], spots: dict[str, list[int]]) -> None:
        """Let everybody be there: clerks have opened Today before the day begins."""
        for store, each in cookies.items():
            for number, cookie in enumerate(each):
                tablet = self.browser(cookies=dict(cookie))
                for _turn in range(3):
                    answer = tablet.get("/today/")
                    if answer.status != 200 or "queue" not in answer.text:
                        raise RuntimeError(f"a clerk of {store} does not see Today: {answer.status} {answer.path}")
                clerk = people.Clerk(store, tablet, self.day, self.world, spots[store], f"{store}-{number}")
                self._thread(clerk.work)
        self._thread(self._shop)
        self._thread(self._phones)

    def _thread(self, work: Callable[[], None]) -> None:
        self.threads.append(threading.Thread(target=work, daemon=True))

    def _shop(self) -> None:
        shop = self.browser(bearer=self.key)
        for errand in self.plan.errands:
            self.day.sleep(errand.at - self.day.now())
            try:
                bag = people.order(errand, shop, self.world)
            except Exception as error:  # what is lost is counted, the day goes on
                self.world.say(f"shop: {type(error).__name__}")
                continue
            if bag and errand.fate is Fate.CANCELS:
                self._later(errand.after, lambda bag=bag: people.cancel(bag, self.phone, self.world))  # type: ignore[misc]
        self.all_placed.set()

    def _later(self, after: float, work: Callable[[], None]) -> None:
        with self.world.lock:
            heapq.heappush(self.due, (self.day.now() + after, next(self.turn), work))

    def _phones(self) -> None:
        self.phone = self.browser()
        while not self.world.over.is_set():
            work = None
            with self.world.lock:
                if self.due and self.due[0][0] <= self.day.now():
                    work = heapq.heappop(self.due)[2]
            if work is None:
                time.sleep(0.05)
                continue
            try:
                work()
            except Exception as error:  # as in the shop: counted, and the next one calls
                self.world.say(f"phone: {type(error).__name__}")

    def live(self) -> None:
        """Live through the day, the next morning, and the days for which pickups are kept."""
        self.day.begin()
        for thread in self.threads:
            thread.start()
        self._until(lambda: self.day.now() >= self.plan.seconds and self.all_placed.is_set())
        self._until(lambda: not any(one.to_prepare for one in house.queues(0)))
        self.end_of_day = self.day.now()
        self._until(lambda: not house.unhandled() and not house.unsent())
        self._morning()
        self._until(lambda: not self._are_expected() and all(one.empty() for one in self.world.counters.values()))
        self.day.sleep(people.COUNTER * 3)
        self.world.over.set()
        for thread in self.threads:
            thread.join(timeout=30)
        self._expire()

    def _are_expected(self) -> bool:
        with self.world.lock:
            return bool(self.due)

    def _morning(self) -> None:
        """Let the night pass; whoever is still to come comes in the morning's first hour."""
        self._letters()
        self.day.forward(NIGHT)
        with self.world.lock:
            now = self.day.now()
            morning = min(MORNING, 60.0 * len(self.due))
            late = [(now + morning * number / (len(self.due) + 1), turn, work)
                    for number, (_at, turn, work) in enumerate(sorted(self.due), start=1)]  # fmt: skip
            self.due[:] = late

    def _expire(self) -> None:
        """Day after day, until the worker has given up the last pickup that nobody came for."""
        for _day in range(KEPT_DAYS):
            self.day.forward(timedelta(days=1))
            self._wait(lambda: not house.overdue())
        self._wait(lambda: not house.unhandled())

    def _wait(self, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_done() and time.monotonic() < deadline:
            time.sleep(0.3)

    def _until(self, is_done: Callable[[], bool]) -> None:
        """Keep the house's time, look at the letters, sample the queues and say where the day is, until it is done."""
        next_tick = next_sample = next_word = time.monotonic()
        deadline = time.monotonic() + self.plan.seconds / SPEED + PATIENCE
        while not is_done() and time.monotonic() < deadline:
            now = time.monotonic()
            if now >= next_tick:
                self.day.catch_up()
                next_tick = now + TICK
            self._letters()
            if now >= next_sample:
                self.samples += house.queues(self.day.now())
                next_sample = now + SAMPLE
            if now >= next_word:
                self._say()
                next_word = now + SAY
            time.sleep(LOOK)

    def _letters(self) -> None:
        for letter in house.letters():
            if letter["letter"] in self.told:
                continue
            self.told.add(letter["letter"])
            bag = self.world.bag(letter["store"], letter["short_id"])
            if bag:
                bag.public_id, bag.code, bag.qr = letter["public_id"], letter["code"], letter["qr"]
                if bag.errand.fate is Fate.COMES:
                    self._later(bag.errand.after, self._arrival(bag))

    def _arrival(self, bag: Bag) -> Callable[[], None]:
        return lambda: people.arrive(bag, self.phone, self.world)

    def _say(self) -> None:
        clock = timedelta(seconds=int(self.plan.begins.total_seconds() + self.day.now()))
        ends = ", ".join(f"{count} {status}" for status, count in sorted(house.ends().items()))
        print(f"  {clock}  {len(self.world.bags)} placed: {ends}", file=sys.stderr, flush=True)

    def findings(self) -> Findings:
        """Add everything up."""
        timed = [one for _at, one in self.world.timed]
        moves = sorted(self.day.moves)
        return Findings(
            ends=house.ends(),
            differences=[f"{one.invariant.code}: {one.examples[:1]}" for one in audit.differences()],
            actions=figures.actions(timed),
            clerks=figures.of_clerks(timed),
            kept=house.promises(),
            samples=[one for one in self.samples if one.at <= self.end_of_day],
            wrong=dict(self.world.wrong),
            otherwise=dict(self.world.refused),
            circumstances={
                "day": str(self.plan.day), "begins": str(self.plan.begins), "hours": self.plan.seconds / 3600,
                "end_of_day": round(self.end_of_day, 1),
                "baskets": len(self.plan.errands), "left_out": self.plan.left_out, "speed": SPEED, "fold": FOLD,
                "placed": len(self.world.bags), "clerks_per_store": house.CLERKS,
                "moves": len(moves), "move_ms_median": round(moves[len(moves) // 2], 1) if moves else None,
                "move_ms_worst": round(moves[-1], 1) if moves else None,
                "load_before": self.load_before, "load_after": report.load(), "python": platform.python_version(),
                "postgresql": sql.row("SHOW server_version").server_version,
            },
        )  # fmt: skip


def _report(found: Findings, plan: Plan) -> int:
    folder = folders.make(folders.VAR)
    (folder / "replay.json").write_text(json.dumps(found.as_json(), indent=2) + "\n", encoding="utf-8")
    title = f"{plan.day:%A %d %B %Y} of The Complete Journey as pickups, {SPEED:g} times as fast"
    last = found.circumstances["end_of_day"]
    picture = drawing.plot(found, title=title, begins=plan.begins, seconds=last)
    (folder / "replay.svg").write_text(picture, encoding="utf-8")
    short = figures.shortfalls(found)
    print(f"\n{figures.table(found.actions)}\n\n{drawing.summary(found)}")
    if found.clerks:
        print(f"all that clerks did: {found.clerks}")
    print(json.dumps(found.circumstances, indent=1))
    for what, count in found.otherwise.items():
        print(f"  otherwise than planned: {what}, {count} times")
    print("\n".join(f"NOT AS PROMISED: {one}" for one in short) or "As promised.")
    print(f"{folder / 'replay.json'}\n{folder / 'replay.svg'}")
    return 1 if short else 0
