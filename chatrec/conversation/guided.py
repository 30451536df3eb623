"""Two readings of one message, by rules and by a decoder's line, and which of them is taken.

The rules read limits well and are sure of the sentences that they know; the decoder takes a message
apart that is worded as no rule expects. A small logistic model, fitted on turns that neither was
made with, weighs what each makes of the message and takes the decoder's
reading where that is likelier to be right. A message before any list is left to the rules, which
read most of these well, so that the first list comes at once. Knows nothing about how a line is
written.
"""

from __future__ import annotations

import json
import logging
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from chatrec.conversation import merging
from chatrec.conversation.causes import Entry
from chatrec.conversation.line_understanding import LineUnderstanding, Write
from chatrec.conversation.renewal import scolds
from chatrec.conversation.smalltalk import smalltalk_in
from chatrec.conversation.state import DialogueState
from chatrec.conversation.turned import Turned
from chatrec.conversation.understanding import Understanding
from chatrec.conversation.utterance import Utterance, split, words_of
from chatrec.errors import ModelError
from chatrec.types import Constraints

GATE = "gate.json"  # the weights' file in an adapter's folder
# Of a message that the decoder reads; what it learnt from is shorter.
MOST_WORDS, MOST_CHARS = 60, 400
_NUMBERS = ("year_min", "year_max", "runtime_min", "runtime_max", "price_max", "max_age")
_MOST_LEFT = 6  # words left over; more say no more
_LEAST = 0.05  # what is less sure than that is as unsure

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingStats:
    """How many messages were read, by whom: each counts once.

    ``agreed``: both readings come to the same. ``rules`` and ``decoder``: they don't, and that one
    was taken. ``unasked``: the decoder reads no such message. ``failed``: it couldn't write a line.
    """

    agreed: int = 0
    rules: int = 0
    decoder: int = 0
    unasked: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """How much each piece of :func:`evidence` speaks for the decoder's reading."""

    weights: Mapping[str, float]

    @classmethod
    def load(cls, path: Path) -> Gate:
        """The weights of a JSON file; ModelError where it holds none."""
        try:
            found = json.loads(path.read_text("utf-8"))["weights"]
            return cls({str(name): float(weight) for name, weight in found.items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} holds no weights of a gate ({error!r})") from error

    def prefers_line(self, found: Mapping[str, float]) -> bool:
        """Whether the decoder's reading is the likelier one."""
        return sum(self.weights.get(name, 0.0) * value for name, value in found.items()) > 0


def evidence(
    before: DialogueState, ruled: Turned, lined: Turned, act: str, least: float
) -> dict[str, float]:
    """What speaks for one or the other of two readings that differ, by name.

    ``act`` is the letter of the line, ``least`` the probability of its least probable token.
    """
    by_rules, by_line = (_verdicts(t.state) - _verdicts(before) for t in (ruled, lined))
    limits = [t.state.constraints != before.constraints for t in (ruled, lined)]
    left, searched = (len(_wished(t.state) - _wished(before)) for t in (ruled, lined))
    sure = math.log(max(least, _LEAST))
    found = {
        "always": 1.0,
        "sure": sure,
        f"line {act}": 1.0,
        f"line {act} sure": sure,
        f"rules {ruled.act}": 1.0,
        "one act": ruled.act == lined.act,
        "line alone judges": bool(by_line) and not by_rules,
        "rules alone judge": bool(by_rules) and not by_line,
        "both judge": bool(by_line) and bool(by_rules) and by_line != by_rules,
        "line alone limits": limits[1] and not limits[0],
        "rules alone limit": limits[0] and not limits[1],
        "both limit": all(limits) and ruled.state.constraints != lined.state.constraints,
        "rules alone bound": bool(_bounds(ruled, before) - _bounds(lined, before)),
        "line alone bounds": bool(_bounds(lined, before) - _bounds(ruled, before)),
        "rules alone refuse": bool(_refusals(ruled, before) - _refusals(lined, before)),
        "line alone refuses": bool(_refusals(lined, before) - _refusals(ruled, before)),
        "rules begin anew": ruled.renewed and not lined.renewed,
        "line begins anew": lined.renewed and not ruled.renewed,
        "rules ask back": bool(ruled.unknown),
        "rules leave words": min(left, _MOST_LEFT) / _MOST_LEFT,
        "rules leave none": not left,
        "rules only search": bool(left) and not (by_rules or limits[0]),
        "line searches": min(searched, _MOST_LEFT) / _MOST_LEFT,
    }
    return {name: float(value) for name, value in found.items() if value}


def protects(ruled: Turned, lined: Turned) -> bool:
    """Whether the rules keep the young from something that the decoder's reading lets through."""
    by_rules, by_line = ruled.state.constraints, lined.state.constraints
    if by_rules.max_age is not None:
        return by_line.max_age is None or by_line.max_age > by_rules.max_age
    return bool(by_rules.ratings_any) and by_line.ratings_any != by_rules.ratings_any


def alike(one: Turned, other: Turned) -> bool:
    """Whether two readings come to the same limits and verdicts by the same act."""
    return (
        one.act == other.act
        and one.state.constraints == other.state.constraints
        and one.state.unless == other.state.unless
        and _verdicts(one.state) == _verdicts(other.state)
    )


def praises_abused(folded: str, ruled: Turned, lined: Turned) -> bool:
    """Whether the line takes an insult for praise, as "these are shit" once was."""
    praised = {*lined.state.liked} - {*ruled.state.liked}
    return bool(praised) and smalltalk_in(folded) == "insult"


def forgets_limits(folded: str, ruled: Turned, lined: Turned) -> bool:
    """Whether the line takes a scolding for a wish without the limits that held before."""
    by_rules, by_line = (merging.names_set(t.state.constraints) for t in (ruled, lined))
    return scolds(folded) and not {*by_rules} <= {*by_line}


class GuidedUnderstanding(Understanding):
    """Reads messages as rules or as a decoder's lines do. Holds no dialogue; safe to share."""

    def __init__(self, rules: Understanding, write: Write, gate: Gate) -> None:
        super().__init__(rules.catalog, rules.reader)
        self._rules = rules
        self._lines = LineUnderstanding(rules.catalog, write, rules.reader)
        self._gate = gate
        self._stats = ReadingStats()
        self._lock = threading.Lock()

    @property
    def stats(self) -> ReadingStats:
        """Counts since it was made."""
        return self._stats

    def _entries(self, words: str) -> tuple[Entry, ...]:
        return self._rules.read(words, DialogueState()).state.entries()

    def _turned(self, utterance: Utterance, state: DialogueState, today: date) -> Turned:
        ruled = self._rules.turned(utterance, state, today)
        short = 0 < len(split(utterance.folded)) <= MOST_WORDS and len(utterance.text) <= MOST_CHARS
        if utterance.language != "en" or not (short and state.last_shown):
            return self._counted("unasked", ruled)
        try:
            written = self._lines.written(utterance, state)
        except ModelError as error:
            logger.warning("the decoder reads no message (%s); the rules read it", error)
            return self._counted("failed", ruled)
        lined = self._lines.carried_out(written.line, utterance, state, today)
        if alike(ruled, lined):
            return self._counted("agreed", ruled)
        act = written.line.strip()[:1]
        found = evidence(state, ruled, lined, act, written.least)
        kept = protects(ruled, lined) or any(
            wrong(utterance.folded, ruled, lined) for wrong in (praises_abused, forgets_limits)
        )
        if self._gate.prefers_line(found) and not kept:
            return self._counted("decoder", lined)
        return self._counted("rules", ruled)

    def _counted(self, how: str, turned: Turned) -> Turned:
        with self._lock:
            self._stats = replace(self._stats, **{how: getattr(self._stats, how) + 1})
        return turned


def _bounds(turned: Turned, before: DialogueState) -> set[tuple[str, float]]:
    """The limits in numbers that a reading adds."""
    now, then = turned.state.constraints, before.constraints
    values = ((name, getattr(now, name)) for name in _NUMBERS if getattr(then, name) is None)
    return {(name, value) for name, value in values if value is not None}


def _refusals(turned: Turned, before: DialogueState) -> set[tuple[str, str]]:
    """What a reading rules out that was allowed before."""
    now, then = turned.state.constraints, before.constraints
    names = [f.name for f in fields(Constraints) if f.name.endswith("_none")]
    return {(n, v) for n in names for v in getattr(now, n) if v not in getattr(then, n)}


def _wished(state: DialogueState) -> set[str]:
    """The words of the wish, which no limit and no verdict took."""
    return {*words_of(state.wish).split()}


def _verdicts(state: DialogueState) -> set[tuple[str, str]]:
    return {
        *(("liked", i) for i in state.liked),
        *(("disliked", i) for i in state.disliked),
        *(("seen", i) for i in state.seen),
    }
