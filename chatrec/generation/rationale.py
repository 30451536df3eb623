"""Writes the reasons shown beside recommended items: generated, checked, else worded plainly.

Every reason begins as a draft: a plain sentence built from a few pieces of the evidence. The
decoder is given those pieces and the draft's first words, so that no two reasons of a list begin
alike, and writes its own sentence. What the grounding check or the check for slips refuses is
generated once more from another draft, and then that draft itself is shown. Knows nothing about
ranking or about how the evidence was found.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import brief, own_facts
from chatrec.generation.fluency import slips
from chatrec.generation.grounding import check
from chatrec.generation.model import Decoder
from chatrec.generation.phrasing import Draft, draft, leads_well, opening, rationale_prompt
from chatrec.prompting import domain_words
from chatrec.types import Evidence, Item, RationaleBy

FACTS = 6
TEMPERATURE = 0.3
MAX_NEW_TOKENS = 64
LEADS = 3  # the lead is one of the first so many pieces
MIN_WORDS = 5
QUIET_STEPS = 3  # a sentence is over when its row was silent for so many steps of the batch
DRAFTS = 30

_SENTENCE_END = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bSt)(?<!\bMrs)(?<!\b[A-Z])[.!?][\"”’)]?(?=\s|$)"
)

Pick = tuple[Item, tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason for pick number ``index``; ``refused`` are the sentences that did not pass."""

    index: int
    text: str
    by: RationaleBy
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriterStats:
    """Counts of reasons: all written, those generated a second time, those worded plainly."""

    written: int = 0
    regenerated: int = 0
    fallback: int = 0


class RationaleWriter:
    """Writes reasons for the items of one catalogue; may be shared between threads.

    ``decoder`` None shows the drafts. ``facts`` is the number of pieces of evidence that a
    draft may choose from; the other arguments go to the decoder.
    """

    def __init__(
        self,
        decoder: Decoder | None,
        catalog: Catalog,
        *,
        facts: int = FACTS,
        temperature: float = TEMPERATURE,
        max_new_tokens: int = MAX_NEW_TOKENS,
    ) -> None:
        self._decoder = decoder
        self._catalog = catalog
        self._facts = facts
        self._temperature = temperature
        self._max_new_tokens = max_new_tokens
        self._stats = WriterStats()
        self._lock = threading.Lock()

    @property
    def stats(self) -> WriterStats:
        """Counts since the writer was made."""
        return self._stats

    def write(self, picks: Sequence[Pick], seed: int = 0) -> Iterator[Reason]:
        """One reason for each pick, as they get ready; every one passes the grounding check.

        The same picks, seed and decoder give the same reasons. No picks give nothing. An item
        without any evidence or facts gets a sentence that says so.
        """
        picks = [(item, tuple(evidence) or own_facts(item)) for item, evidence in picks]
        refused: dict[int, tuple[str, ...]] = dict.fromkeys(range(len(picks)), ())
        drafts = self._drafts(picks, list(refused), seed)
        for attempt in range(0 if self._decoder is None else 2):
            rows = [index for index in refused if index in drafts]
            if attempt:
                self._count(regenerated=len(rows))
                drafts |= self._drafts(picks, rows, seed + 1)
            for index, text in self._generated(picks, drafts, rows, seed + attempt):
                if self._stands(text, picks[index]):
                    self._count(written=1)
                    yield Reason(index, text, "model", refused.pop(index))
                else:
                    refused[index] = (*refused[index], text)
        for index, texts in refused.items():
            plain = drafts[index].text if index in drafts else _bare(self._catalog)
            self._count(written=1, fallback=1)
            yield Reason(index, plain, "template", texts)

    def _drafts(self, picks: Sequence[Pick], rows: Sequence[int], seed: int) -> dict[int, Draft]:
        """A draft for each of these picks that holds facts; their openings differ."""
        drafts: dict[int, Draft] = {}
        taken: set[str] = set()
        briefs = _rotated([brief(picks[row][1], self._facts) for row in rows])
        for row, pieces in zip(rows, briefs, strict=True):
            found = plain_draft(picks[row][0], pieces, self._catalog, seed=seed, avoid=taken)
            if found is not None:
                drafts[row] = found
                taken.add(_start(found.text))
        return drafts

    def _generated(
        self,
        picks: Sequence[Pick],
        drafts: dict[int, Draft],
        rows: list[int],
        seed: int,
    ) -> Iterator[tuple[int, str]]:
        """Index of the pick and its sentence, each as soon as it is over."""
        if self._decoder is None or not rows:
            return
        prompts = [
            rationale_prompt(
                picks[row][0], drafts[row].pieces, self._catalog.domain, drafts[row].opening
            )
            for row in rows
        ]
        texts = [""] * len(rows)
        last_heard = [0] * len(rows)
        running = set(range(len(rows)))
        chunks = self._decoder.generate(
            prompts, max_new_tokens=self._max_new_tokens, temperature=self._temperature, seed=seed
        )
        for step, chunk in enumerate(chunks, start=1):
            texts[chunk.index] += chunk.text
            last_heard[chunk.index] = step
            silence = QUIET_STEPS * len(running)
            for row in sorted(running):
                over = step - last_heard[row] >= silence
                if over and tidy(texts[row]) == " ".join(texts[row].split()):
                    running.discard(row)
                    yield rows[row], tidy(texts[row])
            if not running:
                break
        for row in sorted(running):
            yield rows[row], tidy(texts[row])

    def _stands(self, text: str, pick: Pick) -> bool:
        item, evidence = pick
        long_enough = len(text.split()) >= MIN_WORDS
        if not long_enough or slips(text, item, evidence):
            return False
        return check(text, item, evidence, self._catalog).ok

    def _count(self, written: int = 0, regenerated: int = 0, fallback: int = 0) -> None:
        with self._lock:
            now = self._stats
            self._stats = replace(
                now,
                written=now.written + written,
                regenerated=now.regenerated + regenerated,
                fallback=now.fallback + fallback,
            )


