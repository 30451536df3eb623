"""Ranks of what came, after hidden states: by the item head alone, and shared with dense retrieval.

Knows packed sets and item heads; runs no decoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from shipped_sets import UNRANKED, Group, PackedSet

from chatrec.generation.item_head import HeadFacts, ItemHead

SCORED = 1024  # prompts whose items are scored at once
OWN_POOL = 50  # the best of the head's own in the pool that it shares with dense retrieval


def item_ranks(head: ItemHead, data: PackedSet, states: torch.Tensor, group: Group) -> list[int]:
    """The ranks of a group's targets among the items that weren't met before, after (P, H)."""
    ranks = []
    for _, scores, targets in _scored(head, data, states, group):
        ranks += (scores >= scores.gather(1, targets)).sum(dim=1).tolist()
    return ranks


def blended_ranks(
    head: ItemHead, facts: HeadFacts, data: PackedSet, states: torch.Tensor
) -> list[int]:
    """The cold targets' ranks where head and dense retrieval share the order, as in the product.

    Each is a z-score over the pool, which is the best of both; what dense retrieval doesn't bring
    has its lowest score there. The head's share is the adapter's. UNRANKED: not in the pool.
    """
    group = data.groups["cold"]
    known = torch.from_numpy(group.column("known").astype(np.float32)).to(states.device)
    asked = torch.from_numpy(group.column("kind") != "no wish").to(states.device)
    shares = torch.where(asked, facts.wish_weight, facts.history_weight * known / (known + 1))
    pools, brought, ranks = group.pool, group.pool_scores, []
    for part, scores, targets in _scored(head, data, states, group):
        dense, pool = torch.zeros_like(scores), torch.zeros_like(scores, dtype=torch.bool)
        pool.scatter_(1, scores.topk(min(OWN_POOL, scores.shape[1])).indices, True)
        cells = _cells(pools[part], scores.device)
        values = [value / 255 for of in brought[part] for value in of]
        dense[cells] = torch.tensor(values, device=scores.device)
        pool[cells] = True
        pool &= scores > -torch.inf
        share = shares[part, None]
        blend = share * _z(scores, pool) + (1 - share) * _z(dense, pool)
        blend = blend.masked_fill(~pool, -torch.inf)
        places = (blend >= blend.gather(1, targets)).sum(dim=1)
        inside = pool.gather(1, targets)[:, 0]
        ranks += torch.where(inside, places, UNRANKED).tolist()
    return ranks


def _scored(
    head: ItemHead, data: PackedSet, states: torch.Tensor, group: Group
) -> Iterator[tuple[slice, torch.Tensor, torch.Tensor]]:
    """Parts of a group with all items' scores (B, N), -inf for those met, and targets (B, 1)."""
    items = torch.from_numpy(data.items).to(states.device)
    popularity = torch.from_numpy(data.popularity).to(states.device)
    targets = torch.from_numpy(group.column("target").astype(np.int64)).to(states.device)
    before = group.before
    for start in range(0, len(states), SCORED):
        part = slice(start, start + SCORED)
        with torch.no_grad():
            scores = head.logits(states[part], items, popularity)
        scores[_cells(before[part], scores.device)] = -torch.inf
        yield part, scores, targets[part, None]


def _cells(items: Sequence[Sequence[int]], device: torch.device) -> tuple[torch.Tensor, ...]:
    """Row and column of each item of each row."""
    cells = [(row, item) for row, of in enumerate(items) for item in of]
    return torch.tensor(cells, dtype=torch.long, device=device).reshape(-1, 2).unbind(dim=1)


def _z(scores: torch.Tensor, pool: torch.Tensor) -> torch.Tensor:
    """Scores (B, N) as z-scores of those in the pool (B, N); zeros where they are all the same."""
    sizes = pool.sum(dim=1, keepdim=True)
    inside = scores.masked_fill(~pool, 0.0)
    centred = (scores - inside.sum(dim=1, keepdim=True) / sizes).masked_fill(~pool, 0.0)
    spread = (centred.square().sum(dim=1, keepdim=True) / sizes).sqrt()
    return centred / torch.where(spread > 0, spread, 1.0)


def refitted(head: ItemHead, states: torch.Tensor, aims: torch.Tensor, strength: float) -> ItemHead:
    """The head with the change of its state side that brings the projections of ``states`` (M, H)

    closest to ``aims`` (M, W), by ridge regression.
    """
    with torch.no_grad():
        x, y = states.double(), (aims - head.state(states)).double()
        x_mean, y_mean = x.mean(0), y.mean(0)
        x, y = x - x_mean, y - y_mean
        gram = x.T @ x
        ridge = strength * gram.diagonal().mean() * torch.eye(len(gram), device=x.device).double()
        change = torch.linalg.solve(gram + ridge, x.T @ y).T  # (W, H)
        changed = ItemHead(head.state.in_features, head.item_linear.in_features, len(change))
        changed.load_state_dict(head.state_dict())
        changed.to(x.device).eval()
        changed.state.weight += change.float()
        changed.state.bias += (y_mean - change @ x_mean).float()
    return changed
