"""`manage.py import_catalogue FILE --by LOGIN [--apply]`: what the screens do with a file, for a machine."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from inventory.catalog import columns, import_queries, import_words
from inventory.catalog.csv_files import ENCODINGS
from inventory.catalog.models import CatalogueImport
from inventory.catalog.services.applying import apply
from inventory.catalog.services.checking import check
from inventory.catalog.services.receiving import receive
from omni.lib.errors import Refusal
from omni.staff.access import actor_of
from omni.staff.models import User

SHOWN = 50


class Command(BaseCommand):
    help = "Read a catalogue file and say what it would change; change it only with --apply."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--by", required=True, help="the login of the person in whose name it is done")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")
        parser.add_argument(
            "--mapping", action="append", default=[], metavar="HEADER=FIELD",
            help="what a column is: " + ", ".join(one for one in columns.FIELDS) + "; guessed by its header otherwise",
        )  # fmt: skip
        parser.add_argument("--apply", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and apply when asked. Ends with an error, and nothing changed, when a single row is refused."""
        person = User.objects.filter(login=options["by"], is_active=True).first()
        if person is None:
            raise CommandError(_("There is nobody with the login “%(login)s”.") % {"login": options["by"]})
        try:
            with Path(options["file"]).open("rb") as file:
                found = self._checked(file, person, options)
            if options["apply"]:
                apply(actor=actor_of(person), import_id=found.pk)
        except (Refusal, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        counts = {"new": found.new, "changed": found.changed, "unchanged": found.unchanged}
        self.stdout.write(_("%(new)s rows new, %(changed)s changed, %(unchanged)s unchanged.") % counts)
        if not options["apply"]:
            self.stdout.write(_("Nothing was changed. Add --apply to do it."))

    def _checked(self, file: Any, person: User, options: Any) -> CatalogueImport:
        actor, name = actor_of(person), Path(options["file"]).name
        with transaction.atomic():
            found = receive(actor=actor, file=file, name=name, encoding=options["encoding"])
            if found.status == CatalogueImport.Status.UPLOADED:
                mapping = self._mapping(found, options["mapping"])
                found = check(actor=actor, import_id=found.pk, mapping=mapping)
        if found.status == CatalogueImport.Status.REFUSED:
            for one in import_queries.problems(found, limit=SHOWN):
                where = " ".join(part for part in (str(one.row), one.column) if part)
                self.stderr.write(f"{where}: {import_words.sentence(one.code, one.value)} {one.value}".rstrip())
            raise CommandError(_("%(number)s rows are refused. Nothing was changed.") % {"number": found.wrong})
        return found

    def _mapping(self, found: CatalogueImport, given: list[str]) -> dict[str, str]:
        mapping = dict(found.mapping)
        for one in given:
            header, _equals, field = one.partition("=")
            if header not in found.header:
                raise CommandError(_("There is no column “%(name)s”.") % {"name": header})
            mapping[str(found.header.index(header))] = field
        return {position: field for position, field in mapping.items() if field}