def plain_draft(
    item: Item,
    evidence: Sequence[Evidence],
    catalog: Catalog,
    *,
    seed: int = 0,
    avoid: set[str] | frozenset[str] = frozenset(),
) -> Draft | None:
    """A varied sentence built from ``evidence`` by code, which passes the grounding check.

    It begins unlike the openings in ``avoid`` (two folded words each) where that can be had.
    Evidence that cannot be worded gives way to the item's own facts; None where those cannot be
    worded either.
    """
    rng = random.Random(f"{seed}:{item.item_id}")
    standing: Draft | None = None
    for pieces in (list(evidence), list(own_facts(item))):
        pieces.sort(key=lambda piece: not leads_well(piece))
        for attempt in range(DRAFTS if pieces else 0):
            rest = pieces[1:]
            rng.shuffle(rest)
            found = draft([pieces[0], *rest], catalog.domain, rng)
            good = not slips(found.text, item, found.pieces)
            if good and check(found.text, item, found.pieces, catalog).ok:
                if _start(found.text) not in avoid:
                    return found
                standing = standing or found
            if attempt % 3 == 2:
                pieces.append(pieces.pop(0))
        if standing is not None:
            return standing
    return None


def tidy(text: str) -> str:
    """The first two whole sentences of ``text`` on one line; empty where none is complete."""
    flat = " ".join(text.split()).strip('"“” ')
    ends = [match.end() for match in _SENTENCE_END.finditer(flat)]
    return flat[: ends[min(len(ends), 2) - 1]] if ends else ""


def _start(text: str) -> str:
    return " ".join(opening(text).casefold().split()[:2])


def _bare(catalog: Catalog) -> str:
    return f"The catalogue knows this {domain_words(catalog.domain)['noun']} by its title alone."


def _rotated(briefs: Sequence[tuple[Evidence, ...]]) -> list[tuple[Evidence, ...]]:
    """Each brief led by a kind that led the fewest before it, so that no two begin alike."""
    led: dict[str, int] = {}
    rotated: list[tuple[Evidence, ...]] = []
    for pieces in briefs:
        able = [piece for piece in pieces[:LEADS] if leads_well(piece)] or list(pieces[:1])
        lead = min(able, key=lambda piece: led.get(piece.kind, 0), default=None)
        if lead is not None:
            led[lead.kind] = led.get(lead.kind, 0) + 1
        rotated.append(tuple(sorted(pieces, key=lambda piece: piece is not lead)))
    return rotated
