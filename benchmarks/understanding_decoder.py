"""Trains the default decoder to read messages, and compares it with the rules and with both.

``train`` tunes it (``act_training.py``); ``export`` writes the adapter that the run came to;
``gate`` fits what decides between both readings, on dialogues that neither was made with; ``seal``
records the checksums once the card is written. ``compare`` reads written dialogues with the rules,
with the decoder, and with both, the English ones about films, each after its own reading of the
turns before. Act, limits and added verdicts of each turn are held against what is written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from act_training import SEED, exported, train

from chatrec.assemble import SHIPPED_ADAPTER, SHIPPED_READING
from chatrec.conversation.guided import GATE, Gate, GuidedUnderstanding, alike, evidence, protects
from chatrec.conversation.line_understanding import LineUnderstanding
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import builtin_films
from chatrec.generation.adapter_files import HEADLESS_FILES, write_checksums
from chatrec.generation.line_writer import LineWriter, Written
from chatrec.generation.loading import load_local

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.dialogues import scripts  # noqa: E402  (tests are no part of the package)

FRESH = ROOT / "benchmarks" / "fresh_dialogues"
FOLDERS = {
    "written": ROOT / "tests" / "dialogues",
    "lots": FRESH / "lots",
    "gate": FRESH / "gate",
    "final": FRESH / "final",
}
PROPERTIES = ("act", "limits", "verdicts")
GATED = ("gate", "written")
SYSTEMS = ("rules", "decoder", "both")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=("train", "export", "gate", "seal", "compare"))
    arguments.add_argument("data", type=Path, nargs="?", help="train: ../shared/data")
    arguments.add_argument("--run", type=Path, help="train, export: folder of the training")
    arguments.add_argument("--minutes", type=float, default=70.0)
    arguments.add_argument("--begun-with", type=Path, help="train: a run to go on from")
    arguments.add_argument("--adapter", type=Path, default=SHIPPED_READING)
    arguments.add_argument("--of", choices=tuple(FOLDERS), action="append", help="default: all")
    arguments.add_argument("--to", type=Path)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    if given.what == "seal":
        write_checksums(given.adapter, (*HEADLESS_FILES, GATE))
        return
    decoder = load_local(None, adapter=SHIPPED_ADAPTER, precision="auto", device="cpu", cache=None)
    if given.what == "train":
        train(decoder, given.data, given.run, 60 * given.minutes, given.begun_with)
    elif given.what == "export":
        print(exported(decoder, given.run, given.adapter))
    elif given.what == "gate":
        result = fitted_gate(TimedWriter(LineWriter(decoder, given.adapter)))
        (given.adapter / GATE).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(result, indent=1))
    else:
        result = compare(TimedWriter(LineWriter(decoder, given.adapter)), given)
        text = json.dumps({"command": " ".join(["python", *sys.argv]), **result}, indent=1)
        print(text)
        if given.to is not None:
            given.to.write_text(text + "\n", encoding="utf-8")


@dataclass(slots=True)
class TimedWriter:
    """Writes lines, and keeps what each cost: tokens chosen, tokens forced, milliseconds."""

    writer: LineWriter
    costs: list[tuple[int, int, float]] = field(default_factory=list)
    known: dict[str, Written] = field(default_factory=dict)

    def __call__(self, prompt: str, grammar: str) -> Written:
        if prompt not in self.known:
            begun = time.perf_counter()
            written = self.known[prompt] = self.writer.write(prompt, grammar)
            took = time.perf_counter() - begun
            self.costs.append((written.chosen, written.forced, 1e3 * took))
        return self.known[prompt]


class LinePlayer(scripts.Player):
    """Plays dialogues, and holds three properties of each turn alone."""

    def right(self, line: scripts.Line, outcome: scripts.Outcome) -> dict[str, bool]:
        """Whether act, limits and added verdicts are as written; an act of "*" isn't tested."""
        (acts, *_), *parts = line.parts
        verdicts = [p for p in parts if re.match(r"-?(?:liked|disliked|seen) ", p[0])]
        limits = [p for p in parts if p[0].startswith("[")]
        limits = limits or [(f"[{', '.join(scripts.chips_of(outcome.before))}]",)]
        changed = self.changed(outcome)
        tested = {"act": outcome.turned.act in acts.split("|")} if acts != "*" else {}
        return tested | {
            "limits": all(
                any(scripts.chips_fit(w, scripts.chips_of(outcome.after)) for w in p)
                for p in limits
            ),
            "verdicts": any(scripts.verdicts_fit(changed, chosen) for chosen in product(*verdicts)),
        }

    def follow(self, script: scripts.Script) -> Iterator[dict[str, bool]]:
        """What is right of each turn in English."""
        state = DialogueState()
        for line in script.lines:
            outcome = self.turn(line.said, state)
            if outcome.turned.language == "en":
                yield self.right(line, outcome)
            shown = self.ids_of(line.shown) if line.shown else outcome.shown
            state = outcome.after.with_reply(outcome.text, shown)


