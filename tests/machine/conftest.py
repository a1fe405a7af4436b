"""The machine's count, printed below the tests."""

from collections.abc import Callable
from typing import Any

import pytest

SAID = pytest.StashKey[list[str]]()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say a line that is printed at the end of the run."""
    return request.config.stash.setdefault(SAID, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(SAID, []):
        terminalreporter.write_line(line)
