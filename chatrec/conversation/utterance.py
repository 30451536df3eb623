"""One message made safe to read: cleaned, folded, split into words, its language told.

Folding keeps the length, so a span in ``folded`` is the same span in ``text``. This module knows
nothing about catalogues or meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from chatrec.conversation.lexicon import TELLTALES, Language

MAX_CHARS = 2_000
CUE_REACH = 160  # characters before a mention in which its cue is looked for
Span = tuple[int, int]

_WORD = re.compile(r"\b(?:[cdjlmnst]|qu)'(?=[^\W_])|[^\W_]+(?:'[^\W_]+)*")  # "d'amour" is two words
_CJK = re.compile(r"[\u3400-\u9fff]")
# Letters of no language that is read: Greek to Georgian and Korean, Japanese, Korean syllables.
_UNREAD = re.compile(r"[\u0370-\u1cff\u3040-\u30ff\uac00-\ud7af]")
_EDGE = re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z])|(?<=[A-Za-z])(?=[\u3400-\u9fff])")
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
)
MASK = "\x1f"  # stands where something has been read already; no message can contain it


def fold(text: str) -> str:
    """Lower case without accents, one character for one.

    >>> fold("Amélie À LA Straße")
    'amelie a la straße'
    """
    return text.lower() if text.isascii() else "".join(map(_fold_char, text))


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    lowered = unicodedata.normalize("NFKD", char.lower())[:1] or char
    return lowered if len(lowered) == 1 else char


def words_of(text: str) -> str:
    """The folded words of a text joined by single spaces: the key that phrases are looked up by.

    >>> words_of("Sci-Fi & Fantasy")
    'sci fi fantasy'
    """
    return " ".join(_WORD.findall(fold(text.translate(_QUOTES))))


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """A cleaned message. ``cut`` says that only its first ``MAX_CHARS`` characters were kept."""

    text: str
    cut: bool = False
    fallback: Language = "en"

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return split(self.folded)

    @cached_property
    def language(self) -> Language:
        return self.fallback if self.is_unread else language_of(self.folded, self.fallback)

    @cached_property
    def is_unread(self) -> bool:
        """Whether it is written in letters of another language than the five that are read."""
        return len(_UNREAD.findall(self.text)) * 4 > len(self.text.replace(" ", ""))


def split(folded: str) -> tuple[Word, ...]:
    """The words of a folded text in order, with their spans."""
    return tuple(Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(folded))


def clean(raw: str, fallback: Language = "en") -> Utterance:
    """The message without control characters, in NFC, at most ``MAX_CHARS`` characters long."""
    cut = len(raw) > MAX_CHARS
    text = unicodedata.normalize("NFKC", raw[:MAX_CHARS]).translate(_QUOTES)
    text = "".join(c if _printable(c) else " " for c in text)
    text = re.sub(r"\s+", " ", _EDGE.sub(" ", text)).strip()
    return Utterance(text, cut, fallback)


def _printable(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def language_of(folded: str, fallback: Language = "en") -> Language:
    """The language with the most telltale words, Chinese by its script; else the fallback."""
    if len(_CJK.findall(folded)) * 4 > len(folded.replace(" ", "")):
        return "zh"
    found = [word.text for word in split(folded)]
    counts = {lang: sum(w in telltales for w in found) for lang, telltales in TELLTALES.items()}
    best = max(counts, key=lambda lang: (counts[lang], lang == fallback, lang == "en"))
    return best if counts[best] else fallback


def left_of(folded: str, at: int) -> str:
    """The text just before a place: cues stand near, and long texts stay quick to read."""
    return folded[max(0, at - CUE_REACH) : at]


def overlaps(span: Span, taken: Iterable[Span]) -> bool:
    """Whether the span shares a character with any of the others."""
    return any(span[0] < end and start < span[1] for start, end in taken)


def masked(folded: str, spans: list[Span]) -> str:
    """The folded text with the given spans blanked out, length kept."""
    chars = list(folded)
    for start, end in spans:
        chars[start:end] = MASK * (end - start)
    return "".join(chars)
