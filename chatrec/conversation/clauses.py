"""Finds clauses that say what must not happen: "movies where the dog doesn't die".

A retriever takes their words as a wish and finds the very films that were not meant, so they are
taken out and reported. Works on folded text in which all that is understood is masked; a clause
that describes a story ("about a boy who doesn't age", "the one where nobody dies") stays.
"""

from __future__ import annotations

import re

from chatrec.conversation.utterance import MASK, Span, overlaps, split
from chatrec.conversation.vocabulary import FILM_NOUN, Vocabulary

_NOT = (
    r"(?:(?:does|do|did|is|are|was|were|will|would|wo|has|have)(?:n't| not)|dont|doesnt|isnt|"
    r"nobody|no one|never)"
)
_TO_END = rf"[^.,;:!?{MASK}]*?(?=$|[.,;:!?{MASK}]|\s(?:and|but)\b(?! {_NOT}))"
_CLAUSE = re.compile(
    r"(?:\b(?:where|in which|whose|that|which)\s+|\b(?:as|so) long as\s+|\bprovided (?:that )?)"
    rf"(?:[^\W\d_][\w'-]*\s+){{0,4}}?{_NOT}\b{_TO_END}"
)
_STORY = re.compile(
    rf"\b(?:about|of|with|the {FILM_NOUN.pattern}|called|named)\b[^.,;:!?]*$|"
    r"\bthe (?:anime|series|episode)\W*$"
)
_ANYTHING = re.compile(r"(?:something|anything|stuff|things?|ones?)")


def negated_clauses(folded: str, taken: list[Span], vocabulary: Vocabulary) -> list[Span]:
    """The spans of negated clauses about the items wished for, none overlapping ``taken``."""
    return [
        match.span()
        for match in _CLAUSE.finditer(folded)
        if not overlaps(match.span(), taken)
        and _is_of_items(folded[: match.start()], match[0], vocabulary)
    ]


def _is_of_items(before: str, clause: str, vocabulary: Vocabulary) -> bool:
    """Whether the clause says of the items, not of somebody in their stories, what is not so."""
    if clause.startswith(("as long", "so long", "provided")):
        return True
    if _STORY.search(before):
        return False
    words = split(before)
    if not words:
        return False
    head = words[-1].text
    items = FILM_NOUN.fullmatch(head) or _ANYTHING.fullmatch(head) or head in vocabulary.own_nouns
    genres = [finding for finding in vocabulary.find(before) if finding.kind == "genre"]
    named = genres and genres[-1].end == words[-1].end
    return bool(items or named or not vocabulary.tells_stories)
