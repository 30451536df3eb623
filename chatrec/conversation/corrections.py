"""Recognises that a message takes back what was just said: "no wait, a sad film", "I meant ...".

Works on folded text only; what is taken back is the business of the understanding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatrec.conversation.causes import Change


@dataclass(frozen=True, slots=True)
class Correction:
    """The words ``folded[start:end]`` that take back; what follows them is meant instead.

    ``whole``: all that the last message did is taken back, not only what is said anew.
    """

    start: int
    end: int
    whole: bool = False


_NO = r"(?:(?:no|nope|nah|oh|ah|um|uh|er|hm+|ok|okay|well|hang on|hold on)\b[\s,.;:!-]+)*"
_WAIT = (
    r"(?:no,? wait|wait,? no|wait|hang on|hold on|no,? (?:sorry|actually|i mean(?:t)?)|"
    r"sorry(?=\s*[,.:;!-])|sorry,? (?:no|i mean(?:t)?)|(?:what )?i mean(?:t)?(?: was)?|my mistake|"
    r"my bad|oops|whoops|correction|"
    r"nein,? (?:warte|moment|doch|halt)|warte,? nein|moment,? nein|ich meine|ich meinte|"
    r"non,? attend[sz]?|attend[sz]?,? non|pardon,? non|je veux dire|je voulais dire|"
    r"no,? espera|espera,? no|perdon,? no|quiero decir|quise decir|digo)\b"
)
_BACK = (
    r"(?:scratch that|strike that|forget (?:that|it|about (?:that|it))|never ?mind(?: that)?|"
    r"cancel that|undo that|vergiss (?:das|es)|oublie(?:z)? (?:ca|cela)|laisse tomber|"
    r"olvida(?:lo| eso))\b"
)
_CJK = r"不对|不,|等等|我是说|说错了"
_CJK_BACK = r"算了"
_SAID_ELSE = re.compile(  # "sorry, I said western but I meant a war film"
    rf"^\W*{_NO}(?:sorry\W+|actually\W+|well\W+|did i say [^.,;!?]{{2,40}}\?\W*)*(?:(?:(?:when |"
    rf"although |though |"
    r"i know |if )?(?:i|we) (?:said|wrote|typed|asked for|put)|by|with) [^.;!?]{2,40}?\W+(?:but |"
    r"and |though |"
    r"what )*(?:i|we)(?:'d)? (?:really |actually |of course |just |in fact )*|did i say "
    r"[^.,;!?]{2,40}\?\W*(?:i|we) (?:\w+ )?)(?:mean|meant|wanted|want|was after|was thinking of|"
    r"prefer)\b"
)
_OPENING = re.compile(
    rf"^\W*{_NO}(?:(?P<whole>{_BACK}|{_CJK_BACK})|{_WAIT}|{_CJK})(?:[\s,.;:!-]+{_WAIT})*"
)
_WITHIN = re.compile(
    rf"(?<=\w)\s*(?:[,.;!]|\.\.\.|\s[-–—])+\s*{_NO}"
    r"(?:no,? wait|wait,? no|no,? (?:sorry|actually)|scratch that|strike that|sorry,? i mean(?:t)?|"
    r"i mean(?:t)?|correction|nein,? warte|non,? attends|no,? espera)\b"
)
_NOT_MEANT = re.compile(  # "wait for it", "I mean it", "sorry to ask", "forget it ever happened"
    r"\s*(?:for|until|till|to|it|that|about|what|whatever|i (?:am|was)|i'm|ever|is|was|if|you)\b"
)


_MAKE_THAT = re.compile(
    r"\W*(?:(?:no|nope|ok|sorry|actually|hmm|well|fine|or|maybe)\W+)*(?:(?:make (?:that|it)|say|"
    r"rather|"
    r"up to|let's say) |(?=\d+ then))(?P<n>\d{1,5})\W*"
    r"(?:please|then|instead)?\W*"
)
_NUMBERED = {"runtime": "up to {} minutes", "price_max": "up to {} dollars"}


def remade(folded: str, changes: Sequence[Change]) -> str:
    """What "make that 100" says in full of the last limit in numbers; "" where it says no such."""
    match = _MAKE_THAT.fullmatch(folded)
    if match is None:
        return ""
    for change in reversed(changes):
        if change.added and change.what in _NUMBERED:
            return _NUMBERED[change.what].format(match["n"])
        if change.added and change.what == "facts" and "=" in change.value[-6:]:
            column = re.split(r"[<>=]", change.value)[0]
            return f"up to {match['n']} {column}"
    return ""


def correction_in(folded: str) -> Correction | None:
    """The words that take back, None where there are none."""
    match = _SAID_ELSE.match(folded)
    if match is not None:
        return Correction(0, match.end())
    match = _OPENING.match(folded)
    if match is not None and not _NOT_MEANT.match(folded, match.end()):
        return Correction(0, match.end(), match.group("whole") is not None)
    match = _WITHIN.search(folded)
    if match is not None and not _NOT_MEANT.match(folded, match.end()):
        return Correction(*match.span())
    return None
