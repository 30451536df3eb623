"""A transformer over the order of a history: what usually comes next after these items.

Causal self-attention over the last items (SASRec, Kang & McAuley, ICDM 2018, arXiv 1808.09781), in
pre-norm blocks with learned positions. An item's vector is its own part plus a projection of its
text vector, and serves as input and as output alike, so an item that only has a text has a place.
A new user's history needs no training: it is simply read. Knows item indexes; knows neither
catalogues nor how it is trained (:func:`chatrec.training.sequential.train_sequential`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.interactions import Past
from chatrec.errors import ModelError
from chatrec.retrieval.together import Together, strongest

TOKENS_AT_ONCE = 16_384  # bounds the memory of one forward pass
EXPLAINED = 50  # the last items of a history that may speak for an item
SHAPE, OWN, TEXT, NETWORK = "shape", "own", "text", "network."  # names in tensors()
_SHAPE_FIELDS = ("width", "blocks", "heads", "window", "text_width")


@dataclass(frozen=True, slots=True)
class Shape:
    """The network's sizes: vector ``width``, number of ``blocks``, attention ``heads``,
    ``window`` items that it looks back, and the width of the items' text vectors (0: none).
    """

    width: int = 64
    blocks: int = 2
    heads: int = 2
    window: int = 200
    text_width: int = 0


class Network(nn.Module):
    """From sequences of item vectors to a state after each item, and from texts to vectors."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.positions = nn.Parameter(0.02 * torch.randn(shape.window, shape.width))
        self.project = (
            nn.Linear(shape.text_width, shape.width, bias=False) if shape.text_width else None
        )
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(_Block(shape, dropout) for _ in range(shape.blocks))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, vectors: Tensor) -> Tensor:
        """The states (B, T, width) after each of the items with ``vectors`` (B, T, width).

        T is at most the window. A state sees the items up to its own only, so rows of different
        lengths are padded on their right with anything.
        """
        hidden = self.dropout(vectors + self.positions[: vectors.shape[1]])
        for block in self.blocks:
            hidden = block(hidden)
        states: Tensor = self.norm(hidden)
        return states

    def text_part(self, text: Tensor) -> Tensor:
        """The part of the item vectors that comes from text vectors (..., text_width)."""
        if self.project is None:
            return text.new_zeros((*text.shape[:-1], self.shape.width))
        part: Tensor = self.project(text)
        return part


