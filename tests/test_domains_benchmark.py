"""Ranking in a domain left out: the cases, the scores, the ranks, and what weights rest on."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.training.examples import Met, TrainingSet
from chatrec.types import Item

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))  # scripts, and what they share

from domain_ranks import (
    BY_PAST,
    DECODERS,
    DIRECTIONS,
    ORDERS,
    POPULARITY,
    TEXTS,
    Ranker,
    cases_of,
)
from domain_report import COLUMNS, chosen, markdown, report
from domain_report import Ranked as Read
from domain_scores import Reading, TextScore, centred, recency
from domain_sets import SOURCES, DomainSet, drawn
from domain_tune import Options, fit_reading, fit_text_score, on_device

ITEMS, WIDTH, HIDDEN = 30, 16, 8
CPU = torch.device("cpu")


class TinyModel(nn.Module):
    """Hidden states that say which token stands where, as a tuned model gives them."""

    device = CPU

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(3)
        self.table = nn.Parameter(torch.randn(300, HIDDEN, generator=generator))

    def get_base_model(self) -> TinyModel:
        return self

    def get_decoder(self) -> Any:
        return lambda input_ids, use_cache: SimpleNamespace(
            last_hidden_state=self.table[input_ids].cumsum(dim=1)
        )


def encode(text: str) -> list[int]:
    return [ord(c) % 300 for c in text]


@pytest.fixture
def domain() -> DomainSet:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(ITEMS, WIDTH)).astype(np.float32) + 0.3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    catalog = Catalog([Item(str(n), f"Title {n}") for n in range(ITEMS)], "book")
    histories = [tuple(Met(int(i), True) for i in rng.permutation(ITEMS)[:12]) for _ in range(40)]
    data = TrainingSet(catalog, tuple(histories[:30]), vectors, tuple(histories[30:35]))
    return DomainSet("books", data, tuple(histories[35:]))


@pytest.fixture
def ranker() -> Ranker:
    torch.manual_seed(1)
    reading = Reading(HIDDEN, WIDTH)
    for parameter in reading.parameters():
        nn.init.normal_(parameter, std=0.3)
    return Ranker(TinyModel(), reading, TextScore(), encode)


def numbers(*indexes: int) -> tuple[Met, ...]:
    return tuple(Met(i, True) for i in indexes)


def test_cases_are_the_last_five_after_five_others_and_never_what_was_had() -> None:
    cases = cases_of([numbers(0, 1, 2, 3, 4, 5, 6), numbers(*range(11), 3)])
    assert [(c.user, len(c.past), c.target) for c in cases] == [
        (0, 5, 5),
        (0, 6, 6),
        (1, 7, 7),
        (1, 8, 8),
        (1, 9, 9),
        (1, 10, 10),
    ]


def test_what_texts_alone_say_without_a_kernel_and_what_popularity_says(
    ranker: Ranker, domain: DomainSet
) -> None:
    cases = cases_of(domain.test)
    vectors = domain.data.text_vectors
    found = ranker.ranks(domain, cases)
    assert found["mixed"].shape == (25, len(ORDERS), len(POPULARITY))
    for case, mixed, popular in zip(cases, found["mixed"], found["popularity"], strict=True):
        met = [m.index for m in case.past]
        kept = np.setdiff1d(np.arange(ITEMS), met)
        plain = vectors @ vectors[met[-10:]].mean(axis=0)
        apart = vectors[met[-10:]].mean(axis=0) - vectors.mean(axis=0)
        product = vectors @ (apart / np.linalg.norm(apart))
        counts = domain.data.counts
        for rank, scores in ((mixed[0, 0], plain), (mixed[1, 0], product), (popular, counts)):
            assert rank == (scores[kept] >= scores[case.target]).sum()


def test_prompts_read_together_rank_as_each_alone(ranker: Ranker, domain: DomainSet) -> None:
    cases = cases_of(domain.test)
    together = ranker.ranks(domain, cases)
    for number in (0, 7, 24):
        alone = ranker.ranks(domain, [cases[number]])
        assert all((alone[kind][0] == together[kind][number]).all() for kind in together)


def test_a_reading_that_learnt_nothing_leaves_the_text_score_as_it_is(domain: DomainSet) -> None:
    ranker = Ranker(TinyModel(), Reading(HIDDEN, WIDTH), TextScore(), encode)
    mixed = ranker.ranks(domain, cases_of(domain.test))["mixed"]
    texts = mixed[:, ORDERS.index(TEXTS[0]) : ORDERS.index(DECODERS[0])]
    assert (mixed[:, ORDERS.index(DECODERS[0]) :] == texts.repeat(len(DIRECTIONS), axis=1)).all()


def test_by_past_takes_the_mixture_that_foretold_the_past(domain: DomainSet) -> None:
    """In one domain people go by popularity, and in the other by texts alone."""
    ranker = Ranker(TinyModel(), Reading(HIDDEN, WIDTH), TextScore(), encode)
    near = np.zeros((ITEMS, WIDTH), dtype=np.float32)
    near[np.arange(ITEMS), np.arange(ITEMS) // 15] = 1.0  # two halves, each alike
    near[np.arange(ITEMS), 2 + np.arange(ITEMS) % 14] = 0.2
    liked = [*range(0, 15, 2), *range(15, 30, 2)]  # half of each, which all others met
    by_popularity = numbers(*(half[n] for n in range(7) for half in (liked[:8], liked[8:])))
    by_text = numbers(*range(1, 15, 2), 0, 2, 4, 6)
    data = replace(domain.data, text_vectors=near, histories=(numbers(*liked),) * 30)
    worth: dict[str, Any] = {}
    for name, history in (("popularity", by_popularity), ("text", by_text)):
        ranks = ranker.ranks(replace(domain, data=data), cases_of([history]))
        own = ranks["by past"][:, BY_PAST.index("text score + popularity")]
        mixed = ranks["mixed"][:, ORDERS.index(TEXTS[0])]
        worth[name] = (own, mixed)
    assert (worth["popularity"][0] < worth["popularity"][1][:, 0]).any()
    assert (worth["popularity"][0] <= worth["popularity"][1][:, 0]).all()
    assert (worth["text"][0] == worth["text"][1][:, 0]).all()


def test_centred_vectors_are_of_unit_length_and_less_their_mean(domain: DomainSet) -> None:
    plain = domain.data.text_vectors
    found = centred(plain)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    expected = plain[3] - plain.mean(axis=0)
    assert np.allclose(found[3], expected / np.linalg.norm(expected), atol=1e-5)


def test_the_text_score_prefers_what_is_near_one_of_two_interests_to_their_middle() -> None:
    score = TextScore()
    items = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.5**0.5, 0.5**0.5], [-1.0, 0.0]])
    with torch.no_grad():
        (after,) = score(items[None, :2], items, torch.zeros(1, 1, 2))[0].tolist()
        (newest,) = score(items[None, :2], items, recency(2, 0.9)[None, 1:])[0].tolist()
    assert after[0] > after[2] > after[3]
    assert newest[1] > newest[0]


def test_recency_weighs_a_step_back_less_and_never_what_comes() -> None:
    weights = recency(3, 0.9).exp()
    assert weights[2].tolist() == pytest.approx([0.81, 0.9, 1.0])
    assert weights[0].tolist() == [1.0, 0.0, 0.0]


def test_the_reading_learns_which_items_follow(domain: DomainSet) -> None:
    """Each item is followed by the next of a ring, in any history."""
    ring = [numbers(*((start + n) % ITEMS for n in range(12))) for start in range(ITEMS)]
    learnt = on_device(replace(domain, data=replace(domain.data, histories=tuple(ring))), CPU)
    options = Options(steps=61, text_steps=51, reading_rate=0.02, lora_rate=0.01)
    told: list[str] = []
    torch.manual_seed(0)
    score, reading = TextScore(), Reading(HIDDEN, WIDTH)
    fit_text_score(score, [learnt], options, told.append)
    text = float(told.pop().split(": ")[1])
    told.clear()
    scale = score.log_scale.item()
    steps = fit_reading(
        TinyModel(), reading, score, [learnt], encode, options, float("inf"), told.append
    )
    read = [float(line.split(": ")[1]) for line in told]
    assert steps == 61
    assert read[-1] < min(read[0], text) - 0.1
    assert score.log_scale.item() == scale  # what it is compared with stays as it was


def test_users_are_drawn_with_items_that_enough_people_met() -> None:
    rng = np.random.default_rng(0)
    pasts = [[*rng.permutation(20)[:14], 20 + user] for user in range(60)]  # the last is its own
    histories = Histories.from_pasts(pasts, 80)
    parts = drawn(histories, 2026)
    assert parts == drawn(histories, 2026)
    assert len(parts["test"]) == 60  # nobody is left for the others, who come after
    assert all(met.index < 20 and met.liked for tail in parts["test"] for met in tail)


def written(folder: Path, best_in_books: int) -> Path:
    """Ranks of four runs in which one direction's share is best on validation users of each."""
    rng = np.random.default_rng(1)
    folder.mkdir()
    for left_out in SOURCES:
        found = {}
        for part in ("test", "validation"):
            ranks = rng.integers(20, 50, (30, len(ORDERS), len(POPULARITY))).astype(np.uint16)
            books = left_out == "books" and part == "validation"
            ranks[:, -len(DECODERS) + (best_in_books if books else 2)] = 3
            found[f"{part} mixed"] = ranks
            found[f"{part} by past"] = np.full((30, len(BY_PAST)), 10, dtype=np.uint16)
            found[f"{part} popularity"] = np.full(30, 40, dtype=np.uint16)
            found[f"{part} users"] = np.repeat(np.arange(6), 5).astype(np.uint16)
        np.savez_compressed(folder / f"{left_out}.npz", **found)
        size = {name: {"items": 1000} for name in SOURCES}
        facts = {
            "command": f"python run --left-out {left_out}",
            "machine": {"gpu": None},
            "options": {},
        }
        facts |= {"sets": size, "steps": 1, "text score": {}, "seconds": {}}
        (folder / f"{left_out}.json").write_text(json.dumps(facts), "utf-8")
    return folder


