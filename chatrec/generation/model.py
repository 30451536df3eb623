"""Decoders: what the rest of chatrec asks of a language model, and the local one.

``LocalDecoder`` runs any Hugging Face decoder on this machine; ``remote.py`` speaks to a server.
Knows prompts and texts; knows nothing about items, ranking or rationales.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from chatrec.errors import ModelError, RequestError
from chatrec.prompting import Prompt

if TYPE_CHECKING:
    import torch

    from chatrec.generation.decoding import Constraint
    from chatrec.generation.shared import SharedStats
    from chatrec.settings import Precision

END_OF_TURN = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>", "<|endoftext|>", "</s>")
START_OF_TURN = ("<|im_start|>", "<|start_header_id|>", "<start_of_turn>")
LABEL_ROWS = 8

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the text of prompt number ``index``; the pieces in order make the text."""

    index: int
    text: str


class Decoder(Protocol):
    """A language model that answers chat prompts."""

    name: str

    def label_logprobs(
        self, prompts: Sequence[Prompt], labels: Sequence[str]
    ) -> NDArray[np.float32]:
        """The log-probability of each label as the answer, (n_prompts, n_labels)."""
        ...

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        temperature: float = 0.0,
        seed: int = 0,
        regex: str | None = None,
    ) -> Iterator[Chunk]:
        """The answers to all prompts, in pieces as they come, interleaved.

        ``temperature`` 0 is greedy. With ``regex`` the whole answer matches it, unless
        ``max_new_tokens`` cut it off. No prompts give nothing.
        """
        ...


