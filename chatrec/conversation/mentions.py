"""Items that a message names, by title or by pointing at the last list, and how each is meant.

It decides between liked, disliked, seen, "like this", asked about and merely named; limits on
genres, people and years are read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chatrec.conversation.antecedents import of_others
from chatrec.conversation.called import NOTHING_CALLED, called_by_word, titles_called
from chatrec.conversation.critique import compares
from chatrec.conversation.described import described
from chatrec.conversation.meaning import meaning_of
from chatrec.conversation.own_life import is_of_own_life
from chatrec.conversation.questions import question_in
from chatrec.conversation.references import Reference, references
from chatrec.conversation.spelt import begins, is_part, spells
from chatrec.conversation.titled import DATED, Meaning
from chatrec.conversation.utterance import (
    MASK,
    Span,
    Utterance,
    fold,
    masked,
    overlaps,
    words_of,
)
from chatrec.conversation.vocabulary import FILM_NOUN, Vocabulary
from chatrec.conversation.wish import content_words
from chatrec.data.short_titles import SHORT_LETTERS, SHORT_WORDS
from chatrec.data.title_words import ARTICLES, FUNCTION_WORDS, is_quoted
from chatrec.data.titles import SHORT_FORM, TitleIndex, TitleMatch
from chatrec.types import Item

LEAST_WRITTEN = 7  # letters of a title in capitals that is meant as one wherever it stands


@dataclass(frozen=True, slots=True)
class Mention:
    """Items named at ``start:end``. ``cue_start:cue_end`` takes in the words that give the meaning.

    ``ambiguous`` says that other items bear the same title, ``others`` which.
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
    others: tuple[str, ...] = ()


_COMMA_GROUP = re.compile(
    r"[\s\"'()]*(?:,|and|or|&|\+|und|oder|et|ou|y|o|、|和|或|nor|as well as|plus|"
    r"und auch)?[\s\"'()]*(?:and|or|und|et|y|also|nor|the)?[\s\"'(]*(?:the (?:film|"
    r"movie) )?[\"'(]*"
)
_STRANGER = re.compile(  # between two titles of a list: a name that no title in the catalogue bears
    r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+)(?P<name>\"[^\"]{1,60}\"|[A-Z\d][\w'&:\-]*"
    r"(?:\s+(?:[A-Z\d][\w'&:\-]*|(?:of|the|in|to|for|a|an|at|from)(?=\s+[A-Z\d])))*)"
)
_LEFT_STRANGER = re.compile(
    r"(?P<name>(?!I\b)[A-Z\d][\w'&:\-]*(?:\s+(?:[A-Z\d][\w'&:\-]*|(?:of|the|in|to|for|a|at)"
    r"(?=\s+[A-Z\d])))*)\s*(?:,|,?\s(?:and|or|&))\s+(?:the\s+)?$"
)
_EVERYDAY_TEXT = """
others other more another next back again older newer encanto favourite favorite
favourites first last second third heat drive speed
"""
_EVERYDAY = frozenset(_EVERYDAY_TEXT.split())
_OPENING = re.compile(
    r"(?P<name>[A-Z][\w'-]+),? (?:but|was|were|bored|again|"
    r"is (?:great|boring|too))\b"
)
_PROPOSED = re.compile(
    r"\b(?:(?:what|how) about|(?:have|did|do|ever|you) (?:you )?(?:ever |guys )?(?:seen|see|"
    r"watch|watched|"
    r"played|read|heard of|like|know|try)|recommend|suggest|check out|try|called)"
    r" (?:the (?:film|movie) |the |an? )?[\s\"']*$"
)
_SOUNDS = re.compile(r"[\"']?,? (?:both |all |really )?(?:sounds?|looks?)\b")
_JUDGED = re.compile(r"[\"']? (?:is|was|has|looks?|sounds?|seems?|are|were)\b")
_THOSE = re.compile(r"\b(?:both|those|them)\b")
_MADE_BY = re.compile(r"\b(?:from|by|von|de|par|por)\s+$")
_INDEFINITE = re.compile(r"\b(?:an?|any|some|another|other|good|great|nice|more)\s+$")
_WEAK_CUE = re.compile(  # after which everyday things stand as often as titles
    r"\b(?:no|without|avoid|skip|minus|remove|except(?: for)?|more|such as|based on|inspired by|"
    r"related to|as \w+ as|the same \w+ as|before|after|since|mehr|ohne|sans|sin|mas|plus)\s+$"
)
_ALONE = re.compile(  # a message that says nothing but titles
    rf"(?:[\W{MASK}]|\b(?:and|or|und|oder|et|ou|y|o|the|an?|please|bitte|maybe|perhaps|hi|hello|"
    rf"hey)"
    r"\b)*"
)
_CHANGED = re.compile(r"[\"']?,? (?:but|except|only|just|aber|mais|pero)\b")  # "parasite but funny"
_COMMON_CUE = re.compile(
    r"(?:\b(?:from|in|about|set in|made in|to|for|of|by|with|starring)\s+(?:the\s+)?)$"
)


