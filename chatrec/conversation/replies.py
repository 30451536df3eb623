"""What the reply before asked about an item, and short answers to that: "yes", "not yet", "great!".

Knows the last two turns and the titles of the items that the reply showed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chatrec.conversation.opinions import NOT_YET, told_of_it
from chatrec.conversation.state import DialogueState, Turn
from chatrec.conversation.titled import Meaning
from chatrec.conversation.utterance import Span, fold, words_of
from chatrec.data.catalog import Catalog

Asked = Literal["seen", "liked", "told"]

_SENTENCE = re.compile(r"[^.!?。！？]*[?？]")
_YEAR = re.compile(r"\s*\(\d{4}\)")
_SEEN = re.compile(
    r"\b(?:have|had|did|ever|you) (?:you )?(?:guys )?(?:ever |already |yet )?(?:seen|see|saw|"
    r"watched|"
    r"watch|read|played|play|heard of|tried|know|had a chance to (?:see|watch|read|play))\b|"
    r"\bkennst du\b|\bgesehen\b|\bvu\b|\bvisto\b|看过"
)
_LIKED = re.compile(
    r"\b(?:do|did|would) (?:you )?(?:really )?(?:like|enjoy|love)\b|\b(?:how|what) (?:about|"
    r"did you "
    r"think)\b"
)
_YES = re.compile(
    r"\W*(?:(?:oh|ah|well|hmm+|haha|actually|um|omg|ooo*h*)\W+)*(?:yes+|yeah?s?|yea+|yep|yup|ya|"
    r"sure|"
    r"of course|certainly|absolutely|definitely|ja|oui|si|是|i have(?! ?n)(?!(?: \w+)? not)"
    r"(?! never)|i did(?! ?n)(?! not)|i do(?! ?n)(?! not)|both|loved|liked)\b"
)
_NO = re.compile(
    r"\W*(?:(?:oh|ah|well|hmm+|actually|u+m+|eh+|honestly|tbh|unfortunately|sadly)\W+)*(?:no+|"
    r"nope|nah|never|not "
    r"yet|"
    r"can'?t say (?:that )?i (?:did|do)(?= ?\W*$)|not(?! (?:\w+ )?(?:bad|terrible|horrible)\b)|"
    r"nein|non|没有|i have(?:n't| not|nt| never)|i "
    r"(?:did|do)(?:n't| not|nt)"
    r"(?! (?:think|know|believe|remember|recall|mind)))\b(?! (?:complaints?|doubt|problem|kidding|"
    r"idea)\b)"
)
_OF_IT = re.compile(
    r"\b(?:did|do) (?:you|u|ya) (?:really )?(?:like|enjoy|love) (?:it|that|them|this)\b|"
    r"\bwhat did (?:you|u|ya) think\b|\b(?:isn'?t|wasn'?t) (?:it|that)\b|\bhow (?:was|did (?:you|"
    r"u) (?:like|find)) (?:it|that)\b"
)
_BUT_YES = re.compile(r"\bbut (?:yes|yeah|i (?:did|do)(?! ?n'?t| not))\b")
_SOUNDS = re.compile(r"\bsounds?\b")
MOST_REPLIES = 2  # replies back from the last one that may have spoken of the item


@dataclass(frozen=True, slots=True)
class Question:
    """What the reply before asked: whether ``item_ids`` were seen, or liked.

    "told": it asked nothing, but spoke of one item alone. ``title`` is that of a single item, as
    :func:`chatrec.conversation.utterance.words_of` gives it. ``liked``: the user has praised it.
    """

    kind: Asked
    item_ids: tuple[str, ...]
    title: str = ""
    liked: bool = False


def asked_before(state: DialogueState, catalog: Catalog) -> Question | None:
    """The question about items that the reply before ended with; None where it asked none.

    A reply may come as several messages. One that showed nothing leaves the item of the one before
    it spoken of, and so does a message of the user's own that told of a single item. ``state`` has
    the user's message logged already.
    """
    asked = _spoken_of(state, catalog)
    praised = asked is not None and bool({*asked.item_ids} & {*state.liked})
    return replace(asked, liked=True) if asked is not None and praised else asked


def _spoken_of(state: DialogueState, catalog: Catalog) -> Question | None:
    replies = _replies(state.turns)[-MOST_REPLIES:]
    told = _named_by_user(state, catalog)
    if told is not None:
        return _opinion_asked(told, replies[-1] if replies else [])
    turns = [turn for reply in replies for turn in reply]
    at = next((n for n in range(len(turns) - 1, -1, -1) if turns[n].shown), None)
    if at is None:
        return None
    turn = turns[at]
    known = [catalog.get(item_id) for item_id in turn.shown if item_id in catalog]
    title = words_of(known[0].title) if len(known) == 1 else ""
    told = Question("told", (known[0].item_id,), title) if title else None
    last = replies[-1]
    if turn not in last:
        if told is None or not _is_open(told, state):
            return None
        return _opinion_asked(told, last)
    for text in (t.text for t in reversed(turns[at:])):
        for sentence in reversed(_SENTENCE.findall(fold(_YEAR.sub("", text)))):
            named = tuple(i.item_id for i in known if fold(i.title) in sentence)
            kind = _kind(sentence)
            if kind is not None and (named or len(known) == 1):
                return Question(kind, named or (known[0].item_id,), title)
    return told


def _replies(turns: Sequence[Turn]) -> list[list[Turn]]:
    """The system's messages, those that no message of the user's parts together."""
    replies: list[list[Turn]] = []
    before = "user"
    for turn in turns:
        if turn.role == "assistant":
            if before == "user":
                replies.append([])
            replies[-1].append(turn)
        before = turn.role
    return replies


def _named_by_user(state: DialogueState, catalog: Catalog) -> Question | None:
    """The one item that the user called seen since a reply last showed one, not judged yet."""
    if len(state.focus) != 1 or not {*state.focus} & {*state.seen} or state.focus[0] not in catalog:
        return None
    told = Question("told", state.focus, words_of(catalog.get(state.focus[0]).title))
    return told if _is_open(told, state) else None


def _opinion_asked(told: Question, reply: Sequence[Turn]) -> Question:
    """Whether what is spoken of was liked, where a reply asks that without naming it."""
    asks = any(_OF_IT.search(fold(turn.text)) for turn in reply)
    return replace(told, kind="liked") if asks else told


def _is_open(told: Question, state: DialogueState) -> bool:
    """Whether an item is still spoken of, and not judged, after a reply that showed nothing."""
    judged = {*state.liked, *state.disliked} & {*told.item_ids}
    return not judged and state.focus in ((), told.item_ids)


def _kind(sentence: str) -> Asked | None:
    if _SEEN.search(sentence):
        return "seen"
    return "liked" if _LIKED.search(sentence) else None


def is_fine(folded: str) -> bool:
    """Whether good words have the last say in a message, though they are no verdict."""
    told = told_of_it(folded)
    return told is not None and told[0] == "fine"


def answered(folded: str, question: Question, *, kinds: bool = True) -> tuple[Meaning, Span] | None:
    """The verdict that a message gives on what was asked, and the words that give it.

    "liked", "disliked" or "seen"; None where it answers nothing. With ``kinds`` blame of a kind
    of items judges the one asked about.
    """
    told = told_of_it(folded, kinds=kinds, mild=not question.liked)
    if told is not None and told[0] != "fine":
        return ("liked" if told[0] == "liked" else "disliked"), told[1]
    if question.kind == "told" or NOT_YET.search(folded) or _SOUNDS.search(folded):
        return None
    yes, no = _YES.match(folded) or _BUT_YES.search(folded), _NO.match(folded)
    if yes is not None:
        return ("seen" if question.kind == "seen" else "liked"), yes.span()
    if no is not None and question.kind == "liked" and "?" not in folded:
        return "disliked", no.span()
    return None
