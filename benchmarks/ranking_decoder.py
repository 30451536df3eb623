"""The decoder over items, for ``ranking.py``: trained on a split, or read back."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from chatrec.data.interactions import Past
from chatrec.data.workspace import Workspace
from chatrec.evaluation.comparison import FuserOf
from chatrec.evaluation.splits import Split
from chatrec.fitting import fit_item_decoder
from chatrec.generation.item_decoder import ItemDecoder, depth_of
from chatrec.generation.loading import load_layers
from chatrec.retrieval.sequential import SasRec
from chatrec.training.item_decoder import ItemDecoderOptions
from chatrec.training.teachers import Teachers
from chatrec.training.windows import HeldOut

TRAIN = Path()  # what --decoder without a file is
REPORTED_EVERY = 50  # steps
WITHOUT = "fused without decoder"


def trained_decoder(
    split: Split, workspace: Workspace, sequential: SasRec, teachers: Teachers, run: Path
) -> ItemDecoder:
    """Trained on the split's training part; the run is taken up again."""
    return fit_item_decoder(
        workspace.catalog,
        split.training,
        held_out(split),
        sequential,
        teachers,
        ItemDecoderOptions.suited(split.training),
        run,
        say=_say,
        report=_report,
    )


def kept_decoder(file: Path) -> ItemDecoder:
    """The one whose tensors are in the file, with the states that came with it from elsewhere."""
    tensors = load_file(file)
    layers, _ = load_layers(None, depth_of(tensors), cache=None)
    decoder = ItemDecoder.from_tensors(tensors, layers)
    read = file.with_name("states.safetensors")
    return ReadElsewhere(decoder, load_file(read)) if read.is_file() else decoder


class ReadElsewhere(ItemDecoder):
    """A decoder of whose states some were read on a GPU (``ranking_gpu.py``).

    It reads the others itself, and counts them in ``read_here``. ``read`` has the ``states`` (A, D)
    after the last ``window`` of A pasts: their ``items``, one after the other, and ``sizes`` (A,).
    """

    def __init__(self, decoder: ItemDecoder, read: Mapping[str, NDArray[Any]]) -> None:
        super().__init__(decoder.network, decoder.shape)
        ends = np.cumsum(read["sizes"])
        pasts = np.split(read["items"].astype(np.int32), ends[:-1])
        self._known = {past.tobytes(): row for row, past in enumerate(pasts)}
        self._states = read["states"].astype(np.float32)
        self.read_here = 0

    def states(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """Those that are known, and the others."""
        cut = [past[-self.shape.window :].astype(np.int32).tobytes() for past in pasts]
        rows = [self._known.get(key, -1) for key in cut]
        states = self._states[rows]
        unknown = [place for place, row in enumerate(rows) if row < 0]
        if unknown:
            self.read_here += len(unknown)
            states[unknown] = super().states([pasts[place] for place in unknown])
        return states


def without_decoder(fused: FuserOf) -> FuserOf:
    """The same fusion, learnt without the decoder's branch."""
    return lambda names: fused([name for name in names if name != ItemDecoder.name])


def decoder_facts(file: Path | None, split: Split) -> dict[str, Any]:
    """Its options by its name; those that a trained model came with; nothing without a decoder."""
    if file is None:
        return {}
    if file == TRAIN:
        return {ItemDecoder.name: asdict(ItemDecoderOptions.suited(split.training))}
    settings = file.with_suffix(".json")
    known = json.loads(settings.read_text("utf-8")) if settings.is_file() else {}
    return {ItemDecoder.name: known}


def held_out(split: Split) -> HeldOut:
    """The split's validation part, as trainings take it."""
    return HeldOut(
        tuple(case.past for case in split.validation),
        np.array([case.target for case in split.validation], dtype=np.int32),
    )


def _report(step: int, steps: int, figures: Mapping[str, float]) -> None:
    if step % REPORTED_EVERY == 0 or len(figures) > 1:
        _say(f"step {step:,} of {steps:,}: {dict(figures)}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
