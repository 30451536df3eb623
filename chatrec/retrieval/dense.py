"""Dense retrieval: sentence-transformer vectors of the items' texts, searched by an index.

Knows catalogues and queries; knows nothing about other retrievers. Vectors are kept in the
workspace's cache folder as safetensors with the checksums of what they were made from.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog, item_text
from chatrec.data.sealed_arrays import read_sealed, seal
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.retrieval.encoder import DEFAULT_ENCODER, TextEncoder, Vectors
from chatrec.retrieval.item_index import exact_index
from chatrec.retrieval.moods import Moods
from chatrec.retrieval.vector_index import NO_ROW, VectorIndex
from chatrec.retrieval.words import (
    asks_for_titles,
    by_title_alone,
    genre_words,
    wish_words,
)
from chatrec.types import Candidate, Evidence, Query

__all__ = [
    "DEFAULT_ENCODER",
    "DenseRetriever",
    "TextEncoder",
    "Vectors",
    "item_vectors",
]

VECTORS_FILE = "item_vectors.safetensors"
NAMED_WEIGHT = 0.7
NEAR_WEIGHT = 1.0
RECENT_HISTORY = 10
MET = 20  # items at most that a search without words starts from
SHARPNESS = 5.0  # how much more the nearest of them counts than the others
FADING = 0.9  # what each step back in a history leaves of a weight
SIMILAR_FLOOR = 0.5
MOOD_KEYWORDS = 4  # that spell a mood out
TITLE_ALONE = 0.6  # what a likeness to the wish counts for that only the title explains
LOOKED_AT = 200  # the best are looked at for it; the others stand too low to matter

logger = logging.getLogger(__name__)


def item_vectors(workspace: Workspace, encoder: TextEncoder, *, progress: bool = False) -> Vectors:
    """The vectors of all items in catalogue order, (n, dim); computed once, then read back.

    A damaged or altered file is named in the log, and they are computed anew.
    """
    from safetensors.numpy import save

    try:
        kept = kept_vectors(workspace, encoder.revision)
    except DataError as error:
        logger.warning("%s", error)
        kept = None
    if kept is not None:
        return kept
    texts = [item_text(item) for item in workspace.catalog]
    vectors = encoder.encode(texts, progress=progress)
    tensors = {"vectors": vectors}
    metadata = seal(tensors, key=vectors_key(workspace.catalog, encoder.revision))
    workspace.write_cached(VECTORS_FILE, save(tensors, metadata))
    return vectors


def kept_vectors(workspace: Workspace, revision: str) -> Vectors | None:
    """The kept vectors, (n, dim), by the encoder of that revision; None where there are none.

    Nothing is made. DataError for a file that is damaged or was altered.
    """
    key = vectors_key(workspace.catalog, revision)
    found = read_sealed(
        workspace.cache_path / VECTORS_FILE,
        lambda metadata: metadata.get("key") == key,
        names=["vectors"],
        remedy="the items are embedded anew",
    )
    return None if found is None else found[0]["vectors"]


def vectors_key(catalog: Catalog, revision: str) -> str:
    """What kept vectors belong to, 64 hex digits."""
    return hashlib.sha256(f"{catalog.checksum} {revision}".encode()).hexdigest()


def centred(vectors: Vectors, centre: Vectors) -> Vectors:
    """What sets each text (n, dim) apart from the others: less the ``centre`` (dim,) of all, of
    unit length. The texts of a catalogue are alike; what they share would draw every search to the
    same items, those that are most like all others (hubs: Radovanović et al., JMLR 2010).
    """
    apart: Vectors = vectors - centre
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    return apart


def nearness(items: Vectors, met: Vectors, weights: Vectors) -> Vectors:
    """How near to those that were met (m, dim) each item (n, dim) is, (n,), as a cosine: a soft
    maximum of the cosines, of which the ``weights`` (m,) count. Up to a constant it is the log
    density of a von Mises-Fisher kernel estimate. So an item that is near one of somebody's several
    interests is as good as one that is near all of them, which a mean of what was met lies between.
    """
    near = np.exp(SHARPNESS * (items @ met.T - 1.0))  # (n, m)
    cosines: Vectors = 1.0 + np.log(near @ (weights / weights.sum())) / SHARPNESS
    return cosines


def fading(n: int) -> Vectors:
    """Weights of the ``n`` last items of a history, the newest last and 1."""
    weights: Vectors = np.power(np.float32(FADING), np.arange(n - 1, -1, -1, dtype=np.float32))
    return weights


class PastTexts:
    """The dense retriever's scores after histories without words, for many at once."""

    def __init__(self, vectors: Vectors) -> None:
        """``vectors`` (n, dim) in catalogue order."""
        self._unit = centred(vectors, vectors.mean(axis=0))

    def scores(self, pasts: Sequence[NDArray[np.int32]]) -> Vectors:
        """(B, n); zeros without a past."""
        scores = np.zeros((len(pasts), len(self._unit)), dtype=np.float32)
        for row, past in enumerate(pasts):
            if len(recent := past[-MET:]):
                scores[row] = nearness(self._unit, self._unit[recent], fading(len(recent)))
        return scores


