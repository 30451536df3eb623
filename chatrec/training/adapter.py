"""From workspaces to training sets, and from a tuned model to an adapter folder with its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatrec.data.whole_folder import whole_folder
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.generation.adapter_files import CARD, ITEM_HEAD, write_checksums
from chatrec.generation.item_head import HeadFacts, ItemHead, save_head
from chatrec.prompting import render
from chatrec.retrieval.dense import TextEncoder, item_vectors
from chatrec.training.examples import Met, TrainingSet, histories_of, part_of


@dataclass(frozen=True, slots=True)
class Card:
    """What an adapter's CARD.md says beside what its files show."""

    name: str
    base: str
    data: str
    terms: str
    seed: int
    command: str
    trained: str
    metrics: Mapping[str, str]


def training_set(workspace: Workspace, encoder: TextEncoder, seed: int) -> TrainingSet:
    """The workspace's training users' histories with the vectors of its texts.

    A workspace without interactions gives wishes and sentences only.
    """
    vectors = item_vectors(workspace, encoder, progress=True)
    histories = histories_of(workspace.interactions, workspace.catalog)
    parts: dict[str, list[tuple[Met, ...]]] = {"train": [], "validation": [], "test": []}
    for user, history in histories.items():
        if len(history) > 1:
            parts[part_of(user, seed)].append(history)
    return TrainingSet(
        workspace.catalog, tuple(parts["train"]), vectors, tuple(parts["validation"])
    )


def refuse_existing(folder: Path) -> None:
    """DataError for an adapter folder that would be overwritten."""
    if folder.exists() and any(folder.iterdir()):
        raise DataError(f"{folder} exists and is not empty; choose another --to or delete it first")


def write_adapter(folder: Path, model: Any, head: ItemHead, facts: HeadFacts, card: Card) -> None:
    """Write LoRA weights (bfloat16), item head, card and checksums; whole or not at all."""
    import torch

    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = parameter.data.to(torch.bfloat16)
    model.peft_config["default"].base_model_name_or_path = facts.base
    with whole_folder(folder) as part:
        model.save_pretrained(str(part), safe_serialization=True, save_embedding_layers=False)
        (part / "README.md").unlink(missing_ok=True)  # peft's own card
        save_head(head, facts, part / ITEM_HEAD)
        (part / CARD).write_text(card_text(card, facts), encoding="utf-8")
        write_checksums(part)


def card_text(card: Card, facts: HeadFacts) -> str:
    """The CARD.md of an adapter."""
    return render("card", card=card, facts=facts)


def set_sizes(sets: Sequence[TrainingSet]) -> str:
    """How much the training sets hold, in words for the card."""
    return "; ".join(
        f"{len(data.catalog):,} items, {len(data.histories):,} users, "
        f"{int(data.counts.sum()):,} interactions"
        for data in sets
    )
