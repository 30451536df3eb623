"""Understanding by a decoder that was trained for it, against the rules, on the same messages.

    python benchmarks/understanding_decoder.py train ../shared/data --run RUN --minutes 40
    python benchmarks/understanding_decoder.py compare --run RUN --to FILE.json

``train`` tunes the default decoder (``act_training.py``) until its time is over. ``compare`` reads
written dialogues with both, the English ones about films: those of ``tests/dialogues``, which the
rules were developed on and the decoder was not, and ``fresh_dialogues``, which neither was. Act,
limits and added verdicts of each turn are held against what is written. The decoder reads each
turn twice: after its own reading of the turns before, and after the rules' reading of them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from act_training import SEED, checkpoints, train, with_lora

from chatrec.conversation.line_understanding import LineUnderstanding
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog, builtin_films
from chatrec.generation.int8_steps import int8_copy
from chatrec.generation.loading import load_local
from chatrec.generation.model import LocalDecoder

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.dialogues import scripts  # noqa: E402  (tests are no part of the package)

FOLDERS = {
    "developed on": ROOT / "tests" / "dialogues",
    "fresh": ROOT / "benchmarks" / "fresh_dialogues",
}
PROPERTIES = ("act", "limits", "verdicts")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=("train", "compare"))
    arguments.add_argument("data", type=Path, nargs="?", help="train: ../shared/data")
    arguments.add_argument("--run", type=Path, required=True, help="folder of the training")
    arguments.add_argument("--minutes", type=float, default=40.0)
    arguments.add_argument("--begun-with", type=Path, help="train: a run to go on from")
    arguments.add_argument("--of", choices=tuple(FOLDERS), action="append", help="default: both")
    arguments.add_argument("--own", action="store_true", help="not after the rules' states")
    arguments.add_argument("--to", type=Path)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    decoder = load_local(
        None, adapter=ROOT / "adapters" / "films", precision="float32", device="cpu", cache=None
    )
    if given.what == "train":
        train(decoder, given.data, given.run, 60 * given.minutes, given.begun_with)
        return
    result = compare(decoder, given.run, given.of or list(FOLDERS), own=given.own)
    text = json.dumps({"command": " ".join(["python", *sys.argv]), **result}, indent=1)
    print(text)
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


@dataclass(slots=True)
class LineWriter:
    """Writes lines by greedy decoding under the grammar of each message.

    Tokens that the grammar forces are read with the one before them, in one pass. ``costs`` has,
    for each message, tokens of the prompt, tokens chosen, tokens forced, and the milliseconds of
    reading the prompt and of all. A prompt that came before is answered from memory. As in the
    chat, prompts are read with the weights themselves and steps taken with an int8 copy of them.
    """

    decoder: LocalDecoder
    steps: Any
    tokenizer: Any
    costs: list[tuple[int, int, int, float, float]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    @torch.inference_mode()
    def __call__(self, prompt: str, lark: str) -> str:
        if prompt in self.known:
            return self.known[prompt]
        from llguidance import LLMatcher

        begun = time.perf_counter()
        grammar = LLMatcher.grammar_from_lark(lark)
        matcher = LLMatcher(self.tokenizer, grammar, log_level=0)
        prepared = time.perf_counter()
        new, line, chosen = self.decoder.encode_text(prompt), list[int](), 0
        n_prompt, cache, read = len(new), None, 0.0
        while not matcher.is_stopped():
            model = self.decoder.model if cache is None else self.steps
            out = model(
                input_ids=torch.tensor([new]),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
            cache = out.past_key_values
            read = read or time.perf_counter() - prepared
            bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
            allowed = np.unpackbits(bits, bitorder="little")[: out.logits.shape[-1]]
            scores = out.logits[0, -1].masked_fill(torch.from_numpy(allowed == 0), -torch.inf)
            token = int(scores.argmax())
            if not matcher.consume_token(token):
                raise RuntimeError(f"the grammar of {prompt!r} failed: {matcher.get_error()}")
            forced = [] if matcher.is_stopped() else matcher.compute_ff_tokens()
            matcher.consume_tokens(forced)
            new = [token, *forced]
            line += new
            chosen += 1
        took = time.perf_counter() - begun
        self.costs.append((n_prompt, chosen, len(line) - chosen, 1e3 * read, 1e3 * took))
        self.known[prompt] = self.decoder.tokenizer.decode(line)
        return self.known[prompt]


class LinePlayer(scripts.Player):
    """Plays dialogues with any understanding, and holds three properties of each turn alone."""

    def __init__(self, catalog: Catalog, understanding: Understanding) -> None:
        super().__init__(catalog)
        self._understanding = understanding

    def right(self, line: scripts.Line, outcome: scripts.Outcome) -> dict[str, bool]:
        """Whether act, limits and added verdicts are as written; an act of "*" isn't tested."""
        (acts, *_), *parts = line.parts
        verdicts = [p for p in parts if re.match(r"-?(?:liked|disliked|seen) ", p[0])]
        limits = [p for p in parts if p[0].startswith("[")]
        limits = limits or [(f"[{', '.join(scripts._chips(outcome.before))}]",)]
        changed = self._changed(outcome)
        tested = {"act": outcome.turned.act in acts.split("|")} if acts != "*" else {}
        return tested | {
            "limits": all(
                any(scripts._chips_fit(w, scripts._chips(outcome.after)) for w in p) for p in limits
            ),
            "verdicts": any(scripts._fits(changed, chosen) for chosen in product(*verdicts)),
        }

    def follow(
        self, script: scripts.Script, by: scripts.Player | None = None
    ) -> Iterator[dict[str, bool]]:
        """What is right of each turn in English; with ``by`` each is read after its states."""
        state = DialogueState()
        for line in script.lines:
            outcome = self._turn(line.said, state)
            led = outcome if by is None else by._turn(line.said, state)
            if led.turned.language == "en":
                yield self.right(line, outcome)
            shown = self._ids(line.shown) if line.shown else led.shown
            state = led.after.with_reply(led.text, shown)


