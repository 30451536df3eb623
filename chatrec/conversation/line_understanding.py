"""Reads a message by the line of acts that a decoder wrote about it (see ``act_lines.py``).

The line decides what the message does, which of its words are what, and whether they are wanted;
here these words are looked up in the catalogue, by the same title index, vocabulary and readers of
years and lengths that the rules use, and the state changes as it does after the rules' reading.
Knows no decoder: whoever makes it says how a line is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from chatrec.conversation import changes, commands, phrases
from chatrec.conversation.act_lines import ActLine, Slot, grammar_of, parsed, prompt_of
from chatrec.conversation.critique import read_critique
from chatrec.conversation.filters import filters_of
from chatrec.conversation.going_on import just_named
from chatrec.conversation.limits import Limits, read_limits
from chatrec.conversation.mentions import Mention
from chatrec.conversation.questions import question_in
from chatrec.conversation.reading import Reader, Reading
from chatrec.conversation.references import references
from chatrec.conversation.smalltalk import smalltalk_in
from chatrec.conversation.state import DialogueState
from chatrec.conversation.titled import Meaning
from chatrec.conversation.turned import Act, Turned, act_of, taken_back
from chatrec.conversation.understanding import Understanding
from chatrec.conversation.utterance import Utterance, clean, fold, masked
from chatrec.data.catalog import Catalog
from chatrec.prompting import neutralise
from chatrec.retrieval.moods import names_mood
from chatrec.types import Constraints

if TYPE_CHECKING:
    from chatrec.generation.line_writer import Written

_POINTER = re.compile(
    r"\b(?:it|that|this|these|those|they|them|both|all|one|ones|first|second|third|fourth|fifth|"
    r"last|middle|other|others|two|three)\b"
)
_ARTICLE = re.compile(r"^(?:the|an?|any|some|that|those|mrs?|ms)\b\.? ", re.IGNORECASE)
_BOTH = re.compile(r"^(?:both|either|neither) (?=the \w+)")  # "both the first and the third"
Write = Callable[[str, str], "Written"]  # of a prompt, and the grammar of the line

_ACTS: dict[str, Act] = {
    "R": "recommend",
    "F": "recommend",
    "C": "critique",
    "V": "feedback",
    "S": "smalltalk",
    "O": "out_of_scope",
    "N": "nonsense",
}
_MEANINGS: dict[str, Meaning] = {
    "+": "liked", "-": "disliked", "!": "seen", "=": "near", "?": "asked",
}  # fmt: skip
# How the words of a slot are put to the reader of limits; the first way that it understands counts.
_SAID = {
    "+g": ("{}", "something {}", "{} film", "from {}", "in {}"),
    "-g": ("no {}", "not {}", "no {} films", "not from {}"),
    "+y": ("{}", "from {}", "{} film"),
    "+r": ("{}", "{} film", "a {} one"),
    "+p": ("with {}", "by {}"),
    "-p": ("without {}", "not with {}"),
    "+a": ("{}", "for {}", "rated {}"),
}
_BOUNDS = ("after", "before", "since", "until", "post", "pre")
_FIELDS = {
    "y": ("year_min", "year_max"),
    "r": ("runtime_min", "runtime_max"),
    "p": ("people_all", "people_any", "people_none"),
    "a": ("max_age", "ratings_any", "genres_any"),
    "g": ("genres_all", "genres_any", "genres_none"),
}


class LineUnderstanding(Understanding):
    """Reads messages as a writer of lines does. Holds no dialogue; safe to share as the writer is.

    Raises what the writer raises.
    """

    def __init__(self, catalog: Catalog, write: Write, reader: Reader | None = None) -> None:
        super().__init__(catalog, reader)
        self._write = write

    def _turned(self, utterance: Utterance, state: DialogueState, today: date) -> Turned:
        return self.carried_out(self.written(utterance, state).line, utterance, state, today)

    def written(self, utterance: Utterance, state: DialogueState) -> Written:
        """The line of a message in its state, as the writer gives it."""
        shown = [self._catalog.get(i).title for i in state.last_shown]
        chips = [chip.label for chip in filters_of(state.constraints, state.unless)]
        near = "".join(f"like {self._catalog.get(i).title}" for i in state.near[:1])
        prompt = prompt_of(utterance.text, shown, chips, near or state.wish)
        return self._write(neutralise(prompt), grammar_of(utterance.text))

    def carried_out(
        self, text: str, utterance: Utterance, state: DialogueState, today: date
    ) -> Turned:
        """What the message comes to by its line; ValueError for a text that is none."""
        line = self._known(parsed(text))
        if line.act == "U":
            steps = commands.undo_steps(utterance.folded) or 1
            return taken_back(state, utterance.language, steps)
        if line.act == "X":
            reset = self._reset(utterance, len(utterance.text), state, today)
            return self._wished(line, utterance, reset.state, today) if line.slots else reset
        if line.act in "SON":
            return Turned(state, _ACTS[line.act], note=_spoken(line.act, utterance))
        if line.act == "Q":
            reading = self._reading(line, utterance, state, today)
            blanked = masked(utterance.folded, [(m.start, m.end) for m in reading.mentions])
            question = question_in(blanked, self._reader.vocabulary.columns) or "overview"
            return self._ask(replace(reading, question=question), state)
        if line.act == "K":
            return self._remade(line, utterance, state, today)
        return replace(self._wished(line, utterance, state, today), act=_ACTS[line.act])

    def _known(self, line: ActLine) -> ActLine:
        """The line with what the catalogue knows better: a title taken for a kind, and the like."""
        return replace(line, slots=tuple(self._settled(slot) for slot in line.slots))

    def _settled(self, slot: Slot) -> Slot:
        """The slot under the kind that its words have in the catalogue, where only one fits."""
        sign, kind = slot.pair[0], slot.pair[1]
        if sign not in "+-=|" or kind not in "tgp":
            return slot
        if kind in "gp":
            slot = Slot(slot.pair, _ARTICLE.sub("", slot.words) or slot.words)
        vocabulary, folded = self._reader.vocabulary, fold(slot.words)
        titled = bool(self.titles.lookup(slot.words, misspelt=False))
        person = vocabulary.person_at(folded) is not None
        pointing = bool(_POINTER.search(folded))
        if kind == "t" and not titled and not pointing:
            if person:
                return Slot(("-" if sign == "-" else "+") + "p", slot.words)
            known = vocabulary.genre(folded) or vocabulary.names_theme(folded)
            if known or not self.titles.lookup(slot.words):
                return Slot(("-" if sign == "-" else "+") + "g", slot.words)
        elif kind == "g" and not vocabulary.genre(folded) and not vocabulary.names_theme(folded):
            if titled and not vocabulary.country_values(folded):
                return Slot(("=" if sign == "|" else sign) + "t", slot.words)
            if person and not names_mood(folded) and not vocabulary.is_everyday(folded):
                return Slot(sign + "p", slot.words)
        elif kind == "p" and titled and vocabulary.person_at(folded, misspelt=True) is None:
            return Slot(("=" if sign == "|" else sign) + "t", slot.words)
        return slot

    def _wished(
        self, line: ActLine, utterance: Utterance, state: DialogueState, today: date
    ) -> Turned:
        reading = self._reading(line, utterance, state, today)
        return self._wish(reading, state, fresh=line.act == "R")

    def _remade(
        self, line: ActLine, utterance: Utterance, state: DialogueState, today: date
    ) -> Turned:
        """The message in place of what the last one asked for."""
        reading = self._reading(line, utterance, state, today)
        turned = self._wish(reading, changes.corrected(state, reading), fresh=False)
        past = state.remembered().past
        act = act_of(reading, False)
        return replace(turned, act=act, state=replace(turned.state, past=past), renewed=True)

    def _reading(
        self, line: ActLine, utterance: Utterance, state: DialogueState, today: date
    ) -> Reading:
        mentions = tuple(
            self._mention(slot, utterance, state) for slot in line.slots if slot.pair[1] == "t"
        )
        known = tuple(mention for mention in mentions if mention.item_ids)
        compared = " ".join(slot.words for slot in line.slots if slot.pair == "+v")
        items = self._reader._relative_to(known, state)
        critique = read_critique(fold(compared), items, self._reader.vocabulary)
        limits = self._limits(line.slots, utterance, state, today)
        wish = ", ".join(slot.words for slot in line.slots if slot.pair in ("+g", "|g"))
        others = line.act == "C" and not line.slots
        return Reading(utterance, known, limits, replace(critique, others=others), wish=wish)

    def _mention(self, slot: Slot, utterance: Utterance, state: DialogueState) -> Mention:
        """The items that a slot's words name or point at; none where nothing is near."""
        start = max(0, utterance.text.find(slot.words))
        end = start + len(slot.words)
        year = utterance.text[end : end + 7]
        said = slot.words + (year if year[:2] == " (" and year[-1:] == ")" else "")
        exact = self.titles.lookup(said, misspelt=False)
        focus = state.focus or just_named(state)
        pointed = references(_BOTH.sub("", fold(slot.words)), state.last_shown, focus)
        meaning = _MEANINGS[slot.pair[0]]
        if pointed and not (exact and slot.words[:1].isupper()):
            ids = tuple(dict.fromkeys(i for one in pointed for i in one.item_ids))
            return Mention(ids, meaning, start, end, start, end, False, explicit=True)
        found = exact or self.titles.lookup(said)
        best = [match for match in found if match.score == found[0].score]
        talked = {*state.focus, *state.last_shown}
        match = next((m for m in best if m.item_id in talked), best[0] if best else None)
        ids = () if match is None else (match.item_id,)
        others = () if match is None else match.ambiguous_with
        return Mention(
            ids, meaning, start, end, start, end, True,
            ambiguous=bool(others), explicit=True, others=others,
        )  # fmt: skip

    def _limits(
        self, slots: Sequence[Slot], utterance: Utterance, state: DialogueState, today: date
    ) -> Limits:
        limits = Limits()
        for at, slot in enumerate(slots):
            sign, kind = slot.pair[0], slot.pair[1]
            after = [other.pair for other in slots[at + 1 : at + 2]]
            if kind in "tv" or sign == "/":
                continue
            if sign == "*":
                limits = _joined(limits, self._lifted(slot))
                continue
            words = slot.words
            if sign == "-" and after == ["/g"]:
                words += f", except {slots[at + 1].words} ones"
            found = self._read(slot.pair, words, _before(slot, utterance), state, today)
            limits = _joined(
                limits, _either(found) if sign == "|" or after == [f"|{kind}"] else found
            )
        return limits

    def _read(
        self, pair: str, words: str, before: str, state: DialogueState, today: date
    ) -> Limits:
        """The limits of a slot's words, put first as the message has them after "in" or "from"."""
        ways = _SAID[pair.replace("|", "+")]
        leading = before in (("in", "from") if pair == "+g" else _BOUNDS if pair == "+y" else ())
        for way in (f"{before} {{}}", *ways) if leading else ways:
            said = clean(way.format(words))
            vocabulary = self._reader.vocabulary
            limits = read_limits(said, said.folded, vocabulary, today, state.constraints)
            if limits.said != Constraints() or limits.unless:
                return limits
        return Limits()

    def _lifted(self, slot: Slot) -> Limits:
        """What may come again: a genre or theme, or all limits of a kind."""
        vocabulary = self._reader.vocabulary
        named = vocabulary.genre(slot.words) or vocabulary.names_theme(slot.words)
        if slot.pair == "*g" and named:
            return Limits(lifted=(named if isinstance(named, str) else fold(slot.words),))
        return Limits(lifted_fields=_FIELDS[slot.pair[1]])


