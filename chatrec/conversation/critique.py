"""Reads wishes relative to a list or an item: older, shorter, funnier, more action, something else.

"Older" ends one year before the median year of the items it is relative to, so that one outlier
in a list doesn't decide; "newer", "shorter", "longer" and "cheaper" likewise. Without any item
to be relative to, the catalogue's lower or upper quartile takes the median's place.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatrec.conversation.lexicon import COMPARATIVES
from chatrec.conversation.questions import length_of
from chatrec.conversation.utterance import Span
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.fact_limits import FactLimit
from chatrec.types import Constraints, Item


@dataclass(frozen=True, slots=True)
class Critique:
    """``said`` are the limits that follow, ``spans`` where they were read.

    ``others``: more of the same wish. ``repeats``: True for "again", False for "no repeats".
    """

    said: Constraints = field(default_factory=Constraints)
    spans: tuple[Span, ...] = ()
    others: bool = False
    repeats: bool | None = None

    @property
    def relative(self) -> bool:
        """Whether anything is compared."""
        return self.said != Constraints()


_DEGREE = (
    r"(?:(?:a bit|a little|a lot|much|even|far|slightly|somewhat|etwas|viel|noch|un peu|"
    r"beaucoup|un poco|mucho)\s+)?"
)
# Umlauts are folded: "ein kurzer Film" is short, not shorter.
_NO_FILM = r"(?! (?:kino)?filme?n?\b)"
_NO_THAN = (  # "kurzer als zwei Stunden" is a limit in numbers, "kurzer als der zweite" is not
    r"(?! than(?! (?:that|this|these|those|it)\b))(?! (?:als|que|de) (?:\d|eine?\b|zwei|drei|"
    r"une?\b|deux|trois|una?\b|dos|tres))"
)
_DIRECTIONS: Mapping[str, str] = {
    "older": r"\b{d}(?:older|earlier|too (?:new|recent|modern)|less recent|"
    rf"alter(?:e[rns]?)?{_NO_FILM}|"
    r"plus (?:anciens?|anciennes?|vieux|vieille)|mas (?:antigu[oa]s?|viej[oa]s?))\b"
    r"(?! than| (?:kids?|children|son|daughter|brother|sister|"
    r"people|audience))|更老|更早|老一点|早一点",
    "newer": r"\b{d}(?:newer|too old|no more old (?:stuff|ones|films|movies|games|books)|zu alt|"
    r"(?:not|nicht) (?:ganz )?so (?:old|alt)|pas (?:si|aussi) vieux|no tan (?:antigu|viej)[oa]s?|"
    r"trop vieux|more recent|more modern|later ones?|"
    r"neuer(?:e[rns]?)?|plus recents?|plus recentes?|mas (?:recientes?|nuev[oa]s?|"
    r"modern[oa]s?))\b" + _NO_THAN + r"|更新|新一点|近一点",
    "shorter": r"\b{d}(?:shorter|(?<!not )(?<!nothing )too long|(?<!nicht )zu lang|"
    r"(?<!pas )trop longs?|(?<!no )(?<!sea )(?<!sean )demasiado larg[oa]s?|less long|"
    rf"kurzer(?:e[rns]?)?{_NO_FILM}|"
    r"plus courte?s?|moins longs?|mas cort[oa]s?)\b" + _NO_THAN + r"|更短|短一点",
    "longer": r"(?<!no )(?<!any )\b{d}(?:longer|too short|zu kurz|less short|"
    rf"langer(?:e[rns]?)?{_NO_FILM}|"
    r"plus longue?s?|mas larg[oa]s?)\b" + _NO_THAN + r"|更长|长一点",
    "cheaper": r"\b{d}(?:cheaper|too expensive|zu teuer|less expensive|billiger(?:e[rns]?)?|"
    r"gunstiger(?:e[rns]?)?|moins chers?|mas barat[oa]s?)\b" + _NO_THAN + r"|更便宜|便宜一点",
}
_MORE_OF = re.compile(
    r"(?:\b(?:with )?(?:a (?:bit|little|lot) |much |even |etwas |un peu |"
    r"un poco )?(?:more|mehr|plus d'|plus de|plus|mas)\s+|更|多一点|"
    r"多点)(?P<what>[^\W\d_]+(?:[ -][^\W\d_]+)?)"
)
_ASKED_MORE = (
    r"(?:(?:give|show|tell|send|bring) (?:me|us) |got |(?:do|have) you (?:have |got )?|"
    r"(?:can|could|may) (?:i|we|you) (?:have|get|see|give me|show me) )?"
)
_GO_ON = (
    rf"(?:(?:go on|go ahead|keep (?:going|them coming)|carry on|continue|proceed|refresh|reload|"
    rf"what now|now what|now|and then|what then|more where th(?:at|ose) came from|"
    rf"hit me(?: again)?)(?: then)?|then|{_ASKED_MORE}(?:(?:the )?next(?: (?:ones?|page|list|"
    rf"batch|few|five|\d+))?|(?:(?:some|any|a few|one|two|three|four|five|ten|\d{{1,2}}) )?"
    rf"(?:more|others?|another)(?: ones?)?)|"
    r"und (?:nun|jetzt|dann|weiter)|weiter|nachste[rns]?|was noch|et (?:maintenant|apres|ensuite)|"
    r"suivants?|la suite|continuez?|y ahora|y luego|que mas|sigue|siguientes?|adelante)"
)
_OTHERS = re.compile(
    r"\bmore of (?:the same|these|those|that|this)\b|\b(?:something|"
    r"anything|what|someone) else\b|\b(?:show|give|tell|any|some|"
    r"few|"
    r"see) (?:me )?(?:some |a few |any )?(?:more|others?)\b(?= (?:please|options|"
    r"suggestions|ideas|films?|movies?|titles|of (?:these|those|them|the same|that))\b|"
    r"\s*[?.!,]?\s*$)"
    r"|^\W*(?:(?:and|ok|okay|yes|please)\W+)*(?:more|others?|another(?: one)?|next|"
    r"different ones?|more (?:please|options|suggestions|ideas|of (?:these|those|the same|"
    r"that))|others please|mehr|mehr davon|weitere|andere|noch (?:mehr|einen|eine|welche|"
    r"etwas)|encore|d'autres|autres?|plus|otr[oa]s?|mas|siguiente)\W*(?:please|bitte|"
    r"s'il (?:vous|te) plait|por favor)?\W*$"
    r"|\bwhat(?:'s| is| comes)? next\b|\bwhat else\b(?! (?:did|has|have) (?:he|she|they|it)\b)"
    rf"|^\W*(?:(?:and|so|ok|okay|yes|well|then|great|right|nice|cool|"
    rf"thanks)\W+)*{_GO_ON}\W*(?:please|bitte|"
    r"s'il (?:vous|te) plait|por favor)?\W*$|^\W*and\W*\?\W*$"
    r"|接下来|继续|还有呢|然后呢|下一(?:批|个|部)"
    r"|\b(?:other|different|further|additional|new) (?:options|suggestions|ideas|"
    r"recommendations|ones|picks)\b|\bnone of (?:these|those|them)\b|\bnot (?:these|those|"
    r"any of (?:these|those|them))\b"
    r"|\b(?:show|give) me another\b|\betwas anderes\b|\bandere (?:filme|vorschlage)\b|"
    r"\bautre chose\b|\bd'autres (?:films|idees|suggestions)\b|\b(?:otra cosa|"
    r"algo distinto|otras? (?:peliculas?|opciones|ideas))\b|换一批|换一个|"
    r"再来|还有别的|还有吗|别的|其他的"
)
_AGAIN = re.compile(
    r"(?<!start )(?<!not )(?<!begin )(?<!never )(?<!over and over "
    r")\bagain\b(?! and again)(?<!and again)|\brewatch\w*|"
    r"\bre-watch\w*|\brepeats? (?:is|are) (?:ok|okay|fine)\b|\beven if i(?:'ve|"
    r" have) (?:already )?seen\b|\b(?:already|i've) seen (?:is|are) (?:fine|ok|okay)\b"
    r"|\bnoch ?mal\b|\bencore une fois\b|\botra vez\b|再看一遍|重看|重温"
)
_NO_REPEATS = re.compile(r"\bno repeats\b|\bnot again\b|\bdon't repeat\b|\bkeine wiederholungen\b")


def read_critique(folded: str, items: Sequence[Item], vocabulary: Vocabulary) -> Critique:
    """The critique in a folded text, relative to ``items`` (may be empty)."""
    spans: list[Span] = []
    values: dict[str, Any] = {}
    for direction, pattern in _DIRECTIONS.items():
        match = re.search(pattern.replace("{d}", _DEGREE), folded)
        if match is not None:
            limit = _limit(direction, items, vocabulary)
            if limit is not None and limit[0] == "facts":
                values["facts"] = (*values.get("facts", ()), limit[1])
            elif limit is not None:
                values[limit[0]] = limit[1]
            spans.append(match.span())
    genres = []
    for genre, span in (*_comparatives(folded, vocabulary), *_more_of(folded, vocabulary)):
        genres.append(genre)
        spans.append(span)
    if genres:
        values["genres_all"] = tuple(dict.fromkeys(genres))
    again, fresh = _AGAIN.search(folded), _NO_REPEATS.search(folded)
    if again is not None and re.search(
        r"\b(?:don't|not|no|never)\b[^.,;]*$", folded[: again.start()]
    ):
        again, fresh = None, again
    others = _OTHERS.search(folded)
    spans += [m.span() for m in (again, fresh, others) if m is not None]
    repeats = False if fresh is not None else True if again is not None else None
    return Critique(Constraints(**values), tuple(spans), others is not None, repeats)


def compares(folded: str) -> bool:
    """Whether a folded text says older, newer, shorter, longer or cheaper."""
    patterns = (pattern.replace("{d}", _DEGREE) for pattern in _DIRECTIONS.values())
    return any(re.search(pattern, folded) for pattern in patterns)


def wants_others(folded: str) -> bool:
    """Whether the message asks for more of the same wish, or for none of the list."""
    return _OTHERS.search(folded) is not None


def _limit(
    direction: str, items: Sequence[Item], vocabulary: Vocabulary
) -> tuple[str, float | str] | None:
    columns: Mapping[str, tuple[str, Sequence[float]]] = {
        "older": ("year", vocabulary.years),
        "newer": ("year", vocabulary.years),
        "shorter": ("runtime_min", vocabulary.runtimes),
        "longer": ("runtime_min", vocabulary.runtimes),
        "cheaper": ("price", vocabulary.prices),
    }
    column, everywhere = columns[direction]
    values = sorted(v for v in (getattr(item, column) for item in items) if v is not None)
    if direction in ("shorter", "longer") and not everywhere:
        return _length(direction, items, vocabulary)
    if not everywhere:
        return None
    if direction == "cheaper":
        middle = statistics.median_low(values) if values else everywhere[len(everywhere) // 4]
        return "price_max", round(middle - 0.01, 2)
    down = direction in ("older", "shorter")
    quarter = len(everywhere) // 4 if down else (3 * len(everywhere)) // 4
    middle = (
        statistics.median_low(values) if values else everywhere[min(quarter, len(everywhere) - 1)]
    )
    name = {"year": "year", "runtime_min": "runtime"}[column]
    step = int(bool(values))
    return (f"{name}_max", int(middle) - step) if down else (f"{name}_min", int(middle) + step)


def _length(
    direction: str, items: Sequence[Item], vocabulary: Vocabulary
) -> tuple[str, str] | None:
    """The limit in pages, where a catalogue counts those."""
    column = vocabulary.fact_columns.length
    if column is None:
        return None
    known = sorted(n for n in map(length_of, items) if n is not None)
    quartile = vocabulary.fact_columns.quartile(1 if direction == "shorter" else 3)
    middle = round(statistics.median_low(known)) if known else quartile
    if direction == "shorter":
        return "facts", str(FactLimit(column, "<=", str(middle - bool(known))))
    return "facts", str(FactLimit(column, ">=", str(middle + bool(known))))


def _comparatives(folded: str, vocabulary: Vocabulary) -> list[tuple[str, Span]]:
    found = []
    for form, concept in COMPARATIVES.items():
        genre = vocabulary.concept(concept)
        cjk = ord(form[0]) > 0x2FFF
        pattern = re.escape(form) if cjk else rf"\b{_DEGREE}{form}(?:e[rns]?|s)?\b"
        for match in re.finditer(pattern, folded):
            if genre is not None:
                found.append((genre, match.span()))
    return found


def _more_of(folded: str, vocabulary: Vocabulary) -> list[tuple[str, Span]]:
    found = []
    for match in _MORE_OF.finditer(folded):
        words = match.group("what")
        for what in (words, re.split(r"[ -]", words)[0]):
            genre = vocabulary.genre(what)
            if genre is not None:
                found.append((genre, (match.start(), match.start("what") + len(what))))
                break
    return found
