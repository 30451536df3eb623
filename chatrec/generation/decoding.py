"""The batched decoding loop: prompt ids in, new token ids out, one step at a time.

Knows tensors, the key-value cache and the regular-expression constraint; knows nothing about
chats or texts, except how ids become text without ever showing half a character.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from chatrec.errors import ModelError, RequestError

MIN_P = 0.05
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen. ``temperature`` 0 takes the likeliest.

    Above 0 it draws, but never a token less than ``MIN_P`` times as likely as the likeliest
    (min-p sampling, Nguyen et al. 2024, arXiv 2407.01082). Each row has its own random numbers
    from ``seed`` and its index, so a row's text does not depend on how many rows run beside it.
    """

    max_new_tokens: int
    temperature: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.max_new_tokens < 1:
            raise RequestError(f"max_new_tokens is {self.max_new_tokens}; give 1 or more")
        if not 0.0 <= self.temperature <= 5.0:
            raise RequestError(f"temperature is {self.temperature}; give 0 (greedy) to 5")


class Constraint:
    """A compiled regular expression over one vocabulary, from which each row starts."""

    def __init__(self, regex: str, tokenizer: Any) -> None:
        """``tokenizer`` is an llguidance LLTokenizer. Raises RequestError for a bad ``regex``."""
        from llguidance import LLMatcher

        self._vocab_size: int = tokenizer.vocab_size
        self._start = LLMatcher(tokenizer, LLMatcher.grammar_from_regex(regex), log_level=0)
        if self._start.is_error():
            reason = self._start.get_error().splitlines()[0]
            raise RequestError(f"regex {regex!r} cannot be used: {reason}; simplify it")

    def matchers(self, n_rows: int) -> list[Any]:
        """One fresh matcher for each of ``n_rows`` rows."""
        return [self._start.deep_copy() for _ in range(n_rows)]

    def allowed(self, matchers: Sequence[Any]) -> torch.Tensor:
        """Which token each row may take next, (B, vocabulary), bool."""
        bits = np.zeros((len(matchers), math.ceil(self._vocab_size / 32)), dtype=np.int32)
        for row, matcher in zip(bits, matchers, strict=True):
            matcher.unsafe_compute_mask_ptr(row.ctypes.data, row.nbytes)
        flags = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")
        return torch.from_numpy(flags[:, : self._vocab_size].astype(bool))


