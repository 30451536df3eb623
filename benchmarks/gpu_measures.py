"""What ``gpu.py`` measures of a loaded decoder: reading, decoding and ranking.

Each beside ``generate`` of transformers doing the same job with the same model. Every figure is a
median after a warm-up, taken when the device has finished.
"""

from __future__ import annotations

import copy
import importlib.util
import itertools
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from gpu_decoders import SEED, wait
from transformers.generation.streamers import BaseStreamer

from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.decoding import Sampling, rows_of
from chatrec.generation.item_head import ItemHead, load_head
from chatrec.generation.model import LocalDecoder
from chatrec.generation.shared_batch import Batch
from chatrec.prompting import Message

TEXT_DIM = 384  # all-MiniLM-L6-v2
ANSWER = "(yes|no|perhaps)"
WARM_UP_TOKENS = 3

Times = Callable[[LocalDecoder, list[list[int]], int], list[float]]


@dataclass(frozen=True)
class Sizes:
    """How much is measured. Lengths are in tokens.

    ``text_ranking`` is what a ranking written as text takes: 20 titles of eight tokens.
    Of the ``window`` tokens of a training row every ``line`` ends with an item to be predicted;
    of a row with a sentence the last ``answer`` are learnt. A training step reads ``rows`` of
    both kinds.
    """

    prompt: int = 512
    new: int = 16
    batches: tuple[int, ...] = (1, 8, 32)
    decoded: int = 2
    rank_batches: tuple[int, ...] = (1, 32)
    items: int = 100_000
    text_ranking: int = 160
    window: int = 384
    line: int = 8
    answer: int = 64
    rows: int = 32
    items_trained: int = 10_000
    steps: int = 4
    warm_up: int = 2
    runs: int = 7


SMOKE = Sizes(16, 3, (1, 2), 1, (1, 2), 50, 4, 16, 4, 4, 2, 20, 1, 1, 2)


def decoding(decoder: LocalDecoder, sizes: Sizes) -> dict[str, Any]:
    """Greedy answers of a fixed length: chatrec's own loop beside ``generate``, by batch."""
    return {"decoding": [_decoded(decoder, batch, sizes) for batch in sizes.batches]}


def _decoded(decoder: LocalDecoder, batch: int, sizes: Sizes) -> dict[str, Any]:
    rows = random_rows(decoder, batch, sizes.prompt)
    found: dict[str, Any] = {"rows": batch}
    loops: dict[str, Times] = {"chatrec": own_times, "transformers": plain_times}
    for name, times in loops.items():
        times(decoder, rows, WARM_UP_TOKENS)
        with peak_memory(decoder.device) as peak:
            runs = [times(decoder, rows, sizes.new) for _ in range(sizes.decoded)]
        first = statistics.median(run[0] for run in runs)
        step = statistics.median(ms for run in runs for ms in run[1:])
        found[name] = {
            "ms_to_first_token": round(first, 2),
            "prompt_tokens_per_s": round(batch * sizes.prompt / first * 1000),
            "ms_per_step": round(step, 2),
            "tokens_per_s": round(batch / step * 1000, 1),
            **peak,
        }
    own, plain = found["chatrec"], found["transformers"]
    found["times_as_many_tokens"] = round(own["tokens_per_s"] / plain["tokens_per_s"], 3)
    return found


def own_times(decoder: LocalDecoder, rows: list[list[int]], new: int) -> list[float]:
    """How long each of ``new`` tokens took chatrec's loop, in ms, the first with the prompt.

    Nothing ends a row, so that every run makes the same number of tokens.
    """
    running = Batch(decoder.model, lambda: decoder.model, pad_id=0, stop_ids=frozenset())
    at = [time.perf_counter()]
    running.join(rows_of(rows, Sampling(new)))
    at.append(time.perf_counter())
    while running.rows:
        running.step()  # its tokens are on the CPU then
        at.append(time.perf_counter())
    return _steps(at, new)


def plain_times(decoder: LocalDecoder, rows: list[list[int]], new: int) -> list[float]:
    """As ``own_times``, of ``generate``."""
    model = decoder.model
    if hasattr(model, "get_base_model"):  # an adapter beside quantised weights
        model = model.get_base_model()
    model.generation_config.eos_token_id = None
    ids = torch.tensor(rows, device=decoder.device)
    tokens = _Arrivals()
    begun = time.perf_counter()
    model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=new,
        pad_token_id=0,
        streamer=tokens,
    )
    return _steps([begun, *tokens.at[1:]], new)


