"""Titles judged by the sentence that they stand in: "I regret paying to see Jaws".

What :mod:`chatrec.conversation.meaning` finds beside a title comes first; here a title that only
was named, seen, or wished to be like is read as "it" of a sentence that speaks of it. Praise counts
of what was named or seen, blame of what is to be like too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chatrec.conversation.mentions import Mention
from chatrec.conversation.opinions import Opinion, opinion_of_it
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
_EXCLAIMED = re.compile(  # a sentence that says the title alone: "Con Air, seriously? ..."
    r"\W*(?:(?:and|but|oh|ok|okay|so|well|hmm|what|really|seriously|lol|haha|wow|man|"
    r"the)\b\W*)*it\W*"
    r"(?:(?:really|seriously|what|lol|haha|again|man|wow|oh|honestly|come on|hmm)\b\W*)*"
)


def judged_in_place(found: Sequence[Mention], folded: str) -> list[Mention]:
    """The mentions, those judged whose sentence blames or praises what it names."""
    judged = list[Mention]()
    liked = {i for m in found if m.meaning == "liked" for i in m.item_ids}
    for mention in found:
        told = None
        if mention.by_title and _is_open(mention, folded):
            begin = max((m.end for m in found if m.by_title and m.end <= mention.start), default=0)
            after = (m.start for m in found if m.by_title and m.start >= mention.end)
            end = min(after, default=len(folded))
            mild = begin == 0 and not liked & {*mention.item_ids}
            told = _told(folded, mention, (begin, end), mild=mild)
        praised = told is not None and told[0] == "liked"
        if told is None or (praised and not _is_praised(mention, found, folded)):
            judged.append(mention)
            continue
        opinion, (first, last) = told
        start, stop = min(first, mention.cue_start), max(last, mention.cue_end)
        if mention.meaning == "seen":
            judged.append(mention)
        judged.append(
            replace(mention, meaning=opinion, cue_start=start, cue_end=stop, explicit=True)
        )
    return judged


def _is_praised(mention: Mention, found: Sequence[Mention], folded: str) -> bool:
    """Whether praise in its sentence can be of this title: it is not asked for, nor heard of."""
    if mention.meaning in ("near", "unseen") or "?" in folded[mention.end :]:
        return False
    others = [m for m in found if m.by_title and m is not mention]
    said = folded[mention.end :]
    return not (others and mention.meaning == "named" and _HEARD.search(said)) and not (
        _HEARD.search(folded)
    )


_HEARD = re.compile(
    r"\b(?:heard|hear|told|says?|said|sounds?|looks?|supposed|apparently|if|whether|should|would|"
    r"will|want|might|let's|maybe)\b"
)


def _is_open(mention: Mention, folded: str) -> bool:
    """Whether nothing beside the title says yet what the speaker thinks of it."""
    if mention.meaning == "liked":  # "my husband loves Heat, but I think it's garbage"
        return _OTHERS_LIKE.search(folded[: mention.start]) is not None
    if _MEASURE.search(folded[: mention.start]) or _AS_MUCH.match(folded, mention.end):
        return False
    return mention.meaning in _OPEN


def _told(
    folded: str, mention: Mention, within: Span, *, mild: bool
) -> tuple[Opinion, Span] | None:
    """What the mention's sentence says of it, and the words that do; None where it says nothing.

    Where the sentence says the title alone ("Con Air? Boring.") the next one is read with it.
    """
    begin, limit = within
    parts = _PART if begin else _END  # after another title what is before a "but" speaks of that
    ends = [m.end() for m in parts.finditer(folded, begin, mention.start)]
    begin = ends[-1] if ends else begin
    stop = _END.search(folded, mention.end, limit)
    end = stop.end() if stop else limit
    text = f"{folded[begin : mention.start]}it{folded[mention.end : end]}"
    if stop is not None and _EXCLAIMED.fullmatch(text):
        more = _END.search(folded, end + len(_marks(folded, end)), limit)
        end = more.end() if more else limit
        blank = re.sub(r"[.!?;…]", ",", text)
        text = f"{blank}{folded[begin + len(text) + mention.end - mention.start - 2 : end]}"
    opinion = opinion_of_it(text, kinds=False, mild=mild)
    if opinion is None:
        return None
    if end == limit < len(folded) and not text[opinion[1][1] :].strip():
        return None  # "... and I couldn't finish Vertigo" speaks of the title that follows
    longer = mention.end - mention.start - 2
    first, last = (at + (longer if at > mention.start - begin + 1 else 0) for at in opinion[1])
    return opinion[0], (begin + first, begin + last)


def _marks(folded: str, at: int) -> str:
    return folded[at : at + len(folded[at:]) - len(folded[at:].lstrip(" .!?;…"))]
