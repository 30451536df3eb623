"""What the reply before asked about an item, and short answers to that: "yes", "not yet", "great!".

Knows the last two turns and the titles of the items that the reply showed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from chatrec.conversation.meaning import NOT_FOND
from chatrec.conversation.state import DialogueState
from chatrec.conversation.titled import Meaning
from chatrec.conversation.utterance import Span, fold
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
_UNSEEN = re.compile(
    r"\b(?:haven'?t|have not|never|not yet|not|didn'?t|did not|hasn'?t) (?:actually |really |"
    r"yet |ever |"
    r"even )?(?:seen|watched|see|watch|read|played|heard)\b|\bnot yet\b|\bsounds?\b|"
    r"\b(?:will|i'?ll|gonna|going to|have to|want to|would) (?:\w+ )?(?:watch|check|see|try|look)\b"
)
_PRAISE = re.compile(
    r"\b(?:(?:so|very|really|pretty|such an?|an?|another|absolutely|truly) )*(?:great|good|awesome|"
    r"amazing|excellent|fantastic|wonderful|classic|brilliant|hilarious|fun|funny|cute|perfect)"
    r"(?: (?:old|classic|family|action|scary|horror|funny))? (?:movies?|films?|flicks?|ones?|"
    r"classics?|games?|books?|series)\b|\b(?:loved|liked|enjoyed) (?:it|them|that|those)\b|"
    r"\bit was (?:\w+ ){0,2}(?:great|good|awesome|amazing|hilarious|funny|cute)\b|"
    r"\b(?:one of )?my (?:all[- ]time )?favou?rites?\b|\b(?:huge|big) fan of (?:it|that)\b"
)
_BLAME = re.compile(
    rf"{NOT_FOND}(?: (?:it|that|those|them|this)(?: one)?)?"
    r"(?=\s*(?:$|[.,!;]|either\b|at all\b|but\b))|"
    r"\b(?:too|a little|a bit) (?:\w+ ){1,3}for (?:me|us|my tastes?)\b|"
    r"\bdo(?:es)?(?:n't| not) (?:look|sound) (?:\w+ ){0,2}(?:good|great|interesting|funny)\b|"
    r"\bpass on (?:it|that|this)\b|"
    r"\b(?:was(?:n't|nt| not)|(?:i'?m|am) not|not) (?:really )?(?:an?|too|into|much of an?|"
    r"really)? ?"
    r"(?:huge|big|much)? ?(?:fan|into (?:it|that|those)|my (?:thing|type|style|cup of tea|"
    r"taste))\b|"
    r"\b(?:did(?:n't|nt| not)|do(?:n't|nt| not)) (?:really |actually |much )?(?:like|love|enjoy|"
    r"care (?:much |too much )?for)\b|"
    r"\bnot (?:for me|that (?:good|great|funny)|very (?:good|funny)|so great)\b|"
    r"\bboring\b|\bterrible\b|\bhated\b|\bawful\b|\bhorrible\b|\bsucked\b|\bwas(?:n't|"
    r" not) (?:\w+ ){0,2}"
    r"(?:good|great|funny|impressed|as good)\b|\bdisappoint\w+\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the reply before asked: whether ``item_ids`` were seen, or liked.

    "told": it asked nothing, but spoke of one item alone.
    """

    kind: Asked
    item_ids: tuple[str, ...]


def asked_before(state: DialogueState, catalog: Catalog) -> Question | None:
    """The question about items that the reply before ended with; None where it asked none.

    ``state`` has the user's message logged already.
    """
    turn = state.turns[-2] if len(state.turns) > 1 else None
    if turn is None or turn.role != "assistant" or not turn.shown:
        return None
    known = [catalog.get(item_id) for item_id in turn.shown if item_id in catalog]
    for sentence in reversed(_SENTENCE.findall(fold(_YEAR.sub("", turn.text)))):
        named = tuple(i.item_id for i in known if fold(i.title) in sentence)
        kind = _kind(sentence)
        if kind is not None and (named or len(known) == 1):
            return Question(kind, named or (known[0].item_id,))
    return Question("told", (known[0].item_id,)) if len(known) == 1 else None


def _kind(sentence: str) -> Asked | None:
    if _SEEN.search(sentence):
        return "seen"
    return "liked" if _LIKED.search(sentence) else None


def answered(folded: str, question: Question) -> tuple[Meaning, Span] | None:
    """The verdict that a message gives on what was asked, and the words that give it.

    "liked", "disliked", "seen" or "unseen"; None where it answers nothing.
    """
    yes, no = _YES.match(folded), _NO.match(folded)
    unseen = _UNSEEN.search(folded) is not None
    blame, praise = _BLAME.search(folded), _PRAISE.search(folded)
    if blame is not None and not unseen:
        return "disliked", blame.span()
    if praise is not None and not unseen and no is None:
        return "liked", praise.span()
    if unseen:
        return None
    if question.kind == "told":
        return None
    if yes is not None:
        return ("seen" if question.kind == "seen" else "liked"), yes.span()
    if no is not None and question.kind == "liked":
        return "disliked", no.span()
    return None
