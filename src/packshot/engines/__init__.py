"""Engines: where tasks are run. In this process, in worker processes each of which may die without harm, or on Ray."""

from packshot.engines.base import Abandoned, Done, Engine, MakeWork, Work
from packshot.engines.choosing import choose_engine, ray_engine, worker_count
from packshot.engines.in_process import InProcessEngine
from packshot.engines.memory import MemoryGate, MemoryPlan
from packshot.engines.processes import ProcessEngine

__all__ = [
    "Abandoned",
    "Done",
    "Engine",
    "InProcessEngine",
    "MakeWork",
    "MemoryGate",
    "MemoryPlan",
    "ProcessEngine",
    "Work",
    "choose_engine",
    "ray_engine",
    "worker_count",
]
