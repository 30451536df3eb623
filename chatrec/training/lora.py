"""Tunes a decoder with LoRA for ranking and reasons at once, and writes it as an adapter.

Three steps. First the item head's item side is fitted alone (minutes of numpy-sized work: a
recency-weighted mean of item vectors predicts the next item), then its state side is solved by
ridge regression from the untouched decoder's hidden states, and last LoRA and head are trained
jointly: windows of histories, wishes, and sentences that say given facts. Batches depend on the
seed and the step only, so a run that was killed resumes where its last checkpoint stood.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.item_head import ItemHead, log_popularity
from chatrec.generation.loading import quiet_peft
from chatrec.generation.model import LocalDecoder
from chatrec.training.examples import (
    RankingExample,
    TrainingSet,
    window_example,
    wish_example,
)
from chatrec.training.rationales import RationaleExample, rationale_examples

CHECKPOINT_EVERY_S = 300
DECAY = 0.9
ITEM_SIDE_BATCH = 32


@dataclass(frozen=True, slots=True)
class TuneOptions:
    """How to tune. ``max_seconds`` bounds the joint part, whose schedule spans ``steps``."""

    steps: int = 360
    windows: int = 2
    wishes: int = 6
    sentences: int = 4
    rank: int = 16
    lora_rate: float = 5e-4
    head_rate: float = 1e-3
    item_epochs: int = 3
    ridge_windows: int = 60
    seed: int = 2026
    max_seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class _Tensors:
    """A training set's vectors and popularity on the device."""

    text: Tensor  # (N, D)
    popularity: Tensor  # (N,)


def tune(
    decoder: LocalDecoder,
    sets: Sequence[TrainingSet],
    options: TuneOptions,
    run: Path,
    *,
    report: Any = None,
) -> tuple[Any, ItemHead]:
    """The decoder's model wrapped with a trained LoRA, and its item head.

    ``run`` is the folder for checkpoints and the log (``log.jsonl``, a line a step); a checkpoint
    there from the same options is taken up. ``report(step, steps, losses)`` is called each step.
    """
    torch.manual_seed(options.seed)
    run.mkdir(parents=True, exist_ok=True)
    tensors = [_tensors(data, decoder.device) for data in sets]
    model = _with_lora(decoder.model, options)
    head = ItemHead(decoder.hidden_size, tensors[0].text.shape[1]).to(decoder.device)
    joint = _Joint(decoder, model, head, sets, tensors, options, run)
    if not joint.resume():
        fit_item_side(head, sets, tensors, options)
        with model.disable_adapter():
            solve_state_side(head, decoder, model, sets, tensors, options)
    joint.train(report)
    return model, head


def fit_item_side(
    head: ItemHead, sets: Sequence[TrainingSet], tensors: Sequence[_Tensors], options: TuneOptions
) -> None:
    """Fit the item vectors so that a decayed mean of those met predicts the next one."""
    parameters = [*head.item_linear.parameters(), *head.item_inner.parameters()]
    parameters += [*head.item_outer.parameters(), head.log_scale, head.popularity_weight]
    optimiser = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.01)
    rng = random.Random(options.seed)
    for _ in range(options.item_epochs):
        batches = [(s, h) for s, data in enumerate(sets) for h in _pieces(data, rng)]
        rng.shuffle(batches)
        for start in range(0, len(batches), ITEM_SIDE_BATCH):
            loss = torch.zeros((), device=tensors[0].text.device)
            batch = batches[start : start + ITEM_SIDE_BATCH]
            for chosen in range(len(sets)):
                rows = [h for s, h in batch if s == chosen]
                if rows:
                    loss = loss + _item_side_loss(head, tensors[chosen], rows)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()


def _pieces(data: TrainingSet, rng: random.Random, length: int = 60) -> Iterator[list[int]]:
    for history in data.histories:
        indexes = [met.index for met in history]
        for start in range(rng.randrange(length) % max(len(indexes), 1), len(indexes), length):
            if len(indexes[start : start + length + 1]) > 1:
                yield indexes[start : start + length + 1]


def _item_side_loss(head: ItemHead, tensors: _Tensors, rows: list[list[int]]) -> Tensor:
    items = head.item_vectors(tensors.text)  # (N, W)
    states, targets = [], []
    for row in rows:
        ids = torch.tensor(row, device=items.device)
        states.append(_decayed_means(items[ids[:-1]]))
        targets.append(ids[1:])
    logits = head.match(torch.cat(states), items, tensors.popularity)
    return F.cross_entropy(logits, torch.cat(targets))


