"""Checks of superlatives, fame, awards and of what is said to be the first, last or only one.

What a story says of somebody in it ("the fastest runner", "a legendary thief") is no praise of the
item. Knows nothing of genres and nations (see attributes.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.genres import genre_words_in
from chatrec.generation.praise_words import EST_WORDS, SAFE_MOST, SUPERLATIVES
from chatrec.generation.transfers import same_row
from chatrec.generation.vocabulary import STORY_NOUNS
from chatrec.generation.words import word_set, words_of

CLASSIC_FROM = 1980  # what is older may be called a classic
_SOLE = frozenset({"only", "sole", "lone", "alone", "last"})
_FAVOURITE = re.compile(
    r"\b(?:your|his|her|their|an? old|one of (?:your|his|her|their)|among your) favou?rites?\b|"
    r"\ba favou?rite (?:of (?:yours|his|hers|theirs))\b"
)
_DENIED_FIRST = re.compile(r"\b(?:not|n't|isn't|never|hardly)(?: quite)? $")
_HIT_VERB = re.compile(
    r"\bhits?(?:ting)? (?=(?:the|an?|on|it|out|by|him|her|them|back|home|men|man|woman|job|list|"
    r"squad|"
    r"his|their|rock|town|bottom|hard|where|close|and)\b)"
)
_WINS = re.compile(
    r"\bwinning (?=(?:him|her|them|his|the|an?|back|over|money|it)\b(?! (?:film|drama|comedy)))|"
    r"\bonly (?=(?:hope|chance|way|clue|wish|comfort|escape|weapon|friend|company)\b)"
)
_STORY_EST = re.compile(
    r"(?<=\bone's )[a-z]{2,}est\b|\b(?:his|her|their|our|my|your|[a-z]+'s) "
    r"(?!best|finest|greatest|latest|newest|earliest|longest|shortest|"
    r"oldest)(?:own )?[a-z]{2,}est (?=wish|fear|hour|friend|desire|secret|dream|memor|enem|thought|"
    r"impulse|self|instinct|feeling|moment|day|night|love|sin|wound|relativ|famil|rival|all)|"
    r"\b(?:deep|dark|clos|wild|fond)est (?=wish|fear|friend|desire|secret|dream|memor|hour)|"
    r"\b(?:old|young|eld)est (?=girl|boy|child|son|daughter|brother|sister|sibling)"
)
_EXTREMES = re.compile(  # "does its worst", "rebellious to the last", "at its bleakest"
    r"\bat (?:its|his|her|their) (?:very )?(?:[a-z]{2,}est|worst)\b|"
    r"\b(?:do|does|did|doing) (?:its|his|her|their) (?:very )?(?:worst|best)\b|"
    r"\bto the last\b(?=\W*$|[,.;:])"
)
_TOP = re.compile(r"\btop[ -](?P<what>[a-z]+)\b(?!-)")
_PRAISED = word_set(
    """rated notch grossing selling billed tier ten pick choice quality class marks honors honours
    award prize drawer shelf form bill films movies entertainment acting performances work"""
)
_PERSON = (
    "girl|boy|kid|student|classmate|actor|actress|singer|writer|author|novelist|painter|artist|"
    "detective|pianist|musician|dancer|chef|explorer|warrior|swordsman|samurai|gunslinger|outlaw|"
    "thief|pirate|king|queen|wife|husband|father|mother|grandmother|grandfather|son|daughter|"
    "brother|sister|uncle|aunt|guest|visitor|inventor|scientist|general|doctor|lawyer|criminal|"
    "robber|"
    "gangster|poet|composer|conductor|champion|boxer|athlete|journalist|reporter|politician|wizard|"
    "magician|ship|city|town|street|palace|hotel|school|painting|jewel|diamond|landmark|song|voice|"
    "dog|cat|horse|teacher|coach|mentor|friend|toy|car|jock|clique"
)
_LAST_OF_STORY = re.compile(  # "the last carriage", "her last wish", but not "his last film"
    rf"\b(?:the|his|her|their|its) (?:very )?(?:first|last|final) (?!(?:{STORY_NOUNS}|work|role|"
    rf"part|"
    r"appearance|performance|outing|collaboration|time|year|decade|effort|production|release|"
    r"instal\w+|sequel|prequel|chapter|episode|entry|part|one|of|and|or|but|in|to|for|as|with|time|"
    r"talkie|feature|colou?r|direct\w+|screen\w*|lead\w*|star\w*|act\w*|bond|american|english|"
    r"hollywood|project|script|hit|success|meeting|masterpiece|silent|sound|big|great|major|"
    r"full)\b)"
    r"[a-z][a-z'-]+(?! (?:films?|movies?|pictures?|work|role))"
)
_STORY_USE = re.compile(
    r"\bon top\b|\b(?:at|to|from|near|over) the (?:very )?top\b|"
    rf"\b(?:famous|celebrated|legendary|renowned|beloved|popular) (?:[a-z-]+ )?(?:{_PERSON})s?\b|"
    r"\bprize (?:money|fight|fighter|pig|bull|dog|horse)s?\b|"
    r"(?<!grand )(?<!jury )(?<!nobel )\b(?:as|for|is|of) (?:the|a|his|her|their|its|any) "
    r"(?:cash |big |real |only )?prize\b"
)
_WORK = (
    rf"(?:{STORY_NOUNS}|works?|roles?|performances?|casts?|acting|turns?|scenes?|scores?|"
    r"soundtracks?|scripts?|direct\w+|actors?|actress(?:es)?|stars?|efforts?|outings?|hours?|"
    r"hits?|sequels?|instal\w+|entry|entries|of all|ever|of the (?:year|decade|century|lot|row|"
    r"series|"
    r"two|three|bunch)|of (?:his|her|their|its))"
)
_EST = re.compile(  # "his finest film", but not "the fastest zombies around"
    rf"\b(?P<word>[a-z]{{2,}}est)\b(?=(?: [a-z-]+,?){{0,2}} {_WORK}\b|\W*$|[,.;:])"
)
_MOST = re.compile(rf"\b(?:most|least) (?P<what>[a-z-]+)\b(?!(?: [a-z-]+,?){{0,2}} {_WORK}\b| <p)")
_FAME = re.compile(  # of somebody in the story: "a legendary predecessor"
    r"\b(?:best|worst|famous|celebrated|legendary|renowned|beloved|popular|influential|"
    r"iconic|acclaimed) "
    rf"(?!(?:[a-z-]+ ){{0,2}}(?:{_WORK}|director|cast)\b|<p|and\b|for\b|in\b|by\b|with\b|as\b|"
    rf"but\b)"
    r"(?=[a-z])"
)
_HIT = re.compile(
    r"\b(?:what|that|who|which|to|and|they|he|she|it|you|men|never|nobody|them|<p\w>|[a-z]+ly|can|"
    r"could|will|would|might) hits?\b|\bhits? (?:you|me|us|like|what|pay|town|bottom|home)\b"
)
_WON = re.compile(
    r"(?<!award-)(?<!oscar-)(?<!prize-)\bwinning(?! (?:film|movie|drama|comedy|performance|"
    r"director|cast|picture|turn|score))|(?<!oscar )(?<!award )\bwinners?\b(?! (?:of|at|by)\b)"
)


def superlative_problems(claims: Claims) -> Iterator[str]:
    """Superlatives, fame and awards that no fact states."""
    text = claims.masked
    for idiom in SAFE_MOST:
        text = text.replace(idiom, " ")
    text = _STORY_USE.sub(" ", _TOP.sub(_unless_praise, text))
    text = _STORY_EST.sub(" ", _WINS.sub(" ", _HIT_VERB.sub(" ", text)))
    text = _FAME.sub(" ", _HIT.sub(" ", _WON.sub(" ", _MOST.sub(" ", _EXTREMES.sub(" ", text)))))
    graded = {match["word"] for match in _EST.finditer(text)}
    text = _FAVOURITE.sub(" ", re.sub(r"<\w+>", " ", text))
    for word in words_of(text.replace("award-winning", "award")):
        est = word in graded and word not in EST_WORDS
        bases = {word.removesuffix("est"), word.removesuffix("st"), f"{word[:-4]}y"}
        est = est and not bases & claims.words
        if word == "most" and _most_told(claims, text):
            continue
        if word == "classic" and (claims.item.year or CLASSIC_FROM) < CLASSIC_FROM:
            continue
        if (word in SUPERLATIVES or est) and word not in claims.words:
            yield f"{word!r} is not among the facts"
    first = re.search(
        r"\b(?:the|his|her|their|its) (?:very )?(?:first|last|debut|final|finest|"
        rf"only(?= (?:[a-z-]+ ){{0,2}}(?:{STORY_NOUNS}|work|role|actors?|stars?|time)\b)(?! "
        rf"(?:to|because|when|after|if|for|by|in|at|on|once|as|with|until)\b))\b|\bdebut\b",
        text,
    )
    if (
        first
        and not _LAST_OF_STORY.match(text, first.start())
        and not _DENIED_FIRST.search(text[: first.start()])
        and not re.search(
            r"\bthe (?:first|last) (?:to (?:learn|know|hear|notice|see|leave)\b|"
            r"time|reason|thing|link|of)\b|the only thing",
            text,
        )
    ):
        word = first.group().split()[-1]
        if word == "first" and _opens_row(claims):
            return
        if not claims.words & _SOLE if word == "only" else word not in claims.words:
            yield f"{first.group()!r} is not among the facts"


def _opens_row(claims: Claims) -> bool:
    """Whether a later title of the item's own row is named, beside which it is the first."""
    year = claims.item.year
    rows = [title for title in claims.titles.values() if same_row(claims, title)]
    years = [item.year for title in rows for item in title.items if item.year is not None]
    return bool(years) and year is not None and all(year < other for other in years)


def _unless_praise(match: re.Match[str]) -> str:
    """Nothing for "top student" and "top floor"; "top thriller" stays."""
    what = match["what"]
    praise = what in _PRAISED or genre_words_in(what) or re.fullmatch(STORY_NOUNS, what)
    return match.group() if praise else f" {what}"


def _most_told(claims: Claims, text: str) -> bool:
    """``the most feared woman``, where the facts call her feared."""
    said = re.findall(r"\bmost ([a-z-]+)", text)
    return bool(said) and all(word in claims.words for word in said)
