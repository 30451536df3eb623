"""What a message changes in the dialogue's state: verdicts, limits, the wish, what it is like.

Also which filters a command removes, and what a correction takes back. What a message says is
read in :mod:`chatrec.conversation.reading`; which change it asks for is decided in
:mod:`chatrec.conversation.understanding`.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import fields, replace

from chatrec.conversation import merging
from chatrec.conversation.filters import Filter, filters_of
from chatrec.conversation.lexicon import THEMES
from chatrec.conversation.reading import Reading
from chatrec.conversation.state import MAX_WISH_CHARS, DialogueState
from chatrec.conversation.utterance import fold, words_of
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import content_words
from chatrec.types import Constraints

_ADDING = re.compile(r"\b(?:and|also|plus|as well|too|und|auch|et|aussi|y|tambien)\b|也|还")
_ALWAYS = re.compile(
    r"\b(?:always|only ever|(?:i|we) only (?:like|love|enjoy|watch|read|play)|from now on|"
    r"every time|immer|toujours|siempre)\b|总是|永远"
)
_OPPOSITE = {
    "year_min": "year_max",
    "year_max": "year_min",
    "runtime_min": "runtime_max",
    "runtime_max": "runtime_min",
}


def judged(state: DialogueState, reading: Reading) -> DialogueState:
    """The state with what the message likes, dislikes and has seen."""
    for item_id in reading.ids("liked"):
        state = state.with_feedback(item_id, "like")
    for item_id in reading.ids("disliked"):
        state = state.with_feedback(item_id, "dislike")
    for item_id in reading.ids("seen"):
        state = state.with_feedback(item_id, "seen")
    return state


def limited(state: DialogueState, reading: Reading) -> DialogueState:
    """The state with the message's limits, also relative ones, less what it lifts."""
    limits, folded = reading.limits, reading.utterance.folded
    values = {w for v in limits.lifted for w in (THEMES[v][1] if v in THEMES else (v,))}
    c = merging.lifted(state.constraints, values, limits.lifted_fields)
    adding = _ADDING.search(folded) is not None
    c = merging.merged(c, limits.said, adding=adding)
    c, compared = _relative(c, limits.said, reading.critique.said, state.compared)
    unless = merging.joined_unless(state.unless, limits.unless, limits.said, values)
    standing = state.standing
    if _ALWAYS.search(folded):
        default = Constraints()
        said = [
            f.name for f in fields(c) if getattr(limits.said, f.name) != getattr(default, f.name)
        ]
        standing = tuple(dict.fromkeys((*standing, *said)))
    return replace(state, constraints=c, unless=unless, standing=standing, compared=compared)


def _relative(
    c: Constraints, said: Constraints, critique: Constraints, compared: tuple[str, ...]
) -> tuple[Constraints, tuple[str, ...]]:
    """The limits with those of a critique, and which bounds a comparison has set.

    "Shorter" after "longer" turns back: the bound that the earlier comparison set goes. One that
    was said in numbers stays, and counts more than "too long" beside it.
    """
    said_too = {n for n in _OPPOSITE if getattr(said, n) is not None}
    spare = [n for n in _OPPOSITE if said_too & {n, _OPPOSITE[n]}]
    critique = merging.lifted(critique, (), spare)
    kept = tuple(name for name in compared if getattr(said, name) is None)
    new = tuple(name for name in _OPPOSITE if getattr(critique, name) is not None)
    gone = [_OPPOSITE[name] for name in new if _OPPOSITE[name] in kept]
    c = merging.merged(merging.lifted(c, (), gone), critique, adding=True)
    return c, tuple(name for name in dict.fromkeys((*kept, *new)) if name not in gone)


def _names(text: str, person: str) -> bool:
    """Whether a text names somebody, by surname at least."""
    return words_of(person).split()[-1] in words_of(text).split()


def worded(state: DialogueState, reading: Reading, before: Set[str]) -> DialogueState:
    """The wish with the message's words; those about people who are no longer asked for go."""
    said = reading.limits.said
    if not reading.wish or reading.wish.lower() in state.wish.lower():
        return state
    asked = {*state.constraints.people_all, *state.constraints.people_any}
    if said.people_all or said.people_any:
        parts = state.wish.split(", ")
        kept = [part for part in parts if not any(_names(part, n) for n in before - asked)]
        state = replace(state, wish=", ".join(kept))
    wish = f"{state.wish}, {reading.wish}" if state.wish else reading.wish
    return replace(state, wish=wish[-MAX_WISH_CHARS:])


