"""Starts a Ray cluster of two nodes on this machine, runs what the tests ask for, and prints a JSON object a line.

A process of its own: what Ray leaves behind in a process is none of the other tests' business.
"""

from __future__ import annotations

import functools
import json
import os
import socket
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
from ray.cluster_utils import Cluster  # noqa: E402
from ray_tasks import Word, make_shout  # noqa: E402

from packshot.engines import Done, InProcessEngine, ray_engine  # noqa: E402
from packshot.sharded import run_sharded  # noqa: E402

PHOTOS = 12


def node() -> dict[str, Any]:
    sockets = [socket.socket() for _ in range(3)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    names = ("metrics_agent_port", "dashboard_agent_listen_port", "runtime_env_agent_port")
    ports = {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}
    for each in sockets:
        each.close()
    return {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False, **ports}


def tell(scenario: str, **what: object) -> None:
    print(json.dumps({"scenario": scenario, **what}), flush=True)


def tasks() -> None:
    words = [Word(stem) for stem in ("a", "crash", "b", "hang", "c", "d")]
    outcomes = {
        each.task.stem: each.outcome if isinstance(each, Done) else each.error.code
        for each in ray_engine(None, 2, time_limit_s=20).run(words, make_shout, stopping=lambda: False)
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
    run_sharded([source], f"file://{folder}/ray", slow, engine=engine, progress=progress, shard_size=5)
    run_sharded([source], f"file://{folder}/whole", StubPipeline, engine=InProcessEngine(), shard_size=5)
    tell("lost_node", done=len(done))


def main() -> None:
    folder = Path(sys.argv[1])
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
    finally:
        ray.shutdown()
        cluster.shutdown()


if __name__ == "__main__":
    main()
