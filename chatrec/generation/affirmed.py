"""Checks of what is affirmed although the facts deny it, or tell the opposite of it.

"Everyone can see it", where nobody can; "a narrator leads you through", where there is none. Knows
nothing of negations in the sentence itself (see support.py, denials.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.polarity import (
    NEGATION,
    own_text,
    same_word,
    says,
    stem_of,
    told_stems,
)
from chatrec.generation.support import CLAUSE, CUE, denied_words, meant_words, reached
from chatrec.generation.words import STOP_WORDS, fold, stem, word_set, words_of

MENTIONED_TWICE = 2
CUE_REACH = 6  # words after which "lost", "refuses" or "fails" denies no more
# What a film may be told to be without, and then cannot have.
_SPOKEN = frozenset(
    map(
        stem_of,
        word_set(
            "narrator narration narrators interview interviews dialogue commentary words music "
            "score "
            "plot story subtitles colour color speech voice-over script"
        ),
    )
)
_THING_DENIAL = re.compile(r"\b(?:without(?: an?)?|no|nor|lacks?|lacking)(?= )")
_PLAIN_DENIAL = re.compile(
    r"\b(?:refus\w+ to|never|cannot|can't|doesn't|don't|didn't|won't|unable to|not|neither|"
    r"(?:nobody|no one|none)(?: else)?(?: can| could| will| would)?)(?= )"
)
_SOFT_DENIAL = re.compile(
    r"\b(?:un|dis|in|im|mis|non)[a-z]{4,}|\w{3,}less\b|"
    r"\b(?:cur|rid|stripp?|robb?|reliev|depriv)(?:es?|s|ed)? [^,.;:]{1,30}? of\b|"
    r"\b(?:alone|only|secret\w*|too|stop\w*|"
    r"rather)\b"
)
_QUESTION = re.compile(r"[^.;:!?]*\?")
_OF_ALL = re.compile(
    r"\b(?:everyone|everybody|all (?:of )?(?:the|her|his|their|three|four|five|six)|every one|"
    r"each of|(?:every|each) [a-z]+)\b(?P<rest>[^,.;:]*)|"
    r"(?P<before>\b[a-z]+) (?:every (?:minute|moment|detail|word|hour|second)|everything|all of it|"
    r"perfectly|the whole night|in full|clearly|vividly)\b|"
    r"\bfree to (?P<free>[a-z]+)"
)
_INFINITIVE = re.compile(r"\b(?:to|must|should|could|would) ([a-z]+)")  # "each wants to know"
_RECALLS = re.compile(  # "three groomsmen remember the night", but not "must remember it"
    r"(?<!to )(?<!must )(?<!should )(?<!could )(?<!would )(?<!if )(?<!may )(?<!might )(?<!who )"
    r"(?<!what )(?<!they )(?<!he )(?<!she )(?<!helps )\b(?:remembers?|remembered|recalls?|"
    r"recalled|agrees?|agreed)\b"
    r"(?! (?:to|on how to)\b)"
)
_SOLE = re.compile(r"\b(?:sole|only|lone)\b(?= [a-z]+ing\b)")
_CONTRARY = word_set(
    """hear hears heard see sees saw remember remembers remembered recall recalls recalled speak
    speaks talk talks agree agrees agreed trust trusts believe believes believed know knows listen
    listens leave leaves understand understands walk walks sleep sleeps recognise recognises
    recognize recognizes notice notices same alike identical"""
)
_WORD = re.compile(r"(?<![\w<'-])[a-z][\w'-]*")
_DOERS = ("er", "ee", "ment")
_UNDONE = re.compile(r"\bun([a-z]{4,}(?:ed|able|ible))\b")  # "unexplained", "unreliable"


def dropped_problems(claims: Claims) -> Iterator[str]:
    """``everyone can see it``, where the facts say that nobody can."""
    text = own_text(claims)
    told = Counter(map(stem_of, words_of(text)))
    denied = {word for word in reached(text, _PLAIN_DENIAL, 1) if told[word] == 1}
    things = {
        *reached(text, _THING_DENIAL, 1),
        *(stem_of(other) for other in re.findall(r"\bwithout [a-z]+ or ([a-z]+)", text)),
    }
    denied |= {word for word in things if told[word] <= MENTIONED_TWICE and word in _SPOKEN}
    denied |= {
        stem_of(base)
        for keyword in claims.item.keywords
        for base in _UNDONE.findall(fold(keyword))
        if told[stem_of(base)] == 0
    }
    for clause in CLAUSE.split(_QUESTION.sub(" ", claims.masked)):
        soft = {stem_of(match.group()) for match in _SOFT_DENIAL.finditer(clause)}
        if NEGATION.search(clause) or soft - denied_words(claims):
            continue
        for match in _WORD.finditer(clause):
            word = match.group()
            if not says(word) or stem_of(word) not in denied or word.endswith(_DOERS):
                continue
            before = " ".join(clause[: match.start()].split()[-CUE_REACH:])
            if not CUE.search(before) and not CUE.match(clause, match.start()):
                yield f"affirms {word!r}, which the facts deny"


def contrary_problems(claims: Claims) -> Iterator[str]:
    """``everybody can hear her``, where the facts tell of the deaf: the opposite, said of all."""
    told, meant = told_stems(claims), meant_words(claims)
    sole = frozenset(reached(own_text(claims), _SOLE, 1))
    for clause in CLAUSE.split(_QUESTION.sub(" ", claims.masked)):
        if NEGATION.search(clause) or CUE.search(clause):
            continue
        for word in _RECALLS.findall(clause):
            if stem(word) in meant and not same_word(stem_of(word), told):
                yield f"affirms {word!r}, the opposite of what the facts tell"
        for match in _OF_ALL.finditer(clause):
            said = words_of(
                re.sub(r"<\w+>", " ", match["rest"] or match["before"] or match["free"] or "")
            )
            if re.search(r"\byou\b", match.group()):
                continue
            hoped = set(_INFINITIVE.findall(match.group()))
            for word in [word for word in said if word not in hoped]:
                known = same_word(stem_of(word), told) or word in STOP_WORDS
                alone = says(word) and stem_of(word) in sole
                if alone or (stem(word) in meant and not known and word in _CONTRARY):
                    yield f"says {word!r} of all, the opposite of what the facts tell"
