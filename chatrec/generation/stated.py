"""What code alone says in a reason, taken out before the check, and what may not be said besides.

Facts of columns without a field, quotes and words found in a title come from fixed statements
(see phrasing.py). A sentence may hold those statements, or their core ("26 episodes"), and nothing
else about such columns: no other word on the column, its value or its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import split_link
from chatrec.generation.fact_words import columns_of, read_fact, telling_facts
from chatrec.generation.phrasing import is_stated, statements_of
from chatrec.generation.vocabulary import GENRE_ALIASES
from chatrec.generation.wording import STORY_DOMAINS
from chatrec.generation.words import STOP_WORDS, fold, stem, words_of
from chatrec.prompting import domain_words
from chatrec.types import Evidence, Item

_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FREE = r"\b(?:is|it's|are|for) free\b|\bfree (?:of charge|to \w+|{noun}s?)\b|\bcosts? nothing\b"


def take_stated(
    sentence: str, item: Item, evidence: Sequence[Evidence], catalog: Catalog
) -> tuple[str, tuple[str, ...]]:
    """``sentence`` without what code states of ``item``, and what else it says of such facts.

    The domain's noun gives way to "film" where it is a genre elsewhere ("anime").
    """
    columns = columns_of(catalog)
    facts = [Evidence("fact", text, "catalogue") for text in telling_facts(item, columns)]
    given = [piece for piece in evidence if is_stated(piece, catalog.domain)]
    rest = sentence
    for piece in dict.fromkeys((*given, *facts)):
        for statement in statements_of(piece, catalog.domain):
            rest = rest.replace(statement, "")
        rest = _without_core(rest, piece)
    problems = tuple(dict.fromkeys(_problems(rest, item, evidence, catalog.domain)))
    return _plain_noun(rest, catalog.domain).strip(), problems


def _without_core(text: str, piece: Evidence) -> str:
    """``text`` without the words that a fact has in every statement of it."""
    fact = read_fact(piece.text) if piece.kind == "fact" else None
    if fact is None:
        return text
    label, value = re.escape(fact.label), re.escape(fact.value)
    core = {
        "rating": rf"\brated {value}(?![\w.])",
        "count": rf"(?<![\w.,]){value}\b",
        "event": rf"\b{label} in {value}\b",
        "label": rf"\b{label}(?: here| of this [a-z]+)? is {value}(?!\w)|"
        rf"\b{value} as its {label}\b",
    }[fact.kind]
    return re.sub(core, "", text)


def _plain_noun(text: str, domain: str) -> str:
    words = domain_words(domain)
    if fold(words["noun"]) not in GENRE_ALIASES:
        return text
    text = re.sub(rf"\b{re.escape(words['plural'])}\b", "films", text)
    return re.sub(rf"\b{re.escape(words['noun'])}\b", "film", text)


def _problems(rest: str, item: Item, evidence: Sequence[Evidence], domain: str) -> Iterator[str]:
    known = _known_text(item, evidence)
    stems = {stem(word) for word in words_of(known)}
    said = {stem(word) for word in words_of(fold(rest))}
    numbers = set(_NUMBER.findall(known))
    for column, value in item.facts.items():
        parts = [part.casefold() for part in _NAME_PART.findall(column)]
        name = parts[-1] if parts else ""
        if name and name not in STOP_WORDS and stem(name) in said - stems:
            yield f"says the column {column!r} in words of its own"
        if _says_value(rest, value, known, numbers):
            yield f"says {value!r}, of the column {column!r}, in words of its own"
    free = _FREE.format(noun=re.escape(domain_words(domain)["noun"]))
    said_free = domain not in STORY_DOMAINS and re.search(free, rest, re.I) is not None
    if said_free and item.price != 0 and "free" not in words_of(known):
        yield "says that it is free"


def _says_value(rest: str, value: str, known: str, numbers: set[str]) -> bool:
    value = value.strip()
    if _NUMBER.fullmatch(value):
        return value not in numbers and value in _NUMBER.findall(rest)
    folded = fold(value)
    if not folded or folded in known or folded in STOP_WORDS:
        return False
    return bool(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", rest))


def _known_text(item: Item, evidence: Sequence[Evidence]) -> str:
    """Everything known of the item but for its columns without a field, folded."""
    titles = (split_link(p)[1] or p.text for p in evidence if p.kind != "fact")
    parts = (
        item.title, str(item.year or ""), *item.genres, *item.creators, *item.cast,
        *item.countries, item.language, *item.keywords, item.description, item.age_rating,
        "" if item.price is None else f"{item.price:.2f}", str(item.runtime_min or ""), *titles,
    )  # fmt: skip
    return fold(" . ".join(part for part in parts if part))
