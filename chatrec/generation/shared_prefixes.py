"""Reads prompts that begin alike without reading their beginning anew.

Prompts of one kind share their instructions: about a third of a prompt for a reason. Their keys and
values are kept, so that only the rest goes through the model. Knows token ids and the key-value
cache; knows nothing about what the prompts are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import torch

from chatrec.generation.decoding import left_padded, prefill

KEPT = 4  # beginnings, those that were used last
LEAST = 16  # tokens: less isn't worth it
Read = tuple[torch.Tensor, Any, torch.Tensor]  # logits (B, V), cache, mask (B, T)


@dataclass(frozen=True, slots=True)
class _Prefix:
    ids: list[int]
    layers: list[tuple[torch.Tensor, torch.Tensor]]  # keys and values, (1, heads, P, head_dim)


@dataclass(frozen=True, slots=True)
class Reuse:
    """How much of the prompts was read, and how much was reused.

    ``read`` counts their tokens that were read, ``reused`` those that were kept from before;
    ``alike`` counts prompts that began alike with those before, ``anew`` those that were read as a
    whole.
    """

    read: int = 0
    reused: int = 0
    alike: int = 0
    anew: int = 0


class Prefixes:
    """Prefills rows for one model. For use by one thread.

    A model with layers that see a window only is given whole prompts.
    """

    def __init__(self, model: Any, pad_id: int) -> None:
        self._model = model
        self._pad_id = pad_id
        self._kept: list[_Prefix] = []
        self._windowed = False  # known once a beginning was read
        self.reuse = Reuse()

    def prefill(self, rows: Sequence[Sequence[int]]) -> Read:
        """As :func:`.decoding.prefill`, up to rounding."""
        prefix = self._prefix_of(rows)
        shared = 0 if prefix is None else len(prefix.ids)
        self._count(rows, shared)
        if prefix is None:
            return prefill(self._model, rows, self._pad_id)
        return self._after(prefix, rows)

    def forget(self) -> None:
        """Keeps no beginning any more."""
        self._kept = []

    def _prefix_of(self, rows: Sequence[Sequence[int]]) -> _Prefix | None:
        """The beginning to reuse: one that is kept, or a new one that the rows share."""
        if self._windowed:
            return None
        ids = [list(row[:-1]) for row in rows]
        alike = zip(min(ids), max(ids), strict=False)  # what these two share, all share
        shared = [one for one, other in takewhile(lambda pair: pair[0] == pair[1], alike)]
        known = [p for p in self._kept if shared[: len(p.ids)] == p.ids]
        prefix = max(known, key=lambda p: len(p.ids), default=None)
        if prefix is None and len(rows) > 1 and len(shared) >= LEAST:
            prefix = self._read(shared)
        if prefix is not None:
            others = [p for p in self._kept if p is not prefix]
            self._kept = [prefix, *others][:KEPT]
        return prefix

    def _count(self, rows: Sequence[Sequence[int]], shared: int) -> None:
        """Prompts whose first ``shared`` tokens need no reading."""
        now, n = self.reuse, len(rows)
        self.reuse = Reuse(
            now.read + sum(map(len, rows)) - shared * n,
            now.reused + shared * n,
            now.alike + (n if shared else 0),
            now.anew + (0 if shared else n),
        )

    def _read(self, ids: list[int]) -> _Prefix | None:
        self.reuse = replace(self.reuse, read=self.reuse.read + len(ids))
        _, cache, _ = prefill(self._model, [ids], self._pad_id)
        self._windowed = any(layer.is_sliding for layer in cache.layers)
        if self._windowed:
            return None
        return _Prefix(ids, [(layer.keys, layer.values) for layer in cache.layers])

    @torch.inference_mode()
    def _after(self, prefix: _Prefix, rows: Sequence[Sequence[int]]) -> Read:
        from transformers import DynamicCache

        n, shared = len(rows), len(prefix.ids)
        cache = DynamicCache(config=self._model.config)
        for number, (keys, values) in enumerate(prefix.layers):
            cache.update(keys.expand(n, -1, -1, -1), values.expand(n, -1, -1, -1), number)
        ids, mask = left_padded([row[shared:] for row in rows], self._pad_id, self._model.device)
        out = self._model(
            input_ids=ids,
            attention_mask=torch.cat([mask.new_ones(n, shared), mask], dim=1),
            position_ids=shared + (mask.cumsum(1) - 1).clamp(min=0),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return out.logits[:, -1].float(), cache, _closed_up(cache, mask, shared)


def _closed_up(cache: Any, mask: torch.Tensor, shared: int) -> torch.Tensor:
    """Moves the padding from behind the shared beginning in front of it; the mask (B, T) of all."""
    padding = (mask == 0).sum(1, keepdim=True)  # (B, 1)
    columns = torch.arange(shared + mask.shape[1], device=mask.device)[None]  # (1, T)
    origin = torch.where(columns < padding + shared, (columns - padding).clamp(min=0), columns)
    for layer in cache.layers:
        index = origin[:, None, :, None].expand_as(layer.keys)
        layer.keys, layer.values = layer.keys.gather(2, index), layer.values.gather(2, index)
    return (columns >= padding).to(mask.dtype)
