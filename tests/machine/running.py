"""Running the machine: lives by the batch, each batch with a seed of its own."""

import os
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.driver import AREAS, Machine
from tests.machine.world import World

SEED = int(os.environ.get("OMNI_MACHINE_SEED", "20261122"))
LIVES = 16
"""Lives of one batch: what Hypothesis remembers of lives is forgotten after it."""
STEPS = int(os.environ.get("OMNI_MACHINE_STEPS", "100"))
SHRINK = bool(os.environ.get("OMNI_MACHINE_SHRINK", ""))
"""`OMNI_MACHINE_SHRINK=1` spends minutes on making a failure short."""


def plan(lives: int, steps: int) -> settings:
    return settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if SHRINK else [Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


def live(world: World, batch: int, *, lives: int = LIVES, steps: int = STEPS, areas: tuple[str, ...] = AREAS) -> None:
    """Live so many lives about some areas; the same for the same batch. Raises what the machine found."""
    machine = seed(batch)(type("Machine", (Machine,), {"world": world, "areas": areas}))
    try:
        run_state_machine_as_test(machine, settings=plan(lives, steps))
    except BaseException as failure:
        failure.add_note(f"Again: OMNI_MACHINE_SEED={batch}, or SOAK_SEED={batch} make soak.")
        raise


def live_until(world: World, wishes: int, *, first: int, after: Callable[[int], None] = lambda _next: None) -> int:
    """Live batch after batch until so many wishes were asked; `after` is told each time which batch is next. Return
    that of the end."""
    batch = first
    while world.tally.wishes < wishes:
        live(world, batch)
        batch += 1
        after(batch)
    return batch
