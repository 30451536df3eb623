"""Negations of a sentence beside those of the facts: who is denied what, and is it told so.

A negation about the item itself ("it has no songs") needs a fact that says so. So does one about
the story ("she won't fight"): support.py finds what denies the same; here stands what each
negation governs, and whether the facts assert it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatrec.generation.claims import Claims
from chatrec.generation.mentions import name_key
from chatrec.generation.negation_words import IMPLICIT_NEGATIONS, NEGATIONS, SAFE_NEGATIONS
from chatrec.generation.vocabulary import (
    NEUTRAL_VERBS,
    STORY_NOUNS,
    TELLING_VERBS,
    VERB_TWINS,
)
from chatrec.generation.words import STOP_WORDS, fold, stem, word_set, words_of

REACH = 8  # words that a negation in the facts reaches
MIN_SHARED = 4  # letters that two stems of one word share at least
LIGHT = frozenset(map(stem, word_set("feel go get become seem take make come find")))
_SILENT = (STOP_WORDS | NEUTRAL_VERBS) - TELLING_VERBS
# What a story of that genre is never without: "nobody is in love" is false of a romance.
GENRE_IMPLIES = {
    "romance": "love", "musical": "song sing music", "music": "music song", "war": "war battle",
    "crime": "crime", "sport": "game match",
}  # fmt: skip
_TWINS = {stem(word): stem(group.split()[0]) for group in VERB_TWINS for word in group.split()}
_SAME_FORM = {
    "paid": "pay", "said": "say", "saw": "see", "seen": "see", "spoke": "speak",
    "spoken": "speak", "heard": "hear", "gave": "give", "given": "give", "ate": "eat",
    "eaten": "eat", "felt": "feel", "understood": "understand", "forgave": "forgive",
    "forgiven": "forgive", "sang": "sing", "sung": "sing", "flew": "fly", "flown": "fly",
    "swam": "swim", "drank": "drink", "slept": "sleep", "came": "come", "chose": "choose",
    "chosen": "choose", "woke": "wake", "threw": "throw", "thrown": "throw", "stood": "stand",
    "sank": "sink", "sunk": "sink", "risen": "rise", "spent": "spend", "drew": "draw",
    "drawn": "draw", "shook": "shake", "froze": "freeze", "tore": "tear", "worn": "wear",
    "wore": "wear", "swore": "swear", "began": "begin", "begun": "begin", "struck": "strike",
    "dealt": "deal", "meant": "mean", "bitten": "bite", "beaten": "beat", "fed": "feed",
    "tv": "television", "forgot": "forget", "forgotten": "forget", "got": "get",
}  # fmt: skip
NEGATION = re.compile(NEGATIONS)
_SAFE = re.compile(SAFE_NEGATIONS)
_IMPLICIT = re.compile(IMPLICIT_NEGATIONS)
_DECLINES = re.compile(
    r"\b(?:refus(?:e|es|ed|ing)|fail(?:s|ed|ing)?|declin(?:e|es|ed|ing)|neglect(?:s|ed)?|"
    r"forg(?:et|ets|ot)|unable|unwilling) to\b|\b(?:gives?|gave|given|giving) up(?: on)?(?: "
    r"(?:all|any|every|the|his|her|"
    r"their))?(?: (?:thoughts?|hopes?|ideas?|attempts?|search) (?:of|at|for))?(?= [a-z]+)|"
    r"\b(?:stop|stops|stopped|quits?)(?= \w+ing\b)"
)
_ADVICE = re.compile(
    r"(?:^|[.;:] ?|^don't [^.;:]*\band )don't (?!expect|look|hope|wait|count|bother|worry|fear|"
    r"come|watch|ask|think)[a-z]+ |"
    r"(?:^|[.;:] ?)never (?!an?\b|the\b|any\b|has\b|have\b|had\b|was\b|were\b|did\b|does\b|"
    r"is\b|once\b|before\b|mind\b)"
    r"[a-z]+(?<!ed)(?<!ing) (?!<)"
)
_LIGHT_NOUN = re.compile(
    r"^(?: \w+)? (?:talents?|gift|knack|wish|intention|intentions|desire|interest|time|part|share|"
    r"patience|"
    r"taste|use|way|plans?|reason|need|success|luck|chance|hope|means|liking|love|idea|sense|sign|"
    r"trace|"
    r"lack|shortage) (?:of|for|to|in|at|with)\b"
)
_DREAM_OF = re.compile(r"^ (?:ever |even )?(?:dream|think|hear|consider)(?: of)?(?= [a-z]+ing\b)")
_EMPHATIC = re.compile(r"^(?: (?:ever|even|really|actually|quite|once|do|does|did)(?= [a-z]))+")
_RETURNS = re.compile(r"\b(?:comes?|came|coming|gets?|got|makes?|made) (?:it )?(?:back|home)\b")
_HARD_END = re.compile(r"[.;:!?]")
_SCOPE_END = re.compile(r"[.;:!?]|, |\bbut\b|\bbecause\b|\buntil\b|\band (?:it|he|she|they)\b")
_SEGMENT = re.compile(
    r"[,.;:!?] ?|\b(?:but|and|while|yet|though|because|so|until|when|where|whom|if)\b"
)
_SUBORDINATE = re.compile(r"\b(?:when|while|because|until|if|so|whenever)$")
_TRAILING = re.compile(
    r"(?:\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|also|really|simply|"
    r"certainly|definitely|quite|just|there|still|that|which|who|one)\b\W*)+$"
)
_NOBODY = re.compile(r"nobody|no one|nothing|nowhere|none")
_NONE_BUT = re.compile(r"\b(?:anything|anyone|anybody|any \w+) (?:except|but|other than)\b")
_ADDED = re.compile(r" (?:even|the|his|her|their|its|an?)\b")
_NOT_EVEN = re.compile(r" even\b")
_TO_VERB = re.compile(r"^(?: (?!and\b)\w+){0,4}? (?:can|could|will|would|may|might)\b")
_PLACE = re.compile(
    r"^ (?:in|of|at|on|around|from) (?:(?:the|his|her|their|an?|this|that) )?(?:[\w-]+ ){1,3}?"
    r"(?=[a-z]{2,}(?:s|ed)\b|is\b)"
)
_NEITHER = re.compile(
    r" (?:of (?:them|the \w+|us|these|whom)|one|\w+(?= (?:can|could|will|would|may|does|is))|can|"
    r"could|will|would|may|does|do|did|is|was|"
    r"has|had|man|woman|side|party|\w+s(?!.*\bnor\b))\b"
)
_GENERAL = re.compile(r" (?:\w+ )?(?:film|movie|picture|book|game|plot|story|ending|dialogue|song)")
_NOT_MADE = re.compile(r"^(?: \w+)? ?(?:directed|made|written|helmed|filmed|shot) by\b")
_EMPTY_TALK = re.compile(r" ?(?:like|in common|to do|special|new|of the)\b")
_NOUN_LIKE = re.compile(
    r"(?:no|without|lack\w*|minus|free|devoid|sans|absent|except|steer|stay|rather|instead|unlike|"
    r"neither|nor)\b"
)
_ITEM = re.compile(
    rf"^\W*(?:it|this|that|here|there|its|<self>)?\W*$|\b(?:it|this|this one|<self>|{STORY_NOUNS})$"
)
_ITEM_ANYWHERE = re.compile(rf"^\W*(?:it|this|there|here|its)\b|\b(?:{STORY_NOUNS}|there)\b")
_BE_OR_DO = r"(?: (?:is|was|does|did|has|had|are|were|do|both))*\W*$"
_PERSON_BEFORE = re.compile(rf"<p(\w)>{_BE_OR_DO}")
_DOES_BUT = re.compile(rf"<p(\w)>(?: (?!and\b|but\b)[a-z'-]+){{1,5}} (?:but|and|yet){_BE_OR_DO}")
_PRONOUN_BEFORE = re.compile(r"^[^<]*<p(\w)>[^<]*\b(?:he|she|who)\W*$")
_ACTS = re.compile(
    r" ?(?:in|among|part of|one of) (?:it|this|here|the cast|its cast|<self>)|"
    r" ?(?:appear|star|play|act|featur)\w*"
)
_MAKES = re.compile(r" ?(?:the )?(?:direct|writ|wrote|mak|made|helm|author)\w*")
_STORY_SUBJECT = re.compile(r"<p|\b(?:he|she|they|who|whom|whose|her|his|their|him|them)\b")


@dataclass(frozen=True, slots=True)
class Denial:
    """A negation: its word, where it stands, the text before it and the text that it governs."""

    word: str
    start: int
    end: int
    before: str
    scope: str


def denials_in(text: str) -> list[Denial]:
    """The negations of a masked sentence in order; idioms that deny nothing are left out."""
    cleaned = _SAFE.sub(lambda match: " " * len(match.group()), text)
    cleaned = _ADVICE.sub(lambda match: " " * len(match.group()), cleaned)
    found = []
    for match in NEGATION.finditer(cleaned):
        scope = _SCOPE_END.split(cleaned[match.end() :], maxsplit=1)[0]
        before = _HARD_END.split(cleaned[: match.start()])[-1]
        found.append(Denial(match.group(), match.start(), match.end(), before, scope))
    return found


def denies_the_story(denial: Denial) -> bool:
    """Whether someone or something in the story is denied something, not the item itself.

    >>> [denies_the_story(d) for d in denials_in("her father won't stay; it isn't a comedy")]
    [True, False]
    """
    if of_nobody(denial):
        return denial.word == "neither" or not _EMPTY_TALK.match(denial.scope)
    last = _SEGMENT.split(denial.before)[-1]
    if denial.word == "absent" or _NOT_MADE.match(denial.scope):
        return False
    if _is_noun_like(denial.word):
        if denial.word == "no" and not last.strip():
            return _is_listed(denial)
        return bool(last.strip()) and not _ITEM_ANYWHERE.search(last)
    subject = _TRAILING.sub("", last).strip()
    if subject == "it" and _SUBORDINATE.search(denial.before[: -len(last)]):
        return not _ITEM_ANYWHERE.match(denial.before)
    if subject:
        return not _ITEM.search(subject)
    return bool(_STORY_SUBJECT.search(denial.before)) or (
        bool(denial.before.strip()) and not _ITEM_ANYWHERE.search(denial.before)
    )


def is_quoted(claims: Claims, denial: Denial) -> bool:
    """Whether the facts deny in the same words."""
    quoted = 1 if denial.word in ("no", "without") else 2
    said = " ".join((denial.word, *denial.scope.split()[:quoted]))
    return bool(denial.scope.strip()) and said in own_text(claims)


def scope_in_story(denial: Denial) -> str | None:
    """What a negation about the story denies; None where it adds to one that stands before."""
    scope = without_light_noun(_EMPHATIC.sub("", denial.scope, count=1))
    if denial.word == "not" and NEGATION.search(denial.before) and _ADDED.match(scope):
        return None
    if of_nobody(denial):
        scope = _PLACE.sub("", _TO_VERB.sub("", scope, count=1), count=1)
    if not stems_of(scope) and _NOBODY.match(denial.word) and not words_of(scope):
        return " ".join(words_of(re.sub(r"<\w+>", " ", denial.before))[-1:])
    return None if _NONE_BUT.search(scope) else scope


def story_problems(claims: Claims, scope: str) -> Iterator[str]:
    """What the facts assert although ``scope`` is denied of the story."""
    said = stems_of(scope)
    if said and _denies(claims, said):
        yield f"denies {said[0]!r}, which the facts tell"


def _is_listed(denial: Denial) -> bool:
    """``two sisters, no money``: one of the things that a story without a verb lists."""
    before = denial.before
    listed = denial.word == "no" and re.search(r"(?:,|,? and|^) ?$", before)
    return bool(listed) and not _ITEM_ANYWHERE.search(before) and not _GENERAL.match(denial.scope)


def of_nobody(denial: Denial) -> bool:
    """Whether the negation is a "nobody", a "neither of them" or a "not even"."""
    if denial.word == "neither" and _NEITHER.match(denial.scope):
        return True
    return bool(_NOBODY.match(denial.word) or _NOT_EVEN.match(denial.scope))


def _is_noun_like(word: str) -> bool:
    """Whether the word denies a thing ("without", "no") and not what somebody does."""
    return word != "no longer" and bool(_NOUN_LIKE.match(word)) and not _NOBODY.match(word)


def _denies(claims: Claims, said: list[str]) -> bool:
    """Whether the facts tell, and nowhere deny, the first word and anything that it is done to."""
    told = told_stems(claims)
    if said[0] in LIGHT:
        return False  # what is felt or got matters, and may be an opposite
    first, rest = said[0], said[1:]
    if same_word(first, denied_stems(claims)) or not same_word(first, told):
        return False
    return not rest or any(same_word(word, told) for word in rest)


def person_denial_holds(claims: Claims, denial: Denial) -> bool | None:
    """Whether a person is rightly said not to act in the item, or not to have made it.

    None where the negation is about something else.
    """
    before = denial.before
    person = _PERSON_BEFORE.search(before) or _DOES_BUT.search(before)
    person = person or _PRONOUN_BEFORE.search(before)
    if person is None:
        return None
    name = claims.people[person[1]]
    if _ACTS.match(denial.scope) or denial.word == "absent":
        return name not in {name_key(other) for other in claims.item.cast}
    if _MAKES.match(denial.scope):
        return name not in {name_key(other) for other in claims.item.creators}
    return None


def declined_in(claims: Claims) -> Iterator[tuple[str, str]]:
    """Each "refuses to" that stands without a "not", with what is refused."""
    for match in _DECLINES.finditer(claims.masked):
        if not NEGATION.search(_HARD_END.split(claims.masked[: match.start()])[-1]):
            yield match.group(), _SCOPE_END.split(claims.masked[match.end() :], maxsplit=1)[0]


def denied_stems(claims: Claims) -> frozenset[str]:
    """Stems that a negation in the item's own text reaches ("refuses to fight", "mute")."""
    text = own_text(claims)
    stems: set[str] = set()
    for pattern in (NEGATION, _IMPLICIT):
        for match in pattern.finditer(text):
            after = re.split(r"[.;:!?,]", text[match.end() :], maxsplit=1)[0]
            before = re.split(r"[.;:!?,]", text[: match.start()])[-1]
            if pattern is NEGATION:  # "never makes him stop trying" says that he tries
                inner = _IMPLICIT.search(after)
                after = after[: inner.end()] if inner else after
            elif NEGATION.search(before):
                continue
            reached = [word for word in words_of(after)[:REACH] if says(word)]
            if match.group() == "only":  # "only a girl is left": nobody is, but the girl is
                reached = reached[1:]
            elif pattern is _IMPLICIT:
                reached = reached[:1]
            stems |= {stem_of(word) for word in reached}
            if _NOBODY.fullmatch(match.group()):  # "who meets no one"
                stems |= {stem_of(word) for word in words_of(text[: match.start()])[-1:]}
            joined = re.search(r"([a-z]+)-$", text[: match.start()])
            stems |= {stem_of(joined[1])} if joined else set()
    return frozenset(stems)


