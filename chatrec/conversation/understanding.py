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
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from chatrec.conversation import about_me, changes, commands, corrections, merging, phrases
from chatrec.conversation.causes import By, Entry
from chatrec.conversation.corrections import Correction
from chatrec.conversation.counted import count_in, is_count_alone
from chatrec.conversation.going_on import goes_on, just_named, namesake_meant
from chatrec.conversation.lexicon import Language
from chatrec.conversation.mentions import find_mentions
from chatrec.conversation.questions import by_question, is_comparison
from chatrec.conversation.reading import Reader, Reading
from chatrec.conversation.renewal import outliving, refines, starts_anew
from chatrec.conversation.slips import put_right
from chatrec.conversation.smalltalk import (
    is_command_elsewhere,
    is_elsewhere,
    is_knowledge,
    is_nonsense,
    rude_spans,
    smalltalk_in,
)
from chatrec.conversation.state import DialogueState
from chatrec.conversation.turned import (
    Act,
    Turned,
    act_of,
    namesake_taken,
    so_many,
    taken_back,
    unfiltered,
    wishes_anything,
)
from chatrec.conversation.utterance import (
    MAX_CHARS,
    Utterance,
    clean,
    masked,
    split,
    words_of,
)
from chatrec.conversation.wish import SIGNAL, content_words
from chatrec.conversation.yielding import shown_again, yielded
from chatrec.data.catalog import Catalog
from chatrec.data.titles import TitleIndex
from chatrec.errors import RequestError
from chatrec.retrieval.moods import names_mood

__all__ = ["Act", "Turned", "Understanding"]

MOST_ASKED = 6  # titles that a question back about a name lists
MAX_NAMESAKES = 3  # items of one title that a question about it is answered for

_MORE_WITH = re.compile(r"\b(?:more|another|others?|one) (?:with|about|of|from|by|in)\b")
_ASKS = re.compile(r"\b(?:give|show|find|get|recommend|suggest) (?:me|us|something|a|an|some)\b")
_NARROW = re.compile(
    r"\b(?:recommend\w*|suggest\w*|movies?|films?|filme|watch|peliculas?|empfiehl\w*|"
    r"recomien\w*)\b|推荐|电影"
)
_POINTS = re.compile(
    r"\bthe (?:first|second|third|fourth|fifth|last) (?:one|two|film|movie)s?\b(?! (?:i|we) )|"
    r"\bthat one\b(?! (?:where|when|with|about|in which|who)\b)|\b(?:all|any|none|"
    r"both) of (?:these|those|them)\b"
    r"|(?:^|about |like |is |not |in )the (?:first|second|third|last)\W*$"
    r"|\blike (?:this|that|these|those|it)\W*$|\b(?:wie das|comme ca|como es[eo])\W*$|像这样"
)


