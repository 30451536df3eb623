"""What a conversation has come to believe about its visitor, in plain words, and how to change it.

Everything that is believed stands in the :class:`DialogueState`; nothing is inferred here. Each
belief names its cause and can be edited or deleted by functions that give a new state. A deletion
is final: it also leaves the states that an undo goes back to and the log of changes. What was said
stays in the conversation as its visitor sees it, until :func:`forget_all`.

Incognito (``DialogueState.incognito``) means that nothing of the conversation may be kept. The flag
is set when a conversation begins and never changes. Whoever stores conversations honours it so:
such a state, its messages and its feedback go into memory only and end with the tab or the
process; they are not written to disk or a database, not listed, not exported, not learnt from and
not logged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatrec.conversation import merging
from chatrec.conversation.causes import Entry
from chatrec.conversation.filters import FILTER_NAMES, filters_of, without
from chatrec.conversation.lexicon import Language
from chatrec.conversation.phrases import say
from chatrec.conversation.profile_words import HEADINGS, speak
from chatrec.conversation.state import MAX_WISH_CHARS, DialogueState, Feedback
from chatrec.conversation.utterance import words_of
from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError, shortened

GROUPS = tuple(HEADINGS)  # in the order in which they are shown
LATEST = 3  # titles of a history that are named
MOST_SPOKEN = 8  # beliefs of one group that are spoken
WISH_JOINT = ", "  # between the parts of a wish that several messages made
_ITEMS = ("liked", "disliked", "seen", "near")
_VERDICTS: tuple[tuple[Feedback, str], ...] = (
    ("like", "liked"),
    ("dislike", "disliked"),
    ("seen", "seen"),
)

Read = Callable[[str, DialogueState], DialogueState]


@dataclass(frozen=True, slots=True)
class Belief:
    """One thing believed.

    ``what`` and ``value`` name it as ``DialogueState.entries`` does, with "history" (value "") for
    all that was had before the conversation. ``group`` is one of GROUPS, ``text`` the belief in
    words, ``cause`` why, empty where that is not known.
    """

    what: str
    value: str
    group: str
    text: str
    cause: str = ""

    @property
    def judges(self) -> bool:
        """Whether it is a verdict on an item, which is edited by another verdict, not by words."""
        return self.group in ("liked", "disliked", "seen")


def beliefs(
    state: DialogueState, catalog: Catalog, language: Language | None = None
) -> tuple[Belief, ...]:
    """All that is believed, in the order of GROUPS; items that the catalogue lacks are left out."""
    spoken = state.language if language is None else language
    found = [*_of_items(state, catalog, spoken), *_of_limits(state, spoken)]
    found += [
        _belief(state, "always", words, "lasting", speak("only", spoken, words), spoken)
        for words in state.always
    ]
    if state.wish:
        found.append(
            _belief(state, "wish", state.wish, "now", say("wish", spoken, state.wish), spoken)
        )
    past = [catalog.get(i).label for i in state.history if i in catalog]
    if past:
        latest = ", ".join(past[: -LATEST - 1 : -1])
        text = speak("titles", spoken, len(past), latest)
        found.append(Belief("history", "", "history", text))
    return tuple(sorted(found, key=lambda belief: GROUPS.index(belief.group)))


def spoken(state: DialogueState, catalog: Catalog, language: Language) -> str:
    """The profile as a few sentences, a line a group, and how to have something forgotten."""
    found = beliefs(state, catalog, language)
    if not found:
        return speak("nothing", language)
    lines = []
    for group in GROUPS:
        texts = [belief.text for belief in found if belief.group == group]
        if len(texts) > MOST_SPOKEN:
            more = speak("more", language, len(texts) - MOST_SPOKEN)
            texts = [*texts[-MOST_SPOKEN:], more]
        if texts:
            lines.append(speak("line", language, HEADINGS[group][language], ", ".join(texts)))
    return "\n".join([*lines, speak("how_to", language)])


def holds(state: DialogueState, what: str, value: str) -> bool:
    """Whether the state has a belief of this name and value."""
    if what == "history":
        return bool(state.history) if not value else value in state.history
    if what == "wish" and value in state.wish.split(WISH_JOINT):
        return True
    return (what, value) in state.entries()


def forget(state: DialogueState, what: str, value: str) -> DialogueState:
    """The state without one belief, for good. RequestError where it isn't believed."""
    if not holds(state, what, value):
        raise RequestError(
            f"nothing like {shortened(what, 30)} = {shortened(value)} is believed; "
            "load the profile again"
        )
    return replace(
        _less(state, what, value),
        past=tuple(_less(p, what, value) if holds(p, what, value) else p for p in state.past),
        changes=tuple(
            c for c in state.changes if not _explains(c.what, c.value, state, what, value)
        ),
    )


def forget_all(state: DialogueState) -> DialogueState:
    """Nothing is left but the language and whether the conversation is incognito."""
    return DialogueState(language=state.language, incognito=state.incognito)


