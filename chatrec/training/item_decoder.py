"""Trains a decoder's first layers with LoRA to say, after every item of a history, the next one.

Items enter and are compared in the space of a trained sequential model, whose vectors are given and
corrected here (:mod:`chatrec.generation.item_decoder`); so one epoch teaches what would take many
from nothing. The loss is the softmax over all items: of the one that came, and of what teachers
would have ranked (:mod:`chatrec.training.teachers`). Knows histories; knows no catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.generation.item_decoder import NETWORK, DecoderShape, ItemDecoder, ItemNetwork
from chatrec.retrieval.collaborative import Scores
from chatrec.retrieval.sequential import padded
from chatrec.training.checkpoints import Checkpoints
from chatrec.training.epochs import Epochs, Report, Schedule, tensorboard_writer, validation_ndcg
from chatrec.training.teachers import Lessons
from chatrec.training.tensors import half_precision
from chatrec.training.windows import HeldOut

FEW = 200_000  # interactions


@dataclass(frozen=True, slots=True)
class ItemDecoderOptions:
    """The network (:class:`~chatrec.generation.item_decoder.DecoderShape`) and its training.

    Of each history the last ``recent`` items are targets, and the last ``lessons`` are asked
    teachers about; there ``taught`` is the part of the loss that is about what they ranked, from 0
    to 1. Items' vectors get ``extra`` dimensions besides those that they come with. ``dropout`` is
    that of the entering items; ``lora_rate`` the highest rate of LoRA and norms, ``item_rate`` that
    of what is learnt about items. For the others see
    :class:`~chatrec.training.epochs.Schedule`; at most ``validated`` users are validated on.
    """

    depth: int = 8
    rank: int = 32
    window: int = 60
    recent: int = 60
    lessons: int = 60
    taught: float = 0.7
    extra: int = 0
    dropout: float = 0.2
    lora_dropout: float = 0.05
    lora_rate: float = 1e-3
    item_rate: float = 1e-3
    weight_decay: float = 0.01
    tokens: int = 1500
    warmup_steps: int = 50
    epochs: int = 2
    patience: int = 2
    validate_every: int = 1
    validated: int = 500
    seed: int = 2026

    @classmethod
    def suited(
        cls, histories: Histories, seed: int = 2026, *, gpu: bool = False
    ) -> ItemDecoderOptions:
        """What suits sets of such a size: few interactions are all learnt from, and more often.

        On a GPU, where an epoch takes seconds, all are, and they are met more often still, in
        larger batches.
        """
        few = len(histories.items) < FEW
        longest = int(histories.sizes.max(initial=1))
        if not gpu and not few:
            return cls(seed=seed)
        if not gpu:
            return cls(
                recent=longest, lessons=longest, tokens=1000, epochs=3, patience=3, seed=seed
            )
        often = cls(
            window=100,
            recent=longest,
            lora_rate=2e-3,
            item_rate=2e-3,
            patience=4,
            validate_every=2,
            seed=seed,
        )
        if few:
            return replace(often, lessons=100, dropout=0.3, tokens=6000, epochs=16)
        return replace(often, taught=0.5, tokens=16_000, epochs=14, validated=2000)

    @property
    def shape(self) -> DecoderShape:
        """The part of it that the network is made from."""
        return DecoderShape(self.depth, self.rank, self.window)

    @property
    def schedule(self) -> Schedule:
        """The part of it that says how long to train, in which batches."""
        return Schedule(**{part.name: getattr(self, part.name) for part in fields(Schedule)})


def train_item_decoder(
    histories: Histories,
    validation: HeldOut,
    layers: Any,
    titles: Tensor,
    vectors: Tensor,
    options: ItemDecoderOptions,
    run: Path,
    *,
    lessons: Lessons | None = None,
    start: Mapping[str, NDArray[Any]] | None = None,
    report: Report | None = None,
    tensorboard: bool = False,
) -> ItemDecoder:
    """An ItemDecoder as it was when it validated best, by NDCG@10 among all items not in the past.

    As it was last, where nobody is there to validate on. ``layers`` are the decoder's first
    ``depth``, which are changed; ``titles`` (N, H) and ``vectors`` (N, D) those of
    :class:`~chatrec.generation.item_decoder.ItemNetwork`. It is trained, and stays, on the device
    of ``titles``. ``lessons`` may tell of any of the histories' interactions. ``start`` goes on
    from the weights that an ItemDecoder's ``tensors`` gave. ``run`` is the folder for checkpoints
    (one every five minutes) and the log; a checkpoint there of the same options and data is taken
    up. RequestError if no history has two items, or for a start of another shape.
    """
    if not (histories.sizes > 1).any():
        raise RequestError(
            f"none of the {len(histories):,} histories has two items, the decoder learns what "
            "follows what: import more interactions, or leave it out"
        )
    torch.manual_seed(options.seed)
    network = ItemNetwork(
        layers,
        titles,
        F.pad(vectors, (0, options.extra)),
        options.shape,
        dropout=options.dropout,
        lora_dropout=options.lora_dropout,
    )
    if start is not None:
        _take(start, network)
    validated = validation.sample(options.validated, options.seed)
    learner = _Learner(network, histories.items, lessons, validated, options)
    learnt = network.learnt
    inner = [p for name, p in learnt.items() if name.startswith("layers.")]
    outer = [p for name, p in learnt.items() if not name.startswith("layers.")]
    optimiser = torch.optim.AdamW(
        [
            {"params": inner, "lr": options.lora_rate, "weight_decay": 0.0},
            {"params": outer, "lr": options.item_rate, "weight_decay": options.weight_decay},
        ],
        betas=(0.9, 0.98),
    )
    kept = Checkpoints(
        run, _identity(histories, titles, vectors, lessons, start, options), learnt, optimiser
    )
    places = replace(histories, items=np.arange(len(histories.items), dtype=np.int32))
    epochs = Epochs(
        places.recent(options.recent + 1),
        options.schedule,
        learner,
        optimiser,
        kept,
        validates=bool(validated.pasts),
    )
    epochs.train(report, tensorboard_writer(run) if tensorboard else None)
    epochs.take_best()
    return ItemDecoder(network, options.shape)


class _Learner:
    """The network's loss on a batch, and how it validates, on the network's device.

    Batches are of places in ``items`` (n_interactions,), so that lessons can be found by them.
    """

    def __init__(
        self,
        network: ItemNetwork,
        items: NDArray[np.int32],
        lessons: Lessons | None,
        validation: HeldOut,
        options: ItemDecoderOptions,
    ) -> None:
        self.network, self.lessons = network, lessons
        self.device = network.titles.device
        self.items = torch.from_numpy(items).long().to(self.device)
        self.validation, self.options = validation, options

    def loss(self, batch: Sequence[Past]) -> Tensor:
        """Mean cross-entropy over every item of the batch but the first of each window."""
        self.network.train()
        places = padded([piece[:-1] for piece in batch])  # (B, T)
        filled = torch.tensor([len(piece) - 1 for piece in batch])[:, None]
        real = torch.arange(places.shape[1]) < filled  # (B, T)
        targets = padded([piece[1:] for piece in batch])[real]  # (M,)
        places, real, at = (part.to(self.device) for part in (places, real, targets))
        with half_precision(self.device):
            states = self.network(self.items[places])[real].float()
        chances = self.network.logits(states).log_softmax(dim=-1)  # (M, N)
        came = F.nll_loss(chances, self.items[at], reduction="none")
        if self.lessons is None:
            return came.mean()
        ranked, known = self._ranked(chances, self.lessons, targets)
        taught = self.options.taught * known
        return ((1 - taught) * came + taught * ranked).mean()

    def _ranked(self, chances: Tensor, lessons: Lessons, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-entropy of what the teachers ranked before each target, (M,), and, (M,), 1 where
        there is a lesson and 0 where there is none.
        """
        rows = lessons.rows[targets.numpy()]
        known = torch.from_numpy(rows >= 0).to(self.device)
        ranked = torch.from_numpy(lessons.items[rows]).to(self.device).long()  # (M, K)
        shares = torch.from_numpy(lessons.shares[rows]).to(self.device)
        return -(shares * chances.gather(1, ranked)).sum(dim=1), known.float()

    def validated(self) -> float:
        """NDCG@10 on the validation part."""
        return validation_ndcg(self, self.validation)

    def scores(self, pasts: Sequence[Past]) -> Scores:
        """Those of the model as the parameters are now."""
        return ItemDecoder(self.network, self.options.shape).scores(pasts)


def _take(start: Mapping[str, NDArray[Any]], network: ItemNetwork) -> None:
    """Put the weights of a decoder over the same items into the network."""
    try:
        with torch.no_grad():
            for name, parameter in network.learnt.items():
                parameter.copy_(torch.from_numpy(start[f"{NETWORK}{name}"]))
    except (KeyError, RuntimeError) as error:
        raise RequestError(
            f"training can't go on from weights of another shape ({error}): take the options and "
            "the items that these were trained with, or begin anew"
        ) from error


def _identity(
    histories: Histories,
    titles: Tensor,
    vectors: Tensor,
    lessons: Lessons | None,
    start: Mapping[str, NDArray[Any]] | None,
    options: ItemDecoderOptions,
) -> str:
    """What a checkpoint must share with a run that takes it up."""
    content = sha256(histories.items.tobytes() + histories.starts.tobytes())
    for given in (titles, vectors):  # the titles tell which decoder it is
        content.update(given.cpu().numpy().tobytes())
    if lessons is not None:
        content.update(lessons.items.tobytes() + lessons.shares.tobytes())
    for _, weights in sorted((start or {}).items()):
        content.update(weights.tobytes())
    return json.dumps({**asdict(options), "data": content.hexdigest()}, sort_keys=True)