class Understanding:
    """Reads messages about one catalogue. Holds no dialogue; safe to share between threads."""

    def __init__(self, catalog: Catalog, reader: Reader | None = None) -> None:
        """``reader``: one of this catalogue that is there already."""
        self._catalog = catalog
        self._reader = Reader(catalog) if reader is None else reader

    @property
    def catalog(self) -> Catalog:
        """The catalogue whose items messages are about."""
        return self._catalog

    @property
    def reader(self) -> Reader:
        """What takes messages apart; another understanding of this catalogue may share it."""
        return self._reader

    @property
    def titles(self) -> TitleIndex:
        """The catalogue's titles, for others that look titles up."""
        return self._reader.titles

    def read(self, text: str, state: DialogueState, *, today: date | None = None) -> Turned:
        """The message understood; any text at all is accepted, an unreadable one is "nonsense".

        ``today`` (default: the current day, UTC) is what "the last twenty years" counts from.
        """
        written = clean(text, state.language)
        utterance = put_right(written, self._reader.vocabulary)
        language = utterance.language
        logged = replace(state.with_user_turn(written.text), language=language)
        told = about_me.answered(utterance, logged, self._catalog, self._entries)
        if told is not None:  # what was forgotten must not come back as the cause of a change
            act: Act = "onboard" if told.titles else "smalltalk"
            return Turned(told.state, act, note=told.note, language=told.state.language)
        turned = self._turned(utterance, logged, today or datetime.now(UTC).date())
        cut = phrases.say("cut", language, f"{MAX_CHARS:,}") if utterance.cut else ""
        note = " ".join(part for part in (turned.note, cut) if part)
        by: By = "undone" if turned.act == "undo" else "said"
        changed = turned.state.caused(state, written.text, by)
        return replace(turned, state=changed, note=note, language=language)

    def heard(self, text: str, language: Language) -> Utterance:
        """A message as it is read: cleaned, its slips put right."""
        return put_right(clean(text, language), self._reader.vocabulary)

    def named_in(self, answer: str, language: Language) -> tuple[str, ...]:
        """Ids of the items whose titles stand in what somebody answered a user, in that order."""
        heard = self.heard(answer, language)
        found = find_mentions(heard, self.titles, self._reader.vocabulary, (), ())
        return tuple(dict.fromkeys(i for m in found if m.by_title for i in m.item_ids))

    def ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Ids of items that are named by id or title; RequestError for what is neither."""
        return tuple(dict.fromkeys(self._id(name) for name in names))

    def _id(self, name: str) -> str:
        if name in self._catalog:
            return name
        matches = self.titles.lookup(name)
        if not matches:
            raise RequestError(
                f"no item with the id or title {name!r}; give a title of the catalogue "
                f"({len(self._catalog):,} items, such as {self._catalog.items[0].title!r})"
            )
        return matches[0].item_id

    def turned(self, utterance: Utterance, state: DialogueState, today: date) -> Turned:
        """What a message comes to that is heard and logged already."""
        return self._turned(utterance, state, today)

    def _entries(self, words: str) -> tuple[Entry, ...]:
        """What the words alone would make a state hold."""
        return self.read(words, DialogueState()).state.entries()

    def _turned(self, utterance: Utterance, state: DialogueState, today: date) -> Turned:
        folded, language = utterance.folded, utterance.language
        if not folded:
            return Turned(state, "nonsense", note=phrases.say("empty", language))
        steps = commands.undo_steps(folded)
        if steps:
            return taken_back(state, language, steps)
        end = commands.reset_end(folded)
        if end is not None:
            return self._reset(utterance, end, state, today)
        namesakes = namesake_meant(folded, state, self._catalog)
        if namesakes is not None:
            return namesake_taken(state, *namesakes)
        remade = corrections.remade(folded, state.changes)
        if remade:
            return self._turned(replace(utterance, text=remade), state, today)
        correction = corrections.correction_in(folded)
        if correction is not None:
            return self._corrected(utterance, correction, state, today)
        if state.last_shown and is_count_alone(folded):
            return so_many(state, count_in(folded))
        reading = self._reader.read(utterance, state, today)
        if reading.removed is not None:
            return unfiltered(state, reading.removed, self._reader.vocabulary, language)
        if reading.question:
            return self._ask(reading, state)
        if is_command_elsewhere(folded) or self._is_elsewhere(reading):
            note = phrases.say("out_of_scope", language)
            return Turned(state, "out_of_scope", note=note)
        if wishes_anything(reading):
            return self._wish(reading, state)
        return self._idle(reading, state)

    def _reset(self, utterance: Utterance, end: int, state: DialogueState, today: date) -> Turned:
        fresh = DialogueState(
            turns=state.turns,
            history=state.history,
            examples=state.examples,
            seen=state.seen,
            language=state.language,
            turn=state.turn,
            incognito=state.incognito,
            talk=state.talk,
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
            if reading.question or not (wishes_anything(reading) or reading.wish):
                return self._turned(rest, base, today)
            base = changes.corrected(base, reading)
            turned = self._wish(reading, base, fresh=False)
        past = state.remembered().past
        return replace(turned, state=replace(turned.state, past=past), renewed=True)

    def _ask(self, reading: Reading, state: DialogueState) -> Turned:
        language, ids = reading.utterance.language, reading.ids("asked", "named", "unseen")
        several = is_comparison(reading.question)
        if not ids:
            named = state.focus or just_named(state)
            focus = named if len(named) > several else ()
            ids = focus or (state.last_shown if several else state.last_shown[:1])
        elif len(ids) == 1 and several:
            ids = tuple(dict.fromkeys((*ids, *state.focus)))
        ids, note = self._all_asked(reading, ids)
        judging = reading.ids("liked", "disliked", "seen")
        judged = changes.judged(state.remembered(), reading) if judging else state
        order = by_question(reading.question, [self._catalog.get(i) for i in ids])
        talked = state.focus if goes_on(reading.utterance.folded) else ()
        asked = replace(judged, focus=tuple(dict.fromkeys((*(i.item_id for i in order), *talked))))
        return Turned(asked, "ask", ids, note, question=reading.question, language=language)

    def _all_asked(self, reading: Reading, ids: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The items asked about, all of a title that several bear, and a note where one was taken.

        Beyond MAX_NAMESAKES the one taken stands for all.
        """
        others = [i for m in reading.mentions if m.meaning == "asked" for i in m.others]
        if others and len(ids) + len(others) <= MAX_NAMESAKES:
            return tuple(dict.fromkeys((*ids, *others))), ""
        return ids, self._ambiguity(reading)

    def _wish(self, reading: Reading, state: DialogueState, *, fresh: bool | None = None) -> Turned:
        fresh = starts_anew(reading, state) if fresh is None else fresh
        changed = changes.judged(state.remembered(), reading)
        had_wish = bool(state.wish or state.near or state.constraints.genres_all)
        if fresh:
            kept = outliving(reading.utterance.folded, changed)
            changed = replace(
                changed,
                wish=", ".join(changed.always),
                near=(),
                constraints=kept,
                allow_repeats=False,
                compared=(),
                topic=state.turn if had_wish else changed.topic,
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
        if not reading.ids("near"):  # "I've seen all but that one. Is it good?"
            focus = tuple(dict.fromkeys((*reading.ids("unseen"), *focus)))
        changed = replace(fitted, focus=focus)
        which, unknown = self._which(reading)
        notes = [*which, *self._notes(reading, state, apart), *let_go]
        return Turned(
            changed,
            act_of(reading, fresh),
            focus,
            " ".join(notes),
            unknown,
            renewed=fresh and had_wish,
            count=reading.count,
        )

    def _which(self, reading: Reading) -> tuple[list[str], tuple[str, ...]]:
        """Questions back about names that are a part of some titles, and what stays unknown."""
        asked, unknown = [], []
        for name in reading.unknown:
            known = self.titles.holding(name) if name[:1].isupper() else []
            if 1 < len(known) <= MOST_ASKED:
                labels = ", ".join(self._catalog.get(i).label for i in known)
                asked.append(phrases.say("which_of", reading.utterance.language, name, labels))
            else:
                unknown.append(name)
        return asked, tuple(unknown)

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

    def _is_elsewhere(self, reading: Reading) -> bool:
        """Whether a message with some limit ("last year") asks for other people's business."""
        folded = reading.utterance.folded
        named = reading.mentions or reading.limits.names_genre
        return (is_elsewhere(folded) or is_knowledge(folded)) and not (
            named or SIGNAL.search(folded) or _NARROW.search(folded)
        )

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
        asks = asks or _MORE_WITH.search(folded) is not None
        quiet = general or not (asks or SIGNAL.search(folded))
        if talk is not None and quiet and len(content) < 6:
            return Turned(state, "smalltalk", note=phrases.say(talk, language))
        known = self._reader.vocabulary.words
        if utterance.is_unread and known.isdisjoint(content):
            return Turned(state, "nonsense", note=phrases.say("unread", language))
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
        if unsaid and not state.focus and unsaid[0].item_ids[:1] == state.last_shown[:1]:
            title = self._catalog.get(unsaid[0].item_ids[0]).title
            notes.append(phrases.say("took_first", reading.utterance.language, title))
        if _POINTS.search(reading.utterance.folded) and not (state.last_shown or state.focus):
            notes.append(phrases.say("no_list", reading.utterance.language))
        return [note for note in notes if note]

    def _ambiguity(self, reading: Reading) -> str:
        labels = [self._catalog.get(m.item_ids[0]).label for m in reading.mentions if m.ambiguous]
        if not labels:
            return ""
        listed = ", ".join(dict.fromkeys(labels))
        return phrases.say("ambiguous", reading.utterance.language, listed)
