"""Reads genres and themes: wanted, ruled out, allowed again, or ruled out with an exception.

"No horror, except funny ones" becomes a pair of ``unless``: no item of the one genre without the
other. Nationalities stand in the same lists of findings and are passed on.
"""

from __future__ import annotations

import re
from itertools import pairwise

from chatrec.conversation import lexicon
from chatrec.conversation.gathered import Gathered
from chatrec.conversation.places import is_origin, read_nationality, spoken_there
from chatrec.conversation.polarity import (
    LIFT_AFTER,
    LIFT_BEFORE,
    carried_on,
    is_joint,
    negation,
)
from chatrec.conversation.tastes import is_told, sentence_left, tells_taste
from chatrec.conversation.utterance import Span, Utterance, left_of, split
from chatrec.conversation.vocabulary import Finding, Vocabulary, beside_film_noun
from chatrec.types import Constraints

_ABOUT = re.compile(
    r"\b(?:(?<!what )(?<!how )about|on|theme of|uber|sobre|sur)\s+(?:\w+\s+){0,2}$|关于$"
)
_EXCEPT = re.compile(
    r"\b(?:except|exceptions?|unless|but only|save|apart from|other than|ausser|es sei denn|sauf|"
    r"salvo|excepto|a menos)\b|除非|除了"
)
_LIVE = re.compile(r"\blive[ -]$")  # "live action" is no genre
_PLURAL = re.compile(r"\w+(?:ies|ers|mas|orns|cals|oirs|ials|ilme|ncs|ms|rns)$")


def read_findings(
    found: Gathered,
    utterance: Utterance,
    text: str,
    findings: list[Finding],
    vocabulary: Vocabulary,
    current: Constraints,
) -> list[Finding]:
    """Takes in what is ruled out or lifted and the countries; the genres that are wanted."""
    wanted: list[Finding] = []
    banned: Finding | None = None
    others = [f for f in findings if f.kind != "person"]
    joints = (is_joint(text, a.end, b.start) in ("or", "and") for a, b in pairwise(others))
    last_joint = max((index + 1 for index, joint in enumerate(joints) if joint), default=0)
    for index, finding in enumerate(others):
        later = index < last_joint
        ruled_out = negation(text, finding.start, utterance.language)
        if banned is not None and _EXCEPT.search(text[banned.end : finding.start]):
            _exempt(found, banned, finding)
            continue
        if (
            ruled_out is None
            and banned is not None
            and carried_on(text, banned.end, finding.start, later)
        ):
            ruled_out = (banned.end, finding.start)
        if _wanted_already(text, finding, current):
            found.negative.append((finding.start, finding.end))
            continue
        if _lifted(text, finding) and (_holds(current, finding) or not _article(text, finding)):
            found.lifted += finding.values
            found.negative.append((finding.start, finding.end))
        elif ruled_out is not None:
            banned = finding
            _refuse(found, finding, ruled_out, vocabulary)
        elif finding.kind == "genre" and _is_wanted(text, finding, others):
            if utterance.language == "en" and is_told(text, finding.start, finding.end):
                liked = tells_taste(sentence_left(text, finding.start))
                found.tastes += finding.values if liked else ()
            else:
                wanted.append(finding)
        elif finding.kind == "country" and _from_there(text, finding, others, utterance):
            read_nationality(found, finding, vocabulary)
    return wanted


def _from_there(text: str, finding: Finding, others: list[Finding], utterance: Utterance) -> bool:
    """Whether items of a country are wanted; English "Americans" are people in a story."""
    people = finding.everyday and utterance.language == "en"
    return not people and is_origin(text, finding, others)


def _lifted(text: str, finding: Finding) -> bool:
    return (
        LIFT_AFTER.match(text, finding.end) is not None
        or LIFT_BEFORE.search(left_of(text, finding.start)) is not None
    )


