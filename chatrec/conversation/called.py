"""Finds items of the last list by their titles in small letters, or by one word: "not Caligari".

What was just shown or talked of is meant before a person, a theme or an everyday word of the same
name. Titles of the catalogue that are marked as such are found in :mod:`chatrec.data.titles`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from chatrec.conversation.meaning import meaning_of
from chatrec.conversation.questions import question_in
from chatrec.conversation.utterance import Utterance, masked, overlaps, split
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.title_words import (
    ARTICLES,
    FUNCTION_WORDS,
    content_words,
    is_plain_language,
    tokenise,
)
from chatrec.data.titles import TitleMatch

NOTHING_CALLED: Mapping[str, str] = MappingProxyType({})
_LEAST = 3  # letters of a word that can stand for a title
_ENDS = re.compile(r"'?\s*(?:$|[.,!?;]|(?:one|again|please|was|is|and|or|but)\b)")


def called_by_word(
    utterance: Utterance, called: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[tuple[str, int, int]]:
    """Item id and span of each word, at the end of a clause and after a cue, that names an item.

    A word of a title of several counts only if no other title has it, and if a capital or its
    rarity marks it. Without a capital it must be no word that the catalogue's texts use.
    """
    names = {item_id: [t.word for t in tokenise(title)] for item_id, title in called.items()}
    borne = Counter(word for words in names.values() for word in set(content_words(words)))
    for word in split(utterance.folded):
        if len(word.text) < _LEAST or not _ENDS.match(utterance.folded, word.end):
            continue
        if meaning_of(utterance.folded, word.start, word.end)[0] is None:
            continue
        if vocabulary.genre(word.text) or vocabulary.country_values(word.text) is not None:
            continue
        capital = utterance.text[word.start].isupper()
        if not capital and word.text in vocabulary.plain_words:
            continue  # "no aliens" speaks of what the texts speak of
        marked = capital or not is_plain_language((word.text,))
        for item_id, words in names.items():
            alone = words == [word.text]
            if alone or (marked and borne[word.text] == 1 and word.text in content_words(words)):
                yield item_id, word.start, word.end
                break


_OPENS = re.compile(  # where a clause begins
    r"(?:^|[.!?;,:]\s*)\W*(?:(?:and|but|ok|okay|so|oh|nah|yes|yeah|well|hmm|sure|also|then|yo|"
    r"the (?:film|movie)|the)\s+)*$"
)
_IS_JUDGED = re.compile(  # what follows a title that is spoken of
    r"(?:'s)?\s*(?:[?!.:]|\.\.\.|,\s+(?:really|seriously|no|yes|yeah|nope|nah|hmm|meh|ugh|well|god|"
    r"oh|please|not|what|so|seen|saw|love|hate|great|boring)\b|(?:is|was|are|were|looks?|looked|"
    r"sounds?|sounded|seems?|seemed|has|had|bored|made|makes|blew|gave|gives|rocks|rules|slaps|"
    r"sucks|sucked|i|we|my|it is|then|again|already|might|could|would|for the win)\b|\s*$)"
)
_AFTER_SEEN = re.compile(  # "watched up last weekend", not "saw her film" or "watched once"
    r"\W*(?:$|[.,!?;]|\b(?:last|yesterday|already|at|in|on|with|twice|three|again|and|but|or|when|"
    r"before|recently|ages|years|this|tonight|because|together|so|too|now|as|many|once|the other|a "
    r"(?:few|couple|hundred|million))\b)"
)
_WEAK = re.compile(r"\b(?:no|not|without|avoid|skip|minus|remove|except|less|nothing|any)\s+$")
_NO_TITLES = frozenset({"it", "us", "you", "them", "that", "this", "no", "yes", "they"})


def titles_called(
    utterance: Utterance, called: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[TitleMatch]:
    """Titles of what was just shown or talked of, also in small letters: "we watched up".

    One of several telling words counts anywhere; a single word, which may be an everyday one,
    where it is asked about, judged, or stands after "seen" and the like.
    """
    folded = utterance.folded
    taken: list[tuple[int, int]] = []
    for item_id, title in sorted(called.items(), key=lambda pair: -len(pair[1])):
        words = [token.word for token in tokenise(title)]
        words = words[1:] if len(words) > 1 and words[0] in ARTICLES else words
        if not words or (words[0] in _NO_TITLES and len(words) == 1):
            continue
        pattern = r"\b" + r"[\W_]*".join("'?".join(map(re.escape, word)) for word in words) + r"\b"
        for match in re.finditer(pattern, folded):
            start, end = match.span()
            if overlaps((start, end), taken) or not match[0].strip():
                continue
            if _is_telling(words) or _speaks_of(utterance, start, end, vocabulary):
                taken.append((start, end))
                yield TitleMatch(item_id, title, start, end, 1.0)


def _is_telling(words: list[str]) -> bool:
    return len(words) > 1 and not all(word in FUNCTION_WORDS for word in words)


def _speaks_of(utterance: Utterance, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a word stands as a title would: asked about, judged, or after "seen"."""
    folded = utterance.folded
    opens = _OPENS.search(folded[:start]) is not None
    if opens and _IS_JUDGED.match(folded, end):
        return True
    asked = masked(folded, [(start, end)])
    question = question_in(asked, vocabulary.columns)
    if question is not None and question != question_in(folded, vocabulary.columns):
        return True
    meaning, cue = meaning_of(folded, start, end)
    if opens and meaning in ("seen", "liked", "disliked") and cue[1] > end:
        return True  # "Heat kenne ich schon"
    if meaning in ("seen", "liked", "disliked", "unseen") and cue[0] < start:
        weak = meaning == "disliked" and _WEAK.search(folded[:start]) is not None
        return not weak and _AFTER_SEEN.match(folded, end) is not None
    return False