def find_mentions(
    utterance: Utterance,
    titles: TitleIndex,
    vocabulary: Vocabulary,
    shown: Sequence[str],
    focus: Sequence[str],
    called: Mapping[str, str] = NOTHING_CALLED,
    items: Sequence[Item] = (),
) -> list[Mention]:
    """Every item named, in text order.

    Neighbours in one list ("A, B and C") share a meaning, also where the catalogue lacks one of
    them. ``called`` has the titles, by id, of what was just shown or talked of: a telling word of
    one of them names it ("not Caligari"). ``items`` are those of the last list: what is said of one
    of them alone names it too ("the animated one").
    """
    folded = utterance.folded
    found = titles.find(utterance.text)
    named = [m for m in found if _is_title(m, utterance, vocabulary)]
    alone = _ALONE.fullmatch(masked(folded, [(m.start, m.end) for m in named])) is not None
    if not alone:
        named = [m for m in named if not _in_passing(m, utterance, vocabulary)]
    named = _opening(utterance.text, titles, named, talked=bool(shown or focus)) + named
    spans = [(m.start, m.end) for m in named]
    listed = titles_called(utterance, called, vocabulary)
    named += [m for m in listed if not overlaps((m.start, m.end), spans)]
    named += described(utterance, items, vocabulary, [(m.start, m.end) for m in named])
    named.sort(key=lambda match: match.start)
    spots: list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]] = [
        ((m.item_id,), m.start, m.end, m, False) for m in named
    ]
    for item_id, start, end in called_by_word(utterance, called, vocabulary):
        if not overlaps((start, end), [(spot[1], spot[2]) for spot in spots]):
            spots.append(((item_id,), start, end, None, False))
    pointers = [r for r in references(folded, shown, focus) if not of_others(r, folded, vocabulary)]
    for r in _pointed(pointers, named, folded):
        if not overlaps((r.start, r.end), [(start, end) for _, start, end, _, _ in spots]):
            spots.append((r.item_ids, r.start, r.end, None, r.pronoun))
    spots.sort(key=lambda spot: spot[1])
    mentions: list[Mention] = []
    unsaid = folded
    for group in _grouped(spots, utterance):
        first, last = group[0][1], group[-1][2]
        meaning, cue = meaning_of(unsaid, first, last)
        if cue[1] > last:  # "Jaws I love, Psycho ...": said of the first, not of the second
            unsaid = masked(unsaid, [(last, cue[1])])
        if meaning is None:
            meaning, cue = _past_stranger(utterance, first, last)
        if meaning == "liked" and _SOUNDS.match(folded, last) and (group[-1][3] or group[-1][4]):
            meaning, cue = None, (first, last)  # "it sounds good" is no verdict on it
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
                    () if title is None else _others(title, ids),
                )
            )
    return mentions


def _pointed(
    found: Sequence[Reference], named: Sequence[TitleMatch], folded: str
) -> Iterator[Reference]:
    """The pointers, "it" pointing at the last title before it in the message, where there is one.

    One that only follows in the message takes "it" where nothing was shown or talked of.
    """
    for reference in found:
        before = [m for m in named if m.end <= reference.start]
        if reference.pronoun and before:
            yield replace(reference, item_ids=(before[-1].item_id,))
        elif len(before) > 1 and _THOSE.search(folded, reference.start, reference.end):
            yield replace(reference, item_ids=tuple(m.item_id for m in before[-2:]))
        else:
            yield reference
    if named and not found:
        yield from (
            replace(r, item_ids=(([m for m in named if m.end <= r.start] or named)[-1].item_id,))
            for r in references(folded, (), (named[-1].item_id,))
        )


