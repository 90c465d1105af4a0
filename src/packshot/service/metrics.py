"""What Prometheus reads, and the log: numbers and codes; no photo, no name, no key."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["Metrics"]

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counters of one application, in a registry of their own, and its log: one JSON object a line.

    Args:
        log_to: where the log goes; standard error by default.
    """

    def __init__(self, log_to: TextIO | None = None) -> None:
        registry = self.registry = CollectorRegistry()
        self.requests = Counter("packshot_requests", "Requests answered", ["route", "status"], registry=registry)
        self.request_seconds = Histogram(
            "packshot_request_seconds", "From arrival to answer", ["route"], buckets=_SECONDS, registry=registry
        )
        self.errors = Counter("packshot_errors", "Requests refused or failed", ["code"], registry=registry)
        self.queue_seconds = Histogram(
            "packshot_queue_seconds", "Wait for a free worker", buckets=_SECONDS, registry=registry
        )
        self.part_seconds = Histogram(
            "packshot_part_seconds", "Parts of the work in a worker", ["part"], buckets=_SECONDS, registry=registry
        )
        self.waiting = Gauge("packshot_queue_waiting", "Requests that wait for a worker", registry=registry)
        self.admitted = Gauge("packshot_requests_admitted", "Requests let in and not answered", registry=registry)
        self.workers = Gauge("packshot_workers", "Worker processes that live", registry=registry)
        self.worker_ends = Counter("packshot_worker_ends", "Workers lost over a job", ["how"], registry=registry)
        self.worker_memory = Gauge(
            "packshot_worker_memory_bytes", "Resident, after its last job", ["worker"], registry=registry
        )
        self.jobs = Gauge("packshot_jobs", "Jobs of many photos that are kept", ["state"], registry=registry)
        self.webhooks = Counter("packshot_webhooks", "Attempts to deliver", ["outcome"], registry=registry)
        self.log: Any = structlog.wrap_logger(
            structlog.PrintLogger(log_to or sys.stderr),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
        )

    def parts(self, timings_ms: Mapping[str, float]) -> None:
        """Count the parts of some work, in milliseconds."""
        for part, spent in timings_ms.items():
            self.part_seconds.labels(part).observe(spent / 1000)

    def text(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self.registry)
