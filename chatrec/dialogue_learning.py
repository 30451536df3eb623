"""The job behind ``chatrec tune DIR --dialogues FILE``: how people choose, learnt for a workspace.

Wires the branches whose finds are ordered, what reads wishes and what hears dialogues. What is
learnt goes into the workspace's cache, where the chat finds it. Knows nothing about how it is
learnt.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chatrec.assemble import text_encoder
from chatrec.conversation.listening import Listener
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import read_dialogues
from chatrec.data.dialogues import Dialogue, cases_of
from chatrec.data.title_links import TitleLookup
from chatrec.data.workspace import Workspace
from chatrec.generation.asked import without_noun
from chatrec.retrieval.choice_order import ChoiceOrder
from chatrec.retrieval.dense import DenseRetriever, item_vectors
from chatrec.retrieval.fitted import save_fitted
from chatrec.retrieval.item_index import item_index
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.training.choice_order import learn_choice_order
from chatrec.training.queries import Pair, sample_pair, styles_of
from chatrec.training.query_source import QuerySource
from chatrec.training.query_words import TRAINING, Words
from chatrec.types import Query

WISHES = 1800

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one workspace that the order is learnt over, as the chat has them."""

    workspace: Workspace
    branches: tuple[DenseRetriever, LexicalRetriever]
    listener: Listener
    understanding: Understanding

    @classmethod
    def of(cls, workspace: Workspace) -> Parts:
        """Dense and lexical search, with the embedding model that the chat reads wishes by."""
        catalog, encoder = workspace.catalog, text_encoder(workspace)
        vectors = item_vectors(workspace, encoder)
        dense = DenseRetriever(catalog, encoder, vectors, item_index(workspace, vectors))
        branches = (dense, LexicalRetriever(catalog))
        return cls(workspace, branches, Listener(Vocabulary(catalog)), Understanding(catalog))

    @property
    def catalog(self) -> Catalog:
        """The workspace's items."""
        return self.workspace.catalog

    def read(self, text: str) -> Query:
        """The query of a wish, as the chat asks its branches."""
        query = self.understanding.read(text, DialogueState()).state.query(self.catalog)
        return replace(query, text=without_noun(query.text, self.catalog.domain))

    def wishes(self, count: int, words: Words, *, of_held_out: bool, seed: int) -> list[Pair]:
        """Wishes made out of the catalogue, each style in turn."""
        source, rng = QuerySource(self.catalog, self.workspace.histories), random.Random(seed)
        styles = styles_of(source, words, of_held_out=of_held_out, seed=seed)
        turns = (styles[number % len(styles)] for number in range(count))
        return [sample_pair(source, words, rng, of_held_out=of_held_out, style=s) for s in turns]

    def learn(self, dialogues: Sequence[Dialogue], seed: int) -> ChoiceOrder:
        """The order that these dialogues and WISHES made-up wishes teach."""
        return learn_choice_order(
            dialogues,
            self.wishes(WISHES, TRAINING, of_held_out=False, seed=seed),
            self.catalog,
            self.branches,
            hear=self.listener.hear,
            read=self.read,
            seed=seed,
        )


def learn_from_dialogues(
    folder: Path, files: Sequence[Path], *, seed: int = 2026, say: Say
) -> dict[str, Any]:
    """Learns from the files of dialogues and keeps the order in the workspace in ``folder``.

    Items are found in the catalogue by id or title. Returns how much was learnt from. DataError for
    a file that can't be read, RequestError where too little is recommended in the dialogues.
    """
    workspace = Workspace.open(folder)
    parts = Parts.of(workspace)
    named = TitleLookup(parts.catalog)
    dialogues = [parts.listener.follow(d) for path in files for d in read_dialogues(path, named)]
    say(f"{len(dialogues):,} dialogues read")
    order = parts.learn(dialogues, seed)
    path = save_fitted(workspace, order.name, order.tensors(), order.facts())
    say(f"{path} written: the chat orders wishes by it from its next start")
    cases = [case for dialogue in dialogues for case in cases_of(dialogue) if case.new]
    return {
        "dialogues": len(dialogues),
        "turns with a new item": len(cases),
        "items recommended": len({item for case in cases for item in case.new}),
        "seed": seed,
    }
