"""`manage.py engage`: the first person of a house, who engages all others on the screens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omni.lib.errors import Refusal
from omni.staff.models import StoreAccess
from omni.staff.services.administering import FIRST_PASSWORD_HOLDS, new_first_password
from omni.staff.services.people import ROLES, engage


class Command(BaseCommand):
    help = "Engage somebody and print a first password: for the first administrator, or when nobody can come in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--name", default="", help="the person's name; the login when it is left out")
        parser.add_argument("--role", choices=sorted(ROLES), default="administrator")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")
        parser.add_argument("--every-store", action="store_true", help="give the person every store there is")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        password = new_first_password()
        try:
            person = engage(
                login=options["login"],
                name=options["name"] or options["login"],
                password=password,
                role=options["role"],
                language=options["language"],
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        person.first_password_until = timezone.now() + FIRST_PASSWORD_HOLDS
        person.save(update_fields=["first_password_until"])
        if options["every_store"]:
            stores: Any = StoreAccess._meta.get_field("location").related_model
            StoreAccess.objects.bulk_create(StoreAccess(user=person, location=one) for one in stores.objects.all())
        facts = {"login": person.login, "password": password, "hours": FIRST_PASSWORD_HOLDS.days * 24}
        self.stdout.write(_("Login %(login)s, first password %(password)s (%(hours)s hours, once).") % facts)
