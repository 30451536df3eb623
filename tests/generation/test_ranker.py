from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_decoders import tiny_decoder

from chatrec.data.catalog import Catalog
from chatrec.errors import ModelError
from chatrec.generation.item_head import HeadFacts, ItemHead, load_head, log_popularity, save_head
from chatrec.generation.ranker import (
    FusedRanker,
    ItemHeadRanker,
    ItemHeadScorer,
    LabelRanker,
    LearnedOrderRanker,
    diversify,
)
from chatrec.types import Candidate, Item, Place, Query

CATALOG = Catalog([Item(str(i), f"Film {chr(65 + i)}", creators=(f"D{i // 3}",)) for i in range(9)])
POOL = [Candidate(str(i), 1.0 - i / 10, "fusion") for i in range(9)]
FACTS = HeadFacts("tiny", "enc", "rev", ("film",), 1.0, 0.0)


@pytest.fixture(scope="module")
def scorer() -> ItemHeadScorer:
    torch.manual_seed(0)
    decoder = tiny_decoder("llama")
    head = ItemHead(decoder.hidden_size, 6, width=8)
    vectors = np.random.default_rng(0).normal(size=(9, 6)).astype(np.float32)
    return ItemHeadScorer(decoder, head, CATALOG, vectors, np.zeros(9, np.float32))


def rankers(scorer):
    return {
        "item_head": ItemHeadRanker(scorer, FACTS, CATALOG),
        "fusion": FusedRanker(),
        "labels": LabelRanker(tiny_decoder("llama"), CATALOG),
    }


@pytest.mark.parametrize("name", ["item_head", "fusion", "labels"])
def test_contract_same_candidates_and_what_led(scorer, name):
    ranked, led_by = rankers(scorer)[name].rank(Query(history=tuple("012345678")), POOL)
    assert sorted(c.item_id for c in ranked) == sorted(c.item_id for c in POOL)
    assert led_by == name
    assert rankers(scorer)[name].rank(Query(), [])[0] == []


@pytest.mark.parametrize("name", ["item_head", "fusion", "labels"])
def test_what_retrieval_said_of_a_candidate_stays_with_it(scorer, name):
    pool = [replace(c, places=(Place("a", n, 9),)) for n, c in enumerate(POOL, start=1)]
    ranked, _ = rankers(scorer)[name].rank(Query(liked=("1",)), pool)
    assert {c.item_id: c.places for c in ranked} == {c.item_id: c.places for c in pool}


def test_head_scores_are_log_probabilities_of_the_whole_catalogue(scorer):
    scores = scorer.scores(Query(liked=("1", "2")))
    assert scores.shape == (9,)
    assert np.exp(scores).sum() == pytest.approx(1.0, abs=1e-5)


def test_share_one_is_the_heads_order_and_share_zero_the_fused(scorer):
    query = Query(liked=("0",))
    ranker = ItemHeadRanker(scorer, FACTS, CATALOG)
    by_head = [c.item_id for c in ranker.blend(query, POOL, 1.0)]
    assert by_head == [str(i) for i in np.argsort(-scorer.scores(query), kind="stable")]
    assert [c.item_id for c in ranker.blend(query, POOL, 0.0)] == [c.item_id for c in POOL]


def test_with_a_wish_the_wish_share_leads(scorer):
    ranker = ItemHeadRanker(scorer, FACTS, CATALOG)
    assert ranker.rank(Query(text="a wish"), POOL)[1] == "fusion"


def test_the_heads_share_grows_with_what_is_known_of_a_taste(scorer):
    ranker = ItemHeadRanker(scorer, FACTS, CATALOG)
    shares = [ranker.share(Query(liked=tuple("012345678"[:n]))) for n in (0, 1, 3, 9)]
    assert shares == pytest.approx([0.0, 1 / 2, 3 / 4, 9 / 10])
    assert ranker.rank(Query(near=("0",)), POOL)[1] == "fusion"


def test_an_item_to_be_like_lowers_the_heads_share_of_a_wish_too(scorer):
    facts = HeadFacts("tiny", "enc", "rev", ("film",), 1.0, 0.6)
    ranker = ItemHeadRanker(scorer, facts, CATALOG)
    assert ranker.share(Query(text="a wish")) == 0.6
    assert ranker.share(Query(text="a wish", near=("0",))) == pytest.approx(0.1)


