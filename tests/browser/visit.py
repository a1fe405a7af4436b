"""Somebody who is signed in already and opens page after page; what the browser refused, ran or told is kept."""

import json
import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.walk import Walk
from tests.canaries.bodies import settled, text
from tests.canaries.test_foreign import screens
from tests.permissions import routes
from tests.permissions.things import Things
from tests.permissions.world import Caller

TABLET = (1280, 800)
PORTRAIT = (800, 1280)
DESK = (1440, 900)
SHELLS = {"clerk": TABLET, "agent": DESK, "manager": DESK, "administrator": DESK, "integrator": DESK}
"""Every role on the machine it works at."""

LISTEN = """
window.__told = [];
window.xss = (which) => window.__told.push(`xss ${which} ran`);
document.addEventListener("securitypolicyviolation", (event) =>
  window.__told.push(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
EXAMINE = "axe.run(document, %s).then(({violations}) => violations)"
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


class Visit(Walk):
    """A browser of one person, with an ear for the content policy and for poison that runs."""

    def __init__(self, chromium: Any, base_url: str, caller: Caller, who: str, **options: Any) -> None:
        width, height = options.pop("size", None) or SHELLS.get(who, DESK)
        options.setdefault("language", "en-GB")
        super().__init__(chromium, base_url, width, height, **options)
        self.who = who
        self.context.add_init_script(LISTEN)
        self.page.on("dialog", lambda dialog: self._dialog(dialog))
        self.context.add_cookies(
            [{"name": name, "value": one.value, "url": base_url} for name, one in caller.client.cookies.items()]
        )

    def _dialog(self, dialog: Any) -> None:
        self.errors.append(f"{self.page.url}: a dialog said {dialog.message}")
        dialog.dismiss()

    def open(self, address: str) -> None:
        """Open a page; what its reading set off is in `errors`."""
        self.page.goto(self.base_url + address, wait_until="load")

    def listen(self) -> None:
        """Keep what the page was told by the content policy, and what poison ran."""
        self.errors += [f"{self.page.url}: {one}" for one in self.page.evaluate("window.__told ?? []")]

    def examine(self, where: str, *, in_the_dark: bool = True) -> None:
        """Run axe in the light, all of it, and in the dark for what the dark changes: the colours."""
        self.page.evaluate(AXE_SCRIPT)
        self._axe(where, EVERYTHING)
        if not in_the_dark:
            return
        self.page.evaluate("document.documentElement.dataset.theme = 'dark'")
        self._axe(f"{where} in the dark", COLOURS)

    def _axe(self, where: str, options: dict[str, Any]) -> None:
        for found in self.page.evaluate(EXAMINE % json.dumps(options)):
            if found["impact"] in {"serious", "critical"}:
                targets = [node["target"] for node in found["nodes"]][:3]
                self.findings.append(f"{self.who}, {where}: {found['id']} {targets}")


def pages(caller: Caller, things: Things) -> dict[str, str]:
    """Return address → what it looks like, for each whole page of HTML that this person may open."""
    found = {}
    for name in screens(caller):
        for address in routes.addresses(name, things):
            answer = caller.call("GET", address)
            if answer.status_code == 200 and text(answer).lstrip().lower().startswith("<!doctype html"):
                found[address] = _look(settled(answer))
    return found


def _look(body: str) -> str:
    """Return a page without who reads it: the frame is the same, whoever it is drawn for."""
    body = re.sub(r"<header.*?</header>|<nav class=\"(?:rail|side)\".*?</nav>", "", body, flags=re.S)
    return re.sub(r"\b[A-Z] (?:clerk|agent|manager|administrator|integrator)\b", "", body)
