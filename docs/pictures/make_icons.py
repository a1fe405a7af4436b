"""Draw the app icons anew from `static/favicon.svg`: `python docs/pictures/make_icons.py`. Needs Chromium."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[2] / "static"
LOGO = (STATIC / "favicon.svg").read_text(encoding="utf-8")
# A device cuts a maskable icon to its own shape: the ground reaches the edges, the ring keeps to the inner 80 %.
SQUARE = re.sub(r' rx="\d+"', "", LOGO)
MASKABLE = re.sub(
    r"(<rect[^>]*/>)(.*)(</svg>)", r'\1<g transform="translate(16 16) scale(.8) translate(-16 -16)">\2</g>\3', SQUARE
)
ICONS = {"app-192": (192, LOGO), "app-512": (512, LOGO), "app-maskable-512": (512, MASKABLE)}


def main() -> None:
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (size, svg) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{width:100vw;height:100vh;display:block}}</style>{svg}")
            page.screenshot(path=str(STATIC / "icons" / f"{name}.png"), omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
