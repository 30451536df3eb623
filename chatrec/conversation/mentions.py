"""Items that a message names, by title or by pointing at the last list, and how each is meant.

It decides between liked, disliked, seen, "like this", asked about and merely named; limits on
genres, people and years are read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from chatrec.conversation.references import references
from chatrec.conversation.titled import DATED, Meaning, dated_by
from chatrec.conversation.utterance import (
    CUE_REACH,
    Span,
    Utterance,
    left_of,
    masked,
    overlaps,
    words_of,
)
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import content_words, is_filler
from chatrec.data.titles import TitleIndex, TitleMatch

_PARTS = re.compile(r": | [-–—/] | \(")
LEAST_ALIKE = 60.0  # per cent of two words' letters from which one is the other, misspelt


@dataclass(frozen=True, slots=True)
class Mention:
    """Items named at ``start:end``. ``cue_start:cue_end`` takes in the words that give the meaning.

    ``ambiguous`` says that other items bear the same title.
    """

    item_ids: tuple[str, ...]
    meaning: Meaning
    start: int
    end: int
    cue_start: int
    cue_end: int
    by_title: bool
    pronoun: bool = False
    ambiguous: bool = False
    explicit: bool = False  # a cue gives the meaning


_Q = r"[\s\"'(*:,]*$"
_PRE = (
    r"(?:really |quite |very much |absolutely |also |just |all |both |the (?:films?|"
    r"movies?) |films? |movies? |already |of |any of |either )*"
)
_SEEN = re.compile(
    r"(?:\b(?:i|we|i've|we've|ive|have|having|already|just|he's|she's|"
    r"they've)\s+)*\b(?:seen|watched|rewatched|saw|read|played|finished|own|gesehen|kenne|"
    rf"vu|visto|vi|already know|know already)\s+{_PRE}{_Q}|(?:我)?(?:已经)?看过(?:了)?\s*{_Q}"
)
_UNSEEN = re.compile(
    r"\b(?:haven't|have not|never|not yet|not|didn't|did not|hasn't|nie|noch nicht|jamais|"
    r"nunca) (?:yet |ever )?(?:seen|watched|see|watch|read|played)\s+[\s\"']*$|没看过\s*$"
)
_DISLIKED = re.compile(
    r"(?:\b(?:i|we|he|she|they|and|but|really|absolutely)\s+)*(?:\b(?:hate|hated|hates|"
    r"dislike|disliked|loathed?|despised?|detest(?:ed)?|couldn't (?:stand|finish|"
    r"get into)|can't stand|cannot stand|"
    r"(?:do|did|does)(?:n't| not) (?:really |particularly |much )?(?:like|love|enjoy|"
    r"care for|get)|didnt like|dont like|(?:was|were|am|i'm)(?:n't| not) (?:an? )?(?:big |"
    r"huge |really )?(?:fan|keen|into)(?: of| on)?|"
    r"not (?:an? )?(?:big |huge )?fan of|bored by|disappointed (?:by|with|in)|sick of|"
    r"tired of|hasse|hasste|deteste|ai deteste|je n'aime pas|n'ai pas aime|"
    r"je n'ai pas aime|odio|odie|no me gusto|no me gusta|no me gustaron)|讨厌|不喜欢|"
    rf"恨)\s*{_PRE}{_Q}"
)
_UNLIKE = re.compile(
    r"(?:\b(?:(?:not|nothing|no|don't|isn't|never|nicht|nichts|pas|rien|nada|"
    rf"no quiero)(?: \w+){{0,4}}? (?:like|similar to|wie|ahnlich wie|comme|como)|unlike|"
    r"(?:anything|everything) but|except(?: for)?|besides|other than|apart from|"
    r"rather than|instead of|without|not|no|avoid|skip|minus|less like|remove|ausser|sauf|"
    rf"excepto|nicht|pas|no como)|不要|除了|别像|不像)\s+{_PRE}{_Q}|(?:不要|除了|别像|不像)\s*{_Q}"
)
_WOULD = re.compile(rf"\b(?:would|'d|i'd) (?:also )?(?:like|love)(?: to (?:see|watch))? {_PRE}{_Q}")
_LIKED = re.compile(
    r"(?:\b(?:i|we|he|she|they|my \w+|who|kids|and|also|i've|always|really|absolutely|"
    r"quite)\s+)*(?:(?:\b(?:loved|liked|loves|enjoyed|enjoy|adored?|enjoying|appreciated|"
    r"fan of|fans of|into|obsessed with|"
    r"(?<!something )(?<!anything )(?<!films )(?<!movies )(?<!film )(?<!movie )(?:i|we|"
    r"you|he|she|they|and|who|kids|really|also|do|always) (?:love|like|likes)|love|"
    r"favou?rites?(?: \w+)?(?: (?:films?|movies?|games?|"
    r"books?))?(?: of all time)?(?: ever)?(?: (?:is|are|was|were|include|includes))?|mag|"
    r"mochte|liebe|liebte|fand|"
    r"j'aime|j'adore|j'ai (?:bien |beaucoup )?(?:aime|adore)|me (?:gusta|gusto|encanta|"
    rf"encanto)(?:n|ron)?|lieblingsfilme?(?: ist| sind)?)|喜欢|爱看|最爱)\s*{_PRE}{_Q})"
)
_NEAR = re.compile(
    r"(?:\b(?:(?:something|anything|somthing|more|films?|movies?|games?|books?|stuff|"
    r"ones?|some|just|but|a lot|much|else|mehr|etwas|so etwas|so was|filme?|quelque chose|"
    r"des films?|un film|algo|peliculas?)\s+)*(?:(?:exactly|just|much|a bit|kind of|"
    r"sort of)\s+)?"
    r"(?:like|similar to|akin to|in the (?:vein|spirit|style|mood|manner) of|"
    r"along the lines of|reminiscent of|reminds? me of|comparable to|close to|"
    r"resembl(?:es|ing)|the same (?!director|author|actor|actress|creator)(?:\w+ )?as|"
    r"such as|a la|as (?:good|funny|scary|dark|\w+) as|"
    r"based on|inspired by|wie|ahnlich(?: wie)?|im stil von|comme|semblables? a|"
    r"dans le (?:genre|style) de|du (?:genre|style) de|como|parecid[oa]s? a|similar a|"
    r"al estilo de|more|mehr von|related to|after watching|equivalent (?:of|"
    rf"to)))\s+{_PRE}{_Q}|(?:类似于?|像|跟|和)\s*{_Q}"
)
_BAD_AFTER = re.compile(
    r"['\"]?\s*,?\s*(?:(?:was|is|were|are|seems?|looks?|sounds?|war|ist|etait|est|fue|"
    r"es)\s+)?(?:(?:so|very|really|quite|just|a bit|kind of|pretty|far|way|absolutely|zu|"
    r"sehr|tres|muy)\s+)*"
    r"(?:boring|terrible|awful|bad|overrated|disappointing|dull|crap|rubbish|garbage|"
    r"horrible|meh|too (?!often|many|much)\w+|not (?:good|great|"
    r"my (?:thing|taste|cup of tea)|for me)|"
    r"bored me|langweilig|schlecht|ennuyeux|nul|aburrid[oa]|mal[oa]|mag ich nicht|"
    r"mochte ich nicht|hat mir nicht gefallen|no me gusto)\b|\s*(?:太)?(?:无聊|难看|不好看)"
)
_WASNT = re.compile(
    r"['\"]?\s*(?:wasn't|isn't|weren't|was not|is not|didn't) (?:\w+ )?(?:good|great|"
    r"funny|scary|my (?:thing|taste)|for me|work)\b"
)
_GOOD_AFTER = re.compile(
    r"['\"]?\s*,?\s*(?:(?:was|is|were|are|looks?|sounds?|war|ist|etait|est|fue|"
    r"es)\s+)?(?:(?:so|very|really|quite|just|pretty|absolutely|sehr|tres|muy|both|all|my|"
    r"one of my)\s+)*"
    r"(?:great|amazing|brilliant|awesome|fantastic|perfect|good|excellent|wonderful|"
    r"superb|favou?rites?|masterpieces?|a masterpiece|interesting|toll|super|klasse|"
    r"genial|hat mir gefallen|mochte ich|me gusto|me encanto)\b|\s*(?:很|非常)?(?:好看|不错)"
)
_SEEN_AFTER = re.compile(
    r"['\"]?\s*,?\s*(?:(?:i|we|i've|we've|ive) (?:have )?(?:already )?(?:seen|watched|"
    r"read|played|know)|already|schon gesehen|kenne ich(?: schon)?|"
    r"habe ich (?:schon )?gesehen|je l'ai (?:deja )?vu|deja vu|ya la (?:vi|he visto)|"
    r"ya la vi)\b|\s*(?:我)?(?:已经)?看过"
)
_YOU = re.compile(
    r"\b(?:have|do|did|could) you (?:ever |already )?(?:seen|watched|see|watch|have|know|"
    r"got|like)\s+[\"']?$"
)
_ASKED = re.compile(r"(?:^|[\s,])(?:is|are|was|were|ist|est|es)\s+[\"']?$")
_COMMA_GROUP = re.compile(
    r"[\s\"'()]*(?:,|and|or|&|\+|und|oder|et|ou|y|o|、|和|或|nor|as well as|plus|"
    r"und auch)?[\s\"'()]*(?:and|or|und|et|y|also|nor|the)?[\s\"'(]*(?:the (?:film|"
    r"movie) )?[\"'(]*"
)
_STRANGER = re.compile(  # between two titles of a list: a name that no title in the catalogue bears
    r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+)(?P<name>\"[^\"]{1,60}\"|[A-Z\d][\w'&:\-]*"
    r"(?:\s+(?:[A-Z\d][\w'&:\-]*|(?:of|the|in|to|for|a|an|at|from)(?=\s+[A-Z\d])))*)"
)
_BOUNDARY = re.compile(
    r"[.!?;。！？；，]\s*|\b(?<!anything )(?<!everything )but\s|\baber\s|\bmais\s|\bpero\s"
)
_EVERYDAY = frozenset(
    {
        "others",
        "other",
        "more",
        "another",
        "next",
        "back",
        "again",
        "older",
        "newer",
        "favourite",
        "favorite",
        "favourites",
        "first",
        "last",
        "second",
        "third",
        "heat",
        "drive",
        "speed",
    }
)
_OPENING = re.compile(
    r"(?P<name>[A-Z][\w'-]+),? (?:but|was|were|bored|again|"
    r"is (?:great|boring|too))\b"
)
_MADE_BY = re.compile(r"\b(?:from|by|von|de|par|por)\s+$")
_COMMON_CUE = re.compile(
    r"(?:\b(?:from|in|about|set in|made in|to|for|of|by|with|starring)\s+(?:the\s+)?)$"
)


def find_mentions(
    utterance: Utterance,
    titles: TitleIndex,
    vocabulary: Vocabulary,
    shown: Sequence[str],
    focus: Sequence[str],
) -> list[Mention]:
    """Every item named, in text order. Neighbours in one list ("A, B and C") share a meaning,

    also where the catalogue lacks one of them.
    """
    folded = utterance.folded
    named = [m for m in titles.find(utterance.text) if _is_title(m, utterance, vocabulary)]
    named = _opening(utterance.text, titles, named) + named
    spots: list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]] = [
        ((m.item_id,), m.start, m.end, m, False) for m in named
    ]
    pointed = (named[-1].item_id,) if named else focus
    for r in references(folded, shown, pointed):
        if not overlaps((r.start, r.end), [(start, end) for _, start, end, _, _ in spots]):
            spots.append((r.item_ids, r.start, r.end, None, r.pronoun))
    spots.sort(key=lambda spot: spot[1])
    mentions: list[Mention] = []
    for group in _grouped(spots, utterance):
        first, last = group[0][1], group[-1][2]
        meaning, cue = meaning_of(folded, first, last)
        for named_ids, start, end, title, pronoun in group:
            ids = named_ids if title is None else _bearers(title, meaning)
            mentions.append(
                Mention(
                    ids,
                    meaning or "named",
                    start,
                    end,
                    cue[0],
                    cue[1],
                    title is not None,
                    pronoun,
                    title is not None and bool(title.ambiguous_with) and len(ids) == 1,
                    meaning is not None,
                )
            )
    return mentions


def _opening(text: str, titles: TitleIndex, named: Sequence[TitleMatch]) -> list[TitleMatch]:
    """A one-word title that opens the message and is judged: "Saw was boring"."""
    match = _OPENING.match(text)
    if match is None or any(other.start < match.end("name") for other in named):
        return []
    found = titles.lookup(match.group("name"))
    return [
        replace(m, start=match.start("name"), end=match.end("name"))
        for m in found[:1]
        if m.score == 1
    ]


def _bearers(match: TitleMatch, meaning: Meaning | None) -> tuple[str, ...]:
    """The items meant by a title that several bear: a series by its name is its first part,

    unless it is ruled out, which rules out every part. Of dated ones (``titled``) all may be meant.
    """
    if meaning in DATED:
        return (match.item_id, *match.ambiguous_with)
    if not match.ambiguous_with or match.score == 1:
        return (match.item_id,)
    if meaning == "disliked":
        return (match.item_id, *match.ambiguous_with)
    return match.ambiguous_with[-1:]  # newest first


def meaning_of(folded: str, start: int, end: int) -> tuple[Meaning | None, Span]:
    """How the words around ``folded[start:end]`` mean it, None without a cue, and their span."""
    left, right = left_of(folded, start), folded[end : end + CUE_REACH]
    breaks = [m.end() for m in _BOUNDARY.finditer(left)]
    left = left[breaks[-1] :] if breaks else left
    begin = start - len(left)
    if _YOU.search(left):
        return None, (start, end)
    if (dated := dated_by(left, right)) is not None:
        kind, first, length = dated
        return kind, (begin + first, end + length)
    before: tuple[tuple[re.Pattern[str], Meaning], ...] = (
        (_UNSEEN, "unseen"),
        (_SEEN, "seen"),
        (_DISLIKED, "disliked"),
        (_WOULD, "near"),
        (_UNLIKE, "disliked"),
        (_LIKED, "liked"),
        (_NEAR, "near"),
    )
    after: tuple[tuple[re.Pattern[str], Meaning], ...] = (
        (_BAD_AFTER, "disliked"),
        (_WASNT, "disliked"),
        (_SEEN_AFTER, "seen"),
        (_GOOD_AFTER, "liked"),
    )
    found: tuple[Meaning | None, Span] = (None, (start, end))
    for pattern, meaning in before:
        match = pattern.search(left)
        if match is not None:
            found = meaning, (begin + match.start(), end)
            break
    if _ASKED.search(left):
        return found
    for pattern, meaning in after:
        match = pattern.match(right)
        if (
            match is not None
            and found[0] in (None, "near", "seen", "unseen")
            and not (found[0] == "seen" and meaning == "seen")
        ):
            return meaning, (found[1][0], end + match.end())
    return found


def _grouped(
    spots: list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]], utterance: Utterance
) -> list[list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]]]:
    groups: list[list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]]] = []
    for spot in spots:
        if groups and _joined(utterance, groups[-1][-1][2], spot[1]):
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return groups


def _joined(utterance: Utterance, end: int, start: int) -> bool:
    """Whether what stands between two mentions makes them one list."""
    for match in strangers(utterance.text, end, start):
        end = match.end()
    return _COMMA_GROUP.fullmatch(utterance.folded[end:start]) is not None


def strangers(text: str, at: int, end: int) -> Iterator[re.Match[str]]:
    """Names (group "name") that go on the list of titles which ``at`` is the end of."""
    while (match := _STRANGER.match(text, at, end)) is not None:
        yield match
        at = match.end()


def _is_title(match: TitleMatch, utterance: Utterance, vocabulary: Vocabulary) -> bool:
    """Whether a found title is meant as one, not as a year, a place, a person or a genre."""
    folded = utterance.folded
    name = folded[match.start : match.end].strip()
    small = utterance.text[match.start : match.end].islower()
    if small and name in _EVERYDAY:
        return False
    if match.score < 1 and small and not _spells(name, match.title):
        return False  # nor is "the longest one"
    if len(name) >= len(folded.strip(" .!?\"'")):
        return not (vocabulary.genre(name) and utterance.text.islower())
    meaning, _ = meaning_of(folded, match.start, match.end)
    if vocabulary.is_company(name) and _MADE_BY.search(folded[: match.start]):
        return False
    cued = meaning in ("near", "liked", "seen", "unseen", *DATED) or (
        meaning == "disliked" and not vocabulary.genre(name)
    )
    if name.isdigit():
        return cued
    if small and match.score < 1 and not cued:
        rest = masked(folded, [(match.start, match.end)])
        if " " not in name or content_words(rest):
            return False  # neither "melancholic" nor "a king and his court" is a misspelt title
    if match.score < 1 and not cued and _COMMON_CUE.search(folded[: match.start]):
        return False  # "by the Coen brothers" is no misspelt title either
    plain = (
        vocabulary.country_values(name) is not None
        or vocabulary.genre(name) is not None
        or (" " in name and vocabulary.person_at(name) is not None)
    )
    return not plain or (cued and not _COMMON_CUE.search(folded[: match.start]))


def _spells(name: str, title: str) -> bool:
    """Whether each telling word of the title, or of a part of it, is there, perhaps misspelt."""
    said = words_of(name).split()
    if any("".join(said) in _letters(part) for part in _PARTS.split(title)[:-1]):
        return True
    return all(
        any(fuzz.ratio(word, other) >= LEAST_ALIKE for other in said)
        for word in words_of(title).split()
        if not is_filler(word)
    )


def _letters(title: str) -> tuple[str, str]:
    """The letters of a title with and without its leading article."""
    words = words_of(title).split()
    return "".join(words), "".join(words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words)
