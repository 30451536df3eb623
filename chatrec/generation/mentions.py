"""Finds the titles and people of a catalogue in a sentence and sets marks in their place.

Knows names and titles; knows nothing about which of them are true of an item. Lookups are built
once for a catalogue's content and kept for the last few catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chatrec.data.catalog import Catalog
from chatrec.generation.themes import is_mood
from chatrec.generation.vocabulary import CONNECTING
from chatrec.generation.words import STOP_WORDS, fold, word_set, words_of
from chatrec.types import Item

KEPT_LOOKUPS = 4
LOOK_BACK = 40  # characters before a word that tell whether it begins a sentence
_TOKEN = re.compile(r"[^\W_]+(?:(?:\.|['’](?![sS]\b))[^\W_]+)*|&")
_POSSESSIVE = re.compile(r"(?<=\w)['’][sS]\b")
_DROPPED = str.maketrans("", "", ".'’")
_QUOTED = re.compile(r"[\"“”‘«»*_]")
_SMALL = word_set("""a an the of as and or in on at to for from with by de la le il der die das""")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|Jr|vs|[A-Z])\.\s+$")
_OWNER = re.compile(r"^(?:[A-Z][\w.]+ )*[A-Z]\w+['’]s (?=\w+ \w)")  # "Monty Python's Life of Brian"
_PART = re.compile(r"\bPart (?:[IVX]+|\d|One|Two|Three)$")
_INITIALS = re.compile(r"^(?:[A-Z]\.){2,}(?= )")  # "E.T. the Extra-Terrestrial"
_AFTER_STOP = re.compile(r"[.!?]\s+$")
_COMPARED = re.compile(r"\b(?:than|both) $")
_LOOKUPS: dict[str, Lookups] = {}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written, folded, where it stands, and whether it begins a sentence."""

    text: str
    folded: str
    start: int
    end: int
    opens: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Mention:
    """A title or a person found: tokens ``first`` to ``last`` (excluded) of the sentence."""

    kind: Literal["title", "person"]
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Lookups:
    """What a catalogue knows: phrases by their first word, longest first, and single words."""

    titles: dict[str, tuple[tuple[str, ...], ...]]
    people: dict[str, tuple[tuple[str, ...], ...]]
    items_of: dict[str, tuple[Item, ...]]
    person_words: frozenset[str]
    odd_names: frozenset[str]
    lower_words: frozenset[str]
    genres: frozenset[str]
    theme_words: frozenset[str]


def tokens_of(text: str) -> list[Token]:
    """The words of ``text`` with their places; a possessive 's belongs to no word."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        before = text[max(0, match.start() - LOOK_BACK) : match.start()]
        if raw in ("s", "S") and before.endswith(("'", "’")):
            continue
        opens = not found or bool(re.search(r"[.!?:;][\"”’)]*\s+[\"“‘(]*$", before))
        if found and _ABBREVIATION.search(before) and fold(raw) not in STOP_WORDS:
            opens = False  # "Samuel L. Jackson", but "rated R. It lasts"
        found.append(Token(raw, _folded(raw), match.start(), match.end(), opens))
    return found


@lru_cache(maxsize=65_536)
def key_of(text: str) -> tuple[str, ...]:
    """The folded words of a title or a name: what it is compared by."""
    return tuple(_folded(word) for word in _TOKEN.findall(_POSSESSIVE.sub(" ", text)))


def name_key(name: str) -> str:
    """A name or title as mentions compare it: folded words with one space between.

    >>> name_key("Park Chan-wook"), name_key("J.J. O'Dea")
    ('park chan wook', 'jj odea')
    """
    return " ".join(key_of(name))


def lookups_of(catalog: Catalog) -> Lookups:
    """The lookups of the catalogue's content, built at the first call."""
    found = _LOOKUPS.get(catalog.checksum)
    if found is None:
        found = _build(catalog.items)
        while len(_LOOKUPS) >= KEPT_LOOKUPS:
            _LOOKUPS.pop(next(iter(_LOOKUPS)), None)
        _LOOKUPS[catalog.checksum] = found
    return found


