"""Reads a message that may answer the question of the last reply; other messages are read as ever.

An answer is put into the words that the understanding reads ("comedy" becomes "more comedy"), so
that it refines the wish and means nothing that a user could not have said unasked. Where it says
that nothing matters, nothing changes; the question counts as settled either way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chatrec.conversation import asking_words
from chatrec.conversation.asking import NEVER, NO_QUESTION
from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.conversation.phrases import say
from chatrec.conversation.polarity import negation
from chatrec.conversation.smalltalk import rude_spans
from chatrec.conversation.state import DialogueState, Turn
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.conversation.utterance import Span, clean, fold, masked, split
from chatrec.conversation.wish import content_words
from chatrec.data.catalog import Catalog

BRIEF = 6  # words; an answer is short, what is longer is a message of its own
YES_NO = frozenset({"person", "theme", "price", "item"})
_PREFACE = re.compile(
    r"^\W*(?:i'd say|i would say|i think|i guess|probably|ich wurde sagen|je dirais)\b"
)


class Answers:
    """Reads messages in a conversation in which questions are asked."""

    def __init__(
        self, catalog: Catalog, understanding: Understanding, free: Understanding | None = None
    ) -> None:
        """``free``, if given, reads what users write, ``understanding`` what is put for them."""
        self._catalog = catalog
        self._understanding = understanding
        self._free = understanding if free is None else free

    def read(self, text: str, state: DialogueState) -> Turned:
        """The message understood, as an answer where it is one; no question is open afterwards."""
        question, plain = state.question, replace(state, question=NO_QUESTION)
        utterance = self._understanding.heard(text, state.language)
        if asking_words.is_hurried(utterance.folded) or rude_spans(utterance.folded):
            plain = replace(plain, asked=(*(k for k in plain.asked if k != NEVER), NEVER))
        if question:
            turned = self._answered(text, utterance.folded, question, plain)
        elif state.asked and state.last_shown and asking_words.is_open(utterance.folded):
            turned = replace(self._settled(text, plain), note="")
        else:
            turned = self._free.read(text, plain)
        if NEVER in plain.asked and NEVER not in turned.state.asked:  # also after "start over"
            turned = replace(turned, state=replace(turned.state, asked=(NEVER,)))
        return turned

    def _answered(
        self, text: str, folded: str, question: Sequence[str], state: DialogueState
    ) -> Turned:
        kind, *values = question
        if asking_words.is_open(folded):
            settled = () if kind in state.asked else (kind,)
            return self._settled(text, replace(state, asked=(*state.asked, *settled)))
        if kind in YES_NO:
            if asking_words.is_yes(folded):
                return self._agreed(text, kind, values[0], state)
            if asking_words.is_no(folded):
                return self._refused(text, kind, values, state)
        elif asking_words.is_yes(folded) or asking_words.is_no(folded):
            return self._settled(text, state)
        elif asking_words.is_neither(folded):
            return self._refused(text, kind, values, state)
        picked = self._picked(folded, kind, values, state)
        if picked:
            return self._said(picked, text, state)
        return self._refining(text, kind, state)

    def _settled(self, text: str, state: DialogueState) -> Turned:
        """Nothing is asked of the attribute: the wish stands, and more of it is shown."""
        language = state.language  # "me" of "me da igual" would be taken for English
        logged = state.with_user_turn(clean(text, language).text).remembered()
        note = asking_words.SETTLED[language]
        return Turned(logged, "recommend", note=note, language=language)

    def _agreed(self, text: str, kind: str, value: str, state: DialogueState) -> Turned:
        if kind != "item":
            return self._said(asking_words.in_english(kind, value), text, state)
        turned = self._settled(text, state)
        liked = replace(turned.state, near=(value,)).caused(state, text)
        return replace(turned, state=liked, focus=(value,), note="")

    def _refused(self, text: str, kind: str, values: Sequence[str], state: DialogueState) -> Turned:
        if kind in ("genre", "theme"):
            return self._said(", ".join(f"no {value.lower()}" for value in values), text, state)
        if kind == "person":
            return self._said(f"not with {values[0]}", text, state)
        turned = self._settled(text, state)
        if kind != "item":
            return turned
        judged = turned.state.with_feedback(values[0], "dislike").caused(state, text)
        title = self._catalog.get(values[0]).title
        note = say("noted", turned.language, say("disliked", turned.language, title))
        return replace(turned, state=judged, focus=tuple(values), note=note)

    def _picked(self, folded: str, kind: str, values: Sequence[str], state: DialogueState) -> str:
        """What a short message picks of what was offered, in words to read.

        "" for nothing, and where it says something else besides.
        """
        if len(split(folded)) > BRIEF or kind in ("item", "price", "decade"):
            return ""
        if kind == "runtime":
            half, spans = asking_words.half_named(folded)
            chosen = [value for value in values if value[0] == half]
        else:
            named = {v: s for v in values if (s := _named_at(folded, kind, v, state.language))}
            chosen, spans = list(named), [span for found in named.values() for span in found]
        refused = any(negation(folded, start, state.language) for start, _ in spans)
        if refused or content_words(_PREFACE.sub("", masked(folded, spans))):
            return ""
        return " and ".join(asking_words.in_english(kind, value) for value in chosen)

    def _refining(self, text: str, kind: str, state: DialogueState) -> Turned:
        """A short answer that would begin a new wish refines the one that was asked about."""
        turned = self._free.read(text, state)
        brief = len(split(turned.state.turns[-1].text.lower())) <= BRIEF
        if kind == "item" or not (turned.renewed and brief):
            return turned
        return self._said(f"and {text}", text, state)

    def _said(self, words: str, text: str, state: DialogueState) -> Turned:
        """What these words say, logged as what the user wrote, in their language."""
        utterance = clean(text, state.language)
        turned = self._understanding.read(words, state)
        turns = (*turned.state.turns[:-1], Turn("user", utterance.text))
        told = replace(turned.state, turns=turns, language=utterance.language)
        told = told.caused(state, utterance.text)
        return replace(turned, state=told, language=utterance.language, renewed=False)


def _named_at(folded: str, kind: str, value: str, language: Language) -> list[Span]:
    """Where a value is named, by the catalogue's word or by that of the language."""
    kinds = ("genre", "country", "language")
    forms = {fold(value), fold(named(kind, value, language)) if kind in kinds else fold(value)}
    patterns = [re.escape(f) if ord(f[0]) > 0x2FFF else rf"\b{re.escape(f)}\b" for f in forms]
    return [match.span() for pattern in patterns for match in re.finditer(pattern, folded)]