class DenseRetriever:
    """Items whose text is close to the wish and to what the user named.

    The search vector is the wish's vector plus the mean vector of the named items (``near``,
    which counts as much as the wish; else ``liked``, else the last of ``history``, which count
    less). Without a wish there is no such vector: items are ranked by their :func:`nearness` to the
    last MET of those, of a history the newer ones counting more. What is disliked has no say here
    (:mod:`chatrec.retrieval.negation`). Items that meet the wish by their title alone get
    TITLE_ALONE of their score.
    """

    name = "dense"

    def __init__(
        self,
        catalog: Catalog,
        encoder: TextEncoder,
        vectors: Vectors,
        index: VectorIndex | None = None,
    ) -> None:
        """``vectors`` (n, dim) in catalogue order; ``index`` of them, exact unless given."""
        self.vectors = vectors
        self._centre: Vectors = vectors.mean(axis=0)
        self._catalog = catalog
        self._moods = Moods(catalog)
        self._encoder = encoder
        self._index = exact_index(vectors) if index is None else index

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` candidates by cosine; empty without a wish and without known items."""
        named = query.near or query.liked
        anchors = named or query.history[-(RECENT_HISTORY if query.text else MET) :]
        if query.text:
            weight = NEAR_WEIGHT if query.near else NAMED_WEIGHT
            target = self._target(query.text, anchors, weight)
            (scores,), (rows,) = self._index.search(target[None, :], min(k, len(self._catalog)))
            scores, rows = scores[rows != NO_ROW], rows[rows != NO_ROW]
            scores[self._by_title_alone(query, rows)] *= TITLE_ALONE
        elif anchors:
            met = [self._catalog.index_of(item_id) for item_id in anchors[-MET:]]
            weights = np.ones(len(met), dtype=np.float32) if named else fading(len(met))
            rows = self._around(met, k)
            around, from_ = (centred(self.vectors[these], self._centre) for these in (rows, met))
            scores = nearness(around, from_, weights)
        else:
            return []
        best = np.argsort(-scores, kind="stable")[:k]
        similar = self._similar_to(rows[best], anchors)
        return [
            Candidate(
                self._catalog.items[rows[place]].item_id, float(scores[place]), self.name, evidence
            )
            for place, evidence in zip(best, similar, strict=True)
        ]

    def similarity(self, item_ids: Sequence[str]) -> Vectors:
        """Cosines between the items, (n, n)."""
        rows = self.vectors[[self._catalog.index_of(item_id) for item_id in item_ids]]
        product: Vectors = rows @ rows.T
        return product

    def _target(self, text: str, anchors: Sequence[str], weight: float) -> Vectors:
        """The search vector, (dim,), of unit length."""
        rows = [self._catalog.index_of(item_id) for item_id in anchors]
        spelt_out = self._moods.spelt_out(text, wish_words(text), MOOD_KEYWORDS)
        target: Vectors = self._encoder.encode_queries([spelt_out])[0]
        if rows:
            mean = self.vectors[rows].mean(axis=0)
            target = target + weight * mean / max(float(np.linalg.norm(mean)), 1e-9)
        return target / max(float(np.linalg.norm(target)), 1e-9)

    def _around(self, met: Sequence[int], k: int) -> NDArray[np.int64]:
        """The rows of the ``k`` items nearest to each of those met, and to what lies between them;
        all rows where that would be as many.
        """
        if k * (len(met) + 1) >= len(self._catalog):
            return np.arange(len(self._catalog))
        points = centred(self.vectors[met], self._centre)
        _, rows = self._index.search(np.vstack([points, points.mean(axis=0)]), k)
        return np.unique(rows[rows != NO_ROW])

    def _by_title_alone(self, query: Query, rows: NDArray[np.int64]) -> list[int]:
        """Places among the best of ``rows`` whose items meet the wish by their title alone."""
        if asks_for_titles(query.text):
            return []
        words, settled = wish_words(query.text), genre_words(query.constraints)
        return [
            place
            for place, row in enumerate(rows[:LOOKED_AT])
            if by_title_alone(self._catalog.items[row], words, settled)
        ]

    def _similar_to(
        self, rows: NDArray[np.int64], anchors: Sequence[str]
    ) -> list[tuple[Evidence, ...]]:
        """For each of the rows the named item that its text is closest to, if it is close.

        Not where the two share no genre: then it may be no more than a word of their titles.
        """
        if not anchors:
            return [()] * len(rows)
        named = [self._catalog.index_of(item_id) for item_id in anchors]
        cosines = self.vectors[named] @ self.vectors[rows].T  # (anchors, rows)
        close = cosines.max(axis=0) >= SIMILAR_FLOOR
        found: list[tuple[Evidence, ...]] = []
        for row, anchor, is_close in zip(rows, cosines.argmax(axis=0), close, strict=True):
            near = self._catalog.items[named[anchor]]
            genres = self._catalog.items[row].genres if is_close else ()
            strangers = near.genres and genres and not set(near.genres) & set(genres)
            told = (Evidence("similar", near.title, self.name),)
            found.append(told if is_close and not strangers else ())
        return found
