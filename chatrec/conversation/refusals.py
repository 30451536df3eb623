"""Reads themes that a message rules out by a word of their own: "no zombies", "not Ghibli".

Genres, countries, people and titles must be blanked first. What the catalogue's texts speak of is
refused; the rest is reported as unknown where the user would expect a filter.
"""

from __future__ import annotations

import re

from chatrec.conversation.gathered import Gathered
from chatrec.conversation.polarity import without_harmless
from chatrec.conversation.utterance import Utterance
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import is_filler

_PHRASE = r"(?=(?P<what>[^\W\d_][\w'-]*(?:[ -][^\W\d_][\w'-]*){0,2}))"
_CUES = re.compile(
    r"(?P<cue>\b(?:no|without(?: any)?|nothing (?:with|about|involving|by|from|of)|not about|"
    r"nothing too|nothing|excluding|exclude|leave out|skip|avoid|anything but|ohne|"
    r"sans|sin|kein\w*|pas de|pas d'|nichts (?:von|mit|uber)|rien (?:de|avec|sur)|nada de|"
    r"not into (?:anything |films |movies )?(?:with|about)?|"
    r"(?:(?:i|we) )?(?:really )?(?:don't|dont|do not) (?:like|want|enjoy|care for)|"
    r"(?:that|which) (?:doesn't|don't|does not|do not) (?:have|contain|involve|include|feature|"
    r"need|require|use|show))"
    rf"\s+(?:any |the |another |more )?){_PHRASE}"
)
_TOO = re.compile(  # "too slow" as a whole message, or clause of one, speaks of the last list
    r"(?:^|[,.;!?]|\bbut|\band)\s*(?P<cue>\b(?:(?:it's|its|they're|that's|this is|these are|"
    rf"way|much|far|a bit|all|it was|ist|sind|c'est|es)\s+)*(?:too|zu|trop|demasiado)\s+){_PHRASE}"
)
# Said of all sorts of things that are no theme: "I hate Mondays".
_TIRED = re.compile(
    r"(?P<cue>\b(?:hates?|can't stand|sick of|tired of|fed up with|bored of|enough of|"
    r"(?:stop|quit) (?:showing|suggesting|recommending)(?: me)?)\s+"
    r"(?:(?:any|the|all|these|those|more|another) )*)"
    rf"{_PHRASE}"
)
# "Not" alone comes before all sorts of words: only a keyword or a category makes it a refusal.
_NOT = re.compile(
    r"(?P<cue>\b(?:not|nicht|pas)\s+(?:(?:an?|any|another|the|from|by|von|too|so|very|overly|that)\s+)*)"
    rf"{_PHRASE}"
)
_AND = re.compile(r" (?:and|und|et|y) (?P<other>[^\W\d_]+)(?=\s*(?:$|[.,;!?]|films?\b|movies?\b))")
_NEXT = re.compile(rf"\s*(?:\b(?:or|nor|and|oder|und|ou|et|ni|o|y)\b|,)\s+(?:any |too )?{_PHRASE}")
_OR = re.compile(r"\s*(?:or|nor|oder)\b")  # goes on refusing, whatever comes after
_ENDS = re.compile(r"\s*(?:$|[.,;!?]|(?:but|and|or|please|though|films?|movies?|one|ones)\b)")
_GENERIC_TEXT = """
tonight today rating rated more one ones please idea thanks thank problem need matter doubt
preference worries too very such any other others stuff things thing that those these this the a an
i it is in on of for from with by and or but to who which where when old older new newer long no
longer short shorter else like just only really bitte mehr plus mas me my your his her wrong limits
limit filter filters way rush special particular better worse good bad repeats repeat want mood at
over under before after then though tho year years r scary funny und oder et ou y o so
"""
_GENERIC = frozenset(_GENERIC_TEXT.split())


def read_refusals(found: Gathered, utterance: Utterance, text: str, vocabulary: Vocabulary) -> None:
    """Takes in the refused themes of a text; what no item speaks of is unknown."""
    for match in _CUES.finditer(text):
        phrase = _phrase(match, vocabulary)
        cue = match.group("cue").strip()
        if _is_pair(match, phrase, text, vocabulary) or cue.endswith(" too"):
            _unknown(found, match, phrase, text, utterance)
        elif phrase and vocabulary.speaks_of(phrase):
            _refuse(found, match, phrase, text, vocabulary)
        elif phrase and (cue != "nothing" or _ends(match, phrase, text)):
            _unknown(found, match, phrase, text, utterance)
    harmless = without_harmless(text)
    refusals = (*_TOO.finditer(text), *_TIRED.finditer(harmless), *_NOT.finditer(harmless))
    for match in refusals:
        phrase = whole = _phrase(match, vocabulary)
        if _is_pair(match, phrase, text, vocabulary) or (
            match.re is _TIRED and phrase.endswith("ing")
        ):
            phrase = ""  # "I hate waiting" says nothing of films
        while phrase and not vocabulary.names_theme(phrase):
            phrase = phrase.rpartition(" ")[0]
        if phrase:
            _refuse(found, match, phrase, text, vocabulary)
        elif match.re is not _TIRED and _ends(match, whole, text):
            _unknown(found, match, whole, text, utterance)


def _ends(match: re.Match[str], phrase: str, text: str) -> bool:
    return _ENDS.match(text, match.start("what") + len(phrase)) is not None


def _refuse(
    found: Gathered, match: re.Match[str], phrase: str, text: str, vocabulary: Vocabulary
) -> None:
    """Takes in the phrase and those that go on its list: "no remakes or sequels"."""
    found.lists["keywords_none"].append(phrase)
    end = match.start("what") + len(phrase)
    while (more := _NEXT.match(text, end)) is not None:
        other = re.split(" ", more.group("what"))[0]
        alternative = _OR.match(text, end) and not is_filler(other) and vocabulary.speaks_of(other)
        if other in _GENERIC or not (alternative or vocabulary.names_theme(other)):
            break
        found.lists["keywords_none"].append(other.replace("-", " "))
        end = more.start("what") + len(other)
    found.negative.append((match.start(), end))


def _unknown(
    found: Gathered, match: re.Match[str], phrase: str, text: str, utterance: Utterance
) -> None:
    """Reports what no limit can express, and takes it out of the wish."""
    if phrase:
        span = match.start(), match.start("what") + len(phrase + _paired(match, phrase, text))
        found.unknown.append(utterance.text[slice(*span)])
        found.negative.append(span)


def _paired(match: re.Match[str], phrase: str, text: str) -> str:
    """What "and" joins to the phrase at the end of a clause: "black and white" is one thing."""
    more = _AND.match(text, match.start("what") + len(phrase))
    return "" if more is None else more[0]


def _is_pair(match: re.Match[str], phrase: str, text: str, vocabulary: Vocabulary) -> bool:
    """Whether "and" joins the phrase to a word that is no theme of its own."""
    pair = _paired(match, phrase, text).split()
    return bool(pair) and not (vocabulary.names_theme(phrase) and vocabulary.names_theme(pair[-1]))


def _phrase(match: re.Match[str], vocabulary: Vocabulary) -> str:
    """What is ruled out: a keyword, else the words up to the first that only fills a sentence."""
    if match.group("what") in vocabulary.keywords:
        return match.group("what")
    words = []
    for word in re.split(r"[ -]", match.group("what")):
        if word in _GENERIC or word in vocabulary.own_nouns:
            break
        words.append(word)
    return " ".join(words)
