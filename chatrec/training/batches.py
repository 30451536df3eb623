"""What one training step learns from: windows of histories, wishes, and sentences from facts.

Everything depends on the seed and the step alone, so that a run that was killed goes on as if it
had not been, and so that worker processes can make steps ahead of the training. Knows a tokenizer
as functions from text to ids; knows no model.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from torch.utils.data import DataLoader, Dataset

from chatrec.errors import RequestError
from chatrec.prompting import Prompt
from chatrec.training.examples import (
    Encode,
    RankingExample,
    TrainingSet,
    window_example,
    wish_example,
)
from chatrec.training.rationales import rationale_examples

if TYPE_CHECKING:
    from chatrec.settings import LoraKind

STEPS_AHEAD = 4


@dataclass(frozen=True, slots=True)
class TuneOptions:
    """How to tune. ``max_seconds`` bounds the joint part; the learning rates fall to a tenth over
    ``steps`` or over that time, whichever ends first. ``windows``, ``wishes`` and ``sentences``
    are examples a step; ``item_dropout`` the share of a window's items left out, and
    ``unpopular`` that of the steps whose items' popularity is withheld. ``workers`` processes
    make the steps ahead; they change nothing that is learnt.
    """

    steps: int = 360
    windows: int = 2
    wishes: int = 6
    sentences: int = 4
    rank: int = 16
    lora: LoraKind = "lora"
    lora_rate: float = 5e-4
    head_rate: float = 1e-3
    lora_dropout: float = 0.05
    item_dropout: float = 0.1
    unpopular: float = 0.3
    item_batches: int = 400
    ridge_windows: int = 60
    validate_every: int = 120
    workers: int = 0
    seed: int = 2026
    max_seconds: float = math.inf

    def times(self, batch: int) -> TuneOptions:
        """The same with ``batch`` times as many examples a step."""
        return replace(
            self,
            windows=batch * self.windows,
            wishes=batch * self.wishes,
            sentences=batch * self.sentences,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """Token ids of a chat prompt with its answer; the answer begins at ``first``."""

    ids: tuple[int, ...]
    first: int


@dataclass(frozen=True, slots=True)
class StepExamples:
    """The examples of one step; ``history_set`` and ``wish_set`` number the sets they are of."""

    history_set: int
    windows: tuple[RankingExample, ...]
    wish_set: int
    wishes: tuple[RankingExample, ...]
    sentences: tuple[Sentence, ...]
    with_popularity: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """The decoder's ways from text and from a chat prompt to ids, and the id that ends a turn."""

    text: Encode
    chat: Callable[[Prompt], list[int]]
    end: int


class Steps(Dataset[StepExamples]):
    """The examples of every step of a run.

    A set's histories are drawn in proportion to the square root of its interactions, so that a
    small set is met more often than its size alone would have it. Wishes and sentences alternate.
    RequestError where no set has histories.
    """

    def __init__(self, sets: Sequence[TrainingSet], options: TuneOptions, tokens: Tokens) -> None:
        self._sets = sets
        self._options = options
        self._tokens = tokens
        self._shares = [math.sqrt(float(data.counts.sum())) for data in sets]
        if not any(self._shares):
            raise RequestError(
                "no user is left to learn from beside those of validation and test: import the "
                "interactions of more users"
            )
        self._wordy = max(range(len(sets)), key=lambda s: _mean_keywords(sets[s]))

    def __len__(self) -> int:
        return self._options.steps

    def __getitem__(self, step: int) -> StepExamples:
        options, encode = self._options, self._tokens.text
        rng = random.Random(f"{options.seed}:{step}")
        history_set = rng.choices(range(len(self._sets)), weights=self._shares)[0]
        wish_set = step // 2 % len(self._sets)
        even = step % 2 == 0
        return StepExamples(
            history_set,
            tuple(
                window_example(self._sets[history_set], rng, encode, dropout=options.item_dropout)
                for _ in range(options.windows)
            ),
            wish_set,
            tuple(
                wish_example(self._sets[wish_set], rng, encode)
                for _ in range(options.wishes if even else 0)
            ),
            tuple(self._sentences(rng)) if not even else (),
            rng.random() >= options.unpopular,
        )

    def _sentences(self, rng: random.Random) -> Iterator[Sentence]:
        catalog = self._sets[self._wordy].catalog
        seed, n = rng.randrange(2**31), self._options.sentences
        for example in rationale_examples(catalog, seed=seed, n=n):
            prompt = self._tokens.chat(example.prompt)
            answer = self._tokens.text(example.completion)
            yield Sentence((*prompt, *answer, self._tokens.end), len(prompt))


def stream(steps: Steps, begin: int, workers: int) -> Iterator[StepExamples]:
    """The steps from ``begin`` on, made ahead by ``workers`` processes (0: when asked for)."""
    ahead: dict[str, Any] = {"prefetch_factor": STEPS_AHEAD} if workers else {}
    order = range(begin, len(steps))
    return iter(
        DataLoader(
            steps, batch_size=None, sampler=order, num_workers=workers, collate_fn=_as_is, **ahead
        )
    )


def _as_is(examples: Any) -> Any:
    return examples


def _mean_keywords(data: TrainingSet) -> float:
    return sum(len(item.keywords) for item in data.catalog) / len(data.catalog)
