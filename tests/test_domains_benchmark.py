"""Ranking in a domain left out: the cases, the ranks of every mixture, and what shares rest on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.generation.item_head import ItemHead
from chatrec.training.examples import Met, TrainingSet
from chatrec.types import Item

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))  # scripts, and what they share

from domain_ranks import SHARES, Ranker, cases_of, centred
from domain_report import Ranked as Read
from domain_report import chosen, report
from domain_sets import SOURCES, DomainSet, drawn

ITEMS, WIDTH = 30, 16


class TinyModel:
    """Hidden states that say which token stands where, as a tuned model gives them."""

    device = torch.device("cpu")

    def eval(self) -> TinyModel:
        return self

    def get_base_model(self) -> TinyModel:
        return self

    def get_decoder(self) -> Any:
        table = torch.randn(300, 8, generator=torch.Generator().manual_seed(3))
        return lambda input_ids, use_cache: SimpleNamespace(
            last_hidden_state=table[input_ids].cumsum(dim=1)
        )


@pytest.fixture
def domain() -> DomainSet:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(ITEMS, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    catalog = Catalog([Item(str(n), f"Title {n}") for n in range(ITEMS)], "book")
    histories = [tuple(Met(int(i), True) for i in rng.permutation(ITEMS)[:12]) for _ in range(40)]
    data = TrainingSet(catalog, tuple(histories[:30]), vectors, tuple(histories[30:35]))
    return DomainSet("books", data, tuple(histories[35:]))


@pytest.fixture
def ranker() -> Ranker:
    torch.manual_seed(1)
    head = ItemHead(8, WIDTH, width=12)
    return Ranker(TinyModel(), head, lambda text: [ord(c) % 300 for c in text])


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


def test_the_ends_of_the_mixtures_are_dense_retrieval_and_popularity(
    ranker: Ranker, domain: DomainSet
) -> None:
    cases = cases_of(domain.test)
    plain, less_mean = domain.data.text_vectors, centred(domain.data).text_vectors
    found = ranker.ranks(domain, cases)
    ranks = found["mixed"]
    assert ranks.shape == (25, len(SHARES), len(SHARES))
    for case, places, dense in zip(cases, ranks, found["dense"], strict=True):
        met = [m.index for m in case.past]
        kept = np.setdiff1d(np.arange(ITEMS), met)
        for rank, vectors in ((dense, plain), (places[-1, 0], less_mean)):
            alike = vectors @ vectors[met[-10:]].mean(axis=0)
            assert rank == (alike[kept] >= alike[case.target]).sum()
        counts = domain.data.counts
        assert (places[:, -1] == (counts[kept] >= counts[case.target]).sum()).all()


def test_prompts_read_together_rank_as_each_alone(ranker: Ranker, domain: DomainSet) -> None:
    cases = cases_of(domain.test)
    together = ranker.ranks(domain, cases)
    for number in (0, 7, 24):
        alone = ranker.ranks(domain, [cases[number]])
        assert all((alone[kind][0] == together[kind][number]).all() for kind in together)


def test_centred_vectors_are_of_unit_length_and_less_their_mean(domain: DomainSet) -> None:
    vectors = centred(domain.data).text_vectors
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert not np.allclose(vectors, domain.data.text_vectors)


def test_users_are_drawn_with_items_that_enough_people_met() -> None:
    rng = np.random.default_rng(0)
    pasts = [[*rng.permutation(20)[:14], 20 + user] for user in range(60)]  # the last is its own
    histories = Histories.from_pasts(pasts, 80)
    parts = drawn(histories, 2026)
    assert parts == drawn(histories, 2026)
    assert len(parts["test"]) == 60  # nobody is left for the others, who come after
    assert all(met.index < 20 and met.liked for tail in parts["test"] for met in tail)


def written(folder: Path, validation_of_books: int) -> Path:
    """Ranks of four runs in which likeness of texts at a share of .4 is best but for books."""
    rng = np.random.default_rng(1)
    folder.mkdir()
    for left_out in SOURCES:
        found = {}
        for name in SOURCES:
            for part in ("test", "validation"):
                ranks = rng.integers(20, 50, (30, len(SHARES), len(SHARES))).astype(np.uint16)
                books = name == left_out == "books" and part == "validation"
                ranks[:, validation_of_books if books else 2] = 3
                found[f"{name} {part} mixed"] = ranks
                found[f"{name} {part} tuned"] = found[f"{name} {part} dense"] = ranks[:, 0, 0]
                found[f"{name} {part} users"] = np.repeat(np.arange(6), 5).astype(np.uint16)
        np.savez_compressed(folder / f"{left_out}.npz", **found)
        size = {name: {"items": 1000} for name in SOURCES}
        facts = {"command": f"python run --left-out {left_out}", "machine": {}, "options": {}}
        facts |= {"sets": size, "steps": 1, "scale": 1.0}
        facts |= {"popularity weight": 1.0, "seconds": {}}
        (folder / f"{left_out}.json").write_text(json.dumps(facts), "utf-8")
    return folder


def test_shares_are_chosen_on_the_other_domains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for best in (2, 5):
        report(written(tmp_path / str(best), best), tmp_path / f"{best}.json")
        told.append(json.loads((tmp_path / f"{best}.json").read_text("utf-8")))
    assert told[0]["domains"]["books"] == told[1]["domains"]["books"]
    assert told[0]["domains"]["books"]["shares"]["head + centred"] == {
        "centred": 0.4,
        "popularity": 0,
    }
    assert told[0]["domains"]["films"]["differences"]["head + centred minus dense"]["mean"] > 0
    assert told[0]["command"] == "python run"
    assert "| books |" in capsys.readouterr().out


def test_with_popularity_means_some_of_it_and_not_it_alone() -> None:
    ranks = np.full((4, len(SHARES), len(SHARES)), 40.0)
    ranks[:, :, -1] = 1.0  # popularity alone would be best of all
    orders = chosen([Read(ranks, ranks[:, 0, 0], ranks[:, 0, 0], np.arange(4))])
    last = len(SHARES) - 1
    assert all(0 < b < last for name, (_, b) in orders.items() if "+ popularity" in name)
    assert orders["popularity"][1] == last
