"""Whether the facts support a negation: they deny the same, or say it with a word of that meaning.

"She won't listen" is supported by "she refuses to listen" and by "she ignores him"; without such
support a negation is a claim of its own. Knows nothing of genres, countries and people.
"""

from __future__ import annotations

import re

from chatrec.generation.claims import Claims
from chatrec.generation.opposites import OPPOSITES
from chatrec.generation.polarity import (
    LIGHT,
    NEGATION,
    REACH,
    Denial,
    own_text,
    same_word,
    says,
    stem_of,
    stems_of,
    told_stems,
)
from chatrec.generation.vocabulary import TELLING_VERBS
from chatrec.generation.words import fold, stem, word_set, words_of

SAID_AT_MOST = 4  # words of a negation's scope of which one must be denied by the facts
_EVEN = re.compile(r" even(?: [\w-]+){2,3}")
CUE = re.compile(
    r"\b(?:refus\w+|declin\w+|bann?(?:s|ed)?|stop(?:s|ped|ping)?|fail\w*|forg[eo]t\w*|doubt\w*|"
    r"den(?:y|ies|ied)|los(?:e|es|t|ing)|lack\w*|out of|"
    r"fak(?:e|es|ed|ing)|avoid\w*|prevent\w*|"
    r"forbid\w*|forbad\w+|outside|flee(?:s|ing)?|unable to|impossible|missing|reject\w*|"
    r"abandon\w*|resist\w*|"
    r"drop(?:s|ped|ping)?|scrap(?:s|ped|ping)?|waive[sd]?|abolish\w*|suspend\w*|"
    r"quit(?:s|ting)?|shirk\w*|evicted from|left for|presumed|supposedly|allegedly|"
    r"too \w+ (?:for|to)|strip(?:s|ped)? (?:[\w']+ ){1,4}of|"
    r"fear(?:s|ed|ing)?|afraid of|scared of|terrified of|"
    r"robbed of|stripped of|deprived of|freed? (?:of|from))\b"
)
_POSES = re.compile(  # what is then not so: "he isn't the messiah"
    r"\b(?:mistaken for|mistakes? \w+ for|taken for|pos(?:es|ing|ed) as|pass(?:es|ed|ing) (?:for|"
    r"as)|"
    r"disguised as|pretend\w* to be|impersonat\w+)\b"
)
_LOSS = re.compile(
    r"\b(?:crush\w*|destroy\w*|smash\w*|steals?|stole|stolen|confiscat\w*|wreck\w*|sinks?|sank|"
    r"burns?|burnt|bans?|banned|breaks?|broken|takes? away)\b"
)
_GIVES = re.compile(r"\b(?:trad(?:es|ed|ing)|sells?|sold|gives? up|surrenders?|pawns?)\b")
_KIN = word_set(
    "wife husband mother father parents girlfriend boyfriend partner fiance fiancee daughter "
    "son family"
)
_GOES = (
    r"(?:leaves|left|walks? out|walked out|dies|died|dead|vanish\w*|disappear\w*|missing|departs)\b"
)
_BUT = re.compile(
    r"^(?: <?[\w'-]+>?){0,3}? ?(?:but(?! (?:must|has|had|is|can|could|will|would|does|did|he|she|"
    r"they|yet|still|then)\b)|except|other than) (?P<what>[^,.;:]+)"
)
_NONE = re.compile(r"no|nothing|nobody|no one|none")
_PERSONAL = re.compile(r"^ (?:him|her|them)\b(?! \w)")
_YET = re.compile(r" yet\b")
_CLEARED = re.compile(r"\b(?:wrong|wrongly|wrongful\w*|framed|innocent|falsely)\b")
_BLAME = frozenset(
    map(stem, word_set("kill commit murder steal rob guilty killer thief murderer wife-killer"))
)
_PLAIN_LOSS = re.compile(r"^(?: (?:his|her|their|its|the|any))? [a-z]")
_LEFT = frozenset(
    map(stem, word_set("forgotten forget behind abandon abandoned alone orphan left"))
)
_SEEKING = frozenset(
    map(
        stem,
        word_set(
            "seek search learn first train quest want hope plan become must aspiring wait await "
            "future"
        ),
    )
)
_MINDS = re.compile(r" (?:mind|fear|dread|object)(?:s|ed|ing)?\b")
_ONLY = re.compile(r"(?<!the )(?<!his )(?<!her )(?<!their )(?<!an )\bonly\b")
_CUE_END = re.compile(r" (?:and|while|when|but|who|as|after|before|until|because) ")
_OF_SOMEBODY = re.compile(r"\w+n't|not|nobody|no one|neither")
_ELLIPTICAL = re.compile(r"(?:ca|do|does|did|wo|could|would|have|has)n't|cannot|not")
_NOBODY = re.compile(r"nobody|no one")
_NOBODY_TOLD = re.compile(r"\b(?:nobody|no one|neither|none)\b")
_MODALS = word_set("can't cannot couldn't won't wouldn't")
_CAN = re.compile(r"^(?: \w+)? (?:can|could|will|would)\b")
_MODAL_BEFORE = re.compile(r"\b(?:will|would|can|could|ought|should|must) $")
_ATTITUDE = re.compile(
    r"^ ?(?:(?:in|of|at|on|from) (?:the |his |her |this |an? )?(?:[\w-]+ ){1,3}?)?(?:(?:even|ever|"
    r"quite|much|yet|here|has|is|can|could|will|would|at first|\w+ly) )*"
    r"(?:want|like|know|believe|listen|hear|care|trust|forget|agree|understand|ready|think|mean|"
    r"meant|"
    r"happy|glad|pleased|satisfied|sure|willing|keen|wish|plan|expect|realise|realize|remember|"
    r"deserve|intend|dare)(?:s|ed|n|d|ing)?\b"
)
CLAUSE = re.compile(r"[.;:!?,]")
_PREFIXED = re.compile(
    r"(?:(?:un|dis|non)-?|i[nmrl](?=\w{3,}(?:able|ible|ent|ant|ate|ect|ite|ept)$))"
    r"(?P<base>[a-z]{3,}?)(?:able|ible)?"
)
_LESS = re.compile(r"(?P<base>[a-z]{3,})less")
_PAIR = re.compile(
    r"^(?: (?:an?|the|his|her|their|any|more|much|even|be|been|being))* [\w-]+ "
    r"(?!the|his|with|from|into|that|about|over|after|before|until|when|while)[\w-]{4,}"
)
_PRESUMED = re.compile(r"\b(?:left for|presumed|supposedly|allegedly|shirk\w*|escap\w+)\b")
_REFUSED = re.compile(r"\b(?:refus\w+|declin\w+) to\b")
_CUE_WORDS = re.compile(
    r"\b(?:missing|vanish\w*|disappear\w*|fail\w*|refus\w+|lost|los(?:e|es|ing)|dead|"
    r"di(?:es|ed|e)|gone)\b"
)


