"""Tunes a decoder with LoRA for ranking and reasons at once.

The item head starts from :mod:`chatrec.training.starting`; then LoRA and head are trained jointly
on windows of histories, wishes, and sentences that say given facts. Batches depend on the seed
and the step only, so a run that was killed resumes where its last checkpoint stood.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.item_head import ItemHead
from chatrec.generation.model import LocalDecoder
from chatrec.training.batches import (
    Sentence,
    StepExamples,
    Steps,
    Tokens,
    TuneOptions,
    stream,
)
from chatrec.training.checkpoints import Checkpoints
from chatrec.training.examples import RankingExample, TrainingSet
from chatrec.training.lora_kinds import with_lora
from chatrec.training.rates import share_of_peak
from chatrec.training.starting import fit_item_side, solve_state_side
from chatrec.training.tensors import SetTensors, finite, hidden_states, on_device
from chatrec.training.validation import Validation

__all__ = ["TuneOptions", "tune"]

CHECKPOINT_EVERY_S = 300
WARMUP_STEPS = 20
WISH_SHARE = 0.5

Report = Callable[[int, int, Mapping[str, float]], None]
E = TypeVar("E")


def tune(
    decoder: LocalDecoder,
    sets: Sequence[TrainingSet],
    options: TuneOptions,
    run: Path,
    *,
    report: Report | None = None,
) -> tuple[Any, ItemHead]:
    """The decoder's model wrapped with a trained LoRA, and its item head.

    They are as they were at the step that validated best, by the product of NDCG@10 on histories
    of validation users and on wishes; at the last step where there are no such users. ``run`` is
    the folder for checkpoints and the log (``log.jsonl``, a line a step); a checkpoint there of
    the same decoder, data and options is taken up. ``report(step, steps, losses)`` is called each
    step. A step that a GPU has no memory for is taken in twice as many parts, as are all after it;
    the log says so.
    """
    torch.manual_seed(options.seed)
    tensors = [on_device(data, decoder.device) for data in sets]
    model, settle = with_lora(decoder.model, options.lora, options.rank, options.lora_dropout)
    head = ItemHead(decoder.hidden_size, tensors[0].text.shape[1]).to(decoder.device)
    joint = _Joint(decoder, model, head, sets, tensors, options, run)
    if not joint.resume():
        fit_item_side(head, sets, tensors, options)
        model.eval()  # with a LoRA that says nothing yet, and without dropout
        solve_state_side(head, decoder, model, sets, tensors, options)
    joint.train(report)
    joint.take_best()
    settle()
    return model, head


class _Joint:
    """The joint training loop with its validation and its checkpoints."""

    def __init__(
        self,
        decoder: LocalDecoder,
        model: Any,
        head: ItemHead,
        sets: Sequence[TrainingSet],
        tensors: Sequence[SetTensors],
        options: TuneOptions,
        run: Path,
    ) -> None:
        self.model, self.head = model, head
        self.tensors, self.options = tensors, options
        tokens = Tokens(
            lru_cache(maxsize=1 << 17)(decoder.encode_text),
            decoder.encode_chat,
            decoder.end_id,
        )
        self.steps = Steps(sets, options, tokens)
        validated = any(data.validation for data in sets)
        self.validation = (
            Validation(sets, tokens, options.seed, wishes=options.wishes > 0) if validated else None
        )
        self.lora = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.named = self.lora + [(f"head.{n}", p) for n, p in head.named_parameters()]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": [p for _, p in self.lora], "lr": options.lora_rate, "weight_decay": 0.0},
                {"params": list(head.parameters()), "lr": options.head_rate, "weight_decay": 0.01},
            ]
        )
        identity = _identity(decoder, sets, options)
        self.kept = Checkpoints(run, identity, dict(self.named), self.optimiser)
        self.step = 0
        self.best = 0.0
        self.finished = False
        self.parts = 1  # in which a step's examples are gone through

    def train(self, report: Report | None) -> None:
        """Run from the current step to the end of the schedule or of the time, once."""
        if self.finished:
            return
        options = self.options
        begun = saved = time.monotonic()
        for examples in stream(self.steps, self.step, options.workers):
            spent = (time.monotonic() - begun) / options.max_seconds
            if spent >= 1.0:
                break
            self._set_rates(max(self.step / options.steps, spent))
            losses = self._learn(examples)
            self.step += 1
            if self.step % options.validate_every == 0 or self.step == options.steps:
                losses |= self._validate()
            self.kept.log({"step": self.step, **losses})
            if report is not None:
                report(self.step, options.steps, losses)
            if time.monotonic() - saved > CHECKPOINT_EVERY_S:
                self.save()
                saved = time.monotonic()
        if self.step < options.steps:
            self.kept.log({"step": self.step, **self._validate()})
        self.finished = True
        self.save()

    def take_best(self) -> None:
        """Put the parameters back to where they validated best, if that was measured."""
        if self.best:
            self.kept.take_best()

    def _set_rates(self, progress: float) -> None:
        warmup = max(1, min(WARMUP_STEPS, self.options.steps // 10))
        share = share_of_peak(self.step, warmup, progress)
        rates = (self.options.lora_rate, self.options.head_rate)
        for group, rate in zip(self.optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share

    def _learn(self, examples: StepExamples) -> dict[str, float]:
        while True:
            try:
                losses = self._gradients(examples)
                break
            except torch.OutOfMemoryError:
                most = max(map(len, (examples.windows, examples.wishes, examples.sentences)))
                if self.parts >= most:
                    raise
                self.parts = min(2 * self.parts, most)
                self.optimiser.zero_grad()
                torch.cuda.empty_cache()
        norm = torch.nn.utils.clip_grad_norm_([p for _, p in self.named], 1.0)
        losses["grad_norm"] = float(norm)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return losses if self.parts == 1 else losses | {"parts": float(self.parts)}

    def _gradients(self, examples: StepExamples) -> dict[str, float]:
        torch.manual_seed(self.options.seed + self.step)
        self.model.train()
        losses: dict[str, float] = {}
        popular = examples.with_popularity
        windows = [example for example in examples.windows if example.positions]
        if windows:
            losses["history"] = self._backward(
                windows,
                lambda e: sum(e.weights),
                lambda part: self._ranking_loss(examples.history_set, part, popular),
            )
        if examples.wishes:
            losses["wish"] = self._backward(
                examples.wishes,
                lambda e: sum(e.weights),
                lambda part: WISH_SHARE * self._ranking_loss(examples.wish_set, part, popular),
            )
        if examples.sentences:
            losses["sentence"] = self._backward(
                examples.sentences, lambda e: len(e.ids) - e.first, self._sentence_loss
            )
        return losses

    def _backward(
        self,
        examples: Sequence[E],
        targets: Callable[[E], float],
        loss_of: Callable[[Sequence[E]], Tensor],
    ) -> float:
        """Adds the gradients of the examples' mean loss over their ``targets``, part by part."""
        whole, told = sum(map(targets, examples)), 0.0
        for first in range(min(self.parts, len(examples))):
            part = examples[first :: self.parts]
            loss = loss_of(part) * (sum(map(targets, part)) / whole)
            told += finite(loss, self.step)
            loss.backward()  # type: ignore[no-untyped-call]
        return round(told, 4)

    def _ranking_loss(
        self, chosen: int, examples: Sequence[RankingExample], with_popularity: bool
    ) -> Tensor:
        """Cross-entropy over all items; where several are right, its mean over them."""
        hidden = hidden_states(self.model, [example.ids for example in examples])  # (B, T, H)
        states = torch.cat([hidden[row, list(e.positions)] for row, e in enumerate(examples)])
        tensors = self.tensors[chosen]
        popularity = tensors.popularity * float(with_popularity)
        items = self.head.item_vectors(tensors.text)
        log_probabilities = self.head.logits(states, items, popularity).log_softmax(dim=-1)
        targets = [target for example in examples for target in example.targets]
        weights = [weight for example in examples for weight in example.weights]
        rows = [row for row, target in enumerate(targets) for _ in target]
        columns = [item for target in targets for item in target]
        shares = [w / len(t) for w, t in zip(weights, targets, strict=True) for _ in t]
        picked = log_probabilities[rows, columns]  # one for each right item
        return -(picked * picked.new_tensor(shares)).sum() / sum(weights)

    def _sentence_loss(self, examples: Sequence[Sentence]) -> Tensor:
        hidden = hidden_states(self.model, [example.ids for example in examples])
        states = torch.cat(
            [hidden[row, e.first - 1 : len(e.ids) - 1] for row, e in enumerate(examples)]
        )
        targets = [token for example in examples for token in example.ids[example.first :]]
        logits = self.model.get_output_embeddings()(states.to(self.model.dtype)).float()  # (M, V)
        return F.cross_entropy(logits, torch.tensor(targets, device=logits.device))

    def _validate(self) -> dict[str, float]:
        if self.validation is None:
            return {}
        figures = self.validation.figures(self.model, self.head, self.tensors)
        score = math.prod(figures.values())
        if score > self.best:
            self.best = score
            self.kept.keep_best()
        return {f"validation {name}": value for name, value in figures.items()}

    def save(self) -> None:
        """Write a checkpoint."""
        names = ("step", "best", "finished", "parts")
        self.kept.save(**{name: getattr(self, name) for name in names})

    def resume(self) -> bool:
        """Take up the run's checkpoint if there is one of the same decoder, data and options."""
        progress = self.kept.resume()
        for name, value in (progress or {}).items():
            setattr(self, name, value)
        return progress is not None


def _identity(decoder: LocalDecoder, sets: Sequence[TrainingSet], options: TuneOptions) -> str:
    """What a checkpoint must share with a run that takes it up."""
    content = sha256()
    for data in sets:
        content.update(data.catalog.checksum.encode() + data.text_vectors.tobytes())
        for part in (data.histories, data.validation):
            met = [[(m.index, m.liked) for m in history] for history in part]
            content.update(repr(met).encode())
    free = {"max_seconds": None, "workers": None}
    of_run = {"base": decoder.name, "precision": decoder.precision, "data": content.hexdigest()}
    return json.dumps({**asdict(options), **free, **of_run}, sort_keys=True)
