"""A decoder behind an OpenAI-compatible server (vLLM, SGLang, Ollama, llama.cpp ...).

Knows the protocol: ``/chat/completions``, streamed for texts and with ``top_logprobs`` for
labels. It shows no hidden states, so there is no item head here.
"""

from __future__ import annotations

import json
import math
import queue
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from chatrec.errors import ModelError, NoLogprobsError, RequestError
from chatrec.generation.model import Chunk
from chatrec.prompting import Message, Prompt, neutralise

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 120.0
TOP_LOGPROBS = 20
MAX_PARALLEL = 8
_SMALLEST_MASS = 1e-9
Pattern = re.Pattern[str]


def connect(url: str, *, api_key: str | None = None) -> RemoteDecoder:
    """The decoder at ``url``, such as ``http://host:8000/v1#model-name``.

    Without ``#model-name`` the server must serve exactly one model. Raises ModelError when the
    server cannot be reached or the model is not clear.
    """
    base, _, name = url.partition("#")
    client = open_client(base, api_key=api_key)
    try:
        return RemoteDecoder(client, name or _only_model(client))
    except ModelError:
        client.close()
        raise


def open_client(
    base_url: str, *, api_key: str | None = None, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """An HTTP client for the server at ``base_url`` (``/v1`` is added where it is missing)."""
    base = base_url.rstrip("/")
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        return httpx.Client(
            base_url=base if re.search(r"/v\d+$", base) else f"{base}/v1",
            headers=headers,
            timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            transport=transport,
        )
    except httpx.InvalidURL as error:
        raise ModelError(
            f"{base_url!r} is not a URL: {error}; give one like http://host:8000/v1#model-name"
        ) from error


class RemoteDecoder:
    """A decoder that answers over HTTP; see ``chatrec.generation.model.Decoder``."""

    def __init__(self, client: httpx.Client, name: str) -> None:
        """``client`` as from ``open_client``; ``name`` is the model's name on the server."""
        self._client = client
        self.name = name

    def close(self) -> None:
        """Close the connections to the server."""
        self._client.close()

    def served(self) -> list[str]:
        """The names of the models that the server lists; ModelError where it can't be reached."""
        return _served_models(self._client)

    def label_logprobs(
        self, prompts: Sequence[Prompt], labels: Sequence[str]
    ) -> NDArray[np.float32]:
        """The log-probability that the answer begins with each label, (n_prompts, n_labels).

        Read off the server's 20 likeliest first tokens, ignoring spaces: a label counts the
        tokens that spell it, or else those that only it begins with. A label that is not among
        them gets the largest log-probability it can still have. Raises ModelError when the server
        can't be reached or gives no log-probabilities.
        """
        names = [label.strip() for label in labels]
        if not all(names) or len(set(names)) < len(names):
            raise RequestError(f"labels {list(labels)!r} are empty or not distinct; change them")
        if not prompts or not labels:
            return np.zeros((len(prompts), len(labels)), dtype=np.float32)
        with ThreadPoolExecutor(min(MAX_PARALLEL, len(prompts))) as pool:
            tops = list(pool.map(self._top_logprobs, prompts))
        return np.array([_score_labels(top, names) for top in tops], dtype=np.float32)

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        temperature: float = 0.0,
        seed: int = 0,
        regex: str | None = None,
    ) -> Iterator[Chunk]:
        """The answers to all prompts, streamed, up to eight requests at a time.

        ``regex`` is passed on in the words of vLLM and SGLang and the finished answer is checked
        against it, since other servers ignore it. Raises ModelError when the server can't be
        reached, refuses, breaks off or ignores ``regex``.
        """
        if max_new_tokens < 1:
            raise RequestError(f"max_new_tokens is {max_new_tokens}; give 1 or more")
        options: dict[str, Any] = {
            "max_tokens": max_new_tokens,
            "temperature": temperature,
            "seed": seed,
            "stream": True,
        }
        pattern = None
        if regex is not None:
            options |= {"structured_outputs": {"regex": regex}, "regex": regex}
            pattern = _compiled(regex)
        bodies = [
            {"model": self.name, "messages": _messages(prompt), **options} for prompt in prompts
        ]
        return self._stream_all(bodies, pattern)

    def _stream_all(self, bodies: Sequence[object], pattern: Pattern | None) -> Iterator[Chunk]:
        arrived: queue.SimpleQueue[Chunk | ModelError | None] = queue.SimpleQueue()
        stopped = threading.Event()

        def read(index: int) -> None:
            try:
                for text in self._stream_one(bodies[index], pattern, stopped):
                    arrived.put(Chunk(index, text))
            except ModelError as error:
                arrived.put(error)
            finally:
                arrived.put(None)

        pool = ThreadPoolExecutor(MAX_PARALLEL)
        try:
            reads = [pool.submit(read, index) for index in range(len(bodies))]
            yield from _until_all_end(arrived, len(bodies))
            for future in reads:
                future.result()
        finally:  # also when the reader of this stream goes away, who waits for no answer then
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _stream_one(
        self, body: object, pattern: Pattern | None, stopped: threading.Event
    ) -> Iterator[str]:
        text, reason = "", None
        try:
            with self._client.stream("POST", "/chat/completions", json=body) as response:
                if response.is_error:
                    response.read()
                    raise _refused(response)
                for line in response.iter_lines():
                    if stopped.is_set():
                        return
                    piece, ended = _read_event(line, self._client.base_url)
                    reason = ended or reason
                    text += piece
                    if piece:
                        yield piece
        except httpx.HTTPError as error:
            raise _unreachable(self._client, error) from error
        if reason is None:
            raise ModelError(
                f"the decoder server {self._client.base_url} broke off an answer; try again, and "
                f"look at its log"
            )
        if pattern is not None and reason == "stop" and pattern.fullmatch(text) is None:
            raise ModelError(
                f"the decoder server {self._client.base_url} ignored the regex constraint; use "
                f"vLLM or SGLang, or a local decoder"
            )

    def _top_logprobs(self, prompt: Prompt) -> dict[str, float]:
        body = {
            "model": self.name,
            "messages": _messages(prompt),
            "max_tokens": 1,
            "temperature": 0.0,
            "logprobs": True,
            "top_logprobs": TOP_LOGPROBS,
        }
        answer = _json(self._client, "POST", "/chat/completions", body)
        try:
            top = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
            found = [(str(entry["token"]), float(entry["logprob"])) for entry in top]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise _no_logprobs(self._client) from error
        if not found:
            raise _no_logprobs(self._client)
        return _merged(found)


