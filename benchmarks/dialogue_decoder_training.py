"""Trains a decoder to recommend in dialogues, on all turns of a dialogue in one pass.

The loss is the softmax over all items not named so far, of each answer of
:class:`~dialogue_decoder_examples.DialogueExamples`. Knows dialogues as ids; knows no file and no
tokenizer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from dialogue_decoder_examples import (
    Batch,
    DialogueExamples,
    batch_of,
    batches_of,
    named_until,
    padded_ids,
)
from dialogue_decoder_network import DialogueNetwork
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn

from chatrec.retrieval.company import Company
from chatrec.training.tensors import half_precision

UNSEEN = 0.2  # times that every item is imagined to have been recommended
CLIP = 1.0

Report = Callable[[Mapping[str, float]], None]
Pieces = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DialogueDecoderOptions:
    """How to train.

    A batch has about ``tokens`` ids. The rates rise over ``warmup_steps`` and fall to 0 along a
    cosine over ``epochs`` or ``max_seconds``, whichever ends first. ``lora_rate`` is that of LoRA
    and norms, ``item_rate`` that of what is learnt about items.
    """

    tokens: int = 8000
    epochs: int = 6
    max_seconds: float = math.inf
    warmup_steps: int = 30
    lora_rate: float = 5e-4
    item_rate: float = 1e-3
    weight_decay: float = 0.01
    seed: int = 2026


def log_shares(examples: DialogueExamples, pieces: Pieces, n_items: int) -> Tensor:
    """The log share of each item in what is recommended in the pieces, (N,)."""
    kept = np.isin(examples.answers[:, 0], pieces) & (examples.answers[:, 3] == 1)
    counts = np.bincount(examples.answers[kept, 2], minlength=n_items) + UNSEEN
    return torch.from_numpy(np.log(counts / counts.sum())).float()


def mention_vectors(
    examples: DialogueExamples, pieces: Pieces, n_words: int, n_items: int
) -> Tensor:
    """What keeps the same company in the pieces: vectors of the items, (N, W)."""
    held = [np.unique(ids[ids >= n_words]) - n_words for ids in map(examples.piece, pieces)]
    rows = np.repeat(np.arange(len(held)), [len(items) for items in held])
    ones = np.ones(len(rows), dtype=np.float32)
    named = sparse.csr_matrix((ones, (rows, np.concatenate(held))), shape=(len(held), n_items))
    together = (named.T @ named).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    return torch.from_numpy(Company.of(together).things)


def train_dialogue_decoder(
    network: DialogueNetwork,
    examples: DialogueExamples,
    pieces: Pieces,
    held_out: Pieces,
    options: DialogueDecoderOptions,
    report: Report,
) -> None:
    """Train on ``pieces``, and keep the parameters of the epoch that did best on ``held_out``.

    ``report`` is told the mean loss and the figures of :func:`held_out_figures` after each epoch.
    """
    began = time.monotonic()
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    learnt = {name: p for name, p in network.named_parameters() if p.requires_grad}
    optimiser = _optimiser(learnt, options)
    best, least, step = _copied(learnt), math.inf, 0
    for epoch in range(options.epochs):
        network.train()
        batches = batches_of(examples, pieces, options.tokens, rng)
        losses = []
        for number, chosen in enumerate(batches):
            spent = (time.monotonic() - began) / options.max_seconds
            progress = max((epoch + number / len(batches)) / options.epochs, spent)
            if progress >= 1:
                break
            _set_rates(optimiser, step / options.warmup_steps, progress)
            losses.append(_learn(network, examples, chosen, optimiser))
            step += 1
        figures = held_out_figures(network, examples, held_out, options.tokens)
        report(
            {
                "epoch": epoch + 1,
                "step": step,
                "seconds": time.monotonic() - began,
                "loss": float(torch.stack(losses).mean()) if losses else math.nan,
                **figures,
            }
        )
        if figures["held-out loss"] < least:
            best, least = _copied(learnt), figures["held-out loss"]
        if time.monotonic() - began >= options.max_seconds:
            break
    with torch.no_grad():
        for name, parameter in learnt.items():
            parameter.copy_(best[name])


def _optimiser(
    learnt: Mapping[str, nn.Parameter], options: DialogueDecoderOptions
) -> torch.optim.Optimizer:
    inner = [p for name, p in learnt.items() if ".layers." in name]
    outer = [p for name, p in learnt.items() if ".layers." not in name]
    groups = [
        {"params": inner, "peak": options.lora_rate, "weight_decay": 0.0},
        {"params": outer, "peak": options.item_rate, "weight_decay": options.weight_decay},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def _set_rates(optimiser: torch.optim.Optimizer, warm: float, progress: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * min(1.0, warm) * (1 + math.cos(math.pi * progress)) / 2


def _learn(
    network: DialogueNetwork,
    examples: DialogueExamples,
    chosen: Pieces,
    optimiser: torch.optim.Optimizer,
) -> Tensor:
    batch = batch_of(examples, chosen.tolist(), network.n_words, network.items.bias.device)
    if not len(batch.answers):
        return torch.zeros((), device=batch.ids.device)
    losses = -_log_chances(network, batch)
    loss = (batch.weights * losses).sum() / batch.weights.sum()
    loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
    nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], CLIP)
    optimiser.step()
    optimiser.zero_grad()
    return loss.detach()


def _log_chances(network: DialogueNetwork, batch: Batch) -> Tensor:
    """Of every answer, (A,)."""
    states = _states(network, batch.ids, batch.spots)
    chances = network.logits(states, batch.named).log_softmax(dim=-1)  # (M, N)
    return chances[batch.answers[:, 0], batch.answers[:, 1]]


def _states(network: DialogueNetwork, ids: Tensor, spots: Tensor) -> Tensor:
    with half_precision(ids.device):
        states: Tensor = network(ids)[spots[:, 0], spots[:, 1]].float()
    return states


def _copied(learnt: Mapping[str, nn.Parameter]) -> dict[str, Tensor]:
    return {name: p.detach().clone() for name, p in learnt.items()}


@torch.inference_mode()
def held_out_figures(
    network: DialogueNetwork, examples: DialogueExamples, pieces: Pieces, tokens: int
) -> dict[str, float]:
    """Mean loss and recalls of what is recommended in the pieces, among items not named."""
    network.eval()
    losses, ranks = [], []
    order = batches_of(examples, pieces, tokens, np.random.default_rng(0))
    for chosen in order:
        batch = batch_of(examples, chosen.tolist(), network.n_words, network.items.bias.device)
        states = _states(network, batch.ids, batch.spots)
        chances = network.logits(states, batch.named).log_softmax(dim=-1)
        at, items = batch.answers[batch.recommended].T
        own = chances[at, items]
        losses.append(-own)
        ranks.append((chances[at] >= own[:, None]).sum(dim=1))
    rank = torch.cat(ranks)
    recalls = {f"held-out recall@{k}": float((rank <= k).float().mean()) for k in (1, 10, 50)}
    return {"held-out loss": float(torch.cat(losses).mean()), **recalls}


@torch.inference_mode()
def asked_scores(
    network: DialogueNetwork, examples: DialogueExamples, asked: NDArray[np.int64], tokens: int
) -> Iterator[tuple[NDArray[np.int64], Tensor]]:
    """Numbers of ``asked`` turns with the log-chances (B, N) of all items there; -inf: named."""
    network.eval()
    device, n_words = network.items.bias.device, network.n_words
    spots = examples.asked[asked]
    order = asked[np.argsort(np.diff(examples.starts)[spots[:, 0]], kind="stable")]
    for begin, end in _runs(np.diff(examples.starts)[examples.asked[order, 0]], tokens):
        some = order[begin:end]
        pieces, rows = np.unique(examples.asked[some, 0], return_inverse=True)
        ids = [examples.piece(piece) for piece in pieces]
        places = examples.asked[some, 1]
        named = [
            pair
            for spot, (row, place) in enumerate(zip(rows, places, strict=True))
            for pair in named_until(ids[row], places[spot : spot + 1], n_words, spot)
        ]
        states = _states(
            network,
            padded_ids(ids).to(device),
            torch.from_numpy(np.column_stack([rows, places])).to(device),
        )
        pairs = torch.tensor(named).reshape(-1, 2).to(device)
        yield some, network.logits(states, pairs).log_softmax(dim=-1)


def _runs(lengths: NDArray[np.int32], tokens: int) -> Iterator[tuple[int, int]]:
    """Begin and end of runs in which the longest times their number is at most ``tokens``."""
    begin = 0
    for end in range(1, len(lengths) + 1):
        if end == len(lengths) or (end + 1 - begin) * lengths[end] > tokens:
            yield begin, end
            begin = end
