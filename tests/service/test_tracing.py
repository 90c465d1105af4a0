"""Traces: a span for each request, its parts below it, under the caller's, with nothing of the photo in it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from packshot_tests.service import client, outlined

from packshot.errors import UsageError
from packshot.service.tracing import Traces, traces_from_environment

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"  # the example of the W3C's recommendation


def spans(path: str, **headers: str) -> list[ReadableSpan]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with client(traces=Traces(provider)) as api:
        api.post(path, files={"file": ("secret-name.png", outlined())}, headers=headers)
    return list(exporter.get_finished_spans())


def test_parts_follow_each_other_below_the_request() -> None:
    *parts, request = spans("/v1/cutout?model=cutout", traceparent=PARENT)
    assert request.name == "POST /v1/cutout"
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 200
    assert f"{request.context.trace_id:032x}" in PARENT
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" in PARENT
    assert [part.name for part in parts] == ["decode", "mask", "compose", "encode"]
    for part, later in zip(parts, [*parts[1:], None], strict=True):
        assert part.parent is not None
        assert part.parent.span_id == request.context.span_id
        assert later is None or part.end_time == later.start_time
    assert "secret" not in "".join(span.to_json() for span in [*parts, request])


def test_a_refusal() -> None:
    (request,) = spans("/v1/process?profile=nothing")
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 400
    assert "error.type" not in request.attributes  # the caller's fault


def test_off_where_the_environment_names_no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    assert traces_from_environment() is None
    monkeypatch.setattr("packshot.service.tracing.find_spec", lambda name: None)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    with pytest.raises(UsageError, match="telemetry"):
        traces_from_environment()


def test_the_service_loads_nothing_of_it_unasked() -> None:
    code = "import sys, packshot.service.app; print('opentelemetry.sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
