from collections.abc import Iterator

import pytest
from packshot_tests.bucket_server import BucketServer, bucket_server


@pytest.fixture(scope="session")
def bucket_host() -> Iterator[BucketServer]:
    with bucket_server() as started:
        yield started
