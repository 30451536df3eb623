"""Training sets from workspaces, and an adapter folder that is written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.generation.item_head import HeadFacts, ItemHead
from chatrec.retrieval.dense import TextEncoder
from chatrec.training import adapter
from chatrec.training.adapter import (
    Card,
    card_text,
    refuse_existing,
    set_sizes,
    training_set,
    write_adapter,
)
from chatrec.training.examples import part_of

FACTS = HeadFacts("tiny", "enc", "0123", ("film", "book"), 0.65, 0.2)
CARD = Card(
    "toy", "tiny", "toy data", "ours", 7, "chatrec tune toy", "2 steps", {"test": "9 users"}
)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> TextEncoder:
    """No model: vectors of ones."""
    monkeypatch.setattr(
        adapter, "item_vectors", lambda w, e, progress: np.ones((len(w.catalog), 3), np.float32)
    )
    return TextEncoder()


def test_training_set_holds_the_histories_of_training_users_alone(
    toy_workspace: Path, encoder: TextEncoder
) -> None:
    data = training_set(Workspace.open(toy_workspace), encoder, 2026)
    train = [u for u in range(60) if part_of(f"u{u}", 2026) == "train"]
    assert len(data.histories) == len(train) < 60
    assert data.counts.sum() == 12 * len(train)
    assert data.text_vectors.shape == (34, 3)


def test_catalogue_without_users_gives_no_histories(
    toy_catalogue: Path, encoder: TextEncoder
) -> None:
    data = training_set(Workspace.open(toy_catalogue), encoder, 2026)
    assert data.histories == ()
    assert set_sizes([data, data]) == "; ".join(["34 items, 0 users, 0 interactions"] * 2)


def test_card_says_base_data_terms_seed_and_figures() -> None:
    text = card_text(CARD, FACTS)
    for part in ("toy data", "ours", "chatrec tune toy", "0.65", "film, book", "- test: 9 users"):
        assert part in text
    assert "**Seed:** 7" in text


def test_folder_with_files_is_refused_and_an_empty_one_is_not(tmp_path: Path) -> None:
    refuse_existing(tmp_path / "new")
    refuse_existing(tmp_path)
    (tmp_path / "note.txt").touch()
    with pytest.raises(DataError, match="exists and is not empty"):
        refuse_existing(tmp_path)


class Unsaveable:
    """A model that breaks while it is saved."""

    def __init__(self) -> None:
        self.peft_config = {"default": SimpleNamespace(base_model_name_or_path="")}

    def named_parameters(self) -> list[tuple[str, object]]:
        return []

    def save_pretrained(self, folder: str, **options: object) -> None:
        Path(folder, "adapter_config.json").write_text("{}")
        raise OSError("no space left on the device")


def test_adapter_that_cannot_be_written_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no space left"):
        write_adapter(tmp_path / "toy", Unsaveable(), ItemHead(4, 3, width=2), FACTS, CARD)
    assert list(tmp_path.iterdir()) == []
