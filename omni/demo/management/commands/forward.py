"""`manage.py forward 2h`: move the demo's clock forward, and let happen what becomes due."""

import re
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from omni.demo.clock import services
from omni.demo.clock.words import sentence
from omni.lib.errors import Refusal

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Command(BaseCommand):
    help = "Move the demo's clock forward, as by 90s, 15m, 2h or 8d: its data grows older, what is due happens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("by", help="a number and s, m, h or d")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            done = services.forward(by=span(options["by"]))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{sentence(done)} ({time.monotonic() - began:.1f} s)")


def span(text: str) -> timedelta:
    """Return the span that was written. Refuses what is none."""
    found = re.fullmatch(r"([0-9]{1,7})([smhd])", text)
    if found is None:
        raise CommandError(_("Write a number and s, m, h or d, as 15m; not “%(text)s”.") % {"text": text})
    return timedelta(**{UNITS[found[2]]: int(found[1])})