def own_text(claims: Claims) -> str:
    """What the item tells of its story, folded: its description and its keywords."""
    return fold(" . ".join((claims.item.description, *claims.item.keywords)))


def told_stems(claims: Claims) -> frozenset[str]:
    """Stems of what the item tells, with its genres."""
    implied = (GENRE_IMPLIES.get(genre, "") for genre in claims.genres)
    told = words_of(" ".join((own_text(claims), *claims.item.genres, *implied)))
    return frozenset(stem_of(word) for word in told if says(word))


def without_light_noun(scope: str) -> str:
    """ " talent for haunting" as " haunting": what the denied wish, gift or chance is of."""
    return _LIGHT_NOUN.sub("", _DREAM_OF.sub("", scope, count=1), count=1)


def stems_of(text: str) -> list[str]:
    """Stems of the words of a masked text that say something."""
    text = _RETURNS.sub("return", re.sub(r"<\w+>", " ", text))
    return [stem_of(word) for word in words_of(text) if says(word)]


def says(word: str) -> bool:
    """Whether a folded word says something of a story by itself."""
    return len(word) > 1 and word not in _SILENT


def stem_of(word: str) -> str:
    """The stem of a folded word, the same for verbs that say the same ("talk", "chat")."""
    found = stem(_SAME_FORM.get(word, word))
    return _TWINS.get(found, found)


def same_word(said: str, stems: frozenset[str]) -> bool:
    """Whether the stem, or one of the same word ("defend", "defender"), is among ``stems``."""
    if said in stems:
        return True
    return len(said) >= MIN_SHARED and any(
        other.startswith(said)
        or (len(other) >= MIN_SHARED and said.startswith(other))
        or (len(said) > len(other) - 2 > MIN_SHARED and other.startswith(said[:-1]))
        for other in stems
    )
