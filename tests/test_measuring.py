"""``chatrec evaluate ranking`` on the toy workspace: all peers, the fusion, and a tiny decoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatrec import measuring
from chatrec.errors import ModelError, RequestError
from chatrec.measuring import evaluate_ranking
from chatrec.training.sequential import SequentialOptions
from tests.conftest import Tuned

PEERS = ["popularity", "item_knn", "ease", "ease_recent", "als", "sequential"]
BRANCHES = [*PEERS, "next_item", "dense", "lexical"]
SLOW = ("als", "ease", "ease_recent", "sequential")


@pytest.fixture(scope="module")
def told(toy_workspace: Path) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        quick = SequentialOptions(width=8, epochs=2)
        patch.setattr(SequentialOptions, "suited", staticmethod(lambda histories: quick))
        return evaluate_ranking(toy_workspace, "time", decoder=False)


def test_every_peer_and_the_fusion_are_ranked_on_the_same_cases(told: dict[str, Any]) -> None:
    assert list(told["orders"])[: len(BRANCHES) + 1] == [*BRANCHES, "fused"]
    assert (told["users"], told["cases"], told["targets"]) == (60, 300, 5)
    assert set(told["ablation"]["without"]) == set(BRANCHES)
    for values in told["orders"].values():
        low, high = values["ndcg@10"]["interval"]
        assert 0 <= low <= values["ndcg@10"]["mean"] <= high <= 1
    json.dumps(told)


def test_what_comes_in_steps_is_found_by_what_was_met_together(told: dict[str, Any]) -> None:
    assert told["orders"]["ease"]["hr@10"]["mean"] > told["orders"]["popularity"]["hr@10"]["mean"]


def test_random_leaves_one_item_out_and_fold_in_whole_users(toy_workspace: Path) -> None:
    without = (*SLOW, "item_knn")
    random = evaluate_ranking(toy_workspace, "random", decoder=False, without=without)
    assert (random["users"], random["cases"]) == (60, 60)
    assert "next_item" not in random["orders"]  # no order in time, nothing that comes next
    folded = evaluate_ranking(toy_workspace, "foldin", decoder=False, without=without)
    assert 1 < folded["users"] < 20
    assert folded["cases"] == 5 * folded["users"]
    assert list(folded["orders"]) == ["popularity", "next_item", "dense", "lexical", "fused"]
    assert folded["fusion"] == "by rank: too few validation cases"


def test_a_sample_of_users_is_measured_alone_and_by_group(
    toy_workspace: Path, tmp_path: Path
) -> None:
    about = tmp_path / "users.csv"
    about.write_text(
        "user_id,gender\n" + "".join(f"u{user},{'FM'[user % 2]}\n" for user in range(60))
    )
    told = evaluate_ranking(
        toy_workspace, "time", users=9, decoder=False, users_file=about, without=SLOW
    )
    assert (told["users"], told["cases"]) == (9, 45)
    genders = told["groups"]["gender"]["fused"]["groups"]
    assert sum(group["users"] for group in genders.values()) == 9


def test_the_head_of_an_adapter_is_scored_and_blended(
    tuned: Tuned, toy_workspace: Path, tiny_model_folder: Path
) -> None:
    told = evaluate_ranking(
        toy_workspace,
        "foldin",
        model=str(tiny_model_folder),
        adapter=tuned.adapter,
        without=SLOW,
    )
    assert (told["users"], told["cases"]) == (tuned.figures["users"], tuned.figures["cases"])
    for name in ("popularity", "item head"):
        # The stored head is rounded to float16 and the LoRA to bfloat16, hence not to the digit.
        mrr = tuned.figures["orders"][name]["mrr"]["mean"]
        assert told["orders"][name]["mrr"]["mean"] == pytest.approx(mrr, abs=0.05)
    assert told["orders"]["as shown"]["hr@10"]["mean"] > 0
    assert told["item head"] is True
    assert "item head" not in told["ablation"]["without"]


def test_another_base_without_its_adapter_has_no_head(toy_workspace: Path) -> None:
    told = evaluate_ranking(toy_workspace, "random", model="never loaded", without=SLOW)
    assert told["item head"] is False
    assert "as shown" not in told["orders"]


@pytest.mark.parametrize(
    ("without", "message"),
    [
        (("bpr",), "unknown peer 'bpr'; there are popularity, item_knn, ease"),
        (tuple(measuring.PEERS), "at least one is needed"),
    ],
)
def test_peers_that_cannot_be_left_out_are_refused(
    toy_workspace: Path, without: tuple[str, ...], message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        evaluate_ranking(toy_workspace, "time", without=without)


def test_server_has_no_item_head(
    tuned: Tuned, toy_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "load_decoder", lambda *args, **kwargs: object())
    with pytest.raises(ModelError, match="'http://decoder' is a server; an item head needs a"):
        evaluate_ranking(
            toy_workspace,
            "random",
            model="http://decoder",
            adapter=tuned.adapter,
            without=SLOW,
        )
