"""Tunes how an embedding model reads requests, with LoRA, against item vectors that stay.

Query-side contrastive tuning (Lee et al. 2021, DensePhrases, arXiv 2012.12624, section 4.2): since
items keep the base model's vectors, the whole catalogue stands in every softmax, the hard negatives
that break one part of a wish among it, and only short texts go through the model. Batches depend on
the seed and the step only, so a run that was killed resumes where its last checkpoint stood.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError
from chatrec.generation.loading import quiet_peft
from chatrec.retrieval.dense import item_vectors
from chatrec.retrieval.encoder import DEFAULT_ENCODER, TextEncoder, Vectors, load_model
from chatrec.retrieval.encoder_adapter import write_encoder_adapter
from chatrec.retrieval.fitted import data_key
from chatrec.training.checkpoints import Checkpoints
from chatrec.training.contrastive import both_ways
from chatrec.training.query_sets import (
    LAST_LEFT_OUT,
    QueryBatch,
    QuerySet,
    figures_of,
    first_ranks,
)
from chatrec.training.query_words import Style
from chatrec.training.rates import share_of_peak
from chatrec.training.tensors import finite

SPLIT_SEED = 2026
CHECKPOINT_EVERY_S = 120
WARMUP_STEPS = 20
LORA_SCALE = 2  # of the update, whatever its rank
TOGETHER = 16  # texts padded to one length
_ADAPTER = ".default"  # what peft puts into its parameters' names
_LAYER = re.compile(r"\.layers?\.(\d+)\.")

Report = Callable[[int, int, Mapping[str, float]], None]
Cases = list[dict[Style, QueryBatch]]


@dataclass(frozen=True, slots=True)
class EmbedderOptions:
    """How to tune.

    ``temperature`` divides cosines; ``back_share`` is the weight of the loss from items to
    requests. The last ``layers`` are tuned: that leaves alone how words are read and takes half the
    time of tuning all. ``scale_share`` of the learnt update is kept: the smaller, the more stays
    of what the base understands (Wortsman et al. 2022, arXiv 2109.01903).
    """

    steps: int = 250
    batch: int = 64
    rank: int = 16
    layers: int = 3
    rate: float = 4e-4
    temperature: float = 0.05
    back_share: float = 0.3
    scale_share: float = 0.5
    dropout: float = 0.0
    longest_query: int = 96  # tokens
    validate_every: int = 100
    validation_per_style: int = 30
    seed: int = 2026
    max_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class EmbedderNotes:
    """What the card says about where the data came from, in the tuner's words."""

    data: str
    terms: str
    command: str


def tune_embedder(
    workspaces: Sequence[Workspace],
    to: Path,
    options: EmbedderOptions,
    notes: EmbedderNotes,
    *,
    base: str = DEFAULT_ENCODER,
    run: Path | None = None,
    report: Report | None = None,
) -> dict[str, Any]:
    """Tune on requests generated from the workspaces and write the adapter to ``to``.

    The step that validated best is kept, by the mean over styles of the reciprocal rank. ``run``
    (default ``runs/NAME``) holds checkpoints and ``log.jsonl``; a checkpoint there of the same
    data and options is taken up. Returns figures by style, of the base and tuned, on other
    requests than those that the step was chosen by. What is in ``to`` is replaced. Raises
    RequestError where a catalogue has nothing to ask for.
    """
    encoder = TextEncoder(base)
    sets = [QuerySet(w, item_vectors(w, encoder), SPLIT_SEED) for w in workspaces]
    run = Path("runs") / to.name if run is None else run
    tuning = _Tuning(load_model(base), sets, options, run, _identity(options, workspaces, encoder))
    fresh = tuning.cases_of(options.seed + 1)
    untuned = tuning.figures(fresh)
    tuning.resume()
    tuning.train(report)
    tuning.take_best()
    tuning.keep(options.scale_share)
    figures = {
        "base": untuned,
        "tuned": tuning.figures(fresh),
        "best_step": tuning.best_step,
        "steps": tuning.step,
    }
    write_encoder_adapter(
        to,
        tuning.matrices(),
        base=base,
        revision=encoder.revision,
        scale=LORA_SCALE,
        domains=sorted({workspace.domain for workspace in workspaces}),
        catalogs=[workspace.catalog.checksum for workspace in workspaces],
        card=_card(to.name, encoder, options, notes, workspaces, figures),
    )
    return figures


