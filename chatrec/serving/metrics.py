"""What is counted and timed, for Prometheus: requests, turns, their stages and reasons.

Labels are few and fixed: routes as they are declared, never a path, an owner or a text.
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from chatrec.conversation.recommender import Reply
from chatrec.serving.turns import Refusal, Turns
from chatrec.serving.work_metrics import WorkMetrics

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SECONDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120)


class Metrics:
    """The figures of one application. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "chatrec_requests",
            "Requests answered, by declared route, method and status",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._seconds = self._histogram(
            "chatrec_request_seconds", "Time from a request to the end of its answer", ["route"]
        )
        self._waits = self._histogram(
            "chatrec_turn_wait_seconds", "Time that a turn stood in line before it began"
        )
        self._stages = self._histogram(
            "chatrec_stage_seconds", "Time of each stage of a turn, and of all of it", ["stage"]
        )
        self._replies = self._counter("chatrec_replies", "Complete replies, by what led", "led_by")
        self._reasons = self._counter(
            "chatrec_reasons", "Reasons shown, by who worded them: template is the fallback", "by"
        )
        self._refusals = self._counter("chatrec_turns_refused", "Turns that never began", "why")
        self._replays = self._counter(
            "chatrec_replayed_states", "Chat completions whose history was kept, or not", "kept"
        )
        ProcessCollector(registry=self.registry)

    def watch(self, turns: Turns) -> None:
        """Has the line's length and what its recommender counts read whenever somebody asks."""
        self.registry.register(WorkMetrics(turns.recommender.equipment))
        for name, text, figure in (
            ("chatrec_turns_waiting", "Turns in line now", lambda: turns.waiting),
            ("chatrec_turns_running", "Turns with the worker now", lambda: turns.running),
            ("chatrec_ready", "1 once warm and until the end", lambda: turns.warmth == "ready"),
        ):
            Gauge(name, text, registry=self.registry).set_function(figure)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request has its answer."""
        known = method if method in METHODS else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def began(self, waited_s: float) -> None:
        """A turn has left the line."""
        self._waits.observe(waited_s)

    def replied(self, reply: Reply) -> None:
        """A turn has given its complete reply."""
        self._replies.labels(reply.led_by).inc()
        for stage, ms in reply.timings_ms.items():
            self._stages.labels(stage).observe(ms / 1000)
        for recommendation in reply.recommendations:
            self._reasons.labels(recommendation.rationale_by).inc()

    def refused(self, why: Refusal) -> None:
        """A turn was not taken."""
        self._refusals.labels(why).inc()

    def replayed(self, kept: bool) -> None:
        """A chat completion's earlier messages were, or were not, known as a state."""
        self._replays.labels("yes" if kept else "no").inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, text: str, label: str) -> Counter:
        return Counter(name, text, [label], registry=self.registry)

    def _histogram(
        self, name: str, text: str, labels: tuple[str, ...] | list[str] = ()
    ) -> Histogram:
        return Histogram(name, text, labels, buckets=SECONDS, registry=self.registry)
