from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from tiny_decoders import tiny_decoder

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.generation.item_head import HeadFacts, ItemHead
from chatrec.generation.movers import LEFT_OUT, Moved, Movers
from chatrec.generation.ranker import ItemHeadRanker, ItemHeadScorer
from chatrec.types import Candidate, Example, Item, LedBy, Query

CATALOG = Catalog([Item(str(i), f"Film {chr(65 + i)}") for i in range(12)])
FACTS = HeadFacts("tiny", "enc", "rev", ("film",), 0.8, 0.0)
FAMILIES = ("llama", "qwen3", "gemma3", "mistral")


def scorer_over(family: str = "llama") -> ItemHeadScorer:
    torch.manual_seed(0)
    decoder = tiny_decoder(family)
    head = ItemHead(decoder.hidden_size, 6, width=8)
    vectors = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
    return ItemHeadScorer(decoder, head, CATALOG, vectors, np.zeros(12, np.float32))


def same(query: Query) -> Query:
    return query


class Likers:
    """Orders films "1" to "4": each liked film moves "4" one place up, "9" takes "2" out."""

    def __init__(self, led_by: LedBy = "fusion") -> None:
        self.led_by = led_by
        self.asked: list[Query] = []

    def __call__(self, query: Query) -> tuple[Sequence[Candidate], LedBy]:
        self.asked.append(query)
        ids = [i for i in "123" if i != "2" or "9" in query.disliked]
        ids.insert(max(len(ids) - len(query.liked), 0), "4")
        return [Candidate(item_id, 0.0, "toy") for item_id in ids], self.led_by


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shared", [1, 40])
def test_a_beginning_that_is_read_once_gives_the_same_states(family: str, shared: int) -> None:
    decoder = tiny_decoder(family)
    ids = decoder.encode_text("a long evening with films that nobody has ever seen before. " * 3)
    ends = [ids[shared : shared + n] for n in (1, 9, 30)]
    whole = decoder.last_hidden([[*ids[:shared], *end] for end in ends])
    assert torch.allclose(decoder.last_hidden_after(ids[:shared], ends), whole, atol=1e-4)


def test_no_beginning_and_no_end_are_read_as_they_are() -> None:
    decoder = tiny_decoder("llama")
    ids = decoder.encode_text("films")
    alone = decoder.last_hidden([ids, ids[:2]])
    assert torch.equal(decoder.last_hidden_after([], [ids, ids[:2]]), alone)
    whole = decoder.last_hidden([ids, ids[:2]])
    assert torch.allclose(decoder.last_hidden_after(ids[:2], [ids[2:], []]), whole, atol=1e-5)
    with pytest.raises(RequestError, match="no tokens"):
        decoder.last_hidden_after([], [[]])


def test_a_gain_is_what_the_heads_log_probability_loses_without_the_title() -> None:
    scorer = scorer_over()
    movers = Movers(CATALOG, Likers("item_head"), same, ItemHeadRanker(scorer, FACTS, CATALOG))
    query = Query("a calm film", history=("0", "1"), liked=("2",), disliked=("1", "3"))
    moved = movers.of(query, ["7", "8"], "item_head")
    assert moved is not None
    assert (moved.led_by, moved.left_out) == ("item_head", ("0", "1", "3", "2"))
    assert moved.share == 0.0  # of a wish, by its facts
    less = {
        "0": Query("a calm film", history=("1",), liked=("2",), disliked=("1", "3")),
        "1": Query("a calm film", history=("0",), liked=("2",), disliked=("3",)),
        "3": Query("a calm film", history=("0", "1"), liked=("2",), disliked=("1",)),
        "2": Query("a calm film", history=("0", "1"), disliked=("1", "3")),
    }
    for item_id in ("7", "8"):
        lost = [
            scorer.scores(query)[int(item_id)] - scorer.scores(less[left])[int(item_id)]
            for left in moved.left_out
        ]
        assert moved.gains[item_id] == pytest.approx(lost, abs=1e-4)
        assert max(map(abs, lost)) > 1e-3