_OUT_OF = re.compile(r"\bout of (?:jail|prison)\b")
_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|whether|lest|when)(?: <?[\w'-]+>?){1,4} ?$|"
    r"\b(?:swears?|claims?|pretends?|fears?|suspects?|bets?) (?:that )?"
    r"(?:<?[\w'-]+>? ){0,4}$"
)
_STOPS = re.compile(
    r"^(?: (?:ever|quite|really|can|could|will|would))? (?:stop(?:s|ped)?|cease[sd]?|quits?|"
    r"tires? of|fails? to|forgets? to|resist|"
    r"(?:stop|keep|prevent|hold|deter)s?(?: <?[\w' -]+>?){1,6}? from) (?P<what>.+)"
)
_QUITS = re.compile(r"\b(?:stops?|stopped|quits?|ceases?|ceased|gives? up|gave up)(?= [a-z]+ing\b)")
_CANNOT_HELP = re.compile(r"^ (?:help|wait to|but) (?P<what>.+)")
_COUNTERFACTUAL = re.compile(r"^ have (?P<what>.+)")
_NEEDS = re.compile(r"\bwithout (?P<what>.+)")


def affirms(claims: Claims, word: str, scope: str) -> bool:
    """Whether the denied words deny themselves, and the facts tell what is said thereby.

    "Can't stop her from scheming", where she schemes; "can't go without a key", where there is one.
    """
    match = _STOPS.match(scope) or _NEEDS.search(scope)
    if match is None and word == "shouldn't":
        match = _COUNTERFACTUAL.match(scope)
    if match is None and word in ("can't", "cannot", "couldn't"):
        match = _CANNOT_HELP.match(scope)
    said = stems_of(match["what"])[:3] if match else []
    told = told_stems(claims)
    if match is not None and match.re is _NEEDS:
        return any(same_word(stem_, told) for stem_ in said)
    if said and same_word(said[0], denied_words(claims) | _meant_twins(claims)):
        return False
    if match is not None and match.re is _STOPS and " from " in scope:
        return True  # "doesn't keep him from calling": he calls
    return bool(said) and same_word(said[0], told)


def goes_on(claims: Claims, scope: str) -> bool:
    """``never stops trying``, where the facts tell of one who quits."""
    match = _STOPS.match(scope)
    said = stems_of(match["what"])[:1] if match and " from " not in scope else []
    told = own_text(claims)
    stopped = frozenset() if NEGATION.search(told) else frozenset(reached(told, _QUITS, 1))
    return bool(said) and same_word(said[0], stopped)


def is_hypothetical(before: str) -> bool:
    """``if he doesn't make it``: what may come, said by the text before a negation."""
    return _HYPOTHETICAL.search(before) is not None


def supported(claims: Claims, scope: str) -> bool:
    """Whether the facts deny what stands in ``scope``, the text that a negation governs.

    One of its first words must be denied there, or be the opposite of what is told; a scope that
    denies a told loss ("no patient goes missing") is contradicted by it.
    """
    said = _without_light(stems_of(scope))[:SAID_AT_MOST]
    if _MINDS.match(scope):
        return False  # "does not mind flying", of one who fears it
    escapes = _OUT_OF.search(scope) and _OUT_OF.search(own_text(claims))
    if escapes or any(same_word(stem(w), claims.stems) for w in _CUE_WORDS.findall(scope)):
        return _explicitly(claims, said)
    denied, told = denied_words(claims), _told_plainly(claims)
    for word in said[: 2 if _PAIR.match(scope) else 1]:
        if same_word(word, denied):
            return True
        if same_word(word, told):
            break
    return _is_opposite(claims, scope, told)


def _is_opposite(claims: Claims, scope: str, told: frozenset[str]) -> bool:
    """Whether the first word of ``scope`` that says something is the opposite of what is told.

    Words that say nothing by themselves may be opposites too: "no more at home", "quite alive".
    """
    twins = told_stems(claims)
    meant = {word for word in meant_words(claims) - told if stem_of(word) not in twins}
    for word in words_of(re.sub(r"<\w+>", " ", scope)):
        plain = stem(word)
        if plain in meant and plain not in LIGHT and word != "one":
            return True
        if says(word) and plain not in LIGHT and word not in TELLING_VERBS:
            return False
    return False


def _explicitly(claims: Claims, said: list[str]) -> bool:
    text = own_text(claims)
    denied = frozenset(
        (
            *reached(text, NEGATION, REACH),
            *reached(text, _PRESUMED, 2),
            *reached(text, _REFUSED, 2),
        )
    )
    return bool(said) and same_word(said[0], denied)


def told_scarce(claims: Claims, denial: Denial) -> bool:
    """``hardly any oxygen``, where the facts tell of little oxygen."""
    said = words_of(denial.scope.removeprefix(" any"))[:1]
    scarce = rf"\b(?:little|few|scarce|scant) {re.escape(' '.join(said))}\b"
    return denial.word in ("hardly", "barely") and bool(re.search(scarce, own_text(claims)))


def told_of_even(claims: Claims, scope: str) -> bool:
    """``not even a bomb stops it``, where the facts tell what happens "even" to a bomb."""
    match = _EVEN.match(scope)
    if match is not None and match.group().strip() in own_text(claims):
        return True
    said = [word for word in words_of(scope)[1:4] if says(word)][:1]
    told = rf"\beven(?: \w+){{0,3}}? {re.escape(said[0])}" if said else ""
    return scope.startswith(" even ") and bool(said) and bool(re.search(told, own_text(claims)))


def told_of_nobody(claims: Claims, scope: str) -> bool:
    """``nobody may grow older than thirty``, where nobody "lives past thirty": one word of it."""
    told = frozenset(reached(own_text(claims), _NOBODY_TOLD, REACH))
    return any(same_word(word, told) for word in stems_of(scope)[: SAID_AT_MOST + 1])


def is_inner(claims: Claims, denial: Denial, scope: str) -> bool:
    """Whether somebody cannot or will not do, or does not want, what the facts leave untold.

    "Julie can't decide" says how a story feels to those in it and adds no more to it than any other
    paraphrase. A denied deed or thing is a claim, and so is whatever speaks of a told word.
    """
    said = _without_light(stems_of(scope))
    if not said and "<p" not in denial.before and _ELLIPTICAL.fullmatch(denial.word):
        return not words_of(scope)
    if not said or "<p" in CLAUSE.split(denial.before)[-1] or "<" in scope:
        return False
    attitude = bool(_OF_SOMEBODY.fullmatch(denial.word) and _ATTITUDE.match(scope))
    modal = denial.word in _MODALS or (
        denial.word == "not" and _MODAL_BEFORE.search(denial.before) is not None
    )
    modal = modal or (denial.word == "neither" and _CAN.search(denial.scope) is not None)
    if not attitude and not modal:
        return False
    stems = claims.stems | told_stems(claims)
    reach = said[:2] if _NOBODY.fullmatch(denial.word) else said[:1]
    return not any(same_word(word, stems) for word in reach)


def is_exception(claims: Claims, denial: Denial, rest: str) -> bool:
    """``no home but a tent``: the one that there is, told by the facts."""
    match = _BUT.match(rest)
    if match is None or len(denial.scope.split()) > 3 or not _NONE.fullmatch(denial.word):
        return False
    told = told_stems(claims)
    return any(same_word(word, told) for word in stems_of(match["what"])[:3])


def told_otherwise(claims: Claims, word: str, scope: str) -> bool:
    """Denials of what the facts tell that they bear out all the same.

    ``did not kill her`` of one who is wrongly accused; ``hasn't found it yet`` of one who seeks;
    ``without his hammer``, which is crushed;
    ``without him`` of one who is left behind.
    """
    told = _told_plainly(claims)
    if _CLEARED.search(own_text(claims)) and set(_plain_stems(scope)[:SAID_AT_MOST]) & _BLAME:
        return True
    if word == "without" and _PERSONAL.match(scope):
        return bool(told & _LEFT)
    if word == "not" or word.endswith("n't"):
        posed = frozenset(reached(own_text(claims), _POSES, 3))
        if any(same_word(said, posed) for said in stems_of(scope)[:1]):
            return True
    if word in ("without", "no") and _PLAIN_LOSS.match(scope):
        what = " ".join(word for word in words_of(scope)[:2] if says(word)).partition(" ")[0]
        if what in _KIN and re.search(
            rf"\b{re.escape(what)}\b[^.;,]{{0,25}}\b{_GOES}", own_text(claims)
        ):
            return True  # "no wife", of one whose wife walks out
        lost = frozenset(
            (*reached(own_text(claims), _LOSS, 4), *reached(own_text(claims), _GIVES, 2))
        )
        return any(same_word(said, lost) for said in stems_of(scope)[:1])
    return bool(_YET.search(scope) and told & _SEEKING)


def denied_outright(claims: Claims, scope: str) -> bool:
    """Whether the facts deny the first word of ``scope`` in so many words."""
    said = stems_of(scope)
    return bool(said) and same_word(said[0], denied_words(claims))


def lacked(claims: Claims, word: str) -> bool:
    """Whether the facts say in plain words that there is no such thing: "no cat", "lacks a cat"."""
    text = own_text(claims)
    return same_word(stem_of(word), frozenset((*reached(text, NEGATION, 3),)))


def denied_words(claims: Claims) -> frozenset[str]:
    """Stems that the item's own text denies: by a negation, by a verb, by a part of a word."""
    text = own_text(claims)
    found = {*reached(text, NEGATION, REACH), *reached(text, CUE, 3)}
    for match in _ONLY.finditer(text):  # "only a girl is left": nobody else is
        after = CLAUSE.split(text[match.end() :], maxsplit=1)[0]
        found |= {stem_of(word) for word in words_of(after)[2:REACH] if says(word)}
    for word in words_of(text):
        part = _LESS.fullmatch(word) or _PREFIXED.fullmatch(word)
        if part:
            found.add(stem_of(part["base"]))
    return frozenset(found)


def meant_words(claims: Claims) -> frozenset[str]:
    """Stems of what may be denied because the item's own text tells the opposite."""
    texts = (own_text(claims), "silent" if fold(claims.item.language) == "silent" else "")
    told = (stem(word) for word in words_of(" ".join(texts)))
    return frozenset().union(*(OPPOSITES.get(word, frozenset()) for word in told))


def _meant_twins(claims: Claims) -> frozenset[str]:
    """As :func:`meant_words`, with one stem for verbs that say the same."""
    return frozenset(map(stem_of, meant_words(claims)))


def _without_light(stems: list[str]) -> list[str]:
    """The stems without a verb in front that says nothing by itself: "get", "feel"."""
    return stems[1:] if len(stems) > 1 and stems[0] in LIGHT else stems


def _told_plainly(claims: Claims) -> frozenset[str]:
    return frozenset(stem(word) for word in words_of(own_text(claims)))


def reached(text: str, cue: re.Pattern[str], reach: int) -> list[str]:
    found: list[str] = []
    for match in cue.finditer(text):
        after = CLAUSE.split(text[match.end() :], maxsplit=1)[0]
        if cue is CUE:
            after = _CUE_END.split(after, maxsplit=1)[0]
        found += [stem_of(word) for word in words_of(after)[:reach] if says(word)]
        before = CLAUSE.split(text[: match.start()])[-1]
        if re.fullmatch(r"no one|nobody|nothing|none|nowhere", match.group()):
            found += [stem_of(word) for word in words_of(before)[-1:]]
        joined = re.search(r"([a-z]+)-$", before)
        found += [stem_of(joined[1])] if joined else []
    return found


def _plain_stems(scope: str) -> list[str]:
    return [stem(word) for word in words_of(re.sub(r"<\w+>", " ", scope)) if len(word) > 1]
