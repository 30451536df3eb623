"""What is false in a shown reason, found by code that shares nothing with the grounding check.

It looks the facts up in the catalogue and in the conversation: people and their roles, numbers,
ratings, titles, genres, quotes, shared facts, and what the user is said to have liked, mentioned
or known. It reads English, errs on the side of silence, and knows nothing about who wrote.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.prompting import domain_words
from chatrec.types import Item, Recommendation

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?")
_OF_SCALE = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) of (\d+)(?: by ([\d,]+))?")
_QUOTE = re.compile(r"“([^”]+)”")
_OF_BOTH = re.compile(
    r"\btitles? too\b|\b(?:both|shares?|goes with)\b.*\btitles?\b|\btitle\b.* with "
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SHARED: Mapping[str, Callable[[Item], tuple[str, ...]]] = {
    "shared_creator": lambda item: item.creators,
    "shared_cast": lambda item: item.cast,
    "shared_keyword": lambda item: item.keywords,
    "shared_genre": lambda item: item.genres,
}
_TIES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"\byou (?:liked|enjoyed|loved)\b", frozenset({"liked"})),
    (r"\byou (?:named|mentioned)\b", frozenset({"liked", "named"})),
    (r"\byou know\b", frozenset({"liked", "history"})),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the conversation has of items: by id what each is to the user, "history" the least."""

    ties: Mapping[str, str]

    @classmethod
    def of(cls, state: DialogueState) -> Known:
        """Of the state that a reply ended with."""
        ties = dict.fromkeys(state.history, "history")
        ties |= dict.fromkeys(state.near, "named")
        return cls(ties | dict.fromkeys(state.liked, "liked"))


