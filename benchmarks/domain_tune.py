"""Learns from histories of several domains what holds in any: the text score, then the decoder.

Knows packed domains and benchmarks/domain_scores.py; knows nothing about what is left out or how
ranks are counted. The text score is fitted alone; then LoRA and the decoder's reading are learnt on
top of it. Each window's own user is taken out of its items' popularity.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from domain_scores import KERNEL, Kernel, Reading, TextScore, centred, recency
from domain_sets import DomainSet
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.catalog import Catalog
from chatrec.prompting import history_line, ranking_prompt
from chatrec.training.examples import Met, shown
from chatrec.training.tensors import finite, hidden_states

Encode = Callable[[str], list[int]]
WINDOW = 40  # items that are read
SCALAR_RATE = 3e-2


@dataclass(frozen=True, slots=True)
class Options:
    """How much is learnt, and how fast; ``windows`` are those of each domain in a step."""

    steps: int = 300
    text_steps: int = 50
    windows: int = 8
    rank: int = 16
    lora_rate: float = 2e-4
    reading_rate: float = 5e-4
    decay: float = 0.1
    item_dropout: float = 0.2
    seed: int = 2026


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain's histories with its centred vectors (N, D) and counts (N,) on the device."""

    catalog: Catalog
    histories: tuple[tuple[Met, ...], ...]
    text: Tensor
    counts: Tensor


def on_device(domain: DomainSet, device: torch.device) -> Domain:
    data = domain.data
    return Domain(
        data.catalog,
        data.histories,
        torch.from_numpy(centred(data.text_vectors)).to(device),
        torch.from_numpy(data.counts).float().to(device),
    )


def rows_of(
    catalog: Catalog, windows: Sequence[Sequence[Met]], encode: Encode
) -> tuple[list[list[int]], list[list[int]]]:
    """The prompts' ids, all lines of each in them, and the places at which the lines end."""
    rows, ends = [], []
    opening = encode(ranking_prompt(catalog.domain, (), count_tokens=len).head)
    for window in windows:
        row, places = list(opening), []
        for line in shown(catalog, window):
            row += encode(history_line(line))
            places.append(len(row) - 1)
        rows.append(row)
        ends.append(places)
    return rows, ends


def states_at(model: Any, rows: Sequence[Sequence[int]], ends: Sequence[Sequence[int]]) -> Tensor:
    """The model's states at those places, (B, L, H); zeros after the last of each row."""
    hidden = hidden_states(model, rows)
    width = max(map(len, ends))
    padded = torch.tensor([[*places, *[-1] * (width - len(places))] for places in ends])
    padded = padded.to(hidden.device)
    found = hidden.gather(1, padded.clamp(min=0)[..., None].expand(-1, -1, hidden.shape[-1]))
    return found * (padded >= 0)[..., None]


def fit_text_score(
    score: TextScore, domains: Sequence[Domain], options: Options, report: Callable[[str], None]
) -> None:
    """Fit the text score's scale and popularity's weight, without a decoder."""
    rng = random.Random(options.seed)
    optimiser = torch.optim.AdamW(score.parameters(), lr=SCALAR_RATE, weight_decay=0.0)
    rates = [group["lr"] for group in optimiser.param_groups]
    for step in range(options.text_steps):
        _set_rates(optimiser, rates, step / options.text_steps, step)
        loss = torch.zeros((), device=domains[0].text.device)
        for domain in domains:
            batch = _windows(domain, options, rng)
            loss = loss + _loss(score, domain, batch, None) / len(domains)
        value = finite(loss, step)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        optimiser.zero_grad()
        if step % 50 == 0:
            report(f"text step {step}: {value:.3f}")


