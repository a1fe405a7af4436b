"""`manage.py import completejourney`: load the published panel of a grocery chain."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from omni.demo import control
from omni.demo.columns import DamagedExtract
from omni.demo.extract import ExtractPanel
from omni.demo.importing import ImportRuns, Outcome, import_panel
from omni.demo.package import PackageMissing, PackagePanel
from omni.demo.published import Panel
from omni.demo.shifting import house_now


class Command(BaseCommand):
    help = "Load a year of The Complete Journey: stores, products, customers, orders, points, prices, stock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=["completejourney"])
        parser.add_argument("--extract", action="store_true", help="the ten busiest stores, committed with Omni")
        parser.add_argument("--shift-to-today", action="store_true", help="move all days forward by whole weeks")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            panel: Panel = ExtractPanel() if options["extract"] else PackagePanel()
            today = house_now().date() if options["shift_to_today"] else None
            self.stdout.write(_("Importing %(panel)s.") % {"panel": panel.title})
            path = settings.VAR / "import-report.csv"
            outcome = import_panel(panel, today=today, report_path=path, out=self.stdout)
        except (PackageMissing, DamagedExtract) as problem:
            raise CommandError(str(problem)) from problem
        except ImportRuns as problem:
            raise CommandError(_("Another import is running on this database; wait until it is done.")) from problem
        self.report(outcome)

    def report(self, outcome: Outcome) -> None:
        """Say what was done, what found no place, and how the totals compare. Exit 1 when they differ."""
        report = outcome.unplaced
        facts = {
            "new": f"{outcome.new_baskets:,}",
            "known": f"{outcome.known_baskets:,}",
            "weeks": outcome.weeks,
            "lines": f"{report.lines:,}",
            "path": report.path,
        }
        self.stdout.write(_("%(new)s new baskets, %(known)s were there already.") % facts)
        if outcome.weeks:
            self.stdout.write(_("All days stand %(weeks)s weeks later than published; every weekday is kept.") % facts)
        self.stdout.write(_("%(lines)s lines found no place: %(path)s") % facts)
        for reason, count in report.reasons.most_common():
            self.stdout.write(f"  {count:,} × {reason}")
        for line in control.table(outcome.found, outcome.expected):
            self.stdout.write(line)
        if not outcome.equal:
            raise CommandError(_("The totals differ from those of the source."))
        self.stdout.write(self.style.SUCCESS(_("All totals are those of the source.")))
