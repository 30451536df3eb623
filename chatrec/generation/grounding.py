"""Checks that a reason says only what the facts of its item and its evidence say.

Names, titles, numbers, genres, nations, age ratings, roles, links, comparisons, superlatives,
negations, and words about the plot. It reads English. It knows nothing about who wrote the
sentence; what it cannot verify it refuses, but for words of a plot that nothing told contradicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatrec.data.catalog import Catalog
from chatrec.generation.about import names_of_titles, people_of_given, told_of_titles
from chatrec.generation.affirmed import contrary_problems, dropped_problems
from chatrec.generation.anaphora import anaphora_problems
from chatrec.generation.attributes import (
    genre_problems,
    nation_problems,
)
from chatrec.generation.bonds import bond_problems
from chatrec.generation.claims import Claims, read_claims
from chatrec.generation.comparisons import comparison_problems
from chatrec.generation.denials import declined_problems, negation_problems
from chatrec.generation.evidence import sayable
from chatrec.generation.figures import number_problems, war_problems
from chatrec.generation.gaps import take_gaps
from chatrec.generation.genres import genre_words_in
from chatrec.generation.kinds import kind_problems
from chatrec.generation.liking import liking_problems
from chatrec.generation.mentions import Token, key_of
from chatrec.generation.names import NICKNAMES
from chatrec.generation.nations import CONTINENTS, DEMONYMS, INFORMAL, NATIONS
from chatrec.generation.ratings import rating_problems
from chatrec.generation.relations import link_problems
from chatrec.generation.retellings import retelling_problems
from chatrec.generation.roles import role_problems
from chatrec.generation.slots import slot_problems
from chatrec.generation.stated import take_stated
from chatrec.generation.superlatives import superlative_problems
from chatrec.generation.ties import tie_problems
from chatrec.generation.touched import absence_problems
from chatrec.generation.transfers import left_behind, same_row, transfer_problems
from chatrec.generation.untroubled import untroubled_problems
from chatrec.generation.vocabulary import CONNECTING, DECADE_WORDS, NUMBER_WORDS
from chatrec.generation.words import STOP_WORDS, fold, stem, word_set
from chatrec.types import Evidence, Item

UNTOLD_WORDS = 5  # from here on the share decides: untold words make no claim by themselves
UNTOLD_SHARE = 0.8
_ALWAYS_CAPITAL = word_set(
    """i i'm i'd i'll i've he she it they we you that there here who imdb tv dvd cgi ok dj pg g r
    nc x earth uv ufo ufos vhs dna ceo vip phd ad bc whoever id im ive ill"""
)
_PARENTS = {  # "Mum and Dad", where parents are told
    name: word_set("mother mothers father fathers parent parents mum mom dad")
    for name in ("mum", "mom", "mummy", "dad", "daddy", "papa", "mama")
}
_MADE_VERBS = re.compile(r"^ (?:directs|directed(?! by| and)|helms|helmed|stars|starred|wrote)\b")
_REPLACED = re.compile(
    r"\b(?:instead of|in place of|in the place of|rather than|not|without|replac\w+|"
    r"replacement for|"
    r"tak(?:es?|ing) over from|stand(?:s|ing)? in for|steps? in for|succeeds|"
    r"(?:swap|trad|exchang)\w+) <p(?P<who>\w)>"
)
_WITHIN_TITLE = re.compile(  # "<pa>, who sent <pb> running in <tc>, now ..."
    r"\b(?:who|which|that|where|having|after) (?!(?:again|here|this)\b)[^,.;:<]*<p(?P<who>\w)>"
    r"[^,.;:<]* (?:in|of|from|for|on) <t(?P<of>\w)>"
)
_MAKER_OF = re.compile(
    r"<p(?P<who>\w)>(?: (?:later|then|was|would|to|had|yet|still|also|first|soon|already|go on))* "
    r"(?:made?|makes?|make|direct(?:s|ed)?|shot|shoot|filmed) (?:(?:its|"
    r"the) sequel,? )?<t(?P<of>\w)>"
)
_MAN = re.compile(r"(?:wo)?m[ae]n$")
_PEOPLE_ENDINGS = ("an", "ans", "ian", "ians", "ish", "ese", "ies", "ic")
_PLACE_ENDINGS = ("", "as", "o", "a", "e", "y", "ia", "land", "any")
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
    evidence = sayable(evidence)
    sentence, stated = take_stated(sentence, item, evidence, catalog)
    claims = read_claims(sentence, item, evidence, catalog)
    rest, gaps = take_gaps(claims)
    problems = dict.fromkeys(
        (
            *_name_problems(claims),
            *slot_problems(claims),
            *liking_problems(claims),
            *transfer_problems(claims),
            *link_problems(claims),
            *tie_problems(claims),
            *retelling_problems(claims),
            *anaphora_problems(claims),
            *bond_problems(claims),
            *number_problems(claims, rest),
            *rating_problems(claims),
            *war_problems(claims),
            *genre_problems(claims),
            *kind_problems(claims),
            *nation_problems(claims),
            *role_problems(claims),
            *gaps,
            *comparison_problems(claims, rest),
            *superlative_problems(claims),
            *negation_problems(claims),
            *declined_problems(claims),
            *absence_problems(claims),
            *dropped_problems(claims),
            *contrary_problems(claims),
            *untroubled_problems(claims),
            *_plot_problems(claims),
            *stated,
        )
    )
    return Verdict(not problems, tuple(problems))


def _name_problems(claims: Claims) -> Iterator[str]:
    """People and capitalised words that the facts do not know; first and last names mixed up."""
    known_people = {" ".join(key_of(name)) for name in (*claims.item.creators, *claims.item.cast)}
    replaced = _replaced_people(claims)
    for name in claims.people.values():
        plain = " ".join(key_of(name))
        if plain not in known_people and plain not in replaced and not _told_name(claims, plain):
            yield f"person {name!r} is not among the facts"
    free = claims.free_tokens()
    behind = left_behind(claims)
    told_words = {*claims.own_key, *names_of_titles(claims)}
    rows = (title for title in claims.titles.values() if same_row(claims, title))
    told_words |= {word for title in rows for word in claims.told_of(title.name)}
    for index, token in free:
        if not _is_name_like(token) or stem(token.folded) in behind.get(index, ()):
            continue
        told = token.folded in told_words or bool(
            told_words & _PARENTS.get(token.folded, frozenset())
        )
        told = told or _is_kin(claims, index) or _is_nickname(claims, index)
        known = told or (
            not _opens_as_name(claims, token)
            if token.opens
            else _same_place(token.folded, told_words)
        )
        if not known:
            yield f"name {token.text!r} is not among the facts"
        if told and _mixed(claims, index):
            yield f"name {token.text!r} is not part of that name"


def _replaced_people(claims: Claims) -> frozenset[str]:
    """People of a title in whose place somebody else stands here: "instead of Fred Astaire"."""
    said = (claims.people[match["who"]] for match in _REPLACED.finditer(claims.masked))
    of_title = {
        claims.people[match["who"]]
        for pattern in (_WITHIN_TITLE, _MAKER_OF)
        for match in pattern.finditer(claims.masked)
        if claims.people[match["who"]] in claims.titles[match["of"]].people()
    }
    return (frozenset(said) & people_of_given(claims)) | of_title


def _opens_as_name(claims: Claims, token: Token) -> bool:
    """Whether the first word of a sentence, in capitals anyway, is a name and no plain word."""
    after = claims.text[token.end :]
    if token.folded in NUMBER_WORDS or token.folded.endswith("ly"):
        return False
    if stem(token.folded) in CONNECTING:
        return token.folded not in STOP_WORDS and bool(_MADE_VERBS.match(after))
    return token.folded in claims.lookups.odd_names or bool(
        _NAME_VERBS.match(after) or _MADE_VERBS.match(after)
    )


def _is_kin(claims: Claims, index: int) -> bool:
    """Whether the word is "Brothers" after a last name that two people of the item have."""
    if index == 0 or claims.tokens[index].folded not in ("brothers", "sisters"):
        return False
    last = claims.tokens[index - 1].folded
    people = {key_of(name) for name in (*claims.item.creators, *claims.item.cast)}
    return sum(key[-1] == last for key in people) > 1


def _is_nickname(claims: Claims, index: int) -> bool:
    """Whether it is short for the first name of somebody whose last name follows, or is 007's."""
    if claims.tokens[index].folded == "bond" and "007" in claims.words:
        return True
    names = NICKNAMES.get(claims.tokens[index].folded, ())
    if not names or index + 1 == len(claims.tokens):
        return False
    last = claims.tokens[index + 1].folded
    people = (key_of(name) for name in (*claims.item.creators, *claims.item.cast))
    return any(last in key[1:] and key[0] in names for key in people)


