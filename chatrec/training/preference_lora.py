"""Tunes a further LoRA on preferences, by how the item head orders chosen and rejected items.

The loss is DPO's on the item head: the log-probability of an item as the next one, less that of
the decoder as it was, is its reward, and the chosen item's is to be above those of all that were
rejected (DPO: Rafailov et al. 2023, arXiv 2305.18290; a softmax over several rejected: S-DPO, Chen
et al. 2024, arXiv 2406.09215). The head itself stays as it is. Two KL divergences hold what both
heads said before: the order of all items at the same places, and the words of reasons. Batches
depend on the seed and the step only.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.item_head import ItemHead
from chatrec.generation.model import LocalDecoder
from chatrec.training.batches import Sentence
from chatrec.training.checkpoints import Checkpoints
from chatrec.training.lora_sum import with_further_lora
from chatrec.training.preferences import PreferenceExample
from chatrec.training.rates import share_of_peak
from chatrec.training.tensors import finite

CHECKPOINT_EVERY_S = 120
WARMUP_STEPS = 10

Report = Callable[[int, int, Mapping[str, float]], None]


@dataclass(frozen=True, slots=True)
class PreferenceOptions:
    """How to tune on preferences. A step learns from ``prompts`` prompts and ``sentences``.

    ``steps`` None goes through all prompts ``epochs`` times. The LoRA is on the last ``layers``
    layers, which takes half the time of all. ``beta`` is DPO's: how dear it is to leave the decoder
    as it was. ``keep_order`` and ``keep_words`` weigh the divergences of both heads.
    """

    steps: int | None = None
    epochs: int = 1
    prompts: int = 4
    sentences: int = 1
    rank: int = 8
    layers: int = 8
    rate: float = 5e-4
    beta: float = 1.0
    keep_order: float = 1.0
    keep_words: float = 1.0
    seed: int = 2026

    def times(self, batch: int) -> PreferenceOptions:
        """The same with ``batch`` times as much a step."""
        return replace(self, prompts=batch * self.prompts, sentences=batch * self.sentences)

    def length(self, examples: int) -> int:
        """The number of steps for so many prompts."""
        if self.steps is not None:
            return self.steps
        return math.ceil(self.epochs * examples / self.prompts)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What orders items after a prompt: a head over vectors (N, W), with log popularity (N,)."""

    head: ItemHead
    items: Tensor
    popularity: Tensor

    def after(self, hidden: Tensor) -> Tensor:
        """Log-probabilities (M, N) of all items after hidden states (M, H)."""
        return self.logits(hidden).log_softmax(dim=-1)

    def logits(self, hidden: Tensor) -> Tensor:
        """Unnormalised log-probabilities (M, N) after hidden states (M, H)."""
        return self.head.logits(hidden, self.items, self.popularity)