def _until_all_end(
    arrived: queue.SimpleQueue[Chunk | ModelError | None], n_streams: int
) -> Iterator[Chunk]:
    while n_streams:
        event = arrived.get()
        if isinstance(event, ModelError):
            raise event
        if event is None:
            n_streams -= 1
        else:
            yield event


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    if not prompt:
        raise RequestError("the prompt has no messages; give at least one user message")
    return [_message(message) for message in prompt]


def _message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": neutralise(message.content)}


def _compiled(regex: str) -> Pattern:
    try:
        return re.compile(regex)
    except re.error as error:
        raise RequestError(f"regex {regex!r} cannot be used: {error}; correct it") from error


def _read_event(line: str, server: httpx.URL) -> tuple[str, str | None]:
    """The text and the finish reason in one line of a server-sent event stream."""
    data = line.removeprefix("data:").strip()
    if not line.startswith("data:") or data == "[DONE]":
        return "", None
    try:
        event = json.loads(data)
        if event.get("error"):
            raise ModelError(f"the decoder server {server} failed: {event['error']}; see its log")
        if not event["choices"]:  # usage statistics
            return "", None
        choice = event["choices"][0]
        text = choice["delta"].get("content") or ""
        if not isinstance(text, str):
            raise TypeError("the content is no text")
        return text, choice.get("finish_reason")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"the decoder server {server} sent {data[:80]!r}, not a chat completion chunk; check "
            f"that the URL is an OpenAI-compatible one"
        ) from error


def _merged(found: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Tokens that differ in spaces only, with their probabilities added up."""
    merged: dict[str, float] = {}
    for token, logprob in found:
        key = token.strip(" \t\n▁Ġ")
        if key:
            merged[key] = float(np.logaddexp(merged.get(key, -math.inf), logprob))
    return merged


def _score_labels(top: Mapping[str, float], names: Sequence[str]) -> list[float]:
    unseen_mass = max(_SMALLEST_MASS, 1.0 - sum(math.exp(logprob) for logprob in top.values()))
    bound = min([math.log(unseen_mass), *top.values()])
    scores = []
    for name in names:
        others = [other for other in names if other != name]
        own = [
            logprob
            for token, logprob in top.items()
            if token == name
            or (name.startswith(token) and not any(o.startswith(token) for o in others))
        ]
        scores.append(float(np.logaddexp.reduce(own)) if own else bound)
    return scores


def _served_models(client: httpx.Client) -> list[str]:
    listing = _json(client, "GET", "/models", None)
    try:
        return [str(entry["id"]) for entry in listing["data"]]
    except (KeyError, TypeError) as error:
        raise ModelError(
            f"the server {client.base_url} lists no models; check that the URL is an "
            f"OpenAI-compatible one, or name the model as URL#model"
        ) from error


def _only_model(client: httpx.Client) -> str:
    names = _served_models(client)
    if len(names) != 1:
        raise ModelError(
            f"the server {client.base_url} serves {len(names)} models "
            f"({', '.join(names[:5])}); name one as URL#model"
        )
    return names[0]


def _json(client: httpx.Client, method: str, path: str, body: object) -> Any:
    try:
        response = client.request(method, path, json=body)
    except httpx.HTTPError as error:
        raise _unreachable(client, error) from error
    if response.is_error:
        raise _refused(response)
    try:
        return response.json()
    except ValueError as error:
        raise ModelError(
            f"{response.url} answered {response.text[:80]!r}, not JSON; check that the URL is an "
            f"OpenAI-compatible one"
        ) from error


def _unreachable(client: httpx.Client, error: httpx.HTTPError) -> ModelError:
    what = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "is not there"
    return ModelError(
        f"the decoder server {client.base_url} {what} ({type(error).__name__}: {error}); check "
        f"that it runs and that the URL is right"
    )


def _refused(response: httpx.Response) -> ModelError:
    detail = " ".join(response.text.split())[:200]
    return ModelError(
        f"{response.request.url} answered HTTP {response.status_code}: {detail}; check the model's "
        f"name, CHATREC_API_KEY and the server's log"
    )


def _no_logprobs(client: httpx.Client) -> NoLogprobsError:
    return NoLogprobsError(
        f"the decoder server {client.base_url} gives no log-probabilities (top_logprobs); use a "
        f"server that does, such as vLLM or llama.cpp"
    )
