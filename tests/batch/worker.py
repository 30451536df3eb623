"""Runs ``make_lists`` over the toy films with a random decoder: a process that tests can kill."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatrec import batch
from chatrec.batch import BatchOptions, Done
from chatrec.batch_run import Share
from chatrec.conversation.recommender import Recommender
from chatrec.data.workspace import Workspace
from chatrec.generation.rationale import RationaleWriter
from chatrec.settings import Settings
from tests.conversation.toy_recommender import toy_recommender
from tests.generation.tiny_decoders import tiny_decoder

OPTIONS = BatchOptions(text="something good", k=1, reasons=True, seed=7, shard_size=1)


def with_random_decoder(workspace: Path) -> Recommender:
    """Toy retrieval; the reasons are written by random weights, so that most are refused."""
    recommender = toy_recommender(workspace=Workspace.open(workspace))
    writer = RationaleWriter(tiny_decoder("llama"), recommender.catalog, max_new_tokens=8)
    recommender.writer = writer
    return recommender


def run(users: Path, to: Path, workspace: Path, options: BatchOptions = OPTIONS) -> Done:
    """All shards that are left, with toy parts in place of those that assemble gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "assemble", lambda settings, say: with_random_decoder(workspace))
        return batch.make_lists(
            users,
            to,
            Settings(data=workspace),
            options,
            share=Share(),
            say=lambda text: None,
            report=lambda step, steps, figures: None,
        )


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:4]))
