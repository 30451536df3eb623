"""One run of ``chatrec evaluate dialogue``: what recommenders reach on a file of turns.

Trains a recommender on the dialogues that are given and sets it, and the catalogue's own
retrievers, beside the baselines. Knows files and a catalogue; prints nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.listening import Listener
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import read_dialogues
from chatrec.data.dialogues import Utterance
from chatrec.data.title_links import TitleLookup
from chatrec.evaluation.dialogue import DialogueScorer, evaluate_dialogue
from chatrec.retrieval.choice_order import query_of
from chatrec.retrieval.likeness import Likeness
from chatrec.training.dialogue import train_dialogue
from chatrec.types import Retriever

DEPTH = 200  # items that a retriever is asked for

NO_RETRIEVERS: Mapping[str, Retriever] = {}


def measure_dialogue(
    file: Path,
    protocol: str,
    catalog: Catalog,
    *,
    training: Sequence[Path] = (),
    retrievers: Mapping[str, Retriever] = NO_RETRIEVERS,
    seed: int = 2026,
) -> dict[str, Any]:
    """The figures of :func:`~chatrec.evaluation.dialogue.evaluate_dialogue` as JSON values.

    ``training`` are files of dialogues to learn from; their items are found in the catalogue by id
    or title. Tested dialogues must not be among them: the figures count shared ids.
    """
    listener = Listener(Vocabulary(catalog))
    named = TitleLookup(catalog)
    dialogues = [
        listener.follow(dialogue) for path in training for dialogue in read_dialogues(path, named)
    ]
    scorers = {name: retriever_scorer(one, catalog) for name, one in retrievers.items()}
    if dialogues:
        likeness = Likeness(catalog)
        for name, repeats in (("learned", False), ("learned, repeats allowed", True)):
            recommender = train_dialogue(
                dialogues, likeness, len(catalog), repeats=repeats, seed=seed
            )
            scorers[name] = recommender.scores
    told = evaluate_dialogue(file, protocol, catalog, listener.hear, scorers, dialogues)
    return {**told, "seed": seed}


def retriever_scorer(retriever: Retriever, catalog: Catalog) -> DialogueScorer:
    """A retriever's own order after the seeker's last words and all that was named."""

    def score(
        befores: Sequence[Sequence[Utterance]], allowed: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        scores = np.full((len(befores), len(catalog)), -np.inf, dtype=np.float32)
        for row, before in zip(scores, befores, strict=True):
            for place, candidate in enumerate(retriever.retrieve(query_of(before, catalog), DEPTH)):
                row[catalog.index_of(candidate.item_id)] = -place
        return scores

    return score
