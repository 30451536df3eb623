"""Puts slips of the keyboard right in a message, in the words that it is understood by.

"A bit more romacne" and "it shuold be from the ninteies" mean what they mean without the slip. Only
words that nothing else is spelt like are touched, and only where they become genres or words that
the understanding looks for; what is misspelt in titles and names is left to the index of titles.
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatrec.conversation.numerals import DECADES
from chatrec.conversation.texting import written_out
from chatrec.conversation.utterance import Utterance, Word, overlaps
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import is_filler
from chatrec.data.title_words import FUNCTION_WORDS

LEAST_DOUBLED = 4  # letters of a word in which a double letter may be single, or the other way
LEAST_SWAPPED = 5  # letters of a word in which two neighbours may have changed places
LEAST_SLIPPED = 8  # of one that may have a letter too many, too few or wrong
_CUES_TEXT = """
about action actor actress actually additional against allowed already another anything apart
avoid because before better between cheaper classic compare decade different director directed
disliked enjoyed either else enough everything except excluding exactly favorite favorites
favourite favourites fifth first fourth funnier hated horror instead lighter longer looking loved
matter meant minutes modern movie movies neither newer nothing older original other others people
preference preferably please really recent recently recommend recommendation recommendations
rather scarier second serious should shorter similar something starring suggest suggestion
suggestions there third tonight violent watched without world would years
"""
_CUES = frozenset(_CUES_TEXT.split())
_DECADES = frozenset(name for name in DECADES if name.isascii() and " " not in name)
_SIMPLE = _CUES | _DECADES
_LONG = tuple(sorted(word for word in _SIMPLE if len(word) >= LEAST_SLIPPED))


def put_right(utterance: Utterance, vocabulary: Vocabulary) -> Utterance:
    """The message with its slips put right; one without any is given back as it is."""
    utterance = written_out(utterance)
    text, end, parts = utterance.text, 0, []
    abroad = utterance.language != "en"  # "comédie musicale" holds no misspelt "musical"
    found = vocabulary.find(utterance.folded) if abroad else []
    phrases = [(f.start, f.end) for f in found if " " in f.form]
    for word in utterance.words:
        if overlaps((word.start, word.end), phrases):
            continue
        meant = _meant(word, utterance, vocabulary)
        if meant is not None:
            large = text[word.start].isupper()
            parts += [text[end : word.start], meant.capitalize() if large else meant]
            end = word.end
    return replace(utterance, text="".join((*parts, text[end:]))) if parts else utterance


def _meant(word: Word, utterance: Utterance, vocabulary: Vocabulary) -> str | None:
    """What a misspelt word most likely means; None where it is spelt right, a name, or unclear."""
    said = word.text
    if len(said) < LEAST_DOUBLED or not said.isascii() or not said.isalpha():
        return None
    if said in _SIMPLE or is_filler(said) or said in FUNCTION_WORDS or vocabulary.knows(said):
        return None
    named = utterance.text[word.start].isupper() and word.start > 0
    if named or utterance.text[: word.start].count('"') % 2 == 1:
        return None
    if utterance.language == "en" and (doubled := _doubled(said, vocabulary)) is not None:
        return doubled
    if len(said) < LEAST_SWAPPED:
        return None
    swapped = _unswapped(said, vocabulary)
    if swapped is not None:
        return swapped
    genre = vocabulary.misspelt(said, utterance.folded[word.end :])
    if genre is not None:
        return genre
    if len(said) < LEAST_SLIPPED - 1 or utterance.language != "en" or _is_plural(said):
        return None
    found = process.extractOne(said, _LONG, scorer=OSA.distance, score_cutoff=1)
    return str(found[0]) if found is not None and found[0][0] == said[0] else None


def _unswapped(said: str, vocabulary: Vocabulary) -> str | None:
    """The word with two neighbouring letters, not the first, in their places again."""
    for at in range(1, len(said) - 1):
        word = f"{said[:at]}{said[at + 1]}{said[at]}{said[at + 2 :]}"
        if word != said and (word in _SIMPLE or vocabulary.genre(word) is not None):
            return word
    return None


def _doubled(said: str, vocabulary: Vocabulary) -> str | None:
    """The word with one letter doubled, or a double one single: "funy", "commedy"."""
    for at in range(1, len(said)):
        twice = said[at] == said[at - 1]
        word = said[:at] + said[at + 1 :] if twice else said[:at] + said[at - 1 :]
        if word in _SIMPLE or (len(word) > LEAST_DOUBLED and vocabulary.genre(word) is not None):
            return word
    return None


def _is_plural(said: str) -> bool:
    return said.endswith("s") and said[:-1] in _SIMPLE
