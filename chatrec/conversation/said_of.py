"""Titles judged by the sentence that they stand in: "I regret paying to see Jaws".

What :mod:`chatrec.conversation.meaning` finds beside a title comes first; here a title that only
was named, seen, or wished to be like is read as "it" of a sentence that speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chatrec.conversation.mentions import Mention
from chatrec.conversation.opinions import opinion_of_it
from chatrec.conversation.utterance import Span

_OPEN = ("named", "seen", "near", "unseen")
_AS_MUCH = re.compile(r"\W*as (?:much|well)\b")  # "didn't like Heat as much" liked it, only less
_MEASURE = re.compile(  # "not as good as Heat" says nothing bad of Heat
    r"\b(?:as|than|besides?|original|unlike|compared to|(?:what|how) about)\W*(?:the )?\W*$"
)
_OTHERS_LIKE = re.compile(
    r"\b(?:my (?:\w+ )?\w+|he|she|they|everyone|everybody|people|kids|critics) (?:\w+ )?"
    r"(?:lov|lik|enjoy|ador)(?:e|es|ed)?\W*(?:the (?:movie|film) )?\W*$"
)
_END = re.compile(r"[.!?;…]")
_PART = re.compile(r"[.!?;…]|\bbut\b")


def judged_in_place(found: Sequence[Mention], folded: str) -> list[Mention]:
    """The mentions, those disliked whose sentence blames what it names."""
    judged = []
    liked = {i for m in found if m.meaning == "liked" for i in m.item_ids}
    for mention in found:
        blame = None
        if mention.by_title and _is_open(mention, folded):
            begin = max((m.end for m in found if m.by_title and m.end <= mention.start), default=0)
            after = (m.start for m in found if m.by_title and m.start >= mention.end)
            end = min(after, default=len(folded))
            mild = begin == 0 and not liked & {*mention.item_ids}
            blame = _blame(folded, mention, (begin, end), mild=mild)
        if blame is None:
            judged.append(mention)
            continue
        start, stop = min(blame[0], mention.cue_start), max(blame[1], mention.cue_end)
        if mention.meaning == "seen":
            judged.append(mention)
        judged.append(
            replace(mention, meaning="disliked", cue_start=start, cue_end=stop, explicit=True)
        )
    return judged


def _is_open(mention: Mention, folded: str) -> bool:
    """Whether nothing beside the title says yet what the speaker thinks of it."""
    if mention.meaning == "liked":  # "my husband loves Heat, but I think it's garbage"
        return _OTHERS_LIKE.search(folded[: mention.start]) is not None
    if _MEASURE.search(folded[: mention.start]) or _AS_MUCH.match(folded, mention.end):
        return False
    return mention.meaning in _OPEN


def _blame(folded: str, mention: Mention, within: Span, *, mild: bool) -> Span | None:
    """The words of the mention's sentence that blame it; None where none do."""
    begin, end = within
    parts = _PART if begin else _END  # after another title what is before a "but" speaks of that
    ends = [m.end() for m in parts.finditer(folded, begin, mention.start)]
    begin = ends[-1] if ends else begin
    stop = _END.search(folded, mention.end, end)
    end = stop.end() if stop else end
    text = f"{folded[begin : mention.start]}it{folded[mention.end : end]}"
    opinion = opinion_of_it(text, kinds=False, mild=mild)
    if opinion is None or opinion[0] != "disliked":
        return None
    longer = mention.end - mention.start - 2
    first, last = (at + (longer if at > mention.start - begin + 1 else 0) for at in opinion[1])
    return begin + first, begin + last