def _wanted_already(text: str, finding: Finding, current: Constraints) -> bool:
    """Whether "horror is fine" is said of what the wish asks for: then nothing changes."""
    asked = {*current.genres_all, *current.genres_any, *current.countries_any}
    return LIFT_AFTER.match(text, finding.end) is not None and bool(asked & set(finding.values))


def _article(text: str, finding: Finding) -> bool:
    """Whether "a" stands before it: "a comedy is fine" wants one, "comedy is fine" allows it."""
    return re.search(r"\b(?:an?|eine?n?|une?|una)\s+$", left_of(text, finding.start)) is not None


def _holds(current: Constraints, finding: Finding) -> bool:
    """Whether a limit in force names one of these values or the theme."""
    held = {
        v
        for name in ("genres_all", "genres_any", "genres_none", "countries_any", "countries_none")
        for v in getattr(current, name)
    }
    if finding.kind == "theme":
        return bool(set(lexicon.THEMES[finding.values[0]][1]) & set(current.keywords_none))
    return bool(held & set(finding.values))


def _refuse(found: Gathered, finding: Finding, ruled_out: Span, vocabulary: Vocabulary) -> None:
    found.negative.append((ruled_out[0], finding.end))
    if finding.kind == "genre" and not finding.values and vocabulary.speaks_of(finding.form):
        found.lists["keywords_none"].append(finding.form)  # a theme here, no genre
    elif finding.kind == "genre":
        found.lists["genres_none"] += finding.values
    elif finding.kind == "country" and finding.values:
        found.lists["countries_none"] += finding.values
    elif finding.kind == "country":
        found.lists["languages_none"] += spoken_there(finding.form, vocabulary)
    else:
        found.lists["keywords_none"] += lexicon.THEMES[finding.values[0]][1]
        concepts = lexicon.THEMES[finding.values[0]][2]
        found.with_theme += [g for g in map(vocabulary.concept, concepts) if g is not None]


def _exempt(found: Gathered, banned: Finding, other: Finding) -> None:
    """ "No horror, except funny ones": horror is ruled out unless it is a comedy as well."""
    if not (banned.values and other.values and banned.kind == other.kind == "genre"):
        return
    found.unless.append((banned.values[0], other.values[0]))
    found.lists["genres_none"] = [g for g in found.lists["genres_none"] if g not in banned.values]
    found.negative.append((banned.start, other.end))


def _is_wanted(text: str, finding: Finding, others: list[Finding]) -> bool:
    left = left_of(text, finding.start)
    if not finding.values or _ABOUT.search(left) or _LIVE.search(left):
        return False
    if not finding.everyday:
        return True
    neighbour = any(
        o is not finding and o.kind == "genre" and is_joint(text, *_between(o, finding)) != "far"
        for o in others
    )
    return neighbour or beside_film_noun(text, finding.end) or len(split(text)) <= 2


def _between(a: Finding, b: Finding) -> tuple[int, int]:
    first, second = sorted((a, b), key=lambda f: f.start)
    return first.end, second.start


def gather_wanted(found: Gathered, text: str, wanted: list[Finding]) -> None:
    """One genre or several side by side must all be there; "or", or plurals with "and": any."""
    chains: list[list[Finding]] = []
    for finding in wanted:
        found.positive.append((finding.start, finding.end))
        if chains and is_joint(text, chains[-1][-1].end, finding.start) != "far":
            chains[-1].append(finding)
        else:
            chains.append([finding])
    for chain in chains:
        joints = [is_joint(text, a.end, b.start) for a, b in pairwise(chain)]
        plurals = all(_PLURAL.fullmatch(finding.form) for finding in chain)
        either = (
            "or" in joints or (plurals and "and" in joints) or (len(chain) > 2 and "," in joints)
        )
        distinct = {finding.values for finding in chain}
        name = "genres_any" if either and len(distinct) > 1 else "genres_all"
        if name == "genres_any" and found.lists["genres_any"]:
            found.lists["genres_any"] = []  # a genre named beside "for kids" says more
        found.lists[name] += [value for finding in chain for value in finding.values]
