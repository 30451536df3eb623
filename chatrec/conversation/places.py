"""Reads countries and languages: "French film", "from Japan", "not in English", "foreign".

A nationality counts only where it says where an item is from, not what it is about.
"""

from __future__ import annotations

import re

from chatrec.conversation import lexicon, nations
from chatrec.conversation.gathered import Gathered
from chatrec.conversation.polarity import negation
from chatrec.conversation.utterance import MASK, Span, Utterance, left_of, masked, overlaps
from chatrec.conversation.vocabulary import Finding, Vocabulary

_AFTER_ADJECTIVE = re.compile(
    r"\s*(?:$|[,.!?;:)&/]|(?:or|and|but|please|with|without|from|in|of|about|that|which|"
    r"directed|starring|by|not|no|for|if possible|preferably|ideally|would be|then|maybe|"
    r"literature|"
    r"novels?|"
    r"like|similar|set|made|"
    r"films?|movies?|cinema|flicks?|one|ones|filme?n?|kino|cine|cinema|peliculas?|"
    r"classics?|new wave|language|oder|und|"
    r"aber|mit|ohne|aus|bitte|ou|et|mais|avec|sans|o|y|pero|con|sin|de|del|des|games?|"
    r"books?|songs?|music|production|"
    r"directors?|only|instead|too|as well|again|tonight|nur|wie|comme|como|s'il|"
    r"por favor)\b|的|片|电影|小说|书|游戏|喜|恐|爱|动|科)"
)
_FILM_BEFORE = re.compile(r"\b(?:films?|peliculas?) $")
_THAT = re.compile(r"\s+(?:que|qui|dont)\b")
_NOT_OF = re.compile(r"\b(?:about|set in|in|uber|speaks?|learn|subtitles?)\s+(?:the\s+|a\s+)?$")
_COUNTRY_NOUN = re.compile(
    r"\b(?P<cue>(?:from|made in|produced in|out of|shot in|aus|de|du|desde|"
    r"produit en)\s+(?:the\s+|la\s+|den\s+)?)"
    r"(?P<name>[^\W\d_]+(?:\s+[^\W\d_]+){0,3})"
)
_REFUSED_NOUN = re.compile(
    r"\b(?P<cue>(?:(?:from |made )?anywhere but|no|not|without|except|excluding|exclude|minus|"
    r"avoid|skip|leave out|never|ohne|"
    r"ausser|kein\w*|sans|sauf|pas (?:de|d')|sin|excepto|salvo|nada de)\s+(?:for\s+)?"
    r"(?:anything\s+from\s+)?(?:the\s+|la\s+|el\s+|les\s+)?)"
    r"(?P<name>[^\W\d_]+(?:\s+[^\W\d_]+){0,3})"
)
_NEXT_NOUN = re.compile(
    r"\s*(?:,|/|\b(?:or|and|nor|oder|und|ou|et|o|y)\b)\s*(?:from\s+)?(?:the\s+|la\s+)?"
    r"(?P<name>[^\W\d_]+(?:\s+[^\W\d_]+){0,3})"
)
_SPOKEN = re.compile(
    r"\b(?:in|auf|en|spoken in|speaks?|speaking)\s+(?P<a>[^\W\d_]+)\b(?! (?:films?|"
    r"movies?|subtitles?|untertitel))|"
    r"\b(?P<b>[^\W\d_]+)[ -](?:language|speaking|spoken|sprachig\w*|dubbed)\b|"
    r"\b(?P<c>[^\W\d_]+?)sprachige?[rns]?\b|"
    r"\b(?P<d>english|silent|hindi|persian|arabic)(?= (?:films?|movies?|ones?))|\b(?:not|"
    r"no|non)[ -](?P<e>english)\b|\bonly (?:in )?(?P<f>english)\b(?= *(?:$|[.,!?;]|please))|"
    r"\b(?P<g>english)(?= (?:only|audio)\b)"
)
_FOREIGN = re.compile(
    r"\bforeign(?:[ -]language)?(?= (?:films?|movies?|cinema|ones?|stuff|things?|pictures?))|"
    r"\bforeign$|(?<=\bin a )foreign language$|外语片"
)


def read_languages(found: Gathered, utterance: Utterance, text: str, vocabulary: Vocabulary) -> str:
    spans: list[Span] = []
    for m in _SPOKEN.finditer(text):
        name = m.lastgroup or "a"
        values = vocabulary.language_values(m.group(name))
        if values is None:
            continue
        spans.append(m.span())
        ruled_out = negation(text, m.start(name), utterance.language)
        if not values:
            if not ruled_out:
                found.unknown.append(m[0])
        elif ruled_out:
            found.lists["languages_none"] += values
            found.negative.append((min(ruled_out[0], m.start()), m.end()))
        else:
            found.lists["languages_any"] += values
            found.numeric.append(m.span())
    english = vocabulary.language_values("english")
    for m in _FOREIGN.finditer(text):
        spans.append(m.span())
        ruled_out = negation(text, m.start(), utterance.language)
        found.lists["languages_any" if ruled_out else "languages_none"] += english or ()
    for form, values in vocabulary.spoken_symbols:
        for m in re.finditer(re.escape(form), text):
            spans.append(m.span())
            ruled_out = negation(text, m.start(), utterance.language)
            found.lists["languages_none" if ruled_out else "languages_any"] += values
    return masked(text, spans)


