"""Short lines that a decoder writes under a grammar, tuned for them by an adapter of its own.

Greedy decoding; tokens that the grammar forces are read in one pass with the token before them, so
only choices cost a step. The adapter lies over the decoder's weights
(:mod:`chatrec.generation.overlay`), as they were when it was trained: with the adapter that the
decoder had then. Knows nothing about what the lines mean.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chatrec.errors import ModelError
from chatrec.generation.model import LocalDecoder
from chatrec.generation.overlay import overlaid
from chatrec.generation.shared import OUT_OF_MEMORY

REMEMBERED = 64  # prompts whose lines are kept
MOST_TOKENS = 96  # of a line: a grammar that could go on for ever is a mistake


@dataclass(frozen=True, slots=True)
class Written:
    """A line, the probability of its least probable choice and of all of them together.

    ``chosen`` and ``forced`` count its tokens.
    """

    line: str
    least: float
    together: float
    chosen: int
    forced: int


class LineWriter:
    """Writes lines with a decoder that other threads may use at the same time.

    As in chats, prompts are read with the weights themselves and, where the decoder takes its
    steps with an int8 copy of them, so are the lines' steps.
    """

    def __init__(self, decoder: LocalDecoder, adapter: Path) -> None:
        """``adapter`` must have been checked. Raises ModelError where it doesn't fit."""
        self._decoder = decoder
        self._reading = overlaid(decoder.model, adapter)
        self._steps: Any = None
        self._adapter = adapter
        self._known: OrderedDict[tuple[str, str], Written] = OrderedDict()
        self._lock = threading.Lock()

    def write(self, prompt: str, grammar: str) -> Written:
        """What follows ``prompt`` under ``grammar`` (llguidance's kind of Lark).

        A prompt that came lately is answered from memory. Raises ModelError where the grammar
        can't be followed, or memory does not suffice.
        """
        with self._lock:
            known = self._known.get((prompt, grammar))
        if known is None:
            try:
                known = self._decoder.alone(lambda: self._written(prompt, grammar))
            except torch.OutOfMemoryError as error:
                raise ModelError(OUT_OF_MEMORY) from error
        with self._lock:
            self._known[prompt, grammar] = known
            self._known.move_to_end((prompt, grammar))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    @torch.inference_mode()
    def _written(self, prompt: str, grammar: str) -> Written:
        from llguidance import LLMatcher

        if self._steps is None:
            self._steps = overlaid(self._decoder.step_model(), self._adapter)
        tokenizer = self._decoder.grammar_tokenizer()
        matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_lark(grammar), log_level=0)
        if matcher.is_error():
            raise ModelError(f"a line could not be written: {matcher.get_error()}")
        new, line, cache = self._decoder.encode_text(prompt), list[int](), None
        device = self._decoder.device
        logprobs = []
        while not matcher.is_stopped() and len(line) < MOST_TOKENS:
            model = self._reading if cache is None else self._steps
            out = model(
                input_ids=torch.tensor([new], device=device),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
            cache = out.past_key_values
            bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
            allowed = torch.from_numpy(np.unpackbits(bits, bitorder="little") == 0).to(device)
            scores = out.logits[0, -1].float()
            scores = scores.masked_fill(allowed[: len(scores)], -torch.inf).log_softmax(-1)
            token = int(scores.argmax())
            if not matcher.consume_token(token):
                raise ModelError(f"a line could not be written: {matcher.get_error()}")
            logprobs.append(float(scores[token]))
            forced = [] if matcher.is_stopped() else matcher.compute_ff_tokens()
            matcher.consume_tokens(forced)
            new = [token, *forced]
            line += new
        text = self._decoder.tokenizer.decode(line)
        least, together = np.exp([min(logprobs), sum(logprobs)])
        chosen = len(logprobs)
        return Written(text, float(least), float(together), chosen, len(line) - chosen)
