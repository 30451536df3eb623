"""Lists made with toy parts in place of those that assemble gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatrec import batch
from chatrec.batch import Done, make_lists
from chatrec.batch_run import Share
from chatrec.conversation.recommender import Recommender
from chatrec.data.workspace import Workspace
from chatrec.settings import Settings
from tests.batch.making import OPTIONS, Make
from tests.conversation.toy_recommender import FromTheEnd, toy_recommender


@pytest.fixture
def ranker() -> FromTheEnd:
    return FromTheEnd()


@pytest.fixture
def make(toy_workspace: Path, ranker: FromTheEnd, monkeypatch: pytest.MonkeyPatch) -> Make:
    """make(users, to, share=..., **options): with toy parts in place of those of assemble."""
    said: list[str] = []

    def assembled(settings: Settings, say: Callable[[str], None]) -> Recommender:
        return toy_recommender(ranker, Workspace.open(toy_workspace))

    monkeypatch.setattr(batch, "assemble", assembled)

    def make(users: Path, to: Path, share: str = "1/1", **options: Any) -> Done:
        return make_lists(
            users,
            to,
            Settings(data=toy_workspace),
            dataclasses.replace(OPTIONS, **options),
            share=Share.parse(share),
            say=said.append,
            report=lambda step, steps, figures: None,
        )

    return make
