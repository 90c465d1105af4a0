"""Whether a store of objects keeps what packshot asks of it, tried on a bucket of it; and a small run from and to it.

python benchmarks/clouds.py                                on this machine's disk
python benchmarks/clouds.py az://trial --make              make the bucket first (emulators alone)
python benchmarks/clouds.py gs://my-bucket/trial --run     a run of two drawn photos, too

Credentials and endpoint come from the environment, as docs/scale.md says. Writes below the address and removes what it
wrote. Exits 1 where a promise is not kept.

Azurite:      npm install azurite && npx azurite-blob --inMemoryPersistence --silent
              AZURE_STORAGE_USE_EMULATOR=true python benchmarks/clouds.py az://trial --make --run
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import hmac
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from email.utils import formatdate

import numpy as np
from PIL import Image

from packshot.errors import BucketNotFound, ObjectChanged, ObjectExists, ObjectNotFound, PackshotError
from packshot.storage.objects import ObjectFolder, ObjectUri, open_folder

ODD = "sub/a b+ü#?%20.jpg"
NAMES = ["a/x", "a-b", "a.b", "a1", "ab", "a0/y", "é", "z", "Z", "🎽"]
# Azurite's account, the same on every machine: learn.microsoft.com/azure/storage/common/storage-use-azurite
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def refused(kind: type[PackshotError], ask: Callable[[], object]) -> bool:
    try:
        ask()
    except kind:
        return True
    return False


def written(folder: ObjectFolder) -> bool:
    etag = folder.write(ODD, b"0123456789", content_type="image/jpeg")
    content, info = folder.read(ODD)
    listed = [(one.path, one.size, one.etag) for one in folder.list()]
    return (
        content == b"0123456789"
        and folder.read_range(ODD, 3, 4) == b"3456"
        and folder.head(ODD).etag == etag == info.etag
        and listed == [(ODD, 10, etag)]
    )


def removed(folder: ObjectFolder) -> bool:
    folder.write("b", b"1")
    folder.delete(["never/there", ODD, "b"])
    folder.delete(["never/there"])
    many = [f"many/{number:03}" for number in range(300)]  # Azure takes 256 at once
    for path in many:
        folder.write(path, b"")
    folder.delete([*many[:150], "never/there", *many[150:]])
    return list(folder.list()) == [] and refused(ObjectNotFound, lambda: folder.read(ODD))


def ordered(folder: ObjectFolder) -> bool:
    paths = [f"deep/{name}" for name in NAMES]
    for path in paths:
        folder.write(path, b"")
    expected = sorted(paths, key=str.encode)
    after = [one.path for one in folder.list("deep", after="deep/a0/y")]
    return (
        [one.path for one in folder.list("deep")] == expected
        and after == expected[expected.index("deep/a0/y") + 1 :]
        and list(folder.list("dee")) == []
    )


def made_once(folder: ObjectFolder) -> bool:
    etag = folder.create("row", b"first")
    return refused(ObjectExists, lambda: folder.create("row", b"second")) and folder.create("row", b"first") == etag


def replaced_by_who_knows(folder: ObjectFolder) -> bool:
    first = str(folder.create("lease", b"1"))
    second = str(folder.replace("lease", b"2", etag=first))
    lost = refused(ObjectChanged, lambda: folder.replace("lease", b"3", etag=first))
    kept = folder.read("lease")[0] == b"2"
    folder.delete(["lease"])
    return (
        first != second and lost and kept and refused(ObjectChanged, lambda: folder.replace("lease", b"", etag=second))
    )


def streamed(folder: ObjectFolder) -> bool:
    pieces = [bytes([number]) * 1_000_000 for number in range(20)]
    folder.write_stream("manifest", iter(pieces))
    return folder.read("manifest")[0] == b"".join(pieces)


def named(folder: ObjectFolder) -> bool:
    nowhere = open_folder(f"{folder.uri.scheme}://nobody-made-this-{uuid.uuid4().hex[:8]}/in", retry_s=2)
    asks = (nowhere.check, lambda: list(nowhere.list()), lambda: nowhere.read("a"), lambda: nowhere.write("a", b""))
    return all(refused(BucketNotFound, ask) for ask in asks)


PROMISES: dict[str, Callable[[ObjectFolder], bool]] = {
    "what is written is read, in parts too, and listed with the same etag": written,
    "objects are removed, and those that are not there are no error": removed,
    "listings are in the order of the keys' bytes, and go on after any key": ordered,
    "an object is made once": made_once,
    "an object is replaced only by who knows its etag": replaced_by_who_knows,
    "a stream becomes one object": streamed,
    "a bucket that is not there is named": named,
}


def run_of_two(uri: str) -> bool:
    """Two drawn photos from the bucket into it, then once more: two made, then none."""
    folder = open_folder(f"{uri}/photos")
    for number in range(2):
        picture = np.full((300, 400, 3), 240, np.uint8)
        picture[80:220, 120 + 40 * number : 280] = (30, 90, 160)
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG")
        folder.write(f"{number}.jpg", file.getvalue())
    command = [sys.executable, "-m", "packshot", "run", f"{uri}/photos", "-o", f"{uri}/out", "--model", "grabcut"]
    for _ in range(2):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        print(done.stdout + done.stderr if done.returncode else f"  {done.stdout.splitlines()[0]}")
        if done.returncode:
            return False
    manifest = open_folder(f"{uri}/out").read("manifest.jsonl")[0].splitlines()
    return len(manifest) == 2 and all(json.loads(line)["status"] != "failed" for line in manifest)


def make(uri: ObjectUri) -> None:
    """Make the bucket of an emulator."""
    if uri.scheme == "az":
        version, date, place = "2021-08-06", formatdate(usegmt=True), f"/{ACCOUNT}/{uri.bucket}"
        signed = "PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:{version}\n/{ACCOUNT}{place}\nrestype:container"
        code = base64.b64encode(hmac.new(base64.b64decode(KEY), signed.encode(), hashlib.sha256).digest()).decode()
        headers = {"x-ms-date": date, "x-ms-version": version, "Authorization": f"SharedKey {ACCOUNT}:{code}"}
        request = urllib.request.Request(
            f"http://127.0.0.1:10000{place}?restype=container", method="PUT", headers=headers
        )
    else:
        body, headers = json.dumps({"name": uri.bucket}).encode(), {"Content-Type": "application/json"}
        address = f"{os.environ['STORAGE_EMULATOR_HOST']}/storage/v1/b?project=trial"
        request = urllib.request.Request(address, method="POST", data=body, headers=headers)
    with contextlib.suppress(urllib.error.HTTPError):  # it is there already
        urllib.request.urlopen(request, timeout=10).close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("uri", nargs="?", help="an empty folder of a bucket; without one, of this machine's disk")
    parser.add_argument("--make", action="store_true", help="make the bucket (emulators alone)")
    parser.add_argument("--run", action="store_true", help="also run packshot from and to it")
    options = parser.parse_args()
    if options.make:
        make(ObjectUri.parse(options.uri))
    with tempfile.TemporaryDirectory() as disk:
        sys.exit(1 if broken_promises(options.uri or f"file://{disk}", with_run=options.run) else 0)


def broken_promises(uri: str, *, with_run: bool) -> int:
    place = f"{uri}/{uuid.uuid4().hex[:8]}"
    broken = 0
    for number, (promise, keeps) in enumerate(PROMISES.items()):
        if keeps is named and uri.startswith("file:"):
            continue  # a folder is made when it is written to
        start = time.perf_counter()
        try:
            told = "kept" if keeps(open_folder(f"{place}/{number}", retry_s=5)) else "NOT KEPT"
        except PackshotError as error:
            told = f"NOT KEPT: {type(error).__name__}: {error}"
        broken += told != "kept"
        print(f"{promise:72} {told} ({time.perf_counter() - start:.2f} s)")
    if with_run:
        fine = run_of_two(place)
        broken += not fine
        print(f"{'a run of two photos, repeated':72} {'kept' if fine else 'NOT KEPT'}")
    everything = open_folder(place)
    everything.delete([one.path for one in everything.list()])
    return broken


if __name__ == "__main__":
    main()