def test_labelled_candidates_score_above_the_rest():
    catalog = Catalog([Item(str(i), f"Film {i}") for i in range(25)])
    pool = [Candidate(str(i), 1.0 - i / 100, "fusion") for i in range(25)]
    ranked, _ = LabelRanker(tiny_decoder("llama"), catalog).rank(Query(text="a film"), pool)
    scores = [candidate.score for candidate in ranked]
    assert scores == sorted(scores, reverse=True)
    assert [candidate.item_id for candidate in ranked[20:]] == ["20", "21", "22", "23", "24"]


def test_head_survives_saving(tmp_path):
    head = ItemHead(32, 6, width=8)
    save_head(head, FACTS, tmp_path / "h.safetensors")
    again, facts = load_head(tmp_path / "h.safetensors")
    assert facts == FACTS
    text = torch.randn(3, 6)
    assert torch.allclose(again.item_vectors(text), head.item_vectors(text), atol=1e-2)


def test_a_file_without_facts_is_no_head(tmp_path):
    from safetensors.torch import save_file

    save_file({"x": torch.zeros(1)}, tmp_path / "h.safetensors")
    with pytest.raises(ModelError, match="is not an item head"):
        load_head(tmp_path / "h.safetensors")


def test_item_vectors_have_length_one():
    lengths = ItemHead(32, 6, width=8).item_vectors(torch.randn(5, 6)).norm(dim=-1)
    assert torch.allclose(lengths, torch.ones(5))


def test_log_popularity_is_centred_and_rises_with_counts():
    values = log_popularity(np.array([0, 9, 99]))
    assert values.sum() == pytest.approx(0, abs=1e-5)
    assert values[0] < values[1] < values[2]


def test_at_most_two_share_a_creator_unless_asked():
    same = np.eye(9, dtype=np.float32)
    chosen = diversify(POOL, same, CATALOG, 5)
    makers = [CATALOG.get(c.item_id).creators[0] for c in chosen]
    assert max(makers.count(m) for m in makers) == 2
    free = diversify(POOL, same, CATALOG, 3, limit_creators=False)
    assert [c.item_id for c in free] == ["0", "1", "2"]


def test_a_creator_named_twice_is_one():
    twice = [Item(str(i), f"Film {chr(65 + i)}", creators=("A", "A")) for i in range(2)]
    catalog = Catalog([*twice, Item("2", "Other", creators=("B",))])
    ranked = [Candidate(str(i), 1.0 - i / 2, "a") for i in range(3)]
    chosen = diversify(ranked, np.eye(3, dtype=np.float32), catalog, 2)
    assert [c.item_id for c in chosen] == ["0", "1"]


def test_what_is_far_ahead_stays_ahead_of_variety():
    alike = np.eye(9, dtype=np.float32)
    alike[0, 1] = alike[1, 0] = 0.9
    ahead = [Candidate(str(i), score, "a") for i, score in enumerate((9, 8.5, 1, 0.9, 0.8))]
    assert [c.item_id for c in diversify(ahead, alike, CATALOG, 2)] == ["0", "1"]


def test_diversify_passes_over_a_near_copy():
    alike = np.eye(9, dtype=np.float32)
    alike[0, 1] = alike[1, 0] = 1.0
    chosen = [c.item_id for c in diversify(POOL, alike, CATALOG, 2)]
    assert chosen == ["0", "2"]


def test_what_a_learned_fusion_ordered_stays_and_the_rest_is_ranked():
    class Reversing:
        def rank(self, query, pool):
            return list(reversed(pool)), "item_head"

    pool = [Candidate("a", 2.0, "fusion"), Candidate("b", 1.0, "fusion")]
    ranker = LearnedOrderRanker(Reversing(), lambda query: not query.text)
    assert ranker.rank(Query(history=("c",)), pool) == (pool, "fusion")
    assert ranker.rank(Query(text="a comedy"), pool) == (pool[::-1], "item_head")
