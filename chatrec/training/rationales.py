"""Makes training examples for reasons: a prompt with facts, and a sentence that says just those.

Knows the catalogue, evidence and phrasing; needs no interactions and no model. The facts are
sampled the way they meet the decoder at run time: links to made-up likes, wishes, own facts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.generation.evidence import SPECIFIC_KINDS, brief, evidence_for
from chatrec.generation.grounding import check
from chatrec.generation.phrasing import leads_well, rationale_prompt, sentence
from chatrec.prompting import Prompt
from chatrec.types import Evidence, Item, Query

NEIGHBOURS_TRIED = 60
LIKED_AT_MOST = 3
AS_SERVED = 0.7
SIMILAR_SHARE = 0.1
LEADS_ROTATED = 3
FACTS_SIZES = (2, 3, 3, 4, 4)
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

    Every completion passes the grounding check against its own evidence.

    Raises:
        RequestError: the catalogue is empty or its items hold no facts to word.
    """
    if not len(catalog):
        raise RequestError("no items to make rationale examples from: import a catalogue first")
    rng = random.Random(seed)
    made = rejected = 0
    while made < n:
        item = rng.choice(catalog.items)
        evidence = _sampled_evidence(item, catalog, rng)
        completion = sentence(evidence, catalog.domain, rng) if evidence else ""
        if completion and check(completion, item, evidence, catalog).ok:
            made, rejected = made + 1, 0
            yield RationaleExample(rationale_prompt(item, evidence, catalog.domain), completion)
        else:
            rejected += 1
        if rejected > REJECTED_AT_MOST:
            raise RequestError(
                f"{rejected} items in a row gave no rationale example: "
                "the catalogue needs creators, keywords, genres or descriptions"
            )


def _sampled_evidence(item: Item, catalog: Catalog, rng: random.Random) -> tuple[Evidence, ...]:
    """Two to four pieces in a random order, the lead one that a sentence can start from."""
    pieces = list(evidence_for(item, _plausible_query(item, catalog, rng), catalog))
    other = rng.choice(catalog.items)
    if rng.random() < SIMILAR_SHARE and other.item_id != item.item_id:
        pieces.append(Evidence("similar", other.title, "dense"))
    size = rng.choice(FACTS_SIZES)
    if rng.random() < AS_SERVED:
        chosen = list(brief(_shuffled_within_kinds(pieces, rng), size))
        lead = rng.choice(chosen[:LEADS_ROTATED]) if chosen else None
        chosen.sort(key=lambda piece: piece is not lead)
    else:
        chosen = rng.sample(pieces, min(len(pieces), size))
        chosen.sort(key=lambda piece: piece.kind not in SPECIFIC_KINDS)
    return tuple(chosen) if chosen and leads_well(chosen[0]) else ()


def _shuffled_within_kinds(pieces: Sequence[Evidence], rng: random.Random) -> list[Evidence]:
    """The same order of kinds, the pieces of a kind shuffled, some kinds left out."""
    kinds = [kind for kind in dict.fromkeys(piece.kind for piece in pieces) if rng.random() < 0.75]
    shuffled = rng.sample(pieces, len(pieces))
    return [piece for kind in kinds for piece in shuffled if piece.kind == kind]


def _plausible_query(item: Item, catalog: Catalog, rng: random.Random) -> Query:
    """Up to three liked items that share something with the item, and sometimes a wish."""
    tried = rng.sample(catalog.items, min(len(catalog), NEIGHBOURS_TRIED))
    near = [other for other in tried if other.item_id != item.item_id and _related(item, other)]
    liked = tuple(other.item_id for other in near[: rng.randint(0, LIKED_AT_MOST)])
    return Query(text=_wish(item, catalog.domain, rng), liked=liked)


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