def read_country_nouns(
    found: Gathered, utterance: Utterance, text: str, vocabulary: Vocabulary
) -> str:
    """Takes in countries named by noun ("from France or Italy", "no Germany"); the text without."""
    spans: list[Span] = []
    for pattern in (_COUNTRY_NOUN, _REFUSED_NOUN):
        for m in pattern.finditer(text):
            country = None if overlaps(m.span("cue"), spans) else _country(m, vocabulary)
            if country is None:
                continue
            refused = m.span("cue") if pattern is _REFUSED_NOUN else None
            ruled_out = refused or negation(text, m.start(), utterance.language)
            start: int | None = m.start()
            while country is not None and start is not None:
                name, values, end = country
                _place(found, values, name, (start, end), ruled_out and (ruled_out[0], end))
                spans.append((start, end))
                more = _NEXT_NOUN.match(text, end)
                start = None if more is None else more.start()
                country = None if more is None else _country(more, vocabulary)
    return masked(text, spans)


def _country(m: re.Match[str], vocabulary: Vocabulary) -> tuple[str, tuple[str, ...], int] | None:
    """The country that the first words of a name name, its values and where it ends."""
    words = m.group("name").split()
    for size in range(len(words), 0, -1):
        name = " ".join(words[:size])
        values = vocabulary.country_values(name)
        if values is not None:
            return name, values, m.start("name") + len(name)
    return None


def _place(
    found: Gathered, values: tuple[str, ...], said: str, span: Span, ruled_out: Span | None
) -> None:
    if ruled_out is not None:
        found.lists["countries_none"] += values
        found.negative.append((ruled_out[0], span[1]))
    elif values:
        found.lists["countries_any"] += values
        found.positive.append(span)
    else:
        found.unknown.append(said)


def is_origin(text: str, finding: Finding, others: list[Finding]) -> bool:
    """Whether a nationality is an item's origin, not its subject ("French Revolution")."""
    if _NOT_OF.search(left_of(text, finding.start)):
        return False
    right = text[finding.end :]
    gap = len(right) - len(right.lstrip(" -"))
    if _kind_follows(right, [o.start - finding.end for o in others if o.kind == "genre"]):
        return True
    kind_before = any(o.kind == "genre" and o.end == finding.start - 1 for o in others)
    if (kind_before or _FILM_BEFORE.search(left_of(text, finding.start))) and _THAT.match(right):
        return True  # "una comedia española que no sea larga"
    beside = any(0 <= o.start - finding.end <= gap for o in others)
    return beside or right.lstrip(" ").startswith(MASK) or _AFTER_ADJECTIVE.match(right) is not None


_SUBJECT = (  # after a nationality these tell what a film is about
    r"(?:war|wars|revolution\w*|civil|invasion|resistance|empire|army|navy|royal\w*|kings?|"
    r"queens?|president\w*|"
    r"history|mythology|soldiers?|dream|prisoners?|occupation|immigrants?|food|cuisine|people|"
    r"family|families|girls?|"
    r"boys?|m[ae]n|wom[ae]n|wife|husband|mafia|politics|football|colon\w+|shepherds?|partition|"
    r"independence)"
)
_STORY = (
    r"(?:films?|movies?|flicks?|cinema|story|stories|tales?|romp|caper|satire|epic|whodunn?its?)"
)
_BETWEEN = (
    rf"(?:[ -](?!(?:{_SUBJECT}|or|and|but|with|about|from|in|of|by|that|who|which|is|are|was|one|"
    rf"ones|"
    r"i|we|you|the|a|an|not|no)\b)[^\W\d_]+)"
)
_WORDS_BETWEEN = tuple(re.compile(rf"{_BETWEEN}{{{size}}}[ -]") for size in (1, 2, 3))


def _kind_follows(right: str, genres: list[int]) -> bool:
    """Whether a kind of film stands one to three words after: "korean revenge thriller"."""
    for pattern in _WORDS_BETWEEN:
        match = pattern.match(right)
        if match is None:
            return False
        if match.end() in genres or re.match(rf"{_STORY}\b", right[match.end() :]):
            return True
    return False


def spoken_there(form: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The catalogue's values of a language that a nationality or country names; empty for none."""
    for names, adjectives in nations.COUNTRIES.values():
        known = (*lexicon.forms(names), *lexicon.forms(adjectives))
        if form in known:
            return next(filter(None, map(vocabulary.language_values, known)), ())
    return vocabulary.language_values(form) or ()


def read_nationality(found: Gathered, finding: Finding, vocabulary: Vocabulary) -> None:
    values = finding.values
    spoken = spoken_there(finding.form, vocabulary)
    if values or not spoken:
        _place(found, values, finding.form, (finding.start, finding.end), None)
    else:
        found.lists["languages_any"] += spoken
        found.positive.append((finding.start, finding.end))
