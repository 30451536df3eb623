"""What a decoder's scores bring to recommending in dialogues, as features beside retrieval's.

The net that orders what retrieval found is trained as ever, once without and once with two further
features of each item: the decoder's log-chance and the place it gives the item. In training those
are of decoders that never saw the dialogue. Nothing is chosen on the tested turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from dialogue_sets import Collection
from numpy.typing import NDArray

from chatrec.data.dialogue_turns import read_benchmark
from chatrec.data.dialogues import Dialogue, Utterance, cases_of
from chatrec.evaluation.dialogue import KS, DialogueScorer, figures, label_ranks, turns_tested
from chatrec.evaluation.dialogue_cases import Candidates, Moment, moments_of
from chatrec.metrics import Resamples, hit_rate
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import FEATURES, DialogueFeatures, Pool
from chatrec.retrieval.likeness import Likeness
from chatrec.training.choice_net import averaged, train_net
from chatrec.training.dialogue import Choices, Features, blocks_of, lists_of

OF_DECODER = ("decoder", "decoder place")
FOLDS = 4  # runs of blocks, by time, that are ordered by nets trained on the others
JOINED = 100  # of the decoder's items that join the pool
ALONE, TOGETHER = "retrieval", "retrieval and decoder"

Befores = Sequence[Sequence[Utterance]]


@dataclass(frozen=True, slots=True, eq=False)
class DecoderTurns:
    """The decoder's K best items at each of C turns, best first: (C, K), and their log-chances."""

    items: NDArray[np.int64]
    chances: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path, name: str) -> DecoderTurns:
        """Those of ``training``, ``redial`` or ``inspired`` out of ``scores.npz``."""
        with np.load(path) as stored:
            items = stored[f"{name}.items"].astype(np.int64)
            chances = stored[f"{name}.chances"].astype(np.float32)
        if np.isnan(chances).any():
            raise SystemExit(f"{path}: turns of {name} are without scores; a fold is missing")
        return cls(items, chances)

    def told(self, turn: int, n_items: int) -> Features:
        """OF_DECODER of every item at a turn, (n_items, 2).

        An item that isn't among the K has the chance of the last one, and no place.
        """
        told = np.zeros((n_items, len(OF_DECODER)), dtype=np.float32)
        told[:, 0] = self.chances[turn].min()
        items, known = self.items[turn], self.items[turn] < n_items
        places = 1 / np.log2(2 + np.arange(len(items)))
        told[items[known]] = np.stack([self.chances[turn], places], axis=1)[known]
        told[:, 0] += np.log(n_items)
        return told

    def best(self, turn: int, n_items: int) -> list[int]:
        """The JOINED items that the decoder finds best at a turn."""
        items = self.items[turn][:JOINED]
        kept: list[int] = items[items < n_items].tolist()
        return kept


@dataclass(frozen=True, slots=True, eq=False)
class ToldBlock:
    """The turns of one block of training dialogues: lists to learn from, and pools to order."""

    lists: Features
    pools: list[Pool]
    wanted: list[tuple[int, ...]]
    dialogues: list[str]


def told_turns(asked: NDArray[np.int64], training: Sequence[Dialogue]) -> dict[str, int]:
    """The first scored turn of each of the training dialogues with text.

    ``asked`` (C,) says for every scored turn the how many-th of these dialogues it is of.
    """
    told = [d for d in training if any(u.text for u in d.utterances)]
    starts = np.searchsorted(asked, np.arange(len(told) + 1)).tolist()
    for number, dialogue in enumerate(told):
        scored, held = starts[number + 1] - starts[number], len(cases_of(dialogue))
        if scored != held:
            raise SystemExit(f"{dialogue.dialogue_id} has {held} turns, {scored} were packed")
    return {d.dialogue_id: start for d, start in zip(told, starts, strict=False)}


def pool_of(
    features: DialogueFeatures,
    before: Sequence[Utterance],
    turns: DecoderTurns | None,
    turn: int,
    allowed: NDArray[np.bool_] | None = None,
) -> Pool:
    """The pool of a moment; with OF_DECODER, and what the decoder finds best, if there is one."""
    if turns is None:
        return features.pool(before, allowed=allowed)
    also = turns.best(turn, features.n_items)
    pool = features.pool(before, allowed=allowed, also=also)
    told = turns.told(turn, features.n_items)[pool.items]
    return Pool(pool.items, np.concatenate([pool.features, told], axis=1))


