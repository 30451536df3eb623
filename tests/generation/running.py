"""Rows of prompts in a running batch of a tiny decoder, and what each writes alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from chatrec.generation.decoding import Row, Sampling, rows_of
from chatrec.generation.model import LocalDecoder
from chatrec.generation.shared_batch import Batch
from chatrec.prompting import Prompt
from tests.generation.tiny_decoders import ask

MANY = tuple(ask(f"{'the moon and the rain ' * (n % 4)}wish {n}") for n in range(12))


def rows(decoder: LocalDecoder, prompts: Sequence[Prompt], n: int = 12) -> list[Row]:
    """A row for each prompt, to be answered with ``n`` tokens."""
    ids = [decoder.encode_chat(prompt) for prompt in prompts]
    return rows_of(ids, Sampling(n))


def batch(decoder: LocalDecoder, model: Any = None) -> Batch:
    """An empty batch in which nothing stops an answer early."""
    taken = decoder.model if model is None else model
    return Batch(taken, lambda: taken, pad_id=decoder.end_id, stop_ids=frozenset())


def alone(decoder: LocalDecoder, prompt: Prompt, n: int = 12) -> list[int]:
    """The ids that the prompt's row writes where no other runs beside it."""
    (row,) = rows(decoder, [prompt], n)
    start, running = len(row.ids), batch(decoder)
    running.join([row])
    while running.rows:
        running.step()
    return row.ids[start:]


class Model:
    """A model that asks ``before`` with the ids of each call, and can fail there."""

    def __init__(self, decoder: LocalDecoder, before: Callable[[torch.Tensor], None]) -> None:
        self.device = decoder.device
        self.config = decoder.model.config
        self.sizes: list[int] = []
        self._model = decoder.model
        self._before = before

    def __call__(self, input_ids: torch.Tensor, **options: Any) -> Any:
        self.sizes.append(len(input_ids))
        self._before(input_ids)
        return self._model(input_ids=input_ids, **options)