def _decayed_means(vectors: Tensor) -> Tensor:
    """Unit (T, W): at t the mean of vectors 0..t, each step back weighing DECAY as much."""
    steps = torch.arange(len(vectors), device=vectors.device)
    lag = steps[:, None] - steps[None, :]
    weights = torch.where(lag >= 0, DECAY ** lag.clamp(min=0).float(), 0.0)  # (T, T)
    return F.normalize(weights @ vectors, dim=-1)


@torch.no_grad()
def solve_state_side(
    head: ItemHead,
    decoder: LocalDecoder,
    model: Any,
    sets: Sequence[TrainingSet],
    tensors: Sequence[_Tensors],
    options: TuneOptions,
) -> None:
    """Set the state projection to the ridge solution that maps hidden states to decayed means."""
    rng = random.Random(options.seed + 1)
    inputs, outputs = [], []
    for number in range(options.ridge_windows):
        chosen = number % len(sets)
        if not sets[chosen].histories:
            continue
        example = window_example(sets[chosen], rng, decoder.encode_text)
        if len(example.targets) < 2:
            continue
        hidden = _hidden(model, [example.ids])[0, list(example.positions)]  # (T, H)
        items = head.item_vectors(tensors[chosen].text)
        met = [targets[0] for targets in example.targets]
        inputs.append(hidden[1:])
        outputs.append(_decayed_means(items[torch.tensor(met[:-1], device=items.device)]))
    if not inputs:
        return
    x, y = torch.cat(inputs).double(), torch.cat(outputs).double()  # (M, H), (M, W)
    x_mean, y_mean = x.mean(0), y.mean(0)
    x, y = x - x_mean, y - y_mean
    gram = x.T @ x
    ridge = 0.1 * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype, device=x.device)
    weight = torch.linalg.solve(gram + ridge, x.T @ y).T  # (W, H)
    head.state.weight.copy_(weight)
    head.state.bias.copy_(y_mean - weight @ x_mean)


