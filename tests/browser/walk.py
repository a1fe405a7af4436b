"""A person with a browser: signs in, reads, taps; keeps every console error and picture on the way."""

import base64
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.keys import on_qwerty, press

LEFT_BEHIND = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says of a request whose page was left meanwhile; one that failed says `htmx:sendError`, too."""


class Walk:
    """One person's browser. `finish` fails on console errors, failed requests, or serious findings of axe."""

    def __init__(
        self,
        chromium: Any,
        base_url: str,
        width: int,
        height: int,
        *,
        language: str,
        dark: bool = False,
        javascript: bool = True,
    ) -> None:
        self.context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",  # a colour on its way to another is neither
            timezone_id="Europe/Paris",
            java_script_enabled=javascript,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.base_url = base_url
        self.errors: list[str] = []
        self.findings: list[str] = []
        self.name = f"{width}x{height}-{language}{'-dark' if dark else ''}"
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(f"page: {error} {getattr(error, 'stack', '')}"))
        self.page.on("requestfailed", self._failed)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(LEFT_BEHIND):
            self.errors.append(f"{self.page.url}: {message.text}")

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):
            self.errors.append(f"{request.url}: {request.failure}")

    def sign_in(self, login: str, password: str) -> None:
        """Sign in by the form, as a person does."""
        self.page.goto(f"{self.base_url}/sign-in/")
        self.page.fill("input[name=username]", login)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def check(self, step: str, folder: Path) -> None:
        """Run axe on the page as it is, and keep a picture."""
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(folder / f"{step}-{self.name}.png"))
        for found in Axe().run(self.page).response["violations"]:
            if found["impact"] in {"serious", "critical"}:
                where = [node["target"] for node in found["nodes"]][:3]
                self.findings.append(f"{step} {self.name}: {found['id']} {where}")

    def scan(self, code: str) -> None:
        """Type as a scanner does: fast, outside every field, with Enter at the end."""
        self.page.wait_for_load_state("load")
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        press(self.page, on_qwerty(code))

    def finish(self) -> None:
        """Close, and say what was wrong."""
        self.context.close()
        assert not self.errors, self.errors
        assert not self.findings, self.findings


def qr_digits(text: str) -> str:
    """Return the digits after the last colon of a pickup QR."""
    return text.rsplit(":", 1)[1]


def decoded(part: Any) -> bytes:
    """Return the bytes of a mail's part."""
    return base64.b64decode(part.get_payload())