def choices_of(
    training: Sequence[Dialogue],
    likeness: Likeness,
    n_items: int,
    turns: DecoderTurns | None,
    first: Mapping[str, int],
    *,
    seed: int,
) -> Choices:
    """As :func:`chatrec.training.dialogue.learn_choices`, with the decoder's scores if given."""
    blocks = told_blocks(training, likeness, n_items, turns, first, seed=seed)
    lists = np.concatenate([block.lists for block in blocks])
    names = FEATURES if turns is None else FEATURES + OF_DECODER
    return Choices(lists, names)


def told_blocks(
    training: Sequence[Dialogue],
    likeness: Likeness,
    n_items: int,
    turns: DecoderTurns | None,
    first: Mapping[str, int],
    *,
    seed: int,
) -> Iterator[ToldBlock]:
    """The blocks of :func:`~chatrec.training.dialogue.blocks_of` that have text, by time."""
    rng = np.random.default_rng(seed)
    for features, cases in blocks_of(training, likeness, n_items):
        met: Counter[str] = Counter()
        drawn: list[Features] = []
        pools, wanted, dialogues = [], [], []
        for case in cases:
            turn = first[case.dialogue_id] + met[case.dialogue_id]
            met[case.dialogue_id] += 1
            if case.new:
                pools.append(pool_of(features, case.before, turns, turn))
                wanted.append(tuple(case.new))
                dialogues.append(case.dialogue_id)
                drawn += lists_of(pools[-1], case.new, rng)
        yield ToldBlock(np.stack(drawn), pools, wanted, dialogues)


def told_ranks(
    blocks: Sequence[ToldBlock], seeds: Sequence[int]
) -> tuple[list[str], NDArray[np.float64]]:
    """The dialogue and the rank of every wanted item, by nets that learnt from other FOLDS.

    inf: it isn't in the pool.
    """
    dialogues: list[str] = []
    ranks: list[float] = []
    for fold in np.array_split(np.arange(len(blocks)), FOLDS):
        lists = np.concatenate([b.lists for n, b in enumerate(blocks) if n not in fold])
        net = averaged([train_net(lists, seed=seed) for seed in seeds])
        for block in (blocks[n] for n in fold):
            for pool, wanted, name in zip(block.pools, block.wanted, block.dialogues, strict=True):
                scores = net.scores(pool.features)
                for item in wanted:
                    own = scores[pool.items == item]
                    ranks.append(float((scores >= own[0]).sum()) if len(own) else np.inf)
                    dialogues.append(name)
    return dialogues, np.array(ranks)


def gained_in_training(
    collection: Collection, first: Mapping[str, int], scores: Path, seeds: Sequence[int]
) -> dict[str, Any]:
    """Recalls of new items in training dialogues, out of fold, with and without the decoder."""
    n_items, likeness = len(collection.catalog), Likeness(collection.catalog)
    found = {}
    for kind, turns in ((ALONE, None), (TOGETHER, DecoderTurns.load(scores, "training"))):
        blocks = told_blocks(collection.training, likeness, n_items, turns, first, seed=seeds[0])
        dialogues, found[kind] = told_ranks(list(blocks), seeds)
    resamples = Resamples(np.unique(dialogues, return_inverse=True)[1])
    gains = {k: hit_rate(found[TOGETHER], k) - hit_rate(found[ALONE], k) for k in KS}
    return {
        "new labels": len(dialogues),
        "dialogues": len(set(dialogues)),
        **{
            kind: {f"recall@{k}": float(hit_rate(ranks, k).mean()) for k in KS}
            for kind, ranks in found.items()
        },
        "difference": {
            f"recall@{k}": resamples.mean_with_interval(gain) for k, gain in gains.items()
        },
    }


