"""obstore beside fsspec (s3fs): requests, processor and memory of listing keys and of reading small objects.

python benchmarks/object_libraries.py [--keys 100000] [--objects 500]

Each library works in a process of its own, on a stub of S3 in another one. s3fs pins a botocore that other packages do
not take: where it is not installed, --s3fs names the interpreter of an environment that has it. A line each:
requests the stub was sent, seconds of processor, memory beyond the imports.
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

BODY = b"x" * 4000
AT_ONCE = 16


class Stub(http.server.BaseHTTPRequestHandler):
    """ListObjectsV2 of keys that are numbers, and objects of 4 kB; ``/requests`` says what was asked since."""

    protocol_version = "HTTP/1.1"
    keys = 0
    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """A page of keys, or an object."""
        place = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(place.query)
        if place.path == "/requests":
            self.answer(json.dumps(self.asked).encode())
            self.asked.clear()
            return
        self.asked["list" if "list-type" in query else "get"] += 1
        self.answer(self.page(query) if "list-type" in query else BODY)

    def do_HEAD(self) -> None:
        """Of an object."""
        self.asked["head"] += 1
        self.answer(BODY)

    def page(self, query: dict[str, list[str]]) -> bytes:
        """Keys from a token on."""
        start = int(query.get("continuation-token", ["0"])[0])
        end = min(start + 1000, self.keys)
        rows = [
            f"<Contents><Key>photos/{number:09}.jpg</Key><LastModified>2026-11-29T00:00:00.000Z</LastModified>"
            f'<ETag>"{number:032x}"</ETag><Size>4000</Size><StorageClass>STANDARD</StorageClass></Contents>'
            for number in range(start, end)
        ]
        more = f"<NextContinuationToken>{end}</NextContinuationToken>" * (end < self.keys)
        truncated = f"<IsTruncated>{str(end < self.keys).lower()}</IsTruncated>"
        return f'<?xml version="1.0"?><ListBucketResult>{"".join(rows)}{truncated}{more}</ListBucketResult>'.encode()

    def answer(self, data: bytes) -> None:
        """In one packet."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 29 Nov 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(data if self.command == "GET" else b"")

    def log_message(self, *_: object) -> None:
        """Nothing."""


def serve(keys: int) -> None:
    Stub.keys = keys
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    print(server.server_port, flush=True)
    server.serve_forever()


def with_obstore() -> tuple[Callable[[], int], Callable[[list[str]], int]]:
    from concurrent.futures import ThreadPoolExecutor

    from packshot.storage.objects import open_folder

    folder = open_folder("s3://bucket/photos")

    def read(names: list[str]) -> int:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sum(len(data) for data, _ in pool.map(folder.read, names))

    return lambda: sum(1 for _ in folder.list()), read


def with_s3fs() -> tuple[Callable[[], int], Callable[[list[str]], int]]:
    import s3fs

    keys = {"key": "a", "secret": "b", "endpoint_url": os.environ["AWS_ENDPOINT_URL"]}
    files = s3fs.S3FileSystem(**keys, use_listings_cache=False)

    def read(names: list[str]) -> int:
        return sum(map(len, files.cat([f"bucket/photos/{name}" for name in names], batch_size=AT_ONCE).values()))

    return lambda: len(files.find("bucket/photos", detail=True)), read


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(library: str, objects: int) -> None:
    started = time.process_time()
    count, read = with_obstore() if library == "obstore" else with_s3fs()
    imports, begun = time.process_time() - started, memory_mb()
    for what, do in {
        "listed": count,
        "read": lambda: read([f"{number:09}.jpg" for number in range(objects)]),
    }.items():
        spent = time.process_time()
        found = do()
        work = time.process_time() - spent
        with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/requests") as answer:
            asked = ", ".join(f"{number} {kind}" for kind, number in json.load(answer).items())
        unit = "keys" if what == "listed" else "bytes"
        print(
            f"{library:>8} {what} {found:,} {unit}: {asked}; {work:.2f} s of processor; {memory_mb() - begun:+.1f} MB"
        )
    print(f"{library:>8} imports: {imports:.2f} s of processor, {begun:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["all", "serve", "obstore", "s3fs"], nargs="?", default="all")
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--objects", type=int, default=500)
    parser.add_argument("--s3fs", default=sys.executable, metavar="PYTHON", help="an interpreter that has s3fs")
    given = parser.parse_args()
    if given.what == "serve":
        serve(given.keys)
    elif given.what != "all":
        measure(given.what, given.objects)
    else:
        command = [sys.executable, __file__, "serve", "--keys", str(given.keys)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = f"http://127.0.0.1:{int(server.stdout.readline())}"
            keys = {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
            for library, python in (("obstore", sys.executable), ("s3fs", given.s3fs)):
                words = [python, __file__, library, "--objects", str(given.objects)]
                subprocess.run(words, check=False, env=os.environ | keys)
            server.kill()


if __name__ == "__main__":
    main()