class _Tuning:
    """The training loop with its validation and its checkpoints."""

    def __init__(
        self,
        model: Any,
        sets: Sequence[QuerySet],
        options: EmbedderOptions,
        run: Path,
        identity: str,
    ) -> None:
        torch.manual_seed(options.seed)
        self.model, self.sets, self.options = model, sets, options
        self.parameters = _with_lora(model, options)
        self.items = [torch.from_numpy(data.vectors) for data in sets]
        self.optimiser = torch.optim.AdamW(
            list(self.parameters.values()), lr=options.rate, weight_decay=0.0
        )
        self.cases = self.cases_of(options.seed)
        self.kept = Checkpoints(run, identity, self.parameters, self.optimiser)
        self.step, self.best, self.best_step = 0, 0.0, 0

    def train(self, report: Report | None) -> None:
        """Run from the current step to the end of the schedule or of the time."""
        options = self.options
        begun = saved = time.monotonic()
        while self.step < options.steps and time.monotonic() - begun < options.max_seconds:
            losses = {"loss": self._learn()}
            self.step += 1
            if self.step % options.validate_every == 0 or self.step == options.steps:
                losses |= self._validated()
            self.kept.log({"step": self.step, **losses})
            if report is not None:
                report(self.step, options.steps, losses)
            if time.monotonic() - saved > CHECKPOINT_EVERY_S:
                self.save()
                saved = time.monotonic()
        if self.step < options.steps:
            self.kept.log({"step": self.step, **self._validated()})
        self.save()

    def cases_of(self, seed: int) -> Cases:
        """Validation requests of each set by style."""
        return [data.validation(self.options.validation_per_style, seed) for data in self.sets]

    def figures(self, cases: Cases) -> dict[str, dict[str, float]]:
        """Figures by style over all sets' requests."""
        ranks: dict[str, list[Any]] = {}
        for data, by_style in zip(self.sets, cases, strict=True):
            for style, batch in by_style.items():
                queries = self._vectors(batch.texts)
                ranks.setdefault(style, []).append(first_ranks(queries, data.vectors, batch))
        return figures_of({style: np.concatenate(of) for style, of in ranks.items()})

    def take_best(self) -> None:
        """Put the parameters back to where they validated best."""
        if self.best:
            self.kept.take_best()

    def keep(self, share: float) -> None:
        """Scale the learnt update down to ``share`` of it."""
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                if ".lora_B" in name:
                    parameter *= share

    def matrices(self) -> dict[str, Tensor]:
        """The LoRA matrices by their layer's name in the model."""
        return {name.replace(_ADAPTER, ""): p.detach() for name, p in self.parameters.items()}

    def save(self) -> None:
        """Write a checkpoint."""
        self.kept.save(step=self.step, best=self.best, best_step=self.best_step)

    def resume(self) -> None:
        """Take up the run's checkpoint if there is one of the same options and data."""
        for name, value in (self.kept.resume() or {}).items():
            setattr(self, name, value)

    def _learn(self) -> float:
        rng = random.Random(f"{self.options.seed}:{self.step}")
        torch.manual_seed(self.options.seed + self.step)
        chosen = self.step % len(self.sets)
        batch = self.sets[chosen].batch(self.options.batch, rng)
        self._set_rate()
        self.model.train()
        loss = both_ways(
            self._embed(batch.texts),
            self.items[chosen],
            batch,
            temperature=self.options.temperature,
            back_share=self.options.back_share,
            seed=self.step,
        )
        found = finite(loss, self.step)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(list(self.parameters.values()), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return round(found, 4)

    def _set_rate(self) -> None:
        share = share_of_peak(self.step, WARMUP_STEPS, self.step / self.options.steps)
        for group in self.optimiser.param_groups:
            group["lr"] = self.options.rate * share

    def _embed(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors with gradients, (B, D). Texts of like length go through together."""
        ids = self.model.tokenizer(
            list(texts), truncation=True, max_length=self.options.longest_query
        )["input_ids"]
        order = sorted(range(len(texts)), key=lambda row: len(ids[row]))
        vectors = []
        for start in range(0, len(order), TOGETHER):
            rows = order[start : start + TOGETHER]
            padded = self.model.tokenizer.pad(
                {"input_ids": [ids[row] for row in rows]}, return_tensors="pt"
            )
            vectors.append(self.model(dict(padded))["sentence_embedding"])  # (<=TOGETHER, D)
        places = torch.tensor(order).argsort()
        return F.normalize(torch.cat(vectors)[places], dim=-1)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        self.model.eval()
        vectors: Vectors = self.model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return vectors.astype(np.float32)

    def _validated(self) -> dict[str, float]:
        mean = self.figures(self.cases)["mean"]
        if mean["mrr"] > self.best:
            self.best, self.best_step = mean["mrr"], self.step
            self.kept.keep_best()
        return {f"validation {name}": value for name, value in mean.items()}


def _with_lora(model: Any, options: EmbedderOptions) -> dict[str, Any]:
    """Put a LoRA on the model's layers, in place; its parameters by their name in the model."""
    from peft import LoraConfig, inject_adapter_in_model

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    layers = _last_layers(model, options.layers)
    config = LoraConfig(
        r=options.rank,
        lora_alpha=LORA_SCALE * options.rank,
        lora_dropout=options.dropout,
        target_modules=layers,
    )
    with quiet_peft():
        inject_adapter_in_model(config, model)
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


def _last_layers(model: Any, n: int) -> list[str]:
    """The names of the linear maps in the model's last ``n`` layers."""
    numbered = {
        name: int(found[1])
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and (found := _LAYER.search(name))
    }
    if not numbered:
        raise ModelError(
            "the embedding model has no linear maps in layers named '.layer.N.' or '.layers.N.' "
            f"to tune; use a model of the BERT family such as {DEFAULT_ENCODER!r}"
        )
    first = max(numbered.values()) + 1 - n
    return [name for name, layer in numbered.items() if layer >= first]


def _identity(
    options: EmbedderOptions, workspaces: Sequence[Workspace], encoder: TextEncoder
) -> str:
    """What a checkpoint must share with a run that takes it up."""
    free = {"max_seconds": None, "scale_share": None}
    data = [data_key(workspace) for workspace in workspaces]
    return json.dumps([{**asdict(options), **free}, data, encoder.revision], sort_keys=True)


def _card(
    name: str,
    encoder: TextEncoder,
    options: EmbedderOptions,
    notes: EmbedderNotes,
    workspaces: Sequence[Workspace],
    figures: Mapping[str, Any],
) -> str:
    """The CARD.md: base, data and its terms, seed, command, and the validation's figures."""
    sizes = "; ".join(
        f"{len(w.catalog):,} items, {len(w.histories):,} users, {len(w.histories.items):,} "
        "interactions"
        for w in workspaces
    )
    rows = [
        f"| {style} | {before['r@10']:.3f} | {after['r@10']:.3f} | {before['mrr']:.3f} | "
        f"{after['mrr']:.3f} |"
        for style, before in figures["base"].items()
        for after in [figures["tuned"][style]]
    ]
    table = "\n".join(
        ["| style | R@10 base | tuned | MRR base | tuned |", "|---|---|---|---|---|", *rows]
    )
    return f"""# Embedding adapter {name}

- **Base:** {encoder.name} (revision {encoder.revision}); LoRA of rank {options.rank} on the \
linear maps of the last {options.layers} layers, float16. It changes how requests are read; items \
keep the base's vectors.
- **Learnt from:** {notes.data} ({sizes}): requests generated in ten styles; of each history the \
last {LAST_LEFT_OUT} items, of all items every tenth, and all validation and test users were left \
out.
- **Terms of that data:** {notes.terms}
- **Seed:** {options.seed}
- **Training:** {figures["steps"]} steps of {options.batch} requests; step \
{figures["best_step"]}, which validated best, was kept; {options.scale_share:g} of its update.
- **Command:** `{notes.command}`

## Measured

Requests for held-out items in wordings that training never had, {options.validation_per_style} \
a style and catalogue, others than those that the step was chosen by, all items ranked:

{table}

The files' checksums are in `checksums.json` and are verified before anything is loaded.
"""
