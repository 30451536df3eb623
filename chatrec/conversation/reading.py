"""Takes one message apart: items, limits, critique, question, and the wish that is left over.

Changes no dialogue; what the parts mean for it is decided in
:mod:`chatrec.conversation.understanding`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chatrec.conversation import commands
from chatrec.conversation.always import only_liked
from chatrec.conversation.clauses import negated_clauses
from chatrec.conversation.continuing import (
    all_seen,
    allowed_again,
    answering,
    either_too,
    judged_on,
    likewise,
    of_its_series,
    refused_too,
    same_person,
    same_place,
    similar,
    with_people,
)
from chatrec.conversation.counted import count_in
from chatrec.conversation.critique import Critique, read_critique, wants_others
from chatrec.conversation.feelings import read_feelings
from chatrec.conversation.going_on import (
    asks_on,
    just_named,
)
from chatrec.conversation.limits import Limits, read_limits
from chatrec.conversation.mentions import Mention, find_mentions
from chatrec.conversation.merging import merged
from chatrec.conversation.people import read_people, without_blamed
from chatrec.conversation.polarity import negation
from chatrec.conversation.pronouns import person_meant, turns_to_person
from chatrec.conversation.questions import (
    asks_for_sequel,
    comparison_in,
    elliptic,
    is_general,
    question_in,
    wishes,
)
from chatrec.conversation.replies import asked_before
from chatrec.conversation.said_of import judged_in_place
from chatrec.conversation.smalltalk import elsewhere_spans, rude_spans
from chatrec.conversation.state import DialogueState
from chatrec.conversation.tellings import fact_spans, told_spans
from chatrec.conversation.titled import DATED, limits_by, parts_by
from chatrec.conversation.unknown_titles import unknown_titles
from chatrec.conversation.utterance import Span, Utterance, clean, fold, masked
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import SIGNAL, content_words, wish_text
from chatrec.data.catalog import Catalog
from chatrec.data.titles import TitleIndex
from chatrec.retrieval.moods import names_mood
from chatrec.types import Constraints, Item

_TOLD_OF = ("seen", "named")
LATELY = 15  # items shown last that a message may call by their titles in small letters
_INDEFINITE = re.compile(r"\s*(?:an?|any|some|ein|eine|einen|un|une|una)\b")
_ASKING = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|but|please|h+mm*|oh|well|nice|cool|can you|could you)\W+)*(?:who|"
    r"who's|what|what's|"
    r"whats|which|when|where|how|why|is|are|was|does|did|has|tell|describe|compare|"
    r"director|cast|year|runtime|plot|more (?:info|details)|"
    r"wer|wie|wann|was|welche\w*|aus welch\w*|in welch\w*|worum|von wem|erzahl|"
    r"vergleich\w*|ist|warum|wieso|pourquoi|por que|"
    r"qui|quel\w*|combien|de quoi|de quand|est|que|quien|cuanto|cual|"
    r"de que|es)\b|[谁哪什几多讲介]|为什么|\?\s*$"
)
_WISHING = re.compile(
    r"\b(?:recommend|suggest|give|show|find|similar|like|something|anything|films?|movies?|games?|"
    r"books?|should|else|others?|more|watch|play|read)\b"
)
_IT = re.compile(r"\b(?:is|was|does|did|has|in) it\b|\bit's\b")
_REQUEST = re.compile(r"\b(?:give|show|find|recommend|suggest|something|anything)\b")
_COMPARED = re.compile(
    r"\bbut\b|\baber\b|\bmais\b|\bpero\b|但|\b(?:older|newer|shorter|longer|funnier|"
    r"scarier|more|less)\b"
)
_ABOUT = re.compile(r"\b(?:about|with|on|of|in)\s+(?:\w+\s+){0,2}$")
_MADE = re.compile(
    r"\b(?:made|released|shot|from|out|older|newer|shorter|longer|earlier|later|year|decade)\b"
)
_TAKEN = re.compile(  # "I'll take the top one"
    r"\b(?:i'?ll|we'?ll|i will|we will|let's|i'm going to|we're going to|going|i|we) (?:take|go "
    r"(?:with|for)|"
    r"watch|have|try|do|pick|choose|with|for|settle (?:on|for))\b|\bit is\W*$|\bsold\b"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found in one message. ``question`` is "" where none is asked.

    ``removed`` are the filters to remove (see :mod:`chatrec.conversation.commands`), None for no
    such command; ``unknown`` quotes what fits no limit and no title. ``turns_to_person``: it asks
    for the work of somebody whom the wish was not about. ``moods`` are those of the wish that it
    asks for by how somebody feels or should feel; ``count`` how many items it asks for.
    ``always`` are keywords that are all it ever wants.
    """

    utterance: Utterance
    mentions: tuple[Mention, ...] = ()
    limits: Limits = field(default_factory=Limits)
    critique: Critique = field(default_factory=Critique)
    question: str = ""
    wish: str = ""
    unknown: tuple[str, ...] = ()
    removed: tuple[str, ...] | None = None
    turns_to_person: bool = False
    moods: tuple[str, ...] = ()
    count: int | None = None
    always: tuple[str, ...] = ()

    def ids(self, *meanings: str) -> tuple[str, ...]:
        """The items that are meant in one of these ways, in text order."""
        return tuple(
            dict.fromkeys(i for m in self.mentions if m.meaning in meanings for i in m.item_ids)
        )

    @property
    def names_own(self) -> bool:
        """Whether it names a genre, or by title an item to be like, of its own."""
        near = any(m.meaning == "near" and m.by_title for m in self.mentions)
        return self.limits.names_genre or near

    @property
    def limits_anything(self) -> bool:
        """Whether it sets, lifts or asks for a limit, expressible or not."""
        limits = self.limits
        return bool(
            limits.said != Constraints()
            or limits.unless
            or limits.lifted
            or limits.lifted_fields
            or limits.unknown
        )


