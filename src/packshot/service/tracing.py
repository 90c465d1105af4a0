"""Traces for OpenTelemetry (extra ``telemetry``): a span for every request, with the parts of its work below.

On where the environment names a collector, as OpenTelemetry has it (``OTEL_EXPORTER_OTLP_ENDPOINT``); all else is
OpenTelemetry's own environment too. Spans hold what the log holds: no photo, no name, no key, no query.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from packshot.errors import UsageError
from packshot.extras import installing
from packshot.version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

__all__ = ["RequestSpan", "Traces", "traces_from_environment"]

_COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_MS = 1_000_000  # nanoseconds
_FAILED = 500


class RequestSpan:
    """The span of one request.

    Args:
        traces: that made it.
        span: of OpenTelemetry.
    """

    def __init__(self, traces: Traces, span: Span) -> None:
        self._traces, self._span = traces, span

    def parts(self, timings_ms: Mapping[str, float]) -> None:
        """Spans for the parts of the work that has just ended, one after the other.

        Args:
            timings_ms: milliseconds of each, in their order.
        """
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415 - an optional extra

        context = set_span_in_context(self._span)
        begin = time.time_ns() - round(sum(timings_ms.values()) * _MS)
        for name, spent in timings_ms.items():
            part = self._traces.tracer.start_span(name, context, start_time=begin)
            begin += round(spent * _MS)
            part.end(begin)

    def answered(self, method: str, route: str, status: int, code: str | None) -> None:
        """What the request was and what became of it; `code` is that of a refusal."""
        self._span.update_name(f"{method} {route}")
        self._span.set_attribute("http.request.method", method)
        self._span.set_attribute("http.route", route)
        self._span.set_attribute("http.response.status_code", status)
        if code is not None and status >= _FAILED:
            self._span.set_attribute("error.type", code)


class Traces:
    """Makes spans.

    Args:
        provider: of the SDK; knows where they go.

    Attributes:
        tracer: of OpenTelemetry.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self.tracer = provider.get_tracer("packshot", __version__)

    @contextlib.contextmanager
    def request(self, traceparent: str | None) -> Iterator[RequestSpan]:
        """A span for a request, below the caller's where that says so.

        Args:
            traceparent: header of the request, see https://www.w3.org/TR/trace-context/.
        """
        from opentelemetry.trace import SpanKind  # noqa: PLC0415 - as above
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent} if traceparent else {})
        span = self.tracer.start_span("request", parent, kind=SpanKind.SERVER)
        try:
            yield RequestSpan(self, span)
        finally:
            span.end()

    def close(self) -> None:
        """Send what is waiting."""
        self._provider.shutdown()


def traces_from_environment() -> Traces | None:
    """What the environment asks for; None where it names no collector.

    Raises:
        UsageError: it names one, and the extra is not installed.
    """
    if not any(os.environ.get(name) for name in _COLLECTORS):
        return None
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        raise UsageError("traces need OpenTelemetry's SDK", remedy=installing("telemetry"))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - as above
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    named = "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "") or "OTEL_SERVICE_NAME" in os.environ
    resource = Resource.create({} if named else {"service.name": "packshot"})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)
