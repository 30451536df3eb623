"""One running batch of answers, which rows may join and leave between any two steps.

Knows tensors and the key-value cache; knows nothing about who asked, threads or texts. Rows stand
in the batch with their last tokens in one column: a row that joins is padded on the left, and
columns that hold nothing but padding are cut off. What a row writes depends on the others by
rounding alone: products of another shape may be added up in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.decoding import Row, choose
from chatrec.generation.shared_prefixes import Prefixes, Reuse


class Batch:
    """Rows that are decoded together.

    ``rows`` are those that go on; the last token of each was chosen but not read yet. ``told`` are
    the tokens that came, for the owner to take out: they stay where memory runs out in between.
    """

    def __init__(
        self, model: Any, step_model: Callable[[], Any], *, pad_id: int, stop_ids: frozenset[int]
    ) -> None:
        """``model`` reads prompts, ``step_model()`` takes the steps on the same cache."""
        self.rows: list[Row] = []
        self.told: list[tuple[Row, int]] = []
        self._prefixes = Prefixes(model, pad_id)
        self._step_model = step_model
        self._stop_ids = stop_ids
        self._cache: Any = None
        self._mask = torch.zeros(0, 0, dtype=torch.long, device=model.device)  # (B, T)

    @property
    def width(self) -> int:
        """The number of tokens that are cached of the longest row."""
        return self._mask.shape[1]

    def join(self, rows: Sequence[Row]) -> None:
        """Reads all that the rows hold so far and chooses the next token of each."""
        logits, cache, mask = self._prefixes.prefill([row.ids for row in rows])
        if self.rows:
            mask = _joined(self._cache, self._mask, cache, mask)
            cache = self._cache
        self._cache, self._mask = cache, mask
        self.rows = [*self.rows, *rows]
        self._take(logits, rows)

    def step(self) -> None:
        """Reads each row's last token and chooses the next."""
        self._take(self._advanced(), self.rows)

    def drop(self, rows: Collection[Row]) -> None:
        """Takes rows out, wherever their answers stand."""
        self._keep([n for n, row in enumerate(self.rows) if row not in rows])

    def clear(self) -> list[Row]:
        """Takes all rows out and forgets what was cached of them; they can join again."""
        rows, self.rows, self._cache = self.rows, [], None
        self._mask = self._mask[:0, :0]
        return rows

    @property
    def reuse(self) -> Reuse:
        """Counts of what was read of prompts, and what needn't be."""
        return self._prefixes.reuse

    def forget(self) -> None:
        """Forgets how earlier prompts began."""
        self._prefixes.forget()

    @torch.inference_mode()
    def _advanced(self) -> torch.Tensor:
        """Logits (B, V) after each row's last token."""
        positions = self._mask.sum(1, keepdim=True)  # (B, 1)
        mask = torch.cat([self._mask, self._mask.new_ones(len(self.rows), 1)], dim=1)
        out = self._step_model()(
            input_ids=torch.tensor([[row.ids[-1]] for row in self.rows], device=mask.device),
            attention_mask=mask,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
        )
        self._mask = mask
        logits: torch.Tensor = out.logits[:, -1].float()
        return logits

    def _take(self, logits: torch.Tensor, rows: Sequence[Row]) -> None:
        """Gives each row its next token; rows that end by it leave."""
        for row, token in zip(rows, choose(logits, rows), strict=True):
            if row.take(token, self._stop_ids):
                self.told.append((row, token))
        self._keep([n for n, row in enumerate(self.rows) if not row.ended])

    def _keep(self, places: list[int]) -> None:
        if not places:
            self.clear()
        elif len(places) < len(self.rows):
            self.rows = [self.rows[n] for n in places]
            self._mask = _cut(self._cache, self._mask, places)


@torch.inference_mode()
def _cut(cache: Any, mask: torch.Tensor, places: list[int]) -> torch.Tensor:
    """Leaves these rows in the cache, and of its columns what one of them uses; their mask."""
    index = torch.tensor(places, device=mask.device)
    mask = mask[index]
    cache.batch_select_indices(index)
    width = int(mask.sum(1).amax())
    for layer in cache.layers:
        extra = max(layer.keys.shape[-2] - width, 0)
        _set(layer, layer.keys[..., extra:, :], layer.values[..., extra:, :], width)
    return mask[:, mask.shape[1] - width :]


@torch.inference_mode()
def _joined(cache: Any, mask: torch.Tensor, other: Any, other_mask: torch.Tensor) -> torch.Tensor:
    """Appends the rows of ``other`` to ``cache``; the mask of all."""
    width = max(mask.shape[1], other_mask.shape[1])
    for mine, theirs in zip(cache.layers, other.layers, strict=True):
        columns = max(mine.keys.shape[-2], theirs.keys.shape[-2])
        keys = [_widened(layer.keys, columns) for layer in (mine, theirs)]
        values = [_widened(layer.values, columns) for layer in (mine, theirs)]
        _set(mine, torch.cat(keys), torch.cat(values), width)
    return torch.cat([F.pad(part, (width - part.shape[1], 0)) for part in (mask, other_mask)])


def _widened(states: torch.Tensor, columns: int) -> torch.Tensor:
    return F.pad(states, (0, 0, columns - states.shape[-2], 0))  # (B, heads, columns, head_dim)


def _set(layer: Any, keys: torch.Tensor, values: torch.Tensor, width: int) -> None:
    layer.keys, layer.values = keys, values
    if layer.is_sliding:
        layer.cumulative_length = width
