"""Checks that a reason says only what the facts of its item and its evidence say.

Names, titles, numbers, genres, nations, age ratings, roles, links, comparisons, superlatives,
negations, and words about the plot. It reads English. It knows nothing about who wrote the
sentence; what it cannot verify it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatrec.data.catalog import Catalog
from chatrec.generation.attributes import (
    genre_problems,
    genre_words_in,
    nation_problems,
    negation_problems,
    superlative_problems,
)
from chatrec.generation.claims import Claims, read_claims
from chatrec.generation.figures import number_problems, rating_problems
from chatrec.generation.gaps import take_gaps
from chatrec.generation.mentions import Token, key_of
from chatrec.generation.relations import comparison_problems, link_problems, role_problems
from chatrec.generation.vocabulary import CONNECTING, NATIONS
from chatrec.generation.words import STOP_WORDS, fold, stem, word_set
from chatrec.types import Evidence, Item

UNTOLD_WORDS = 3  # from here on the share decides
UNTOLD_SHARE = 0.5
UNTOLD_AT_MOST = 6
_ALWAYS_CAPITAL = word_set("""i i'm i'd i'll i've imdb tv dvd cgi ok dj pg g r nc x""")
_NAME_VERBS = re.compile(
    r"^(?:'s|’s)? ?(?:directs|directed|stars|starred|plays|made|appears|helms|helmed|"
    r"leads|wrote|and [A-Z]|'s|’s)"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence stands, and each reason why it does not."""

    ok: bool
    problems: tuple[str, ...] = ()


def check(sentence: str, item: Item, evidence: Sequence[Evidence], catalog: Catalog) -> Verdict:
    """The verdict on ``sentence`` as a reason for ``item``.

    True of the item, or named in ``evidence``, is what passes; other titles must come from the
    evidence. An empty sentence does not pass. The first call on a catalogue builds its lookups.
    """
    if not sentence.strip():
        return Verdict(False, ("the sentence is empty",))
    claims = read_claims(sentence, item, evidence, catalog)
    rest, gaps = take_gaps(claims)
    problems = dict.fromkeys(
        (
            *_name_problems(claims, sentence),
            *link_problems(claims),
            *number_problems(claims, rest),
            *rating_problems(claims),
            *genre_problems(claims),
            *nation_problems(claims),
            *role_problems(claims),
            *gaps,
            *comparison_problems(claims, rest),
            *superlative_problems(claims),
            *negation_problems(claims),
            *_plot_problems(claims),
        )
    )
    return Verdict(not problems, tuple(problems))


def _name_problems(claims: Claims, sentence: str) -> Iterator[str]:
    """People and capitalised words that the facts do not know; first and last names mixed up."""
    known_people = {" ".join(key_of(name)) for name in (*claims.item.creators, *claims.item.cast)}
    for name in claims.people.values():
        plain = " ".join(key_of(name))
        if plain not in known_people and not _told_name(claims, plain):
            yield f"person {name!r} is not among the facts"
    free = claims.free_tokens()
    told_words = set(claims.own_key)
    for index, token in free:
        if not _is_name_like(token):
            continue
        told = token.folded in told_words
        if token.opens:
            odd = token.folded in claims.lookups.odd_names
            verb = _NAME_VERBS.match(sentence[token.end :]) and stem(token.folded) not in CONNECTING
            if not told and stem(token.folded) not in CONNECTING and (odd or verb):
                yield f"name {token.text!r} is not among the facts"
        elif not told and token.folded.removesuffix("s") not in told_words:
            yield f"name {token.text!r} is not among the facts"
        if told and _mixed(claims, index):
            yield f"name {token.text!r} is not part of that name"


def _told_name(claims: Claims, name: str) -> bool:
    return f" {name} " in f" {' '.join(claims.own_key)} "


def _is_name_like(token: Token) -> bool:
    if not token.capital or token.folded in _ALWAYS_CAPITAL or token.folded in NATIONS:
        return False
    if genre_words_in(token.folded) or token.folded in ("sci", "fi", "noir", "united", "kingdom"):
        return False
    return len(token.text) > 1


def _mixed(claims: Claims, index: int) -> bool:
    """Whether the word stands right before a person's last name that it does not belong to."""
    following = next((found for found in claims.mentions if found.first == index + 1), None)
    if following is None or following.kind != "person" or following.last - following.first > 1:
        return False
    first = claims.tokens[index]
    last = claims.tokens[following.first]
    if last.start - first.end > 1 or first.folded not in _first_words(claims):
        return False
    return f" {first.folded} {last.folded} " not in f" {' '.join(claims.own_key)} "


def _first_words(claims: Claims) -> frozenset[str]:
    """Words that can stand before a last name as a first name."""
    own = " ".join((*claims.item.creators, *claims.item.cast))
    return claims.lookups.odd_names | (frozenset(key_of(own)) - STOP_WORDS)


def _plot_problems(claims: Claims) -> Iterator[str]:
    """Themes of other items, and too many words that nothing in the facts explains."""
    tokens = claims.tokens
    told = set(claims.own_key)
    free = dict(claims.free_tokens())
    for index, token in free.items():
        for key in claims.lookups.keywords.get(token.folded, ()):
            here = tuple(t.folded for t in tokens[index : index + len(key)])
            alien = [part for part in key if part not in told and stem(part) not in claims.stems]
            whole = here == key and all(index + offset in free for offset in range(len(key)))
            if whole and alien and all(part in alien or part in STOP_WORDS for part in key):
                yield f"theme {' '.join(key)!r} is not among the facts"
    content = [token for token in free.values() if _is_content(token)]
    untold = {
        t.text for t in content if stem(t.folded) not in claims.stems and t.folded not in told
    }
    share = len(untold) / max(1, len(content))
    if len(untold) >= UNTOLD_AT_MOST or (len(untold) >= UNTOLD_WORDS and share > UNTOLD_SHARE):
        yield f"untold words: {', '.join(sorted(untold))}"


def _is_content(token: Token) -> bool:
    word = fold(token.text)
    if len(word) < 4 or not word.isalpha() or word in NATIONS or genre_words_in(word):
        return False
    return stem(word) not in CONNECTING and not word.endswith("ly")
