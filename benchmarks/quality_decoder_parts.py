"""The parts of docs/quality.md on what the decoder was measured to do on a lent GPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import dialogue_fused
import domain_report
import few_shot_report
import gpu_table
import nf4_mix_report
import shipped_report
from quality_parts import Lines, Result, source, spread

DIALOGUE = """The first layers of the default decoder (16, 16, 24 and 12, a LoRA each, averaged in
log-chance) read a dialogue's words and items (INSPIRED's training dialogues too) and rank the
catalogue where the recommender speaks. Four folds, so that each scores dialogues that it had not
learnt from; each decoder trained for 80 to 90 seconds beside a dozen other jobs on one GPU. Their
chances are two more features of the net that orders what retrieval found, and their best hundred
join the pool. ReDial, CIKM'23, new labels, 2,166 of 662 dialogues; nothing was chosen on them, but
it is the second decoder that is measured on them. The first, one stack of 16 layers a fold, had
.0374, .2078 and .4132 at 1, 10 and 50. On the training dialogues, out of fold (7,829 labels), these
add {gained}.
The chat does without: at 1 nothing is gained that these turns can tell.
"""


def few_shot_part(result: Result) -> Lines:
    """From few examples: TALLRec's task, and ranking."""
    yield from few_shot_report.few_shot_part(result)


def domains_part(result: Result) -> Lines:
    """The tables of domains left out."""
    yield domain_report.markdown(result, source(result)) + "\n"


def shipped_part(result: Result) -> Lines:
    """The shipped adapter in 4 bits, and at cold start."""
    yield shipped_report.markdown(result, result["file"]) + "\n"


def nf4_mix_part(result: Result) -> Lines:
    """The default decoder in 4 bits with a part of it in 8."""
    yield nf4_mix_report.markdown(result) + "\n"


def gpu_part(result: Result) -> Lines:
    """Speed and memory on a GPU."""
    yield f"## On a GPU\n\n{source(result)}. {result.get('conditions', '')}\n"
    yield gpu_table.markdown(result) + "\n"


def dialogue_decoder_part(result: Result) -> Lines:
    """Dialogues with the decoder in the loop."""
    gained = result["out of fold in training"]["difference"]
    told = [f"{spread(gained[f'recall@{k}'], signed=True)} at {k}" for k in (1, 10, 50)]
    yield f"{DIALOGUE.format(gained=', '.join(told))}\n{source(result)}.\n"
    yield dialogue_fused.markdown(result) + "\n"


PARTS: Mapping[str, tuple[str, Callable[[Result], Lines]]] = {
    "dialogue-decoder-redial": (
        "## Dialogues: the decoder beside retrieval\n",
        dialogue_decoder_part,
    ),
    "few-shot": ("", few_shot_part),
    "shipped-adapter": ("", shipped_part),
    "nf4-mix": ("", nf4_mix_part),
    "domains": ("", domains_part),
    "gpu": ("", gpu_part),
}

DRAWN: Mapping[str, Callable[[Result, Path], None]] = {"few-shot": few_shot_report.draw_few_shot}
