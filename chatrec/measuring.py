"""The long jobs behind ``chatrec evaluate``: peers fitted, fused, and compared on the same cases.

It wires parts as :mod:`chatrec.assemble` does, but over the training part only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.assemble import SHIPPED_ADAPTER, open_workspace, text_encoder
from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError, RequestError
from chatrec.evaluation.comparison import Contest, FuserOf, compare
from chatrec.evaluation.dialogue_run import measure_dialogue
from chatrec.evaluation.fusers import LearnedFusers, reciprocal_rank_fuser
from chatrec.evaluation.groups import read_users
from chatrec.evaluation.head import KEPT, HeadOrders
from chatrec.evaluation.ranking import Scorer
from chatrec.evaluation.scorers import head_scorer, lexical_scorer, model_scorer, text_scorer
from chatrec.evaluation.splits import Protocol, Split, split_histories
from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.item_head import load_head, log_popularity
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.generation.ranker import ItemHeadScorer
from chatrec.retrieval.als import Als
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.dense import DenseRetriever, item_vectors
from chatrec.retrieval.ease import Ease
from chatrec.retrieval.encoder import TextEncoder, Vectors
from chatrec.retrieval.fitted_branches import fusion_of
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.item_index import item_index
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.next_item import NextItem
from chatrec.retrieval.popularity import Popularity
from chatrec.retrieval.recency import ALL_ALIKE, Recency
from chatrec.settings import Precision
from chatrec.training.sequential import SequentialOptions, train_sequential
from chatrec.training.windows import HeldOut
from chatrec.types import Retriever

Fit = Callable[[Split, Vectors, Path], HistoryModel]

FADING = Recency(power=0.8)
ABLATION_CASES = 500  # validation cases that each of its fusions learns from
TARGETS: Mapping[Protocol, int] = {"time": 5, "random": 1, "foldin": 5}
FUSED, BY_RANK, LEARNED = "fused", "reciprocal rank", "learned"
HEAD, SHOWN = "item head", "as shown"


def _sequential(split: Split, vectors: Vectors, run: Path) -> HistoryModel:
    held = HeldOut(
        tuple(case.past for case in split.validation),
        np.array([case.target for case in split.validation], dtype=np.int32),
    )
    options = SequentialOptions.suited(split.training)
    return train_sequential(split.training, held, options, run, text_vectors=vectors)


def _recency(split: Split) -> Recency:
    """How a past counts: faded where it has an order."""
    return FADING if split.training.timed else ALL_ALIKE


PEERS: Mapping[str, Fit] = {
    "popularity": lambda split, vectors, run: Popularity.fit(split.training),
    "item_knn": lambda split, vectors, run: ItemKnn.fit(split.training, recency=_recency(split)),
    "ease": lambda split, vectors, run: Ease.fit(split.training),
    "ease_recent": lambda split, vectors, run: Ease.fit(split.training, recency=FADING),
    "als": lambda split, vectors, run: Als.fit(split.training, recency=_recency(split)),
    "sequential": _sequential,
}


def evaluate_ranking(
    folder: Path,
    protocol: Protocol,
    *,
    targets: int | None = None,
    users: int | None = None,
    seed: int = 2026,
    without: Sequence[str] = (),
    users_file: Path | None = None,
    decoder: bool = True,
    model: str | None = None,
    adapter: Path | None = None,
    precision: Precision = "auto",
) -> dict[str, Any]:
    """Peers, retrieval by text, their fusion and the item head on the same cases.

    Models learn from the split's training part; what is chosen is chosen on its validation part.
    ``targets`` None is 5 items a user, 1 for ``random``; ``seed`` draws the ``users`` to test from
    those who may be (who may be is fixed). ``without`` names peers to leave out. The item head is
    scored where ``adapter``, or else the shipped one, was tuned for this kind of catalogue, unless
    ``decoder`` is off: it takes a pass of the decoder a case. RequestError for what can't be split
    and for unknown peers, DataError for a users' file without what is needed.
    """
    peers = _peers(without)
    about = {} if users_file is None else read_users(users_file)
    workspace, encoder = Workspace.open(folder), TextEncoder()
    wanted = TARGETS[protocol] if targets is None else targets
    split = split_histories(workspace.histories, protocol, targets=wanted)
    split = split if users is None else split.sample(users, seed)
    vectors = item_vectors(workspace, encoder)
    run = workspace.cache_dir / "measured" / f"{protocol}-{wanted}"
    scorers = {name: model_scorer(fit(split, vectors, run)) for name, fit in peers.items()}
    if split.training.timed:
        scorers[NextItem.name] = model_scorer(NextItem.fit(split.training))
    scorers |= text_scorers(workspace.catalog, vectors)
    pool = list(scorers)
    traits = Traits.of(split.training, workspace.catalog, vectors)
    found = fusers_of(split, scorers, traits)
    fusers = dict(found.by_name)
    if decoder:
        head = _head(workspace, split.training.counts, vectors, model, adapter, precision)
        if head is not None:
            scorers[HEAD] = head_scorer(head.scorer, workspace.catalog)
            fusers[SHOWN] = head.shown(fusers[FUSED], HEAD)
    contest = Contest(scorers, tuple(peers), pool, fusers, found.ablated, about)
    facts: dict[str, Any] = {"protocol": protocol, "targets": wanted, "item head": HEAD in scorers}
    return {**facts, **found.told, **compare(contest, split, vectors)}


def evaluate_dialogues(
    file: Path,
    protocol: str,
    folder: Path | None,
    *,
    training: Sequence[Path] = (),
    seed: int = 2026,
) -> dict[str, Any]:
    """Recommendations inside dialogues: retrieval of the workspace, or of the built-in films,
    what ``training`` dialogues teach, popularity in them, and copying what was mentioned. DataError
    for files that can't be read or dialogues that stand in both.
    """
    workspace = open_workspace(folder)
    encoder = text_encoder(workspace)
    vectors = item_vectors(workspace, encoder)
    catalog = workspace.catalog
    branches: dict[str, Retriever] = {
        "dense": DenseRetriever(catalog, encoder, vectors, item_index(workspace, vectors)),
        "lexical": LexicalRetriever(catalog),
    }
    fused = fusion_of(workspace, tuple(branches.values()), vectors, encoder)
    retrievers = {**branches, FUSED: fused}
    found = measure_dialogue(
        file, protocol, catalog, training=training, retrievers=retrievers, seed=seed
    )
    return {"encoder": encoder.reader, **found}


def text_scorers(catalog: Catalog, vectors: Vectors) -> dict[str, Scorer]:
    """The branches that need no interactions: likeness of texts, and words in common."""
    return {
        "dense": text_scorer(vectors),
        "lexical": lexical_scorer(catalog, LexicalRetriever(catalog)),
    }


@dataclass(frozen=True, slots=True)
class Fusers:
    """How branches are fused, the way that leads first; ``ablated`` is that way from fewer cases.

    ``told`` says which way it is and why, JSON-safe.
    """

    by_name: Mapping[str, FuserOf]
    ablated: FuserOf
    told: Mapping[str, Any]


def fusers_of(split: Split, branches: Mapping[str, Scorer], traits: Traits) -> Fusers:
    """Learned where validation has enough cases, and where that was better than reciprocal rank
    on those held out while learning; else by reciprocal rank, which also stands beside it.
    """
    learned = LearnedFusers.of_split(split, branches, traits)
    by_rank = reciprocal_rank_fuser
    if not learned.found:
        return Fusers({FUSED: by_rank}, by_rank, {"fusion": "by rank: too few validation cases"})
    fusion, figures = learned.fit(tuple(branches))
    how = "learned" if figures.better else "by rank: that was better on validation"
    told = {"fusion": how, "fusion fit": asdict(figures), "fusion weights": fusion.explained()}
    if figures.better:
        smaller = learned.smaller(ABLATION_CASES)
        return Fusers({FUSED: learned.of, BY_RANK: by_rank}, smaller.of, told)
    return Fusers({FUSED: by_rank, LEARNED: learned.of}, by_rank, told)


def _peers(without: Sequence[str]) -> dict[str, Fit]:
    unknown = sorted(set(without) - set(PEERS))
    if unknown:
        raise RequestError(f"unknown peer {unknown[0]!r}; there are {', '.join(PEERS)}")
    peers = {name: fit for name, fit in PEERS.items() if name not in without}
    if not peers:
        raise RequestError("all peers are left out; at least one is needed to compare with")
    return peers


def _head(
    workspace: Workspace,
    counts: NDArray[np.int64],
    vectors: Vectors,
    model: str | None,
    adapter: Path | None,
    precision: Precision,
) -> HeadOrders | None:
    """The adapter's head with the popularity of the training part; None where none suits."""
    folder = SHIPPED_ADAPTER if adapter is None else adapter
    head, facts = load_head(folder / ITEM_HEAD)
    suits = model is None and workspace.domain in facts.domains
    if adapter is None and not suits:
        return None
    decoder = load_decoder(model, adapter=folder, precision=precision)
    if not isinstance(decoder, LocalDecoder):
        raise ModelError(f"decoder {model!r} is a server; an item head needs a local decoder")
    scorer = ItemHeadScorer(
        decoder,
        head.to(decoder.device).eval(),
        workspace.catalog,
        vectors,
        log_popularity(counts),
        kept=KEPT,
    )
    return HeadOrders(workspace.catalog, scorer, facts)
