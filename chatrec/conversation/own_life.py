"""Tells names of people, pets and places in somebody's own life from titles that are spelt alike.

"I'm Rocky", "my son Oliver" and "I live in Chicago" name no film. Works on the folded text around
one title; what is a title at all is decided in :mod:`chatrec.conversation.mentions`.
"""

from __future__ import annotations

import re

from chatrec.conversation.utterance import left_of

_WHOSE = (
    r"\b(?:my|our|his|her) (?!favou?rites?\b)(?:\w+ )?(?!films?\b|movies?\b|games?\b|books?\b|"
    r"favou?rites?\b|ones?\b)\w+"
)
_KIN = (
    r"\b(?:my|our|his|her) (?:\w+ )?(?:wife|husband|partner|boyfriend|girlfriend|fiancee?|sons?|"
    r"daughters?|kids?|child|baby|brother|sister|mum|mom|dad|mother|father|grandma|grandpa|niece|"
    r"nephew|cousin|friend|flatmate|roommate|dog|cat|boss)"
)
_NAME = re.compile(
    r"\b(?:names? (?:is|are)|call me|mein name ist|ich hei(?:ss|ß)e|je m'appelle|me llamo)\s+$"
    rf"|{_WHOSE} (?:is|are) (?:called|named)\s+$|{_KIN},?\s+$|我叫\s*$"
)
_I_AM = re.compile(r"(?:^|[.!?]\s*|^\W*(?:hi|hello|hey)\b\W*)(?:i'm|i am|ich bin|je suis|soy)\s+$")
_AFTER_NAME = re.compile(r"\s*(?:$|[.,!]|(?:and|und|et|y) (?:i|my|we|ich|je)\b)")
_PLACE = re.compile(
    r"\b(?:(?:live|lives|lived|living|born|grew up|raised|works?|working|stud(?:y|ies|ying)|"
    r"stay(?:s|ing|ed)?|moved?|moving|going|flying|travel\w*|trip|holiday|vacation|set|takes? "
    r"place|"
    r"taking place)(?: (?:back|over|here|out|up|down))? (?:in|to|near|around)|"
    r"(?:i|we)(?:'m| am|'re| are| was| were|'ve been) (?:\w+ )?(?:in|from|near)|"
    r"(?:wohn|leb)(?:e|en|t) in|habit(?:e|ons|ent) a|viv(?:o|e|en|imos) en|"
    r"visit(?:s|ing|ed)?|welcome to)\s+$"
)


def is_of_own_life(folded: str, start: int, end: int) -> bool:
    """Whether the word at ``start:end`` names somebody, or a place, and no item.

    >>> is_of_own_life("i live in chicago", 10, 17), is_of_own_life("i love chicago", 7, 14)
    (True, False)
    """
    if " " in folded[start:end].strip():
        return False
    left = left_of(folded, start)
    introduced = _I_AM.search(left) is not None and _AFTER_NAME.match(folded, end) is not None
    return introduced or _NAME.search(left) is not None or _PLACE.search(left) is not None