def test_weights_are_chosen_on_the_other_domains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for best in (2, 0):
        report(written(tmp_path / str(best), best), tmp_path / f"{best}.json")
        told.append(json.loads((tmp_path / f"{best}.json").read_text("utf-8")))
    assert told[0]["domains"]["books"] == told[1]["domains"]["books"]
    assert told[0]["domains"]["books"]["weights"]["decoder"] == {
        "order": DECODERS[2],
        "popularity": 0.0,
    }
    assert told[0]["domains"]["films"]["differences"]["decoder minus centred"]["mean"] > 0
    assert told[0]["command"] == "python run"
    assert "| books |" in capsys.readouterr().out
    assert "validation users of the other domains" in markdown(told[0], "made by hand")


def test_with_popularity_means_some_of_it() -> None:
    ranks = np.full((4, len(ORDERS), len(POPULARITY)), 40.0)
    ranks[:, :, 0] = 1.0  # none would be best of all
    by_past = np.full((4, len(BY_PAST)), 40.0)
    places = chosen([Read(ranks, by_past, ranks[:, 0, 0], np.arange(4))])
    assert set(places) | {"popularity"} == set(COLUMNS)
    assert all(
        weight is not None and weight > 0
        for column, (_, weight) in places.items()
        if column.endswith("+ popularity")
    )
    assert places["decoder + popularity by past"] == (BY_PAST.index("decoder + popularity"), None)