def rejudge(state: DialogueState, item_id: str, verdict: Feedback) -> DialogueState:
    """The state with another verdict in place of those on an item.

    RequestError where the item has no verdict, or for an unknown verdict.
    """
    held = [what for _, what in _VERDICTS if item_id in getattr(state, what)]
    if not held:
        raise RequestError(
            f"there is no verdict on {shortened(item_id)} to change; load the profile again"
        )
    bare = state
    for what in held:
        bare = _less(bare, what, item_id)
    return bare.with_feedback(item_id, verdict)


def reword(state: DialogueState, what: str, value: str, words: str, read: Read) -> DialogueState:
    """The state with what ``words`` say in place of one belief.

    ``read`` understands a message in the light of a state; here it reads the words by themselves.
    RequestError for an unknown belief, and for words that say nothing that can be believed.
    """
    base = forget(state, what, value)
    said = read(words, DialogueState(language=state.language))
    if not said.entries():
        raise RequestError(
            f"{shortened(words)} says nothing that can be put into the profile; "
            "write it as you would say it, such as “no horror” or “after 1990”"
        )
    items: dict[str, Any] = {n: _joined(getattr(base, n), getattr(said, n)) for n in _ITEMS}
    wish = WISH_JOINT.join(part for part in (base.wish, said.wish) if part)
    changed = replace(
        base,
        **items,
        constraints=merging.merged(base.constraints, said.constraints, adding=True),
        unless=tuple(dict.fromkeys((*base.unless, *said.unless))),
        always=_joined(base.always, said.always),
        wish=wish[-MAX_WISH_CHARS:],
    )
    return changed.caused(base, words)


def meant(
    state: DialogueState, words: str, said: Collection[Entry], catalog: Catalog
) -> tuple[Belief, ...]:
    """The beliefs that the words name: by title, by their own text, or as what ``said`` holds.

    Of a wish only the parts in which the words stand.
    """
    named, values = words_of(words), {value for what, value in said if what != "wish"}
    found: list[Belief] = []
    for belief in beliefs(state, catalog):
        if belief.what == "wish":
            names = (named, *map(words_of, values))
            parts = [
                part
                for part in state.wish.split(WISH_JOINT)
                if any(_within(name, part) for name in names)
            ]
            found += [replace(belief, value=part, text=_quoted(part, state)) for part in parts]
        elif belief.what == "history":
            found += _of_history(state.history, named, values, catalog)
        elif belief.value in values or _within(named, belief.text):
            found.append(belief)
    return tuple(found)


def _of_history(
    history: Sequence[str], named: str, values: Collection[str], catalog: Catalog
) -> list[Belief]:
    """The single titles of a history that are named."""
    labels = {item_id: catalog.get(item_id).label for item_id in history if item_id in catalog}
    return [
        Belief("history", item_id, "history", label)
        for item_id, label in labels.items()
        if item_id in values or _within(named, label)
    ]


def _within(named: str, text: str) -> bool:
    return bool(named) and f" {named} " in f" {words_of(text)} "


def _quoted(words: str, state: DialogueState) -> str:
    return say("wish", state.language, words)


def _of_items(state: DialogueState, catalog: Catalog, language: Language) -> Iterator[Belief]:
    for what in _ITEMS:
        for item_id in getattr(state, what):
            if item_id not in catalog:
                continue
            label = catalog.get(item_id).label
            if what == "near":
                yield _belief(state, what, item_id, "now", speak("near", language, label), language)
            else:
                yield _belief(state, what, item_id, what, label, language)


def _of_limits(state: DialogueState, language: Language) -> Iterator[Belief]:
    stays = {
        (chip.name, chip.value)
        for chip in filters_of(merging.lasting(state.constraints, state.standing), state.unless)
    }
    for chip in filters_of(state.constraints, state.unless, language):
        group = "lasting" if (chip.name, chip.value) in stays else "now"
        yield _belief(state, chip.name, chip.value, group, chip.label, language)


def _belief(
    state: DialogueState, what: str, value: str, group: str, text: str, language: Language
) -> Belief:
    change = state.cause(what, None if what == "wish" else value)
    if change is None:
        cause = ""
    elif change.by == "clicked":
        cause = (
            speak("file", language, change.words) if change.words else speak("clicked", language)
        )
    else:
        cause = speak("said", language, change.words) if change.words else ""
    return Belief(what, value, group, text, cause)


def _less(state: DialogueState, what: str, value: str) -> DialogueState:
    """The state without the entry, which it has; how it came and went is not noted."""
    if what == "wish":
        parts = state.wish.split(WISH_JOINT) if value != state.wish else ()
        return replace(state, wish=WISH_JOINT.join(part for part in parts if part != value))
    if what == "history":
        return replace(state, history=tuple(i for i in state.history if value and i != value))
    if what in FILTER_NAMES:
        constraints, unless = without(state.constraints, state.unless, what, value)
        return replace(state, constraints=constraints, unless=unless)
    left: dict[str, Any] = {what: tuple(v for v in getattr(state, what) if v != value)}
    if what == "always":
        left["wish"] = WISH_JOINT.join(
            part for part in state.wish.split(WISH_JOINT) if part != value
        )
    return replace(state, **left)


def _explains(told: str, told_value: str, state: DialogueState, what: str, value: str) -> bool:
    """Whether a noted change is about the entry; the parts that a wish grew by are all about it."""
    return told == what and (told_value == value or (what == "wish" and told_value in state.wish))


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
