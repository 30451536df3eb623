"""Whether a genre, a person or a year is asked for, or only told of: "I usually like comedies".

Who tells of a taste, or of a film they saw, leaves open what they want now. What is told of stays
among the words of the wish, where it weighs; it rules nothing out. Judges one mention by what
stands around it; :mod:`.tellings` finds whole passages of lives and facts first. English alone.
"""

from __future__ import annotations

import re

from chatrec.conversation.utterance import left_of

_WHO = r"(?:i|we|you|he|she|they|people|everyone|my \w+|the kids)"
_MANNER = (
    r"(?:(?:also|really|usually|mostly|mainly|typically|generally|normally|always|often|sometimes|"
    r"do|did|have|had|'ve|recently|finally|actually|definitely|absolutely|both|still|"
    r"never|pretty much|tend to|used to|kind of|sort of|too) )*"
)
_THING = (  # "that" after a noun tells which one is wanted
    r"(?:it|(?<!movie )(?<!film )(?<!one )(?<!movies )(?<!films )(?<!ones )that|this|he|she|they)"
)
_TOLD = re.compile(
    rf"\b{_WHO} {_MANNER}(?:like|likes|liked|love|loves|loved|enjoy|enjoys|enjoyed|adore|watch|"
    r"watches|watched|see|saw|seen|thought|tend|lean|know|knew|remember|heard|met|hope)\b"
    rf"|\b{_THING}(?:'s| is| was| were| are| has| had| looked| looks| sounds| seems| came| comes)\b"
    r"|\b(?:fan|fans|lover) of\b|\b(?:i'm|im|i am|we are|we're) (?:\w+ )?(?:into|more of)\b"
    r"|\bfavou?rites?\b|\bi've (?:\w+ )?(?:been|watched|seen|loved|enjoyed)\b|\bthe last\b"
    r"|\bi'm (?:hoping|excited|looking forward)\b"
)
_LIKED = re.compile(rf"\b(?:i|we) {_MANNER}(?:like|love|enjoy|adore)\b|\bfan of\b|\binto\b")
_FAVOURITE = re.compile(r"[^.!?;]*?\b(?:is|are) (?:\w+ ){0,3}favou?rites?\b")
_ASKED = re.compile(
    r"\b(?:only|wants?|wanted|needs?|ha(?:s|ve) to|look(?:ing)? for|search\w* for|"
    r"recommend\w*|suggest\w*|"
    r"show me|give|find|mood|feel(?:ing)? like|fancy|(?:would|'d) (?:\w+ )?(?:like|love|enjoy)|"
    r"i'd|rather|prefer\w*|how about|what about|anything|something|should|must|could you|can you|"
    r"interested in|open to|another|(?:films?|movies?|games?|books?|something|one) for|"
    r"to see an?|to watch an?|as long as)\b"
)
_MADE = re.compile(
    r"\W*it (?:was (?:made|shot|filmed|released)|came out)(?: (?:in|around)(?: the)?)?\s*"
)
_NO_MORE = re.compile(r"\W*(?:(?:please|i think|i believe|i guess)\W*)?")
_QUESTION = re.compile(r"^\W*(?:what|which|any|do you (?:have|know)|are there|is there|got)\b")


def tells_taste(folded: str) -> bool:
    """Whether the words say what kind is liked: "I usually like comedies", "a fan of horror"."""
    return _LIKED.search(folded) is not None


def is_told(folded: str, start: int, end: int) -> bool:
    """Whether what stands at ``start:end`` is told of in its sentence, and not asked for.

    >>> said = "i usually like comedies. any good drama?"
    >>> is_told(said, 15, 23), is_told(said, 34, 39)
    (True, False)
    """
    left = sentence_left(folded, start)
    if _TOLD.search(left) is None:
        return _FAVOURITE.match(folded, end) is not None
    return _ASKED.search(left) is None and _QUESTION.search(left) is None


def says_when_made(folded: str, start: int, end: int) -> bool:
    """Whether a message says when "it" was made, at ``start:end``, and no more: of what is sought.

    >>> says_when_made("it was made in the eighties, i think", 19, 27)
    True
    >>> says_when_made("it came out in the eighties and i loved it", 19, 27)
    False
    """
    before, after = folded[:start], folded[end:]
    return _MADE.fullmatch(before) is not None and _NO_MORE.fullmatch(after) is not None


def sentence_left(folded: str, at: int) -> str:
    """The words of a place's sentence that stand before it."""
    return re.split(r"[.!?;]", left_of(folded, at))[-1]