class LocalDecoder:
    """A Hugging Face decoder on this machine.

    ``hidden_size`` is the width of its hidden states, ``precision`` what its weights were loaded
    in, ``end_id`` the token that ends a turn. It can be shared between threads: what they ask for
    at the same time is worked on together (:mod:`chatrec.generation.shared`).
    """

    def __init__(
        self, model: Any, tokenizer: Any, *, name: str, precision: str, int8_steps: bool = False
    ) -> None:
        """``model`` is a causal language model in evaluation mode with its ``tokenizer``.

        With ``int8_steps`` (on a CPU only) prompts are read with the model's own weights and
        answers decoded with an int8 copy of them, made when the first answer is.
        """
        from chatrec.generation.chat import ChatFormat
        from chatrec.generation.shared import SharedModel, limits_on
        from chatrec.generation.shared_batch import Batch

        text_config = model.config.get_text_config()
        self.model = model
        self.tokenizer = tokenizer
        self.name = name
        self.precision = precision
        self.hidden_size: int = text_config.hidden_size
        self.max_tokens: int = text_config.max_position_embeddings
        self._vocab_size: int = text_config.vocab_size
        self._chat = ChatFormat(tokenizer)
        self._stop_ids = _stop_ids(model, tokenizer)
        self.end_id = _end_id(tokenizer, self._stop_ids)
        self._pad_id = self.end_id
        self._grammar_tokenizer: Any = None
        self._int8_steps = int8_steps
        self._int8_model: Any = None
        self._lock = threading.Lock()
        batch = Batch(model, self.step_model, pad_id=self._pad_id, stop_ids=self._stop_ids)
        self._shared = SharedModel(batch, self._hidden, limits_on(model.device))

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.model.device
        return device

    @property
    def stats(self) -> SharedStats:
        """What was asked of it since it was loaded, and in how many batches and steps."""
        return self._shared.stats

    def forget(self) -> None:
        """Keeps nothing of earlier prompts.

        What a single thread asks from here on gives the same to the last bit, whatever was asked
        before.
        """
        self._shared.forget()

    def encode_text(self, text: str) -> list[int]:
        """The ids of ``text`` with nothing added.

        A control token written in ``text`` stays one: neutralise what users and catalogues wrote.
        """
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def encode_chat(self, prompt: Prompt) -> list[int]:
        """The ids of ``prompt`` in the decoder's chat format, up to where its answer begins.

        No message content yields a control token. Raises RequestError for an empty prompt.
        """
        return self._chat.encode(prompt)

    def last_hidden(self, token_ids: Sequence[Sequence[int]]) -> torch.Tensor:
        """The hidden state of each row's last token after the final norm, (B, H) float32.

        Rows run as one batch, together with those of other threads, padded on the right: a causal
        model never looks there. No rows give (0, H). Raises RequestError for an empty or too long
        row, ModelError where memory does not suffice.
        """
        import torch

        if not token_ids:
            return torch.zeros(0, self.hidden_size, device=self.device)
        self._check_lengths(token_ids, room=0)
        return self._shared.read(token_ids)

    def last_hidden_after(
        self, beginning: Sequence[int], token_ids: Sequence[Sequence[int]]
    ) -> torch.Tensor:
        """As ``last_hidden`` of rows that all begin with ``beginning``, which is read once."""
        rows = [[*beginning, *row] for row in token_ids]
        self._check_lengths(rows, room=0)
        if not (beginning and all(token_ids) and len(rows) > 1):
            return self.last_hidden(rows)
        return self._within_memory(partial(self._hidden_after, beginning, token_ids))

    def _hidden_after(
        self, beginning: Sequence[int], token_ids: Sequence[Sequence[int]]
    ) -> torch.Tensor:
        import torch

        with torch.inference_mode():
            begun = torch.tensor([list(beginning)], device=self.device)
            cache = self.model.get_decoder()(input_ids=begun, use_cache=True).past_key_values
            cache.batch_repeat_interleave(len(token_ids))
            return self._hidden(token_ids, past_key_values=cache)

    def _within_memory(self, job: Callable[[], T]) -> T:
        """The result of ``job``, done alone; ModelError where memory does not suffice."""
        import torch

        from chatrec.generation.shared import OUT_OF_MEMORY

        try:
            return self.alone(job)
        except torch.OutOfMemoryError as error:
            torch.cuda.empty_cache()
            raise ModelError(OUT_OF_MEMORY) from error

    def _hidden(self, token_ids: Sequence[Sequence[int]], **begun: Any) -> torch.Tensor:
        import torch

        width = max(map(len, token_ids))
        ids = [[*row, *[self._pad_id] * (width - len(row))] for row in token_ids]
        ends = torch.tensor([len(row) - 1 for row in token_ids], device=self.device)
        with torch.inference_mode():
            decoder = self.model.get_decoder()
            placed = torch.tensor(ids, device=self.device)
            out = decoder(input_ids=placed, use_cache=bool(begun), **begun)
            hidden: torch.Tensor = out.last_hidden_state  # (B, T, H)
            return hidden[torch.arange(len(ids), device=self.device), ends].float()

    def label_logprobs(
        self, prompts: Sequence[Prompt], labels: Sequence[str]
    ) -> NDArray[np.float32]:
        """The log-probability of each label as the answer, (n_prompts, n_labels).

        Labels of one token each are read off the next-token distribution, all prompts in one
        batch. Otherwise each label's tokens are scored in full on top of the prompt's cache, with
        the end of the turn added where one label begins another. Raises RequestError for labels
        that are empty or the same to the tokenizer, ModelError where memory does not suffice.
        """
        tokens = [tuple(self.encode_text(label)) for label in labels]
        if not all(tokens) or len(set(tokens)) < len(tokens):
            raise RequestError(f"labels {list(labels)!r} are empty or not distinct; change them")
        if not prompts or not labels:
            return np.zeros((len(prompts), len(labels)), dtype=np.float32)
        rows = [self.encode_chat(prompt) for prompt in prompts]
        self._check_lengths(rows, room=max(map(len, tokens)) + 1)
        return self._within_memory(partial(self._label_logprobs, rows, tokens))

    def _label_logprobs(
        self, rows: Sequence[Sequence[int]], tokens: Sequence[tuple[int, ...]]
    ) -> NDArray[np.float32]:
        from chatrec.generation.labels import score_sequences, score_single_tokens

        if all(len(label) == 1 for label in tokens):
            return score_single_tokens(self.model, rows, [t[0] for t in tokens], self._pad_id)
        options = {"pad_id": self._pad_id, "end_id": self.end_id, "batch": LABEL_ROWS}
        return np.stack([score_sequences(self.model, row, tokens, **options) for row in rows])

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        temperature: float = 0.0,
        seed: int = 0,
        regex: str | None = None,
    ) -> Iterator[Chunk]:
        """The answers to all prompts, in pieces as they come, interleaved.

        They run in one batch with those of other threads, on which a text depends by rounding
        alone. A piece never holds half a character. Whoever stops reading closes the iterator,
        which takes the answers out of the batch. Raises RequestError at once for values out of
        range, a bad ``regex`` or a prompt that does not fit the context; ModelError while being
        read where memory does not suffice.
        """
        from chatrec.generation.decoding import Sampling, rows_of

        sampling = Sampling(max_new_tokens, temperature, seed)
        constraint = None if regex is None else self._constraint(regex)
        if not prompts:
            return iter(())
        rows = [self.encode_chat(prompt) for prompt in prompts]
        self._check_lengths(rows, room=max_new_tokens)
        asked = rows_of(rows, sampling, constraint)
        return self._stream(self._shared.answer(asked), len(rows))

    def alone(self, job: Callable[[], T]) -> T:
        """The result of ``job``, done while nothing else that was asked runs; raises as it does."""
        return self._shared.run(job)

    def step_model(self) -> Any:
        """What single tokens are decoded with: the model, or an int8 copy of it.

        The copy is made at the first call; ask for it within :meth:`alone`.
        """
        from chatrec.generation.int8_steps import int8_copy

        if not self._int8_steps:
            return self.model
        if self._int8_model is None:
            self._int8_model = int8_copy(self.model)
        return self._int8_model

    def _stream(self, steps: Iterator[list[tuple[int, int]]], n_rows: int) -> Iterator[Chunk]:
        from chatrec.generation.decoding import TextStream

        streams = [TextStream(self.tokenizer) for _ in range(n_rows)]
        for step in steps:
            for index, token in step:
                if text := streams[index].push(token):
                    yield Chunk(index, text)
        for index, stream in enumerate(streams):
            if text := stream.finish():
                yield Chunk(index, text)

    def _constraint(self, regex: str) -> Constraint:
        from chatrec.generation.decoding import Constraint

        return Constraint(regex, self.grammar_tokenizer())

    def grammar_tokenizer(self) -> Any:
        """The tokenizer as llguidance reads it; ModelError where it can't."""
        from llguidance.hf import from_tokenizer

        with self._lock:
            if self._grammar_tokenizer is None:  # takes about a second, hence once and on demand
                try:
                    self._grammar_tokenizer = from_tokenizer(
                        self.tokenizer, n_vocab=self._vocab_size, eos_token=sorted(self._stop_ids)
                    )
                except ValueError as error:
                    raise ModelError(
                        f"{self.name}: its tokenizer cannot be constrained by a regex: {error}; "
                        f"use a model with a fast tokenizer"
                    ) from error
            return self._grammar_tokenizer

    def _check_lengths(self, rows: Sequence[Sequence[int]], room: int) -> None:
        for row in rows:
            if not row:
                raise RequestError("a prompt has no tokens; give it some text")
            if len(row) + room > self.max_tokens:
                raise RequestError(
                    f"a prompt of {len(row)} tokens with {room} to come exceeds the "
                    f"{self.max_tokens} that {self.name} takes; shorten it"
                )


