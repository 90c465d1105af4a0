import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.bucket_server import BucketServer, bucket_server

# Worker processes import the stub by name, from the path they inherit.
sys.path.insert(0, str(Path(__file__).parents[1] / "batch"))


@pytest.fixture(scope="session")
def server() -> Iterator[BucketServer]:
    with bucket_server() as started:
        yield started


@pytest.fixture
def bucket(server: BucketServer, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A new bucket, and this process's environment set to use it."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server.make(f"test-{abs(hash(request.node.nodeid)) % 10**12}")
