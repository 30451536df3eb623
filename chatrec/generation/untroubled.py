"""Checks of what is said to go well or to keep away, and of the contrary of what is told.

A negation needs no "not": "sees eye to eye", "of her own free will", "stays well clear of the war".
A reason tells of trouble, as stories do; of some 3,800 true ones by other people hardly one says
such a thing that the facts do not say. So it is refused unless they do. Softer words ("agree",
"alive", "honest") are refused where the facts tell their contrary (see contraries.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.contraries import CONTRARIES, WORDS
from chatrec.generation.polarity import (
    NEGATION,
    own_text,
    same_word,
    says,
    stem_of,
    stems_of,
    told_stems,
)
from chatrec.generation.support import denied_words
from chatrec.generation.untroubled_words import MARKS
from chatrec.generation.words import stem, word_set, words_of

AVOIDED_WORDS = 4
_MARK = re.compile(rf"(?<![\w'-])(?:{'|'.join(MARKS)})(?![\w-])")
# What is hoped for, asked or only thought is not said to be so: "to keep her family safe".
_HOPED = re.compile(
    r"(?<!flies )(?<!goes )(?<!comes )(?<!back )(?<!sails )(?<!drives )(?<!moves )(?<!travels )"
    r"(?<!returns )(?<!belongs )(?<!turns out )(?<!proves )\b(?:to(?! (?:him|her|them|it|the|"
    r"an?|his|their|its|<))|must|may|"
    r"might|could|would(?! rather)|"
    r"should|if|whether|until|till|unless|before|wants?|hop(?:es?|ing)|tr(?:y|ies|ying)|needs?|how|"
    r"wish\w*|dream\w*|long\w*|promis\w+|believ\w+|thinks?|thought|pretend\w*|claim\w*|seem\w*|"
    r"suppos\w+|than|as if|(?<!at )once|used|anything|hardly|barely|less|far|seek\w*|makes?(?= "
    r"(?:it|his|"
    r"her|their|the)\b)|question|"
    r"ask\w*) (?:[\w'<>-]+ ){0,4}$"
)
_AVOIDS = re.compile(
    r"\b(?:(?:keep|stay|remain|steer|hold|stand)s?|(?:is|are|was|were) (?:left|kept|shut|cut))(?: "
    r"(?!to\b|on\b|in\b|her\b|him\b)[\w'-]+){0,2}?"
    r"(?: (?:well|far|safely|completely|entirely|right))? "
    r"(?:away from|clear of|out of|apart from|aloof from) (?P<what>[^,.;:<]+)"
)
_FREE_OF = re.compile(r"\b(?P<what>[a-z]{3,}?)(?:-free|less)\b")
_TOTALLY = re.compile(
    r"\b(?:perfectly|entirely|completely|altogether|wholly|thoroughly|totally|utterly|absolutely|"
    r"fully|properly) (?P<what>[\w'<>-]+)"
)
_STEADY = re.compile(
    r"(?P<before>[\w'>-]+) (?:throughout|to the (?:very )?(?:last|end)\b(?! [a-z]))(?! of)\b"
)
_CLAUSE = re.compile(r"[.;:!?,]| (?:but|though|although|yet)\b")
_KEEPS = re.compile(
    r"\b(?:keeps?|kept|holds? on to) (?:all |both )?(?:of )?(?:his|her|their|its) "
    r"(?P<what>[\w' -]+)"
)
_PARTS_WITH = re.compile(
    r"\b(?:los(?:e|es|ing)|lost|trad(?:e|es|ed|ing)|s[eo]lls?|sold|giv(?:es?|ing) (?:\w+ )?(?:up|"
    r"away)|eras\w+|wip\w+|"
    r"stolen|steals?|stole|robbed|quits?|adopti\w+|ditch\w*|surrender\w*|swap\w*|pawn\w*|"
    r"drops?|(?:saws?|sawed|cuts?|chops?|hacks?) off|"
    r"sever\w*|amputat\w*)\b"
)
_OUTSIDE = re.compile(r"\b(?:outside|away|clear|aloof|apart|withdrawn|avoid\w*|isolat\w+)\b")
# Words of the marks that do not make a story easy or safe by themselves.
_PLAIN = frozenset(
    map(
        stem_of,
        word_set(
            """come comes goes go want wants keep keeps from with they every must whole
            good full work works makes made feel home order time turn turns well long word words
            tell tells know knows live lives own has have was were are been always ever end first
            last start what child built done name names away down base email letter day meeting
            moment scene promise straight position memories memory family couple marriage parents
            childhood life mind paid pay him his her their its for man men woman women"""
        ),
    )
)
_MARK_WORDS = frozenset(
    stem_of(word)
    for mark in MARKS
    for word in re.findall(r"[a-z]{3,}", mark)
    if says(word) and stem_of(word) not in _PLAIN
)


def untroubled_problems(claims: Claims) -> Iterator[str]:
    """Safety, ease, harmony, freedom, constancy and the like that no fact tells."""
    told = told_stems(claims)
    known = {stem_of(word) for word in words_of(f"{own_text(claims)} {claims.asked}")}
    known -= denied_words(claims)  # "cannot forget"
    for clause in _CLAUSE.split(claims.masked):
        for match in _MARK.finditer(clause):
            said = {stem_of(word) for word in words_of(match.group())} & _MARK_WORDS
            if _is_said(clause, match) and not said & known:
                yield f"says that all is well: {match.group()!r}"
        for match in _TOTALLY.finditer(clause):
            if _is_said(clause, match) and stem_of(match["what"]) not in known:
                yield f"says that it is wholly so: {match.group()!r}"
        for match in _STEADY.finditer(clause):
            if _is_said(clause, match) and stem_of(match["before"]) not in told:
                yield f"says that it is so throughout: {match.group()!r}"
        yield from _kept_away(claims, clause, told)
        yield from _contrary(claims, clause)


def _kept_away(claims: Claims, clause: str, told: frozenset[str]) -> Iterator[str]:
    """``stays clear of the war``, told of it; ``keeps her voice``, of one who trades it away."""
    for match in (*_AVOIDS.finditer(clause), *_FREE_OF.finditer(clause)):
        what = match["what"]
        avoided = stems_of(what)[:AVOIDED_WORDS]
        aside = match.re is _AVOIDS and bool(_OUTSIDE.search(own_text(claims)))
        aside = aside or (match.re is _FREE_OF and match.group() in own_text(claims))
        if _is_said(clause, match) and not aside and any(same_word(w, told) for w in avoided):
            yield f"says that it keeps away from {what.strip()!r}, which the facts tell"
    if _PARTS_WITH.search(own_text(claims)):
        for match in _KEEPS.finditer(clause):
            kept = stems_of(match["what"])[:1]
            if _is_said(clause, match) and kept and same_word(kept[0], told | claims.stems):
                yield f"says that {match['what']!r} is kept"


def _is_said(clause: str, match: re.Match[str]) -> bool:
    """Whether what is matched is said to be so, not denied, hoped for or only thought."""
    before = clause[: match.start()]
    return not NEGATION.search(before) and not _HOPED.search(before)


def _contrary(claims: Claims, clause: str) -> Iterator[str]:
    """``the two agree``, where the facts tell of a quarrel and nowhere of agreeing."""
    if NEGATION.search(clause):
        return
    told = own_text(claims).replace("black and white", "monochrome")
    meant = frozenset().union(*(CONTRARIES.get(word, frozenset()) for word in words_of(told)))
    plain = frozenset(map(stem, words_of(own_text(claims))))
    for match in WORDS.finditer(clause):
        word = match.group()
        is_told = word in told if " " in word else stem(word) in plain
        if word not in meant or is_told:
            continue
        if not _HOPED.search(clause[: match.start()]):
            yield f"says {word!r}, the contrary of what the facts tell"
