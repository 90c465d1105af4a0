from collections.abc import Iterator

import pytest
from packshot_tests.service import client
from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def api() -> Iterator[TestClient]:
    """A service with its defaults, in this process."""
    with client() as opened:
        yield opened
