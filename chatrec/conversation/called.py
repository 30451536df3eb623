"""Finds items of the last list that a message calls by one word of their title: "not Caligari".

What was just shown or talked of is meant before a person or a theme of the same name. Whole titles
of the catalogue are found in :mod:`chatrec.data.titles`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from chatrec.conversation.meaning import meaning_of
from chatrec.conversation.utterance import Utterance, split
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.title_words import content_words, is_plain_language, tokenise

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
