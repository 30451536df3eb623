"""Whether "them" or "both" are people or things that the message just named, not the last list.

"No clowns, I can't stand them"; "Bill Murray or Dan Aykroyd, I love both".
"""

from __future__ import annotations

import re

from chatrec.conversation.references import Reference
from chatrec.conversation.vocabulary import Vocabulary

_SENTENCE = re.compile(r"[.!?;](?=\s+\w+ \w+ \w+ )")
_REFUSED_THINGS = re.compile(
    r"\b(?:no|not|without|nothing (?:with|about|like)|avoid|skip|any|hates?|too many|"
    r"films? (?:with|about)|movies? (?:with|about))\s+(?:any |the |those |these |more )?(?:\w+ "
    r")?\w{3,}s\b"
    r"[^.!?;]*$"
)
_BOTH_PEOPLE = re.compile(r"^\W*(?:or|and|plus|also|with|by)\b")


def of_others(reference: Reference, folded: str, vocabulary: Vocabulary) -> bool:
    """Whether "them" or "both" are people or things just named: "no clowns, I can't stand them".

    Or people who are named next: "both Pacino and De Niro".
    """
    if reference.kind != "all":
        return False
    after = folded[reference.end :].lstrip()
    if folded.startswith("both", reference.start) and after:
        named = any(f.kind == "person" and f.start == 0 for f in vocabulary.find(after))
        if named or vocabulary.namesakes(after.split()[0]):
            return True
    before = _SENTENCE.split(folded[: reference.start])[-1]
    if _REFUSED_THINGS.search(before):
        return True
    people = [f for f in vocabulary.find(before) if f.kind == "person"]
    return len(people) > 1 or (bool(people) and _BOTH_PEOPLE.search(before) is not None)