def hidden_at(model: Any, rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Tensor:
    """Last hidden states of ids at positions, (M, H) float32; rows are padded on the right."""
    width = max(len(ids) for ids, _ in rows)
    padded = [[*ids, *[0] * (width - len(ids))] for ids, _ in rows]
    ids = torch.tensor(padded, device=model.device)
    hidden = model.get_decoder()(input_ids=ids, use_cache=False).last_hidden_state  # (B, T, H)
    return torch.cat([hidden[row, list(at)] for row, (_, at) in enumerate(rows)]).float()


def preference_loss(margins: Tensor, beta: float) -> Tensor:
    """S-DPO's loss of each row, (M,): ``-log sigmoid(-log sum_d exp(-beta margin_d))``.

    ``margins`` (M, R) are what the chosen item's log-probability is above each rejected one's, less
    the same of the reference; infinity where a row has fewer than R. One a row is DPO's loss.

    >>> preference_loss(torch.tensor([[0.0], [1.0]]), 2.0)
    tensor([0.6931, 0.1269])
    """
    return F.softplus((-beta * margins).logsumexp(dim=1))


def margins_of(log_probabilities: Tensor, examples: Sequence[PreferenceExample]) -> Tensor:
    """How far chosen are above rejected items, (M, R); infinity where a row has fewer than R."""
    preferences = [p for example in examples for p in example.preferences]
    width = max(len(p.rejected) for p in preferences)
    rejected = [[*p.rejected, *[p.chosen] * (width - len(p.rejected))] for p in preferences]
    sizes = torch.tensor([len(p.rejected) for p in preferences])
    absent = torch.arange(width) >= sizes[:, None]
    device = log_probabilities.device
    chosen = torch.tensor([[p.chosen] for p in preferences], device=device)
    above = log_probabilities.gather(1, chosen) - log_probabilities.gather(
        1, torch.tensor(rejected, device=device)
    )
    return above.masked_fill(absent.to(device), math.inf)


def tune_on_preferences(
    decoder: LocalDecoder,
    scores: Scores,
    examples: Sequence[PreferenceExample],
    sentences: Sequence[Sentence],
    options: PreferenceOptions,
    run: Path,
    *,
    target_modules: Sequence[str],
    identity: Mapping[str, str],
    report: Report | None = None,
) -> Any:
    """The decoder's model with a trained LoRA beside it, named ``FURTHER``, on ``target_modules``.

    The decoder as it comes is the reference. ``run`` is the folder for checkpoints and the log; a
    checkpoint there from the same options and ``identity`` is taken up.
    """
    torch.manual_seed(options.seed)
    tuning = _Tuning(decoder, scores, examples, sentences, options, target_modules)
    named = {name: p for name, p in tuning.model.named_parameters() if p.requires_grad}
    same = json.dumps(asdict(options) | dict(identity), sort_keys=True)
    kept = Checkpoints(run, same, named, tuning.optimiser)
    tuning.train(kept, report)
    return tuning.model


class _Tuning:
    """The training loop, with what the reference gives: computed before anything is learnt."""

    def __init__(
        self,
        decoder: LocalDecoder,
        scores: Scores,
        examples: Sequence[PreferenceExample],
        sentences: Sequence[Sentence],
        options: PreferenceOptions,
        target_modules: Sequence[str],
    ) -> None:
        self.scores, self.examples, self.sentences = scores, examples, sentences
        self.options = options
        self.steps = options.length(len(examples))
        with torch.no_grad():
            self.read = [hidden_at(decoder.model, [(e.ids, e.ends)]) for e in examples]
            self.said = [hidden_at(decoder.model, [_answer(s)]) for s in sentences]
        model = with_further_lora(decoder.model, options.rank, target_modules, options.layers)
        self.model = model.eval()  # nothing is dropped: the reference is the same model
        self.vocabulary = self.model.get_output_embeddings()
        self.learnt = [p for p in self.model.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(self.learnt, lr=options.rate, weight_decay=0.0)

    def train(self, kept: Checkpoints, report: Report | None) -> None:
        """All steps that the run's checkpoint doesn't have yet."""
        begin = int((kept.resume() or {"step": 0})["step"])
        saved = time.monotonic()
        for step in range(begin, self.steps):
            losses = self._learn(step)
            kept.log({"step": step + 1, **losses})
            if report is not None:
                report(step + 1, self.steps, losses)
            if step + 1 == self.steps or time.monotonic() - saved > CHECKPOINT_EVERY_S:
                kept.save(step=step + 1)
                saved = time.monotonic()

    def _learn(self, step: int) -> dict[str, float]:
        self._set_rate(step)
        options = self.options
        rows = self._rows(step)
        examples = [self.examples[row] for row in rows]
        with torch.no_grad():
            before = self.scores.after(torch.cat([self.read[row] for row in rows]))  # (E, N)
        now = self.scores.after(hidden_at(self.model, [(e.ids, e.ends) for e in examples]))
        rewards = (now - before)[_places(examples)]  # (M, N)
        preference = preference_loss(margins_of(rewards, examples), options.beta).mean()
        order = F.kl_div(now, before, log_target=True, reduction="batchmean")
        losses = {"preference": finite(preference, step), "order": finite(order, step)}
        loss = preference + options.keep_order * order
        loss.backward()  # type: ignore[no-untyped-call]
        if self.sentences and options.keep_words:
            words = self._drift(step)
            losses["words"] = finite(words, step)
            (options.keep_words * words).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.learnt, 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return {name: round(value, 5) for name, value in losses.items()}

    def _rows(self, step: int) -> list[int]:
        """The examples of a step: each epoch goes through all of them in an order of its own."""
        n = len(self.examples)
        places = range(step * self.options.prompts, (step + 1) * self.options.prompts)
        return [_order(n, place // n, self.options.seed)[place % n] for place in places]

    def _drift(self, step: int) -> Tensor:
        """KL divergence of the next tokens as they were from as they are now, a token."""
        rng = random.Random(f"{self.options.seed}:{step}")
        drawn = min(self.options.sentences, len(self.sentences))
        rows = rng.sample(range(len(self.sentences)), drawn)
        now = hidden_at(self.model, [_answer(self.sentences[row]) for row in rows])
        before = torch.cat([self.said[row] for row in rows])
        kind = self.vocabulary.weight.dtype
        with torch.no_grad():
            expected = self.vocabulary(before.to(kind)).float().log_softmax(dim=-1)  # (M, V)
        found = self.vocabulary(now.to(kind)).float().log_softmax(dim=-1)
        return F.kl_div(found, expected, log_target=True, reduction="batchmean")

    def _set_rate(self, step: int) -> None:
        warmup = max(1, min(WARMUP_STEPS, self.steps // 10))
        for group in self.optimiser.param_groups:
            group["lr"] = self.options.rate * share_of_peak(step, warmup, step / self.steps)


def _places(examples: Sequence[PreferenceExample]) -> list[int]:
    """Where each preference's position is among the ends of all examples."""
    places: list[int] = []
    before = 0
    for example in examples:
        places += [before + example.ends.index(position) for position in example.positions]
        before += len(example.ends)
    return places


@lru_cache(maxsize=2)
def _order(n: int, epoch: int, seed: int) -> tuple[int, ...]:
    return tuple(random.Random(f"{seed}:epoch {epoch}").sample(range(n), n))


def _answer(sentence: Sentence) -> tuple[Sequence[int], Sequence[int]]:
    """Its ids, and the positions after which its answer's tokens come."""
    return sentence.ids, range(sentence.first - 1, len(sentence.ids) - 1)
