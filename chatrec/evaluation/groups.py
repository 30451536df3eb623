"""Groups of cases whose figures are set side by side: busy and quiet users, ages, rare items.

Knows splits and a file about users; knows no rankings.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatrec.data.bad_rows import BadRows
from chatrec.data.reading import read_table
from chatrec.errors import DataError
from chatrec.evaluation.splits import Split, users_of

COLD = 5  # an item with fewer training interactions is cold
ABOUT_USERS = ("gender", "age")
ACTIVITY = ("1 least active third", "2 middle third", "3 most active third")

Labels = NDArray[np.str_]


def case_groups(split: Split, about: Mapping[str, Mapping[str, str]]) -> dict[str, Labels]:
    """By kind of group, each case's group, (C,).

    The kinds are activity, item, and every kind of ``about`` (by kind, user ids to labels). Where
    nothing is known of a user the label is empty.
    """
    users = users_of(split.cases)
    kinds = {"activity": _activity(split)[users], "item": item_groups(split)}
    for kind, labels in about.items():
        kinds[kind] = np.array([labels.get(split.users[user], "") for user in users])
    return kinds


def item_groups(split: Split) -> Labels:
    """Each case's group by how often its target was met in training, (C,)."""
    counts = split.training.counts[[case.target for case in split.cases]]
    names = np.array(["not in training", f"cold, below {COLD}", f"{COLD} and more"])
    kind: Labels = names[(counts > 0).astype(int) + (counts >= COLD)]
    return kind


def read_users(path: Path) -> dict[str, dict[str, str]]:
    """From a table with the column user_id: by "gender" and "age", user ids to what they say.

    Any format that ``chatrec import`` reads. DataError without user_id or without both others.
    """
    frame = read_table(path, BadRows(path, False)).frame
    kinds = [name for name in ABOUT_USERS if name in frame.columns]
    if "user_id" not in frame.columns or not kinds:
        raise DataError(
            f"{path}: the columns are {', '.join(frame.columns)}; user_id is needed, and gender, "
            "age or both"
        )
    known = {kind: frame.select("user_id", kind).drop_nulls() for kind in kinds}
    return {kind: dict(rows.iter_rows()) for kind, rows in known.items()}


def _activity(split: Split) -> Labels:
    """Each user's third by the length of the history before the first case, (U,).

    Thirds of the tested users; users of one length may be parted by their place in the order.
    """
    tested = np.array(split.tested)
    order = np.argsort(split.sizes[tested], kind="stable")
    thirds = np.empty(len(tested), dtype=np.int64)
    thirds[order] = np.arange(len(tested)) * len(ACTIVITY) // len(tested)
    labels = np.full(len(split.users), "", dtype=f"<U{max(map(len, ACTIVITY))}")
    labels[tested] = np.array(ACTIVITY)[thirds]
    return labels
