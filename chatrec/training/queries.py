"""Generates pairs of a request and the items that fulfil it, in the ten styles that people use.

History, vague wish, negated, misspelt, history with an intent, combined attributes, person, "like X
but Y", mood, and plot fragment. Knows no model. Everything follows from the generator passed in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

from chatrec.errors import RequestError
from chatrec.retrieval.words import wish_words
from chatrec.training.query_source import QuerySource, Trait
from chatrec.training.query_words import STYLES, Style, Words
from chatrec.training.wishes import misspell

TRIES = 1000
PROBES, LEAST_MADE = 100, 5  # a style that fewer items allow is left out
LARGEST_SHARE = 0.4  # of the catalogue; a wish that more would fulfil says too little
FRAGMENT_WORDS = (5, 14)
DROPPED_SHARE = 0.2
SPELT_OUT_SHARE = 0.5
SPELT_OUT_KEYWORDS = 4
FRAMED: tuple[Style, ...] = ("vague", "negated", "attributes", "mood")


@dataclass(frozen=True, slots=True)
class Pair:
    """``text`` as typed; ``targets`` every item_index that fulfils it, ``named`` those it names."""

    style: Style
    text: str
    targets: frozenset[int]
    named: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Made:
    slots: dict[str, str]
    targets: Collection[int]
    named: tuple[int, ...] = ()


def sample_pair(
    source: QuerySource, words: Words, rng: random.Random, *, of_held_out: bool, style: Style
) -> Pair:
    """A request of the style, made for an item that is held out for validation or for one that is
    not. Raises RequestError where the catalogue gives nothing to make it of.
    """
    eligible = [int(i) for i in (source.held_out == of_held_out).nonzero()[0]]
    for _ in range(TRIES if eligible else 0):
        pair = pair_for(source, words, rng, rng.choice(eligible), style)
        if pair is not None:
            return pair
    raise RequestError(
        f"no request of the style {style!r} could be made from the catalogue of "
        f"{len(source.catalog)} items; it lacks the genres, people, keywords, descriptions or "
        "histories for it: leave this style out or import a catalogue with more columns"
    )


def styles_of(source: QuerySource, words: Words, *, of_held_out: bool, seed: int) -> list[Style]:
    """The styles that enough items can be asked for in; RequestError where there is none."""
    rng = random.Random(seed)
    eligible = [int(i) for i in (source.held_out == of_held_out).nonzero()[0]]
    found = []
    for style in STYLES:
        probes = [rng.choice(eligible) for _ in range(PROBES if eligible else 0)]
        made = sum(pair_for(source, words, rng, index, style) is not None for index in probes)
        if made >= LEAST_MADE:
            found.append(style)
    if not found:
        raise RequestError(
            "no requests could be made from the catalogue: its items have no genres, people, "
            "keywords, descriptions or histories; import one with at least one of these"
        )
    return found


def pair_for(
    source: QuerySource, words: Words, rng: random.Random, index: int, style: Style
) -> Pair | None:
    """A request of the style that the item fulfils; None where its facts give none.

    None as well where more than LARGEST_SHARE of the catalogue would fulfil it.
    """
    if style == "misspelt":
        other = pair_for(source, words, rng, index, rng.choice([s for s in STYLES if s != style]))
        if other is None:
            return None
        text = other.text
        for _ in range(rng.randint(1, 3)):
            text = misspell(text, rng)
        return Pair(style, text, other.targets, other.named)
    made = _MAKERS[style](source, words, index, rng)
    if made is None:
        return None
    targets = frozenset(made.targets) - set(made.named)
    if index not in targets or len(targets) > LARGEST_SHARE * len(source.catalog):
        return None
    text = _text(source, words, rng, style, made.slots)
    return Pair(style, text, targets, made.named)


def _text(
    source: QuerySource, words: Words, rng: random.Random, style: Style, slots: dict[str, str]
) -> str:
    noun = rng.choice(["film", "movie"]) if source.noun == "film" else source.noun
    fitting = [w for w in words.styles[style] if _fields(w) <= {"noun", *slots}]
    text = rng.choice(fitting).format(**slots, noun=noun)
    if style in FRAMED:
        text = rng.choice(words.frames).format(text, noun=noun)
    if rng.random() < 0.25:
        text = f"{rng.choice(words.greetings).format(noun=noun)}. {text}"
    if rng.random() < SPELT_OUT_SHARE:  # as the dense retriever does with every wish
        text = source.moods.spelt_out(text, wish_words(text), SPELT_OUT_KEYWORDS)
    return text


@cache
def _fields(wording: str) -> frozenset[str]:
    """What a wording has braces for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(wording) if name)