def _spoken(act: str, utterance: Utterance) -> str:
    """What is said of small talk, of what is no business of ours, or of nonsense."""
    kind = {"O": "out_of_scope", "N": "nonsense"}.get(act) or smalltalk_in(utterance.folded)
    return phrases.say(kind or "agree", utterance.language)


def _before(slot: Slot, utterance: Utterance) -> str:
    """The word of the message before a slot's words, folded."""
    words = utterance.folded.partition(fold(slot.words))[0].split()
    return words[-1] if words else ""


def _either(limits: Limits) -> Limits:
    """The limits as one of several that may hold."""
    c = limits.said
    genres, people = (*c.genres_any, *c.genres_all), (*c.people_any, *c.people_all)
    said = replace(c, genres_all=(), genres_any=genres, people_all=(), people_any=people)
    return replace(limits, said=said)


def _joined(one: Limits, other: Limits) -> Limits:
    """Both limits at once; of two numbers of a kind the later."""
    said: dict[str, Any] = {}
    for field in fields(Constraints):
        before, after = (getattr(limits.said, field.name) for limits in (one, other))
        both = isinstance(before, tuple)
        said[field.name] = (*before, *after) if both else before if after is None else after
    return Limits(
        said=Constraints(**said),
        unless=(*one.unless, *other.unless),
        lifted=(*one.lifted, *other.lifted),
        lifted_fields=(*one.lifted_fields, *other.lifted_fields),
        names_genre=one.names_genre or other.names_genre,
    )