def _same_place(word: str, told: set[str]) -> bool:
    """Whether a told word names the same place or people: "Rockies", "Rocky"; "Moroccan"."""
    if (
        word.removesuffix("s") in told
        or _MAN.sub("", word) in told
        or f"{word}ern" in told
        or f"{word.removesuffix('s')}ish" in told
        or (word.endswith("ern") and word.removesuffix("ern") in told)
    ):
        return True
    if word in CONTINENTS and any(home in told for home in CONTINENTS[word]):
        return True
    if told.intersection(INFORMAL.get(word, ())) or word in _home_places(told):
        return True
    if {word.removesuffix("s"), *DEMONYMS.get(word.removesuffix("s"), ())} & told:
        return True
    if word.endswith(("er", "ers")) and len(word) > 6:  # "Londoner", "New Yorkers"
        return word.removesuffix("s").removesuffix("er") in told
    heads = {word.removesuffix(ending) for ending in _PEOPLE_ENDINGS if word.endswith(ending)}
    places = {head + ending for head in heads if len(head) >= 4 for ending in _PLACE_ENDINGS}
    peoples = {
        head + ending
        for place_ending in _PLACE_ENDINGS
        if word.endswith(place_ending) and len(head := word.removesuffix(place_ending)) >= 4
        for ending in _PEOPLE_ENDINGS
    }
    return bool((places | peoples) & told)


