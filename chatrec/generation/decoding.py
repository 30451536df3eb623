"""The batched decoding loop: prompt ids in, new token ids out, one step at a time.

Knows tensors, the key-value cache and the regular-expression constraint; knows nothing about
chats or texts, except how ids become text without ever showing half a character.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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


class Decoding:
    """One running batch; ``steps`` may be read once.

    A row that ends leaves the batch, so that the others step faster.
    """

    def __init__(
        self,
        model: Any,
        rows: Sequence[Sequence[int]],
        sampling: Sampling,
        *,
        pad_id: int,
        stop_ids: frozenset[int],
        step_model: Any = None,
        constraint: Constraint | None = None,
    ) -> None:
        """``rows`` are the prompts' token ids, none empty; ``stop_ids`` end a row.

        ``step_model`` (None: ``model``) takes the steps after the prompts on the same cache.
        """
        self._model = model
        self._step_model = model if step_model is None else step_model
        self._rows = rows
        self._sampling = sampling
        self._pad_id = pad_id
        self._stop_ids = stop_ids
        self._constraint = constraint
        self._matchers = constraint.matchers(len(rows)) if constraint is not None else []
        self._generators = [
            torch.Generator(model.device).manual_seed(sampling.seed * 1_000_003 + index)
            for index in range(len(rows))
        ]

    def steps(self) -> Iterator[list[tuple[int, int]]]:
        """For each step, the (row index, token id) pairs of the rows that go on."""
        logits, cache, mask = prefill(self._model, self._rows, self._pad_id)
        positions = mask.sum(1, keepdim=True)  # (B, 1), the next position of each row
        alive = list(range(len(self._rows)))
        for step in range(self._sampling.max_new_tokens):
            chosen = self._choose(logits, alive)
            keep = [n for n, token in enumerate(chosen) if token not in self._stop_ids]
            if keep:
                yield [(alive[n], chosen[n]) for n in keep]
            keep = [n for n in keep if not self._is_complete(alive[n])]
            if not keep or step + 1 == self._sampling.max_new_tokens:
                return
            if len(keep) < len(alive):
                index = torch.tensor(keep, device=mask.device)
                cache.batch_select_indices(index)
                mask, positions = mask[index], positions[index]
                alive, chosen = [alive[n] for n in keep], [chosen[n] for n in keep]
            mask = torch.cat([mask, mask.new_ones(len(alive), 1)], dim=1)
            logits = self._step(chosen, cache, mask, positions)
            positions = positions + 1

    @torch.inference_mode()
    def _step(
        self, chosen: list[int], cache: Any, mask: torch.Tensor, positions: torch.Tensor
    ) -> torch.Tensor:
        out = self._step_model(
            input_ids=torch.tensor(chosen, device=mask.device).unsqueeze(1),
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        )
        logits: torch.Tensor = out.logits[:, -1].float()  # (B, V)
        return logits

    @torch.inference_mode()
    def _choose(self, logits: torch.Tensor, alive: list[int]) -> list[int]:
        if self._constraint is not None:
            allowed = self._constraint.allowed([self._matchers[row] for row in alive])
            blocked = ~allowed.to(logits.device)
            logits = logits.masked_fill(blocked, -torch.inf)
        chosen = self._draw(logits, alive)
        if self._constraint is not None:
            for row, token in zip(alive, chosen, strict=True):
                if not self._matchers[row].consume_token(token):
                    raise ModelError(
                        f"the regex constraint failed: {self._matchers[row].get_error()}; "
                        f"simplify the regex"
                    )
        return chosen

    def _draw(self, logits: torch.Tensor, alive: list[int]) -> list[int]:
        if self._sampling.temperature == 0.0:
            greedy: list[int] = logits.argmax(-1).tolist()
            return greedy
        scores = torch.log_softmax(logits / self._sampling.temperature, dim=-1)
        floor = scores.amax(-1, keepdim=True) + math.log(MIN_P)
        weights = scores.masked_fill(scores < floor, -torch.inf).exp()  # (B, V)
        # The winner of a race with exponential arrival times is a draw by weight (that is how
        # torch.multinomial draws one); all rows at once cost one wait for the device, not B.
        arrivals = torch.empty_like(weights)
        for row, row_arrivals in zip(alive, arrivals, strict=True):
            row_arrivals.exponential_(generator=self._generators[row])
        drawn: list[int] = (weights / arrivals).argmax(-1).tolist()
        return drawn

    def _is_complete(self, row: int) -> bool:
        return bool(self._matchers) and self._matchers[row].is_stopped()


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