def compare(decoder: LocalDecoder, run: Path, parts: Sequence[str], *, own: bool) -> dict[str, Any]:
    """What share of the turns each reads right, by folder, with the decoder's costs."""
    from llguidance.hf import from_tokenizer

    model = with_lora(decoder.model)
    trained = checkpoints(model, run).resume()
    if trained is None:
        raise SystemExit(f"{run} has no checkpoint of these options; train first")
    decoder.model = model.merge_and_unload().eval()
    writer = LineWriter(decoder, int8_copy(decoder.model), from_tokenizer(decoder.tokenizer))
    catalog = builtin_films()
    rules = LinePlayer(catalog, Understanding(catalog))
    lines = LinePlayer(catalog, LineUnderstanding(catalog, writer))
    found = {part: _compared(rules, lines, FOLDERS[part], own=own) for part in parts}
    intervals = "95 %, bootstrap over dialogues, 2,000 draws"
    return {"trained": trained, "intervals": intervals, **found, "costs": _costs(writer)}


def _compared(rules: LinePlayer, lines: LinePlayer, folder: Path, *, own: bool) -> dict[str, Any]:
    told = [script for script in scripts.scripts(folder) if script.catalogue == "films"]
    begun = time.process_time()
    by_rules = [list(rules.follow(script)) for script in told]
    took = time.process_time() - begun
    idle = LinePlayer(lines.catalog, LineUnderstanding(lines.catalog, lambda prompt, lark: "S"))
    by_nothing = [list(idle.follow(script)) for script in told]
    by_lines = [list(lines.follow(script)) for script in told]
    turns = sum(map(len, by_rules))
    found = {
        "dialogues": len(told),
        "turns": turns,
        "ms of a turn by rules": round(1e3 * took / turns, 2),
        "rules": _shares(by_rules),
        "nothing read": _shares(by_nothing),
        "decoder": _shares(by_lines),
        "decoder minus rules": _shares(by_lines, by_rules),
    }
    if own:
        return found
    after_rules = [list(lines.follow(script, rules)) for script in told]
    return found | {
        "decoder after the rules' states": _shares(after_rules),
        "decoder after the rules' states minus rules": _shares(after_rules, by_rules),
    }


def _shares(
    rows: Sequence[Sequence[dict[str, bool]]],
    less: Sequence[Sequence[dict[str, bool]]] | None = None,
) -> dict[str, Any]:
    """The share of turns that are right, property by property and in all; or its difference."""
    rng = np.random.default_rng(SEED)
    draws = rng.integers(0, len(rows), (2000, len(rows)))
    found = {}
    for what in (*PROPERTIES, "all"):
        sums = np.array([_counted(turns, what) for turns in rows])  # (dialogues, right and tested)
        other = np.zeros_like(sums) if less is None else np.array([_counted(t, what) for t in less])
        right, tested = sums[:, 0] - other[:, 0], sums[:, 1]
        drawn = right[draws].sum(1) / np.maximum(1, tested[draws].sum(1))
        low, high = np.quantile(drawn, (0.025, 0.975))
        found[what] = {
            "share": round(float(right.sum() / tested.sum()), 4),
            "interval": [round(float(low), 4), round(float(high), 4)],
            "tested": int(tested.sum()),
        }
    return found


def _counted(turns: Sequence[dict[str, bool]], what: str) -> tuple[int, int]:
    if what == "all":
        return sum(all(turn.values()) for turn in turns), len(turns)
    return sum(turn.get(what, False) for turn in turns), sum(what in turn for turn in turns)


def _costs(writer: LineWriter) -> dict[str, Any]:
    """Medians and means over messages."""
    prompt, chosen, forced, read, took = np.array(writer.costs).T
    within = float((chosen <= 15).mean())
    return {
        "messages": len(writer.costs),
        "prompt tokens": float(np.median(prompt)),
        "tokens chosen": float(np.median(chosen)),
        "tokens forced": float(np.median(forced)),
        "mean chosen": round(float(chosen.mean()), 2),
        "mean forced": round(float(forced.mean()), 2),
        "15 chosen or fewer": round(within, 4),
        "15 in all or fewer": round(float((chosen + forced <= 15).mean()), 4),
        "ms of the prompt": round(float(np.median(read)), 1),
        "ms in all": round(float(np.median(took)), 1),
        "in all, in passes over the prompt": round(float(np.median(took / read)), 2),
    }


if __name__ == "__main__":
    main()
