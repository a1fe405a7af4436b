"""What a tablet has to fetch before it can be used: all our scripts and the vendored ones, as they travel."""

import gzip
import re
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
LIMIT = 60_000
ONLY_WHEN_OPENED = {"js/camera.js", "js/device.js"}
"""Scripts of one page each, fetched there."""


def travelling(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9, mtime=0))


def test_the_scripts_of_an_ordinary_page_are_at_most_60_kb() -> None:
    base = (Path(settings.BASE_DIR) / "templates/base.html").read_text(encoding="utf-8")
    everywhere = set(re.findall(r"<script[^>]*\{% static '([^']+)' %\}", base))
    ours = {f"js/{path.name}" for path in (STATIC / "js").glob("*.js")}
    assert not everywhere & ONLY_WHEN_OPENED
    counted = everywhere | (ours - ONLY_WHEN_OPENED)
    sizes = {name: travelling(name) for name in sorted(counted)}
    assert sum(sizes.values()) <= LIMIT, sizes


def test_no_script_fetches_the_barcode_reader_before_the_camera_is_opened() -> None:
    for path in (STATIC / "js").glob("*.js"):
        assert "ponyfill.js" not in path.read_text(encoding="utf-8"), path.name
    page = (Path(settings.BASE_DIR) / "templates/fulfilment/_camera.html").read_text(encoding="utf-8")
    assert "<script" not in page


def test_no_script_of_ours_keeps_more_than_scans_and_handed_on_codes_on_the_device() -> None:
    kept = set()
    for path in (STATIC / "js").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"(local|session)Storage|indexedDB|caches\b", text):
            kept.add(path.name)
    assert kept <= {"kept.js", "list.js", "pin.js"}, kept  # pin.js only empties it