class _Arrivals(BaseStreamer):  # type: ignore[misc]  # transformers is not followed by mypy
    """When ``generate`` handed over the prompt and each token, which waits for the device."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def put(self, value: torch.Tensor) -> None:
        self.at.append(time.perf_counter())

    def end(self) -> None:
        """Nothing is kept back."""


def _steps(at: list[float], new: int) -> list[float]:
    assert len(at) == new + 1, f"{len(at) - 1} tokens came instead of {new}"
    return [(end - begin) * 1000 for begin, end in itertools.pairwise(at)]


def ranking(decoder: LocalDecoder, adapter: Path | None, sizes: Sizes) -> dict[str, Any]:
    """One pass that scores all items, beside ``generate`` writing 20 titles after that prompt."""
    rank = ranker(decoder, adapter, sizes.items)
    found = []
    for batch in sizes.rank_batches:
        rows = random_rows(decoder, batch, sizes.prompt)
        one_pass = timed(partial(rank, rows), decoder.device, sizes)
        one_pass["rankings_per_s"] = round(batch / one_pass["ms"] * 1000, 2)
        plain_times(decoder, rows, WARM_UP_TOKENS)
        with peak_memory(decoder.device) as peak:
            ms = sum(plain_times(decoder, rows, sizes.text_ranking))
        text = {"ms": round(ms, 1), "rankings_per_s": round(batch / ms * 1000, 3), **peak}
        ratio = round(one_pass["rankings_per_s"] / text["rankings_per_s"], 1)
        found.append(
            {
                "prompts": batch,
                "chatrec": one_pass,
                "transformers": text,
                "times_as_many_rankings": ratio,
            }
        )
    return {"ranking": found}


def ranker(
    decoder: LocalDecoder, adapter: Path | None, n_items: int
) -> Callable[[list[list[int]]], torch.Tensor]:
    """What gives the log-probabilities of all items after each prompt, (B, N), on the CPU."""
    device = decoder.device
    head = (
        ItemHead(decoder.hidden_size, TEXT_DIM).to(device).eval()
        if adapter is None
        else load_head(adapter / ITEM_HEAD, device)[0]
    )
    with torch.inference_mode():
        items = head.item_vectors(random_texts(n_items, device))
    popularity = torch.zeros(n_items, device=device)

    @torch.inference_mode()
    def rank(rows: list[list[int]]) -> torch.Tensor:
        hidden = decoder.last_hidden(rows)
        return head.logits(hidden, items, popularity).log_softmax(dim=-1).cpu()

    return rank


def soundness(
    decoder: LocalDecoder, reference: torch.Tensor | None, sizes: Sizes
) -> dict[str, Any]:
    """Whether a regex is kept, and how far hidden states are from those in float32.

    ``reference`` are hidden states in float32 of the same weights; None has them computed with a
    copy of these. They come back as "reference", which is no figure.
    """
    rows = random_rows(decoder, 4, sizes.window)
    if reference is None:
        precise = copy.deepcopy(decoder.model).float()
        reference = LocalDecoder(
            precise, decoder.tokenizer, name=decoder.name, precision="float32"
        ).last_hidden(rows)
    cosine = torch.nn.functional.cosine_similarity(decoder.last_hidden(rows), reference)
    return {
        "regex_kept": keeps_regex(decoder),
        "lowest_cosine_to_float32": round(float(cosine.min()), 5),
        "reference": reference,
    }


def keeps_regex(decoder: LocalDecoder) -> bool | str:
    """Whether three answers under a regex match it."""
    if importlib.util.find_spec("llguidance") is None:
        return "not measured: llguidance is not installed"
    prompts = [(Message("user", f"Is {number} even?"),) for number in range(3)]
    answers = [""] * len(prompts)
    for chunk in decoder.generate(prompts, max_new_tokens=16, regex=ANSWER):
        answers[chunk.index] += chunk.text
    return all(re.fullmatch(ANSWER, answer) for answer in answers)


def timed(act: Callable[[], object], device: torch.device, sizes: Sizes) -> dict[str, float]:
    """The median time of ``act``, its fastest and slowest (ms), and its peak memory (MiB)."""
    for _ in range(sizes.warm_up):
        act()
    times = []
    with peak_memory(device) as peak:
        for _ in range(sizes.runs):
            wait(device)
            begun = time.perf_counter()
            act()
            wait(device)
            times.append((time.perf_counter() - begun) * 1000)
    return {
        "ms": round(statistics.median(times), 2),
        "ms_fastest": round(min(times), 2),
        "ms_slowest": round(max(times), 2),
        **peak,
    }


@contextmanager
def peak_memory(device: torch.device) -> Iterator[dict[str, float]]:
    """Fills in ``peak_mib``, the most memory allocated on a GPU meanwhile; nothing on a CPU."""
    found: dict[str, float] = {}
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    yield found
    if device.type == "cuda":
        found["peak_mib"] = round(torch.cuda.max_memory_allocated(device) / 2**20, 1)


def random_rows(decoder: LocalDecoder, n_rows: int, length: int) -> list[list[int]]:
    """So many rows of random token ids."""
    generator = torch.Generator().manual_seed(SEED + n_rows)
    size = len(decoder.tokenizer)
    rows: list[list[int]] = torch.randint(1, size, (n_rows, length), generator=generator).tolist()
    return rows


def random_texts(n_items: int, device: torch.device) -> torch.Tensor:
    """Unit vectors (N, TEXT_DIM) in place of the items' text embeddings."""
    drawn = torch.randn(n_items, TEXT_DIM, generator=torch.Generator().manual_seed(SEED))
    return torch.nn.functional.normalize(drawn, dim=-1).to(device)
