"""Log-probabilities of fixed answers ("labels") after a prompt.

Knows tensors and the key-value cache; knows nothing about chats or texts.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from chatrec.generation.decoding import prefill


def score_single_tokens(
    model: Any, rows: Sequence[Sequence[int]], labels: Sequence[int], pad_id: int
) -> NDArray[np.float32]:
    """The log-probability of each label token after each row, (n_rows, n_labels)."""
    logits, _, _ = prefill(model, rows, pad_id)
    logprobs = torch.log_softmax(logits, dim=-1)  # (B, V)
    scores: NDArray[np.float32] = logprobs[:, list(labels)].cpu().numpy()
    return scores


@torch.inference_mode()
def score_sequences(
    model: Any,
    row: Sequence[int],
    labels: Sequence[tuple[int, ...]],
    *,
    pad_id: int,
    end_id: int,
    batch: int,
) -> NDArray[np.float32]:
    """The log-probability of each label's whole token sequence after ``row``, (n_labels,).

    ``row`` is read once and its cache shared; ``batch`` labels run at a time. Where one label
    begins another, every label is followed by ``end_id``, so that the short one is not a winner
    by being short.
    """
    if _one_begins_another(labels):
        labels = [(*label, end_id) for label in labels]
    logits, cache, _ = prefill(model, [row], pad_id)
    scores = torch.log_softmax(logits[0], dim=-1)[[label[0] for label in labels]]
    for start in range(0, len(labels), batch):
        part = labels[start : start + batch]
        scores[start : start + batch] += _score_rests(model, part, cache, len(row), pad_id)
    result: NDArray[np.float32] = scores.cpu().numpy()
    return result


def _score_rests(
    model: Any, labels: Sequence[tuple[int, ...]], cache: Any, n_past: int, pad_id: int
) -> torch.Tensor:
    """The log-probability of each label's tokens after its first, (n_labels,)."""
    width = max(map(len, labels)) - 1
    if width == 0:
        return torch.zeros(len(labels), device=model.device)
    shared = copy.deepcopy(cache)
    shared.batch_repeat_interleave(len(labels))
    padded = [[*label, *[pad_id] * (width + 1 - len(label))] for label in labels]
    ids = torch.tensor(padded, device=model.device)  # (n_labels, width + 1)
    positions = torch.arange(n_past, n_past + width, device=ids.device).expand(len(labels), -1)
    out = model(
        input_ids=ids[:, :-1], position_ids=positions, past_key_values=shared, use_cache=True
    )
    logprobs = torch.log_softmax(out.logits.float(), dim=-1)  # (n_labels, width, V)
    chosen = logprobs.gather(-1, ids[:, 1:].unsqueeze(-1)).squeeze(-1)
    lengths = torch.tensor([len(label) - 1 for label in labels], device=ids.device)
    real = torch.arange(width, device=ids.device) < lengths.unsqueeze(1)
    return (chosen * real).sum(1)


def _one_begins_another(labels: Sequence[tuple[int, ...]]) -> bool:
    ordered = sorted(labels)
    return any(later[: len(label)] == label for label, later in itertools.pairwise(ordered))
