"""Histories cut for training on what comes next: what is held out, windows, and batches of them.

Knows histories as item indexes; knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from chatrec.data.interactions import Histories, Past

LENGTH_NOISE = 0.1  # batches are of like lengths, and of other company each epoch
SHORTEST = 5  # items before the targets, of who is tested or validated


@dataclass(frozen=True, slots=True)
class HeldOut:
    """V pasts, oldest first, with the item that came after each, ``targets`` (V,)."""

    pasts: tuple[Past, ...]
    targets: Past

    def sample(self, most: int, seed: int) -> HeldOut:
        """At most so many of the pairs, drawn by the seed."""
        drawn = np.random.default_rng(seed).permutation(len(self.pasts))[:most]
        return HeldOut(tuple(self.pasts[row] for row in drawn), self.targets[drawn])


def hold_out(histories: Histories, targets: int = 0) -> tuple[Histories, HeldOut]:
    """What may be learnt from, and each user's item before their last ``targets``, to validate on.

    The former ends before the validation item. Users with fewer than SHORTEST items before their
    targets are neither tested nor validated: they are learnt from whole.
    """
    held = histories.sizes - targets >= SHORTEST
    before = histories.without_last(np.where(held, targets, 0))
    training = histories.without_last(np.where(held, targets + 1, 0))
    after = np.array([whole[-1] for whole, is_held in zip(before, held, strict=True) if is_held])
    pasts = tuple(past for past, is_held in zip(training, held, strict=True) if is_held)
    return training, HeldOut(pasts, after.astype(np.int32))


def windows_of(histories: Histories, window: int, rng: np.random.Generator) -> list[Past]:
    """Every history in pieces of up to ``window + 1`` items, the cuts drawn anew.

    A piece begins with the item that the one before it ends with, so each item but the first is a
    target once.
    """
    pieces: list[Past] = []
    for past in histories:
        if len(past) < 2:
            continue
        end = len(past) - 1
        first = 0 if end <= window else int(rng.integers(1, window + 1))
        cuts = sorted({0, *range(first, end, window), end})
        pieces += [past[a : b + 1] for a, b in pairwise(cuts)]
    return pieces


def batches_of(pieces: Sequence[Past], tokens: int, rng: np.random.Generator) -> list[list[Past]]:
    """The pieces in batches of about ``tokens`` items, padding included, in a drawn order."""
    lengths = np.array([len(piece) for piece in pieces]) - 1
    noisy = lengths * rng.uniform(1 - LENGTH_NOISE, 1 + LENGTH_NOISE, len(pieces))
    batches: list[list[Past]] = [[]]
    longest = 0
    for row in np.argsort(noisy, kind="stable"):
        longest = max(longest, int(lengths[row]))
        if batches[-1] and (len(batches[-1]) + 1) * longest > tokens:
            batches.append([])
            longest = int(lengths[row])
        batches[-1].append(pieces[row])
    return [batches[number] for number in rng.permutation(len(batches))]