class Reader:
    """Takes messages about one catalogue apart."""

    def __init__(self, catalog: Catalog) -> None:
        self.vocabulary = Vocabulary(catalog)
        self._catalog = catalog
        self.titles = TitleIndex(catalog)

    def read(self, utterance: Utterance, state: DialogueState, today: date) -> Reading:
        """The parts of a cleaned, non-empty message said in this state."""
        folded, vocabulary = utterance.folded, self.vocabulary
        lately = state.shown[-LATELY:]
        talked_of = dict.fromkeys((*state.focus, *state.last_shown, *state.near, *reversed(lately)))
        called = {i: self._catalog.get(i).title for i in talked_of if i in self._catalog}
        asked = asked_before(state, self._catalog)
        focus = (asked.item_ids if asked else ()) or state.focus or just_named(state)
        items = [self._catalog.get(i) for i in state.last_shown if i in self._catalog]
        found = find_mentions(
            utterance, self.titles, vocabulary, state.last_shown, focus, called, items
        )
        found = all_seen(found, folded, state)
        blanked = masked(folded, [(m.start, m.end) for m in found])
        question = _question(blanked, found, state, vocabulary)
        found = likewise(judged_in_place(judged_on(found, blanked, state), folded), folded)
        found = answering(found, without_blamed(folded, vocabulary), asked)
        found = of_its_series(found, folded, asked)
        listed = {*state.last_shown, *lately}
        listed |= {i for m in found if m.pronoun and m.explicit for i in m.item_ids}
        settled = [_settled(m, question, folded, blanked, listed) for m in found]
        mentions = similar(settled, folded, state)
        removed = commands.filters_to_remove(folded)
        if any(m.meaning == "asked" for m in mentions) or (question and not mentions):
            return Reading(utterance, tuple(mentions), question=question or "description")
        rest = masked(folded, [_claimed(m) for m in mentions if m.meaning != "named"])
        told = told_spans(folded, blanked)
        rest = masked(rest, told)
        felt = read_feelings(rest)
        always, only = only_liked(rest, self.vocabulary)
        rest = masked(rest, [*felt.spans, *only])
        items = self._relative_to(mentions, state)
        critique = read_critique(rest, items, vocabulary)
        rest = masked(rest, list(critique.spans))
        people, spans = same_person(rest, items)
        turns_to = False
        if not people:
            people, spans = self._meant_by_pronoun(rest, utterance.text, state)
            turns_to = turns_to_person(rest) and not set(people) <= {*state.constraints.people_all}
        facts = fact_spans(blanked) if any(m.by_title or state.focus for m in mentions) else []
        text = masked(rest, [*spans, *facts])
        limits = read_limits(utterance, text, vocabulary, today, state.constraints)
        lands, there = same_place(rest, items)
        if lands:
            said = replace(limits.said, countries_any=(*limits.said.countries_any, *lands))
            limits = replace(limits, said=said)
        if people:
            refused = spans and negation(rest, spans[0][0], utterance.language) is not None
            again = allowed_again(people, spans, rest, state)
            limits = with_people(limits, people, refused=bool(refused), again=again)
            turns_to &= not again
        limits = self._scared(limits, felt.asked, state)
        limits = either_too(refused_too(limits, folded, state), folded, state)
        limits = self._dated(limits, mentions, utterance, state)
        cut = [
            *(_claimed(m) for m in mentions if m.meaning != "named" or not m.pronoun),
            *critique.spans,
            *limits.negative,
            *limits.numeric,
            *spans,
            *there,
            *felt.spans,
            *only,
            *told,
            *facts,
        ]
        unnamed = unknown_titles(utterance, rest, mentions, vocabulary)
        cut += [
            *(s for s in elsewhere_spans(folded) if not _ABOUT.search(folded[: s[0]])),
            *rude_spans(folded),
            *(span for _, span in unnamed),
        ]
        clauses = negated_clauses(folded, cut, vocabulary)
        cut += clauses
        audience = limits.audience
        if any(m.meaning == "near" for m in mentions) and not wish_text(
            utterance.text, folded, [*cut, *limits.positive], audience
        ):
            cut += limits.positive  # "like Alien, but a comedy": the limit says it all
        wish = wish_text(utterance.text, folded, cut, audience)
        wish = "" if _only_tells(mentions, wish, vocabulary) else wish
        moods = felt.moods(wish)
        wish = ", ".join(part for part in (wish, *moods, *limits.hints, *always) if part)
        negated = (utterance.text[slice(*span)].strip() for span in clauses)
        unknown = (*limits.unknown, *(name for name, _ in unnamed), *negated)
        return Reading(
            utterance,
            tuple(mentions),
            limits,
            critique,
            "",
            _in_english(wish, utterance, limits.said),
            tuple(dict.fromkeys(unknown)),
            removed,
            turns_to,
            moods,
            count_in(masked(folded, [(m.start, m.end) for m in mentions])),
            always,
        )

    def _scared(self, limits: Limits, moods: Sequence[str], state: DialogueState) -> Limits:
        """The limits, horror too where somebody wants to be scared and names no genre."""
        horror, said, c = self.vocabulary.concept("horror"), limits.said, state.constraints
        named = limits.names_genre or said.genres_any or (c.genres_all and not c.genres_none)
        if "scary" not in moods or horror is None or named:
            return limits
        if horror in (*said.genres_none, *c.genres_none):
            return limits
        said = replace(said, genres_all=(*said.genres_all, horror))
        return replace(limits, said=said, names_genre=True)

    def _meant_by_pronoun(
        self, folded: str, text: str, state: DialogueState
    ) -> tuple[tuple[str, ...], list[Span]]:
        """The person of "his films" or "what did she do", if somebody was named before."""

        def named_in(text: str) -> tuple[str, ...]:
            said = clean(text)
            findings = self.vocabulary.find(said.folded)
            return read_people(said, said.folded, findings, self.vocabulary).named

        talked = replace(state, focus=state.focus or just_named(state))
        person, spans = person_meant(folded, talked, self._catalog, named_in, text)
        return () if person is None else (person,), spans

    def _dated(
        self,
        limits: Limits,
        mentions: Sequence[Mention],
        utterance: Utterance,
        state: DialogueState,
    ) -> Limits:
        """The limits with those that titles set: "before Dune", "shorter than Titanic"."""
        force = (*limits.said.people_all, *limits.said.people_any, *state.constraints.people_all)
        for mention in mentions:
            if mention.meaning not in DATED:
                continue
            if mention.pronoun and not _MADE.search(utterance.folded):
                continue  # "and after that?"
            items = [self._catalog.get(item_id) for item_id in mention.item_ids]
            items += parts_by(items[0], force, self._catalog)
            said = limits_by(mention.meaning, items, force)
            if said is None:
                words = utterance.text[mention.cue_start : mention.cue_end].strip()
                limits = replace(limits, unknown=(*limits.unknown, words))
            else:
                limits = replace(limits, said=merged(limits.said, said, adding=True))
        return limits

    def _relative_to(self, mentions: Sequence[Mention], state: DialogueState) -> list[Item]:
        named = [i for m in mentions if m.meaning == "near" for i in m.item_ids]
        liked = [i for m in mentions if m.meaning == "liked" and m.by_title for i in m.item_ids]
        liked += [i for m in mentions if m.meaning in _TOLD_OF and m.by_title for i in m.item_ids]
        ids = named or liked or state.focus or state.last_shown or state.near
        return [self._catalog.get(item_id) for item_id in ids if item_id in self._catalog]


