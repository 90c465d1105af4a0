"""Starts a Ray cluster of two nodes on this machine, runs what the tests ask for, and prints a JSON object a line.

A process of its own: what Ray leaves behind in a process is none of the other tests' business.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PATHS = [str(HERE), str(HERE.parent / "batch"), str(HERE.parent / "support")]
sys.path[:0] = PATHS
os.environ["PYTHONPATH"] = os.pathsep.join([*PATHS, os.environ.get("PYTHONPATH", "")])
os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}

import ray  # noqa: E402
from batch_stub import StubPipeline  # noqa: E402
from packshot_tests.photos import save, soft  # noqa: E402
from ray._private import services  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402
from ray_tasks import Word, make_shout  # noqa: E402

from packshot.batch import PhotoProcessing  # noqa: E402
from packshot.engines import Done, InProcessEngine, ray_engine  # noqa: E402
from packshot.sharded import run_sharded  # noqa: E402

PHOTOS = 12
NODE_S = 90.0
PORTS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port")


def node() -> dict[str, Any]:
    sockets = [socket.socket() for _ in PORTS]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = {name: each.getsockname()[1] for name, each in zip(PORTS, sockets, strict=True)}
    for each in sockets:
        each.close()
    return {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False, **ports}


def wait_longer_for_nodes() -> None:
    """Give a node more than Ray's 30 s to come, and its raylet the ports of `node`, for which it waits 15 s."""
    ask, start = services.get_node, services.start_raylet

    def patient(*args: Any) -> Any:
        deadline = time.monotonic() + NODE_S
        while True:
            try:
                return ask(*args)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def told(*args: Any, **options: Any) -> Any:
        given = inspect.signature(start).bind(*args, **options).arguments
        for name in PORTS:
            if given.get(name):
                Path(given["session_dir"], f"{name}_{given['node_id']}").write_text(str(given[name]))
        return start(*args, **options)

    services.get_node, services.start_raylet = patient, told


def tell(scenario: str, **what: object) -> None:
    print(json.dumps({"scenario": scenario, **what}), flush=True)


def tasks() -> None:
    words = [Word(stem) for stem in ("a", "crash", "b", "hang", "c", "d")]
    outcomes = {
        each.task.stem: each.outcome if isinstance(each, Done) else each.error.code
        for each in ray_engine(None, 2, time_limit_s=6).run(words, make_shout, stop_requested=lambda: False)
    }
    tell("tasks", outcomes=outcomes)


def lost_node(folder: Path, cluster: Cluster, second: Any) -> None:
    for number in range(PHOTOS):
        save(folder / "in" / f"{number:02}.jpg", soft(number, (64, 48)))
    done: list[str] = []

    def progress(step: Any) -> None:
        done.append(step.record.source)
        if len(done) == 3:
            cluster.remove_node(second, allow_graceful=False)

    source = f"file://{folder}/in"
    engine = ray_engine(None, None, time_limit_s=120)
    slow = functools.partial(StubPipeline, sleep_s=0.5)  # so that the node is lost amid its work
    run_sharded([source], f"file://{folder}/ray", PhotoProcessing(slow), engine=engine, progress=progress, shard_size=5)
    run_sharded(
        [source], f"file://{folder}/whole", PhotoProcessing(StubPipeline), engine=InProcessEngine(), shard_size=5
    )
    tell("lost_node", done=len(done))


def drive(folder: Path, address: str) -> None:
    """What the driver does that is killed."""
    slow = functools.partial(StubPipeline, sleep_s=0.3, calls=str(folder / "calls"))
    out = f"file://{folder}/killed"
    run_sharded([f"file://{folder}/in"], out, PhotoProcessing(slow), engine=ray_engine(address, None), shard_size=5)


def killed_driver(folder: Path, cluster: Cluster) -> None:
    """Killed with one shard finished and the next one begun, then started again."""
    out, calls = folder / "killed", folder / "calls"
    driver = subprocess.Popen([sys.executable, __file__, str(folder), cluster.address], start_new_session=True)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and driver.poll() is None:
        if list(out.glob(".packshot/rows/*.jsonl")) and len(calls.read_text().split()) > 6:
            break
        time.sleep(0.02)
    alive = driver.poll() is None
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    rows = [line for shard in out.glob(".packshot/rows/*.jsonl") for line in shard.read_text().splitlines()]
    finished = [Path(json.loads(row)["source"]).name for row in rows]
    again = functools.partial(StubPipeline, calls=str(calls))
    engine = ray_engine(None, None, time_limit_s=120)
    summary = run_sharded([f"file://{folder}/in"], f"file://{out}", PhotoProcessing(again), engine=engine, shard_size=5)
    tell("killed_driver", alive=alive, finished=finished, made=summary.made, calls=calls.read_text().split())


def main() -> None:
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        drive(folder, sys.argv[2])
        return
    wait_longer_for_nodes()
    started = time.monotonic()
    try:
        cluster = Cluster(initialize_head=True, head_node_args=node())
        second = cluster.add_node(**node())
    except Exception as error:
        tell("no_cluster", why=str(error)[:200], seconds=time.monotonic() - started)
        return
    ray.init(address=cluster.address, log_to_driver=False)
    try:
        tasks()
        lost_node(folder, cluster, second)
        killed_driver(folder, cluster)
    finally:
        ray.shutdown()
        cluster.shutdown()


if __name__ == "__main__":
    main()
