"""Whether a negation speaks of anything that the facts tell, and so makes a claim about the item.

"The toys never come into it" does, of a film about toys; "she doesn't sit still" adds to a story
what any paraphrase adds. Knows nothing of which negations the facts bear out (see support.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.mentions import key_of, name_key
from chatrec.generation.polarity import Denial, same_word, stem_of, stems_of, told_stems
from chatrec.generation.support import denied_outright, lacked
from chatrec.generation.vocabulary import CONNECTING
from chatrec.generation.words import stem

SUBJECT_WORDS = 3
DENIED_WORDS = 4
_CLAUSE = re.compile(
    r"[,.;:!?] ?|\b(?:but|and|while|yet|though|because|so|until|when|where|whom|if|that|which|who|"
    r"in|about)\b"
)
_END = re.compile(r"[.;:!?]|, |\bbut\b")
_BASED = re.compile(
    r"\b(?:based|true|real|made|set|filmed|shot|in (?:it|this|here))\b|^ in [a-z]+\W*$"
)
_GONE = re.compile(
    r"<p(?P<who>\w)>(?: and <p\w>)?,? (?:is|are|was|were|goes) (?:missing|absent|gone|left out|"
    r"nowhere)\b(?! to (?:go|run|hide|turn))"
)
_ROLE = re.compile(
    r"\b(?:direct\w*|star\w*|act(?:s|ed|ing)?|appear\w*|feature[sd]?|cast|made|make|hand in|"
    r"with (?:him|her|them))\b"
)
_NEAR_PERSON = re.compile(r"(?: ?[\w'-]+){0,3}? ?<p")
_OF_ITEM = re.compile(r"\b(?:this|it|here)\b")
_PRESENT = re.compile(
    r"(?:^|[.;,] )(?:and |but |with )?(?:no|not (?:an?|one|a single)) (?P<what>[a-z][\w'-]*) "
    r"(?:ever|is|are|(?:comes?|wanders?|appears?|arrives?|enters?|lives?|walks?|stands?|shares?|gets?|turns?|"
    r"shows?|features?|figures?)(?: (?:in|into|up|on|to|the))?)\b"
)
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
    of_person = "<p" in denial.before and _ROLE.search(after)
    if (
        "<t" in after
        or "<s" in after
        or _NEAR_PERSON.match(after)
        or of_person
        or _BASED.search(after)
    ):
        return True
    told = told_stems(claims) | {stem_of(w) for w in key_of(claims.item.title)}
    said = stems_of(after)[:DENIED_WORDS]
    if _OF_ITEM.search(after):  # "war never touches this drama"
        said += stems_of(before)[-SUBJECT_WORDS:]
    return any(same_word(word, told) for word in said)


def absence_problems(claims: Claims) -> Iterator[str]:
    """Told things that are said to have no part in the story, and people of it who are not gone."""
    told = told_stems(claims)
    own = {name_key(name) for name in (*claims.item.cast, *claims.item.creators)}
    for match in _GONE.finditer(claims.masked):
        name = claims.people[match["who"]]
        if name in own:
            yield f"says that {name} is not in it"
    for match in (*_ABSENT.finditer(claims.masked), *_PRESENT.finditer(claims.masked)):
        what = stem(match["what"])
        present = match.re is _PRESENT and not lacked(claims, match["what"])
        denied = denied_outright(claims, match["what"])
        if what in CONNECTING or (denied and not present):
            continue
        if same_word(stem_of(match["what"]), told):
            yield f"says that there is no {match['what']!r}, which the facts tell"
