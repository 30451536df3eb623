"""Checks of what a sentence says about the user: liked, named, asked for.

The source of a piece of evidence says what it is to the user: "history", "liked", "named" or
"your words"; any other source leaves open which, and stands for liked and for named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims, Title
from chatrec.generation.polarity import same_word
from chatrec.generation.vocabulary import GENRE_ALIASES, GENRE_WORDS
from chatrec.generation.words import stem, words_of

_ADVERBS = r"(?: also| have| already| just| really| had| once| both| clearly)*"
_LIKED = re.compile(
    rf"\byou(?:'ve)?{_ADVERBS} (?:liked|enjoyed|loved|adored)\b|"
    r"\byour (?:liking|love|fondness|affection) (?:of|for)\b|\bone you (?:liked|enjoyed|loved)\b"
)
_NAMED = re.compile(rf"\byou(?:'ve)?{_ADVERBS} (?:named|mentioned|picked|chose)\b|\byour pick\b")
_ASKED = re.compile(
    r"\byou(?:'ve| have)? (?:asked|wished|wanted|requested)\b|\byour (?:wish|request)\b|"
    r"\bas you (?:asked|wished|wanted)\b|\byour words?\b"
)
_OPEN = re.compile(r"\b(?:if|where|should|when|whether|perhaps|maybe|in case)\b[^.;,]*$")
_TITLE = re.compile(r"<t(\w)>")
_SENTENCE = re.compile(r"[.;]")


def liking_problems(claims: Claims) -> Iterator[str]:
    """Titles said to be liked or named that were not, and wishes that the user never had."""
    for part in _SENTENCE.split(claims.masked):
        titles = [claims.titles[letter] for letter in _TITLE.findall(part)]
        for pattern, standings in ((_LIKED, ("liked",)), (_NAMED, ("named", "liked"))):
            match = pattern.search(part)
            if not match or _OPEN.search(part[: match.start()]):
                continue
            if titles and not any(_stands(title, standings) for title in titles):
                yield f"{titles[0].name!r} is not what the user {standings[0]}"
            elif not titles and not _wished(claims, part):
                yield f"the evidence has nothing that the user {standings[0]} here"
        asked = _ASKED.search(part)
        if asked and not _OPEN.search(part[: asked.start()]) and not _wished(claims, part):
            yield "the user's words do not ask for this"


def _stands(title: Title, standings: tuple[str, ...]) -> bool:
    known = {"history", "liked", "named"}
    return any(source in standings or source not in known for source in title.sources)


def _wished(claims: Claims, part: str) -> bool:
    """Whether the clause speaks of something that the user's own words ask for."""
    letters = _TITLE.findall(part)
    if any("named" in claims.titles[letter].sources for letter in letters):
        return True
    named = " ".join(claims.people[letter] for letter in re.findall(r"<p(\w)>", part))
    said = [*words_of(re.sub(r"<\w+>", " ", part)), *words_of(named)]
    stems = frozenset(stem(word) for word in said)
    if any(same_word(stem(word), stems) for word in words_of(claims.asked)):
        return True
    plain = f" {' '.join(said)} "
    genres = [GENRE_ALIASES.get(genre, genre) for genre in claims.asked.split(" . ")]
    calls = [word for genre in genres for word in GENRE_WORDS.get(genre, ())]
    return any(f" {' '.join(words_of(word))} " in plain for word in calls)
