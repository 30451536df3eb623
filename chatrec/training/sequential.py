"""Trains the sequential retriever to predict, after every item of a history, the next one.

The loss is the softmax over all items, or over shared negatives whose logits are corrected for
how often they are drawn (:func:`next_item_loss`). Batches, dropout and negatives depend on the seed
and the step only, so a run that was killed ends with the very weights it would have had.
Knows histories; knows no catalogue.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.metrics import ndcg
from chatrec.retrieval.sequential import Network, SasRec, Shape, padded
from chatrec.retrieval.together import Together
from chatrec.training.checkpoints import LOG, Checkpoints
from chatrec.training.windows import HeldOut, batches_of, windows_of

CHECKPOINT_EVERY_S = 300
CLIP = 1.0
FEW, MANY = 200_000, 500_000  # interactions
MANY_ITEMS = 5_000
STEPS_AN_EPOCH = 90  # at least, where batches can be as small as that
VALIDATED_AT_ONCE = 256

Report = Callable[[int, int, Mapping[str, float]], None]
Text = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SequentialOptions:
    """The network's sizes (see :class:`~chatrec.retrieval.sequential.Shape`) and its training.

    ``negatives`` None, or as many as there are items, is the full softmax; of those drawn,
    ``uniform_share`` are drawn evenly, the others by popularity. ``tokens`` are the items of a
    batch. The rate rises over ``warmup_steps`` and falls to 0 along a cosine over ``epochs``;
    training ends early once ``patience`` validations (one every ``validate_every`` epochs, on
    ``validated`` users at most) brought nothing better.
    """

    width: int = 64
    blocks: int = 2
    heads: int = 2
    window: int = 200
    dropout: float = 0.2
    negatives: int | None = 512
    uniform_share: float = 0.5
    tokens: int = 4096
    rate: float = 2e-3
    weight_decay: float = 0.01
    warmup_steps: int = 100
    epochs: int = 36
    patience: int = 8
    validate_every: int = 2
    validated: int = 2000
    seed: int = 2026

    @classmethod
    def suited(cls, histories: Histories, seed: int = 2026) -> SequentialOptions:
        """What validated best on sets of such a size: 85 thousand to 900 thousand interactions.

        Few interactions want small batches, a higher rate and more dropout; many items want more
        negatives; a window need not be longer than the longest history.
        """
        few = len(histories.items) < MANY
        return cls(
            window=int(np.clip(histories.sizes.max(initial=1), 1, 200)),
            dropout=0.3 if few else 0.2,
            negatives=1024 if histories.n_items > MANY_ITEMS else 512,
            tokens=int(np.clip(len(histories.items) // STEPS_AN_EPOCH, 1024, 4096)),
            rate=3e-3 if len(histories.items) < FEW else 2e-3,
            seed=seed,
        )


def train_sequential(
    histories: Histories,
    validation: HeldOut,
    options: SequentialOptions,
    run: Path,
    *,
    text_vectors: Text | None = None,
    start: SasRec | None = None,
    report: Report | None = None,
    tensorboard: bool = False,
) -> SasRec:
    """A SasRec as it was when it validated best, by NDCG@10 among all items not in the past.

    As it was last, where nobody is there to validate on. ``text_vectors`` (n_items, D) give the
    items a text part. ``start`` goes on from its weights, for interactions and items that are new
    since. ``run`` is the folder for checkpoints (one every five minutes) and for the log
    (``log.jsonl``, a line an epoch); a checkpoint there of the same options and data is taken up.
    ``report(step, steps, figures)`` is called each step. ``tensorboard`` writes event files too;
    RequestError if it isn't installed, or if no history has two items.
    """
    torch.manual_seed(options.seed)
    trainer = _Trainer(histories, validation, options, run, text_vectors, start)
    trainer.resume()
    writer = _tensorboard(run) if tensorboard else None
    trainer.train(report, writer)
    return trainer.best_model()


def next_item_loss(
    states: Tensor,
    vectors: Tensor,
    targets: Tensor,
    negatives: Tensor | None = None,
    expected: Tensor | None = None,
) -> Tensor:
    """Mean cross-entropy of the ``targets`` (M,) after the ``states`` (M, width).

    Over all items, or over the target and the ``negatives`` (K,), each of which was drawn
    ``expected`` (K,) times on average: exp(logit) / expected makes the sum over those drawn an
    unbiased estimate of the sum over all others (sampled softmax with logQ; Bengio & Senécal, IEEE
    TNN 2008). A negative that is a row's target doesn't count there.
    """
    if negatives is None or expected is None:
        return F.cross_entropy(states @ vectors.T, targets)
    own = (states * vectors[targets]).sum(dim=1)  # (M,)
    drawn = torch.addmm(-expected.log(), states, vectors[negatives].T)  # (M, K)
    drawn = drawn.masked_fill(negatives == targets[:, None], -math.inf)
    return (torch.cat([own[:, None], drawn], dim=1).logsumexp(dim=1) - own).mean()


class _Trainer:
    """The parameters, their optimiser, and how far training is."""

    def __init__(
        self,
        histories: Histories,
        validation: HeldOut,
        options: SequentialOptions,
        run: Path,
        text: Text | None,
        start: SasRec | None,
    ) -> None:
        if not (histories.sizes > 1).any():
            raise RequestError(
                f"none of the {len(histories):,} histories has two items, the sequential model "
                "learns what follows what: import more interactions, or use another retriever"
            )
        self.histories, self.options = histories, options
        self.validation = validation.sample(options.validated, options.seed)
        n_items = histories.n_items
        self.raw_text = torch.from_numpy(
            np.zeros((n_items, 0), np.float32) if text is None else text
        )
        shape = Shape(
            options.width, options.blocks, options.heads, options.window, self.raw_text.shape[1]
        )
        self.network = Network(shape, options.dropout)
        self.own = nn.Parameter(0.02 * torch.randn(n_items, options.width))
        self.start = b"" if start is None else start.own.tobytes()
        if start is None:
            self.together = Together.of(histories)
        else:
            _take(start, self.network, self.own)
            self.together = start.together.added(histories)[0]
        popular = torch.from_numpy(histories.counts / len(histories.items)).float()
        self.chances = popular.lerp(torch.full_like(popular, 1 / n_items), options.uniform_share)
        self.named: list[tuple[str, Tensor]] = [("own", self.own), *self.network.named_parameters()]
        self.optimiser = torch.optim.AdamW(
            [parameter for _, parameter in self.named],
            weight_decay=options.weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.kept = Checkpoints(run, self._identity(), dict(self.named), self.optimiser)
        self.step, self.epoch, self.waited, self.best = 0, 0, 0, -1.0
        self.within = 0  # batches of this epoch that are done
        self.loss = 0.0  # their summed loss

    def train(self, report: Report | None, writer: Any) -> None:
        """Run to the end of the schedule, or until validation has stopped getting better."""
        options, saved = self.options, time.monotonic()
        while self.epoch < options.epochs and self.waited < options.patience:
            batches = self._batches()
            for batch in batches[self.within :]:
                progress = (self.epoch + self.within / len(batches)) / options.epochs
                loss = self._learn(batch, progress)
                self.step, self.within, self.loss = self.step + 1, self.within + 1, self.loss + loss
                if report is not None:
                    report(self.step, self._steps(len(batches)), {"loss": loss})
                if time.monotonic() - saved > CHECKPOINT_EVERY_S:
                    self.save()
                    saved = time.monotonic()
            self._end_epoch(len(batches), report, writer)
        self.save()

    def _steps(self, batches: int) -> int:
        """How many steps it will be, if every epoch has as many batches as this one."""
        return self.step - self.within + batches * (self.options.epochs - self.epoch)

    def _batches(self) -> list[list[Past]]:
        rng = np.random.default_rng([self.options.seed, self.epoch])
        return batches_of(
            windows_of(self.histories, self.options.window, rng), self.options.tokens, rng
        )

    def _learn(self, batch: Sequence[Past], progress: float) -> float:
        torch.manual_seed(self.options.seed + self.step)
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate(progress)
        self.network.train()
        loss = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([parameter for _, parameter in self.named], CLIP)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return float(loss.detach())

    def _rate(self, progress: float) -> float:
        warm = min(1.0, (self.step + 1) / self.options.warmup_steps)
        return self.options.rate * warm * (1 + math.cos(math.pi * progress)) / 2

    def _loss(self, batch: Sequence[Past]) -> Tensor:
        """The loss over every target of the batch, with the vectors of those items it needs."""
        inputs = padded([piece[:-1] for piece in batch])  # (B, T)
        filled = torch.tensor([len(piece) - 1 for piece in batch])[:, None]
        real = torch.arange(inputs.shape[1]) < filled  # (B, T)
        targets = padded([piece[1:] for piece in batch])[real]  # (M,)
        drawn = self.options.negatives
        if drawn is None or drawn >= len(self.own):
            vectors = self._vectors(torch.arange(len(self.own)))
            states = self.network(F.embedding(inputs, vectors))
            return next_item_loss(states[real], vectors, targets)
        negatives = torch.multinomial(self.chances, drawn, replacement=True)
        parts = [inputs.flatten(), targets, negatives]
        needed, places = torch.unique(torch.cat(parts), return_inverse=True)
        at_inputs, at_targets, at_negatives = places.split([len(part) for part in parts])
        vectors = self._vectors(needed)
        states = self.network(F.embedding(at_inputs.view(inputs.shape), vectors))
        expected = drawn * self.chances[negatives]
        return next_item_loss(states[real], vectors, at_targets, at_negatives, expected)

    def _vectors(self, items: Tensor) -> Tensor:
        """Own and text parts together, (len(items), width)."""
        return F.embedding(items, self.own) + self.network.text_part(self.raw_text[items])

    def _end_epoch(self, batches: int, report: Report | None, writer: Any) -> None:
        self.epoch += 1
        figures = {"epoch": self.epoch, "loss": self.loss / batches}
        self.within, self.loss = 0, 0.0
        due = self.epoch % self.options.validate_every == 0 or self.epoch == self.options.epochs
        if due and self.validation.pasts:
            figures["validation ndcg@10"] = self._validate()
        self.kept.log({"step": self.step, **figures})
        if writer is not None:
            for name, value in figures.items():
                writer.add_scalar(name, value, self.step)
            writer.flush()
        if report is not None:
            report(self.step, self._steps(batches), figures)

    def _validate(self) -> float:
        found = validation_ndcg(self._model(), self.validation)
        self.waited += 1
        if found > self.best:
            self.best, self.waited = found, 0
            self.kept.keep_best()
        return found

    def _model(self) -> SasRec:
        own = self.own.detach().numpy().copy()
        with torch.inference_mode():
            text = self.network.text_part(self.raw_text).numpy()
        return SasRec(self.network, own, text, self.together)

    def best_model(self) -> SasRec:
        """The model at its best validation; at the last step where nothing was validated."""
        if self.best >= 0:
            self.kept.take_best()
        return self._model()

    def save(self) -> None:
        """Write a checkpoint."""
        names = ("step", "epoch", "within", "loss", "waited", "best")
        self.kept.save(**{name: getattr(self, name) for name in names})

    def resume(self) -> None:
        """Take up the run's checkpoint if there is one of the same options and data."""
        for name, value in (self.kept.resume() or {}).items():
            setattr(self, name, value)

    def _identity(self) -> str:
        content = sha256(self.histories.items.tobytes() + self.histories.starts.tobytes())
        content.update(self.raw_text.numpy().tobytes() + self.start)
        return json.dumps({**asdict(self.options), "data": content.hexdigest()}, sort_keys=True)