def _stop_ids(model: Any, tokenizer: Any) -> frozenset[int]:
    """Every token that ends an answer: as configured, and the known ends and starts of a turn.

    An answer in which another turn starts is over, whether or not its end was written.
    """
    configured = model.generation_config.eos_token_id
    listed = configured if isinstance(configured, list) else [configured]
    added = tokenizer.added_tokens_decoder
    ends = [number for number, token in added.items() if str(token) in END_OF_TURN + START_OF_TURN]
    ids = {*listed, tokenizer.eos_token_id, *ends}
    return frozenset(int(token) for token in ids if token is not None)


def _end_id(tokenizer: Any, stop_ids: frozenset[int]) -> int:
    """The token that ends an answer in this decoder's chat format."""
    added = {str(token): number for number, token in tokenizer.added_tokens_decoder.items()}
    known = [added[end] for end in END_OF_TURN if end in added]
    if not known and not stop_ids:
        raise ModelError(
            f"the tokenizer {tokenizer.name_or_path!r} names no end of text; set its eos_token"
        )
    return known[0] if known else min(stop_ids)


def load_decoder(
    model: str | None,
    *,
    adapter: Path | None,
    precision: Precision,
    device: str | torch.device | None = None,
    cache: Path | None = None,
) -> Decoder:
    """The decoder that ``model`` names.

    None is the embedded default, converted on first use into ``cache``; an ``http(s)://`` URL is
    an OpenAI-compatible server (``http://host:8000/v1#model-name``, the key in
    ``CHATREC_API_KEY``); anything else is a Hugging Face name or folder. ``device`` None means
    CUDA where there is any. See ``loading.resolve_precision`` for ``precision``. Raises ModelError
    when it cannot be loaded or reached, or the adapter does not fit.
    """
    if model is not None and model.startswith(("http://", "https://")):
        from chatrec.generation.remote import connect

        if adapter is not None:
            raise ModelError(
                f"adapter {adapter} cannot be applied to the server {model}; load it there, or "
                f"leave --adapter out"
            )
        return connect(model, api_key=os.environ.get("CHATREC_API_KEY"))
    from chatrec.generation.loading import load_local

    return load_local(model, adapter=adapter, precision=precision, device=device, cache=cache)
