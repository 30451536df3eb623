"""Counts in words, beside what the facts count or list: "all three", "four sisters", "a trio".

Knows nothing of years of release, lengths and prices (see figures.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from chatrec.generation.about import said_of_title
from chatrec.generation.claims import Claims, one_name
from chatrec.generation.counts import AGE, TIMES, Count, counts_in, is_number, number_of
from chatrec.generation.mentions import key_of, name_key
from chatrec.generation.vocabulary import GROUP_WORDS, NUMBER_WORDS
from chatrec.generation.words import fold, stem, word_set

GROUP_WORD = re.compile(rf"\b(?!double of\b|double-?cross)(?:{'|'.join(GROUP_WORDS)})\b")
_TWOSOMES = word_set(
    "couple pair both twin twins sisters brothers friends lovers newlyweds girlfriend boyfriend"
)
_TWO_NAMES = re.compile(r"\b[A-Z][\w']+ and [A-Z][\w']+\b(?! and)")
_NAMESAKES = re.compile(
    rf"\b(?P<count>{'|'.join(NUMBER_WORDS)}) (?:of the )?<p(?P<who>\w)>"
    r"(?:s\b| (?:brothers|sisters|siblings))"
)
_JOINED = re.compile(  # "joins a scientist and a fisherman": three with the one who does
    r"\b(?:joins?|meets?|recruits?|hires?|befriends?|accompan\w+|teams? up with|with|alongside) "
    r"(?:an?|the|his|her) (?:[\w-]+ ){1,3}?and (?:an?|the|his|her) (?:[\w-]+ ){0,2}?"
    r"(?:m[ae]n|[a-z]+(?:er|or|ist|man|ian|an|ant|ent|boy|girl|lady|kid|ess))\b"
)
_GATHERS = re.compile(r"\b(?:picks|recruits|hires|joins|meets|gathers|enlists|befriends) $")
_ANOTHER = word_set("other another copy double parallel twin again")  # what makes one a second
MANY = 1000  # years and sums of money count no people
_MEMBER = r"(?:an?|the|his|her|their|its|[A-Z]\w+)(?: (?!\d|an? |the )[\w'-]+){0,4}?"
_PLACE = re.compile(
    r"\b(?:[Aa]t|[Ii]n|[Ff]rom|[Nn]ear|[Oo]n|[Oo]ver|[Aa]round|[Tt]hrough|[Aa]cross|of|"
    r"to) (?:the )?"
    r"(?:[A-Z][\w']*(?: [A-Z][\w']*)*|\d+)"
)
_SETTING = re.compile(
    r"^(?:After|In|At|On|When|With|During|Over|Under|From|Before|While|As|By|Through|Since|Across|"
    r"Inside|Near|Between)\b[^,]*, "
)
_AND_ONE = re.compile(
    rf"\b({'|'.join(NUMBER_WORDS)}) (?:[\w'-]+ )?[a-z]+s (?:(?:\w+ )?(?:joins?|and|with|meets?|"
    rf"hires?|"
    r"befriends?|take in|pick up|adopts?|helps?)|, [^,]{3,20} and) "
    r"(?:an?|their|the|his|her) (?![\w'-]+ (?:of|in|at)\b)"
)
_LIST = re.compile(rf"\b{_MEMBER}(?:, {_MEMBER})*,? and {_MEMBER}\b")
_AND_OTHERS = re.compile(rf"\b(?:and|with) ({'|'.join(NUMBER_WORDS)}) (?:others?|fellow|more)\b")
_THE_OTHERS = re.compile(rf"\b((?:{'|'.join(NUMBER_WORDS)})(?:-[a-z]+)?) others?\b")
_TWO_MORE = re.compile(r"\btwo (?:others|other \w+|more|companions)\b")
_GROUPED = re.compile(
    r"\b(?:the|these|those|its|both|all|any|between|of the|at least) two\b|\btwo "
    r"(?:things|of (?:its|the|your)|"
    r"reasons|in one|go together|together|share)\b|\ba (?:pair|second look|second reason|"
    r"second helping|double bill)\b|\btwo films\b|\bpair (?:of|them|it|this|well|"
    r"with)\b|\bsecond(?:ly)? (?:time|chance|viewing|helping|look|outing)\b|\bten out\b"
)
_ALL_OF = re.compile(
    rf"\b(?:all|these|those|the) ({'|'.join(NUMBER_WORDS)})\b(?! (?:hundred|thousand|million))"
)
_HERE_LISTED = re.compile(
    r"[\w'<>-]+(?: [\w'<>-]+){0,3}(?:, (?!and\b)[\w'<>-]+(?: [\w'<>-]+){0,3})*,? and "
)
_KIN = re.compile(
    rf"\b(?:his|her|their|whose|invites|gathers|calls) ({'|'.join(NUMBER_WORDS)}) (?:\w+ )?"
    r"((?:brother|sister|sibling|friend|schoolmate|classmate|colleague|companion|buddie|crewmate|"
    r"roommate|cousin|bandmate|comrade|partner)s)\b"
)
_MEMBERS = (
    "(?:men|women|soldiers|friends|buddies|pals|mates|classmates|students|schoolmates|partners|"
    "accomplices|colleagues|comrades|teammates|brothers|sisters|others|companions|crewmates|cops|"
    "officers|boys|"
    "girls|kids|thieves)"
)
_LED = re.compile(rf"\b(?:leads?|takes?) ({'|'.join(NUMBER_WORDS)}) (?:\w+ )?({_MEMBERS})\b")
_GROUP = re.compile(rf"\b({'|'.join(NUMBER_WORDS)}) (?:\w+ )?({_MEMBERS})\b")
_BESIDE = re.compile(
    r"\b(?:he|she|<p\w>|[a-z]+) and (?:his |her )?"
    rf"(?:{'|'.join(NUMBER_WORDS)}) (?:\w+ )?{_MEMBERS}\b"
)
_PLAYERS = frozenset(
    map(stem, ("actor", "lead", "star", "player", "voice", "face", "name", "people", "person"))
)
_SEVERAL_OF = re.compile(
    rf"\b(?:his|her|their|its) (?P<count>{'|'.join(NUMBER_WORDS)}|twin) (?:\w+ "
    rf")?(?P<noun>[a-z]{{3,}})s\b"
)
_SOME = re.compile(  # "two dogs", where there is one
    rf"(?<!than )\b(?P<count>{'|'.join(NUMBER_WORDS)}) (?:[\w-]+ ){{0,2}}?(?P<noun>[a-z]{{3,}}?)s\b"
)
_KINDRED = word_set(
    "brother sister friend twin rival neighbour neighbor cousin colleague lover stranger boy girl "
    "kid "
    "partner minute hour year day night week month time other soldier family generation world side"
)
_DOUBLED = re.compile(r"\b(?:double|pair|twins?|couple|both|two|another|other|second)\b")
_ONE_OF = re.compile(
    rf"\bone of (?:the |its |his |her |their )?(?P<count>{'|'.join(NUMBER_WORDS)}) (?:\w+ )?"
    r"(?P<noun>[a-z]{3,})s\b"
)
_TWINS = re.compile(r"\b(?:twins?|triplets?)\b")
_PEOPLE_STEMS = frozenset(
    map(
        stem, word_set("men women people boys girls friends lovers brothers sisters strangers kids")
    )
)
_PERSON_LIKE = re.compile(
    r"(?:er|or|ist|man|woman|ian|an|ant|ent|boy|girl|lady|kid|ess|son|friend|wife|husband|thief|"
    r"king|"
    r"queen|dog|lion|heir|twin|spy|cop|guest|hero|widow|child|nun|monk|baron|clerk|pilot)\b|"
    r"[A-Z]\w+$"
)
_YEARS = re.compile(
    rf"(?P<ahead>\b(?:forward|ahead|on)\b(?: by| some| about)* )?"
    rf"\b(?P<count>\d+|(?:{'|'.join(NUMBER_WORDS)})(?:-[a-z]+)?) years?\b"
    r"(?P<after> (?:back|forward|ahead|on|later|earlier|before|after|older|younger)\b)?"
)
_CREATOR_COUNT = re.compile(
    r"\b(?P<count>[a-z]+) (?:directors|filmmakers|film-makers|who (?:directed|made))\b"
    r"(?: (?:of|behind) <t(?P<of>\w)>)?"
)
_OWN_COUNT = re.compile(r"(?P<title><t\w>)'s (?P<count>[a-z]+) (?:directors|filmmakers)\b")
_ROW = re.compile(r"<p\w>(?:(?:, and|,| and) <p\w>)+")
_BACK = re.compile(r"\b(?:back|backwards)\b")
_EARLIER = re.compile(r"\b(?:back|backwards|earlier|before|older)\b")
_FORTH = re.compile(r"\b(?:forward|ahead|on)\b")
_LATER = re.compile(r"\b(?:forward|ahead|on|later|after|younger)\b")


def own_text(claims: Claims) -> str:
    """What the item says itself, folded, without the names and titles of others."""
    item = claims.item
    texts = (item.title, item.description, *item.keywords, *item.facts.values())
    return fold(one_name(" . ".join(texts)))


def told_counts(text: str, said: str) -> list[Count]:
    """What a folded text counts; "her three sisters" makes four sisters of them all.

    Unless ``said``, the sentence, speaks of "her sisters" too.
    """
    led = [f"{NUMBER_WORDS[match[1]] + 1} {match[2]}" for match in _LED.finditer(text)]
    alone = [f"{NUMBER_WORDS[match[1]] - 1} {match[2]}" for match in _GROUP.finditer(text)]
    beside = alone if _BESIDE.search(said) else []
    if _KIN.search(said):
        return [*counts_in(text), *counts_in(" . ".join((*led, *beside)))]
    more = [*led, *beside]
    more += [f"{NUMBER_WORDS[match[1]] + 1} {match[2]}" for match in _KIN.finditer(text)]
    return [*counts_in(text), *counts_in(" . ".join(more))]


def without_distances(claims: Claims, text: str) -> str:
    """``text`` without the distances in years that the years of the facts bear out.

    "Go back four years" from a title named, "thirty years back" to a year that the story tells.
    """
    year = claims.item.year
    if year is None:
        return text
    titles = {item.year for title in claims.titles.values() for item in title.items}
    ways_back, ways_forth = (_BACK, _FORTH) if claims.titles else (_EARLIER, _LATER)
    if not claims.titles:
        given = (claims.lookups.items_of.get(" ".join(key), ()) for key in claims.given_keys)
        titles = {item.year for items in given for item in items}
    told = {int(found) for found in re.findall(r"\b1[5-9]\d\d\b|\b20\d\d\b", own_text(claims))}

    def judge(match: re.Match[str]) -> str:
        around = f"{text[max(0, match.start() - 24) : match.start()]} {match.group()}"
        said = number_of(match["count"])
        steps = {year - other for other in titles if other is not None}
        steps |= {other - year for other in told}
        back, forth = bool(ways_back.search(around)), bool(ways_forth.search(around))
        ways = (-said,) if back and not forth else (said,) if forth and not back else (said, -said)
        return " " if steps.intersection(ways) else match.group()

    return _YEARS.sub(judge, text)


def without_creator_counts(claims: Claims, text: str) -> str:
    """``text`` without the true counts of directors: "one of five directors", "both directors"."""

    def judge(match: re.Match[str]) -> str:
        title = claims.titles.get(match["of"]) if match["of"] else None
        items = title.items if title else (claims.item,)
        said = GROUP_WORDS.get(match["count"]) or NUMBER_WORDS.get(match["count"], 0)
        if all(len(item.creators) != said for item in items):
            return match.group()
        return f"directors of <t{match['of']}>" if match["of"] else "directors"

    return _CREATOR_COUNT.sub(judge, _OWN_COUNT.sub(r"\g<count> directors of \g<title>", text))


def tally_problems(claims: Claims, text: str, known: set[str]) -> Iterator[str]:
    """Counts in words that neither the facts nor the names and lists of the sentence bear out."""
    text = _GROUPED.sub(" ", text)
    people = len(claims.people)
    listed = _listed(claims.item.description) | _all_of_list(text)
    people_listed = _listed(claims.item.description, of_people=True) | _all_of_list(text)
    more = _and_one(fold(claims.item.description))
    listed, people_listed = listed | more, people_listed | more
    others = {number_of(word) for word in _THE_OTHERS.findall(text) if is_number(word)}
    cast = {name_key(name) for name in claims.item.cast}
    people_here = dict.fromkeys((*claims.item.cast, *claims.item.creators))
    namesakes = Counter(key[-1] for key in map(key_of, people_here) if key)
    kin = {
        number_of(match["count"])
        for match in _NAMESAKES.finditer(text)
        if 1 < number_of(match["count"]) <= namesakes[claims.people[match["who"]].split()[-1]]
    }
    shared = {len(cast & title.performers()) for title in claims.titles.values()}
    for count in counts_in(text):
        if count.value in others and f"{count.value + 1:.12g}" in known:
            continue  # "twenty-three others" of twenty-four
        if (
            (count.text[0].isdigit() and count.nouns[:1] != AGE)
            or count.value == 1
            or f"{count.value:.12g}" in known
        ):
            continue
        if count.value == 2 and (_is_of_two(claims) or _TWO_MORE.search(text)):
            continue
        if count.value in (
            people_listed if _PEOPLE_STEMS.intersection(count.nouns[:1]) else listed
        ):
            continue
        if count.value in kin:
            continue  # "three Marx Brothers", of the cast
        if count.value in shared and _PLAYERS.intersection(map(stem, count.nouns)):
            continue  # "the same five actors" as in a title
        of_people = not count.nouns or _PLAYERS.union(_PEOPLE_STEMS).intersection(
            map(stem, count.nouns)
        )
        if people != count.value or not of_people:
            yield f"number {count.text!r} is not among the facts"
    yield from _several_of_one(claims, text)
    rows = {people, *(row.count("<p") for row in _ROW.findall(claims.masked))}
    for match in GROUP_WORD.finditer(text):
        word = match.group()
        alike = {other for other, value in GROUP_WORDS.items() if value == GROUP_WORDS[word]}
        told = str(GROUP_WORDS[word]) in known or bool(alike & claims.words)
        told = told or (GROUP_WORDS[word] == 2 and _is_of_two(claims))
        told = told or said_of_title(claims, match)
        told = told or (2 in rows and text.startswith("double act", match.start()))
        told = told or (word == "second" and bool(_ANOTHER & claims.words))
        if not told and not (word in ("duo", "pair", "trio") and GROUP_WORDS[word] in rows):
            yield f"number {word!r} is not among the facts"


def _several_of_one(claims: Claims, text: str) -> Iterator[str]:
    """``her two brothers``, ``two regiments``, ``one of three``, ``twins``, where one is told."""
    own, told = own_text(claims), fold(claims.item.description)
    for match in _SEVERAL_OF.finditer(text):
        one, noun = match["noun"], match["noun"] + "s"
        alone = re.search(
            rf"\b(?:his|her|their) (?:(?!two|three)[\w-]+ ){{0,2}}?{one}\b(?!')", told
        )
        if (re.search(rf"\b{one}\b", own) and not re.search(rf"\b{noun}\b", own)) or (
            alone and not re.search(rf"\b{noun}\b", told)
        ):
            yield f"number {match['count']!r}: the facts tell of one {one}"
    for match in _SOME.finditer(text):
        one, value = match["noun"], NUMBER_WORDS[match["count"]]
        if value < 2 or one in _KINDRED or _PERSON_LIKE.search(one) or _DOUBLED.search(own):
            continue
        alone = re.search(rf"\b(?:an?|one) (?:[\w-]+ ){{0,2}}?{one}\b(?!['-])", told)
        if alone and not re.search(rf"\b{one}(?:s|es)\b", own):
            yield f"number {match['count']!r}: the facts tell of one {one}"
    for match in _ONE_OF.finditer(text):
        if re.search(rf"\b(?:sole|only|lone|single) (?:[\w-]+ )?{match['noun']}\b", told):
            yield f"number {match['count']!r}: the facts tell of a single {match['noun']}"
    several = re.search(r"\bone of (?:only )?(?:two|three|four|five|several|many)\b", text)
    if several and re.search(r"\b(?:sole|only|lone) [a-z]+", told) and several.group() not in told:
        yield f"number {several.group()!r}: the facts tell of a single one"
    for match in _TWINS.finditer(text):
        if not re.search(r"\b(?:twin|triplet|double|identical)", own):
            yield f"number {match.group()!r} is not among the facts"


def _listed(text: str, *, of_people: bool = False) -> set[int]:
    """How many are listed in ``text``: four in "a widow, her son, his friend and his dog".

    ``of_people`` leaves out lists of other things: "bohemian Paris, a war and a chalet".

    Two go without saying. Empty where the text counts anything in words: then its numbers are
    what can be said.
    """
    counts = counts_in(fold(text))
    if any(1 < count.value < MANY and not TIMES.issuperset(count.nouns[:1]) for count in counts):
        return set()
    plain = _PLACE.sub("", _SETTING.sub("", text))
    more = {
        match.group().count(",") - match.group().count(", and") + 3
        for match in _LIST.finditer(plain)
        if _GATHERS.search(plain[: match.start()])
    }
    return (
        {2}
        | more
        | {
            match.group().count(",") - match.group().count(", and") + 2
            for match in _LIST.finditer(plain)
            if not of_people or _lists_people(match.group())
        }
    )


def _lists_people(listed: str) -> bool:
    members = re.split(r", (?:and )?| and ", listed)
    return 2 * sum(bool(_PERSON_LIKE.search(member)) for member in members) >= len(members)


def _and_one(text: str) -> set[int]:
    """Three in "two drifters join a prospector" and in "Zod and two other convicts"."""
    more = [*_AND_ONE.findall(text), *_AND_OTHERS.findall(text)]
    return {NUMBER_WORDS[word] + 1 for word in more} | ({3} if _JOINED.search(text) else set())


def _is_of_two(claims: Claims) -> bool:
    """Whether the facts tell of two without a number: twins, "Schmidt and Jenko"."""
    return bool(claims.words & _TWOSOMES or _TWO_NAMES.search(claims.item.description))


def _all_of_list(text: str) -> set[int]:
    """The number in "all three", where the text lists as many: "music, romance and dancing"."""
    said = {NUMBER_WORDS[word] for word in _ALL_OF.findall(text)}
    if not said:
        return said
    return said & {
        match.group().count(",") - match.group().count(", and") + 2
        for match in _HERE_LISTED.finditer(text)
    }