def left_padded(
    rows: Sequence[Sequence[int]], pad_id: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, both (B, longest), of rows that all end in the last column."""
    width = max(map(len, rows))
    ids = [[pad_id] * (width - len(row)) + list(row) for row in rows]
    mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


@torch.inference_mode()
def prefill(
    model: Any, rows: Sequence[Sequence[int]], pad_id: int
) -> tuple[torch.Tensor, Any, torch.Tensor]:
    """Next-token logits (B, V) float32, the key-value cache and the mask (B, T) of ``rows``."""
    from transformers import DynamicCache

    ids, mask = left_padded(rows, pad_id, model.device)
    out = model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=(mask.cumsum(1) - 1).clamp(min=0),
        past_key_values=DynamicCache(config=model.config),
        use_cache=True,
        logits_to_keep=1,
    )
    return out.logits[:, -1].float(), out.past_key_values, mask


@dataclass(eq=False, slots=True)
class Row:
    """One answer under way: its tokens so far and how the next one is chosen.

    ``ids`` are the prompt's tokens and then the answer's, ``n_new`` how many of them the answer
    has. Everything that makes it go on is here, so a row can leave a batch and join another.
    ``failure`` says why an answer ended early.
    """

    index: int
    ids: list[int]
    sampling: Sampling
    generator: torch.Generator
    constraint: Constraint | None = None
    matcher: Any = None
    n_new: int = 0
    ended: bool = False
    failure: ModelError | None = None

    def take(self, token: int, stop_ids: frozenset[int]) -> bool:
        """Adds a token to the answer, or ends it with one of ``stop_ids``; whether it was added."""
        if token in stop_ids:
            self.ended = True
        elif self.constraint is not None and not self.matcher.consume_token(token):
            reason = self.matcher.get_error()
            self.fail(f"the regex constraint failed: {reason}; simplify the regex")
        else:
            self.ids.append(token)
            self.n_new += 1
            complete = self.constraint is not None and self.matcher.is_stopped()
            self.ended = complete or self.n_new == self.sampling.max_new_tokens
            return True
        return False

    def fail(self, reason: str) -> None:
        """Ends the answer; whoever reads it gets a ModelError."""
        self.ended, self.failure = True, ModelError(reason)


def rows_of(
    prompts: Sequence[Sequence[int]], sampling: Sampling, constraint: Constraint | None = None
) -> list[Row]:
    """A row for the token ids of each prompt."""
    matchers = [None] * len(prompts) if constraint is None else constraint.matchers(len(prompts))
    generators = [
        torch.Generator().manual_seed(sampling.seed * 1_000_003 + index)
        for index in range(len(prompts))
    ]
    return [
        Row(index, list(ids), sampling, generator, constraint, matcher)
        for index, (ids, generator, matcher) in enumerate(
            zip(prompts, generators, matchers, strict=True)
        )
    ]


@torch.inference_mode()
def choose(logits: torch.Tensor, rows: Sequence[Row]) -> list[int]:
    """The next token of each row, by its own sampling and constraint, from logits (B, V)."""
    for row, scores in zip(rows, logits, strict=True):
        if row.constraint is not None:
            allowed = row.constraint.allowed([row.matcher])[0]
            scores.masked_fill_(~allowed.to(scores.device), -torch.inf)
    drawn = [n for n, row in enumerate(rows) if row.sampling.temperature > 0.0]
    greedy = [n for n, row in enumerate(rows) if row.sampling.temperature == 0.0]
    tokens = dict(zip(greedy, logits[greedy].argmax(-1).tolist(), strict=True))
    tokens |= zip(drawn, _draw(logits[drawn], [rows[n] for n in drawn]), strict=True)
    return [tokens[n] for n in range(len(rows))]


def _draw(logits: torch.Tensor, rows: Sequence[Row]) -> list[int]:
    """A draw by weight among the tokens that are likely enough, of which there are few.

    One random number of the row's own decides, so that nothing is drawn for the whole vocabulary.
    """
    temperature = torch.tensor([row.sampling.temperature for row in rows], device=logits.device)
    best = logits.amax(-1)  # (B,)
    floor = best + math.log(MIN_P) * temperature
    at, tokens = (logits >= floor[:, None]).nonzero(as_tuple=True)  # row by row
    weights = ((logits[at, tokens] - best[at]) / temperature[at]).exp()
    likely, heavy = tokens.cpu().numpy(), weights.double().cpu().numpy()
    bounds = np.searchsorted(at.cpu().numpy(), range(len(rows) + 1))
    drawn = []
    for row, (first, last) in zip(rows, itertools.pairwise(bounds), strict=True):
        sums = heavy[first:last].cumsum()
        chance = torch.rand((), generator=row.generator, dtype=torch.float64).item()
        place = int(np.searchsorted(sums, chance * sums[-1], side="right"))
        drawn.append(int(likely[first + min(place, len(sums) - 1)]))
    return drawn


class TextStream:
    """Turns one row's token ids into text pieces as soon as they can no longer change.

    Decoding a short tail twice, with and without the new tokens, keeps the spaces that some
    tokenizers drop at the start of a text. An unfinished UTF-8 character is held back, and
    dropped if the row ends on it.
    """

    def __init__(self, tokenizer: Any) -> None:
        """``tokenizer`` is a Hugging Face tokenizer."""
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._tail = 0  # where the re-decoded tail begins
        self._told = 0  # tokens whose text has been given

    def push(self, token: int) -> str:
        """The text that became certain with ``token``; "" where none did."""
        self._ids.append(token)
        before = self._text(self._ids[self._tail : self._told])
        after = self._text(self._ids[self._tail :])
        if after.endswith(_REPLACEMENT) or len(after) <= len(before):
            return ""
        self._tail, self._told = self._told, len(self._ids)
        return after[len(before) :]

    def finish(self) -> str:
        """What was held back, less an unfinished character at its end."""
        before = self._text(self._ids[self._tail : self._told])
        after = self._text(self._ids[self._tail :]).rstrip(_REPLACEMENT)
        return after[len(before) :]

    def _text(self, ids: list[int]) -> str:
        return str(
            self._tokenizer.decode(
                ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        )