def _past_stranger(utterance: Utterance, start: int, end: int) -> tuple[Meaning | None, Span]:
    """The meaning that a name no title bears passes on: "seen Mamma Mia and Heat"."""
    match = _LEFT_STRANGER.search(utterance.text[:start])
    if match is None:
        return None, (start, end)
    meaning, (cue_start, _) = meaning_of(utterance.folded, match.start("name"), end)
    return meaning, (cue_start if meaning else start, end)


def _opening(
    text: str, titles: TitleIndex, named: Sequence[TitleMatch], *, talked: bool
) -> list[TitleMatch]:
    """A one-word title that opens the message and is judged: "Saw was boring".

    "It was boring" speaks of what was ``talked`` of, where anything was.
    """
    match = _OPENING.match(text)
    if match is None or any(other.start < match.end("name") for other in named):
        return []
    if talked and fold(match.group("name")) in FUNCTION_WORDS:
        return []
    found = titles.lookup(match.group("name"))
    return [
        replace(m, start=match.start("name"), end=match.end("name"))
        for m in found[:1]
        if m.score == 1
    ]


def _bearers(match: TitleMatch, meaning: Meaning | None) -> tuple[str, ...]:
    """The items meant by a title that several bear.

    A series by its name is its first part, unless it is ruled out, which rules out every part. Of
    dated ones (``titled``) all may be meant.
    """
    if meaning in DATED:
        return (match.item_id, *match.ambiguous_with)
    if not match.ambiguous_with or not match.part:
        return (match.item_id,)
    if meaning == "disliked":
        return (match.item_id, *match.ambiguous_with)
    return match.ambiguous_with[-1:]  # newest first


def _others(match: TitleMatch, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(i for i in (match.item_id, *match.ambiguous_with) if i not in ids)


def _grouped(
    spots: list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]], utterance: Utterance
) -> list[list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]]]:
    groups: list[list[tuple[tuple[str, ...], int, int, TitleMatch | None, bool]]] = []
    for spot in spots:
        last = groups[-1][-1] if groups else None
        apart = last is not None and last[4] and not utterance.text[last[2] : spot[1]].strip()
        apart = apart or (last is not None and _judged_alone(utterance, last[2], spot))
        if last is not None and not apart and _joined(utterance, last[2], spot[1]):
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return groups


def _judged_alone(
    utterance: Utterance, end: int, spot: tuple[tuple[str, ...], int, int, TitleMatch | None, bool]
) -> bool:
    """Whether a title with no joint before it begins a sentence: "I hated Jaws Coco is better"."""
    beside = not utterance.text[end : spot[1]].strip(" ,")
    return beside and _JUDGED.match(utterance.folded, spot[2]) is not None


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
    if small and (name in _EVERYDAY or _is_a_kind(folded, match.start, match.end)):
        return False
    if is_of_own_life(folded, match.start, match.end):
        return False
    if match.score < 1 and small and not spells(name, match.title):
        return False  # nor is "the longest one"
    misspelt = match.score < 1 and not is_part(name, match.title)
    if small and misspelt and compares(name):
        return False  # "something newer" is no misspelt "Something New"
    if small and misspelt and _asks_itself(match, folded, vocabulary):
        return False  # "what's the rating" asks for no "The Ring"
    if small and misspelt and " " not in name and vocabulary.is_everyday(name):
        return False  # "stories" is spelt right, and no misspelt "Stripes"
    if len(name) >= len(folded.strip(" .!?\"'")):
        return not (vocabulary.genre(name) and utterance.text.islower())
    meaning, _ = meaning_of(folded, match.start, match.end)
    if meaning is None:
        meaning, _ = _past_stranger(utterance, match.start, match.end)
    if meaning is None and _in_a_name(match, utterance):
        return False
    if vocabulary.is_company(name) and _MADE_BY.search(folded[: match.start]):
        return False
    cued = meaning in ("near", "liked", "seen", "unseen", *DATED) or (
        meaning == "disliked" and not vocabulary.genre(name)
    )
    proposed = _PROPOSED.search(folded[: match.start]) is not None
    if name.isdigit():
        return cued
    if match.score == SHORT_FORM:
        return _is_short_form(match, utterance, vocabulary, cued=cued or proposed)
    if small and match.score < 1 and not cued:
        rest = masked(folded, [(match.start, match.end)])
        if " " not in name or content_words(rest):
            return False  # neither "melancholic" nor "a king and his court" is a misspelt title
    said = utterance.text[match.start : match.end].split()
    telling = [word for word in said if fold(word) not in FUNCTION_WORDS]
    if misspelt and vocabulary.namesakes(" ".join(telling)):
        return False  # "by the Coen brothers" is no misspelt "The Omen"
    written = len(name) >= LEAST_WRITTEN and all(word[:1].isupper() for word in telling)
    meant = match.score == 1 or cued or proposed or written
    if not meant and _COMMON_CUE.search(folded[: match.start]):
        return False  # "in the Alps" is no misspelt title either
    plain = (
        vocabulary.country_values(name) is not None
        or vocabulary.language_values(name) is not None
        or vocabulary.genre(name) is not None
        or (" " in name and vocabulary.person_at(name) is not None)
    )
    asked = not small and question_in(
        masked(folded, [(match.start, match.end)]), vocabulary.columns
    )
    return not plain or (bool(cued or asked) and not _COMMON_CUE.search(folded[: match.start]))


