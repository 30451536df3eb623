"""What a message needs beside or before a wish: help, a refusal, an age limit, a word on advice.

Stands before whatever reads messages, and knows the words of :mod:`.care_words` and
:mod:`.minors`. A film about suicide, grief or a bomb is a wish like any other: what counts is
whether people speak of themselves, or ask how it is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from chatrec.conversation import commands, minors, phrases
from chatrec.conversation.about_me import about_me_in
from chatrec.conversation.advice_words import ADVICE, ASKS_ADVICE, TITLES_ASKED
from chatrec.conversation.ages import ages
from chatrec.conversation.care_sayings import HELP, no_advice
from chatrec.conversation.care_words import (
    FIGURATIVE,
    HARM,
    NAMED_BEFORE,
    SELF_HARM,
    THREAT,
    TOLD_OF,
)
from chatrec.conversation.merging import NO_LIMITS, stricter
from chatrec.conversation.polarity import negation
from chatrec.conversation.state import DialogueState
from chatrec.conversation.turned import Act, Turned
from chatrec.conversation.utterance import Span, Utterance, clean, masked
from chatrec.conversation.wish import content_words
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.data.titles import TitleIndex

Read = Callable[[str, DialogueState], Turned]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_FIGURATIVE = _any_of(FIGURATIVE)
_SELF_HARM = _any_of(p for patterns in SELF_HARM.values() for p in patterns)
_TOLD_OF = _any_of(TOLD_OF)
_HARM = _any_of(p for patterns in HARM.values() for p in patterns)
_THREAT = _any_of(THREAT)
_ADVICE = {topic: re.compile(pattern) for topic, pattern in ADVICE.items()}
_FORGETTING = ("forget", "forget_all")
_NAMED_BEFORE = re.compile(NAMED_BEFORE)
_ASKS_ADVICE = re.compile(ASKS_ADVICE)
_TITLES_ASKED = re.compile(TITLES_ASKED)


class Care:
    """Reads messages about one catalogue as ``read`` does, with care. Holds no dialogue."""

    def __init__(self, catalog: Catalog, titles: TitleIndex, read: Read) -> None:
        self._catalog = catalog
        self._titles = titles
        self._read = read

    def read(self, text: str, state: DialogueState) -> Turned:
        """The message understood; "care" where somebody needs help rather than titles.

        Who says that they are a child is shown nothing for adults from then on.
        """
        utterance = clean(text, state.language)
        if needs_help(self._without_titles(utterance)):
            return _answered(utterance, state, "care", HELP[utterance.language])
        if self._refuses(utterance):
            note = phrases.say("out_of_scope", utterance.language)
            return _answered(utterance, state, "out_of_scope", note)
        turned = self._guarded(text, utterance, state)
        topic = advice_in(utterance.folded) if turned.act in ("recommend", "critique") else None
        if topic is None:
            return turned
        said = no_advice(topic, self._catalog.domain, turned.language)
        return replace(turned, note=_joined(said, turned.note))

    def _without_titles(self, utterance: Utterance) -> str:
        """The folded message, titles written as such blanked, unless it is nothing else."""
        if not needs_help(utterance.folded):
            return utterance.folded
        found = [(m.start, m.end) for m in self._titles.find(utterance.text)]
        words = [span for span in found if _is_written_as_a_title(utterance.text[slice(*span)])]
        rest = masked(utterance.folded, words)
        return rest if content_words(rest) else utterance.folded

    def _refuses(self, utterance: Utterance) -> bool:
        """Whether it asks for harm or for advice itself, and not for a title that sounds so."""
        folded = utterance.folded
        if asks_advice_itself(folded):
            return True
        if not asks_for_harm(folded):
            return False
        titles = [(match.start, match.end) for match in self._titles.find(utterance.text)]
        whole = [
            span
            for span in titles
            if any(span[0] <= start and end <= span[1] for start, end in harm_spans(folded))
        ]
        return asks_for_harm(masked(folded, whole))

    def _guarded(self, text: str, utterance: Utterance, state: DialogueState) -> Turned:
        folded = utterance.folded
        told = minors.age_told(folded)
        guard = state.guarded
        if told is not None and (guard.max_age is None or told[0] < guard.max_age):
            guard = minors.limits_for(told[0], self._catalog)
        turned = self._read(text, replace(state, guarded=guard))
        if guard == NO_LIMITS:
            return self._for_whom(utterance, state, turned)
        held = replace(turned.state, guarded=guard)  # also after "start over" and "forget me"
        if guard != state.guarded and told is not None:
            note = minors.note(told[0], folded, guard, turned.language)
            held = held.caused(state, utterance.text)
        else:
            stays = self._asks_back(utterance, held)
            note = minors.NOTES["stays"][turned.language] if stays else ""
        return replace(turned, state=held, note=_joined(note, turned.note))

    def _for_whom(self, utterance: Utterance, before: DialogueState, turned: Turned) -> Turned:
        """Where nothing is rated, a wish for somebody else's child rules out genres for adults."""
        folded, language = utterance.folded, utterance.language
        aged = [m for m in ages(folded) if m.unit == "age"]
        named = any(negation(folded, measure.start, language) is None for measure in aged)
        if not named or turned.act not in ("recommend", "critique"):
            return turned
        limits = replace(minors.limits_for(minors.UNSAID_AGE, self._catalog), max_age=None)
        held = replace(turned.state, constraints=stricter(turned.state.constraints, limits))
        return replace(turned, state=held.caused(before, utterance.text))

    def _asks_back(self, utterance: Utterance, state: DialogueState) -> bool:
        """Whether it would do away with the limits that stay, or names what they rule out."""
        folded = utterance.folded
        if commands.reset_end(folded) is not None or commands.filters_to_remove(folded) is not None:
            return True
        about_me = about_me_in(folded)
        if minors.disclaims(folded) or (about_me is not None and about_me.act in _FORGETTING):
            return True
        named = (self._catalog.get(m.item_id) for m in self._titles.find(utterance.text))
        return any(not allowed(item, state.guarded) for item in named)


