"""`manage.py traffic`: orders of today, made up from the published panel, posted through the REST API."""

import os
import random
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from omni.demo import facts
from omni.demo.shifting import house_now
from omni.demo.traffic import Call, KeyRefused, Shop, calls, place
from omni.demo.wishes import wishes_of_weekday

DEFAULT_RATE = "3"
MOST_PER_MINUTE = 600.0
FACTS_PAUSE = 5.0


class Command(BaseCommand):
    help = "Post orders of made-up customers to the demo. They carry an external reference that begins with “traffic-”."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rate", help="orders a minute, 0 for none; default: TRAFFIC of the environment, else 3")
        parser.add_argument("--orders", type=int, help="stop after so many orders")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = options["rate"]
        rate = chosen_rate(os.environ.get("TRAFFIC") or DEFAULT_RATE if asked is None else str(asked))
        if not rate:
            self.stdout.write(_("Traffic is switched off."))
            return
        try:
            self.post(rate, options["orders"])
        except KeyboardInterrupt:
            self.stdout.write(_("Traffic stops."))

    def post(self, rate: float, most: int | None) -> None:
        shop = self.opened_shop()
        for call in islice(_calls(rate), most):
            time.sleep(call.wait)
            try:
                self.say(place(shop, call))
            except KeyRefused:
                self.say(_("The key is refused; waiting for another in demo.json."))
                time.sleep(FACTS_PAUSE)
                shop = self.opened_shop()

    def opened_shop(self) -> Shop:
        """The shop that demo.json names; waits until it is written."""
        while not {"base_url", "api_key"} <= facts.read().keys():
            self.say(_("Waiting for %(path)s.") % {"path": facts.path()})
            time.sleep(FACTS_PAUSE)
        known = facts.read()
        return Shop(base_url=known["base_url"], api_key=known["api_key"])

    def say(self, sentence: str) -> None:
        self.stdout.write(f"{house_now():%H:%M:%S} {sentence}")
        self.stdout.flush()


def chosen_rate(text: str) -> float:
    """Orders a minute. Refuses what is no number from 0 to 600."""
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= MOST_PER_MINUTE:
        sentence = _("The rate is orders a minute, from 0 to %(most)s, not “%(text)s”.")
        raise CommandError(sentence % {"most": int(MOST_PER_MINUTE), "text": text})
    return rate


def _calls(rate: float) -> Iterator[Call]:
    """The calls of today, and after midnight those of the next day: every weekday has its own baskets."""
    dice = random.SystemRandom()
    clerk_store = facts.read().get("clerk_store", "")
    while True:
        today = house_now().date()
        found = wishes_of_weekday(today.weekday())
        for call in calls(found, rate=rate, clerk_store=clerk_store, dice=dice, stamp=_stamp):
            yield call
            if house_now().date() != today:
                break


def _stamp() -> str:
    return f"{house_now():%Y%m%d-%H%M%S}"