class Tested:
    """The tested turns of a collection, and how they are scored by nets and by the decoder."""

    def __init__(self, collection: Collection, features: DialogueFeatures) -> None:
        self.file, protocol = collection.tests[0]
        benchmark = turns_tested(read_benchmark(self.file, protocol), protocol)
        self.moments: tuple[Moment, ...]
        self.candidates: Candidates
        self.moments, self.candidates = moments_of(
            benchmark, collection.catalog, collection.listener.hear
        )
        self._features = features
        self._turns = {m.before: turn for turn, m in enumerate(self.moments)}

    def by_net(self, net: ChoiceNet, pools: Sequence[Pool]) -> DialogueScorer:
        """The order of a net over the moments' ``pools``."""

        def score(befores: Befores, allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
            del allowed  # the pools know it
            of = [pools[self._turns[tuple(before)]] for before in befores]
            return self._spread([(pool.items, net.scores(pool.features)) for pool in of])

        return score

    def by_decoder(self, turns: DecoderTurns) -> DialogueScorer:
        """The decoder's own order."""

        def score(befores: Befores, allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
            rows = [self._turns[tuple(before)] for before in befores]
            known = [turns.items[row] < self._features.n_items for row in rows]
            kept = [
                (turns.items[row][own], turns.chances[row][own])
                for row, own in zip(rows, known, strict=True)
            ]
            scores = self._spread(kept)
            scores[:, ~allowed] = -np.inf
            return scores

        return score

    def pools(self, turns: DecoderTurns | None) -> list[Pool]:
        """Of every moment."""
        allowed = self.candidates.allowed
        return [
            pool_of(self._features, m.before, turns, turn, allowed)
            for turn, m in enumerate(self.moments)
        ]

    def _spread(self, scored: Sequence[tuple[Any, Any]]) -> NDArray[np.float32]:
        spread = np.full((len(scored), self._features.n_items), -np.inf, dtype=np.float32)
        for row, (items, scores) in zip(spread, scored, strict=True):
            row[items] = scores
        return spread


def compared(
    collection: Collection, first: Mapping[str, int], scores: Path, name: str, seeds: Sequence[int]
) -> dict[str, Any]:
    """Recalls of new labels with and without the decoder, and their paired differences.

    ``first`` is what :func:`told_turns` gave; ``name`` the tested set in the file ``scores``.
    """
    n_items, likeness = len(collection.catalog), Likeness(collection.catalog)
    training = collection.training
    features = DialogueFeatures(DialogueCounts.learn(training, n_items), likeness)
    tested = Tested(collection, features)
    own = DecoderTurns.load(scores, name)
    scorers: dict[str, DialogueScorer] = {"decoder": tested.by_decoder(own)}
    slopes: dict[str, float] = {}
    for kind, learnt, asked in (
        (ALONE, None, None),
        (TOGETHER, DecoderTurns.load(scores, "training"), own),
    ):
        choices = choices_of(training, likeness, n_items, learnt, first, seed=seeds[0])
        pools = tested.pools(asked)
        nets = [choices.train(seed=seed) for seed in seeds]
        for seed, net in zip(seeds, nets, strict=True):
            scorers[f"{kind}, seed {seed}"] = tested.by_net(net, pools)
        mean = averaged(nets)
        scorers[kind] = tested.by_net(mean, pools)
        if learnt is not None:
            slopes = dict(zip(choices.names, mean.slopes().astype(float).round(3), strict=True))
    return {
        "tested file": tested.file.name,
        "dialogues": len({m.dialogue_id for m in tested.moments}),
        "turns": len(tested.moments),
        "new labels": sum(len(m.new) for m in tested.moments),
        "orders": {n: figures(tested.moments, tested.candidates, s) for n, s in scorers.items()},
        "differences": {
            suffix.removeprefix(", ") or "mean of the nets": difference(
                tested, scorers[ALONE + suffix], scorers[TOGETHER + suffix]
            )
            for suffix in ("", *(f", seed {seed}" for seed in seeds))
        },
        "slopes": slopes,
    }


def difference(tested: Tested, one: DialogueScorer, other: DialogueScorer) -> dict[str, Any]:
    """Recall of new labels by ``other`` less that by ``one``, with 95 % intervals by dialogue."""
    groups, before = label_ranks(tested.moments, tested.candidates, one)["new"]
    _, after = label_ranks(tested.moments, tested.candidates, other)["new"]
    resamples = Resamples(groups)
    gains = {k: hit_rate(after, k) - hit_rate(before, k) for k in KS}
    return {f"recall@{k}": resamples.mean_with_interval(gain) for k, gain in gains.items()}


def markdown(result: Mapping[str, Any]) -> str:
    """The figures of :func:`compared` as two tables."""
    head = [f"recall@{k}" for k in KS]
    lines = [f"| new labels | {' | '.join(head)} |", "| --- |" + " ---: |" * len(head)]
    for name, order in result["orders"].items():
        lines.append(f"| {name} | {' | '.join(_cell(order['new'][k], '.4f') for k in head)} |")
    lines += ["", f"| more with the decoder | {' | '.join(head)} |", lines[1]]
    for name, gains in result["differences"].items():
        lines.append(f"| {name} | {' | '.join(_cell(gains[k], '+.4f') for k in head)} |")
    return "\n".join(lines)


def _cell(figure: Mapping[str, Any], form: str) -> str:
    numbers = [figure["mean"], *figure["interval"]]
    mean, low, high = (f"{number:{form}}".replace("0.", ".", 1) for number in numbers)
    return f"{mean} [{low}, {high}]"
