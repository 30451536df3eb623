"""What this catalogue's genres, people, countries, languages and keywords are called by users.

Built once from a catalogue; finds mentions in a folded text. Whether a mention is wished for or
ruled out is decided in :mod:`chatrec.conversation.limits`.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from chatrec.conversation import lexicon, nations
from chatrec.conversation.catalog_words import (
    NOUNS,
    all_in,
    by_first_name,
    by_frequency,
    by_surname,
    forms_of,
    plain_words,
    plural,
    telling,
    text_words,
    theme_ends,
)
from chatrec.conversation.columns import Columns
from chatrec.conversation.utterance import Word, split, words_of
from chatrec.data.catalog import Catalog
from chatrec.data.title_words import is_plain_language
from chatrec.retrieval.moods import names_mood

Kind = Literal["genre", "country", "person", "theme"]

MAX_PHRASE_WORDS = 6
RARE_SHARE = 0.001  # of the items that a value must be the genre of, for its name to mean it
_LEAST_PLURAL = 6  # letters of a plural that isn't listed: shorter words are too often others
LEAST_MISSPELT = 5  # letters of a genre that may be misspelt by one
LONG_WORD = 8  # letters of one that may be misspelt by two
SURNAME_CUTOFF, LONG_NAME = 90.0, 7  # the same for a surname alone, and its least letters
NAME_CUTOFF = 86.0  # rapidfuzz ratio from which a misspelt full name counts

STORIES = frozenset({"film", "book", "anime", "game"})  # domains in which somebody may do things
_AUDIENCE_FORMS = frozenset(form for _, spec in lexicon.AUDIENCES for form in lexicon.forms(spec))
_NAMED_KINDS = frozenset(
    form
    for table in (lexicon.GENRES, lexicon.THEMES)
    for entry in table.values()
    for form in lexicon.forms(entry[0])
)  # what genres and themes are called

_CJK = re.compile(r"[\u3400-\u9fff\u2600-\U0001ffff]")
_COMPANY_END = re.compile(r"(?: (?:inc|ltd|llc|gmbh|corp|corporation|co|company|limited|sa|ag))+$")
_INFLECTED = ("ed", "ing", "ly")
FILM_NOUN = re.compile(
    r"(?:film|films|filme|filmen|movie|movies|flick|flicks|pelicula|peliculas|game|games|book|"
    r"books|"
    r"song|songs|show|shows|story|title|titles|one|ones)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A mention. ``values`` are the catalogue's own spellings; empty: it has no such value."""

    kind: Kind
    values: tuple[str, ...]
    start: int
    end: int
    form: str
    everyday: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    values: tuple[str, ...]
    everyday: bool = False


