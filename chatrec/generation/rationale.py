"""Writes the reasons shown beside recommended items: generated, checked, else worded plainly.

Every reason begins as a draft: a plain sentence built from a few pieces of the evidence. The
decoder is given those pieces and the draft's first words, so that no two reasons of a list begin
alike, and writes its own sentence. What the grounding check or the check for slips refuses is
generated once more from another draft, and then that draft itself is shown. Knows nothing about
ranking or about how the evidence was found.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import brief, own_facts, wording_domain
from chatrec.generation.fact_words import columns_of
from chatrec.generation.fluency import slips
from chatrec.generation.grounding import check
from chatrec.generation.model import Chunk, Decoder
from chatrec.generation.phrasing import (
    Draft,
    by_code,
    draft,
    leads_well,
    opening,
    rationale_prompt,
    rewordings,
    with_articles,
    wordable,
)
from chatrec.generation.planned import keeps_to_plans
from chatrec.generation.sentences import closed, literally, tidy
from chatrec.generation.tones import tone_of
from chatrec.prompting import domain_words
from chatrec.settings import Tone
from chatrec.types import Evidence, Item, RationaleBy

FACTS = 6
TEMPERATURE = 0.3
MAX_NEW_TOKENS = 64
LEADS = 3  # the lead is one of the first so many pieces
MIN_WORDS = 5
QUIET_STEPS = 3  # a sentence is over when its row was silent for so many steps of the batch
DRAFTS = 30
ROWS_PLANNED = 64  # that are asked for at once where each may only be worded as planned
PLANNED_TOKENS = 160  # of such a sentence: whole titles of products may stand in it

# Of items with nothing but a title; by their place in the list.
_BARE = (
    "The catalogue knows this {noun} by its title alone.",
    "Beyond its title, nothing is known of this {noun} here.",
    "Its title is all that the catalogue has of this {noun}.",
    "Only the title of this {noun} is in the catalogue.",
    "Nothing but a title stands for this {noun} in the catalogue.",
)

Pick = tuple[Item, tuple[Evidence, ...]]


def unhurried() -> bool:
    """False: nobody waits for something else."""
    return False


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason for pick number ``index``; ``refused`` are the sentences that did not pass."""

    index: int
    text: str
    by: RationaleBy
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriterStats:
    """Counts of reasons: all written, those generated a second time, those worded plainly.

    ``refused`` are the generated sentences that did not pass the checks.
    """

    written: int = 0
    regenerated: int = 0
    fallback: int = 0
    refused: int = 0


class _Work:
    """The reasons of one list under way.

    ``refused`` has each pick whose reason is still to come, with what the decoder wrote in vain;
    ``shown`` are the openings of the reasons that stand.
    """

    def __init__(self, picks: list[Pick]) -> None:
        self.picks = picks
        self.drafts: dict[int, Draft] = {}
        self.refused: dict[int, tuple[str, ...]] = dict.fromkeys(range(len(picks)), ())
        self.shown: set[str] = set()

    def open_rows(self) -> list[int]:
        """The picks that the decoder is to write about."""
        return [index for index in self.refused if index in self.drafts and self.drafts[index].told]


