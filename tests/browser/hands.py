"""Hands that are counted: a tap or click is one, a scan is one, a key that means something is one; typing is not."""

from dataclasses import dataclass
from typing import Any

from tests.browser.visit import Visit


@dataclass(frozen=True)
class Count:
    """How often somebody touched, scanned, pressed a key."""

    taps: int = 0
    scans: int = 0
    keys: int = 0


class Hands:
    """One person's hands on one browser. `begin` a task, do it, and `done` says whether it kept to its target."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.count = Count()
        self.missed: list[str] = []

    def begin(self, address: str) -> None:
        """Begin a task on a page; what it took to get there belongs to another task."""
        self.visit.open(address)
        self.count = Count()

    def tap(self, selector: str) -> None:
        """One tap, on something that is in view or comes into it."""
        self.count = Count(self.count.taps + 1, self.count.scans, self.count.keys)
        self.page.locator(selector).locator("visible=true").first.click()

    def scan(self, code: str) -> None:
        """One scan, heard wherever the focus is."""
        self.count = Count(self.count.taps, self.count.scans + 1, self.count.keys)
        self.visit.scan(code)

    def key(self, key: str) -> None:
        """One key that means something. Letters wait until it is clear that nobody scans."""
        self.count = Count(self.count.taps, self.count.scans, self.count.keys + 1)
        self.page.wait_for_timeout(180)
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Typing, which is not counted."""
        self.page.keyboard.type(words)

    def done(self, task: str, target: Count, seen: str = "") -> None:
        """The task is done when `seen` is in view; it took no more than its target."""
        if seen:
            self.page.wait_for_selector(seen)
        over = [
            f"{have} {what}, not {most}"
            for what, have, most in (
                ("taps", self.count.taps, target.taps),
                ("scans", self.count.scans, target.scans),
                ("keys", self.count.keys, target.keys),
            )
            if have > most
        ]
        self.missed += [f"{task} ({self.visit.name}): {', '.join(over)}"] if over else []

    def tried(self, task: str, work: Any) -> None:
        """Do a task; one that cannot be done is told with the rest."""
        try:
            work()
        except Exception as failure:
            first = str(failure).strip().splitlines()[0]
            self.missed.append(f"{task} ({self.visit.name}): {type(failure).__name__}: {first} at {self.page.url}")

    def finish(self) -> None:
        """Close, and say what took too long or went wrong."""
        self.visit.listen()
        self.visit.context.close()
        assert not self.missed, "\n".join(self.missed)
        assert not self.visit.errors, "\n".join(self.visit.errors)
