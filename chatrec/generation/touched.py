"""Whether a negation speaks of anything that the facts tell, and so makes a claim about the item.

"The toys never come into it" does, of a film about toys; "the weather doesn't help" does not.
Knows nothing of which negations the facts bear out (see support.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.mentions import key_of, name_key
from chatrec.generation.polarity import LIGHT, Denial, same_word, stem_of, stems_of, told_stems
from chatrec.generation.support import denied_outright, lacked
from chatrec.generation.vocabulary import CONNECTING, STORY_NOUNS
from chatrec.generation.words import stem, word_set

SUBJECT_WORDS = 3
DENIED_WORDS = 4
THING_WORDS = 2  # of a thing that is lacked: "without a master"
_TROUBLES = frozenset(
    map(
        stem_of,
        word_set(
            "trouble problem hitch difficulty conflict danger resistance incident interest harm "
            "hurt risk die dies killed injured change changes"
        ),
    )
)
_LETS = re.compile(r"^ (?:letting|having|making|allowing|a single)(?: any| a)?(?: other)? ")
_IN_LIST = re.compile(r"(?:,|\band|\bwith|\bbut) ?$")  # "five sisters, no fortune and a gentleman"
_CLAUSE = re.compile(
    r"[,.;:!?] ?|\b(?:but|and|while|yet|though|because|so|until|when|where|whom|if|that|which|who|"
    r"in|about)\b"
)
_END = re.compile(r"[.;:!?]|, |\bbut\b")
_BASED = re.compile(
    r"\b(?:by|based|true|real|made|set|filmed|shot|in (?:it|this|here))\b|^ in [a-z]+\W*$"
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
_OF_ITEM = re.compile(r"\b(?:this(?! (?:time|once|way|night|day|year|point))|it|here)\b")
_PRESENT = re.compile(
    r"(?:^|[.;,] )(?:and |but |with )?(?:no|not (?:an?|one|a single)) (?P<what>[a-z][\w'-]*) "
    r"(?:ever|is|are|(?:comes?|wanders?|appears?|arrives?|enters?|lives?|walks?|stands?|shares?|"
    r"gets?|turns?|"
    r"shows?|features?|figures?)(?: (?:in|into|up|on|to|the))?)\b"
)
_ABSENT = re.compile(
    r"(?P<what>[a-z][\w'-]*) (?:"
    r"(?:has|have|had|plays?|played|takes?) no (?:place|part|role|bearing|share|say)|"
    r"(?:never|don't|doesn't|didn't|does not|do not) (?:ever |even |actually |once |really )?"
    r"(?:comes? (?:into|up\b)|enters? (?:into )?(?:it|this)|features?|figures?|turns? up)|"
    r"comes? to no (?:harm|grief)|(?:makes?|made) (?:no|little) difference|counts? for nothing|"
    r"(?:does|do)(?:n't| not) matter|(?:is|are) (?:of )?no (?:issue|problem|matter|concern|"
    r"importance)|"
    r"means? nothing|"
    r"(?:is|are) (?:the (?:one|only) thing )?(?:missing|absent|left out) (?:from|of) "
    r"(?:this|it|the (?:film|story|picture)))\b"
)
_SKIPPED = re.compile(
    rf"\b(?:{STORY_NOUNS}|this|it)(?: that| which)? (?:avoids?|skips?|omits?|leaves? out|forgoes?|"
    r"excludes?|does without|dispenses with) (?P<what>[\w' -]+)|"
    r"(?<!\bto )\b(?:leav(?:es?|ing)|left|keep(?:s|ing)?|kept|cuts?|cutting) "
    r"(?P<out>[\w' -]+?) out of (?:it|this|its?|the (?:picture|story|film|plot))\b|"
    r"\b(?P<kept>[a-z][\w'-]*) (?:is|are|stays?|remains?) (?:\w+ly )?(?:kept |left |cut )?out of "
    r"(?:it|this|the (?:picture|story|film|plot))\b|"
    rf"\b(?:{STORY_NOUNS}|this|it)(?: that| which)? (?:has (?:no room|no time|no place|"
    rf"nothing) for|"
    r"does away with|gets by without|manages without|steers (?:clear|well clear) of|shuns|"
    r"turns its back on|shows nothing of|tells nothing of|is free of) (?P<without>[\w' -]+)"
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
    thing = denial.word == "without" or bool(denial.word == "no" and _IN_LIST.search(denial.before))
    listed = after.split(" and ", maxsplit=1)[0] if thing else after
    said = stems_of(_LETS.sub(" ", listed))[: THING_WORDS if thing else DENIED_WORDS]
    if denial.word not in ("barely", "hardly") and LIGHT.issuperset(
        said
    ):  # "religion divides no one", "New York is where it never goes"
        said += stems_of(denial.before)[-SUBJECT_WORDS:]
    if _TROUBLES.intersection(said[:1]):
        return True  # no story goes off without trouble
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
    for match in _SKIPPED.finditer(claims.masked):
        what = next(found for found in match.groups() if found)
        if lacked(claims, what.split()[-1]) or denied_outright(claims, what):
            continue
        if any(same_word(word, told) for word in stems_of(what)[:DENIED_WORDS]):
            yield f"says that it leaves out {what.strip()!r}, which the facts tell"
    for match in (*_ABSENT.finditer(claims.masked), *_PRESENT.finditer(claims.masked)):
        what = stem(match["what"])
        present = match.re is _PRESENT and not lacked(claims, match["what"])
        denied = denied_outright(claims, match["what"])
        if what in CONNECTING or (denied and not present):
            continue
        if same_word(stem_of(match["what"]), told):
            yield f"says that there is no {match['what']!r}, which the facts tell"
