"""Learns how to order what the branches found for a wish, from dialogues and from made-up wishes.

Dialogues show what people recommend after what was said; they rarely ask for anything special.
Wishes made out of the catalogue show how far to trust a branch that found what was asked for. One
net is trained on both. Knows branches and readers as functions; knows no file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from rich.progress import track

from chatrec.data.catalog import Catalog
from chatrec.data.constraints import permitted
from chatrec.data.dialogues import Dialogue
from chatrec.errors import RequestError
from chatrec.retrieval.choice_order import ChoiceOrder, ChoicePools, Hear, query_of
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import DialogueFeatures, Pool
from chatrec.retrieval.likeness import Likeness
from chatrec.training.dialogue import LEAST_CHOICES, Choices, Features, blocks_of, lists_of
from chatrec.training.queries import Pair
from chatrec.types import Query, Retriever

DEPTH = 200  # items that a branch is asked for
TARGETS = 2  # of a wish that more items fulfil, those that are learnt from
UNHEARD = ("recency", "repetition")  # of the dialogues' features: of their time, and of repeats

Read = Callable[[str], Query]


def learn_choice_order(
    dialogues: Sequence[Dialogue],
    wishes: Sequence[Pair],
    catalog: Catalog,
    branches: Sequence[Retriever],
    *,
    hear: Hear,
    read: Read,
    seed: int = 2026,
) -> ChoiceOrder:
    """An order that knows all these dialogues, over the branches' finds.

    ``read`` makes a query of a wish's text. Wishes that name items are left out: what follows from
    those, dialogues know better than a rule that makes wishes. RequestError where fewer than
    LEAST_CHOICES chosen items are found.
    """
    rng = np.random.default_rng(seed)
    likeness = Likeness(catalog)
    names = tuple(branch.name for branch in branches)
    drawn: list[Features] = []
    for features, cases in blocks_of(dialogues, likeness, len(catalog)):
        pools = ChoicePools(catalog, features, names, hear)
        for case in track(cases, "Dialogues"):
            if case.new:
                pool = _pool(pools, query_of(case.before, catalog), branches)
                drawn += lists_of(pool, case.new, rng)
    if len(drawn) < LEAST_CHOICES:
        raise RequestError(
            f"the dialogues give {len(drawn)} recommended items to learn from; at least "
            f"{LEAST_CHOICES} are needed: give more dialogues with text"
        )
    counts = DialogueCounts.learn(dialogues, len(catalog))
    pools = ChoicePools(catalog, DialogueFeatures(counts, likeness), names, hear)
    for wish in track([wish for wish in wishes if not wish.named], "Wishes"):
        targets = sorted(wish.targets)
        some = rng.permutation(targets)[:TARGETS].tolist()
        drawn += lists_of(_pool(pools, read(wish.text), branches), some, rng, as_good=targets)
    choices = Choices(np.stack(drawn), pools.names)
    return ChoiceOrder(pools, choices.train(without=UNHEARD, seed=seed))


def _pool(pools: ChoicePools, query: Query, branches: Sequence[Retriever]) -> Pool:
    found = {branch.name: branch.retrieve(query, DEPTH) for branch in branches}
    fitting = {item.item_id for item in permitted(pools.catalog, query)}
    return pools.pool(query, found, fitting)