def test_no_older_title_comes_in_where_the_window_is_full() -> None:
    scorer = scorer_over()
    many = Query(history=tuple(str(n % 12) for n in range(400)))
    seen: list[Sequence[Sequence[int]]] = []
    read = scorer._decoder.last_hidden_after

    def watched(beginning: Sequence[int], ends: Sequence[Sequence[int]]) -> torch.Tensor:
        seen.append([[*beginning, *end] for end in ends])
        return read(beginning, ends)

    scorer._decoder.last_hidden_after = watched  # type: ignore[method-assign]  # only watches
    scorer.scores_without(many, ["11"])
    whole, less = seen[0]
    assert len(less) < len(whole)


def test_only_the_last_titles_are_left_out_and_a_repeated_one_counts_once() -> None:
    order = Likers()
    history = (*map(str, range(10)), "9")
    moved = Movers(CATALOG, order, same).of(Query(history=history), ["1"], "fusion")
    assert moved is not None
    assert moved.left_out == tuple(map(str, range(2, 10)))
    assert len(moved.left_out) == LEFT_OUT
    assert order.asked[-1].history == tuple(map(str, range(9)))


def test_a_gain_is_in_places_where_the_fused_order_led() -> None:
    query = Query(liked=("7", "8"), disliked=("9",), seen=frozenset({"7"}))
    order = Likers()
    moved = Movers(CATALOG, order, same).of(query, ["4", "1", "2", "no such film"], "fusion")
    assert moved == Moved(
        "fusion",
        ("9", "7", "8"),
        # from 1 4 2 3 to 4 1 3 without "9", and to 1 2 4 3 without either of the liked
        {"4": (-1.0, 1.0, 1.0), "1": (1.0, 0.0, 0.0), "2": (1.0, -1.0, -1.0)},
    )


def test_what_is_not_found_without_a_title_counts_as_the_last() -> None:
    moved = Movers(CATALOG, Likers(), same).of(Query(disliked=("9",)), ["2"], "fusion")
    assert moved is not None
    assert moved.gains == {"2": (2.0,)}  # second of four, and one after the last of three


def test_where_nothing_was_named_nothing_moved_it() -> None:
    head = ItemHeadRanker(scorer_over(), FACTS, CATALOG)
    for led_by in ("fusion", "item_head"):
        moved = Movers(CATALOG, Likers(), same, head).of(Query("calm"), ["1"], led_by)
        assert moved == Moved(led_by, (), {"1": ()}, 0.0)


def test_what_led_is_found_out_where_it_is_not_told() -> None:
    moved = Movers(CATALOG, Likers(), same).of(Query(liked=("7",)), ["4"])
    assert moved is not None
    assert moved.led_by == "fusion"
    assert Movers(CATALOG, Likers("labels"), same).of(Query(liked=("7",)), ["4"]) is None


@pytest.mark.parametrize(
    ("led_by", "now"), [("labels", "labels"), ("item_head", "fusion"), ("fusion", "labels")]
)
def test_nothing_is_told_where_what_led_cannot_be_measured_any_more(
    led_by: LedBy, now: LedBy
) -> None:
    assert Movers(CATALOG, Likers(now), same).of(Query(liked=("7",)), ["4"], led_by) is None


def test_what_the_catalogue_lacks_is_passed_over() -> None:
    query = Query(liked=("gone", "7"), examples=(Example(("gone",), "1"),))
    order = Likers()
    moved = Movers(CATALOG, order, same).of(query, ["gone", "4"], "fusion")
    assert moved is not None
    assert moved.left_out == ("7",)
    assert list(moved.gains) == ["4"]
    assert order.asked[0] == Query(liked=("7",))


def test_the_heads_scores_for_a_fused_order_are_read_in_one_batch() -> None:
    scorer = scorer_over()
    heard: list[Query] = []

    def order(query: Query) -> tuple[Sequence[Candidate], LedBy]:
        heard.append(query)
        return scorer.retrieve(Query(**{**fields(query), "text": "calm"}), 5), "fusion"

    def fields(query: Query) -> dict[str, object]:
        return {name: getattr(query, name) for name in Query.__slots__}

    def without_noun(query: Query) -> Query:
        return Query(**{**fields(query), "text": "calm"})

    head = ItemHeadRanker(scorer, FACTS, CATALOG)
    Movers(CATALOG, order, without_noun, head).of(Query("calm film", liked=("1", "2")), ["3"])
    movers = Movers(CATALOG, order, without_noun, head)
    before = scorer.lookups
    movers.of(Query("calm film", liked=("5", "6")), ["3"], "fusion")
    assert scorer.lookups == (before[0] + 3, before[1])