class RationaleWriter:
    """Writes reasons for the items of one catalogue; may be shared between threads.

    ``decoder`` None shows the drafts. ``facts`` is the number of pieces of evidence that a
    draft may choose from. ``keep_to_plans`` lets the decoder choose among rewordings of the draft
    and no more: for one that was not tuned to word this kind of catalogue. ``tone`` None is
    the domain's own. The other arguments go to the decoder.
    """

    def __init__(
        self,
        decoder: Decoder | None,
        catalog: Catalog,
        *,
        facts: int = FACTS,
        temperature: float = TEMPERATURE,
        keep_to_plans: bool = False,
        tone: Tone | None = None,
        max_new_tokens: int = MAX_NEW_TOKENS,
    ) -> None:
        self._decoder = decoder
        self._catalog = catalog
        self._facts = facts
        self._temperature = temperature
        self._keep_to_plans = keep_to_plans
        self._tone = tone
        self._max_new_tokens = max_new_tokens
        self._stats = WriterStats()
        self._lock = threading.Lock()

    @property
    def tone(self) -> Tone:
        """The tone of the reasons."""
        return tone_of(wording_domain(self._catalog)) if self._tone is None else self._tone

    @property
    def stats(self) -> WriterStats:
        """Counts since the writer was made."""
        return self._stats

    @property
    def decoder(self) -> Decoder | None:
        """What words the reasons; None where the drafts are shown."""
        return self._decoder

    def write(
        self,
        picks: Sequence[Pick],
        seed: int = 0,
        *,
        hurried: Callable[[], bool] = unhurried,
    ) -> Iterator[Reason]:
        """One reason for each pick, as they get ready; every one passes the grounding check.

        The same picks, seed and decoder give the same reasons. No picks give nothing. An item
        without any evidence or facts gets a sentence that says so. ``hurried`` is asked at every
        step of the decoder; once it gives True, the decoder stops and the rest is worded plainly.
        """
        for _, reason in self.write_lists([picks], seed, hurried=hurried):
            yield reason

    def write_lists(
        self,
        lists: Sequence[Sequence[Pick]],
        seed: int = 0,
        *,
        hurried: Callable[[], bool] = unhurried,
    ) -> Iterator[tuple[int, Reason]]:
        """As ``write``, of many lists at once: the number of the list, and one of its reasons.

        The decoder is asked for all of them together, which takes less time than one by one.
        """
        columns = columns_of(self._catalog)
        works = [
            _Work([(item, tuple(evidence) or own_facts(item, columns)) for item, evidence in picks])
            for picks in lists
        ]
        for work in works:
            work.drafts = self._drafts(work.picks, list(work.refused), seed)
        for attempt in range(0 if self._decoder is None else 2):
            if hurried():
                break
            for work in works if attempt else ():
                again = work.open_rows()
                self._count(regenerated=len(again))
                work.drafts |= self._drafts(work.picks, again, seed + 1, work.shown)
            for number, index, text in self._generated(works, seed + attempt, hurried):
                reason = self._reason(works[number], index, text)
                if reason is not None:
                    yield number, reason
        for number, work in enumerate(works):
            for index, texts in work.refused.items():
                drafts = work.drafts
                plain = drafts[index].text if index in drafts else _bare(self._catalog, index)
                self._count(written=1, fallback=1)
                yield number, Reason(index, " ".join(plain.split()), "template", texts)

    def _reason(self, work: _Work, index: int, text: str) -> Reason | None:
        """What the decoder wrote as a reason; None where it is refused, which ``work`` notes."""
        draft = work.drafts[index]
        planned = self._is_planned(text, draft)
        text = closed(
            with_articles(text) if self._keep_to_plans else text, draft.closing, draft.told
        )
        if not (planned and self._stands(text, work.picks[index])):
            work.refused[index] = (*work.refused[index], text)
            self._count(refused=1)
            return None
        self._count(written=1)
        work.shown.add(_start(text))
        return Reason(index, text, "model", work.refused.pop(index))

    def _drafts(
        self,
        picks: Sequence[Pick],
        rows: Sequence[int],
        seed: int,
        shown: frozenset[str] | set[str] = frozenset(),
    ) -> dict[int, Draft]:
        """A draft for each of these picks that holds facts; openings differ, from ``shown`` too."""
        drafts: dict[int, Draft] = {}
        taken = set(shown)
        domain = wording_domain(self._catalog)
        briefs = _rotated([brief(picks[row][1], self._facts) for row in rows], domain)
        for row, pieces in zip(rows, briefs, strict=True):
            found = plain_draft(
                picks[row][0],
                pieces,
                self._catalog,
                seed=seed,
                avoid=taken,
                tone=self.tone,
                beside=picks[row][1],
            )
            if found is not None:
                drafts[row] = found
                taken.add(_start(found.text))
        return drafts

    def _generated(
        self, works: Sequence[_Work], seed: int, hurried: Callable[[], bool]
    ) -> Iterator[tuple[int, int, str]]:
        """Number of the list, index of the pick and its sentence, each as soon as it is over.

        None once hurried.
        """
        places = [(number, row) for number, work in enumerate(works) for row in work.open_rows()]
        if self._decoder is None or not places:
            return
        together = ROWS_PLANNED if self._keep_to_plans else len(places)
        for start in range(0, len(places), together):
            group = places[start : start + together]
            drafts = [works[number].drafts[row] for number, row in group]
            items = [works[number].picks[row][0] for number, row in group]
            for place, text in self._sentences(items, drafts, seed, hurried):
                yield *group[place], text

    def _sentences(
        self, items: Sequence[Item], drafts: Sequence[Draft], seed: int, hurried: Callable[[], bool]
    ) -> Iterator[tuple[int, str]]:
        """The place of each of ``drafts`` and its sentence, each as soon as it is over."""
        assert self._decoder is not None
        texts = [""] * len(drafts)
        last_heard = [0] * len(drafts)
        running = set(range(len(drafts)))
        for step, chunk in enumerate(self._chunks(items, drafts, seed), start=1):
            if hurried():
                return
            texts[chunk.index] += chunk.text
            last_heard[chunk.index] = step
            silence = QUIET_STEPS * len(running)
            for row in sorted(running):
                over = last_heard[row] > 0 and step - last_heard[row] >= silence
                tidied = tidy(texts[row], drafts[row].told) if over else ""
                if over and tidied == " ".join(texts[row].split()):
                    running.discard(row)
                    yield row, tidied
            if not running:
                break
        for row in sorted(running):
            yield row, tidy(texts[row], drafts[row].told)

    def _chunks(self, items: Sequence[Item], drafts: Sequence[Draft], seed: int) -> Iterator[Chunk]:
        """What the decoder says of the drafts; one that is to keep to the plans has no others.

        Each of its answers is one of the rewordings of a draft, of which it chooses.
        """
        assert self._decoder is not None
        domain = wording_domain(self._catalog)
        prompts = [
            rationale_prompt(item, found.told, domain, found.opening, self.tone)
            for item, found in zip(items, drafts, strict=True)
        ]
        if not self._keep_to_plans:
            return self._decoder.generate(
                prompts,
                max_new_tokens=self._max_new_tokens,
                temperature=self._temperature,
                seed=seed,
            )
        bodies = dict.fromkeys(
            body
            for one in drafts
            for body in rewordings(one, domain, random.Random(f"{seed}:{one.text}"), self.tone)
        )
        return self._decoder.generate(
            prompts,
            max_new_tokens=PLANNED_TOKENS,
            temperature=self._temperature,
            seed=seed,
            regex="|".join(map(literally, bodies)),
        )

    def _is_planned(self, text: str, draft: Draft) -> bool:
        """Whether ``text`` may stand as far as the plans go."""
        domain = wording_domain(self._catalog)
        return not self._keep_to_plans or keeps_to_plans(text, draft.told, domain)

    def _stands(self, text: str, pick: Pick) -> bool:
        item, evidence = pick
        long_enough = len(text.split()) >= MIN_WORDS
        if not long_enough or slips(text, item, evidence):
            return False
        return check(text, item, evidence, self._catalog).ok

    def _count(self, **more: int) -> None:
        with self._lock:
            now = self._stats
            self._stats = replace(now, **{n: getattr(now, n) + by for n, by in more.items()})


