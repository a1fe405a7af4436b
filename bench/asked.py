"""Sourcing as its callers have it, in a process of its own: `ask()` with its SQL, warm; or the engine alone.

`python -m bench.asked < job.json` prints the latencies. Orders are of some lines, to anywhere in France, shipped and
picked up by turns; the stores are the first of a house in which an article lies in 4 to 70 % of them.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings
from django.utils import timezone

if __name__ == "__main__" and not settings.configured:
    django.setup()

from inventory.catalog.models import Variant
from inventory.places.models import Location
from inventory.sourcing import engine, queries
from inventory.sourcing.services.asking import ask
from omni.lib import reference

MOST_UNITS = 2
Question = dict[str, Any]


def questions(job: dict[str, Any]) -> Iterator[Question]:
    """Return endless questions; the same for the same seed."""
    luck = random.Random(job["seed"])
    variants = list(Variant.objects.order_by("pk").values_list("pk", flat=True))
    places = list(Location.objects.order_by("pk").values_list("pk", flat=True)[: job["stores"]])
    turn = 0
    while True:
        turn += 1
        yield {
            "wanted": {pk: luck.randint(1, MOST_UNITS) for pk in luck.sample(variants, job["lines"])},
            "way": ("ship", "pickup")[turn % 2],
            "near": (luck.uniform(43.0, 50.0), luck.uniform(-1.0, 7.0)),
            "location_ids": places,
        }


def whole(question: Question) -> float:
    """Return the seconds of the whole answer."""
    began = time.perf_counter()
    ask(**question)
    return time.perf_counter() - began


def engine_alone(question: Question) -> float:
    """Return the seconds of the engine, when everything has been read."""
    now = timezone.now()
    rules = queries.rules_for(channel="", way=question["way"], at=now)
    candidates = queries.candidates(**{key: value for key, value in question.items() if key != "wanted"},
                                    wanted=question["wanted"].keys(), at=now)  # fmt: skip
    began = time.perf_counter()
    engine.plan(question["wanted"], candidates, rules)
    return time.perf_counter() - began


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Ask for as long as the job says; `seconds` are those that were measured."""
    answer = engine_alone if job["engine"] else whole
    latencies: list[float] = []
    began = time.perf_counter() + job["warm_up"]
    for question in questions(job):
        reference.refresh_if_due()
        took = answer(question)
        now = time.perf_counter()
        if now >= began:
            latencies.append(took)
        if now >= began + job["seconds"]:
            break
    return {"latencies": latencies, "seconds": sum(latencies), "wrong": {}}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
