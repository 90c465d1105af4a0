"""Ray as an engine: a crash, a hang and a lost node cost what they must, and the results are the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packshot_tests.ahead import Ended

from packshot.errors import UsageError

pytestmark = pytest.mark.ray


class Played(NamedTuple):
    """What the scenarios left behind."""

    told: dict[str, dict[str, Any]]
    folder: Path


@pytest.fixture(scope="module")
def played(ray_scenarios: Ended) -> Played:
    told = {row["scenario"]: row for row in map(json.loads, filter(_is_row, ray_scenarios.out.splitlines()))}
    if "no_cluster" in told:
        pytest.skip(f"Ray gives its own processes 15 s to start, this machine more: {told['no_cluster']['why']}")
    assert ray_scenarios.code == 0, ray_scenarios.err[-3000:]
    return Played(told, ray_scenarios.folder)


def _is_row(line: str) -> bool:
    return line.startswith('{"scenario"')


def test_a_crash_and_a_hang_cost_one_task_each(played: Played) -> None:
    outcomes = {"a": "A", "b": "B", "c": "C", "d": "D", "crash": "WorkerDied", "hang": "TimeLimitExceeded"}
    assert played.told["tasks"]["outcomes"] == outcomes


def results(out: Path) -> dict[str, bytes]:
    kinds = ("packshots", "cutouts", "masks")
    return {path.relative_to(out).as_posix(): path.read_bytes() for kind in kinds for path in (out / kind).rglob("*.*")}


def manifest(out: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    return [{key: value for key, value in row.items() if key != "timings_ms"} for row in rows]


def test_a_lost_node_loses_and_doubles_nothing(played: Played) -> None:
    assert played.told["lost_node"]["done"] == 12
    assert results(played.folder / "ray") == results(played.folder / "whole")
    assert manifest(played.folder / "ray") == manifest(played.folder / "whole")


def test_a_killed_driver_loses_and_doubles_nothing(played: Played) -> None:
    told = played.told["killed_driver"]
    assert told["alive"]  # until it was killed
    assert told["finished"]  # photos of shards that were whole by then
    assert 0 < told["made"] <= 12 - len(told["finished"])  # rows of an unfinished shard may have been put down, too
    calls = Counter(told["calls"])
    assert [calls[name] for name in told["finished"]] == [1] * len(told["finished"])
    assert len(calls) == 12
    assert results(played.folder / "killed") == results(played.folder / "whole")
    assert manifest(played.folder / "killed") == manifest(played.folder / "whole")


def test_no_cluster_at_an_address_is_told() -> None:
    code = (
        "from packshot.engines import ray_engine\n"
        "from packshot.errors import UsageError\n"
        "try:\n    list(ray_engine('127.0.0.1:9', 1).run(['a'], lambda: None, stop_requested=lambda: False))\n"
        "except UsageError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert "no Ray cluster can be used at 127.0.0.1:9" in done.stdout, done.stderr[-2000:]
    assert "ray start --head" in done.stdout


def test_an_engine_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from packshot.engines import ray_engine

    monkeypatch.setitem(sys.modules, "ray", None)
    for name in [name for name in sys.modules if name.startswith("packshot.engines.on_ray")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UsageError, match=r"needs Ray, which is not installed: .*pip install"):
        ray_engine(None, 2)
