"""``packshot watch`` as it is typed: a slow copy comes in, SIGTERM ends it, the same command goes on."""

import signal
import subprocess
import time
from pathlib import Path

from packshot_tests.command import line, run

from packshot.batch import read_manifest

PHOTO = Path(__file__).parents[2] / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg"


def finished(out: Path) -> list[str]:
    manifest = out / "manifest.jsonl"
    return [Path(record.source).name for record in read_manifest(manifest)] if manifest.exists() else []


def test_a_slow_copy_is_taken_when_it_is_whole_and_a_stop_is_clean(tmp_path: Path) -> None:
    folder, out, data = tmp_path / "in", tmp_path / "out", PHOTO.read_bytes()
    folder.mkdir()
    typed = ["watch", folder, "-o", out, "--every", 0.2, "--settle", 0.3, "--describe-model", "none"]
    process = subprocess.Popen(line(*typed), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    (folder / "shoe.jpg").write_bytes(data[: len(data) // 2])
    time.sleep(3)
    assert finished(out) == [], "half of a photo is no photo"
    with (folder / "shoe.jpg").open("ab") as file:
        file.write(data[len(data) // 2 :])
    until = time.monotonic() + 240
    while finished(out) != ["shoe.jpg"] and time.monotonic() < until:
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "1 photo" in said
    assert [str(record.status) for record in read_manifest(out / "manifest.jsonl")] != ["failed"]
    again = run("run", folder, "-o", out, "--describe-model", "none")
    assert (again.code, "1 already done" in again.out) == (0, True)


def test_what_is_typed_wrongly_is_said_before_anything_is_waited_for(tmp_path: Path) -> None:
    assert run("watch", tmp_path / "nowhere", "-o", tmp_path / "out").code == 2
    assert run("watch", tmp_path, "-o", tmp_path / "out", "--profile", "nobody").code == 2
    pruned = run("watch", tmp_path, "-o", tmp_path / "out", "--prune")
    assert (pruned.code, "packshot run --prune" in pruned.err) == (2, True)