class _Joint:
    """The joint training loop with its checkpoints."""

    def __init__(
        self,
        decoder: LocalDecoder,
        model: Any,
        head: ItemHead,
        sets: Sequence[TrainingSet],
        tensors: Sequence[_Tensors],
        options: TuneOptions,
        run: Path,
    ) -> None:
        self.decoder, self.model, self.head = decoder, model, head
        self.sets, self.tensors, self.options, self.run = sets, tensors, options, run
        self.lora = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.named = self.lora + [(f"head.{n}", p) for n, p in head.named_parameters()]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": [p for _, p in self.lora], "lr": options.lora_rate, "weight_decay": 0.0},
                {"params": list(head.parameters()), "lr": options.head_rate, "weight_decay": 0.01},
            ]
        )
        self.step = 0

    def train(self, report: Any) -> None:
        """Run from the current step to the end of the schedule or of the time."""
        options = self.options
        warmup = max(1, min(20, options.steps // 10))
        begun = saved = time.monotonic()
        while self.step < options.steps and time.monotonic() - begun < options.max_seconds:
            progress = self.step / options.steps
            factor = min(1.0, (self.step + 1) / warmup) * (
                0.55 + 0.45 * math.cos(math.pi * progress)
            )
            for group, rate in zip(
                self.optimiser.param_groups, (options.lora_rate, options.head_rate), strict=True
            ):
                group["lr"] = rate * factor
            losses = self._one_step()
            self.step += 1
            with (self.run / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps({"step": self.step, **losses}) + "\n")
            if report is not None:
                report(self.step, options.steps, losses)
            if time.monotonic() - saved > CHECKPOINT_EVERY_S:
                self.save()
                saved = time.monotonic()
        self.save()

    def _one_step(self) -> dict[str, float]:
        rng = random.Random(f"{self.options.seed}:{self.step}")
        losses: dict[str, float] = {}
        self.model.train()
        chosen = self.step % len(self.sets)
        data, encode = self.sets[chosen], self.decoder.encode_text
        if data.histories:
            windows = [window_example(data, rng, encode) for _ in range(self.options.windows)]
            losses["history"] = self._backward(self._ranking_loss(chosen, windows))
        if self.step % 2 == 0:
            rich = self.step // 2 % len(self.sets)
            wishes = [
                wish_example(self.sets[rich], rng, encode) for _ in range(self.options.wishes)
            ]
            losses["wish"] = self._backward(0.5 * self._ranking_loss(rich, wishes))
        if self.step % 2 == 1 or not data.histories:
            rich = self._rich_set()
            sentences = rationale_examples(
                self.sets[rich].catalog, seed=rng.randrange(2**31), n=self.options.sentences
            )
            losses["sentence"] = self._backward(self._sentence_loss(sentences))
        norm = torch.nn.utils.clip_grad_norm_([p for _, p in self.named], 1.0)
        losses["grad_norm"] = float(norm)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return losses

    def _rich_set(self) -> int:
        """The set whose items have the most text to make sentences from."""
        return max(range(len(self.sets)), key=lambda s: _mean_keywords(self.sets[s]))

    @staticmethod
    def _backward(loss: Tensor) -> float:
        loss.backward()  # type: ignore[no-untyped-call]
        return round(float(loss.detach()), 4)

    def _ranking_loss(self, chosen: int, examples: Sequence[RankingExample]) -> Tensor:
        examples = [example for example in examples if example.positions]
        hidden = _hidden(self.model, [example.ids for example in examples])  # (B, T, H)
        states = torch.cat([hidden[row, list(e.positions)] for row, e in enumerate(examples)])
        tensors = self.tensors[chosen]
        logits = self.head.logits(
            states, self.head.item_vectors(tensors.text), tensors.popularity
        )  # (M, N)
        targets = [target for example in examples for target in example.targets]
        weights = torch.tensor([w for e in examples for w in e.weights], device=logits.device)
        log_probabilities = logits.log_softmax(dim=-1)
        losses = torch.stack(
            [-log_probabilities[row, list(target)].mean() for row, target in enumerate(targets)]
        )
        return (losses * weights).sum() / weights.sum()

    def _sentence_loss(self, examples: Iterable[RationaleExample]) -> Tensor:
        rows, firsts = [], []
        end = self.decoder.tokenizer.eos_token_id
        for example in examples:
            prompt = self.decoder.encode_chat(example.prompt)
            rows.append((*prompt, *self.decoder.encode_text(example.completion), end))
            firsts.append(len(prompt))
        hidden = _hidden(self.model, rows)
        states = torch.cat([hidden[r, f - 1 : len(rows[r]) - 1] for r, f in enumerate(firsts)])
        targets = [token for row, first in zip(rows, firsts, strict=True) for token in row[first:]]
        logits = self.model.get_output_embeddings()(states.to(self.model.dtype)).float()  # (M, V)
        return F.cross_entropy(logits, torch.tensor(targets, device=logits.device))

    def save(self) -> None:
        """Write parameters, optimiser state and step; the old checkpoint is replaced whole."""
        tensors = {name: p.detach().contiguous() for name, p in self.named}
        for name, parameter in self.named:
            for key, value in self.optimiser.state[parameter].items():
                tensors[f"optimiser.{key}.{name}"] = torch.as_tensor(value).contiguous()
        partial = self.run / "checkpoint.tmp"
        save_file(tensors, partial, metadata={"step": str(self.step), "options": self._identity()})
        partial.replace(self.run / "checkpoint.safetensors")

    def resume(self) -> bool:
        """Take up the run's checkpoint if there is one of the same options."""
        path = self.run / "checkpoint.safetensors"
        if not path.is_file():
            return False
        with safe_open(path, framework="pt", device=str(self.decoder.device)) as stored:
            metadata = stored.metadata() or {}
            if metadata.get("options") != self._identity():
                return False
            keys = set(stored.keys())
            with torch.no_grad():
                for name, parameter in self.named:
                    parameter.copy_(stored.get_tensor(name))
                    state = {
                        key: stored.get_tensor(f"optimiser.{key}.{name}")
                        for key in ("step", "exp_avg", "exp_avg_sq")
                        if f"optimiser.{key}.{name}" in keys
                    }
                    if state:
                        self.optimiser.state[parameter] = state
            self.step = int(metadata["step"])
        return True

    def _identity(self) -> str:
        return json.dumps({**asdict(self.options), "max_seconds": None}, sort_keys=True)


def _with_lora(model: Any, options: TuneOptions) -> Any:
    from peft import LoraConfig, get_peft_model

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    config = LoraConfig(
        r=options.rank,
        lora_alpha=2 * options.rank,
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    with quiet_peft():
        return get_peft_model(model, config)


def _tensors(data: TrainingSet, device: torch.device) -> _Tensors:
    return _Tensors(
        torch.from_numpy(data.text_vectors).to(device),
        torch.from_numpy(log_popularity(data.counts)).to(device),
    )


def _hidden(model: Any, rows: Sequence[Sequence[int]]) -> Tensor:
    """Last hidden states after the final norm, (B, T, H) float32; rows are padded on the right."""
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows], device=model.device)
    decoder = model.get_base_model().get_decoder()
    hidden: Tensor = decoder(input_ids=ids, use_cache=False).last_hidden_state
    return hidden.float()


def _mean_keywords(data: TrainingSet) -> float:
    return sum(len(item.keywords) for item in data.catalog) / len(data.catalog)
