"""How fast a decoder is tuned on this machine: LoRA in bf16, QLoRA in NF4.

A step as ``chatrec tune`` takes it (:mod:`chatrec.training.lora`): windows of histories with a
softmax over the items at the lines' ends, then sentences with the language head at the answer's
positions. Beside it, what a plain trainer does with the same rows: the language model's own loss
at every position. Both train the same LoRA on all linear maps.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from gpu_decoders import wait
from gpu_measures import TEXT_DIM, Sizes, peak_memory, random_rows, random_texts
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.item_head import ItemHead
from chatrec.generation.model import LocalDecoder
from chatrec.training.batches import TuneOptions
from chatrec.training.lora_kinds import with_lora
from chatrec.training.tensors import hidden_states

Losses = list[Callable[[], Tensor]]


def training(decoder: LocalDecoder, sizes: Sizes) -> dict[str, Any]:
    """Tokens per second of both kinds of training. The decoder's model can't be used after it."""
    options = TuneOptions()
    model, _ = with_lora(decoder.model, options.lora, options.rank, options.lora_dropout)
    model.train()
    head = ItemHead(decoder.hidden_size, TEXT_DIM).to(decoder.device)
    windows = random_rows(decoder, sizes.rows, sizes.window)
    sentences = random_rows(decoder, sizes.rows + 1, sizes.window)[: sizes.rows]
    text = random_texts(sizes.items_trained, decoder.device)
    kinds: dict[str, Losses] = {
        "chatrec": [
            lambda: item_loss(model, head, text, windows, sizes.line),
            lambda: answer_loss(model, sentences, sizes.answer),
        ],
        "transformers": [lambda: plain_loss(model, windows), lambda: plain_loss(model, sentences)],
    }
    lora = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": lora, "lr": options.lora_rate, "weight_decay": 0.0},
            {"params": list(head.parameters()), "lr": options.head_rate, "weight_decay": 0.01},
        ]
    )
    found: dict[str, Any] = {
        "rank": options.rank,
        "trained": sum(parameter.numel() for parameter in lora),
        "passes_a_step": 2,
        "rows_a_pass": sizes.rows,
        "tokens_a_row": sizes.window,
    }
    saving = False
    for name, losses in kinds.items():
        found[name], saving = rate(model, optimiser, losses, sizes, saving)
    own, plain = found["chatrec"], found["transformers"]
    found["times_as_many_tokens"] = round(own["tokens_per_s"] / plain["tokens_per_s"], 3)
    return {"training": found}


def rate(
    model: Any, optimiser: torch.optim.Optimizer, losses: Losses, sizes: Sizes, saving: bool
) -> tuple[dict[str, Any], bool]:
    """Tokens per second, median step and peak memory; whether memory is saved from here on.

    ``saving`` says whether it is already, by gradient checkpointing: that is turned on for good
    the first time that memory doesn't suffice without.
    """
    if not saving:
        try:
            return _rate(model, optimiser, losses, sizes), False
        except torch.OutOfMemoryError:
            optimiser.zero_grad()
        torch.cuda.empty_cache()  # here, where nothing of the failed step is held any more
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    return _rate(model, optimiser, losses, sizes) | {"gradient_checkpointing": True}, True


def _rate(
    model: Any, optimiser: torch.optim.Optimizer, losses: Losses, sizes: Sizes
) -> dict[str, Any]:
    device = model.device
    take_step(model, optimiser, losses)
    times = []
    with peak_memory(device) as peak:
        for _ in range(sizes.steps):
            wait(device)
            begun = time.perf_counter()
            take_step(model, optimiser, losses)
            wait(device)
            times.append(time.perf_counter() - begun)
    step = statistics.median(times)
    return {
        "tokens_per_s": round(len(losses) * sizes.rows * sizes.window / step),
        "ms_per_step": round(step * 1000, 1),
        "gradient_checkpointing": False,
        **peak,
    }


def take_step(model: Any, optimiser: torch.optim.Optimizer, losses: Losses) -> None:
    """One step on the sum of the losses, each in a pass of its own."""
    for loss in losses:
        with _half_precision(model.device):
            value = loss()
        value.backward()  # type: ignore[no-untyped-call]
    trained = [p for group in optimiser.param_groups for p in group["params"]]
    torch.nn.utils.clip_grad_norm_([p for p in trained if p.grad is not None], 1.0)
    optimiser.step()
    optimiser.zero_grad()


def item_loss(model: Any, head: ItemHead, text: Tensor, rows: list[list[int]], line: int) -> Tensor:
    """Cross-entropy over all items at the end of every line of ``line`` tokens."""
    states = hidden_states(model, rows)[:, line - 1 :: line].flatten(0, 1)  # (M, H)
    popularity = text.new_zeros(len(text))
    logits = head.logits(states, head.item_vectors(text), popularity).float()  # (M, N)
    targets = torch.arange(len(states), device=states.device) % len(text)
    return F.cross_entropy(logits, targets)


def answer_loss(model: Any, rows: list[list[int]], answer: int) -> Tensor:
    """Cross-entropy over the vocabulary at the last ``answer`` tokens of each row."""
    states = hidden_states(model, rows)[:, -answer - 1 : -1].flatten(0, 1)  # (M, H)
    logits = model.get_output_embeddings()(states.to(model.dtype)).float()  # (M, V)
    targets = torch.tensor(rows, device=states.device)[:, -answer:].flatten()
    return F.cross_entropy(logits, targets)


def plain_loss(model: Any, rows: list[list[int]]) -> Tensor:
    """The language model's own loss, at every position."""
    ids = torch.tensor(rows, device=model.device)
    loss: Tensor = model(input_ids=ids, labels=ids, use_cache=False).loss
    return loss


def _half_precision(device: torch.device) -> AbstractContextManager[Any]:
    return torch.autocast("cuda", torch.bfloat16) if device.type == "cuda" else nullcontext()