def validation_ndcg(model: SasRec, held_out: HeldOut) -> float:
    """Mean NDCG@10 of the targets among all items that aren't in their past."""
    ranks: list[float] = []
    for first in range(0, len(held_out.pasts), VALIDATED_AT_ONCE):
        pasts = held_out.pasts[first : first + VALIDATED_AT_ONCE]
        targets = held_out.targets[first : first + VALIDATED_AT_ONCE]
        for past, target, scores in zip(pasts, targets, model.scores(pasts), strict=True):
            own = scores[target]
            scores[past] = -np.inf
            scores[target] = own
            ranks.append(float((scores >= own).sum()))
    return float(ndcg(np.array(ranks), 10).mean())


def _take(start: SasRec, network: Network, own: nn.Parameter) -> None:
    """Put ``start``'s weights into both; items beyond its own get no own part yet."""
    if start.network.shape != network.shape or len(start.own) > len(own):
        raise RequestError(
            f"training can't go on from {start.network.shape} with {len(start.own):,} items to "
            f"{network.shape} with {len(own):,}: give the same sizes, and new items after the old"
        )
    with torch.no_grad():
        network.load_state_dict(start.network.state_dict())
        own.zero_()
        own[: len(start.own)] = torch.from_numpy(start.own)


def _tensorboard(run: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise RequestError(
            f"tensorboard is not installed: pip install tensorboard, or train without it; {LOG} "
            "has the same figures"
        ) from error
    return SummaryWriter(str(run))