def _history(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    past, after = source.moment(index, rng)
    return _Made({"titles": _titles(source, past, rng)}, after, past) if past else None


def _history_intent(
    source: QuerySource, words: Words, index: int, rng: random.Random
) -> _Made | None:
    past, after = source.moment(index, rng)
    wanted = source.traits(index, "genre", "keyword", "decade")
    if not past or not wanted:
        return None
    trait = rng.choice(wanted)
    fitting = source.having[trait] & {*after, *(k for p in past for k in source.kin(p)[:20])}
    slots = {"titles": _titles(source, past, rng), "wish": _said(trait)}
    return _Made(slots, fitting | {index}, past)


def _vague(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    genres = source.traits(index, "genre")
    if not genres:
        return None
    chosen = rng.sample(genres, min(len(genres), rng.choice((1, 2))))
    slots = dict(zip(("genre", "genre2"), map(_said, chosen), strict=False))
    return _Made(slots, frozenset().union(*(source.having[trait] for trait in chosen)))


def _negated(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    wanted = source.traits(index, "genre", "keyword")
    if not wanted:
        return None
    trait = rng.choice(wanted)
    rivals = rng.sample(sorted(source.having[trait]), min(8, len(source.having[trait])))
    own = set(source.traits(index, "genre", "keyword", "person"))
    others = [t for i in rivals for t in source.traits(i, "genre", "genre", "keyword", "person")]
    refusable = sorted(set(others) - own)
    if not refusable:
        return None
    refused = rng.choice(refusable)
    slots = {"wanted": _said(trait), "refused": _said(refused).removeprefix("with ")}
    return _Made(slots, source.having[trait] - source.having[refused])


def _attributes(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    traits = source.traits(index, "genre", "keyword", "decade", "country", "person")
    kinds = sorted({kind for kind, _ in traits})
    if len(traits) < 2 or len(kinds) < 2:
        return None
    chosen = [
        rng.choice([t for t in traits if t[0] == kind])
        for kind in rng.sample(kinds, min(len(kinds), rng.choice((2, 2, 3))))
    ]
    fitting = source.having[chosen[0]].intersection(*(source.having[t] for t in chosen[1:]))
    said = [_said(trait) for trait in chosen]
    return _Made({"parts": rng.choice((", ", " ", " and ")).join(said)}, fitting)


def _person(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    people = source.traits(index, "person")
    if not people:
        return None
    trait = rng.choice(people)
    return _Made({"name": trait[1]}, source.having[trait])


def _like_but(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    kin = source.kin(index)[:20]
    if not kin:
        return None
    anchor = rng.choice(kin)
    kinds = ("genre", "keyword", "decade")
    own, theirs = source.traits(index, *kinds), source.traits(anchor, *kinds)
    gained = [(f"more {_said(t)}", source.having[t]) for t in own if t not in theirs]
    lost = [(f"less {_said(t)}", source.having[t]) for t in theirs if t not in own]
    near = frozenset((index, *source.kin(anchor)))
    choices = [(more, near & having) for more, having in gained]
    choices += [(less, near - having) for less, having in lost if not less.startswith("less from")]
    if not choices:
        return None
    more, fitting = rng.choice(choices)
    title = _titles(source, (anchor,), rng)
    return _Made({"title": title, "more": more.replace("more from", "from")}, fitting, (anchor,))


def _mood(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    fitting = [mood for mood in words.moods if index in source.in_mood(mood)]
    if not fitting:
        return None
    chosen = rng.sample(fitting, min(len(fitting), rng.choice((1, 2))))
    slots = dict(zip(("mood", "mood2"), chosen, strict=False))
    return _Made(slots, frozenset().union(*(source.in_mood(mood) for mood in chosen)))


def _plot(source: QuerySource, words: Words, index: int, rng: random.Random) -> _Made | None:
    """A piece of the description with some words left out and some replaced.

    Half of the time the piece's two halves change places, as a person would remember it.
    """
    told = source.catalog.items[index].description.rstrip(".").casefold().split()
    size = rng.randint(*FRAGMENT_WORDS)
    if len(told) < size:
        return None
    start = rng.randrange(len(told) - size + 1)
    kept = [w for w in told[start : start + size] if rng.random() >= DROPPED_SHARE] or told[:size]
    said = [words.alike.get(word, word).replace("-", " ") for word in kept]
    if rng.random() < 0.5:
        middle = len(said) // 2
        said = said[middle:] + said[:middle]
    return _Made({"plot": " ".join(said)}, (index,))


Maker = Callable[[QuerySource, Words, int, random.Random], _Made | None]
_MAKERS: dict[Style, Maker] = {
    "history": _history,
    "vague": _vague,
    "negated": _negated,
    "history_intent": _history_intent,
    "attributes": _attributes,
    "person": _person,
    "like_but": _like_but,
    "mood": _mood,
    "plot": _plot,
}


def _titles(source: QuerySource, indexes: Sequence[int], rng: random.Random) -> str:
    """Titles as in a sentence, all with their year or all without."""
    items = [source.catalog.items[index] for index in indexes]
    names = [item.label for item in items] if rng.random() < 0.5 else [item.title for item in items]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _said(trait: Trait) -> str:
    """A trait in a person's words."""
    kind, value = trait
    if kind == "decade":
        return f"from the {value}s"
    if kind == "country":
        return f"from {value}"
    return f"with {value}" if kind == "person" else value.casefold()