def _is_short_form(
    match: TitleMatch, utterance: Utterance, vocabulary: Vocabulary, *, cued: bool
) -> bool:
    """Whether words that only a part of some title is are meant as it."""
    name = utterance.folded[match.start : match.end].strip()
    large = utterance.text[match.start : match.end].strip()[:1].isupper()
    begun = large and begins(name, match.title)
    judged = _JUDGED.match(utterance.folded, match.end) is not None
    several = len([word for word in words_of(name).split() if word not in ARTICLES]) > SHORT_WORDS
    rare = several or not vocabulary.is_everyday(name)
    long = len("".join(words_of(name).split())) >= SHORT_LETTERS
    told = cued or judged or (begun and rare and long)
    theme = vocabulary.names_theme(name) and not (begun and cued)
    return told and not (theme or vocabulary.person_at(name) or vocabulary.genre(name))


def _asks_itself(match: TitleMatch, folded: str, vocabulary: Vocabulary) -> bool:
    """Whether the words themselves are what a question asks for."""
    without = masked(folded, [(match.start, match.end)])
    columns = vocabulary.columns
    return question_in(folded, columns) is not None and question_in(without, columns) is None


def _in_a_name(match: TitleMatch, utterance: Utterance) -> bool:
    """Whether a word is part of a name, "Queen Latifah", or an everyday one written large."""
    text, start, end = utterance.text, match.start, match.end
    name = text[start:end]
    if " " in name.strip() or is_quoted(text, start, end) or not name[:1].isupper():
        return False
    after = re.match(r"(?:'s)? (?!I\b)[A-Z][a-z]", text[end:])
    before = re.search(r"(?<![.!?:;,\"])\b(?!I\b)[A-Z][a-z]+ $", text[:start])
    return fold(name) in FUNCTION_WORDS or bool(after or (before and before.start() > 0))


def _in_passing(match: TitleMatch, utterance: Utterance, vocabulary: Vocabulary) -> bool:
    """Whether a short title in small letters is a part of an everyday sentence: "saves battery"."""
    folded, start, end = utterance.folded, match.start, match.end
    name = utterance.text[start:end]
    if not name.islower() or len(name.split()) > 2 or is_quoted(utterance.text, start, end):
        return False
    if not vocabulary.is_everyday(name) or (start == 0 and _CHANGED.match(folded, end)):
        return False
    if question_in(masked(folded, [(start, end)]), vocabulary.columns):
        return False
    meaning, cue = meaning_of(folded, start, end)
    said_before = cue[0] < start and _WEAK_CUE.search(folded[cue[0] : start]) is None
    return meaning is None or not (said_before or cue[1] > end)


def _is_a_kind(folded: str, start: int, end: int) -> bool:
    """Whether it is "a scary movie" or "a cold war film": a kind of item, not that title."""
    kind = re.search(rf"\b{FILM_NOUN.pattern}$", folded[start:end].strip())
    after = re.match(rf"\W*{FILM_NOUN.pattern}\b", folded[end:])
    opened = _INDEFINITE.search(folded[:start]) or re.match(r"an? ", folded[start:end])
    return bool(opened and (kind or after))
