"""What the parts of a message become in the light of what went before it.

Titles go on with a verdict, people and genres with a refusal or as alternatives, an answer judges
what was asked, and "the same director" or "from there" means that of the item talked about. Knows
mentions and limits; changes no dialogue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chatrec.conversation.going_on import (
    goes_on,
    is_alternative,
    just_named,
    said_before,
    verdict_before,
)
from chatrec.conversation.limits import Limits
from chatrec.conversation.mentions import Mention
from chatrec.conversation.polarity import LIFT_AFTER
from chatrec.conversation.replies import Question, answered, is_fine
from chatrec.conversation.state import DialogueState
from chatrec.conversation.titled import Meaning
from chatrec.conversation.utterance import Span, masked, overlaps, words_of
from chatrec.types import Item

_SAME_PERSON = re.compile(
    r"\b(?:with |by |from )?(?:the )?same (?P<role>director|author|creator|developer|"
    r"artist|actor|actress|lead)s?\b|\b(?:vom |mit dem )?(?:gleichen|selben) (?:regisseur|"
    r"schauspieler)\b|\b(?:du |le )?meme realisat\w+|\b(?:del |el )?mismo director\b|"
    r"同一个?导演"
)
_FROM_THERE = re.compile(
    r"\bfrom (?:there|the same (?:country|place))\b|\bvon dort\b|\bde la-bas\b|\bde alli\b"
)

_THAT_MAKER = re.compile(  # "its director", "whoever made it", "that director", "the man behind it"
    r"\b(?:with |by |from |of )?(?:(?:its|that|this|the film'?s|the movie'?s|the) (?:director|"
    r"maker|"
    r"filmmaker|author|creator|writer)s?(?: (?:of|behind) (?:it|that|this|that one))?(?<!the "
    r"director)"
    r"(?<!the maker)(?<!the filmmaker)(?<!the author)(?<!the creator)(?<!the writer)|"
    r"(?:whoever|the (?:one|guy|man|woman|person|people|team|folks|same people)(?: who| that)?) "
    r"(?:(?:also )?(?:directed|made|wrote|created|shot|did)|behind) (?:it|that|this)(?: one| "
    r"film| movie)?)"
    r"(?=\W*(?:$|[.,!?;]|\b(?:but|and|then|please|again|too|though|or|with|from|in|has|have|did|"
    r"make|"
    r"made|maybe|instead)\b))"
)
_ASKING_WHO = re.compile(r"\b(?:who|what)(?:'s| is| was)? (?:the |its |that )?\w*\W*$|\bwho\b")
_SEEN_ALL = re.compile(  # "seen", "seen 'em all", "already watched those"
    r"\W*(?:(?:yes|yeah|yep|yup|no|nah|ok|okay|oh|hmm+|well|sorry|but|and|just|lol|ugh|already|i "
    r"think|"
    r"i|we|i've|we've|ive|have|had|all|both|again)\W+)*(?:seen|watched|saw|read|played)\b"
    r"(?P<what>(?:\W+(?:them|'?em|those|these|all|both|of|the|lot|already|everything|every|each|"
    r"one|"
    r"before|too|lol|sorry|thanks|twice|most|three|two|four|five))*)\W*(?:ages ago|long ago|"
    r"years ago)?\W*"
)
_KNOWN = re.compile(  # "know it", "been there"
    r"\W*(?:(?:yes|yeah|yep|no|nah|ok|okay|oh|hmm+|well|sorry|but|and|already|i|we)\W+)*"
    r"(?:know|knew|seen|saw|watched) (?:it|that|that one|this one|this)\W*(?:already|too|lol|"
    r"well|twice|"
    r"by heart|before|sorry)?\W*"
)
_SIMILAR = re.compile(
    r"\b(?:(?:something|anything|more|films?|movies?|ones?|etwas|quelque chose|"
    r"algo)\s+)?(?:similar|alike|in (?:the same|that) vein|of (?:the same|that|this) (?:kind|"
    r"sort|type)|"
    r"ahnliche\w*|semblable|parecido|dans le meme (?:genre|style)|du meme (?:genre|style)|in "
    r"der art|"
    r"del mismo (?:estilo|tipo))\b(?! to\b)|类似的"
)
_TOO = re.compile(r"['\"]?,? (?:too|as well|likewise|auch|aussi|tambien)\W*(?:$|[.!?;,])")
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]*")


def similar(mentions: list[Mention], folded: str, state: DialogueState) -> list[Mention]:
    """The mentions, and with a bare "something similar" the items that it is similar to."""
    match = _SIMILAR.search(folded)
    if match is None or any(m.meaning in ("near", "asked") for m in mentions):
        return mentions
    named = [i for m in mentions if m.meaning in ("liked", "seen") for i in m.item_ids]
    before = tuple(i for i in just_named(state) if i not in state.disliked)
    ids = tuple(named) or state.focus or before or state.last_shown
    if not ids:
        return mentions
    start, end = match.span()
    return [*mentions, Mention(ids, "near", start, end, start, end, bool(named), explicit=True)]


def same_place(folded: str, items: Sequence[Item]) -> tuple[tuple[str, ...], list[Span]]:
    """The country of the item talked about, for "another one from there"."""
    match = _FROM_THERE.search(folded)
    if match is None or not items:
        return (), []
    return items[0].countries[:1], [match.span()]


def all_seen(found: list[Mention], folded: str, state: DialogueState) -> list[Mention]:
    """The mentions; where a message says "seen" and no more, the last list or what is talked of."""
    shown, title = state.last_shown, any(m.by_title for m in found)
    if title or not shown:
        return found
    match = _SEEN_ALL.fullmatch(folded)
    if match is not None:
        single = not match["what"].strip() and state.focus
        return [_said(state.focus if single else shown, "seen", match.span())]
    match = _KNOWN.fullmatch(folded)
    return found if match is None else [_said((state.focus or shown)[:1], "seen", match.span())]


def judged_on(found: list[Mention], blanked: str, state: DialogueState) -> list[Mention]:
    """The mentions with the verdict of the message before, where they go on with it."""
    plain = bool(found) and all(m.by_title and not m.explicit for m in found)
    verdict = verdict_before(state, blanked) if plain else None
    if verdict is None:
        return found
    return [replace(m, meaning=verdict, explicit=True) for m in found]


def likewise(found: list[Mention], folded: str) -> list[Mention]:
    """The mentions, a title "too" with the verdict of the one before it: "loved Jaws. Heat too"."""
    judged: list[Mention] = []
    for mention in found:
        before = next((m for m in reversed(judged) if m.end <= mention.start), None)
        if not (mention.pronoun or mention.explicit) and before is not None and before.explicit:
            too = _TOO.match(folded, mention.end) is not None
            if too and before.meaning in ("liked", "disliked", "seen"):
                mention = replace(mention, meaning=before.meaning, explicit=True)
        judged.append(mention)
    return judged


def answering(found: list[Mention], folded: str, asked: Question | None) -> list[Mention]:
    """The mentions with the verdict that answers the question of the reply before.

    What the whole message says of what was asked about comes before what stands beside an "it".
    """
    told = [m for m in found if m.by_title]
    own = len(told) == len(found) == 1 and told[0].meaning in ("seen", "named")
    if own:
        asked = Question("told", told[0].item_ids)  # "I've seen Match Point! Great movie!"
    if asked is None:
        return found
    others = [m for m in told if not {*m.item_ids} & {*asked.item_ids}]
    named = [(m.start, m.end) for m in found if m.item_ids != asked.item_ids or not m.pronoun]
    rest = without_sentences(masked(folded, named), [(m.start, m.end) for m in others])
    answer = answered(rest, asked, kinds=not own)
    if asked.kind == "told" and answer and told:
        return [*found, _said(asked.item_ids, *answer)]
    if any(m.explicit and not m.pronoun for m in found):
        return found
    if answer is None:
        fine = is_fine(rest)
        return [m for m in found if not (fine and m.pronoun and m.meaning == "disliked")]
    meaning, (start, end) = answer
    found = [m for m in found if not (m.pronoun and m.item_ids == asked.item_ids)]
    judged = {i for m in found if m.meaning in ("liked", "disliked") for i in m.item_ids}
    ids = tuple(i for i in asked.item_ids if i not in judged)
    if not ids or overlaps((start, end), [(m.start, m.end) for m in found]):
        return found
    return sorted([*found, _said(ids, meaning, (start, end))], key=lambda mention: mention.start)


def of_its_series(found: list[Mention], folded: str, asked: Question | None) -> list[Mention]:
    """The mentions, and what was asked about where its series is disliked by name.

    "I'm not into Star Wars" after "Have you seen Star Wars: Episode VIII?" is about that film too.
    """
    if asked is None or not asked.title:
        return found
    series = [
        m
        for m in found
        if m.by_title
        and m.meaning == "disliked"
        and asked.title.startswith(f"{words_of(folded[m.start : m.end])} ")
    ]
    judged = {i for m in found if m.meaning in ("liked", "disliked") for i in m.item_ids}
    if not series or judged & {*asked.item_ids}:
        return found
    span = series[0].start, series[0].end
    return [*found, _said(asked.item_ids, "disliked", span)]


def without_sentences(folded: str, spans: Sequence[Span]) -> str:
    """The text with the sentences blanked that hold one of the spans: they speak of another item.

    >>> without_sentences("great! i hated jaws. bye", [(15, 19)]).split("\\x1f")[::14]
    ['great!', ' bye']
    """
    sentences = (match.span() for match in _SENTENCE.finditer(folded))
    return masked(folded, [s for s in sentences if overlaps(s, spans)])


def _said(ids: tuple[str, ...], meaning: Meaning, span: Span) -> Mention:
    return Mention(ids, meaning, *span, *span, by_title=False, explicit=True)


def either_too(limits: Limits, folded: str, state: DialogueState) -> Limits:
    """The limits, people and genres as alternatives: "or Robert Mitchum" after "with Bogart"."""
    c, said = state.constraints, limits.said
    genres = (*c.genres_all, *c.genres_any)
    if said.genres_all and genres and is_alternative(folded):
        either = tuple(dict.fromkeys((*genres, *said.genres_all)))
        said = replace(said, genres_all=(), genres_any=either)
        limits = replace(limits, said=said, lifted=(*limits.lifted, *c.genres_all))
    before = (*c.people_all, *c.people_any)
    if not (said.people_all and before and is_alternative(folded)):
        return limits
    either = tuple(dict.fromkeys((*before, *said.people_all, *said.people_any)))
    return replace(limits, said=replace(said, people_all=(), people_any=either))


def refused_too(limits: Limits, folded: str, state: DialogueState) -> Limits:
    """The limits, people refused who go on a refusal: "or Nicolas Cage" after "without Cruise"."""
    said, asked = limits.said, (*limits.said.people_all, *limits.said.people_any)
    before = said_before(state, ("people_all", "people_any", "people_none"))
    if not (asked and before == {"people_none"} and goes_on(folded) and " with " not in folded):
        return limits
    refused = tuple(dict.fromkeys((*said.people_none, *asked)))
    return replace(limits, said=replace(said, people_all=(), people_any=(), people_none=refused))


def with_people(limits: Limits, people: Sequence[str], *, refused: bool, again: bool) -> Limits:
    """The limits with these people wanted, refused or allowed ``again``, and not otherwise."""
    kept: dict[str, Any] = {
        name: tuple(p for p in getattr(limits.said, name) if p not in people)
        for name in ("people_all", "people_any", "people_none")
    }
    if again:
        lifted = (*limits.lifted, *people)
        return replace(limits, said=replace(limits.said, **kept), lifted=lifted)
    kind = "people_none" if refused else "people_all"
    return replace(limits, said=replace(limits.said, **{**kept, kind: (*kept[kind], *people)}))


def allowed_again(
    people: Sequence[str], spans: Sequence[Span], folded: str, state: DialogueState
) -> bool:
    """Whether people who were refused may come again: "his own films are fine"."""
    lifted = bool(spans) and LIFT_AFTER.match(folded, spans[0][1]) is not None
    return lifted and {*people} <= {*state.constraints.people_none}


def same_person(folded: str, items: Sequence[Item]) -> tuple[tuple[str, ...], list[Span]]:
    """The director or lead of the item talked about, for "by the same director"."""
    match = _SAME_PERSON.search(folded)
    if match is None and (maker := _THAT_MAKER.search(folded)) is not None and items:
        asked = _ASKING_WHO.search(folded[: maker.start()]) is not None
        return ((), []) if asked else (items[0].creators[:1], [maker.span()])
    if match is None or not items:
        return (), []
    acting = (match.group("role") or "").startswith(("act", "lead")) or "schauspieler" in match[0]
    names = items[0].cast if acting else items[0].creators
    return names[:1], [match.span()]