def _question(
    blanked: str, mentions: Sequence[Mention], state: DialogueState, vocabulary: Vocabulary
) -> str:
    """The question, if there is an item that it can be about."""
    compared = comparison_in(blanked) is not None
    plain = [
        m
        for m in mentions
        if not m.explicit or m.meaning == "unseen" or (compared and m.meaning in DATED)
    ]
    if state.focus and len(plain) == len(mentions) == 1 and asks_on(blanked):
        return "overview"
    if not plain and len(mentions) == 0 and len(state.focus) == 1 and asks_for_sequel(blanked):
        return "unknown"
    if not _ASKING.search(blanked) or (mentions and not plain) or wants_others(blanked):
        return ""
    if wishes(blanked) and not any(m.by_title for m in mentions):
        return ""
    question = question_in(blanked, vocabulary.columns) or ""
    if not question and plain and is_general(blanked) and not _WISHING.search(blanked):
        question = "unknown"
    if plain:
        return question
    about_list = bool(state.focus or state.last_shown)
    if not question and len(state.focus) == 1:
        question = elliptic(blanked) or ""
    wished = any(f.kind == "genre" for f in vocabulary.find(blanked))
    if question.startswith("is:"):
        return question if len(state.focus) == 1 and elliptic(blanked) else ""
    pointing = about_list or (_IT.search(blanked) is not None and question != "unknown")
    return question if pointing and not wished else ""


