"""Scores of a catalogue's items by texts alone, and what a decoder's reading adds to them.

Knows text vectors and hidden states; knows no prompts, no catalogue and no decoder. Nothing here
belongs to a domain: vectors are less the mean of their own catalogue, and what the decoder adds
starts at nothing.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Kernel = tuple[float, float]  # how sharp it is, and what a step back in time leaves of a weight
KERNEL: Kernel = (5.0, 0.9)  # with which the decoder is tuned
KERNELS: tuple[Kernel, ...] = (KERNEL, (3.0, 0.95), (8.0, 0.8), (8.0, 0.95))
ATTENTION = 32


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The catalogue's vectors (N, D) less their mean, of unit length again."""
    apart = vectors - vectors.mean(axis=0)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (apart / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def recency(length: int, decay: float, device: torch.device | str = "cpu") -> Tensor:
    """Log weights (L, L) of items 0..t at each step t; -inf for what comes after.

    Each step back weighs ``decay`` times as much.
    """
    steps = torch.arange(length, device=device)
    lag = (steps[:, None] - steps[None, :]).float()
    return torch.where(lag >= 0, lag * math.log(decay), -torch.inf)


class TextScore(nn.Module):
    """``scale * log(sum_h w_h exp(sharpness * cos(h, i)))``: the density of met items h at item i.

    A kernel density estimate over directions (von Mises-Fisher), so that an item near one of
    several interests scores as well as one near their middle. All that is learnt is the scale, and
    the weight of the log popularity beside it: neither changes the order by texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(0.0))
        self.popularity_weight = nn.Parameter(torch.tensor(0.5))

    def forward(
        self, met: Tensor, items: Tensor, log_weights: Tensor, sharpness: float = KERNEL[0]
    ) -> Tensor:
        """Scores (B, T, N) of unit vectors (N, D) after met ones (B, L, D) weighing (B, T, L)."""
        near = torch.exp(sharpness * (met @ items.T - 1.0))  # (B, L, N)
        density = log_weights.softmax(dim=-1) @ near
        return self.log_scale.exp() * torch.log(density + 1e-9)


class Reading(nn.Module):
    """What the decoder's states at the ends of a history's lines add; nothing at first.

    Which of the met items count (attention and a weight of each), how far to trust their texts,
    and a direction in the space of the items.
    """

    def __init__(self, hidden_size: int, text_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(hidden_size)
        self.query = nn.Linear(hidden_size, ATTENTION, bias=False)
        self.key = nn.Linear(hidden_size, ATTENTION, bias=False)
        self.weight = nn.Linear(hidden_size, 1, bias=False)
        self.trust = nn.Linear(hidden_size, 1, bias=False)
        self.direction = nn.Linear(hidden_size, text_dim, bias=False)
        for layer in (self.query, self.weight, self.trust, self.direction):
            nn.init.zeros_(layer.weight)

    def forward(self, states: Tensor, ends: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is added to log weights, the log of a factor, and directions.

        They are (B, T, L), (B, T, 1) and (B, T, D). ``states`` (B, L, H) are those at all lines,
        ``ends`` (B, T, H) those to predict from.
        """
        states, ends = self.norm(states), self.norm(ends)
        among = self.query(ends) @ self.key(states).transpose(1, 2) / math.sqrt(ATTENTION)
        return (
            among + self.weight(states).transpose(1, 2),
            self.trust(ends).clamp(-2.0, 2.0),
            self.direction(ends),
        )
