"""Whether a negation speaks of anything that the facts tell, and so makes a claim about the item.

"The toys never come into it" does, of a film about toys; "she doesn't sit still" adds to a story
what any paraphrase adds. Knows nothing of which negations the facts bear out (see support.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.mentions import key_of
from chatrec.generation.polarity import Denial, same_word, stem_of, stems_of, told_stems
from chatrec.generation.support import denied_outright
from chatrec.generation.vocabulary import CONNECTING
from chatrec.generation.words import stem

SUBJECT_WORDS = 3
DENIED_WORDS = 4
_CLAUSE = re.compile(
    r"[,.;:!?] ?|\b(?:but|and|while|yet|though|because|so|until|when|where|whom|if|that|which|who|"
    r"in|about)\b"
)
_END = re.compile(r"[.;:!?]|, |\bbut\b")
_BASED = re.compile(r"\b(?:based|true|real|made|set|filmed|shot|in (?:it|this|here|the))\b")
_ABSENT = re.compile(
    r"(?P<what>[a-z][\w'-]*) (?:"
    r"(?:has|have|had|plays?|played|takes?) no (?:place|part|role|bearing|share|say)|"
    r"(?:never|don't|doesn't|didn't|does not|do not) (?:ever |even |actually |once |really )?"
    r"(?:comes? (?:into|up\b)|enters? (?:into )?(?:it|this)|features?|figures?|turns? up)|"
    r"comes? to no (?:harm|grief)|(?:is|are) (?:missing|absent|left out) (?:from|of) "
    r"(?:this|it|the (?:film|story|picture)))\b"
)


def touches(claims: Claims, denial: Denial) -> bool:
    """Whether what is denied, or of whom it is, is told of the item: in its text or its title.

    So is a person or a title; and what is denied of the item as such ("based on", "set in").
    """
    before = _CLAUSE.split(denial.before)[-1]
    after = denial.scope if denial.scope.strip() else claims.masked[denial.end :]
    after = _END.split(after, maxsplit=1)[0]
    if "<" in before + after or _BASED.search(after):
        return True
    told = told_stems(claims) | claims.stems | {stem_of(w) for w in key_of(claims.item.title)}
    said = (*stems_of(before)[-SUBJECT_WORDS:], *stems_of(after)[:DENIED_WORDS])
    return any(same_word(word, told) for word in said)


def absence_problems(claims: Claims) -> Iterator[str]:
    """Told things that are said to have no part in the story."""
    told = told_stems(claims)
    for match in _ABSENT.finditer(claims.masked):
        what = stem(match["what"])
        if what in CONNECTING or denied_outright(claims, match["what"]):
            continue
        if same_word(stem_of(match["what"]), told):
            yield f"says that there is no {match['what']!r}, which the facts tell"
