"""One pass of the item head against the same ranking written out by the same model.

For requests of ``tests/requests.jsonl`` the 20 best of the pool are ordered three times in one
process: by the item head (one forward pass over the request's prompt), by generated text that is
constrained to be a permutation of the 20 letters, and by generated text without a constraint.
The constrained text is the shortest that can be had: "C A T ..." is one token an item. An answer
is valid when it names each of the 20 letters once and nothing else.

Run: ``python benchmarks/one_pass.py [--to JSON] [--requests 10]``
"""

import argparse
import json
import os
import platform
import re
import statistics
import string
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chatrec.assemble import adapter_folder, item_head_scorer, open_workspace
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.generation.decoding import Constraint, Sampling, rows_of
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.generation.ranker import ItemHeadScorer, encode_parts, query_prompt
from chatrec.generation.shared_batch import Batch
from chatrec.prompting import Message, Prompt, one_line
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.settings import Settings
from chatrec.types import Candidate, Query, Retriever

REQUESTS = Path(__file__).resolve().parent.parent / "tests" / "requests.jsonl"
N_ITEMS = 20
LETTERS = string.ascii_uppercase[:N_ITEMS]
POOL = 200
FREE_TOKENS = 4 * N_ITEMS
BAR = 5.0


def main() -> None:
    options = _options()
    settings = Settings()
    workspace = open_workspace(settings.data)
    encoder = TextEncoder()
    vectors = item_vectors(workspace, encoder)
    adapter = adapter_folder(settings)
    decoder = load_decoder(settings.model, adapter=adapter, precision=settings.precision)
    if adapter is None or not isinstance(decoder, LocalDecoder):
        sys.exit("one_pass.py: the settings name a decoder without an item head; unset them")
    scorer, _ = item_head_scorer(decoder, adapter, workspace, encoder, vectors)
    retrievers: list[Retriever] = [
        DenseRetriever(workspace.catalog, encoder, vectors),
        LexicalRetriever(workspace.catalog),
        scorer,
    ]
    cases = _cases(workspace.catalog, Fusion(workspace.catalog, retrievers), options.requests)
    compare(decoder, scorer, workspace.catalog, cases[0])  # the warm-up
    rows = [compare(decoder, scorer, workspace.catalog, case) for case in cases]
    figures = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "torch_threads": torch.get_num_threads(),
            "processor": platform.processor() or platform.machine(),
            "load_before": round(os.getloadavg()[0], 2),
        },
        "decoder": decoder.name,
        "precision": decoder.precision,
        **summary(rows),
        "per_request": rows,
    }
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    print(text)
    if options.to is not None:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        options.to.write_text(text + "\n", encoding="utf-8")


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Medians, the ratio of seconds and the number of answers that are no ranking."""
    median = {
        name: statistics.median(row[f"{name}_s"] for row in rows)
        for name in ("one_pass", "constrained", "free")
    }
    ratio = statistics.median(row["constrained_s"] / row["one_pass_s"] for row in rows)
    return {
        "requests": len(rows),
        **{f"{name}_s": round(seconds, 3) for name, seconds in median.items()},
        "times_faster_than_constrained": round(ratio, 1),
        "bar": BAR,
        "met": ratio >= BAR,
        "invalid_one_pass": sum(not row["one_pass_valid"] for row in rows),
        "invalid_constrained": sum(not row["constrained_valid"] for row in rows),
        "invalid_free": sum(not row["free_valid"] for row in rows),
    }


def compare(
    decoder: LocalDecoder,
    scorer: ItemHeadScorer,
    catalog: Catalog,
    case: tuple[Query, list[Candidate]],
) -> dict[str, Any]:
    """Seconds and answers of the three ways for one request."""
    query, first = case
    titles = [one_line(catalog.get(candidate.item_id).title, 80) for candidate in first]
    prompt = _list_prompt(query, titles)

    begun = time.perf_counter()
    parts = query_prompt(query, catalog, lambda text: len(decoder.encode_text(text)))
    scores = scorer.scores_after([encode_parts(parts, decoder.encode_text)])[0]
    rows = [catalog.index_of(candidate.item_id) for candidate in first]
    order = " ".join(LETTERS[place] for place in np.argsort(-scores[rows], kind="stable"))
    one_pass_s = time.perf_counter() - begun

    begun = time.perf_counter()
    constrained = "".join(_constrained(decoder, prompt))
    constrained_s = time.perf_counter() - begun

    begun = time.perf_counter()
    free = "".join(c.text for c in decoder.generate([prompt], max_new_tokens=FREE_TOKENS))
    free_s = time.perf_counter() - begun
    return {
        "wish": query.text,
        "one_pass_s": round(one_pass_s, 3),
        "constrained_s": round(constrained_s, 3),
        "free_s": round(free_s, 3),
        "one_pass_valid": is_ranking(order),
        "constrained_valid": is_ranking(constrained),
        "free_valid": is_ranking(free),
        "constrained": constrained,
        "free": free,
    }


def is_ranking(answer: str) -> bool:
    """Whether ``answer`` is the 20 letters, each once, with nothing but separators between them.

    >>> is_ranking(" ".join(reversed(LETTERS)))
    True
    >>> is_ranking("A, A, " + ", ".join(LETTERS[2:]))
    False
    """
    return sorted(re.split(r"[\s,.;>]+", answer.strip(" .\n"))) == list(LETTERS)


class Permutation(Constraint):
    """Lets each of the 20 letters be written once, one token each, and then ends the row.

    A regular expression of all permutations would need a state for each subset of the letters.
    """

    def __init__(self, decoder: LocalDecoder) -> None:
        firsts = [decoder.encode_text(letter) for letter in LETTERS]
        others = [decoder.encode_text(f" {letter}") for letter in LETTERS]
        if any(len(ids) != 1 for ids in (*firsts, *others)):
            raise ValueError(f"{decoder.name} needs more than one token for a letter")
        self._firsts = [ids[0] for ids in firsts]
        self._others = [ids[0] for ids in others]
        self._width: int = decoder.model.config.get_text_config().vocab_size

    def matchers(self, n_rows: int) -> list[Any]:
        return [_Written(self._firsts, self._others) for _ in range(n_rows)]

    def allowed(self, matchers: Sequence[Any]) -> torch.Tensor:
        mask = torch.zeros(len(matchers), self._width, dtype=torch.bool)
        for row, written in zip(mask, matchers, strict=True):
            row[written.open_tokens()] = True
        return mask


class _Written:
    """Which letters one row has still to write."""

    def __init__(self, firsts: Sequence[int], others: Sequence[int]) -> None:
        self._firsts = firsts
        self._others = others
        self._open = list(range(len(firsts)))

    def open_tokens(self) -> list[int]:
        tokens = self._firsts if len(self._open) == len(self._firsts) else self._others
        return [tokens[letter] for letter in self._open]

    def consume_token(self, token: int) -> bool:
        place = self.open_tokens().index(token)
        del self._open[place]
        return True

    def is_stopped(self) -> bool:
        return not self._open


def _constrained(decoder: LocalDecoder, prompt: Prompt) -> list[str]:
    prompts = [decoder.encode_chat(prompt)]
    rows = rows_of(prompts, Sampling(N_ITEMS), Permutation(decoder))
    running = Batch(decoder.model, lambda: decoder.model, pad_id=0, stop_ids=frozenset())
    running.join(rows)
    while running.rows:
        running.step()
    ids = [token for _, token in running.told]
    return [str(decoder.tokenizer.decode([token])) for token in ids]


def _list_prompt(query: Query, titles: Sequence[str]) -> Prompt:
    listed = "\n".join(f"{letter}. {title}" for letter, title in zip(LETTERS, titles, strict=True))
    wish = one_line(query.text, 300) or "something like what they liked"
    return (
        Message("system", "You rank films for a person. Answer with letters only."),
        Message(
            "user",
            f"They ask: {wish}\n\n{listed}\n\nWrite all {N_ITEMS} letters, each once, the best "
            f"film first, with spaces between them.",
        ),
    )


def _cases(catalog: Catalog, fusion: Fusion, n: int) -> list[tuple[Query, list[Candidate]]]:
    """The first ``n`` requests whose pool has 20 items, with these."""
    understanding = Understanding(catalog)
    cases = []
    for line in REQUESTS.read_text("utf-8").splitlines():
        turned = understanding.read(json.loads(line)["text"], DialogueState())
        query = turned.state.query(catalog)
        first = fusion.retrieve(query, POOL)[:N_ITEMS]
        if len(first) == N_ITEMS:
            cases.append((query, first))
        if len(cases) == n:
            return cases
    sys.exit(f"one_pass.py: only {len(cases)} requests have {N_ITEMS} candidates; ask for fewer")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, metavar="JSON")
    parser.add_argument("--requests", type=int, default=10)
    options = parser.parse_args()
    if options.requests < 1:
        parser.error(f"--requests is {options.requests}; give 1 or more")
    return options


if __name__ == "__main__":
    main()
