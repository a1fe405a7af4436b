"""The lock files: hashed, complete, in agreement, and without the name of any index, host or folder."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-import.txt"]


def pins(name):
    """Return {(package, marker): version} of a lock."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)(?: ; (.+?))? \\$", (ROOT / name).read_text(), re.MULTILINE)
    return {(package, marker): version for package, version, marker in found}


def versions(name):
    """Return the versions of each package, whatever the platforms they are for."""
    found = {}
    for (package, _), version in pins(name).items():
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(name):
    lines = (ROOT / name).read_text().splitlines()
    known = re.compile(r"#.*|[\w.-]+(\[[\w,]+\])?==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")

    assert [line for line in lines if not known.fullmatch(line)] == []
    assert [line for line in lines if re.search(r"https?:|file:|index|/", line)] == []
    assert len(pins(name)) == sum("==" in line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("name", LOCKS[1:])
def test_every_lock_contains_the_runtime_in_the_same_versions(name):
    runtime, other = versions("requirements.txt"), versions(name)

    assert {package: other.get(package) for package in runtime} == runtime
