"""Finds out whom "he", "her films" or "by him" means: somebody named earlier in the dialogue.

Newest first: whoever a question was about, then who the wish asks for, then who was named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chatrec.conversation.state import DialogueState
from chatrec.conversation.utterance import Span, fold
from chatrec.data.catalog import Catalog

_WORK = (
    r"(?:(?:own|other|earlier|later|early|late|best|first|last|older|newer|more recent|funnier|"
    r"comed(?:y|ies)|drama(?:s|tic)?|classic) )*"
    r"(?:films?|movies?|work|stuff|ones?|books?|games?|albums?|comedies|dramas|thrillers)"
)
_DOES = (
    r"(?:do|done|did|make|made|direct|directed|shoot|shot|write|wrote|written|star|starred|"
    r"play|played|act|acted|appear|appeared|been|be|was)"
)
_PRONOUN = re.compile(
    r"\b(?:by|with|from|of|starring|featuring) (?:him|her|them(?! (?:both|all))|the same (?:guy|"
    r"man|woman|person))\b"
    r"|(?<=\bnot )(?:him|her)\b(?= again|\W*$|[.,!?])"
    r"|\b(?:anything|something|what) else (?:has|did|have) (?:he|she)\b(?: also)?"
    rf"|\b(?:did|has|have|had|was|is) (?:he|she) (?:also |else |ever )*{_DOES}\b(?: in)?"
    rf"|\b(?:he|she)(?:'s| has| had| have)? (?:also |else |ever )*{_DOES}\b(?: in)?"
    rf"|\b(?:his|her) {_WORK}\b"
    r"|\b(?:von|mit) (?:ihm|ihr)\b|\b(?:de|avec) (?:lui|elle)\b|\b(?:de|con) (?:el|ella)\b(?! \w)"
)
_WHO_MADE = re.compile(
    r"\bwho (?:directed|made|wrote|created|developed|is the (?:director|author))\b|\bdirector\b|"
    r"\bwer hat\b|\bqui (?:l'a|a) realise\b|\bquien (?:la )?dirigio\b|导演"
)
_WHO_PLAYS = re.compile(
    r"\bwho (?:plays?|played|stars?|starred|acts?|is in|was in)\b|\bwho(?:'s| is) in\b|\bcast\b|"
    r"\bactors?\b|\bwer spielt\b|\bqui joue\b|\bquien actua\b|主演|演员"
)
_THEIR_WORK = re.compile(
    r"\belse (?:has|did|have) (?:he|she)\b"
    rf"|\b(?:did|has|have) (?:he|she) (?:also |else |ever )*{_DOES}\b"
    rf"|\b(?:his|her) {_WORK}\b"
)
LOOK_BACK = 6  # user turns in which somebody may have been named


def turns_to_person(folded: str) -> bool:
    """Whether somebody's work as such is asked for: "what else did he make", "her other films"."""
    return _THEIR_WORK.search(folded) is not None


def person_meant(
    folded: str,
    state: DialogueState,
    catalog: Catalog,
    named_in: Callable[[str], Sequence[str]],
    text: str = "",
) -> tuple[str | None, list[Span]]:
    """The person that a pronoun means and where it stands; None where none does or nobody can.

    ``named_in`` gives the people that a text names, ``text`` is the message as it was written; it
    is the log's last turn. Whom it names before the pronoun is meant before anybody else.
    """
    spans = [match.span() for match in _PRONOUN.finditer(folded)]
    if not spans:
        return None, []
    if names := named_in(text[: spans[0][0]]):
        return names[-1], spans
    said = [turn.text for turn in state.turns if turn.role == "user"][:-1][-LOOK_BACK:]
    talked_of = [catalog.get(item_id) for item_id in state.focus if item_id in catalog]
    if said and talked_of:
        asked = fold(said[-1])
        if _WHO_PLAYS.search(asked) and talked_of[0].cast:
            return talked_of[0].cast[0], spans
        if _WHO_MADE.search(asked) and talked_of[0].creators:
            return talked_of[0].creators[0], spans
    limits = state.constraints
    for names in (limits.people_all, limits.people_any, *map(named_in, reversed(said))):
        if names:
            return names[-1], spans
    makers = [name for item in talked_of for name in item.creators]
    return (makers[0], spans) if makers else (None, [])