def wanted_always(state: DialogueState, reading: Reading) -> DialogueState:
    """The state with the keywords that are all the user wants, less what is ruled out now."""
    refused = {*reading.limits.said.keywords_none}
    if refused & {*state.always}:
        parts = (part for part in state.wish.split(", ") if part not in refused)
        state = replace(state, wish=", ".join(parts))
    always = dict.fromkeys((*state.always, *reading.always))
    return replace(state, always=tuple(phrase for phrase in always if phrase not in refused))


def near_to(state: DialogueState, reading: Reading) -> DialogueState:
    """The state with the items to be like.

    Where the message wishes for nothing else, they are what it likes, or what it has seen and asks
    to go on from ("I've seen Alien, what next?").
    """
    near = reading.ids("near")
    goes_on = reading.critique.others and not reading.limits_anything and not reading.wish
    meanings = ("liked", "seen") if goes_on else ("liked",)
    if not near and not state.near and not state.wish and not reading.limits.names_genre:
        near = tuple(
            i for m in reading.mentions if m.meaning in meanings and m.by_title for i in m.item_ids
        )
    near = tuple(i for i in near if i not in state.disliked)  # "she loved Heat. Nothing like that"
    return replace(state, near=near) if near else state


def corrected(state: DialogueState, reading: Reading) -> DialogueState:
    """The state less what the last message wished for; its limits of other kinds stay.

    Where that message refined a wish, the wish is what it was before; else there is none. A last
    message that wished for nothing of its own ("shorter") is taken back, and the wish before it
    corrected. What was judged is taken back where the correction names a title too.
    """
    last = state.past[-1] if state.past else DialogueState()
    judged_last = (last.liked, last.disliked, last.seen)
    if judged_last != (state.liked, state.disliked, state.seen) and any(
        mention.by_title for mention in reading.mentions
    ):
        liked, disliked, seen = judged_last
        state = replace(state, liked=liked, disliked=disliked, seen=seen, near=last.near)
    if not _wishes_beyond_limits(reading):
        return state
    if _wished(last) == _wished(state):
        state = replace(state, constraints=last.constraints, compared=last.compared)
    earlier = (past for past in reversed(state.past) if _wished(past) != _wished(state))
    before = next(earlier, DialogueState())
    old, new = before.constraints, state.constraints
    refined = (
        any(_wished(before))
        and state.wish.startswith(before.wish)
        and set(before.near) <= set(state.near)
        and set(old.genres_all) <= set(new.genres_all)
    )
    kept = before if refined else DialogueState()
    genres = kept.constraints
    return replace(
        state,
        wish=kept.wish or ", ".join(state.always),
        near=kept.near,
        constraints=replace(new, genres_all=genres.genres_all, genres_any=genres.genres_any),
    )


def _wished(state: DialogueState) -> tuple[object, ...]:
    c = state.constraints
    return state.wish, state.near, c.genres_all, c.genres_any


def _wishes_beyond_limits(reading: Reading) -> bool:
    """Whether the message wishes for more than its limits say, such as "Tom Cruise" alone."""
    if reading.names_own:
        return True
    text = reading.utterance.text
    limited = {
        word for span in reading.limits.positive for word in words_of(text[slice(*span)]).split()
    }
    return not set(content_words(fold(reading.wish))) <= limited


def filters_named(
    state: DialogueState, names: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[Filter, ...]:
    """The filters meant by :func:`chatrec.conversation.commands.filters_to_remove`."""
    chips = filters_of(state.constraints, state.unless)
    if names == ("*",):
        return chips
    if names[:1] == ("=",):
        words = {vocabulary.genre(names[1]) or names[1], names[1]}
        return tuple(c for c in chips if any(fold(w) in fold(c.label) for w in words))
    if names:
        return tuple(chip for chip in chips if chip.name in names)
    past = state.past[-1] if state.past else None
    earlier = set() if past is None else set(filters_of(past.constraints, past.unless))
    return tuple(chip for chip in chips if chip not in earlier)[-1:] or chips[-1:]
