"""One run from files to figures, on dialogues whose answer can be learnt."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Utterance
from chatrec.evaluation.dialogue_run import measure_dialogue
from chatrec.retrieval.choice_order import query_of
from chatrec.types import Candidate, Item, Query

N = 24
CATALOG = Catalog(
    [Item(str(i), f"Film {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i]}", 2000 + i) for i in range(N)]
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Turns in which film n is answered with film n + 1, and dialogues that teach it."""
    names = [item.title for item in CATALOG]
    (tmp_path / "ievalm_entity2id.json").write_text(json.dumps({n: i for i, n in enumerate(names)}))
    (tmp_path / "ievalm_item_ids.json").write_text(json.dumps(list(range(N))))
    turns = [
        {"dialog_id": f"t{i}", "context": [f"I liked {a}"], "rec": [b], "entity": [a]}
        for i, (a, b) in enumerate(pairwise(names))
    ]
    file = tmp_path / "turns.jsonl"
    file.write_text("\n".join(json.dumps(turn) for turn in turns))
    talks = [
        {
            "conversation_id": str(n),
            "messages": [
                {"role": "seeker", "text": "like", "movie_ids": [n % (N - 1)]},
                {"role": "recommender", "text": "then", "movie_ids": [n % (N - 1) + 1]},
            ],
        }
        for n in range(184)
    ]
    training = tmp_path / "train.jsonl"
    training.write_text("\n".join(json.dumps(talk) for talk in talks))
    return file, training


class Shelf:
    """Always the same order."""

    name = "shelf"

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        self.asked.append(query)
        return [Candidate(item.item_id, 1.0, self.name) for item in CATALOG.items[:k]]


def recall(told: dict[str, Any], order: str, k: int) -> float:
    return float(told["orders"][order]["new"][f"recall@{k}"]["mean"])


def test_a_run_learns_from_files_and_stands_beside_retrievers(files: tuple[Path, Path]) -> None:
    file, training = files
    shelf = Shelf()
    told = measure_dialogue(
        file, "ievalm", CATALOG, training=[training], retrievers={"shelf": shelf}
    )
    assert set(told["orders"]) == {
        "copy mentioned",
        "popularity",
        "shelf",
        "learned",
        "learned, repeats allowed",
    }
    assert recall(told, "learned", 1) > 0.5 > recall(told, "popularity", 1)
    assert recall(told, "shelf", 10) == pytest.approx(10 / (N - 1))
    assert shelf.asked[3].liked == ("3",)
    assert shelf.asked[3].text == "I liked"
    assert told["training dialogues"] == 184
    assert told["dialogue ids in training too"] == 0
    json.dumps(told)


def test_without_training_only_baselines_and_retrievers_are_measured(
    files: tuple[Path, Path],
) -> None:
    assert set(measure_dialogue(files[0], "ievalm", CATALOG)["orders"]) == {"copy mentioned"}


def test_a_query_has_the_seekers_last_words_and_all_that_was_named() -> None:
    before = (
        Utterance("seeker", "hello  there", (2,)),
        Utterance("recommender", "try this", (5,)),
        Utterance("seeker", "something else"),
    )
    query = query_of(before, CATALOG)
    assert query.text == "hello there something else"
    assert (query.liked, query.seen) == (("2", "5"), frozenset({"2", "5"}))
