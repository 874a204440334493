"""Counts and times for Prometheus; no name, no digest, nothing of a document."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """What one service counts."""

    def __init__(self) -> None:
        """Begin at zero, in a registry of its own."""
        self.registry = CollectorRegistry()
        registry = self.registry
        self.requests = Counter(
            "secreview_requests", "Requests", ("method", "route", "status"), registry=registry
        )
        self.seconds = Histogram(
            "secreview_document_seconds",
            "Time to check one document",
            buckets=SECONDS,
            registry=registry,
        )
        self.verdicts = Counter(
            "secreview_documents", "Documents checked", ("verdict",), registry=registry
        )
        self.lost = Counter("secreview_workers_lost", "Workers killed", ("why",), registry=registry)
        self.running = Gauge("secreview_reviews_running", "Reviews not done yet", registry=registry)
        self.told = Counter(
            "secreview_webhooks", "Webhook messages", ("result",), registry=registry
        )

    def text(self) -> bytes:
        """Return all of it in the text format."""
        return generate_latest(self.registry)
