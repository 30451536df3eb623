"""Reads the youngest viewer's age: an age, "for kids", "family night", an age rating, "I'm 12".

Gives :class:`chatrec.conversation.measures.Measure` with ``max_age`` in years. Which ratings are
asked for by name ("rated G or PG") is read by ``named_ratings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatrec.conversation.measures import Measure, all_matches, measure, number_of
from chatrec.conversation.minors import age_told
from chatrec.conversation.numerals import NUMBERS
from chatrec.conversation.utterance import Span
from chatrec.data.constraints import age_of, comparable

CHILD_AGE = 8  # up to this age a children's genre is asked for as well
KIDS_AGE = 7  # "for kids" without an age: only what suits a child of seven
FAMILY_AGE = 10  # "family night"
TEEN_AGE = 13

_KID = (
    r"(?:kids?|children|child|toddlers?|sons?|daughters?|grand(?:kids?|children|sons?|"
    r"daughters?|child)|nieces?|nephews?|little ones?|boys?|girls?|family)"
)
_KID_ABROAD = r"(?:kind(?:er|ern)?|sohn|tochter|enfants?|fils|filles?|hij[oa]s?|nin[oa]s?)"
_AGES = (
    r"\b(\d{1,2}|"
    + "|".join(k for k in NUMBERS if k.isalpha() and k not in {"a", "an", "couple"})
    + r")[ -]?(?:years?|yrs?|yr|jahre?)[ -](?:olds?|alte[rns]?|alt)\b",
    r"\b(\d{1,2}) ?(?:yo|y/o)\b",
    r"\bage[ds]?:? (\d{1,2})\b",
    r"\b(\d{1,2})-?jahrige[rnms]?\b",
    r"\b(?:de|a|tiene) (\d{1,2}) (?:ans|anos)\b",
    r"(\d{1,2})\s?岁",
    rf"\b{_KID}\b[^.!?]{{0,30}}\b(?:she|he|they|who|it)(?:'s| is|'re| are) (?:only |just |nearly "
    rf"|almost )?"
    r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\s*(?:$|[.,;!?]|"
    r"\b(?:and|so|"
    r"but|now|years)\b))",
    r"\b(?:is|who's|turning) (\d{1,2})(?= |$|[.,!?])(?! ?(?:min|hours?|h\b|"
    r"years? (?:ago|long)))",
    rf"\b(?:{_KID}|{_KID_ABROAD}),? ?(?:\(|aged |of |are |is |sie sind |sind |ist |von |de |ont |"
    r"a |tienen? )?(\d{1,2})(?= and| or| und| et| y|,|\)|$| years| jahre| ans| anos)",
    rf"\b{_KID}\b[^.\d]{{0,24}}: ?(\d{{1,2}})\b",
    r"\bunder[- ](\d{1,2})s\b",
    r"^\W*(?:they|she|he)(?:'s| is|'re| are) (?:only |just |nearly |almost )?(\d{1,2})"
    r"(?=\W*$|(?:,| and| or| &) (?:1[0-7]|\d)\b)",
)
_OTHER_AGES = re.compile(  # "my kids are 9, 7 and 5": the youngest counts
    r"(?:(?:,| and| or| und| et| y| &){1,2} (?:1[0-7]|\d)(?!\d)(?! ?(?:min|hours?|h\b|films?|"
    r"movies?|stars?|%|euros?|dollars?|stunden|heures?|horas?)))+"
    r"(?: (?:years?(?: old)?|jahre|ans|anos)\b)?\)?"
)
_KIDS = re.compile(
    r"\b(?:for|with|suit(?:s|able for)|ok for|okay for|safe for|entertain)\s+(?:(?:my|the|"
    rf"our|some|small|young|little|two|three|all|whole|his|her|their|younger)\s+)*{_KID}\b"
    r"(?!\s+(?:who|whose|that|which)\b)"  # "the one with the kids who find a map" names no audience
    rf"|\b{_KID} (?:are|is) (?:here|home|watching|joining|coming|awake|with (?:me|us))\b"
    r"|\b(?:kids?'?s?|children'?s|childrens) (?:films?|movies?|flicks?|books?|games?|"
    r"ones?|stuff)\b|\b(?:kid|child)[ -]friendly\b"
    r"|\bfamily[ -](?:night|friendly|films?|movies?|evening|viewing)\b|\bwhole family\b"
    r"|\bfur (?:(?:meine|die|unsere|kleine|meinen|meine[nr])\s+)?(?:kinder|kind|sohn|"
    r"tochter|die ganze familie)\b|\bkinderfilme?n?\b|\bfamilien(?:film|filme|abend)\b"
    r"|\bpour (?:(?:mes|les|nos|des|mon|ma|toute la)\s+)?(?:enfants?|fils|fille|"
    r"famille)\b|\bfilms? (?:familial|de famille)\b"
    r"|\bpara (?:(?:mis|los|mi|toda la)\s+)?(?:ninos|ninas|hijos|hijo|hija|familia)\b|孩子|"
    r"儿童|小朋友|亲子|全家|合家欢"
)
_RATING = (
    r"(?:rated |rating )?(nc-?17|pg-?13|tv-?ma|tv-?14|tv-?pg|tv-?y7|tv-?g|pg|(?:fsk|pegi|"
    r"usk) ?\d{1,2}|\d{1,2}\+|g(?=[- ]rat(?:ed|ing))|"
    r"r(?=[- ]rat(?:ed|ing))|(?<=rated )[gr])(?:[- ]rated|"
    r"[- ]rating)?(?!\w)"
)
_RATED = re.compile(
    r"(?P<neg>\b(?:nothing|no|not|without|avoid|kein\w*|pas de|nada)\s+(?:(?:over|above|"
    r"higher than|beyond|stronger than|harsher than|worse than)\s+(?P<over>)?|"
    r"(?:\w+\s+)?)?)?"
    r"(?P<most>\b(?:at most|max(?:imum)?|up to|no more than|below|"
    rf"under)\s+)?(?<!\w){_RATING}(?P<after>\s+(?:at most|max(?:imum)?|or (?:less|lower|"
    r"below|under)|and (?:below|under)|tops))?"
)


def ages(folded: str) -> list[Measure]:
    """``max_age`` from an age, "for kids", "family night" or a rating; the strictest comes last."""
    found = list(_rating_limits(folded))
    told = age_told(folded)
    if told is not None:
        found.append(measure("age", told[1], max_age=told[0]))
    for m in all_matches(_AGES, folded):
        others = _OTHER_AGES.match(folded, m.end())
        more = "" if others is None else others[0]
        age = min(round(number_of(m[1])), *(int(n) for n in re.findall(r"\d+", more)), 99)
        if age <= 17:
            found.append(measure("age", (m.start(), m.end() + len(more)), max_age=age))
    if any(m.unit == "age" for m in found):
        return found
    for m in re.finditer(
        r"\bfor (?:my |the |our |some )?(?:teen(?:ager)?s?|tweens?)\b|"
        r"\bfur (?:meine )?teenager\b|青少年",
        folded,
    ):
        found.append(measure("age", m.span(), max_age=TEEN_AGE))
    for m in _KIDS.finditer(folded):
        family = re.search(r"famil|全家|合家", m[0]) is not None
        found.append(measure("age", m.span(), max_age=FAMILY_AGE if family else KIDS_AGE))
    return found


def kids_named(folded: str) -> bool:
    """Whether children or the family are to watch too."""
    return _KIDS.search(folded) is not None


def names_kid(folded: str) -> bool:
    """Whether a child is named at all: "my son is 6", but not "a six year old"."""
    return re.search(rf"\b{_KID}\b", folded) is not None


_NAME = r"(?:nc-?17|pg-?13|tv-?(?:ma|14|pg|y7|g|y)|pg|r|g|[a-z][a-z\d-]*\+?)"
_SEVERAL = rf"(?:{_NAME}(?:\s*(?:,|/|,?\s*\b(?:or|and|oder|ou|o)\b)\s*{_NAME})+)"
_NAMED = re.compile(
    rf"\b(?:rated|rating)\s+(?P<after>{_SEVERAL}|r|nc-?17)(?![\w+-])"
    rf"|(?<![\w-])(?P<before>(?:r|nc-?17))(?:[- ]rated)\b"
    rf"|(?<![\w-])(?P<alone>(?:g|pg|pg-?13|r)(?:\s*(?:/|\bor\b)\s*(?:g|pg|pg-?13|r))+)(?![\w-])"
)


def named_ratings(folded: str, known: Sequence[str]) -> tuple[tuple[str, ...], Span | None]:
    """The ratings of a catalogue, as it spells them, that the text asks for by name, and where.

    A choice of several, or a rating for adults: a single milder one ("rated PG") is the ceiling
    that ``ages`` reads. Without all of them in ``known`` nothing is read.

    >>> named_ratings("a comedy rated g or pg", ("R", "PG", "G"))
    (('G', 'PG'), (9, 22))
    """
    spelt = {comparable(rating): rating for rating in known}
    for match in _NAMED.finditer(folded):
        said = match.group("after") or match.group("before") or match.group("alone")
        names = [re.sub(r"^(nc|pg|tv)(?=\w)", r"\1-", n) for n in re.findall(r"[\w+-]+", said)]
        names = [n for n in names if n not in _JOINTS]
        if names and all(comparable(name) in spelt for name in names):
            return tuple(dict.fromkeys(spelt[comparable(n)] for n in names)), match.span()
    return (), None


_JOINTS = frozenset({"or", "and", "oder", "ou", "o"})


def _rating_limits(folded: str) -> Iterator[Measure]:
    """Limits from ratings; of "G or PG" the milder one counts."""
    found = list(_each_rating(folded))
    for index, limit in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        if after is None or not re.fullmatch(
            r"\s*(?:or|and|,|/|oder|ou|o)\s*", folded[limit.end : after.start]
        ):
            yield limit


def _each_rating(folded: str) -> Iterator[Measure]:
    for m in _RATED.finditer(folded):
        rating = re.sub(r"^(nc|pg|tv)(?=\w)(?!-)", r"\1-", m.group(4) if m.lastindex else "")
        rating = "pg" if rating in {"pg", "pg-"} else rating
        age = age_of(rating)
        negated, over = m.group("neg") is not None, m.group("over") is not None
        allows = (
            m.group("most")
            or m.group("after")
            or rating.endswith("+")
            or rating[-1:].isdigit()
            or rating in {"g", "pg", "pg-13", "tv-g", "tv-pg"}
        )
        if age is None or not (negated or allows):
            continue
        yield measure("rating", m.span(), max_age=age - 1 if negated and not over else age)
