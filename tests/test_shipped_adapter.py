"""The benchmark of the shipped adapter: its cases, its ranks, and its figures from ranks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from chatrec.data.workspace import Workspace
from chatrec.generation.item_head import HeadFacts, ItemHead

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(str(Path(__file__).resolve().parent.parent / "benchmarks"))
    from shipped_adapter import weights_bytes
    from shipped_cases import KNOWN, LEARNT, OTHER, SILENT, Case, Cases, arrays_of, names
    from shipped_ranks import blended_ranks, item_ranks, refitted
    from shipped_report import change_interval, figures, markdown
    from shipped_sets import PackedSet, in_bytes

WIDTH = 8


class Reader:
    """Stands in for the encoder of wishes: each text's vector follows from its letters."""

    def read(self, texts: Sequence[str]) -> None:
        self.texts = set(texts)

    def encode_queries(self, texts: Sequence[str]) -> Any:
        assert self.texts.issuperset(texts)
        rows = np.array([[text.count(letter) for letter in "aeioustr"] for text in texts], float)
        return (rows / np.linalg.norm(rows + 1e-3, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def cases(toy_workspace: Path) -> Cases:
    return Cases(
        Workspace.open(toy_workspace), lambda text: list(text.encode()), {}, people_of="toy", seed=1
    )


@pytest.fixture
def packed(cases: Cases, tmp_path: Path) -> Path:
    """The toy workspace's set as ``pack`` writes it."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(cases.catalog), WIDTH)).astype(np.float32)
    cold, shown = cases.cold({"dense": Reader(), "dense, tuned": Reader()}, vectors)
    groups = {
        "warm": list(cases.warm("test", 2)),
        "validation": list(cases.warm("validation", 1)),
        "training": list(cases.training())[:5],
        "cold": cold,
    }
    codes, steps = in_bytes(vectors)
    arrays = {f"{group} {n}": a for group, of in groups.items() for n, a in arrays_of(of).items()}
    path = tmp_path / "toy.npz"
    np.savez_compressed(path, items=codes, steps=steps, counts=cases.counts, **arrays)
    (tmp_path / "messages.json").write_text(json.dumps({"toy": shown}), encoding="utf-8")
    return path


def test_a_vector_in_bytes_is_off_by_at_most_half_a_step():
    vectors = np.random.default_rng(0).normal(size=(20, WIDTH)).astype(np.float32)
    codes, steps = in_bytes(vectors)
    assert codes.dtype == np.int8
    assert (np.abs(codes * steps[:, None] - vectors) <= steps[:, None] * 0.501).all()


def test_a_title_is_named_by_all_its_words_in_a_row():
    assert names("Star Wars: A New Hope", "the star wars film")
    assert not names("Star Wars", "wars among the stars")
    assert not names("!!!", "anything!!! please")


def test_cold_cases_know_few_items_and_do_not_name_what_they_ask_for(cases: Cases):
    vectors = np.eye(len(cases.catalog), WIDTH, dtype=np.float32)
    cold, shown = cases.cold({"dense": Reader(), "dense, tuned": Reader()}, vectors)
    assert {case.kind for case in cold} == {LEARNT, OTHER, SILENT}
    assert {case.known for case in cold} == set(KNOWN)
    assert shown
    for case in cold:
        lines = bytes(case.tokens).decode().splitlines()
        asked = " ".join(line for line in lines if line.startswith("?"))
        assert bool(asked) == (case.kind != SILENT)
        assert not names(cases.catalog.items[case.target].title, asked)
        assert len(case.before) == case.known
        assert case.target not in case.before
        assert set(case.ranks) == {"dense", "dense, tuned"}
        assert not {item for item, _ in case.pool} & set(case.before)
        assert (not case.pool) == (case.kind == SILENT and case.known == 0)


def test_warm_cases_are_the_last_items_with_all_that_came_before(cases: Cases):
    warm = list(cases.warm("test", 2))
    assert warm
    assert [case.back for case in warm[:2]] == [2, 1]
    assert warm[0].target in warm[1].before
    assert all(case.target not in case.before for case in warm)


def test_a_packed_set_gives_back_its_prompts_and_every_third_of_them(packed: Path, cases: Cases):
    warm = list(cases.warm("test", 2))
    whole = PackedSet(packed).groups["warm"]
    assert whole.tokens == [list(case.tokens) for case in warm]
    assert whole.before == [list(case.before) for case in warm]
    thirds = PackedSet(packed, every=3).groups["warm"]
    assert thirds.tokens == whole.tokens[::3]
    assert set(whole.last(1).column("back")) == {1}


def test_the_head_ranks_its_target_among_what_was_not_met(packed: Path):
    data = PackedSet(packed)
    head = ItemHead(WIDTH, 4, WIDTH)
    with torch.no_grad():
        head.state.weight.copy_(torch.eye(WIDTH))
        head.state.bias.zero_()
        head.popularity_weight.zero_()
    group = data.groups["warm"]
    targets = group.column("target")
    own = torch.from_numpy(data.items[targets])
    ranks = item_ranks(head, data, own, group)
    scores = data.items @ (own / own.norm(dim=1, keepdim=True)).numpy().T  # (N, P)
    for place, rank in enumerate(ranks):
        kept = np.setdiff1d(np.arange(len(data.items)), group.before[place])
        assert rank == (scores[kept, place] >= scores[targets[place], place] - 1e-5).sum()


def test_a_blend_with_all_shares_in_the_head_has_its_order_and_with_none_that_of_dense(
    packed: Path,
):
    data = PackedSet(packed)
    head, group = ItemHead(WIDTH, 4, WIDTH), data.groups["cold"]
    states = torch.randn(len(group.rows), WIDTH, generator=torch.Generator().manual_seed(0))
    facts = HeadFacts("base", "encoder", "revision", ("film",), 2.0, 1.0)
    asked = group.column("kind") != SILENT
    own = np.array(item_ranks(head, data, states, group))
    blended = np.array(blended_ranks(head, facts, data, states))
    assert (own[asked & (own <= 10)] == blended[asked & (own <= 10)]).all()
    dense = np.array(blended_ranks(head, replace(facts, wish_weight=0.0), data, states))
    stored = group.column("rank dense, tuned").astype(int)
    first = asked & (stored <= 3)
    assert first.any()
    assert (np.abs(dense - stored)[first] <= 1).all()  # scores in bytes may tie


def test_a_head_fitted_to_turned_states_says_what_it_said_before():
    generator = torch.Generator().manual_seed(0)
    head = ItemHead(WIDTH, 4, 6)
    states = torch.randn(200, WIDTH, generator=generator)
    turn = torch.linalg.qr(torch.randn(WIDTH, WIDTH, generator=generator)).Q
    aims = head.state(states).detach()
    fitted = refitted(head, states @ turn + 0.5, aims, 1e-6)
    assert torch.allclose(fitted.state(states @ turn + 0.5), aims, atol=1e-3)
    assert not torch.allclose(head.state(states @ turn + 0.5), aims, atol=0.1)


def test_weights_that_are_shared_count_once():
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 4, bias=False), torch.nn.Linear(4, 4, bias=False)
    )
    assert weights_bytes(model) == 2 * 16 * 4
    model[1].weight = model[0].weight
    assert weights_bytes(model) == 16 * 4


def test_the_relative_change_of_a_column_to_itself_is_none():
    values, users = np.array([0.0, 1.0, 0.5, 0.2]), np.array([0, 0, 1, 2])
    assert change_interval(values, values, users) == (0.0, 0.0)
    low, high = change_interval(0.9 * values, values, users)
    assert low == pytest.approx(-0.1)
    assert high == pytest.approx(-0.1)


def test_figures_compare_each_form_with_the_first_on_the_same_cases(packed: Path):
    data = PackedSet(packed)
    warm, cold = (len(data.groups[group].rows) for group in ("warm", "cold"))
    first = entry("bf16", [1] * warm) | {"ranks": {"warm": {"toy": [1] * warm}}}
    first["ranks"] |= {"cold": {"toy": [1] * cold}, "cold, blended": {"toy": [65_535] * cold}}
    second = entry("nf4", [3] * len(data.groups["warm"].last(1).rows)) | {"last": 1}
    found = figures(packed.parent, [first, second])
    nf4 = found["forms"]["nf4"]["ndcg@10"]["all sets"]
    assert (nf4["mean"], nf4["reference"]) == (0.5, 1.0)
    assert nf4["change"] == pytest.approx(-0.5)
    assert found["forms"]["nf4"]["weights / reference"] == 1.0
    rows = found["cold"]["bf16"]["toy"]
    assert len(rows) == 3 * len(KNOWN)
    for row in rows.values():
        assert row["orders"]["item head"]["hr@10"]["mean"] == 1.0
        assert row["orders"]["blended"]["hr@10"]["mean"] == 0.0
    text = markdown(found, "shipped.json")
    assert "| nf4 | 1.0 | 1.000 | toy |" in text
    assert "toy: NDCG@10 / HR@10" in text


def entry(form: str, ranks: list[int]) -> dict[str, Any]:
    """A form's file as ``run`` writes it."""
    return {
        "form": form,
        "reference": "bf16",
        "every": 1,
        "device": "cpu",
        "last": None,
        "weights_bytes": 2**20,
        "allocated_bytes": 0,
        "load_s": 1.0,
        "read_s": 1.0,
        "ranks": {"warm": {"toy": ranks}},
    }


def test_cases_without_ranks_of_others_make_no_columns_for_them():
    assert "rank dense" not in arrays_of([Case(0, 1, (), (5,))])
