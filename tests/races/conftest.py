"""What every race needs: threads see only what is committed, and a socket to race over."""

from collections.abc import Iterator

import pytest

from tests.races.server import Caller, serving


@pytest.fixture
def wire(transactional_db: None, token: str) -> Iterator[Caller]:
    """The web shop, on the other side of a real socket."""
    with serving() as port:
        yield Caller(port, token)