def _home_places(told: set[str]) -> set[str]:
    """The places that told words name by their people: "Rome", where there is a Roman."""
    return {place for word in told for place in DEMONYMS.get(word.removesuffix("s"), ())[:1]}


def _told_name(claims: Claims, name: str) -> bool:
    return f" {name} " in f" {' '.join(claims.own_key)} "


def _is_name_like(token: Token) -> bool:
    nation = token.folded in NATIONS and token.text != "Us"
    if (
        not token.capital
        or token.folded in _ALWAYS_CAPITAL
        or nation
        or token.folded in DECADE_WORDS
    ):
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
    """Too many words that nothing in the facts explains."""
    told = {*claims.own_key, *told_of_titles(claims)}
    behind = left_behind(claims)
    free = {
        index: token
        for index, token in claims.free_tokens()
        if stem(token.folded) not in behind.get(index, ())
    }
    content = [token for token in free.values() if _is_content(token)]
    untold = {
        t.text for t in content if stem(t.folded) not in claims.stems and t.folded not in told
    }
    share = len(untold) / max(1, len(content))
    anchored = bool(claims.people) or any(title.given for title in claims.titles.values())
    if len(untold) >= UNTOLD_WORDS and share > UNTOLD_SHARE and not anchored:
        yield f"untold words: {', '.join(sorted(untold))}"


def _is_content(token: Token) -> bool:
    word = fold(token.text)
    if (
        len(word) < 4
        or not word.isalpha()
        or word in NUMBER_WORDS
        or word in NATIONS
        or genre_words_in(word)
    ):
        return False
    return stem(word) not in CONNECTING and not word.endswith("ly")
