"""Makes training examples for reasons: a prompt with facts, and a sentence that says just those.

Knows the catalogue, evidence and phrasing; needs no interactions and no model. The facts are
sampled the way they meet the decoder at run time: links to made-up likes, wishes, own facts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.generation.evidence import SPECIFIC_KINDS, brief, evidence_for
from chatrec.generation.fluency import slips
from chatrec.generation.grounding import check
from chatrec.generation.phrasing import draft, leads_well, rationale_prompt, wordable
from chatrec.prompting import Prompt
from chatrec.types import Constraints, Evidence, Item, Query

NEIGHBOURS_TRIED = 150
LIKED_AT_MOST = 3
AS_SERVED = 0.9
SIMILAR_SHARE = 0.05
LEADS_ROTATED = 3
SAMPLED = 4
WITH_OPENING = 0.9
LIMITED = 0.3
OTHER_SHARE = 0.15
OTHER_DOMAINS = ("book", "game", "music", "item")
REJECTED_AT_MOST = 200
_WISHES = (
    "something with {0}",
    "I want {0}",
    "a {noun} about {0}",
    "{0} and {1}, please",
    "anything {0} for tonight",
)


@dataclass(frozen=True, slots=True)
class RationaleExample:
    """A prompt and the completion to learn, one or two sentences of about 10 to 32 words."""

    prompt: Prompt
    completion: str


def rationale_examples(catalog: Catalog, *, seed: int, n: int) -> Iterator[RationaleExample]:
    """``n`` examples, the same for the same catalogue content and seed.

    Some are worded for another domain: the same facts under a book's or a game's words, so that a
    decoder learns to call a maker what the prompt calls them. Every completion passes the
    grounding check against its own evidence, and the check for slips.

    Raises:
        RequestError: the catalogue is empty or its items hold no facts to word.
    """
    if not len(catalog):
        raise RequestError("no items to make rationale examples from: import a catalogue first")
    rng = random.Random(seed)
    made = rejected = 0
    while made < n:
        item = rng.choice(catalog.items)
        query = _plausible_query(item, catalog, rng)
        stage, item = _stage(item, query, catalog, rng)
        example = _example(item, query, stage, rng)
        if example is not None:
            made, rejected = made + 1, 0
            yield example
        else:
            rejected += 1
        if rejected > REJECTED_AT_MOST:
            raise RequestError(
                f"{rejected} items in a row gave no rationale example: "
                "the catalogue needs creators, keywords, genres or descriptions"
            )


def _example(
    item: Item, query: Query, catalog: Catalog, rng: random.Random
) -> RationaleExample | None:
    evidence = wordable(_sampled_evidence(item, query, catalog, rng), catalog.domain)
    if not evidence:
        return None
    found = draft(evidence, catalog.domain, rng)
    if not found.told or slips(found.text, item, found.pieces):
        return None
    if not check(found.text, item, found.pieces, catalog).ok:
        return None
    start = found.opening if rng.random() < WITH_OPENING else ""
    prompt = rationale_prompt(item, found.told, catalog.domain, start)
    return RationaleExample(prompt, found.body)


def _stage(item: Item, query: Query, catalog: Catalog, rng: random.Random) -> tuple[Catalog, Item]:
    """The catalogue that the example plays in, and the item there.

    Mostly ``catalog`` itself; else the few items that matter here, as things of another domain.
    """
    others = [domain for domain in OTHER_DOMAINS if domain != catalog.domain]
    if rng.random() >= OTHER_SHARE:
        return catalog, item
    domain = rng.choice(others)
    kept = dict.fromkeys((item.item_id, *query.liked, *query.history, *query.near))
    items = [replace(catalog.get(item_id), cast=(), runtime_min=None) for item_id in kept]
    return Catalog(items, domain=domain), items[0]


def _sampled_evidence(
    item: Item, query: Query, catalog: Catalog, rng: random.Random
) -> tuple[Evidence, ...]:
    """Pieces to word, the lead first, one that a sentence can start from; empty where none can."""
    pieces = list(evidence_for(item, query, catalog))
    other = rng.choice(catalog.items)
    if rng.random() < SIMILAR_SHARE and other.item_id != item.item_id:
        pieces.append(Evidence("similar", other.title, "dense"))
    if rng.random() < AS_SERVED:
        chosen = list(brief(_shuffled_within_kinds(pieces, rng)))
        able = [piece for piece in chosen[:LEADS_ROTATED] if leads_well(piece)]
        lead = rng.choice(able) if able else None
        rng.shuffle(chosen)
        chosen.sort(key=lambda piece: piece is not lead)
    else:
        chosen = rng.sample(pieces, min(len(pieces), SAMPLED))
        chosen.sort(key=lambda piece: piece.kind not in SPECIFIC_KINDS)
    return tuple(chosen) if chosen and leads_well(chosen[0]) else ()


def _shuffled_within_kinds(pieces: Sequence[Evidence], rng: random.Random) -> list[Evidence]:
    """The same order of kinds and sources, the pieces of each shuffled, some of them left out."""
    keys = dict.fromkeys((piece.kind, piece.source) for piece in pieces)
    kept = [key for key in keys if rng.random() < 0.75]
    shuffled = rng.sample(pieces, len(pieces))
    return [p for key in kept for p in shuffled if (p.kind, p.source) == key]


def _plausible_query(item: Item, catalog: Catalog, rng: random.Random) -> Query:
    """Up to three items that share something with the item, met in some way, and maybe a wish."""
    tried = rng.sample(catalog.items, min(len(catalog), NEIGHBOURS_TRIED))
    near = [other for other in tried if other.item_id != item.item_id and _related(item, other)]
    near.sort(key=lambda other: not _closely(item, other))
    met = tuple(other.item_id for other in near[: rng.randint(0, LIKED_AT_MOST)])
    wish = _wish(item, catalog.domain, rng)
    limits = _limits(item, rng) if rng.random() < LIMITED else Constraints()
    place = rng.random()
    if place < 0.5:
        return Query(text=wish, liked=met, constraints=limits)
    if place < 0.7:
        return Query(text=wish, near=met, constraints=limits)
    if place < 0.9:
        return Query(text=wish, history=met, constraints=limits)
    return Query(text=wish, liked=met[:1], history=met[1:], constraints=limits)


def _limits(item: Item, rng: random.Random) -> Constraints:
    """One or two limits that the item keeps to, as a wish would set them."""
    found: list[Constraints] = []
    if item.year is not None:
        decade = item.year // 10 * 10
        found.append(Constraints(year_min=decade, year_max=decade + 9))
    if item.countries:
        found.append(Constraints(countries_any=item.countries[:1]))
    if item.language:
        found.append(Constraints(languages_any=(item.language,)))
    if item.runtime_min is not None:
        found.append(Constraints(runtime_max=item.runtime_min + 10))
    people = (*item.creators, *item.cast)
    if people:
        found += [Constraints(people_all=(rng.choice(people),))] * 2
    return rng.choice(found) if found else Constraints()


def _closely(item: Item, other: Item) -> bool:
    """Whether they share more than a genre."""
    return bool(
        set(item.creators) & set(other.creators)
        or set(item.cast) & set(other.cast)
        or set(item.keywords) & set(other.keywords)
    )


def _related(item: Item, other: Item) -> bool:
    return any(
        set(mine) & set(theirs)
        for mine, theirs in (
            (item.creators, other.creators),
            (item.cast, other.cast),
            (item.keywords, other.keywords),
            (item.genres, other.genres),
        )
    )


def _wish(item: Item, domain: str, rng: random.Random) -> str:
    words: Sequence[str] = [*item.keywords, *item.genres]
    if len(words) < 2 or rng.random() < 0.5:
        return ""
    return rng.choice(_WISHES).format(*rng.sample(words, 2), noun=domain)