def plain_draft(
    item: Item,
    evidence: Sequence[Evidence],
    catalog: Catalog,
    *,
    seed: int = 0,
    avoid: set[str] | frozenset[str] = frozenset(),
    tone: Tone = "plain",
    beside: Sequence[Evidence] = (),
) -> Draft | None:
    """A varied sentence built from ``evidence`` by code, which passes the grounding check.

    It does so beside all that is shown with it, ``beside``, too: there "It" may be a title. It
    begins unlike the openings in ``avoid`` (two folded words each) where that can be had.
    Evidence that cannot be worded gives way to the item's own facts; None where those cannot be
    worded either.
    """
    rng, domain = random.Random(f"{seed}:{item.item_id}"), wording_domain(catalog)
    standing: Draft | None = None
    own = own_facts(item, columns_of(catalog))
    for pieces in (wordable(evidence, domain), wordable(own, domain)):
        pieces.sort(key=lambda piece: not leads_well(piece))
        for attempt in range(DRAFTS if pieces else 0):
            rest = pieces[1:]
            rng.shuffle(rest)
            found = draft([pieces[0], *rest], domain, rng, tone)
            good = not slips(found.text, item, found.pieces)
            told = (found.pieces, beside) if beside else (found.pieces,)
            if good and all(check(found.text, item, seen, catalog).ok for seen in told):
                if _start(found.text) not in avoid:
                    return found
                standing = standing or found
            if attempt % 3 == 2:
                pieces.append(pieces.pop(0))
        if standing is not None:
            return standing
    return None


def _start(text: str) -> str:
    return " ".join(opening(text).casefold().split()[:2])


def _bare(catalog: Catalog, index: int) -> str:
    noun = domain_words(wording_domain(catalog))["noun"]
    return _BARE[index % len(_BARE)].format(noun=noun)


def _rotated(briefs: Sequence[tuple[Evidence, ...]], domain: str) -> list[tuple[Evidence, ...]]:
    """Each brief led by a kind that led the fewest before it, so that no two begin alike."""
    led: dict[str, int] = {}
    rotated: list[tuple[Evidence, ...]] = []
    for pieces in briefs:
        free = [piece for piece in pieces if not by_code(piece, domain)] or list(pieces)
        able = [piece for piece in free[:LEADS] if leads_well(piece)] or free[:1]
        lead = min(able, key=lambda piece: led.get(piece.kind, 0), default=None)
        if lead is not None:
            led[lead.kind] = led.get(lead.kind, 0) + 1
        rotated.append(tuple(sorted(pieces, key=lambda piece: piece is not lead)))
    return rotated