def films_of(folder: Path) -> list[scripts.Script]:
    """The folder's dialogues about films."""
    return [script for script in scripts.scripts(folder) if script.catalogue == "films"]


class Pairs(GuidedUnderstanding):
    """Goes by the rules and keeps, of the last message, both readings where they differ."""

    last: tuple[dict[str, float], Any, Any] | None = None

    def _turned(self, utterance: Any, state: DialogueState, today: date) -> Any:
        self.last = None
        ruled = self._rules.turned(utterance, state, today)
        if utterance.language == "en":
            written = self._lines.written(utterance, state)
            lined = self._lines.carried_out(written.line, utterance, state, today)
            if not alike(ruled, lined):
                act = written.line.strip()[:1]
                found = evidence(state, ruled, lined, act, written.least)
                self.last = found, ruled, lined
        return ruled


def fitted_gate(write: Callable[[str, str], Written]) -> dict[str, Any]:
    """The weights of the gate, by logistic regression on turns where one reading alone is right.

    On the dialogues for it, and on the written ones, which show what the rules know well. Each turn
    is read after the rules' reading of those before it. ``chosen`` and ``either`` are shares of
    the turns that are right, by folds over dialogues and with hindsight.
    """
    from sklearn.linear_model import LogisticRegression

    catalog = builtin_films()
    rules = Understanding(catalog)
    pairs = Pairs(rules, write, Gate({}))
    player = LinePlayer(catalog, pairs)
    rows: list[tuple[int, dict[str, float] | None, bool, bool]] = []
    told = [script for part in GATED for script in films_of(FOLDERS[part])]
    for number, script in enumerate(told):
        state = DialogueState()
        for line in script.lines:
            pairs.last = None
            outcome = player.turn(line.said, state)
            ruled = all(player.right(line, outcome).values())
            found, lined = None, ruled
            if pairs.last is not None and not protects(*pairs.last[1:]):
                found, _, other = pairs.last
                read = scripts.Outcome(state, other.state, other, "", ())
                lined = all(player.right(line, read).values())
            rows.append((number, found, ruled, lined))
            shown = player.ids_of(line.shown) if line.shown else outcome.shown
            state = outcome.after.with_reply(outcome.text, shown)
    names = sorted({name for _, found, *_ in rows if found for name in found})

    def matrix(these: Sequence[dict[str, float]]) -> Any:
        return np.array([[found.get(name, 0.0) for name in names] for found in these])

    def fitted(left_out: int | None) -> dict[str, float]:
        told = [
            (found, lined)
            for n, found, ruled, lined in rows
            if found is not None and ruled != lined and (left_out is None or n % 5 != left_out)
        ]
        model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
        model.fit(matrix([found for found, _ in told]), [lined for _, lined in told])
        return dict(zip(names, map(float, model.coef_[0].round(4)), strict=True))

    chosen = 0
    for fold in range(5):
        gate = Gate(fitted(fold))
        for n, found, ruled, lined in rows:
            if n % 5 == fold:
                chosen += lined if found is not None and gate.prefers_line(found) else ruled
    return {
        "weights": fitted(None),
        "turns": len(rows),
        "rules": round(sum(ruled for *_, ruled, _ in rows) / len(rows), 4),
        "decoder": round(sum(lined for *_, lined in rows) / len(rows), 4),
        "chosen": round(chosen / len(rows), 4),
        "either": round(sum(ruled or lined for *_, ruled, lined in rows) / len(rows), 4),
    }


def compare(writer: TimedWriter, given: argparse.Namespace) -> dict[str, Any]:
    """What share of the turns each system reads right, by folder, with the decoder's costs."""
    catalog = builtin_films()
    rules = Understanding(catalog)
    guided = GuidedUnderstanding(rules, writer, Gate.load(given.adapter / GATE))
    players = {
        "rules": LinePlayer(catalog, rules),
        "decoder": LinePlayer(catalog, LineUnderstanding(catalog, writer, rules.reader)),
        "both": LinePlayer(catalog, guided),
    }
    found = {}
    for part in given.of or list(FOLDERS):
        told = films_of(FOLDERS[part])
        rows = {name: [list(p.follow(script)) for script in told] for name, p in players.items()}
        found[part] = {
            "dialogues": len(told),
            "turns": sum(map(len, rows["rules"])),
            **{name: _shares(rows[name]) for name in SYSTEMS},
            "decoder minus rules": _shares(rows["decoder"], rows["rules"]),
            "both minus rules": _shares(rows["both"], rows["rules"]),
        }
    chosen, forced, took = np.array(writer.costs).T
    costs = {
        "messages": len(writer.costs),
        "tokens chosen, median": float(np.median(chosen)),
        "tokens forced, median": float(np.median(forced)),
        "15 chosen or fewer": round(float((chosen <= 15).mean()), 4),
        "ms, median": round(float(np.median(took)), 1),
    }
    intervals = "95 %, bootstrap over dialogues, 2,000 draws"
    return {"intervals": intervals, **found, "costs": costs}


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


if __name__ == "__main__":
    main()