def _settled(
    mention: Mention, question: str, folded: str, blanked: str, listed: set[str]
) -> Mention:
    """The mention with its final meaning: one without a cue is asked about or to be like.

    A title of the last list of which something is said is only spoken of.
    """
    if mention.explicit and not (question.startswith("most:") and mention.meaning in DATED):
        return mention
    if question:
        return replace(mention, meaning="asked")
    if mention.by_title:
        wishes = _COMPARED.search(blanked) or SIGNAL.search(blanked) or wants_others(folded)
        told = {*mention.item_ids} <= listed and not wishes and bool(content_words(blanked))
        return mention if told else replace(mention, meaning="near")
    if mention.pronoun or wants_others(folded) or _TAKEN.search(blanked):
        return mention
    wished = _COMPARED.search(blanked) or _REQUEST.search(blanked)
    return replace(mention, meaning="near" if wished else "asked")


def _only_tells(mentions: Sequence[Mention], wish: str, vocabulary: Vocabulary) -> bool:
    """Whether what is left of a message that judges items only tells of them, and wishes nothing.

    "I loved Alien, my brother showed it to me": neither a request, nor a mood or theme. What begins
    as "a messenger" or "some quiet evening" does is one.
    """
    told = ("liked", "disliked", "seen", "unseen")
    spoken_of = any(m.by_title and m.meaning == "named" for m in mentions)
    if not spoken_of and not any(m.explicit and m.meaning in told for m in mentions):
        return False
    said = fold(wish)
    if SIGNAL.search(said) or _INDEFINITE.match(said):
        return False
    return not any(names_mood(w) or vocabulary.names_theme(w) for w in content_words(said))


def _claimed(mention: Mention) -> Span:
    if mention.explicit:
        return mention.cue_start, mention.cue_end
    return mention.start, mention.end


def _in_english(wish: str, utterance: Utterance, said: Constraints) -> str:
    """A wish in another language with the catalogue's genre names added, which retrieval knows."""
    if not wish or utterance.language == "en":
        return wish
    missing = [g for g in (*said.genres_all, *said.genres_any) if fold(g) not in fold(wish)]
    return f"{wish} ({', '.join(missing)})" if missing else wish
