"""Training on histories' windows, epoch after epoch, until validation gets no better.

What a batch costs and how well the model validates is the caller's; batches, rates, checkpoints and
the log are kept here. Everything depends on the seed and the step only, so a run that was killed
ends with the very weights it would have had. Knows histories and parameters; knows no model.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.metrics import ndcg
from chatrec.retrieval.collaborative import Scores
from chatrec.training.checkpoints import LOG, Checkpoints
from chatrec.training.tensors import finite
from chatrec.training.windows import HeldOut, batches_of, windows_of

CHECKPOINT_EVERY_S = 300
CLIP = 1.0
VALIDATED_AT_ONCE = 256
LR, PEAK = "lr", "peak_lr"  # in the optimiser's groups: the rate now, and the highest

Report = Callable[[int, int, Mapping[str, float]], None]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long to train, and how the rates go.

    Each of the optimiser's rates rises over ``warmup_steps`` and falls to 0 along a cosine over
    ``epochs``; training ends early once ``patience`` validations (one every ``validate_every``
    epochs) brought nothing better. A batch has about ``tokens`` items in windows of ``window``.
    """

    window: int
    tokens: int
    warmup_steps: int
    epochs: int
    patience: int
    validate_every: int
    seed: int


class Learner(Protocol):
    """What learns: its loss on a batch of windows, and how well it validates."""

    def loss(self, batch: Sequence[Past]) -> Tensor:
        """The mean loss over the batch's targets, with gradients; the model is set to train."""
        ...

    def validated(self) -> float:
        """Mean NDCG@10 on the validation part."""
        ...


class Epochs:
    """A run of training over the ``histories``; ``trained`` are all parameters that learn."""

    def __init__(
        self,
        histories: Histories,
        schedule: Schedule,
        learner: Learner,
        optimiser: torch.optim.Optimizer,
        kept: Checkpoints,
        *,
        validates: bool,
    ) -> None:
        self._histories, self._schedule = histories, schedule
        self._learner, self._optimiser, self._kept = learner, optimiser, kept
        self._validates = validates
        self._trained = [p for group in optimiser.param_groups for p in group["params"]]
        for group in optimiser.param_groups:
            group[PEAK] = group[LR]
        self.step, self.epoch, self.waited, self.best = 0, 0, 0, -1.0
        self.within = 0  # batches of this epoch that are done
        self.summed = 0.0  # their summed loss
        for name, value in (kept.resume() or {}).items():
            setattr(self, name, value)

    def train(self, report: Report | None = None, writer: Any = None) -> None:
        """Run to the end of the schedule, or until validation has stopped getting better."""
        schedule, saved = self._schedule, time.monotonic()
        while self.epoch < schedule.epochs and self.waited < schedule.patience:
            batches = self._batches()
            for batch in batches[self.within :]:
                loss = self._learn(batch, self.epoch + self.within / len(batches))
                self.step, self.within = self.step + 1, self.within + 1
                self.summed += loss
                if report is not None:
                    report(self.step, self._steps(len(batches)), {"loss": loss})
                if time.monotonic() - saved > CHECKPOINT_EVERY_S:
                    self._save()
                    saved = time.monotonic()
            self._end_epoch(len(batches), report, writer)
        self._save()

    def take_best(self) -> None:
        """Put the parameters back to where they validated best, if anything was validated."""
        if self.best >= 0:
            self._kept.take_best()

    def _steps(self, batches: int) -> int:
        """How many steps it will be, if every epoch has as many batches as this one."""
        return self.step - self.within + batches * (self._schedule.epochs - self.epoch)

    def _batches(self) -> list[list[Past]]:
        schedule = self._schedule
        rng = np.random.default_rng([schedule.seed, self.epoch])
        return batches_of(windows_of(self._histories, schedule.window, rng), schedule.tokens, rng)

    def _learn(self, batch: Sequence[Past], epochs: float) -> float:
        torch.manual_seed(self._schedule.seed + self.step)
        self._set_rates(epochs / self._schedule.epochs)
        loss = self._learner.loss(batch)
        found = finite(loss, self.step)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._trained, CLIP)
        self._optimiser.step()
        self._optimiser.zero_grad()
        return found

    def _set_rates(self, progress: float) -> None:
        warm = min(1.0, (self.step + 1) / self._schedule.warmup_steps)
        for group in self._optimiser.param_groups:
            group[LR] = group[PEAK] * warm * (1 + math.cos(math.pi * progress)) / 2

    def _end_epoch(self, batches: int, report: Report | None, writer: Any) -> None:
        self.epoch += 1
        schedule = self._schedule
        figures = {"epoch": self.epoch, "loss": self.summed / batches}
        self.within, self.summed = 0, 0.0
        due = self.epoch % schedule.validate_every == 0 or self.epoch == schedule.epochs
        if due and self._validates:
            figures["validation ndcg@10"] = self._validate()
        self._kept.log({"step": self.step, **figures})
        if writer is not None:
            for name, value in figures.items():
                writer.add_scalar(name, value, self.step)
            writer.flush()
        if report is not None:
            report(self.step, self._steps(batches), figures)

    def _validate(self) -> float:
        found = self._learner.validated()
        self.waited += 1
        if found > self.best:
            self.best, self.waited = found, 0
            self._kept.keep_best()
        return found

    def _save(self) -> None:
        names = ("step", "epoch", "within", "summed", "waited", "best")
        self._kept.save(**{name: getattr(self, name) for name in names})


class Scorer(Protocol):
    """Whatever scores every item after a past."""

    def scores(self, pasts: Sequence[Past]) -> Scores:
        """(B, n_items), higher is better."""
        ...


def validation_ndcg(model: Scorer, held_out: HeldOut) -> float:
    """Mean NDCG@10 of the targets among all items that aren't in their past.

    Ties count against the target, and so does what is not a number.
    """
    ranks: list[float] = []
    for first in range(0, len(held_out.pasts), VALIDATED_AT_ONCE):
        pasts = held_out.pasts[first : first + VALIDATED_AT_ONCE]
        targets = held_out.targets[first : first + VALIDATED_AT_ONCE]
        for past, target, scores in zip(pasts, targets, model.scores(pasts), strict=True):
            own = scores[target]
            scores[past] = -np.inf
            scores[target] = own
            ranks.append(float((~(scores < own)).sum()))  # itself is one
    return float(ndcg(np.array(ranks), 10).mean())


def tensorboard_writer(run: Path) -> Any:
    """Writes event files into ``run``. RequestError if tensorboard isn't installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise RequestError(
            f"tensorboard is not installed: pip install tensorboard, or train without it; {LOG} "
            "has the same figures"
        ) from error
    return SummaryWriter(str(run))