class _Block(nn.Module):
    """Attention and a perceptron, each on the normalised input and added to it."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm_attention = nn.LayerNorm(shape.width)
        self.query_key_value = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm_perceptron = nn.LayerNorm(shape.width)
        self.up = nn.Linear(shape.width, 2 * shape.width)
        self.down = nn.Linear(2 * shape.width, shape.width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        hidden = hidden + self.dropout(self._attend(self.norm_attention(hidden)))
        inner = F.relu(self.up(self.norm_perceptron(hidden)))
        further: Tensor = hidden + self.dropout(self.down(inner))
        return further

    def _attend(self, hidden: Tensor) -> Tensor:
        rows, length, width = hidden.shape
        split = self.query_key_value(hidden).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each (B, heads, T, width / heads)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        joined: Tensor = self.out(mixed.transpose(1, 2).reshape(rows, length, width))
        return joined


class SasRec:
    """A trained network with the vectors of ``n_items`` items; a HistoryModel.

    ``own`` (n_items, width) are the items' own parts and ``text`` (n_items, width) those from their
    texts; ``together`` counts what the people that it learnt from have had.
    """

    name = "sequential"

    def __init__(
        self,
        network: Network,
        own: NDArray[np.float32],
        text: NDArray[np.float32],
        together: Together,
    ) -> None:
        self.network = network.eval()
        self.own, self.text, self.together = own, text, together
        vectors = torch.from_numpy(own + text)  # (n_items, width)
        self._vectors = vectors.to(network.positions.device)
        self._shares = (b"", np.zeros((0, len(own)), dtype=np.float32))

    def scores(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """How likely each item comes next, log(p n_items): 0 is chance, (B, n_items) float32.

        0 after an empty past. Only the last ``window`` items of a past count.
        """
        n_items = len(self._vectors)
        scores = np.zeros((len(pasts), n_items), dtype=np.float32)
        for rows, states in self._last_states(pasts):
            logits = states @ self._vectors.T
            scores[rows] = (logits.log_softmax(dim=-1) + math.log(n_items)).cpu().numpy()
        return scores

    def support(self, past: Past, item: int) -> tuple[int, float] | None:
        """The past's item without which the score would fall most, and the lift of both.

        Each of the last 50 items is left out in turn. None for a lift of 1 or less.
        """
        seen = past[-min(EXPLAINED, self.network.shape.window) :]
        found = strongest(seen, self._shares_of(seen)[:, item], item, self.together)
        return found if found is not None and found[1] > 1 else None

    def _shares_of(self, seen: Past) -> NDArray[np.float32]:
        """How far each item's score falls without each item of ``seen``, (len(seen), n_items)."""
        key, shares = self._shares
        if len(seen) and key != seen.tobytes():
            without = [np.delete(seen, place) for place in range(len(seen))]
            scores = self.scores([seen, *without])
            shares = scores[0] - scores[1:]
            self._shares = (seen.tobytes(), shares)  # one past is asked about many items
        return shares

    def with_new_items(self, text_vectors: NDArray[np.float32]) -> SasRec:
        """The same network with more items, known by their texts alone (k, text_width).

        They follow the present items, without own parts until training goes on. Raises ModelError
        if the network has learnt without texts or with texts of another width.
        """
        expected = self.network.shape.text_width
        if not expected or text_vectors.shape[1] != expected:
            raise ModelError(
                f"new items have text vectors of width {text_vectors.shape[1]}, the sequential "
                f"model has learnt with width {expected}: train it with text vectors of that width"
            )
        with torch.inference_mode():
            text = self.network.text_part(torch.from_numpy(text_vectors)).numpy()
        own = np.concatenate([self.own, np.zeros_like(text)])
        met = self.together.met.copy()
        met.resize(met.shape[0], len(own))  # nobody has had the new ones
        together = Together(met, self.together.people)
        return SasRec(self.network, own, np.concatenate([self.text, text]), together)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Everything that :meth:`from_tensors` needs, for a safetensors file."""
        shape = [getattr(self.network.shape, name) for name in _SHAPE_FIELDS]
        parameters = {n: p.detach().cpu().numpy() for n, p in self.network.named_parameters()}
        items = {OWN: self.own, TEXT: self.text, **self.together.tensors()}
        return {
            SHAPE: np.array(shape),
            **items,
            **{f"{NETWORK}{n}": p for n, p in parameters.items()},
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> SasRec:
        """The model that :meth:`tensors` gave; ModelError if one is missing or of another shape."""
        try:
            network = Network(Shape(*(int(size) for size in tensors[SHAPE])))
            kept = [name for name in tensors if name.startswith(NETWORK)]
            network.load_state_dict(
                {name.removeprefix(NETWORK): torch.from_numpy(tensors[name]) for name in kept}
            )
            return cls(network, tensors[OWN], tensors[TEXT], Together.from_tensors(tensors))
        except (KeyError, RuntimeError) as error:
            raise ModelError(
                f"these are not a sequential model's weights ({error}): train it again"
            ) from error

    @torch.inference_mode()
    def _last_states(self, pasts: Sequence[Past]) -> Iterator[tuple[list[int], Tensor]]:
        """Rows of ``pasts`` with the states (rows, width) after their last items."""
        window = self.network.shape.window
        filled = sorted(
            (row for row in range(len(pasts)) if len(pasts[row])), key=lambda r: len(pasts[r])
        )
        at_once = max(TOKENS_AT_ONCE // window, 1)
        for start in range(0, len(filled), at_once):
            rows = filled[start : start + at_once]
            read = padded([pasts[row][-window:] for row in rows]).to(self._vectors.device)
            states = self.network(self._vectors[read])
            last = [min(len(pasts[row]), window) - 1 for row in rows]
            yield rows, states[range(len(rows)), last]


def padded(rows: Sequence[Past]) -> Tensor:
    """Item indexes (B, T) int64, T that of the longest row; short rows are filled up with 0."""
    filled = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for row, items in zip(filled, rows, strict=True):
        row[: len(items)] = items
    return torch.from_numpy(filled)
