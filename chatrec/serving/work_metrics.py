"""What the decoder, the writer of reasons and the caches have counted, read at each scrape.

Knows Prometheus' metrics; knows nothing about requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from chatrec.conversation.equipment import Equipment
from chatrec.conversation.guided import ReadingStats
from chatrec.generation.rationale import WriterStats


class WorkMetrics(Collector):
    """The figures of a recommender's equipment; nothing is counted here."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment

    def collect(self) -> Iterator[Metric]:
        """Every figure that there is; those of parts that aren't there are left out."""
        yield from self._of_the_decoder()
        if self._equipment.writer is not None:
            yield _of_the_writer(self._equipment.writer())
        if self._equipment.messages is not None:
            yield _of_the_readers(self._equipment.messages())
        yield _counter(
            "chatrec_cache_lookups",
            "Lookups by cache, and whether they found something",
            ("cache", "found"),
            self._lookups(),
        )

    def _of_the_decoder(self) -> Iterator[Metric]:
        if self._equipment.decoder is None:
            return
        from chatrec.generation.shared import ROWS_UP_TO

        now = self._equipment.decoder()
        yield _counter(
            "chatrec_decoder_tokens",
            "Tokens: generated, read of prompts, or kept from a prompt that began alike",
            ("kind",),
            {
                ("generated",): now.tokens,
                ("read",): now.tokens_read,
                ("reused",): now.tokens_reused,
            },
        )
        yield _counter(
            "chatrec_decoder_events",
            "Prompts read for a ranking, batches of them, answers begun and given up, lacks of "
            "memory",
            ("event",),
            {
                ("read",): now.reads,
                ("read_batch",): now.read_batches,
                ("answer",): now.answers,
                ("given_up",): now.given_up,
                ("out_of_memory",): now.out_of_memory,
            },
        )
        rows = HistogramMetricFamily(
            "chatrec_decoder_step_rows", "Steps of the decoder, by the rows of their batch"
        )
        up_to, seen = [], 0
        for most, steps in zip(ROWS_UP_TO, now.steps_of, strict=True):
            seen += steps
            up_to.append((str(float(most)), float(seen)))
        up_to.append(("+Inf", float(seen)))
        rows.add_metric([], up_to, float(now.tokens))
        yield rows
        yield GaugeMetricFamily(
            "chatrec_decoder_rows", "Rows in the decoder's batch now", value=now.rows_now
        )
        yield GaugeMetricFamily(
            "chatrec_decoder_rows_waiting", "Rows that wait to join it", value=now.rows_waiting
        )

    def _lookups(self) -> dict[tuple[str, ...], float]:
        found: dict[tuple[str, ...], float] = {}
        if self._equipment.decoder is not None:
            now = self._equipment.decoder()
            found["prompt_beginnings", "yes"] = now.begun_alike
            found["prompt_beginnings", "no"] = now.begun_anew
        if self._equipment.lookups is not None:
            found["item_scores", "yes"], found["item_scores", "no"] = self._equipment.lookups()
        return found


def _of_the_writer(now: WriterStats) -> Metric:
    return _counter(
        "chatrec_sentences",
        "Generated sentences that stand, those refused by the checks, and plain ones instead",
        ("outcome",),
        {
            ("kept",): now.written - now.fallback,
            ("refused",): now.refused,
            ("plain",): now.fallback,
        },
    )


def _of_the_readers(now: ReadingStats) -> Metric:
    return _counter(
        "chatrec_messages_read",
        "Messages that rules and decoder read alike, that one of them read, that the decoder "
        "isn't asked about, or couldn't read",
        ("by",),
        {
            ("both",): now.agreed,
            ("rules",): now.rules,
            ("decoder",): now.decoder,
            ("rules_alone",): now.unasked,
            ("rules_after_failure",): now.failed,
        },
    )


def _counter(
    name: str, text: str, labels: tuple[str, ...], values: dict[tuple[str, ...], float]
) -> Metric:
    family = CounterMetricFamily(name, text, labels=labels)
    for labelled, value in values.items():
        family.add_metric(labelled, value)
    return family