def mentions_in(
    text: str,
    tokens: Sequence[Token],
    lookups: Lookups,
    own_titles: Sequence[str],
    own_people: Iterable[str],
    own_words: frozenset[str],
) -> list[Mention]:
    """Titles and people in the sentence, none overlapping, the longest first in doubt.

    ``own_titles`` (titles that may be mentioned, the item's own first) are also found in short
    forms: without the article, before or after a colon. Catalogue titles need capital letters or
    quotation marks; a one-word title at the start of a sentence only counts when it is one of
    ``own_titles`` or no ordinary word. Last names count for ``own_people`` alone. ``own_words``
    are words of the item's text: a one-word title among them is no mention.
    """
    own_forms = _own_forms(own_titles, lookups)
    last_names = {key[-1]: name for name in own_people if (key := key_of(name))}
    found: list[Mention] = []
    index = 0
    while index < len(tokens):
        mention = _longest_at(text, tokens, index, lookups, own_forms, last_names, own_words)
        if mention is not None and tokens[index].folded == "the":  # "the Avengers: Endgame cast"
            rest = _longest_at(text, tokens, index + 1, lookups, own_forms, last_names, own_words)
            mention = None if rest is not None and rest.last > mention.last else mention
        if mention is None:
            index += 1
        else:
            found.append(mention)
            index = mention.last
    return found


def _own_forms(titles: Sequence[str], lookups: Lookups) -> dict[tuple[str, ...], str]:
    """Forms of the titles; a whole title comes before a short form of another."""
    forms = {
        form: title
        for title in reversed(titles)
        for form in _forms(title)
        if " ".join(form) not in lookups.items_of
    }
    return forms | {key_of(title): title for title in reversed(titles) if key_of(title)}


def _longest_at(
    text: str,
    tokens: Sequence[Token],
    index: int,
    lookups: Lookups,
    own_forms: dict[tuple[str, ...], str],
    last_names: dict[str, str],
    own_words: frozenset[str],
) -> Mention | None:
    token = tokens[index]
    best: Mention | None = None

    def offer(kind: Literal["title", "person"], name: str, length: int) -> None:
        nonlocal best
        if best is None or index + length > best.last:
            best = Mention(kind, name, index, index + length)

    for form, title in own_forms.items():
        if form[0] == token.folded and _stands(tokens, index, form):
            written = tokens[index : index + len(form)]
            exact = text[written[0].start : written[-1].end] == title and not token.opens
            if (
                exact
                or form[0][0].isdigit()
                or _written_as_title(text, written, ordinary_start=False)
            ):
                offer("title", title, len(form))
    for key in lookups.people.get(token.folded, ()):
        if _stands(tokens, index, key) and (len(key) > 1 or (token.capital and not token.opens)):
            offer("person", " ".join(key), len(key))
    for key in lookups.titles.get(token.folded, ()):
        if _stands(tokens, index, key):
            written = tokens[index : index + len(key)]
            ordinary = all(part in lookups.lower_words for part in key)
            own = all(part in own_words for part in key)
            quoted = _is_quoted(text, written)
            if key == ("earth",) and not quoted:
                continue  # a place that any story may name
            following = tokens[index + len(key)] if len(tokens) > index + len(key) else None
            goes_on = following is not None and following.capital and ordinary and len(key) < 3
            if goes_on and not quoted and text[written[-1].end :][:1] == " ":
                continue  # "the General Motors boss"
            if len(written) == 1 and text.startswith("-", written[0].end) and not quoted:
                continue  # "US-Canadian"
            as_written = text[written[0].start : written[-1].end]
            exact = len(key) > 2 and any(
                item.title == as_written for item in lookups.items_of.get(" ".join(key), ())
            )
            as_title = exact or _written_as_title(text, written, ordinary_start=ordinary)
            compared = len(key) > 1 and _COMPARED.search(text[: written[0].start])
            if as_title and (quoted or compared or not own):
                offer("title", " ".join(key), len(key))
    if best is None and token.capital and token.folded in last_names:
        offer("person", last_names[token.folded], 1)
    return best


