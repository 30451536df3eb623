"""Checks of age ratings, of promises about who may watch, and of "old" and "recent".

Knows nothing of other numbers (see figures.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.words import fold

RATING = re.compile(
    r"\b(?:rated|rating|certificate|certified|classified)(?: of| is| here is| stands "
    r"at|:| as| an?| at|,)* "
    r"(?P<after>nc-17|pg-13|pg|r|g|not rated|unrated|approved|passed|x|tv-\w+|\d+\+?)(?!\w|-\d)|"
    r"\b(?P<before>nc-17|pg-13|pg|r|g)[- ]rat(?:ed|ing)\b|\b(?P<alone>nc-17|pg-13|pg)\b(?!-\d)|"
    r"\b(?P<none>unrated|not rated|without (?:a|an age) rating)\b"
)
_NOT_BEFORE = re.compile(r"(?:\bnot|n't|\bnever)(?: \w+){0,3} $")
_RATED_TITLE = re.compile(
    r"<t(?P<of>\w)>,? (?:which |that )?(?:also )?(?:is|was|has|had|got|carries|carried|bears) "
    r"(?:only |just )?(?:rated |an? |the )?(?:rating of |certificate )?$"
)
_KIDS = re.compile(
    r"(?<!unit )(?<!home )(?<!school )(?<!hospital )\b(?:for (?:the )?(?:whole family|all ages|"
    r"children|kids|little ones|young "
    r"children|families)|"
    r"suitable for (?:children|kids|all|everyone|families)|child-friendly|kid-friendly|"
    r"family-friendly|all-ages|with the (?:kids|children))\b"
)
_ADULTS = re.compile(r"\b(?:adults[- ]only|for adults(?: only)?|for grown-ups)\b")
_AGES = re.compile(
    r"\b(?P<word>recent|brand-new|brand new|newly released|new release|old|vintage|older)"
    r"(?: \w+)? (?P<noun>film|movie|release|picture|one|production|book|game)\b(?! than)"
)


def rating_problems(claims: Claims) -> Iterator[str]:
    """Age ratings other than the item's own, and promises about who may watch."""
    own = claims.item.age_rating.casefold()
    unrated = own in ("not rated", "unrated", "nr", "")
    for match in RATING.finditer(claims.masked):
        said = next(group for group in match.groups() if group)
        none = said.startswith(("unrated", "not rated", "without"))
        of = _RATED_TITLE.search(claims.masked[: match.start()])
        if of:
            rated = {fold(item.age_rating) for item in claims.titles[of["of"]].items}
            if said not in rated:
                yield f"age rating {said!r} is not that of the title"
            continue
        if (none and not unrated) or (not none and said.removesuffix("+") != own.removesuffix("+")):
            yield f"age rating {said!r} is not the item's ({own or 'unknown'})"
    young = own in ("g", "pg", "tv-g", "tv-y", "e", "e10+", "everyone", "3", "7")
    young = young or any(genre.casefold() in ("family", "children") for genre in claims.item.genres)
    for match in _KIDS.finditer(claims.masked):
        denied = bool(_NOT_BEFORE.search(claims.masked[: match.start()]))
        if denied == young:
            yield f"says whether it suits children: {match.group()!r}"
    if _ADULTS.search(claims.masked) and own not in ("r", "nc-17", "18", "m", "ao", "tv-ma", "x"):
        yield "says that it is for adults"
    for match in _AGES.finditer(claims.masked):
        year = claims.item.year
        if match["noun"] in claims.words or _older_than_title(claims, match["word"]):
            continue
        wants_new = match["word"] not in ("old", "vintage", "older")
        if year is None or (wants_new and year < 2010) or (not wants_new and year >= 1995):
            yield f"calls it {match['word']}"


def _older_than_title(claims: Claims, word: str) -> bool:
    """Whether the item is called older in a sentence that names a newer title."""
    years = [item.year for title in claims.titles.values() for item in title.items]
    mine = claims.item.year
    return word == "older" and mine is not None and any(mine < year for year in years if year)
