"""A server that speaks S3 (moto's), in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

_SERVER = """
import logging, sys
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
#: What a process needs to use it; anything else of the caller's cloud is left out.
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@dataclass(frozen=True)
class BucketServer:
    """Its address."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that shall use it."""
        return (
            KEYS
            | {"AWS_ENDPOINT_URL": self.endpoint, "AWS_CONFIG_FILE": os.devnull}
            | {"AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        )

    def make(self) -> str:
        """Make a bucket; its URI."""
        bucket = f"test-{uuid.uuid4().hex[:12]}"
        headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"}
        request = urllib.request.Request(f"{self.endpoint}/{bucket}", method="PUT", headers=headers, data=b"")
        urllib.request.urlopen(request).close()
        return f"s3://{bucket}"


@contextlib.contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """Started and ended."""
    process = subprocess.Popen([sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield BucketServer(f"http://127.0.0.1:{int(process.stdout.readline())}")
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
