"""What the decoder, the writer and the caches count, as Prometheus reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from chatrec.conversation.equipment import Equipment
from chatrec.conversation.guided import ReadingStats
from chatrec.generation.rationale import WriterStats
from chatrec.generation.shared import SharedStats
from chatrec.serving.metrics import Metrics
from chatrec.serving.turns import Turns
from chatrec.settings import PROJECT_DIR
from tests.serving.conftest import MakeApp, calling
from tests.serving.fake_recommender import FakeRecommender

DECODER = SharedStats(
    reads=3, read_batches=2, answers=10, steps=7, tokens=40, given_up=1, tokens_read=900,
    tokens_reused=270, begun_alike=10, begun_anew=4, steps_of=(2, 0, 0, 5, 0, 0, 0, 0), rows_now=6,
    rows_waiting=9,
)  # fmt: skip
FULL = Equipment(
    "tuned",
    lambda: DECODER,
    lambda: WriterStats(written=20, regenerated=4, fallback=2, refused=6),
    lambda: (5, 8),
    lambda: ReadingStats(agreed=7, rules=2, decoder=3, unasked=4, failed=1),
)


def samples(equipment: Equipment) -> dict[str, float]:
    recommender = FakeRecommender()
    recommender.equipment = equipment
    metrics, turns = Metrics(), Turns(recommender)
    metrics.watch(turns)
    turns.close()
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chatrec_decoder_tokens_total generated", 40),
        ("chatrec_decoder_tokens_total read", 900),
        ("chatrec_decoder_tokens_total reused", 270),
        ("chatrec_decoder_events_total read_batch", 2),
        ("chatrec_decoder_events_total given_up", 1),
        ("chatrec_decoder_step_rows_bucket 1.0", 2),
        ("chatrec_decoder_step_rows_bucket 4.0", 2),
        ("chatrec_decoder_step_rows_bucket 8.0", 7),
        ("chatrec_decoder_step_rows_bucket +Inf", 7),
        ("chatrec_decoder_step_rows_count", 7),
        ("chatrec_decoder_step_rows_sum", 40),
        ("chatrec_decoder_rows", 6),
        ("chatrec_decoder_rows_waiting", 9),
        ("chatrec_sentences_total kept", 18),
        ("chatrec_sentences_total refused", 6),
        ("chatrec_sentences_total plain", 2),
        ("chatrec_messages_read_total both", 7),
        ("chatrec_messages_read_total decoder", 3),
        ("chatrec_messages_read_total rules_after_failure", 1),
        ("chatrec_cache_lookups_total prompt_beginnings yes", 10),
        ("chatrec_cache_lookups_total item_scores yes", 5),
        ("chatrec_cache_lookups_total item_scores no", 8),
    ],
)
def test_a_figure_is_what_was_counted(name: str, value: float) -> None:
    assert samples(FULL)[name] == value


def test_figures_are_those_of_the_moment() -> None:
    asked = iter((1, 2, 3))
    recommender = FakeRecommender()
    recommender.equipment = Equipment(lookups=lambda: (next(asked), 0))
    metrics, turns = Metrics(), Turns(recommender)
    metrics.watch(turns)
    turns.close()
    found = 'chatrec_cache_lookups_total{cache="item_scores",found="yes"}'
    assert [f"{found} {n}.0" in metrics.text().decode() for n in (1, 2)] == [True, True]


def test_parts_that_are_not_there_have_no_figures() -> None:
    names = set(samples(Equipment()))
    assert not any("decoder" in name or "sentences" in name for name in names)


def test_every_figure_that_the_guide_names_is_there(app_text: str) -> None:
    guide = (PROJECT_DIR / "docs" / "operations.md").read_text("utf-8")
    named = set(re.findall(r"`(chatrec_[a-z_]+)[`{\[]", guide))
    assert len(named) >= 10
    known = {line.split()[2] for line in app_text.splitlines() if line.startswith("# TYPE")}
    shapes = {f"{name}{end}" for name in known for end in ("", "_bucket", "_count", "_sum")}
    assert named - {"chatrec_database"} <= shapes


@pytest.fixture
def app_text(make_app: MakeApp, recommender: FakeRecommender) -> str:
    """What /metrics says of an application with all parts."""
    recommender.equipment = FULL
    with calling(make_app()) as client:
        return str(client.get("/metrics").text)


def test_ready_names_what_works_here(make_app: MakeApp, recommender: FakeRecommender) -> None:
    recommender.equipment = FULL
    with calling(make_app()) as client:
        told = _ready(client)
    assert told == {
        "items": 4, "domain": "film", "decoder": "default", "encoder": "tuned",
        "database": "sqlite",
    }  # fmt: skip


def _ready(client: TestClient) -> dict[str, object]:
    told = client.get("/ready").json()
    told.pop("status")
    return dict(told)


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """The equipment of one recommender is nobody else's."""
    yield
    assert FakeRecommender.equipment == Equipment()
