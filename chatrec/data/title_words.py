"""Words of titles: how text is cut into them, and which are plain language unless marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

ARTICLES = frozenset({"the", "a", "an", "les", "le", "la", "el", "il"})
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’`´][^\W_]+)*|&", re.UNICODE)
_OPENING, _CLOSING = "\"'“‘«„*_", "\"'”’»“*_.,!?"
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n]\s*|^\W+)$")
_WATCHED_TEXT = """
like liked likes love loved loves watch watched watching see saw seen enjoyed hated read played
than
"""
_WATCHED = frozenset(_WATCHED_TEXT.split())
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
_FUNCTION_WORDS_TEXT = """
a an the and or but if so as at by for from in into of off on onto out over to up down with
without about after before between through under again then than too very not no nor only i me my
you your he him his she her it its we us our they them their this that these those who what which
when where why how all any both each few more most other some such same own am is are was were be
been being have has had do does did can could will would shall should may might must one two three
yes ok okay please thanks hi hello let lets get got give go goes going make made want wanted need
like liked love loved hate hated watch watched see saw seen show find something anything nothing
everything someone now here there just also maybe really much many lot bit new old good better
best bad great nice big small long short next last first second today tonight
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
# Said by themselves so often, also without a full stop before, that a capital makes no title.
_SPOKEN_TEXT = """
yes yeah yep no nope hey hi hello wow oh awesome cool thanks ok we he she they a
"""
_SPOKEN = frozenset(_SPOKEN_TEXT.split())
_COMMON_WORDS_TEXT = """
accident action adventure alive alone american angel angels animal animals apartment arrival art
baby back beach beast beautiful beauty beginners belief best birds birth black blood blue body
book books boy boys brave bridge brother brothers bullet camp capital captain car cars casino cell
chance change chaos children choice christmas circle circus city classic click cloud clown
clueless coast code cold comedy comet company contact control cop cops country couple courage
crash crazy creation crime cube dance dancer danger dark darkness date dave day days dead deal
dear death deep desire detective devil diamonds dinner dirty doctor dog dogs doubt downhill dream
dreams drive driver dust duel earth east eden election elephant empire end endless enemy enough
epic escape evening ever evil evolution excess eye face fall fallen fame family fan fast father
fear fearless feast fences fight fighter film films fire first flight flipped fly focus fools
force forever fountain free freedom friday friend friends frozen funny future gambler game games
gentlemen ghost ghosts giant gift girl girls glass glory gold gone grace gravity green grey group
growing grown-ups guilty half hand hands happening happiness happy hard hate head hearts heat
heaven heist hell her hero heroes hidden high history holiday home honey hope horror horse
hospital host hostage hotel hour hours house human hunger hunt hunter husbands ice identity
illusion inferno innocence inside island jealousy journey joy judge jury justice kids killer king
kingdom kings knight lady land law leap learn legend letter liar life light lights limitless line
lion little living logan london lonely loser losing loss lost loud lucky machine mad magic malice
man mask master match maze mean memory men metro midnight milk mind miracle mirror misery mission
mob modern mom moment money monster monsters moon morning mother mothers mouse movie movies murder
music musical mystery naked name native network night nights nobody noise north notes nurse
obsessed obsession ocean office orange order orphan outbreak outside paper paradise parents paris
party passengers passion past path patience patient peace people perfect period phone piano
pictures pig pink pirates play player police possession power pretty pride prime prince princess
prison prisoners private problem project proof psycho punk pure queen quest quick quiet race rain
ransom rebel recall red redemption relic return revenge revolution rich ride right ring rings
river road robots rock rocks romance room roots rope run rush safe saints salt sand savage school
science scream sea search secret secretary secrets sense series seven sex shadow shadows shame
shark she shine ship shoes shot shower side sign signs silence simple singles sister sisters sky
slayer sleep sleepers sleuth smile smoke snow soldier son song soul sound south space speed spider
spirit split sport spring spy stage star stars start state stealth stick still stone storm story
stranger strangers street strike style sugar summer sun sunday sunset sunshine surf suspect
suspicion sweet swing tag taken target taxi teacher team tell terminal terror theory thief thing
things thinner thirst thriller time together tomorrow top touch tough town toy toys traffic
training trap travel trial trick trip true trust truth turning twilight twins twist unbreakable
unknown valentine valley vampire vampires vanished vertical vice victim victory view village
violence voice voices volcano wait walk wall war warrior wasp water wave way weather wedding week
weekend weird west western whatever white whole wife wild wind window wings winter wise wish witch
witches witness wolf woman women wonder wonderful woods word words work world worst wrong year
years young youth zombie zombies zoo
"""
_COMMON_WORDS = frozenset(_COMMON_WORDS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text as it is compared, and where it stands: ``text[start:end]``."""

    word: str
    start: int
    end: int


def plain_letters(text: str) -> str:
    """The text in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def tokenise(text: str) -> list[Token]:
    """The words of ``text``; "L.A." is one word, "Ocean's" is "oceans", "&" is "and".

    >>> [token.word for token in tokenise("Amélie & WALL-E")]
    ['amelie', 'and', 'wall', 'e']
    """
    tokens = []
    for found in _TOKEN.finditer(text):
        word = "and" if found[0] == "&" else re.sub(r"[\W_]+", "", plain_letters(found[0]))
        if word:
            tokens.append(Token(word, found.start(), found.end()))
    return tokens


def numbers_of(words: Sequence[str]) -> list[str]:
    """The numbers among words; sequels differ in nothing else."""
    return [_ROMAN.get(word, word) for word in words if word.isdecimal() or word in _ROMAN]


def content_words(words: Sequence[str]) -> list[str]:
    """The words that say what a title is about; all words where there is none such."""
    return [word for word in words if word not in FUNCTION_WORDS] or list(words)


def is_plain_language(words: Sequence[str]) -> bool:
    """Whether a title of these words is easily part of an everyday sentence."""
    if len(words) == 1:
        word = words[0]
        return len(word) <= 4 or word in _COMMON_WORDS or word in FUNCTION_WORDS or word.isdigit()
    plain = FUNCTION_WORDS if len(words) > 2 else FUNCTION_WORDS | _COMMON_WORDS
    return all(word in plain or len(word) == 1 for word in words)


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether quotation marks stand directly around ``text[start:end]``."""
    return (
        start > 0
        and end < len(text)
        and text[start - 1] in _OPENING
        and any(mark in _CLOSING[:8] for mark in text[end : end + 2])
    )


def is_spoken(words: Sequence[str]) -> bool:
    """Whether this is one word that people say by itself, such as "awesome" or "yes"."""
    return len(words) == 1 and words[0] in _SPOKEN


def is_watched(word: str) -> bool:
    """Whether a word such as "loved" or "seen" says that a title follows."""
    return word in _WATCHED


def is_marked(text: str, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether capitals mark tokens as a title, or, for numbers and more words, "watched" before.

    A capital says nothing at the start of a sentence, except before "is" or "was", nor in a text
    without any small letter.
    """
    named = [t for t in tokens[first:last] if t.word not in ARTICLES or last - first == 1]
    before = tokens[first - 1].word if first > 0 else ""
    if before in _WATCHED and any(t.word not in FUNCTION_WORDS for t in named) and len(named) > 1:
        return True
    if all(token.word.isdigit() for token in named):
        return before in _WATCHED
    if text == text.upper() or any(text[token.start] == "I" == token.word for token in named):
        return False
    words = [t for t in named if not t.word.isdigit()]
    significant = [t for t in words if t.word not in FUNCTION_WORDS] or words
    if not all(text[token.start].isupper() for token in significant):
        return False
    if not _SENTENCE_START.search(text[: tokens[first].start]):
        return True
    after = tokens[last].word if last < len(tokens) else ""
    several = len(significant) > 1
    return several or (after in {"is", "was"} and significant[0].word not in FUNCTION_WORDS)
