"""Checks that something said beside a mentioned title is really of both.

A sentence names a title because the two have something in common, and says what: a person, a theme,
a genre, a place. Where nothing that it says is of both, whatever its words are, it ties the item to
a wrong title. Knows nothing of how the tie is worded (see ties.py, relations.py, transfers.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims, Title, item_words
from chatrec.generation.genres import genre_words_in, genres_of_word, has_any, title_has
from chatrec.generation.mentions import name_key
from chatrec.generation.ties import SENTENCE_END, tells
from chatrec.generation.transfers import same_row
from chatrec.generation.vocabulary import SYNONYM_GROUPS
from chatrec.generation.words import STOP_WORDS, stem, words_of

_MARK = re.compile(r"<\w+>")
_LIKE_IT = re.compile(
    r"\W*(?:just |much )?(?:like|as (?:in|with)) <t\w>,? (?:it|this|here|you|there)\b"
)
_APART = re.compile(  # "<ta> sent a man back; here an agent moves backwards"
    r"<t\w> (?:had|sent|was|is|put|told|followed|took|gave|showed|saw)\b[^;<]*"
    r"(?:[;,:]|,? (?:and|but|while)) (?:and |but |while )?(?:here|this|now)\b"
)
_COMPARED = re.compile(
    r"\b(?:older|newer|longer|shorter|earlier|later|before|after|years?|minutes|younger|decades?|"
    r"go on to|on to the|predates|precede[sd]?|follow\w*|same|hours?|unlike|instead|as long|"
    r"(?:trad|swap|leav|left)\w*)\b"
)


def bond_problems(claims: Claims) -> Iterator[str]:
    """A title of the evidence of which nothing holds that the reason says of the item.

    A sentence that likens the item to it ("Like <title> it ...") must say itself what they share.
    """
    titles = [title for title in claims.titles.values() if title.given and title.items]
    if len(titles) != 1 or len(claims.titles) != 1 or _COMPARED.search(claims.masked):
        return
    title = titles[0]
    if same_row(claims, title) or _APART.search(claims.masked):
        return
    people = _same_people(claims, title)
    likened = [s for s in SENTENCE_END.split(claims.masked) if _LIKE_IT.match(s)]
    told = [s for s in likened if not (people and "<p" in s)] or ([] if people else [claims.masked])
    if any(not _common(claims, title, sentence) for sentence in told):
        yield f"nothing said here is known of {title.name!r} too"


def _same_people(claims: Claims, title: Title) -> bool:
    own = {name_key(name) for name in (*claims.item.creators, *claims.item.cast)}
    return bool(own & title.people())


def _common(claims: Claims, title: Title, said: str) -> bool:
    """Whether a word or a genre of what is said is told of the item and of the title."""
    for word in genre_words_in(said):
        if has_any(claims.genres, genres_of_word(word)) and title_has(title, word):
            return True
    own = {stem(word) for word in words_of(item_words(claims.item))}
    return any(
        _told(own, word) and tells(title, word)
        for word in dict.fromkeys(words_of(_MARK.sub(" ", said)))
        if len(word) > 2 and word not in STOP_WORDS
    )


def _told(own: set[str], word: str) -> bool:
    found = stem(word)
    return found in own or any(found in group and own & group for group in SYNONYM_GROUPS)
