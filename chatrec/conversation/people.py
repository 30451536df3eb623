"""Finds people that a message wants credited, ruled out, or only likes, by name or surname.

Full names are found anywhere; single names and surnames only after a word such as "by" or before
"films". What the catalogue doesn't credit is reported, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from chatrec.conversation.lexicon import Language
from chatrec.conversation.opinions import BAD, INTENSE
from chatrec.conversation.polarity import is_joint, negation
from chatrec.conversation.tastes import is_told
from chatrec.conversation.utterance import (
    MASK,
    Span,
    Utterance,
    fold,
    left_of,
    masked,
    overlaps,
    words_of,
)
from chatrec.conversation.vocabulary import Finding, Vocabulary
from chatrec.conversation.wish import is_filler
from chatrec.data.title_words import is_plain_language

LEAST_SMALL = 4  # letters; longer names in small letters must be no words of everyday language

_STRONG = (
    r"directed by|written by|composed by|starring|featuring|with the actor|with the actress|"
    r"regie von|von regisseur|realise par|dirigida por|dirigido por|protagonizada por"
)
_CUE = (
    rf"(?:{_STRONG}|by|with|from director|from|director|actor|actress|von|mit|de|avec|con|par|por|"
    r"style of|vein of|spirit of|manner of|stil von|style de|estilo de|like|no|not|"
    r"without|hate|hates|both|"
    r"prefer|preferred|mr\.?|mrs\.?|ms\.?|miss|sir|dame|love|anyone but|anybody but|everyone but|"
    r"ohne|sans|sin|kein|keine|pas de|由)"
)
_NAME = r"[A-ZÀ-ÞŁŠŽ][\w'.\-]*"
_CAPITALS = re.compile(
    rf"(?<![\w])(?i:(?P<cue>{_CUE}))\s+(?P<name>{_NAME}(?:\s+(?:(?:de|del|la|von|van|der|"
    rf"di|da|le|al)\s+)?{_NAME}){{0,3}})"
)
_LOWER = re.compile(
    rf"\b(?:{_STRONG}|by|more|par|por|von)\s+(?P<name>[^\W\d_][\w'.\-]*(?:\s+[\w'.\-]+){{0,2}})"
)
# In small letters a name alone must be no word that the catalogue's texts write small.
_SMALL = re.compile(
    rf"\b(?:{_STRONG}|with|by|from|no|not|without|more|some|any|another|less|just|only)\s+"
    r"(?P<name>(?!the\b)[^\W\d_][\w'.\-]+(?:\s+[^\W\d_][\w'.\-]{2,})?)"
)
_SMALL_ALONE = re.compile(
    r"^\W*(?:(?:ok|okay|no|not|maybe|(?:what|how) about|then|now|and|or|nor|rather|perhaps|hmm|"
    r"some|"
    r"more)\W+)*(?P<name>[^\W\d_][\w'.\-]+)(?=\W*(?:(?:please|then|maybe|again|instead|movies?|"
    r"films?)\b\W*)*$)"
)
_SMALL_NEXT = re.compile(
    r"\s*(?:,|and|or|&)\s+(?P<name>[^\W\d_][\w'.\-]+(?:\s+[^\W\d_][\w'.\-]{2,})?)"
)
_BEFORE_NOUN = re.compile(
    rf"(?P<name>{_NAME}(?:\s+{_NAME}){{0,2}})(?:'s?)?\s+(?:[a-z\-]+\s+){{0,2}}(?:films?|movies?|"
    r"flicks?|classics?|pictures?|thrillers?|comed(?:y|ies)|dramas?)\b"
)
_ALONE = re.compile(
    r"^(?:(?i:ok|okay|no|maybe|(?:what|how) about|then|now|and|or|nor|rather)\W+)*"
    rf"(?P<name>{_NAME})(?=\s*(?:$|[,.!?]|\b(?:in|from|with|but|and|or|please|only|again|then|"
    r"instead|now|maybe|perhaps)\b))"
)
_SIBLINGS = re.compile(rf"\b[Tt]he (?P<name>{_NAME}) (?:[Bb]rothers|[Ss]isters)\b")
_CARRY = re.compile(
    rf"\s*(?:,|and|or|&|und|oder|et|ou|y|o)\s+(?P<name>{_NAME}(?:\s+{_NAME}){{0,2}})"
)
_UNFOUND = re.compile(rf"(?i:\b(?:{_STRONG}))\s+(?P<name>[^,.;!?{MASK}]{{2,40}})")
_STYLE = re.compile(
    r"(?:\b(?:style|vein|spirit|manner|mood|mould|tradition) of|\blike|similar to|\ba la|"
    r"inspired by|reminiscent of|"
    r"im stil von|style de|estilo de|comme|como|wie|类似|像)\s*$"
)
_FOND = re.compile(
    r"\b(?:love|loves|like|likes|adore|enjoy|fan of|fans of|liebe|mag|j'aime|j'adore|me gusta)\s*$"
)
_BLAMED_AFTER = re.compile(  # "Tom Cruise is not my thing", "mag ich Tom Cruise nicht"
    rf"(?:'s? (?:films?|movies?|work))?\s+(?:is|are|was|were)\s*(?:\b{INTENSE}\s+)*{BAD}\b"
    r"|\s+(?:\w+ly )?(?:(?:annoys|bores|irritates) (?:me|us)|gets on (?:my|our) nerves|"
    r"(?:creeps|puts) "
    r"(?:me|us) (?:out|off))\b|\s+(?:(?:gar|uberhaupt|leider|so|wirklich) )*nicht(?: mehr)?"
    r"(?: (?:mag|sehen|leiden|ausstehen))?(?=\s*(?:$|[.,!;]))"
)
_OF_SOMETHING = re.compile(  # "the one with Tom Cruise was boring" blames the film
    r"\b(?:with|by|from|of|starring|featuring|about|like|mit|von|avec|de|con|and|or)\s+$"
)
_ABOUT = re.compile(
    r"\b(?:(?<!what )(?<!how )about|life of|story of|uber|sur|sobre|关于)\s+(?:the )?$"
)
_AGAIN = re.compile(
    r"\b(?:either|else|something|anything|films?|with|by|from|starring|mit|von|avec|de|con)\b"
)
_VERB = r"(?:did|made|directed|shot|wrote|starred|played|acted|was in|filmed|created)"
_DOING = re.compile(  # "what did Villeneuve make", "before Villeneuve made"
    rf"\b(?:did|has|have|had)\s+(?P<name>{_NAME}(?:\s+{_NAME}){{0,2}})\s+(?:\w+\s+)?(?:do|done|"
    rf"make|made|"
    r"direct|directed|star|starred|play|act|appear|write|shoot|been)\b"
)
_DID = re.compile(rf"\b(?P<name>{_NAME}(?:\s+{_NAME}){{0,2}})\s+{_VERB}\b")
_PRONOUNS = frozenset({"her", "him", "them", "his", "you", "she", "ihm", "ihr", "lui", "elle"})
_STOP = re.compile(
    r"\s+(?:and|or|but|from|in|that|which|who|for|please|with|und|oder|et|ou|y|o|aus)\b.*$"
)


@dataclass(frozen=True, slots=True)
class People:
    """Catalogue names wanted and refused, spans of refusals, and names that nobody has.

    Of ``either`` one is enough. ``namesakes`` are surnames that several people bear, with the one
    that was taken; ``named`` is everybody named in any way, in text order.
    """

    wanted: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    refused_spans: tuple[Span, ...] = ()
    unknown: tuple[str, ...] = ()
    namesakes: tuple[tuple[str, str], ...] = ()
    named: tuple[str, ...] = ()


def read_people(
    utterance: Utterance, folded: str, findings: list[Finding], vocabulary: Vocabulary
) -> People:
    """The people of a message whose titles are blanked in ``folded``."""
    spots = {(f.start, f.end): f.values[0] for f in findings if f.kind == "person"}
    others = [(f.start, f.end) for f in findings if f.kind != "person"]
    text = "".join(
        MASK if mask == MASK else char for char, mask in zip(utterance.text, folded, strict=True)
    )
    namesakes = []
    small = _small_places(folded, vocabulary) if utterance.language == "en" else ()
    for start, end in (*_places(text, folded), *small):
        named = _resolve(text, start, end, vocabulary)
        if named is None or overlaps(named[1], [*spots, *others]):
            continue
        spots[named[1]] = named[0]
        if len(vocabulary.namesakes(text[slice(*named[1])])) > 1:
            namesakes.append((text[slice(*named[1])], named[0]))
    ordered = sorted(spots.items())
    wanted, either, refused, spans, refused_spans = _sorted_out(ordered, folded, utterance.language)
    unknown = _nobody(text, [*spots, *others], vocabulary)
    return People(
        tuple(wanted),
        tuple(either),
        tuple(refused),
        tuple(spans),
        tuple(refused_spans),
        tuple(unknown),
        tuple(namesakes),
        tuple(dict.fromkeys(name for _, name in ordered)),
    )


def _blamed_after(folded: str, start: int, end: int) -> re.Match[str] | None:
    """What is said against the person named at ``start:end`` right after the name."""
    if _OF_SOMETHING.search(left_of(folded, start)):
        return None
    return _BLAMED_AFTER.match(folded, end)


def without_blamed(folded: str, vocabulary: Vocabulary) -> str:
    """The text less what it says against somebody by their whole name, which blames no film."""
    people = (f for f in vocabulary.find(folded) if f.kind == "person")
    blamed = ((f.start, _blamed_after(folded, f.start, f.end)) for f in people)
    return masked(folded, [(start, said.end()) for start, said in blamed if said is not None])


def _places(text: str, folded: str) -> Iterator[Span]:
    """Where a name may stand, from its cue on."""
    for m in _CAPITALS.finditer(text):
        yield m.span("name")
        at = m.end()
        while (more := _CARRY.match(text, at)) is not None:
            yield more.span("name")
            at = more.end()
    for pattern, where in (
        (_BEFORE_NOUN, text),
        (_ALONE, text),
        (_SIBLINGS, text),
        (_LOWER, folded),
        (_DOING, text),
        (_DID, text),
    ):
        for m in pattern.finditer(where):
            yield m.span("name")


def _small_places(folded: str, vocabulary: Vocabulary) -> Iterator[Span]:
    """Where names stand in small letters: "with denzel", "not tarantino", "w/ jim carey"."""
    for pattern in (_SMALL, _SMALL_ALONE):
        for m in pattern.finditer(folded):
            match: re.Match[str] | None = m
            while match is not None:
                named = _small_name(folded, match.span("name"), vocabulary)
                if named is None:
                    break
                yield named
                match = _SMALL_NEXT.match(folded, named[1])


def _small_name(folded: str, span: Span, vocabulary: Vocabulary) -> Span | None:
    """The words of a span that are somebody's name: two, perhaps misspelt, or the first alone."""
    start, end = span
    words = folded[start:end].split()
    if len(words) == 2 and not any(_is_common(word, vocabulary) for word in words):
        name = vocabulary.person_at(folded[start:end], misspelt=True)
        spelt = [] if name is None else words_of(name).split()
        if len(spelt) == 2 and all(a[0] == b[0] for a, b in zip(words, spelt, strict=True)):
            return span
    first = words[0].removesuffix("'s")
    if first not in vocabulary.telling_names or _is_common(first, vocabulary):
        return None
    known = vocabulary.country_values(first) is None and not vocabulary.names_theme(first)
    return (start, start + len(words[0])) if known else None


