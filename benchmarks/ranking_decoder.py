"""The decoder over items, for ``ranking.py``: trained on a split, or read back."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from chatrec.data.workspace import Workspace
from chatrec.evaluation.comparison import FuserOf
from chatrec.evaluation.splits import Split
from chatrec.fitting import fit_item_decoder
from chatrec.generation.item_decoder import ItemDecoder, depth_of
from chatrec.generation.loading import load_layers
from chatrec.retrieval.sequential import SasRec
from chatrec.training.item_decoder import ItemDecoderOptions
from chatrec.training.teachers import Fit
from chatrec.training.windows import HeldOut

TRAIN = Path()  # what --decoder without a file is
REPORTED_EVERY = 50  # steps
WITHOUT = "fused without decoder"


def trained_decoder(
    split: Split, workspace: Workspace, sequential: SasRec, teachers: Fit, run: Path
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
    """The one whose tensors are in the file."""
    tensors = load_file(file)
    layers, _ = load_layers(None, depth_of(tensors), cache=None)
    return ItemDecoder.from_tensors(tensors, layers)


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
