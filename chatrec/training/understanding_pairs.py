"""Generates messages with the line of acts that they mean, to train a decoder to understand.

First messages and messages after a list, with their state as the prompt tells it, made of a
catalogue's values and of :mod:`chatrec.training.understanding_words`. Knows no model. Everything
follows from the generator that is passed in.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass

from chatrec.conversation.act_lines import ActLine, Slot, copied, prompt_of
from chatrec.conversation.filters import filters_of
from chatrec.conversation.merging import NO_LIMITS
from chatrec.data.catalog import Catalog
from chatrec.training import understanding_words as words
from chatrec.training.wishes import all_genres, misspell
from chatrec.types import Constraints

FIRST_SHARE = 0.35  # messages that begin a dialogue
MISSPELT_SHARE = 0.06  # values, and pieces between them
SMALL_SHARE = 0.45  # messages without a capital letter
POINTED_SHARE = 0.6  # items of the list that are pointed at, not named

_MARK = re.compile(r"\{([-+|/*=!?])([a-z])(\*?)(?::([^}]*))?\}")
# What a message is, with its share: those of a first message, then those after a list.
_FIRST = {"wish": 68, "likes": 7, "V": 4, "Q": 7, "S": 7, "O": 4, "N": 2, "X": 1}
_LATER = {
    "wish": 17, "F": 20, "C": 14, "shown": 9, "both": 8, "V": 3, "likes": 3, "Q": 3, "list": 11,
    "K": 6, "X": 3, "U": 4, "S": 5, "O": 3, "N": 1,
}  # fmt: skip
_WHOLE = {
    "F": words.REFINEMENTS,
    "C": words.CRITIQUES,
    "V": words.VERDICTS,
    "Q": words.QUESTIONS,
    "K": words.CORRECTIONS,
    "X": words.RESETS,
    "U": words.UNDOS,
    "S": words.SMALLTALK,
    "O": words.ELSEWHERE,
    "likes": words.LIKES,
    "shown": words.SHOWN_VERDICTS,
    "list": words.LIST_QUESTIONS,
}
_ACTS = {"shown": "V", "list": "Q"}


@dataclass(frozen=True, slots=True)
class ActPair:
    """A message, the prompt that tells it in its state, and its line of acts."""

    said: str
    prompt: str
    line: ActLine


@dataclass(frozen=True, slots=True)
class _Moment:
    """What holds when a message is said. ``own``: the current wish is for something of its own."""

    shown: tuple[str, ...] = ()
    limits: Constraints = NO_LIMITS
    wish: str = ""

    @property
    def own(self) -> bool:
        return bool(self.wish or self.limits.genres_all)


class PairSource:
    """The values of one catalogue that messages name."""

    def __init__(self, catalog: Catalog) -> None:
        self._items = catalog.items
        people = Counter(n for item in catalog for n in (*item.creators, *item.cast))
        self._people = [name for name, n in people.most_common() if n > 1 or len(people) < 100]
        self._genres = sorted(all_genres(catalog))

    def sample(self, rng: random.Random) -> ActPair:
        """A message in a moment of a dialogue, with its line."""
        moment = _Moment() if rng.random() < FIRST_SHARE else self._moment(rng)
        shares = _LATER if moment.shown else _FIRST
        what = rng.choices(list(shares), weights=list(shares.values()))[0]
        act, template = _template(what, moment, rng)
        said, slots = self._said(template, moment, rng)
        return self.pair(said, ActLine(act, slots), moment, rng)

    def pair(self, said: str, line: ActLine, moment: _Moment, rng: random.Random) -> ActPair:
        """The message and its line as somebody types them, with or without capitals."""
        small, bare = rng.random() < SMALL_SHARE, rng.random() < 0.1

        def typed(text: str) -> str:
            text = text.lower() if small else re.sub(r"\bi\b(?!')|\bi(?=')", "I", text)
            return text.replace("'", "") if bare else text

        said = typed(said)
        said = said if small else said[:1].upper() + said[1:]
        slots = tuple(Slot(slot.pair, typed(slot.words)) for slot in line.slots)
        if not small:  # a value that begins the message begins with a capital
            slots = tuple(
                s if s.words in said else Slot(s.pair, s.words[:1].upper() + s.words[1:])
                for s in slots
            )
        slots = tuple(Slot(slot.pair, copied(slot.words)) for slot in slots)
        chips = [chip.label for chip in filters_of(moment.limits)]
        prompt = prompt_of(said, moment.shown, chips, moment.wish)
        return ActPair(said, prompt, ActLine(line.act, slots))

    def _moment(self, rng: random.Random) -> _Moment:
        limits = Constraints(
            year_min=rng.choice((None, None, None, 1970, 1980, 1990, 2000, 2010)),
            genres_all=(rng.choice(self._genres),) if rng.random() < 0.4 else (),
            genres_none=(rng.choice(self._genres),) if rng.random() < 0.15 else (),
            people_all=(rng.choice(self._people),) if rng.random() < 0.15 else (),
            runtime_max=rng.choice((None, None, None, None, 90, 119)),
        )
        shown = tuple(item.title for item in rng.sample(self._items, rng.choice((3, 4, 5))))
        wishes = (*words.THEME_WORDS, *words.MOOD_WORDS, f"like {rng.choice(self._items).title}")
        return _Moment(shown, limits, rng.choice(wishes) if rng.random() < 0.4 else "")

    def _said(
        self, template: str, moment: _Moment, rng: random.Random
    ) -> tuple[str, tuple[Slot, ...]]:
        """The template's words with values in their places, and the slots that these are."""
        text, slots, at = "", [], 0
        for mark in _MARK.finditer(template):
            sign, kind, listed, literal = mark.groups()
            text += _slip(template[at : mark.start()], rng)
            value = literal or self._value(sign, kind, text, moment if listed else None, rng)
            text += value
            slots.append(Slot(sign + kind, value))
            at = mark.end()
        return text + _slip(template[at:], rng), tuple(slots)

    def _value(
        self, sign: str, kind: str, before: str, moment: _Moment | None, rng: random.Random
    ) -> str:
        if kind == "g":
            return _slip(_kind_words(sign, before, rng), rng)
        if kind == "p":
            name = self._people[int(rng.random() ** 2 * len(self._people))]
            return _slip(name if rng.random() < 0.8 else name.split()[-1], rng)
        if kind == "t":
            if moment is not None and rng.random() < POINTED_SHARE:
                return rng.choice(words.POINTERS)
            titles = moment.shown if moment is not None else ()
            return self._title(rng.choice(titles) if titles else None, rng)
        spoken = {
            "y": words.YEAR_WORDS,
            "r": words.LENGTH_WORDS,
            "a": words.AGE_WORDS,
            "v": words.COMPARISONS,
        }
        return rng.choice(spoken[kind])

    def _title(self, title: str | None, rng: random.Random) -> str:
        """A title as people write it: whole, a part of it, without its article, or with a slip."""
        title = title or rng.choice(self._items).title
        if ": " in title and rng.random() < 0.3:
            title = rng.choice(title.split(": "))
        if title.startswith("The ") and rng.random() < 0.2:
            title = title[4:]
        return _slip(title, rng)


