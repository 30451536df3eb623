"""The contrastive loss between requests and items, where a request may have several right items.

Knows vectors and masks only.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.training.query_sets import QueryBatch


def contrastive_loss(
    queries: Tensor, items: Tensor, targets: Tensor, negatives: Tensor, temperature: float
) -> Tensor:
    """InfoNCE (van den Oord et al. 2018, arXiv 1807.03748, equation 4) with several right items.

    ``queries`` (B, D) and ``items`` (N, D) of unit length, ``targets`` and ``negatives`` (B, N)
    bool. Each target competes with the negatives alone, not with the other targets; a row's loss
    is the mean over its targets, the whole the mean over the rows that have any.
    """
    logits = queries @ items.T / temperature  # (B, N)
    against = logits.masked_fill(~negatives, -math.inf).logsumexp(dim=1, keepdim=True)  # (B, 1)
    losses = F.softplus(against - logits).masked_fill(~targets, 0.0).sum(dim=1)
    counts = targets.sum(dim=1)
    return (losses[counts > 0] / counts[counts > 0]).mean()


def both_ways(
    queries: Tensor,
    items: Tensor,
    batch: QueryBatch,
    *,
    temperature: float,
    back_share: float,
    seed: int,
) -> Tensor:
    """The loss from requests to items plus ``back_share`` of that from one target each to them.

    A request that the item fulfils as well is no negative for it; ``seed`` draws the targets.
    """
    targets, negatives = torch.from_numpy(batch.targets), torch.from_numpy(batch.negatives)
    loss = contrastive_loss(queries, items, targets, negatives, temperature)
    if not back_share:
        return loss
    generator = torch.Generator().manual_seed(seed)
    kept = targets.any(dim=1)
    chosen = torch.multinomial(targets[kept].float(), 1, generator=generator).squeeze(1)
    queries, right = queries[kept], targets[kept][:, chosen].T  # (B, B): item by request
    wrong = negatives[kept][:, chosen].T
    back = contrastive_loss(items[chosen], queries, right, wrong, temperature)
    return loss + back_share * back
