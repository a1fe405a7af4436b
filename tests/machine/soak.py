"""`make soak`: the machine for as many wishes as one likes, outside of the suite. Wants the servers of the tests.

SOAK_OPERATIONS (1,000,000) wishes from batch SOAK_SEED on; the line of progress says how to go on from where it is.
"""

import os
import resource
import sys
import time

import pytest

from tests.machine.running import SEED, live_until

OPERATIONS = int(os.environ.get("SOAK_OPERATIONS", "1000000"))
FIRST = int(os.environ.get("SOAK_SEED", str(SEED)))
SECONDS_BETWEEN_LINES = 10.0

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_house_does_what_its_model_says_for_long(world, capsys):
    began = told = time.monotonic()

    def say(line: str) -> None:
        with capsys.disabled():
            print(line, file=sys.stderr, flush=True)

    def after(batch: int) -> None:
        nonlocal told
        if time.monotonic() - told >= SECONDS_BETWEEN_LINES or world.tally.wishes >= OPERATIONS:
            told = time.monotonic()
            say(progress(world.tally.wishes, world.tally.lives, told - began, batch))

    say(f"\nsoak: {OPERATIONS:,} wishes, SOAK_SEED={FIRST}")
    live_until(world, OPERATIONS, first=FIRST, after=after)
    say(f"soak: {world.tally}")
    assert world.tally.wishes >= OPERATIONS


def progress(done: int, lives: int, seconds: float, batch: int) -> str:
    """Say how far it is, how fast, how much memory it takes, and how to go on from here."""
    left = max(0, OPERATIONS - done)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"soak: {done:,} of {OPERATIONS:,} wishes in {lives:,} lives, {done / seconds:,.0f}/s, "
        f"{left / done * seconds:,.0f} s to go, {megabytes} MB at most "
        f"(goes on with SOAK_SEED={batch} SOAK_OPERATIONS={left})"
    )