def _is_written_as_a_title(words: str) -> bool:
    """Whether a word after the first has a capital: "I Want to Live", not "I want to live"."""
    return any(word[:1].isupper() for word in words.split()[1:])


def _answered(utterance: Utterance, state: DialogueState, act: Act, note: str) -> Turned:
    """A message that changes nothing but the log; a question that was open is dropped."""
    logged = state.with_user_turn(utterance.text)
    logged = replace(logged, language=utterance.language, question=())
    return Turned(logged, act, note=note, language=utterance.language)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def needs_help(folded: str) -> bool:
    """Whether somebody says, outright or veiled, that they want to die or hurt themselves.

    >>> needs_help("i want to kill myself"), needs_help("a film about suicide prevention")
    (True, False)
    >>> needs_help("i nearly died laughing, more of that")
    False
    """
    literal = masked(folded, [m.span() for m in _FIGURATIVE.finditer(folded)])
    return any(_is_own(literal, match) for match in _SELF_HARM.finditer(literal))


def _is_own(folded: str, match: re.Match[str]) -> bool:
    """Whether what was found is said by the writer, not quoted from a story or a title."""
    if _TOLD_OF.search(folded[: match.start()]) is None:
        return True
    quoted = any(
        m.start() <= match.start() and match.end() <= m.end() for m in _TOLD_OF.finditer(folded)
    )
    return not quoted and re.search(r"[.!?]", folded[: match.start()]) is not None


def asks_for_harm(folded: str) -> bool:
    """Whether it asks how to do harm, or threatens. Known titles must be masked first.

    >>> asks_for_harm("a book that shows me how to make a bomb")
    True
    >>> asks_for_harm("a film about the people who built the bomb")
    False
    """
    return next(harm_spans(folded), None) is not None


def harm_spans(folded: str) -> Iterator[Span]:
    """Where it asks how to do harm, or threatens."""
    for match in _HARM.finditer(folded):
        if not _NAMED_BEFORE.search(folded[: match.start()]):
            yield match.span()
    if not asks_for_titles(folded):
        yield from (match.span() for match in _THREAT.finditer(folded))


def advice_in(folded: str) -> str | None:
    """Which advice a wish is after: "health", "law" or "money"; None for none.

    >>> advice_in("a book to cure my diabetes"), advice_in("a film about diabetes")
    ('health', None)
    """
    return next((topic for topic, pattern in _ADVICE.items() if pattern.search(folded)), None)


def asks_advice_itself(folded: str) -> bool:
    """Whether a question wants to be advised, and nothing to watch, read or play."""
    return (
        _ASKS_ADVICE.search(folded) is not None
        and not asks_for_titles(folded)
        and advice_in(folded) is not None
    )


def asks_for_titles(folded: str) -> bool:
    """Whether it names anything that is watched, read or played, or asks for suggestions."""
    return _TITLES_ASKED.search(folded) is not None
