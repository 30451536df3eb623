"""Preferences from verdicts: which of two items that were before somebody at once they took.

Knows verdicts, the lists that items were shown in and places in a catalogue; knows no words of
anybody, no database and no model. The wish is left out on purpose: whatever was wished for, both
items were offered for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatrec.data.catalog import Catalog
from chatrec.prompting import WINDOW_TOKENS, history_line, ranking_prompt
from chatrec.training.examples import Encode, Met, shown

NEARBY = timedelta(hours=1)  # how far verdicts outside of one conversation may lie apart
CONTEXT = 20  # of the verdicts before it, how many a preference sees at least, where there are any
HELD_PERCENT = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody said of an item; ``session_id`` is the conversation it was said in, if any."""

    item_id: str
    accepted: bool
    at: datetime
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Judgements:
    """One owner's verdicts in any order, and the ids of each list that they were shown."""

    owner: str
    verdicts: tuple[Verdict, ...]
    lists: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Preference:
    """After the first ``after`` verdicts of a past, ``chosen`` was taken and ``rejected`` weren't.

    Items are indexes in the catalogue; ``rejected`` has at least one.
    """

    after: int
    chosen: int
    rejected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """An owner with what they said of items, oldest first, and the preferences that it shows."""

    owner: str
    past: tuple[Met, ...]
    preferences: tuple[Preference, ...]


@dataclass(frozen=True, slots=True)
class PreferenceExample:
    """A prompt's token ids, and the ``ends`` of its head and lines, at which items can be ranked.

    ``preferences`` are parallel to ``positions``: the ends that they are read at.
    """

    ids: tuple[int, ...]
    ends: tuple[int, ...]
    positions: tuple[int, ...]
    preferences: tuple[Preference, ...]


def judge_of(judgements: Judgements, catalog: Catalog) -> Judge:
    """The owner's preferences, in the order of what was known of them before.

    Of several verdicts on an item the last one stands; items that the catalogue lacks are left
    out. An accepted item is preferred to what was rejected in the narrowest circle that has
    anything rejected: a list that showed it, else the same conversation, else within an hour.
    What was shown and not judged is no rejection: nobody has to judge. What a preference is read
    after are the verdicts before the first of the items that it compares.
    """
    settled = _settled(judgements.verdicts, catalog)
    places = {verdict.item_id: place for place, verdict in enumerate(settled)}
    past = tuple(Met(catalog.index_of(v.item_id), v.accepted) for v in settled)
    preferences = []
    for verdict in settled:
        refused = _refused_near(verdict, settled, judgements.lists) if verdict.accepted else []
        if refused:
            after = min(places[v.item_id] for v in (verdict, *refused))
            rejected = tuple(past[places[v.item_id]].index for v in refused)
            preferences.append(Preference(after, past[places[verdict.item_id]].index, rejected))
    return Judge(judgements.owner, past, tuple(sorted(preferences, key=lambda p: p.after)))


def _settled(verdicts: Sequence[Verdict], catalog: Catalog) -> list[Verdict]:
    """The last verdict on each item of the catalogue, oldest first."""
    ordered = sorted(verdicts, key=lambda v: (v.at, v.item_id))
    last = {v.item_id: v for v in ordered if v.item_id in catalog}
    return sorted(last.values(), key=lambda v: (v.at, v.item_id))


def _refused_near(
    accepted: Verdict, settled: Sequence[Verdict], lists: Sequence[Sequence[str]]
) -> list[Verdict]:
    """What was rejected in the narrowest circle around an accepted item."""
    beside = {other for shown in lists if accepted.item_id in shown for other in shown}
    circles: tuple[Callable[[Verdict], bool], ...] = (
        lambda v: v.item_id in beside,
        lambda v: v.session_id is not None and v.session_id == accepted.session_id,
        lambda v: abs(v.at - accepted.at) <= NEARBY,
    )
    for within in circles:
        if refused := [v for v in settled if not v.accepted and within(v)]:
            return refused
    return []


def is_held_out(owner: str, seed: int) -> bool:
    """Whether an owner's preferences are kept for measuring: a fifth of all owners, by hash.

    So an owner who comes back is on the same side again.
    """
    digest = hashlib.sha256(f"preferences {seed}:{owner}".encode()).hexdigest()
    return int(digest[:8], 16) % 100 < HELD_PERCENT


def preference_examples(
    judge: Judge, catalog: Catalog, encode: Encode
) -> Iterator[PreferenceExample]:
    """The owner's past as ranking prompts, each preference at the end of the line before it.

    One prompt serves all preferences that fit; what doesn't gets a further prompt, which begins up
    to ``CONTEXT`` verdicts before it. None where the owner has no preferences.
    """
    lines = [history_line(line) for line in shown(catalog, judge.past)]
    head = encode(ranking_prompt(catalog.domain, (), count_tokens=len).head)
    rest = judge.preferences
    while rest:
        start = _start(lines[: rest[0].after], WINDOW_TOKENS - len(head), encode)
        ids = list(head)
        ends = [len(ids) - 1]  # where it is read after so many lines
        for line in lines[start : rest[-1].after]:
            ids += encode(line)
            ends.append(len(ids) - 1)
        fitting = sum(end < WINDOW_TOKENS for end in ends)
        here = [p for p in rest if p.after - start < fitting]
        positions = tuple(ends[p.after - start] for p in here)
        whole = positions[-1] + 1
        inside = tuple(end for end in ends if end < whole)
        yield PreferenceExample(tuple(ids[:whole]), inside, positions, tuple(here))
        rest = rest[len(here) :]


def _start(lines: Sequence[str], room: int, encode: Encode) -> int:
    """The first of the last ``CONTEXT`` lines from which on they fit into ``room`` tokens."""
    start = len(lines)
    for line in reversed(lines[-CONTEXT:]):
        room -= len(encode(line))
        if room < 0:
            break
        start -= 1
    return start
