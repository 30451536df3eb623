"""What the reply before asked about an item, and short answers to that: "yes", "not yet", "great!".

Knows the last two turns and the titles of the items that the reply showed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from chatrec.conversation.opinions import NOT_YET, opinion_of_it
from chatrec.conversation.state import DialogueState
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
    r"\W*(?:(?:oh|ah|well|hmm+|actually|um|unfortunately|sadly)\W+)*(?:no+|nope|nah|never|not yet|"
    r"not|nein|non|没有|i have(?:n't| not|nt| never)|i (?:did|do)(?:n't| not|nt))\b"
)
_SOUNDS = re.compile(r"\bsounds?\b")
MOST_REPLIES = 2  # replies back from the last one that may have spoken of the item


@dataclass(frozen=True, slots=True)
class Question:
    """What the reply before asked: whether ``item_ids`` were seen, or liked.

    "told": it asked nothing, but spoke of one item alone. ``title`` is that of a single item, as
    :func:`chatrec.conversation.utterance.words_of` gives it.
    """

    kind: Asked
    item_ids: tuple[str, ...]
    title: str = ""


def asked_before(state: DialogueState, catalog: Catalog) -> Question | None:
    """The question about items that the reply before ended with; None where it asked none.

    A reply that showed nothing leaves the item of the one before it spoken of. ``state`` has the
    user's message logged already.
    """
    replies = [turn for turn in state.turns if turn.role == "assistant"][-MOST_REPLIES:]
    turn = next((reply for reply in reversed(replies) if reply.shown), None)
    if turn is None:
        return None
    known = [catalog.get(item_id) for item_id in turn.shown if item_id in catalog]
    title = words_of(known[0].title) if len(known) == 1 else ""
    told = Question("told", (known[0].item_id,), title) if title else None
    if turn is not replies[-1]:
        return told if told is not None and _is_open(told, state) else None
    for sentence in reversed(_SENTENCE.findall(fold(_YEAR.sub("", turn.text)))):
        named = tuple(i.item_id for i in known if fold(i.title) in sentence)
        kind = _kind(sentence)
        if kind is not None and (named or len(known) == 1):
            return Question(kind, named or (known[0].item_id,), title)
    return told


def _is_open(told: Question, state: DialogueState) -> bool:
    """Whether an item is still spoken of, and not judged, after a reply that showed nothing."""
    judged = {*state.liked, *state.disliked} & {*told.item_ids}
    return not judged and state.focus in ((), told.item_ids)


def _kind(sentence: str) -> Asked | None:
    if _SEEN.search(sentence):
        return "seen"
    return "liked" if _LIKED.search(sentence) else None


def answered(folded: str, question: Question, *, kinds: bool = True) -> tuple[Meaning, Span] | None:
    """The verdict that a message gives on what was asked, and the words that give it.

    "liked", "disliked" or "seen"; None where it answers nothing. With ``kinds`` blame of a kind
    of items judges the one asked about.
    """
    opinion = opinion_of_it(folded, kinds=kinds)
    if opinion is not None:
        return opinion
    if question.kind == "told" or NOT_YET.search(folded) or _SOUNDS.search(folded):
        return None
    yes, no = _YES.match(folded), _NO.match(folded)
    if yes is not None:
        return ("seen" if question.kind == "seen" else "liked"), yes.span()
    if no is not None and question.kind == "liked" and "?" not in folded:
        return "disliked", no.span()
    return None
