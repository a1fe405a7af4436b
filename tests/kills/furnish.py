"""Run by the kill tests in a process of its own: tables, a furnished house, people, and the web shop's key as JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from omni.staff.permissions import INTEGRATOR  # noqa: E402
from omni.staff.services import keys, people  # noqa: E402
from tests.house import furnish  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    house = furnish(units=1_000_000)
    lille = [house.lille.pk]
    clerk = people.engage(login="clerk", name="Clara Clerk", password=None, role="clerk", store_ids=lille)
    shop = people.engage(login="shop", name="Web shop", password=None, role="integrator", store_ids=lille)
    token = keys.issue(owner=shop, name="Web shop", channel="web", scopes=INTEGRATOR)[1]
    json.dump({"token": token, "clerk": clerk.pk, "skus": house.skus}, sys.stdout)


main()
