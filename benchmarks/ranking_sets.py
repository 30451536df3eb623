"""The sets of ``ranking.py``: what is held out of each, and how its models are set.

SETTINGS were chosen on the validation items, see there. Knows no files, so that models can be
trained where only arrays travel (``ranking_gpu.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chatrec.data.interactions import Histories
from chatrec.retrieval.als import Als
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.ease import Ease
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.retrieval.next_item import NextItem
from chatrec.retrieval.popularity import Popularity
from chatrec.retrieval.recency import ALL_ALIKE, Recency
from chatrec.training.sequential import SequentialOptions

FORMS: Mapping[str, type[Any]] = {
    "popularity": Popularity,
    "item_knn": ItemKnn,
    "ease": Ease,
    "ease_recent": Ease,
    "als": Als,
    "next_item": NextItem,
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is held out of a set, and how its models are set.

    ``further`` trains the sequential model on from the weights that ``sequential`` gave.
    """

    domain: str
    targets: int
    settings: Mapping[str, Mapping[str, Any]]
    sequential: SequentialOptions
    further: SequentialOptions | None = None
    users: int | None = None
    published: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def _settings(**models: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {"popularity": {}, **models}


def _als(
    factors: int, unseen: float, l2: float, recency: Recency, iterations: int = 6
) -> dict[str, Any]:
    sizes = {"factors": factors, "iterations": iterations}
    return {**sizes, "unseen": unseen, "l2": l2, "recency": recency}


FADED = Recency(power=0.8)
NEXT = Recency(recent=30, power=0.8)
TEACHERS = ("item_knn", "ease_recent", "als", "next_item")  # of the decoder
LARGE = SequentialOptions(dropout=0.3, window=50, patience=6, validate_every=2, validated=3000)
SMALL = SequentialOptions(
    dropout=0.3, tokens=1024, rate=3e-3, epochs=40, patience=10, validate_every=2
)

SETS = {
    "ml-1m": Protocol(
        "film",
        1,
        _settings(
            item_knn={"neighbours": 300, "shrink": 20.0, "recency": Recency(power=1.2)},
            ease={"l2": 1000.0},
            ease_recent={"l2": 1000.0, "recency": FADED},
            als=_als(128, 0.1, 0.003, Recency(power=1.2)),
            next_item={"l2": 300.0, "recency": NEXT},
        ),
        SequentialOptions(epochs=36, negatives=512, patience=8, validate_every=2, validated=1000),
        published={
            "SASRec, sampled softmax": {"hr@10": 0.2929, "ndcg@10": 0.1684},
            "eSASRec": {"hr@10": 0.3133, "ndcg@10": 0.1772},
            "FuXi-alpha": {"hr@10": 0.3164, "ndcg@10": 0.1813},
        },
    ),
    "ml-100k": Protocol(
        "film",
        5,
        _settings(
            item_knn={"neighbours": 100, "shrink": 10.0, "recency": Recency(power=1.2)},
            ease={"l2": 100.0},
            ease_recent={"l2": 1000.0, "recency": FADED},
            als=_als(64, 0.3, 0.01, FADED),
            next_item={"l2": 1000.0, "recency": NEXT},
        ),
        replace(SMALL, negatives=512),
    ),
    "ml-latest-small": Protocol(
        "film",
        5,
        _settings(
            item_knn={"neighbours": 500, "shrink": 20.0, "recency": Recency(half_life=2.0)},
            ease={"l2": 300.0},
            ease_recent={"l2": 300.0, "recency": FADED},
            als=_als(64, 0.3, 0.001, Recency(half_life=2.0)),
            next_item={"l2": 300.0, "recency": NEXT},
        ),
        SMALL,
    ),
    "amazon-video-games": Protocol(
        "game",
        5,
        _settings(
            item_knn={"neighbours": 200, "shrink": 50.0, "recency": FADED},
            ease={"l2": 100.0},
            ease_recent={"l2": 100.0, "recency": FADED},
            als=_als(128, 0.03, 0.001, Recency(half_life=2.0), iterations=4),
            next_item={"l2": 100.0, "recency": NEXT},
        ),
        replace(LARGE, epochs=24),
        further=replace(LARGE, epochs=10, rate=1e-3),
        users=10_000,
    ),
}


def form_of(name: str, protocol: Protocol) -> tuple[type[Any], dict[str, Any], Recency]:
    """The model's class, what it is fitted with, and how its pasts fade.

    That is no part of fitting, except for what learns from faded pasts.
    """
    form, settings = FORMS[name], dict(protocol.settings[name])
    recency = settings.pop("recency", ALL_ALIKE)
    return form, settings | ({"recency": recency} if form is NextItem else {}), recency


def made_from(form: type[Any], fitted: Mapping[str, Any], recency: Recency) -> HistoryModel:
    faded = {} if form is Popularity else recency.tensors()
    model: HistoryModel = form.from_tensors({**fitted, **faded})
    return model


def fitted(name: str, protocol: Protocol, histories: Histories) -> HistoryModel:
    """The model fitted on the histories, with the set's own settings."""
    form, settings, recency = form_of(name, protocol)
    return made_from(form, form.fit(histories, **settings).tensors(), recency)
