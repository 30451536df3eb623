"""Trains the sequential retriever to predict, after every item of a history, the next one.

The loss is the softmax over all items, or over shared negatives whose logits are corrected for
how often they are drawn (:func:`next_item_loss`). Batches, dropout and negatives depend on the seed
and the step only, so a run that was killed ends with the very weights it would have had.
Knows histories; knows no catalogue.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.retrieval.sequential import Network, SasRec, Shape, padded
from chatrec.retrieval.together import Together
from chatrec.training.checkpoints import Checkpoints
from chatrec.training.epochs import Epochs, Report, Schedule, tensorboard_writer, validation_ndcg
from chatrec.training.tensors import best_device
from chatrec.training.windows import HeldOut

FEW, MANY = 200_000, 500_000  # interactions
MANY_ITEMS = 5_000
STEPS_AN_EPOCH = 90  # at least, where batches can be as small as that

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

    @property
    def schedule(self) -> Schedule:
        """The part of it that says how long to train, in which batches, at which rates."""
        return Schedule(**{part.name: getattr(self, part.name) for part in fields(Schedule)})

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
    device: torch.device | None = None,
) -> SasRec:
    """A SasRec as it was when it validated best, by NDCG@10 among all items not in the past.

    As it was last, where nobody is there to validate on. ``text_vectors`` (n_items, D) give the
    items a text part. ``start`` goes on from its weights, for interactions and items that are new
    since. ``run`` is the folder for checkpoints (one every five minutes) and for the log
    (``log.jsonl``, a line an epoch); a checkpoint there of the same options and data is taken up.
    ``report(step, steps, figures)`` is called each step. ``tensorboard`` writes event files too;
    RequestError if it isn't installed, or if no history has two items. It is trained on ``device``
    (None: a GPU where there is one), and lies on the CPU afterwards.
    """
    torch.manual_seed(options.seed)
    place = best_device() if device is None else device
    learner = _Learner(histories, validation, options, text_vectors, start, place)
    optimiser = torch.optim.AdamW(
        [parameter for _, parameter in learner.named],
        lr=options.rate,
        weight_decay=options.weight_decay,
        betas=(0.9, 0.98),
        fused=True,
    )
    identity = _identity(histories, options, learner.raw_text, start)
    kept = Checkpoints(run, identity, dict(learner.named), optimiser)
    validates = bool(learner.validation.pasts)
    epochs = Epochs(histories, options.schedule, learner, optimiser, kept, validates=validates)
    epochs.train(report, tensorboard_writer(run) if tensorboard else None)
    epochs.take_best()
    learner.to(torch.device("cpu"))
    return learner.model()


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


class _Learner:
    """The parameters that learn, and what they cost on a batch."""

    def __init__(
        self,
        histories: Histories,
        validation: HeldOut,
        options: SequentialOptions,
        text: Text | None,
        start: SasRec | None,
        device: torch.device,
    ) -> None:
        if not (histories.sizes > 1).any():
            raise RequestError(
                f"none of the {len(histories):,} histories has two items, the sequential model "
                "learns what follows what: import more interactions, or use another retriever"
            )
        self.options = options
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
        if start is None:
            self.together = Together.of(histories)
        else:
            _take(start, self.network, self.own)
            self.together = start.together.added(histories)[0]
        popular = torch.from_numpy(histories.counts / len(histories.items)).float()
        self.chances = popular.lerp(torch.full_like(popular, 1 / n_items), options.uniform_share)
        self.to(device)
        self.named: list[tuple[str, Tensor]] = [("own", self.own), *self.network.named_parameters()]

    def to(self, device: torch.device) -> None:
        """Move all of it there; the parameters stay the same objects."""
        self.device = device
        self.network.to(device)
        self.own.data = self.own.data.to(device)
        self.raw_text, self.chances = self.raw_text.to(device), self.chances.to(device)

    def loss(self, batch: Sequence[Past]) -> Tensor:
        """The loss over every target of the batch, with the vectors of those items it needs."""
        self.network.train()
        inputs = padded([piece[:-1] for piece in batch])  # (B, T)
        filled = torch.tensor([len(piece) - 1 for piece in batch])[:, None]
        real = torch.arange(inputs.shape[1]) < filled  # (B, T)
        targets = padded([piece[1:] for piece in batch])[real]  # (M,)
        inputs, real, targets = (part.to(self.device) for part in (inputs, real, targets))
        drawn = self.options.negatives
        if drawn is None or drawn >= len(self.own):
            vectors = self._vectors(torch.arange(len(self.own), device=self.device))
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

    def validated(self) -> float:
        """NDCG@10 on the validation part."""
        return validation_ndcg(self.model(), self.validation)

    def model(self) -> SasRec:
        """The model as the parameters are now."""
        own = self.own.detach().cpu().numpy().copy()
        with torch.inference_mode():
            text = self.network.text_part(self.raw_text).cpu().numpy()
        return SasRec(self.network, own, text, self.together)


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


def _identity(
    histories: Histories, options: SequentialOptions, text: Tensor, start: SasRec | None
) -> str:
    """What a checkpoint must share with a run that takes it up."""
    content = sha256(histories.items.tobytes() + histories.starts.tobytes())
    content.update(str(histories.n_items).encode())
    content.update(text.cpu().numpy().tobytes() + (b"" if start is None else start.own.tobytes()))
    return json.dumps({**asdict(options), "data": content.hexdigest()}, sort_keys=True)