class FactCheck:
    """Checks reasons for the items of one catalogue, whose names it indexes once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._words = domain_words(catalog.domain)
        people = {name for item in catalog for name in (*item.creators, *item.cast)}
        self._people = {_key(name): name for name in people if " " in name}
        titles = {item.title for item in catalog}
        self._titles = {_key(title): title for title in titles if len(_key(title)) > 1}
        self._genres = sorted({genre for item in catalog for genre in item.genres})
        self._longest = max((len(key) for key in (*self._people, *self._titles)), default=0)

    def faults(self, shown: Recommendation, known: Known) -> tuple[str, ...]:
        """What in the reason is not borne out, in words; empty where nothing was found."""
        text, item = shown.rationale, shown.item
        met: dict[str, list[tuple[Item, str]]] = defaultdict(list)
        for item_id, tie in known.ties.items():
            if item_id in self._catalog:
                other = self._catalog.get(item_id)
                met[" ".join(other.title.split())].append((other, tie))
        rest, named = _without(text, met)
        others = [pair for title in named for pair in met[title]]
        items = [other for other, _ in others]
        return (
            *_evidence_faults(shown, [pair[0] for pairs in met.values() for pair in pairs]),
            *self._people_faults(rest, item, items),
            *_number_faults(rest, item),
            *self._title_faults(rest, item, named),
            *self._genre_faults(rest, item, items),
            *_quote_faults(text, shown, items),
            *_tie_faults(rest, {tie for _, tie in others}),
        )

    def _people_faults(self, rest: str, item: Item, met: Sequence[Item]) -> Iterator[str]:
        role, made = re.escape(self._words["creator"]), re.escape(self._words["made"])
        for name in re.findall(rf"with ([A-Z][^,.]*?) as (?:its )?{role}", rest):
            if name not in item.creators:
                yield f"{name} is not its {self._words['creator']}"
        theirs = {name for other in met for name in (*other.creators, *other.cast)}
        for name in self._named_in(rest, self._people):
            here = re.escape(name)
            if name not in (*item.creators, *item.cast):
                if name not in theirs:
                    yield f"{name} has nothing to do with it"
                elif name not in item.description:
                    yield f"{name} is only in what was named"
                continue
            called = (
                rf"{here}(?:, who)? (?:also )?{made}|{made} by {here}|{role},? {here}|"
                rf"{here} as {role}|{here} is a {role}"
            )
            if re.search(called, rest) and name not in item.creators:
                yield f"{name} is not its {self._words['creator']}"
            plays = rf"cast (?:includes|is|has|shares) {here}|{here} (?:is in|appears in)"
            if re.search(rf"{plays}|with {here} in the cast", rest) and name not in item.cast:
                yield f"{name} is not in the cast"
            of_title = rf"{here} of TITLE|{here}, (?:also )?in TITLE|with TITLE is {here}"
            if re.search(of_title, rest) and name not in theirs:
                yield f"{name} is not of the title"

    def _title_faults(self, rest: str, item: Item, named: Sequence[str]) -> Iterator[str]:
        told = " ".join(_key(" . ".join((item.title, *_texts(item)))))
        for title in self._named_in(rest, self._titles):
            alien = title != item.title and " ".join(_key(title)) not in told
            if alien and not any(" ".join(_key(title)) in " ".join(_key(n)) for n in named):
                yield f"title {title} was not named"
        if not named and re.search(r"\bwhich you (?:liked|named|know)\b", rest):
            yield "speaks of a title that is not there"

    def _genre_faults(self, rest: str, item: Item, met: Sequence[Item]) -> Iterator[str]:
        told = " ".join((*item.genres, *_texts(item), item.title)).casefold()
        folded = rest.casefold()
        for genre in self._genres:
            called = (
                rf"\b(?:an?|another|this|the) (?:[\w-]+ ){{0,2}}{re.escape(genre.casefold())}\b"
            )
            if re.search(called, folded) and genre.casefold() not in told:
                yield f"genre {genre}"
        for theme in item.keywords if met else ():
            shared = any(theme in other.keywords for other in met)
            if not shared and f"{theme} too" in folded and "title" in folded:
                yield f"{theme} is not shared"

    def _named_in(self, text: str, names: Mapping[tuple[str, ...], str]) -> list[str]:
        """The names that stand in ``text`` with a capital, each once."""
        spans = list(_WORD.finditer(text))
        words = [_folded(span.group()) for span in spans]
        found: dict[str, None] = {}
        for start, span in enumerate(spans):
            if not span.group()[0].isupper() and not span.group()[0].isdigit():
                continue
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                name = names.get(tuple(words[start:end]))
                if name is not None and name in text:
                    found[name] = None
        return list(found)


def _without(text: str, titles: Mapping[str, object]) -> tuple[str, list[str]]:
    """``text`` with each of ``titles`` in it as TITLE, the longest first; and which they are."""
    named = []
    for title in sorted(titles, key=len, reverse=True):
        if title and stands(title, text):
            named.append(title)
            text = text.replace(title, "TITLE")
    return text, named


def _evidence_faults(shown: Recommendation, met: Sequence[Item]) -> Iterator[str]:
    """Pieces that the catalogue does not bear out."""
    item = shown.item
    own: Mapping[str, tuple[str, ...]] = {
        "creator": item.creators,
        "cast": item.cast,
        "keyword": item.keywords,
        "genre": item.genres,
        "country": item.countries,
        "year": (str(item.year),),
        "language": (item.language,),
    }
    for piece in shown.evidence:
        name, _, title = piece.text.partition(" | ")
        if piece.kind in own and piece.text not in own[piece.kind]:
            yield f"evidence {piece.kind} {piece.text} is not the item's"
        if piece.kind in _SHARED:
            held = [o for o in met if o.title == title and _has(_SHARED[piece.kind](o), name)]
            if not held or not _has(_SHARED[piece.kind](item), name):
                yield f"evidence {piece.kind} {piece.text} is not shared"
        if piece.kind == "shared_title" and not (_in(name, item.title) and _in(name, title)):
            yield f"evidence {piece.kind} {piece.text} is not in both titles"
        if piece.kind == "similar" and piece.text not in {other.title for other in met}:
            yield f"evidence similar {piece.text} was never named"


def _number_faults(rest: str, item: Item) -> Iterator[str]:
    values = {value: _float(value) for value in item.facts.values()}
    for value, scale, raters in _OF_SCALE.findall(rest):
        held = (v for v in values.values() if v is not None and round(v, 1) == float(value))
        if not any(v <= float(scale) for v in held):
            yield f"rated {value} of {scale}"
        if raters and float(raters.replace(",", "")) not in values.values():
            yield f"rated by {raters}"
    facts = " ".join((item.title, *_texts(item), item.age_rating))
    allowed = {*_numbers(facts), _plain(str(item.year)), _plain(str(item.runtime_min))}
    allowed |= {f"{number:g}" for number in values.values() if number is not None}
    if item.price is not None:
        allowed |= {f"{item.price:.2f}", f"{item.price:g}"}
    for number in _numbers(_OF_SCALE.sub(" ", rest)):
        if number not in allowed:
            yield f"number {number}"


def _quote_faults(text: str, shown: Recommendation, met: Sequence[Item]) -> Iterator[str]:
    """Quotes that neither the item nor the wish has; of both titles, where it says so."""
    item = shown.item
    wished = " ".join(piece.text for piece in shown.evidence if piece.kind == "match")
    told = "\n".join((item.title, *_texts(item), *item.facts.values(), wished))
    for quoted in _QUOTE.findall(text):
        if not _in(quoted, told):
            yield f"quote {quoted}"
            continue
        in_both = _in(quoted, item.title) and any(_in(quoted, other.title) for other in met)
        if _OF_BOTH.search(text) and not in_both:
            yield f"{quoted} is not in both titles"


def _tie_faults(rest: str, ties: set[str]) -> Iterator[str]:
    for said, allowed in _TIES:
        found = re.search(said, rest, re.I)
        if found and "TITLE" in rest and not ties & allowed:
            yield f"“{found.group()}” does not hold"


def stands(phrase: str, text: str) -> bool:
    """Whether ``phrase`` stands in ``text`` with no letter or digit right before or after it."""
    return bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text))


def _in(phrase: str, text: str) -> bool:
    return stands(phrase.casefold(), text.casefold())


def _has(values: Sequence[str], name: str) -> bool:
    return name.casefold() in {value.casefold() for value in values}


def _texts(item: Item) -> tuple[str, ...]:
    return (item.description, *item.keywords, *item.cast, *item.creators)


def _numbers(text: str) -> list[str]:
    return [_plain(number) for number in _NUMBER.findall(text)]


def _plain(number: str) -> str:
    return number.replace(",", "")


def _float(value: str) -> float | None:
    plain = value.strip().replace(",", "")
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _folded(word: str) -> str:
    return word.casefold().replace("’", "'")


def _key(name: str) -> tuple[str, ...]:
    return tuple(_folded(word) for word in _WORD.findall(name))
