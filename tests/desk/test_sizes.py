"""What a page weighs, and that styles stay in their layers and colours in the tokens."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
SCRIPTS = sorted([*STATIC.glob("js/*.js"), *STATIC.glob("vendor/*.js")])
STYLES = sorted(STATIC.glob("css/**/*.css"))
FRAME = [STATIC / "css" / f"{name}.css" for name in ("tokens", "base", "shells", "components", "data", "live", "print")]
SCREENS = sorted(STATIC.glob("css/screens/*.css"))
PAPERS = {"label.css", "pick_list.css", "receipt.css", "print.css", "letter.css"}
"""Black on white whatever the theme."""


def packed(paths: list[Path]) -> int:
    """Return bytes as they travel, gzipped file by file."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_all_scripts_together_weigh_at_most_sixty_kilobytes(capsys: pytest.CaptureFixture[str]) -> None:
    weight = packed(SCRIPTS)
    with capsys.disabled():
        print(f"\n  scripts {weight / 1000:.1f} of 60 kB, styles of every page {packed(FRAME) / 1000:.1f} of 16 kB")
    assert weight <= 60_000


def test_styles_of_a_page_weigh_at_most_twenty_kilobytes() -> None:
    assert packed(FRAME) <= 16_000
    assert max(packed([screen]) for screen in SCREENS) <= 4_000


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_rule_is_in_a_layer(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    outside = re.sub(r"@layer [a-z, ]+;", "", text)
    depth, kept = 0, []
    for sign in outside:
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            kept.append(sign)
    for head in "".join(kept).split("}"):
        assert head.strip() == "" or head.strip().startswith(("@layer", "@font-face")), head.strip()[:80]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_tokens(path: Path) -> None:
    if path.name != "tokens.css" and path.name not in PAPERS:
        screen = path.read_text().split("@layer print {")[0]  # paper is black on white
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl\(", screen) == []
