"""Reads one message in the light of the dialogue: what is wanted now, and what the state becomes.

By rules over the catalogue's own values. The rule between new wish and refinement: a message
that names its own genre, or by title an item to be like, starts a new wish where the current one
has a genre, an item or words of its own. One that is only a modifier ("older", "with Tom Hanks",
"but funny", "more like the second"), or that fills what the wish left open, refines it. "Now ..."
and "actually ..." with content of their own start anew too. What is ruled out, the viewer's age,
the budget and what was said with "always" outlive a wish. It knows nothing about retrieval.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from chatrec.conversation import changes, commands, corrections, merging, phrases
from chatrec.conversation.corrections import Correction
from chatrec.conversation.counted import count_in, is_count_alone
from chatrec.conversation.filters import filters_of
from chatrec.conversation.lexicon import Language
from chatrec.conversation.reading import Reader, Reading
from chatrec.conversation.renewal import opens, refines, starts_anew
from chatrec.conversation.smalltalk import is_elsewhere, is_nonsense, rude_spans, smalltalk_in
from chatrec.conversation.state import DialogueState
from chatrec.conversation.utterance import (
    MAX_CHARS,
    Utterance,
    clean,
    masked,
    split,
    words_of,
)
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import SIGNAL, content_words
from chatrec.conversation.yielding import shown_again, yielded
from chatrec.data.catalog import Catalog
from chatrec.data.titles import TitleIndex
from chatrec.retrieval.moods import names_mood

Act = Literal[
    "recommend",
    "critique",
    "ask",
    "feedback",
    "smalltalk",
    "reset",
    "undo",
    "nonsense",
    "out_of_scope",
]

_LESS = re.compile(
    r"\b(?:less(?! than)|fewer(?! than)|weniger(?! als)|moins(?! de)|"
    r"menos(?! de| que))\b|少一点|别那么"
)
_ASKS = re.compile(r"\b(?:give|show|find|get|recommend|suggest) (?:me|us|something|a|an|some)\b")
_NARROW = re.compile(
    r"\b(?:recommend\w*|suggest\w*|movies?|films?|filme|watch|peliculas?|empfiehl\w*|"
    r"recomien\w*)\b|推荐|电影"
)
_POINTS = re.compile(
    r"\bthe (?:first|second|third|fourth|fifth|last) (?:one|two|film|movie)s?\b|"
    r"\bthat one\b|\b(?:all|any|none|both) of (?:these|those|them)\b"
    r"|(?:^|about |like |is |not |in )the (?:first|second|third|last)\W*$"
    r"|\blike (?:this|that|these|those|it)\W*$|\b(?:wie das|comme ca|como es[eo])\W*$|像这样"
)


@dataclass(frozen=True, slots=True)
class Turned:
    """A message understood. ``state`` is what the dialogue has become, the message logged.

    ``focus`` are the items it is about: those asked about, judged, or to be like; for "undo" the
    list to show again. ``note`` is a ready sentence in the user's language (small talk, what was
    cut, which of two titles was taken), empty where there is nothing to add. ``unknown`` quotes
    what could be put into no limit and no title. ``question`` is set for "ask": a kind of
    :mod:`chatrec.conversation.questions`. ``renewed``: an earlier wish was replaced. ``count``:
    how many items it asks for, None where it does not say.
    """

    state: DialogueState
    act: Act
    focus: tuple[str, ...] = ()
    note: str = ""
    unknown: tuple[str, ...] = ()
    question: str = ""
    language: Language = "en"
    renewed: bool = False
    count: int | None = None


class Understanding:
    """Reads messages about one catalogue. Holds no dialogue; safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._reader = Reader(catalog)

    @property
    def titles(self) -> TitleIndex:
        """The catalogue's titles, for others that look titles up."""
        return self._reader.titles

    def read(self, text: str, state: DialogueState, *, today: date | None = None) -> Turned:
        """The message understood; any text at all is accepted, an unreadable one is "nonsense".

        ``today`` (default: the current day, UTC) is what "the last twenty years" counts from.
        """
        utterance = clean(text, state.language)
        language = utterance.language
        logged = replace(state.with_user_turn(utterance.text), language=language)
        turned = self._turned(utterance, logged, today or datetime.now(UTC).date())
        cut = phrases.say("cut", language, f"{MAX_CHARS:,}") if utterance.cut else ""
        note = " ".join(part for part in (turned.note, cut) if part)
        return replace(turned, note=note, language=language)

    def _turned(self, utterance: Utterance, state: DialogueState, today: date) -> Turned:
        folded, language = utterance.folded, utterance.language
        if not folded:
            return Turned(state, "nonsense", note=phrases.say("empty", language))
        if commands.is_undo(folded):
            return _undo(state, language)
        end = commands.reset_end(folded)
        if end is not None:
            return self._reset(utterance, end, state, today)
        correction = corrections.correction_in(folded)
        if correction is not None:
            return self._corrected(utterance, correction, state, today)
        if state.last_shown and is_count_alone(folded):
            return _so_many(state, count_in(folded))
        reading = self._reader.read(utterance, state, today)
        if reading.removed is not None:
            return _unfiltered(state, reading.removed, self._reader.vocabulary, language)
        if reading.question:
            return self._ask(reading, state)
        if _wishes(reading):
            return self._wish(reading, state)
        return self._idle(reading, state)

    def _reset(self, utterance: Utterance, end: int, state: DialogueState, today: date) -> Turned:
        fresh = DialogueState(
            turns=state.turns,
            history=state.history,
            examples=state.examples,
            seen=state.seen,
            language=state.language,
            past=state.remembered().past,
        )
        rest = replace(utterance, text=utterance.text[end:].strip())
        if content_words(rest.folded):
            turned = self._turned(rest, fresh, today)
            if turned.act in ("recommend", "critique"):
                return replace(turned, renewed=True)
        return Turned(fresh, "reset", note=phrases.say("reset", utterance.language))

    def _corrected(
        self, utterance: Utterance, correction: Correction, state: DialogueState, today: date
    ) -> Turned:
        """The message read in place of what it takes back; what was said before it counts too."""
        said = replace(utterance, text=utterance.text[: correction.start].strip())
        rest = replace(utterance, text=utterance.text[correction.end :].strip())
        base = state
        if content_words(said.folded):
            base = self._turned(said, state, today).state
        if not words_of(rest.folded):
            return Turned(base, "smalltalk", note=phrases.say("agree", utterance.language))
        if correction.whole and base.past:
            base = base.undone()
            turned = self._turned(rest, base, today)
        else:
            reading = self._reader.read(rest, base, today)
            if reading.question or not (_wishes(reading) or reading.wish):
                return self._turned(rest, base, today)
            base = changes.corrected(base, reading)
            turned = self._wish(reading, base, fresh=False)
        past = state.remembered().past
        return replace(turned, state=replace(turned.state, past=past), renewed=True)

    def _ask(self, reading: Reading, state: DialogueState) -> Turned:
        language, ids = reading.utterance.language, reading.ids("asked", "named", "unseen")
        if not ids:
            several = reading.question == "compare"
            focus = state.focus if len(state.focus) > several else ()
            ids = focus or (state.last_shown if several else state.last_shown[:1])
        judging = reading.ids("liked", "disliked", "seen")
        judged = changes.judged(state.remembered(), reading) if judging else state
        asked = replace(judged, focus=ids)
        note = self._ambiguity(reading)
        return Turned(asked, "ask", ids, note, question=reading.question, language=language)

    def _wish(self, reading: Reading, state: DialogueState, *, fresh: bool | None = None) -> Turned:
        fresh = starts_anew(reading, state) if fresh is None else fresh
        changed = changes.judged(state.remembered(), reading)
        had_wish = bool(state.wish or state.near or state.constraints.genres_all)
        if fresh:
            kept = merging.lasting(changed.constraints, changed.standing)
            changed = replace(
                changed,
                wish=", ".join(changed.always),
                near=(),
                constraints=kept,
                allow_repeats=False,
                compared=(),
            )
        limited = changes.limited(changed, reading)
        changed = self._castable(limited)
        apart = limited.constraints.people_all if changed is not limited else ()
        asked = {*state.constraints.people_all, *state.constraints.people_any}
        changed = changes.near_to(changes.worded(changed, reading, asked), reading)
        changed = changes.wanted_always(changed, reading)
        if reading.critique.repeats is not None:
            changed = replace(changed, allow_repeats=reading.critique.repeats)
        fitted, let_go = self._made_fit(changed, reading)
        focus = reading.ids("liked", "disliked", "seen", "near", "asked")
        changed = replace(fitted, focus=focus)
        notes = [*self._notes(reading, state, apart), *let_go]
        return Turned(
            changed,
            _act(reading, fresh),
            focus,
            " ".join(notes),
            reading.unknown,
            renewed=fresh and had_wish,
            count=reading.count,
        )

    def _made_fit(self, state: DialogueState, reading: Reading) -> tuple[DialogueState, list[str]]:
        """The state where nothing fitted, less what stood in the way, and what to say of that."""
        said, language = reading.limits.said, reading.utterance.language
        wants = reading.names_own or said != merging.lasting(said, ())
        gone: tuple[str, ...] = ()
        if wants and not refines(reading.utterance.folded):
            state, gone = yielded(state, said, reading.limits.unless, self._catalog)
        notes = [phrases.say("yielded", language, ", ".join(gone))] if gone else []
        if (wants or reading.limits_anything) and not reading.critique.others:
            anew = shown_again(state, self._catalog)
            notes += [phrases.say("again", language)] if anew.shown != state.shown else []
            state = anew
        return state, notes

    def _castable(self, state: DialogueState) -> DialogueState:
        """People that no single item credits together are alternatives: "by Kurosawa and Ozu"."""
        c = state.constraints
        if len(c.people_all) < 2 or self._reader.vocabulary.together(c.people_all):
            return state
        either = tuple(dict.fromkeys((*c.people_any, *c.people_all)))
        return replace(state, constraints=replace(c, people_all=(), people_any=either))

    def _idle(self, reading: Reading, state: DialogueState) -> Turned:
        """A message without a wish of its own."""
        utterance = reading.utterance
        folded, language = utterance.folded, utterance.language
        if _POINTS.search(folded) and not (state.last_shown or state.focus):
            return Turned(state, "smalltalk", note=phrases.say("no_list", language))
        narrow = _NARROW.search(masked(folded, rude_spans(folded))) is not None
        if is_elsewhere(folded) and not narrow:
            return Turned(state, "out_of_scope", note=phrases.say("out_of_scope", language))
        talk = smalltalk_in(folded)
        content = content_words(folded)
        asks = talk == "insult" and _ASKS.search(folded) is not None
        if asks and not reading.wish:
            return Turned(state, "recommend")
        general = talk in ("insult", "about", "how_are_you") and not (narrow or asks)
        if talk is not None and (general or not SIGNAL.search(folded)) and len(content) < 6:
            return Turned(state, "smalltalk", note=phrases.say(talk, language))
        known = self._reader.vocabulary.words
        if is_nonsense(folded, known) and not SIGNAL.search(folded):
            return Turned(state, "nonsense", note=phrases.say("nonsense", language))
        if not reading.wish:
            act: Act = "recommend" if SIGNAL.search(folded) else "smalltalk"
            if act == "smalltalk" and len(split(folded)) < 2:
                return Turned(state, "nonsense", note=phrases.say("nonsense", language))
            note = "" if act == "recommend" else phrases.say("agree", language)
            return Turned(state, act, note=note, count=reading.count)
        told = any(word in known or names_mood(word) for word in content)
        strange = not (told or SIGNAL.search(folded))
        turned = self._wish(reading, state)
        return replace(turned, unknown=(*turned.unknown, reading.wish)) if strange else turned

    def _notes(self, reading: Reading, state: DialogueState, apart: Sequence[str]) -> list[str]:
        notes = [self._ambiguity(reading)]
        if apart:
            notes.append(phrases.say("apart", reading.utterance.language, " & ".join(apart)))
        if reading.limits.by_mention:
            names = ", ".join(reading.limits.by_mention)
            notes.append(phrases.say("by_mention", reading.utterance.language, names))
        for surname, name in reading.limits.namesakes:
            notes.append(phrases.say("namesake", reading.utterance.language, surname, name))
        unsaid = [m for m in reading.mentions if m.pronoun and m.meaning == "near"]
        if unsaid and not state.focus and state.last_shown:
            title = self._catalog.get(unsaid[0].item_ids[0]).title
            notes.append(phrases.say("took_first", reading.utterance.language, title))
        if _POINTS.search(reading.utterance.folded) and not (state.last_shown or state.focus):
            notes.append(phrases.say("no_list", reading.utterance.language))
        return [note for note in notes if note]

    def _ambiguity(self, reading: Reading) -> str:
        labels = [self._catalog.get(m.item_ids[0]).label for m in reading.mentions if m.ambiguous]
        if not labels:
            return ""
        return phrases.say(
            "ambiguous", reading.utterance.language, ", ".join(dict.fromkeys(labels))
        )


