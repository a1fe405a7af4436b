"""`manage.py catalogues`: bring the translations to what code and templates say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from omni import catalogues
from omni.catalogues import Language


class Command(BaseCommand):
    help = "Collect every sentence into locale/, keeping the translations, and compile them; needs no GNU gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a translation is missing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        found = catalogues.extracted()
        incomplete = 0
        for code in catalogues.languages():
            language = Language(code)
            if not check:
                language.update(found)
                language.compile()
            problems = language.problems(found)
            incomplete += len(problems)
            for problem in problems:
                self.stdout.write(f"{code}  {problem}")
            self.stdout.write(f"{code}: {len(catalogues.sentences(found))} sentences, {len(problems)} to mend")
        if check and incomplete:
            raise CommandError("Translate what is listed in locale/, then run `manage.py catalogues`.")