def _is_common(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word is an everyday one: the texts write it small, or it says nothing."""
    everyday = is_filler(word) or word in vocabulary.plain_words or word in vocabulary.own_nouns
    return everyday or (len(word) > LEAST_SMALL and is_plain_language((word,)))


def _resolve(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[str, Span] | None:
    """The person that most of the words from ``start`` on name, and the words that do."""
    ends = [start + m.end() for m in re.finditer(r"[^\s]+", text[start:end])]
    for misspelt in (False, True):
        for stop in reversed(ends):
            words = text[start:stop].rstrip(".,'")
            words = words.removesuffix("'s")
            nobody = len(words) < 3 or fold(words) in _PRONOUNS
            strange = " " not in words and (
                fold(words) in vocabulary.words or not words[:1].isupper()
            )
            if nobody or (misspelt and strange):
                continue
            if start == 0 and fold(words) in vocabulary.plain_words:
                continue  # capitalised only because the sentence starts with it
            name = vocabulary.person_at(words, misspelt=misspelt)
            if name is not None and vocabulary.genre(words) is None:
                return name, (start, start + len(words))
    return None


def _sorted_out(
    spots: list[tuple[Span, str]], folded: str, language: Language
) -> tuple[list[str], list[str], list[str], list[Span], list[Span]]:
    """Who is wanted, of whom one is wanted, who is refused, and the spans of both kinds."""
    wanted: list[str] = []
    either: list[str] = []
    refused: list[str] = []
    spans: list[Span] = []
    refused_spans: list[Span] = []
    for chain in _chains(spots, folded):
        chosen = either if _alternatives(chain, folded) else wanted
        out: Span | None = None
        named_only = _only_named(left_of(folded, chain[0][0][0]))
        for (start, end), name in chain:
            ruled_out = negation(folded, start, language)
            if ruled_out is None and out is not None:
                ruled_out = (out[1], start)
            blamed = _blamed_after(folded, start, end) if ruled_out is None else None
            if blamed is not None:
                refused.append(name)
                refused_spans.append((start, blamed.end()))
            elif ruled_out is not None and not _is_fond(folded, ruled_out[0]):
                refused.append(name)
                refused_spans.append((ruled_out[0], end))
                out = (ruled_out[0], end)
            elif language == "en" and is_told(folded, start, end):
                continue
            elif not named_only and not _only_named(left_of(folded, start)):
                chosen.append(name)
                spans.append((start, end))
    return wanted, either, refused, spans, refused_spans


def _is_fond(folded: str, negated: int) -> bool:
    """Whether words of liking stand before a negation that is no "kein": "I like not only X"."""
    fond = _FOND.search(left_of(folded, negated)) is not None
    return fond and not folded.startswith("kein", negated)


def _only_named(left: str) -> bool:
    """Whether the words before somebody ask for no credit: "I like", "in the style of", "about"."""
    return any(pattern.search(left) is not None for pattern in (_STYLE, _FOND, _ABOUT))


def _chains(spots: list[tuple[Span, str]], folded: str) -> list[list[tuple[Span, str]]]:
    """The people in groups: those of one list ("A, B or C") stand together."""
    chains: list[list[tuple[Span, str]]] = []
    for spot in spots:
        if chains and _joint(folded, chains[-1][-1][0], spot[0]) != "far":
            chains[-1].append(spot)
        else:
            chains.append([spot])
    return chains


def _alternatives(chain: list[tuple[Span, str]], folded: str) -> bool:
    """Whether one of these people is enough: "A or B", "A, B or C"."""
    return "or" in [_joint(folded, a[0], b[0]) for a, b in pairwise(chain)]


def _joint(folded: str, before: Span, after: Span) -> str:
    """How two people are joined, a repeated "with" or "by" left out: "by A or by B"."""
    between = _AGAIN.sub(" ", folded[before[1] : after[0]])
    return is_joint(between, 0, len(between))


def _nobody(text: str, taken: list[Span], vocabulary: Vocabulary) -> list[str]:
    """Names asked for that the catalogue credits nowhere: "directed by a woman", "starring X"."""
    found = []
    for m in _UNFOUND.finditer(text):
        if not overlaps((m.start("name"), m.end("name")), taken):
            found.append(_STOP.sub("", m[0]).strip())
    for m in _CAPITALS.finditer(text):
        cue = m.group("cue").lower()
        several = " " in m.group("name")
        if cue in {"by", "with", "von", "mit", "avec", "con", "par", "por"} and (
            several or cue == "by"
        ):
            span = m.span("name")
            if not overlaps(span, taken) and not any(m.group("name") in f for f in found):
                found.append(m.group("name").strip())
    return [name for name in found if vocabulary.genre(name) is None]
