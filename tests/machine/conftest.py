"""The machine's count, printed below the tests."""

from collections.abc import Callable
from typing import Any

import pytest

SAID = "said"


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a line that is printed at the end of the run, whichever process the test ran in."""
    return lambda line: record_property(SAID, line)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for outcome in ("passed", "failed"):
        for test in terminalreporter.stats.get(outcome, []):
            for name, line in test.user_properties:
                if name == SAID:
                    terminalreporter.write_line(line)