class Vocabulary:
    """The catalogue's values under every form that people use for them. Immutable once built."""

    def __init__(self, catalog: Catalog) -> None:
        items = catalog.items
        self.genres = by_frequency(g for item in items for g in item.genres)
        held = Counter(g for item in items for g in item.genres)
        fewest = RARE_SHARE * len(items)
        self._settled_genres = tuple(g for g in self.genres if held[g] >= fewest)
        self.countries = by_frequency(c for item in items for c in item.countries)
        self.languages = by_frequency(
            part.strip() for item in items for part in re.split(r"[,;|/]", item.language)
        )
        self._people = Counter(n for item in items for n in (*item.creators, *item.cast) if n)
        self._makers = {
            _COMPANY_END.sub("", words_of(name)): name for item in items for name in item.creators
        }
        self._maker_names = frozenset(
            form for item in items for name in item.creators for form in _names_of(name)
        )
        self._credits = tuple(frozenset((*item.creators, *item.cast)) for item in items)
        self._people_folded = {words_of(name): name for name in reversed(self._people)}
        self.years = sorted(item.year for item in items if item.year is not None)
        self.runtimes = sorted(i.runtime_min for i in items if i.runtime_min is not None)
        self.prices = sorted(item.price for item in items if item.price is not None)
        self.ratings = by_frequency(item.age_rating for item in items)
        self.columns = frozenset(name for item in items for name in item.facts)
        self.fact_columns = Columns(catalog)
        self.own_nouns = NOUNS.get(catalog.domain, NOUNS["film"])
        self.words = text_words(catalog)
        self._themes = theme_ends(catalog) | {
            noun for nouns in NOUNS.values() for noun in nouns & self.words - self.own_nouns
        }
        self.plain_words = plain_words(catalog)
        self.keywords = frozenset(words_of(k) for item in items for k in item.keywords)
        self.tells_stories = catalog.domain in STORIES
        self._phrases, self._symbols = self._entries()
        self._genre_forms = tuple(
            form
            for form, entry in self._phrases.items()
            if entry.kind == "genre"
            and entry.values
            and len(form) >= LEAST_MISSPELT
            and form.isascii()
        )
        self._firsts = frozenset(key.split(" ", 1)[0] for key in self._phrases)
        self._surnames = by_surname(self._people)
        self._first_names = by_first_name(self._people, (item.title for item in items))
        self.telling_names = telling(self._people, self._surnames).union(self._first_names)
        self._spoken = self._language_forms()
        self.spoken_symbols = tuple(
            (form, values) for form, values in self._spoken.items() if values and _CJK.search(form)
        )

    def find(self, folded: str) -> list[Finding]:
        """Every mention, longest first at each place, none overlapping, in text order.

        Single-word names and surnames are left to :meth:`person_at`, which wants a cue.
        """
        found = self._find_symbols(folded)
        words = split(folded)
        at = 0
        while at < len(words):
            size, entry = self._longest(words, at, folded)
            if entry is None and (form := self.misspelt(words[at].text, folded[words[at].end :])):
                entry = self._phrases[form]
            if entry is None:
                at += 1
                continue
            start, end = words[at].start, words[at + size - 1].end
            found.append(
                Finding(entry.kind, entry.values, start, end, folded[start:end], entry.everyday)
            )
            at += size
        return sorted(found, key=lambda finding: finding.start)

    def concept(self, name: str) -> str | None:
        """The catalogue's spelling of a genre concept ("sci-fi"), None if it has no such genre."""
        names = lexicon.forms(lexicon.GENRES[name][0])
        return next((genre for genre in self.genres if words_of(genre) in names), None)

    def genre(self, name: str) -> str | None:
        """The catalogue's spelling of a genre said in any form, None if it has no such genre."""
        entry = self._phrases.get(words_of(name))
        if entry is None or entry.kind != "genre" or not entry.values:
            return None
        return entry.values[0]

    def knows(self, word: str) -> bool:
        """Whether a folded word stands in the catalogue's texts or names one of its values."""
        return word in self.words or word in self._firsts or word in self._surnames

    def misspelt(self, word: str, after: str) -> str | None:
        """The form of a genre that an unknown word means before ``after``, a noun or nothing."""
        if len(word) < LEAST_MISSPELT or word in self.words or word.endswith(_INFLECTED):
            return None
        if not re.match(
            rf"\W*(?:$|[^\W\d_]+\W*$|{FILM_NOUN.pattern}\b|(?:about|with|from|and)\b)", after
        ):
            return None
        most = 2 if len(word) >= LONG_WORD else 1
        found = process.extractOne(
            word, self._genre_forms, scorer=DamerauLevenshtein.distance, score_cutoff=most
        )
        return str(found[0]) if found and found[0][0] == word[0] else None

    def person_at(self, words: str, *, misspelt: bool = False) -> str | None:
        """The person of a full name, single name or surname; the busiest of several by surname."""
        key = words_of(words)
        whole = (self._people_folded.get(key), self._makers.get(key))
        part = (*self._surnames.get(key, ()), *self._first_names.get(key, ()))
        named: list[str] = [name for name in (*whole, *part) if name]
        if named:
            return named[0]
        if not misspelt or len(key) < 5 or not self._people_folded:
            return None
        if " " not in key:
            near = process.extractOne(
                key, self._surnames.keys(), scorer=fuzz.ratio, score_cutoff=SURNAME_CUTOFF
            )
            return None if near is None or len(key) < LONG_NAME else self._surnames[near[0]][0]
        best = process.extractOne(
            key, self._people_folded.keys(), scorer=fuzz.ratio, score_cutoff=NAME_CUTOFF
        )
        return None if best is None else self._people_folded[best[0]]

    def namesakes(self, surname: str) -> tuple[str, ...]:
        """Everybody with this surname, most titles first."""
        return self._surnames.get(words_of(surname), ())

    def together(self, names: Iterable[str]) -> bool:
        """Whether one item credits all of these people, spelt as the catalogue spells them."""
        wanted = set(names)
        return any(wanted <= credited for credited in self._credits)

    def is_company(self, name: str) -> bool:
        """Whether a maker bears this name with or without "Inc." and the like."""
        return words_of(name) in self._makers

    def makes(self, name: str) -> bool:
        """Whether somebody who made an item has this name or surname, which a style may bear."""
        return words_of(name) in self._maker_names

    def language_values(self, word: str) -> tuple[str, ...] | None:
        """Catalogue values of a language said in any form; None if the word is no language."""
        return self._spoken.get(word)

    def country_values(self, name: str) -> tuple[str, ...] | None:
        """Catalogue values of a country named by noun; None if the word is no country."""
        key = words_of(name)
        for names, _ in nations.COUNTRIES.values():
            if key in lexicon.forms(names):
                return self._countries_called(lexicon.forms(names))
        for spec, group in nations.CONTINENTS.items():
            if key in lexicon.forms(spec):
                return self._of_group(group)
        own = tuple(c for c in self.countries if words_of(c) == key)
        return own or None

    def speaks_of(self, phrase: str) -> bool:
        """Whether every word of the phrase stands somewhere in the catalogue's texts."""
        return all_in(phrase, self.words)

    def names_theme(self, phrase: str) -> bool:
        """Whether it is a keyword or category, or what a longer one ends with ("studio ghibli")."""
        return not forms_of(words_of(phrase)).isdisjoint(self._themes)

    def is_everyday(self, phrase: str) -> bool:
        """Whether each word is one of everyday English or one that the texts write small."""
        return all(
            is_plain_language((word,))
            or word in self.plain_words
            or word in _NAMED_KINDS
            or names_mood(word)
            for word in words_of(phrase).split()
        )

    def is_audience(self, phrase: str) -> bool:
        """Whether it names the readers of one of the catalogue's genres: "for girls"."""
        key = words_of(phrase)
        return key in _AUDIENCE_FORMS and key in self._phrases

    def quartile(self, values: list[int], which: Literal[1, 3]) -> int:
        """The lower (1) or upper (3) quartile of sorted, non-empty values."""
        if len(values) == 1:
            return values[0]
        return round(statistics.quantiles(values, n=4)[which - 1])

    def _longest(self, words: tuple[Word, ...], at: int, folded: str) -> tuple[int, _Entry | None]:
        if words[at].text not in self._firsts:
            return 1, self._of_plural(words[at].text)
        reach = at + 1
        while reach < min(at + MAX_PHRASE_WORDS, len(words)) and _joined(
            folded[words[reach - 1].end : words[reach].start]
        ):
            reach += 1
        for stop in range(reach, at, -1):
            entry = self._phrases.get(" ".join(word.text for word in words[at:stop]))
            if entry is not None:
                return stop - at, entry
        return 1, self._of_plural(words[at].text)

    def _of_plural(self, word: str) -> _Entry | None:
        """The entry of a plural: "francesas", "Americans". The people of a country are everyday."""
        if not word.endswith("s") or len(word) < _LEAST_PLURAL:
            return None
        for singular in sorted(forms_of(word) - {word}, key=len, reverse=True):
            entry = self._phrases.get(singular)
            if entry is not None:
                return replace(entry, everyday=entry.everyday or entry.kind == "country")
        return None

    def _find_symbols(self, folded: str) -> list[Finding]:
        found: list[Finding] = []
        taken = [False] * len(folded)
        for form, entry in self._symbols:
            for match in re.finditer(re.escape(form), folded):
                start, end = match.span()
                if any(taken[start:end]):
                    continue
                taken[start:end] = [True] * (end - start)
                found.append(Finding(entry.kind, entry.values, start, end, form))
        return found

    def _entries(self) -> tuple[dict[str, _Entry], list[tuple[str, _Entry]]]:
        entries: dict[str, _Entry] = {}
        for key, name in self._people_folded.items():
            if " " in key:
                entries[key] = _Entry("person", (name,))
        entries |= self._theme_entries() | self._country_entries() | self._genre_entries()
        entries.pop("", None)
        symbols = sorted(
            ((f, e) for f, e in entries.items() if _CJK.search(f)), key=lambda p: -len(p[0])
        )
        return entries, symbols

    def _theme_entries(self) -> dict[str, _Entry]:
        return {
            words_of(form): _Entry("theme", (name,))
            for name, (spec, _, _) in lexicon.THEMES.items()
            for form in lexicon.forms(spec)
        }

    def _country_entries(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for names, adjectives in nations.COUNTRIES.values():
            values = self._countries_called(lexicon.forms(names))
            for form in lexicon.forms(adjectives):
                entries[form] = _Entry("country", values)
        for group in nations.COUNTRY_GROUPS:
            entries[group] = _Entry("country", self._of_group(group))
        return entries

    def _of_group(self, group: str) -> tuple[str, ...]:
        members = nations.COUNTRY_GROUPS[group]
        return self._countries_called(
            name for member in members for name in lexicon.forms(nations.COUNTRIES[member][0])
        )

    def _genre_entries(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for name, (_, spec) in lexicon.GENRES.items():
            genre = self.concept(name)
            for form in lexicon.forms(spec):
                entries[_key(form)] = _Entry("genre", () if genre is None else (genre,))
        for names, spec in lexicon.AUDIENCES:
            called = next((g for g in self.genres if words_of(g) in lexicon.forms(names)), None)
            if called is not None:
                entries |= {form: _Entry("genre", (called,)) for form in lexicon.forms(spec)}
        for form, concepts in lexicon.COMPOUND_GENRES.items():
            own = [self.concept(concept) for concept in concepts]
            entries[form] = _Entry("genre", tuple(n for n in own if n is not None))
        for genre in self._settled_genres:
            name = words_of(genre)
            for key in {name, plural(name)}:
                everyday = not {key, name}.isdisjoint(lexicon.EVERYDAY_GENRES)
                entries[key] = _Entry("genre", (genre,), everyday)
        anime = self.concept("animation")
        entries.setdefault("anime", _Entry("genre", () if anime is None else (anime,)))
        return entries

    def _countries_called(self, names: Iterable[str]) -> tuple[str, ...]:
        wanted = set(names)
        return tuple(c for c in self.countries if words_of(c) in wanted)

    def _language_forms(self) -> dict[str, tuple[str, ...]]:
        spoken: dict[str, tuple[str, ...]] = {}
        for spec in nations.SPOKEN.values():
            names = set(lexicon.forms(spec))
            values = tuple(v for v in self.languages if words_of(v) in names)
            spoken |= {form: values for form in names if len(form) > 2 or _CJK.search(form)}
        for value in self.languages:
            spoken.setdefault(words_of(value), (value,))
        return spoken


def _names_of(name: str) -> tuple[str, str]:
    words = words_of(name)
    return words, words.rpartition(" ")[2]


def beside_film_noun(folded: str, end: int) -> bool:
    """Whether the word after ``end`` is "film", "movies", "one" and the like."""
    words = split(folded[end : end + 24])
    return bool(words) and FILM_NOUN.fullmatch(words[0].text) is not None


def _key(form: str) -> str:
    return form if _CJK.search(form) else words_of(form)


def _joined(between: str) -> bool:
    """Whether what stands between two words lets them be one phrase."""
    return bool(re.fullmatch(r"[ \-&/'.:]{0,3}", between))