def _template(what: str, moment: _Moment, rng: random.Random) -> tuple[str, str]:
    """The act of a message of this sort, and its words with marks for values."""
    if what == "wish":
        return _wish(moment, rng)
    if what == "N":
        letters = "asdfghjklqwertyuiopzxcvbnm"
        return "N", "".join(rng.choice(letters) for _ in range(rng.randint(3, 14)))
    if what == "both":  # a verdict and then what it is to lead to
        act = rng.choice("FCC")
        return act, f"{rng.choice(words.SHOWN_VERDICTS)}{rng.choice(('. ', ', ', ' - '))}" + (
            rng.choice(_WHOLE[act])
        )
    template = rng.choice(_WHOLE[what])
    if what == "likes":
        return ("F" if moment.shown else "R"), template
    if rng.random() < 0.15:
        template = f"{rng.choice(words.GREETINGS)}{rng.choice((', ', ' ', '. '))}{template}"
    return _ACTS.get(what, what), template


def _wish(moment: _Moment, rng: random.Random) -> tuple[str, str]:
    """A wish of its own; after a list one that says so, or that names a kind or a title."""
    anew = bool(moment.shown) and rng.random() < 0.35
    cores = words.CORES
    if moment.shown and not anew:
        cores = tuple(core for core in cores if "{+g}" in core or "{=t}" in core)
    text = rng.choice(cores)
    if rng.random() < 0.6:
        text = f"{rng.choice(words.OPENINGS)} {text}"
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        ending = rng.choice(words.ENDINGS)
        text += ending if ending[0] in ",." else f" {ending}"
    if rng.random() < 0.15:
        text = f"{rng.choice(words.BEFORE)} {text}"
    if anew:
        text = f"{rng.choice(words.ANEW)} {text}"
    if rng.random() < 0.15:
        text = f"{rng.choice(words.GREETINGS)}{rng.choice((', ', '! ', ' '))}{text}"
    if rng.random() < 0.15:
        text += f"{rng.choice((', ', ' ', '. '))}{rng.choice(words.CLOSINGS)}"
    text += rng.choice(("", "", "", ".", "?", "!"))
    return ("R" if anew or moment.own or not moment.shown else "F"), text


def _kind_words(sign: str, before: str, rng: random.Random) -> str:
    """A genre, mood, theme or country, whichever the words before it lead up to."""
    last = re.sub(r"\W+$", "", before).rpartition(" ")[2]
    if last in ("about", "with", "without", "any"):
        return rng.choice(words.THEME_WORDS)
    if last in ("from", "in"):
        return rng.choice(words.PLACE_WORDS)
    if sign == "-" and last in ("no", "more", "or", "hate", "of"):
        return rng.choice((*words.THEME_WORDS, *words.GENRE_WORDS))
    places = words.PLACE_WORDS if sign in "+-" else ()
    return rng.choice((*words.GENRE_WORDS, *words.GENRE_WORDS, *words.MOOD_WORDS, *places))


def _slip(text: str, rng: random.Random) -> str:
    """The text, with one slip of the keyboard now and then."""
    if len(text) < 5 or rng.random() >= MISSPELT_SHARE:
        return text
    edge = re.match(r"(\W*)(.*?)(\W*)$", text, re.DOTALL)
    assert edge is not None
    return edge[1] + " ".join(misspell(edge[2], rng).split()) + edge[3]