def fit_reading(
    model: Any,
    reading: Reading,
    score: TextScore,
    domains: Sequence[Domain],
    encode: Encode,
    options: Options,
    max_seconds: float,
    report: Callable[[str], None],
) -> int:
    """Tune the LoRA and the reading on top of the text score; the number of steps taken.

    The learning rates fall to nothing over the steps or the seconds, whichever end first.
    """
    rng = random.Random(options.seed + 1)
    torch.manual_seed(options.seed)
    lora = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": lora, "lr": options.lora_rate, "weight_decay": 0.0},
            {
                "params": list(reading.parameters()),
                "lr": options.reading_rate,
                "weight_decay": options.decay,
            },
        ]
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    score.requires_grad_(False)
    model.train()
    begun = time.monotonic()
    for step in range(options.steps):
        spent = (time.monotonic() - begun) / max_seconds
        if spent >= 1.0:
            return step
        _set_rates(optimiser, rates, max(step / options.steps, spent), step)
        batches = [_windows(domain, options, rng) for domain in domains]
        rows, ends = [], []
        for domain, (windows, _) in zip(domains, batches, strict=True):
            found = rows_of(domain.catalog, [window[:-1] for window in windows], encode)
            rows += found[0]
            ends += found[1]
        states = states_at(model, rows, ends)
        loss, first = torch.zeros((), device=states.device), 0
        for domain, batch in zip(domains, batches, strict=True):
            own = states[first : first + len(batch[0])]
            first += len(batch[0])
            loss = loss + _loss(score, domain, batch, (reading, own)) / len(domains)
        value = finite(loss, step)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*lora, *reading.parameters()], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if step % 20 == 0:
            report(f"step {step}: {value:.3f}")
    return options.steps


def scores(
    score: TextScore,
    met: Tensor,
    items: Tensor,
    kernel: Kernel = KERNEL,
    read: tuple[Tensor, Tensor, Tensor] | None = None,
) -> Tensor:
    """Scores (B, L, N) of the items (N, D) after each of the met ones (B, L, D), by texts.

    ``read`` are the weights and the trust that a reading gives, and directions, which say nothing
    here.
    """
    sharpness, decay = kernel
    weights = recency(met.shape[1], decay, met.device).expand(len(met), -1, -1)
    if read is None:
        found: Tensor = score(met, items, weights, sharpness)
        return found
    return read[1].exp() * score(met, items, weights + read[0], sharpness)


Batch = tuple[list[list[Met]], list[tuple[Met, ...]]]  # windows, and the whole histories


def _windows(domain: Domain, options: Options, rng: random.Random) -> Batch:
    """Pieces of histories drawn by their lengths, each with at least two items."""
    lengths = [len(history) for history in domain.histories]
    windows: list[list[Met]] = []
    whole: list[tuple[Met, ...]] = []
    while len(windows) < options.windows:
        (history,) = rng.choices(domain.histories, weights=lengths)
        start = rng.randrange(max(len(history) - WINDOW // 2, 1))
        kept = [met for met in history[start:] if rng.random() >= options.item_dropout]
        if len(kept) > 1:
            windows.append(kept[: WINDOW + 1])
            whole.append(history)
    return windows, whole


def _loss(
    score: TextScore, domain: Domain, batch: Batch, reading: tuple[Reading, Tensor] | None
) -> Tensor:
    """Cross-entropy over all items that the window has not elsewhere, popularity beside the scores.

    So nothing need be learnt of what is popular in a domain. The first item of a window is no
    target: nothing was met before it.
    """
    windows, whole = batch
    device = domain.text.device
    length = max(map(len, windows)) - 1
    numbers = [[met.index for met in window] for window in windows]
    met = torch.tensor([row[:-1] + [row[0]] * (length - len(row) + 1) for row in numbers])
    targets = torch.tensor([row[1:] + [-1] * (length - len(row) + 1) for row in numbers])
    met, targets = met.to(device), targets.to(device)  # (B, L)
    items = domain.text
    if reading is None:
        logits = scores(score, items[met], items)  # (B, L, N)
    else:
        states = reading[1][:, :length]
        read = reading[0](states, states)
        logits = scores(score, items[met], items, read=read) + read[2] @ items.T
    counts = domain.counts.expand(len(windows), -1).clone()
    banned = torch.zeros_like(counts, dtype=torch.bool)
    for row, history in enumerate(whole):
        counts[row, [m.index for m in history]] -= 1.0
        banned[row, numbers[row]] = True
    kept = targets >= 0
    places = targets.clamp(min=0)[..., None]
    masked = torch.where(banned[:, None], -torch.inf, logits)
    masked = masked.scatter(2, places, logits.gather(2, places))
    popularity = score.popularity_weight * torch.log1p(counts.clamp(min=0.0))[:, None]
    wanted = targets[kept]
    return F.cross_entropy((masked + popularity)[kept], wanted)


def _set_rates(
    optimiser: torch.optim.Optimizer, rates: Sequence[float], progress: float, step: int
) -> None:
    factor = (1 + math.cos(math.pi * progress)) / 2 * min(1.0, (step + 1) / 20)
    for group, rate in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = rate * factor