def _stands(tokens: Sequence[Token], index: int, key: tuple[str, ...]) -> bool:
    return len(tokens) - index >= len(key) and all(
        tokens[index + offset].folded == part for offset, part in enumerate(key)
    )


def _is_quoted(text: str, written: Sequence[Token]) -> bool:
    before, after = text[: written[0].start][-1:], text[written[-1].end :][:1]
    return bool(_QUOTED.match(before)) and bool(_QUOTED.match(after) or after in ("'", ".", ","))


def _written_as_title(text: str, written: Sequence[Token], *, ordinary_start: bool) -> bool:
    """Capital letters on all but small words, or quotation marks around it."""
    if _is_quoted(text, written):
        return True
    capitals = [
        token.capital or token.text[0].isdigit()
        for token in written
        if (token.folded not in _SMALL or token is written[0]) and not _joined(text, token)
    ]
    first = written[0]
    if all(token.text[0].isdigit() for token in written):
        return False
    if len(written) == 1:
        starts = first.opens or (
            first.folded in STOP_WORDS and _AFTER_STOP.search(text[: first.start])
        )
        return first.capital and len(first.text) > 1 and not (starts and ordinary_start)
    if all(token.text[0].isdigit() or token.folded in _SMALL for token in written):
        return first.capital and not first.opens
    if first.folded in _SMALL and not first.capital:
        return all(capitals[1:]) and any(capitals[1:])
    return all(capitals) and not (
        first.opens and ordinary_start and not any(token.capital for token in written[1:])
    )


def _joined(text: str, token: Token) -> bool:
    """Whether a hyphen joins the word to the one before."""
    return text[: token.start].endswith("-")


def _forms(title: str) -> set[tuple[str, ...]]:
    """The ways a title is written short: without article, year, or what a colon sets apart."""
    parts = [title, re.sub(r"\s*\(\d{4}\)$", "", title)]
    head, _, tail = title.partition(":")
    if tail:
        parts += [head, tail, tail.partition(" - ")[2]]
    parts += [_OWNER.sub("", title), *_PART.findall(title), *_INITIALS.findall(title)]
    keys = {key_of(part) for part in parts}
    keys |= {key[1:] for key in keys if len(key) > 2 and key[0] in ("the", "a", "an")}
    keys |= {short for key in keys for short in _heads(key)}
    return {key for key in keys if key}


def _heads(key: tuple[str, ...]) -> set[tuple[str, ...]]:
    """What stands before a small word: "Eternal Sunshine", "Butch Cassidy"; two words at least."""
    cuts = (n for n in range(2, len(key)) if key[n] in _SMALL or key[n].isdigit())
    return {key[:n] for n in cuts if sum(part not in _SMALL for part in key[:n]) > 1}


def _folded(word: str) -> str:
    return "and" if word == "&" else fold(word).translate(_DROPPED)


def _build(items: Sequence[Item]) -> Lookups:
    items_of: dict[str, list[Item]] = {}
    for item in items:
        items_of.setdefault(" ".join(key_of(item.title)), []).append(item)
    people = {key_of(name) for item in items for name in (*item.creators, *item.cast)}
    titles = {key_of(item.title) for item in items}
    titles |= {key[1:] for key in titles if len(key) > 3 and key[0] == "the"}
    written = {
        word
        for item in items
        for text in (item.description, *item.keywords)
        for word in _TOKEN.findall(text)
    }
    lower = {_folded(word) for word in written if word[0].islower()}
    lower.discard("s")  # of a possessive
    lower |= CONNECTING | STOP_WORDS
    person_words = frozenset(part for key in people for part in key if len(part) > 1)
    return Lookups(
        titles=_by_first(titles),
        people=_by_first(people),
        items_of={key: tuple(found) for key, found in items_of.items()},
        person_words=person_words,
        odd_names=person_words - lower,
        lower_words=frozenset(lower),
        genres=frozenset(fold(genre) for item in items for genre in item.genres),
        theme_words=frozenset(
            word
            for item in items
            for keyword in item.keywords
            if not is_mood(keyword)
            for word in words_of(keyword)
        ),
    )


def _by_first(keys: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for key in keys:
        if key:
            grouped.setdefault(key[0], []).append(key)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in grouped.items()}
