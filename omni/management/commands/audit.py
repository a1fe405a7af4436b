"""`manage.py audit`: add every ledger up again."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni import audit
from omni.audit import Finding


class Command(BaseCommand):
    help = "Add every ledger up again in one snapshot: one line for each invariant; exit 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        found = []
        for finding in audit.findings():
            self.tell(finding)
            found.append(finding)
        wrong = sum(not finding.ok for finding in found)
        if wrong:
            sentence = ngettext("%(count)s invariant does not hold.", "%(count)s invariants do not hold.", wrong)
            raise CommandError(sentence % {"count": wrong})
        facts = {"count": len(found), "seconds": f"{time.monotonic() - began:.1f}"}
        self.stdout.write(self.style.SUCCESS(_("All %(count)s invariants hold; added up in %(seconds)s s.") % facts))

    def tell(self, finding: Finding) -> None:
        """Print the invariant's line, and below it the first rows that differ."""
        invariant = finding.invariant
        verdict = _("OK") if finding.ok else _("DIFFERENCE")
        if finding.differing:
            verdict += " " + _("(%(count)s rows)") % {"count": f"{finding.differing:,}"}
        style = self.style.SUCCESS if not finding.differing else self.style.WARNING if finding.ok else self.style.ERROR
        self.stdout.write(f"{invariant.code:<4}{invariant.sentence!s:<84}{finding.checked:>11,}  {style(verdict)}")
        for row in finding.examples:
            self.stdout.write("      " + "  ".join(f"{name}={value}" for name, value in row.items()))
