"""Somebody lost their phone and their recovery codes, and there is no administrator to help them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from omni.staff.models import User
from omni.staff.services import factors


class Command(BaseCommand):
    help = "Take the second factor of a login away; where one is required, they enrol a new one at the next sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        person = User.objects.filter(login=login).first()
        if person is None:
            raise CommandError(f"There is no login {login}.")
        factors.forget(person_id=person.pk)
        self.stdout.write(f"{person.name} signs in with the password alone next time.")
