"""The long jobs behind ``chatrec tune DIR --retriever`` and ``--encoder``.

The first fits the models of histories on everybody's past but the last item, learns from those last
items how to fuse what the branches find, then fits the models again on everything and saves all of
it in the workspace's cache. The second tunes how the embedding model reads wishes. Wires parts;
knows nothing about how each learns.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories, Past
from chatrec.data.workspace import Workspace
from chatrec.errors import RequestError
from chatrec.evaluation.splits import shuffled
from chatrec.generation.item_decoder import ItemDecoder, title_embeddings
from chatrec.generation.loading import load_layers
from chatrec.metrics import ndcg
from chatrec.retrieval.als import Als
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.dense import PastTexts, item_vectors
from chatrec.retrieval.ease import MAX_ITEMS, Ease
from chatrec.retrieval.encoder import TextEncoder
from chatrec.retrieval.fitted import remove_fitted, save_fitted
from chatrec.retrieval.fitted_branches import FUSION
from chatrec.retrieval.fitted_encoder import encoder_folder
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.retrieval.learned_fusion import DEPTH, SCORED, LearnedFusion
from chatrec.retrieval.next_item import NextItem
from chatrec.retrieval.popularity import Popularity
from chatrec.retrieval.recency import ALL_ALIKE, Recency
from chatrec.retrieval.sequential import SasRec
from chatrec.retrieval.tops import Tops, union_hits, unique_hits
from chatrec.training.adapter import refuse_existing
from chatrec.training.embedder import EmbedderNotes, EmbedderOptions, tune_embedder
from chatrec.training.fusion import LEAST_CASES, MAX_CASES, Cases, train_fusion
from chatrec.training.item_decoder import ItemDecoderOptions, train_item_decoder
from chatrec.training.sequential import SequentialOptions, train_sequential
from chatrec.training.teachers import Teachers, lessons_of, unremembering, weighed
from chatrec.training.tensors import best_device
from chatrec.training.windows import SHORTEST, HeldOut, hold_out

BATCH = 256
FADING = Recency(power=0.8)  # how the past counts where it has an order
DENSE, SEQUENTIAL, DECODER = "dense", "sequential", "decoder"
# Folders in the cache folder with checkpoints and the log.
RUN, ENCODER_RUN, DECODER_RUN = "sequential-run", "encoder-run", "decoder-run"

Say = Callable[[str], None]
Report = Callable[[int, int, Mapping[str, float]], None]


def fit_retrieval(
    folder: Path,
    *,
    seed: int = 2026,
    sequential: SequentialOptions | None = None,
    decoder: bool | ItemDecoderOptions = False,
    base: str | None = None,
    say: Say,
    report: Report | None = None,
) -> dict[str, Any]:
    """Fit, fuse, fit on everything, save; the figures on the held-out last items.

    Models of order (next item, sequential) are fitted only where every interaction has a time.
    ``sequential`` are its options, by default those suited to the data; an interrupted training is
    taken up. With ``decoder`` (True, or its options) the decoder ``base`` (None: the default)
    learns to read histories item by item as well. The fusion is saved only where it was better than
    reciprocal rank on users that it had not seen; else an earlier one goes too, as the models it
    knew are no more. RequestError for a workspace without interactions, with too few to learn a
    fusion, or for a decoder where there is no order.
    """
    workspace = Workspace.open(folder)
    histories = workspace.histories
    if not histories.timed:
        histories = shuffled(histories, seed)  # the order of a file says nothing
    if not len(histories.items):
        raise RequestError(
            f"{folder} has no interactions to learn from: import some with --interactions"
        )
    if decoder and not histories.timed:
        raise RequestError(
            f"the interactions of {folder} have no times, and the decoder learns what comes after "
            "what: import them with times, or leave the decoder out"
        )
    training, held = hold_out(histories)
    if len(held.pasts) < LEAST_CASES:
        raise RequestError(
            f"{folder} has {len(held.pasts)} people with {SHORTEST} interactions or more, and "
            f"{LEAST_CASES} are needed to learn a fusion: import more interactions"
        )
    held = held.sample(MAX_CASES, seed)
    say("embedding the items' texts")
    vectors = item_vectors(workspace, TextEncoder())
    models = fit_closed_forms(training, say)
    if histories.timed:
        say("training the sequential model")
        options = SequentialOptions.suited(training, seed) if sequential is None else sequential
        run = workspace.cache_dir / RUN
        sequence = train_sequential(
            training, held, options, run, text_vectors=vectors, report=report
        )
        models[SEQUENTIAL] = sequence
        if decoder:
            gpu = best_device().type == "cuda"
            suited = ItemDecoderOptions.suited(training, seed, gpu=gpu)
            reader = suited if decoder is True else decoder
            say("training the decoder to read histories")
            models[DECODER] = fit_item_decoder(
                workspace.catalog,
                training,
                held,
                sequence,
                _teachers(training, held, models, seed),
                reader,
                workspace.cache_dir / DECODER_RUN,
                base=base,
                say=say,
                report=report,
            )
    say("learning to fuse what the branches find")
    candidates = training.counts > 0
    tops = {name: _tops(model, held.pasts, candidates, above=0.0) for name, model in models.items()}
    tops[DENSE] = _tops(PastTexts(vectors), held.pasts, candidates)
    traits = Traits.of(training, workspace.catalog, vectors)
    users = np.arange(len(held.pasts), dtype=np.int64)
    fusion, fit = train_fusion(Cases(tops, held.pasts, held.targets, users), traits, seed=seed)
    figures = {**_figures(tops, held, fusion), "fit": asdict(fit)}
    say("fitting again on everything")
    models |= fit_closed_forms(histories, say)
    for name, model in models.items():
        about = {"base": base} if name == DECODER else {}
        save_fitted(workspace, name, model.tensors(), figures["branches"][name] | about)
    if fit.better:
        facts = {"branches": list(fusion.branches), **asdict(fit)}
        save_fitted(workspace, FUSION, fusion.tensors(), facts)
    else:
        remove_fitted(workspace, FUSION)
        say("the learned fusion was no better than reciprocal rank, which stays in use")
    return figures


def fit_item_decoder(
    catalog: Catalog,
    training: Histories,
    held: HeldOut,
    sequential: SasRec,
    teachers: Teachers,
    options: ItemDecoderOptions,
    run: Path,
    *,
    base: str | None = None,
    say: Say,
    report: Report | None = None,
) -> ItemDecoder:
    """The decoder ``base`` (None: the default) trained to read the histories item by item.

    It starts from the vectors of the trained ``sequential`` model, and learns also what the
    ``teachers`` would have ranked. ``run`` is taken up if it is there.
    """
    layers, tokenizer = load_layers(base, options.depth, cache=None)
    titles = title_embeddings(
        layers,
        lambda text: list(tokenizer.encode(text, add_special_tokens=False)),
        [item.title for item in catalog],
    )
    vectors = torch.from_numpy(sequential.own + sequential.text)
    lessons = lessons_of(training, teachers, options.lessons, run, seed=options.seed, say=say)
    return train_item_decoder(
        training, held, layers, titles, vectors, options, run, lessons=lessons, report=report
    )


def _teachers(
    training: Histories, held: HeldOut, models: Mapping[str, HistoryModel], seed: int
) -> Teachers:
    """The closed forms but popularity, which is no answer to a past, and the sequential model
    where it has learnt from too many to remember them.
    """
    whole = unremembering(models[SEQUENTIAL], training)
    closed = [model for name, model in models.items() if name not in (Popularity.name, SEQUENTIAL)]

    def fit(histories: Histories) -> list[HistoryModel]:
        fitted = fit_closed_forms(histories, lambda text: None)
        return [model for name, model in fitted.items() if name != Popularity.name]

    weights = weighed([*closed, *whole], held, training.counts > 0, seed)
    return Teachers(fit, whole, weights)


def tune_encoders(
    folders: Sequence[Path],
    to: Path | None,
    notes: EmbedderNotes,
    *,
    options: EmbedderOptions,
    say: Say,
    report: Report | None = None,
) -> dict[str, Any]:
    """Tune how the embedding model reads wishes; figures by workspace, or those of ``to`` alone.

    Each workspace gets an adapter of its own in its cache, in place of the one that was there, and
    keeps it only where it was better than the base on requests that it hadn't seen; or all of them
    teach one, written to ``to``. RequestError for a catalogue that no requests can be made from,
    DataError where ``to`` is taken.
    """
    workspaces = [Workspace.open(folder) for folder in folders]
    if to is not None:
        refuse_existing(to)
        say(f"learning from {len(folders)} workspaces")
        return tune_embedder(workspaces, to, options, notes, report=report)
    figures = {}
    for workspace in workspaces:
        say(f"learning from {workspace.path}")
        own, run = encoder_folder(workspace), workspace.cache_dir / ENCODER_RUN
        found = tune_embedder([workspace], own, options, notes, run=run, report=report)
        before, after = (found[name]["mean"]["mrr"] for name in ("base", "tuned"))
        if after <= before:
            shutil.rmtree(own)
            say(f"no better than the base (MRR {after:.3f}, {before:.3f}): not kept")
        else:
            say(f"MRR {before:.3f} before, {after:.3f} now; in use from now on: {own}")
        figures[str(workspace.path)] = found
    return figures


def fit_closed_forms(histories: Histories, say: Say) -> dict[str, HistoryModel]:
    """The models that have no epochs, by name; those of all pairs of items up to MAX_ITEMS."""
    recency = FADING if histories.timed else ALL_ALIKE
    fits: dict[str, Callable[[], HistoryModel]] = {
        Popularity.name: lambda: Popularity.fit(histories),
        ItemKnn.name: lambda: ItemKnn.fit(histories, recency=recency),
        Als.name: lambda: Als.fit(histories, recency=recency),
    }
    if histories.n_items <= MAX_ITEMS:
        fits[Ease.name] = lambda: Ease.fit(histories, recency=recency)
        if histories.timed:
            fits[NextItem.name] = lambda: NextItem.fit(histories)
    else:
        say(f"more than {MAX_ITEMS:,} items: EASE and next item are left out")
    models = {}
    for name, fit in fits.items():
        say(f"fitting {name}")
        models[name] = fit()
    return models


def _tops(
    model: HistoryModel | PastTexts,
    pasts: Sequence[Past],
    candidates: NDArray[np.bool_],
    *,
    above: float = -np.inf,
) -> Tops:
    """The model's best SCORED after each past, of the items that somebody met.

    Those ``above`` a score alone: of a history model, what a retriever finds with it when served.
    """
    parts = []
    for start in range(0, len(pasts), BATCH):
        batch = pasts[start : start + BATCH]
        scores = model.scores(batch)
        found = np.where(candidates & (scores > above), scores, np.float32(-np.inf))
        parts.append(Tops.of(found, batch, SCORED))
    return Tops.joined(parts)


def _figures(tops: Mapping[str, Tops], held: HeldOut, fusion: LearnedFusion) -> dict[str, Any]:
    """What each branch finds of the held-out items, alone and beside the others.

    ``kept`` is the share of what only this branch found that is among the fusion's first DEPTH.
    The fusion has learnt from these items: its own figure is that of "fit".
    """
    pool = fusion.fuse(tops, held.pasts, DEPTH).hits(held.targets)
    best = {name: found.cut(DEPTH) for name, found in tops.items()}
    alone = unique_hits(best, held.targets)
    branches = {
        name: {
            "ndcg@10": _ndcg(found, held.targets),
            f"recall@{DEPTH}": float(found.hits(held.targets).mean()),
            "found by it alone": float(alone[name].mean()),
            "of these kept": float(pool[alone[name]].mean()) if alone[name].any() else None,
        }
        for name, found in best.items()
    }
    union = float(union_hits(best, held.targets).mean())
    return {"cases": len(held.pasts), "union": union, "branches": branches}


def _ndcg(tops: Tops, targets: NDArray[np.int32]) -> float:
    places = tops.places(targets)
    return float(ndcg(np.where(places < tops.depth, places + 1.0, np.inf), 10).mean())