def _wishes(reading: Reading) -> bool:
    critique = reading.critique
    return bool(
        reading.names_own
        or reading.limits_anything
        or reading.moods
        or reading.unknown
        or reading.ids("near", "liked", "disliked", "seen")
        or critique.relative
        or critique.others
        or critique.repeats is not None
    )


def _act(reading: Reading, fresh: bool) -> Act:
    critique, limits = reading.critique, reading.limits
    if not fresh and not reading.names_own:
        if critique.relative or critique.others or critique.repeats is not None:
            return "critique"
        if limits.lifted or limits.lifted_fields or _LESS.search(reading.utterance.folded):
            return "critique"
    liked_by_title = any(m.meaning == "liked" and m.by_title for m in reading.mentions)
    judged = reading.ids("liked", "disliked", "seen")
    wished = liked_by_title or reading.ids("near") or reading.limits_anything or reading.wish
    asked = bool(wished) or opens(reading.utterance.folded)  # "a film that isn't Titanic"
    return "feedback" if judged and not asked else "recommend"


def _undo(state: DialogueState, language: Language) -> Turned:
    if not state.past:
        return Turned(state, "undo", note=phrases.say("undo_none", language))
    before = state.undone()
    return Turned(before, "undo", before.last_shown, phrases.say("undo", language))


def _so_many(state: DialogueState, count: int | None) -> Turned:
    """ "Only one" after a list: the best of the same wish, which may be of that list."""
    again = {*state.last_shown}
    shown = tuple(item_id for item_id in state.shown if item_id not in again)
    return Turned(replace(state.remembered(), shown=shown), "recommend", count=count)


def _unfiltered(
    state: DialogueState, names: tuple[str, ...], vocabulary: Vocabulary, language: Language
) -> Turned:
    gone = changes.filters_named(state, names, vocabulary)
    if not gone:
        return Turned(state, "critique", note=phrases.say("no_filter", language))
    changed = state
    for chip in gone:
        changed = changed.without(chip.name, chip.value)
    changed = replace(changed, past=state.remembered().past)
    labels = [
        chip.label
        for chip in filters_of(state.constraints, state.unless, language)
        if any((chip.name, chip.value) == (g.name, g.value) for g in gone)
    ]
    return Turned(changed, "critique", note=phrases.say("unfiltered", language, ", ".join(labels)))
