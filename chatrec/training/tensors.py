"""A training set on the device, and a tuned model's hidden states with gradients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from chatrec.errors import ModelError
from chatrec.generation.item_head import log_popularity
from chatrec.training.examples import TrainingSet


@dataclass(frozen=True, slots=True)
class SetTensors:
    """A training set's text vectors (N, D) and log popularity (N,) on the device."""

    text: Tensor
    popularity: Tensor


def best_device() -> torch.device:
    """A GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Products in bfloat16 on a GPU, where that is many times faster; as they are elsewhere."""
    if device.type != "cuda":
        return nullcontext()
    return torch.autocast("cuda", torch.bfloat16)


def finite(loss: Tensor, step: int) -> float:
    """The loss as a number; ModelError where it is none any more, before it spoils the weights."""
    value = float(loss.detach())
    if not math.isfinite(value):
        raise ModelError(
            f"the loss is {value} at step {step}, so training has run away: lower the learning rate"
        )
    return value


def on_device(data: TrainingSet, device: torch.device) -> SetTensors:
    """The set's vectors and popularity as tensors."""
    return SetTensors(
        torch.from_numpy(data.text_vectors).to(device),
        torch.from_numpy(log_popularity(data.counts)).to(device),
    )


def hidden_states(model: Any, rows: Sequence[Sequence[int]]) -> Tensor:
    """Last hidden states after the final norm, (B, T, H) float32; rows are padded on the right.

    In :func:`half_precision`, which stays with the decoder: what the head makes of the states is
    float32, as where it is served. Logits in bfloat16 would be steps apart, and equal for many
    items.
    """
    width = max(map(len, rows))
    padded = [[*row, *[0] * (width - len(row))] for row in rows]
    ids = torch.tensor(padded, device=model.device)
    decoder = model.get_base_model().get_decoder()
    with half_precision(ids.device):
        hidden: Tensor = decoder(input_ids=ids, use_cache=False).last_hidden_state
    return hidden.float()
