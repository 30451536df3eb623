"""The text of one reason beside what is known of its item, ready to be checked.

Holds the sentence with its people and titles masked (``<pa>``, ``<tb>``, the item itself
``<self>``), so that patterns can speak of "a person" and "a title". The world wars have many
names; here they have one each, in the sentence and in the facts. Knows nothing of any rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import split_link
from chatrec.generation.mentions import (
    Lookups,
    Mention,
    Token,
    key_of,
    lookups_of,
    mentions_in,
    name_key,
    tokens_of,
)
from chatrec.generation.vocabulary import GENRE_ALIASES, SYNONYM_GROUPS
from chatrec.generation.words import fold, stem, words_of
from chatrec.types import Evidence, Item

FIRST_SPARE_LETTER = 0x4E00  # marks beyond the 26th mention
_TO_USER = re.compile(r"\byour?\b", re.I)
_ROW = re.compile(r"<t\w>(?:(?:, and|,| and| or)? (?:then |also |[a-z]+er than )?<t\w>)+")
_TITLE = re.compile(r"<t(\w)>")
_LEADING = r"(?:(?:the|his|her|an?) )?(?:(?!your\b)[\w'’-]+ ){0,3}?"
_TITLES_HERE = (
    r"(?P<row><t\w>(?:(?:, and|,| and) <t\w>)*)"
    r"(?!'|, (?:about|in which|where|which|an?\b|the story|the tale))"
)
_WHO = (
    r"<p(?P<who>\w)>,? (?:(?:who|the|also|once|later|previously|earlier|had|has|and|both|again|"
    r"first|then|would|a|best|known|for|fresh|from) )*"
)
_MAKER_OF = re.compile(
    rf"(?:{_WHO}(?:(?:went |goes |go )?(?:on )?to (?:direct|make)|"
    r"directed|made|helmed|co-directed|co-director of|directing|making|director of|"
    r"maker of|"
    r"(?:director|man|woman) behind)|\b(?:director|filmmaker|maker|man|woman) (?:of|behind|who "
    rf"(?:also )?(?:made|directed))) {_LEADING}{_TITLES_HERE}"
)
_STAR_OF = re.compile(
    rf"{_WHO}(?:starred in|played in|appeared in|acted in|was in|stars? of) {_LEADING}"
    rf"{_TITLES_HERE}"
)
_RESPECTIVELY = re.compile(
    r"<p(?P<maker>\w)> and <p(?P<star>\w)>, (?:the )?(?:director|maker) and (?:the )?"
    r"(?:lead |leading )?(?:star|actor|actress|lead|leading (?:lady|man)) (?:of|in|from) "
    r"<t(?P<of>\w)>"
)
_UNMARKED = re.compile(r"[<>]")
_BRACKET = re.compile(r"\[$")
_CLOSED = re.compile(r"\][\u00b2\u00b3]?")
_INNER_MARK = re.compile(r"[!?](?=,| [a-z(])")
_ABBREVIATED = re.compile(r"\bu\.s\.(?:a\.)?|\bu\.k\.")
_FONDNESS = re.compile(r"\byour (?:dear |own |old )?(?:favou?rite|beloved|cherished) (?=<t)")
_FIRST_WAR = re.compile(
    r"\b(?:the )?(?:first world war|great war|world war (?:one|1|i)|ww ?(?:1|i))\b", re.I
)
_SECOND_WAR = re.compile(
    r"\b(?:the )?(?:second world war|world war (?:two|2|ii)|ww ?(?:2|ii))\b", re.I
)


@dataclass(frozen=True, slots=True)
class Title:
    """A mentioned title: what the catalogue and the evidence know of it."""

    name: str
    own: bool
    given: bool
    items: tuple[Item, ...]
    links: frozenset[str]
    sources: frozenset[str] = frozenset()

    def people(self) -> frozenset[str]:
        """Folded names of everyone of that title, from the catalogue or from the evidence."""
        return self.creators() | self.performers() | self.links

    def creators(self) -> frozenset[str]:
        return frozenset(name_key(name) for item in self.items for name in item.creators)

    def performers(self) -> frozenset[str]:
        return frozenset(name_key(name) for item in self.items for name in item.cast)


@dataclass(frozen=True, slots=True)
class Claims:
    """A sentence and the facts it may use. Texts are folded; ``masked`` is the sentence.

    ``text`` is the sentence itself and ``marked`` the masked one with its capital letters;
    ``asked`` holds what the evidence says that the user's own words ask for.
    """

    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    text: str
    marked: str
    masked: str
    item: Item
    titles: dict[str, Title]
    people: dict[str, str]
    own_text: str
    own_key: tuple[str, ...]
    words: frozenset[str]
    stems: frozenset[str]
    lookups: Lookups
    given_keys: frozenset[tuple[str, ...]]
    asked: str

    @property
    def genres(self) -> frozenset[str]:
        return genres_of(self.item)

    def told_of(self, name: str) -> frozenset[str]:
        """Folded words that the catalogue tells of a title; empty without evidence for it."""
        key = key_of(name)
        items = self.lookups.items_of.get(" ".join(key), ()) if key in self.given_keys else ()
        return frozenset(word for item in items for word in key_of(item_words(item)))

    def free_tokens(self) -> list[tuple[int, Token]]:
        """Index and token of every word outside the mentions."""
        taken = {index for found in self.mentions for index in range(found.first, found.last)}
        return [pair for pair in enumerate(self.tokens) if pair[0] not in taken]


def genres_of(item: Item) -> frozenset[str]:
    """The item's genres under their canonical names.

    >>> sorted(genres_of(Item("1", "Moon", genres=("Science Fiction", "Drama"))))
    ['drama', 'sci-fi']
    """
    folded = (fold(genre) for genre in item.genres)
    return frozenset(GENRE_ALIASES.get(genre, genre) for genre in folded)


def item_words(item: Item, evidence: Sequence[Evidence] = ()) -> str:
    """Everything that the item and its evidence say, as one folded text."""
    parts = [
        item.title, str(item.year or ""), *item.genres, *item.creators, *item.cast,
        *item.countries, item.language, *item.keywords, item.description, item.age_rating,
        *(f"{column} {value}" for column, value in item.facts.items()),
        *(piece.text for piece in evidence),
    ]  # fmt: skip
    return fold(one_name(" . ".join(part for part in parts if part)))


def one_name(text: str) -> str:
    """``text`` with one name for each of the world wars.

    >>> one_name("during the First World War, before WW2")
    'during World War I, before World War II'
    """
    return _SECOND_WAR.sub("World War II", _FIRST_WAR.sub("World War I", text))


def read_claims(
    sentence: str, item: Item, evidence: Sequence[Evidence], catalog: Catalog
) -> Claims:
    """Finds the mentions of ``sentence`` and sets it beside the facts of the item."""
    lookups = lookups_of(catalog)
    sentence = one_name(sentence)
    links = [split_link(piece) for piece in evidence if piece.kind.startswith("shared_")]
    given = {title: None for _, title in links}
    given |= {piece.text: None for piece in evidence if piece.kind == "similar"}
    tokens = tokens_of(sentence)
    own_text = item_words(item, evidence)
    sources = _sources(evidence)
    told = [item for title in given for item in lookups.items_of.get(" ".join(key_of(title)), ())]
    own = " . ".join(
        (item.title, *(part for one in (item, *told) for part in _places_and_story(one)))
    )
    found = mentions_in(
        sentence,
        tokens,
        lookups,
        (item.title, *given),
        (*item.creators, *item.cast, *_linked_people(evidence)),
        frozenset(key_of(own)) | frozenset(key_of(" ".join((*item.cast, *item.creators)))),
    )
    titles: dict[str, Title] = {}
    people: dict[str, str] = {}
    marks: list[str] = []
    given_keys = {key_of(title): title for title in given}
    for position, mention in enumerate(found):
        letter = ascii_lowercase[position] if position < 26 else chr(FIRST_SPARE_LETTER + position)
        key = key_of(mention.name)
        if mention.kind == "person":
            people[letter] = name_key(mention.name)
            marks.append(f"<p{letter}>")
        elif key == key_of(item.title):
            marks.append("<self>")
        else:
            name = given_keys.get(key, mention.name)
            shared = frozenset(name_key(what) for what, title in links if key_of(title) == key)
            known = _sharing(lookups.items_of.get(" ".join(key), ()), shared)
            source = sources.get(key, frozenset())
            titles[letter] = Title(name, False, key in given_keys, known, shared, source)
            marks.append(f"<t{letter}>")
    words = frozenset(words_of(own_text))
    marked = _mark(sentence, tokens, found, marks)
    if not _TO_USER.search(sentence):
        titles |= _tied(titles, marked)
    titles |= _credited(titles, people, marked, item)
    marked = _RESPECTIVELY.sub(lambda match: _both_of(match, titles, people), marked)
    credited = {key_of(title.name) for title in titles.values() if title.given}
    return Claims(
        tuple(tokens), tuple(found), sentence, marked, _mask(marked), item, titles, people,
        own_text, key_of(own_text), words, _stems(words), lookups,
        frozenset(given_keys) | credited,
        fold(" . ".join(piece.text for piece in evidence if _is_asked(piece))),
    )  # fmt: skip


def _places_and_story(item: Item) -> tuple[str, ...]:
    return (item.description, *item.keywords, *item.countries, item.language)


def _sharing(items: tuple[Item, ...], names: frozenset[str]) -> tuple[Item, ...]:
    """Of several items of one title those that have what the evidence says is shared."""
    if len(items) < 2 or not names:
        return items
    kept = tuple(item for item in items if names <= _values(item))
    return kept or items


def _tied(titles: Mapping[str, Title], marked: str) -> dict[str, Title]:
    """The titles named in one breath with a given one that shares the same person with them.

    "Like <ta> and <tb>": the evidence names one title for each shared name and leaves the others
    unsaid. A title that stands by itself has no such excuse.
    """
    found: dict[str, Title] = {}
    for row in _ROW.findall(marked):
        letters = _TITLE.findall(row)
        linked = [titles[letter] for letter in letters if letter in titles]
        ties = frozenset().union(*(t.people() & t.links for t in linked if t.given))
        beside = {letter for letter in letters if letter in titles}
        found |= {
            letter: replace(titles[letter], given=True)
            for letter in beside
            if titles[letter].people() & ties
        }
    return found


def _both_of(match: re.Match[str], titles: Mapping[str, Title], people: Mapping[str, str]) -> str:
    """``<pa> and <pb>, both of <tc>`` for "director and star of <tc>", where that is so."""
    title = titles.get(match["of"])
    maker, star = people.get(match["maker"]), people.get(match["star"])
    if title is None or maker not in title.creators() or star not in title.performers():
        return match.group()
    return f"<p{match['maker']}> and <p{match['star']}>, both of <t{match['of']}>"


def _credited(
    titles: Mapping[str, Title], people: Mapping[str, str], marked: str, item: Item
) -> dict[str, Title]:
    """Titles that the catalogue bears out as made by, or with, somebody of the item named beside.

    "<pa>, director of <tb>, made this"; nothing where the catalogue does not know it of them.
    """
    own = frozenset(name_key(name) for name in (*item.creators, *item.cast))
    makers = frozenset(name_key(name) for name in item.creators)
    found: dict[str, Title] = {}
    for pattern, of_title in ((_MAKER_OF, Title.creators), (_STAR_OF, Title.performers)):
        for match in pattern.finditer(marked):
            names = {people[match["who"]]} & own if match["who"] else makers
            for letter in _TITLE.findall(match["row"]):
                if letter in titles and names & of_title(titles[letter]):
                    found[letter] = replace(titles[letter], given=True)
    return found


def _values(item: Item) -> frozenset[str]:
    texts = (*item.creators, *item.cast, *item.genres, *item.keywords)
    return frozenset(name_key(text) for text in texts)


def _is_asked(piece: Evidence) -> bool:
    return piece.kind == "match" or piece.source == "your words"


def _linked_people(evidence: Sequence[Evidence]) -> list[str]:
    kinds = ("shared_creator", "shared_cast")
    return [split_link(piece)[0] for piece in evidence if piece.kind in kinds]


def _sources(evidence: Sequence[Evidence]) -> dict[tuple[str, ...], frozenset[str]]:
    """The key of each title that the evidence names, with the sources that name it."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for piece in evidence:
        linked = piece.kind.startswith("shared_")
        if linked or piece.kind == "similar":
            key = key_of(split_link(piece)[1] if linked else piece.text)
            found[key] = found.get(key, frozenset()) | {piece.source}
    return found


def _mark(
    sentence: str, tokens: Sequence[Token], found: Sequence[Mention], marks: Sequence[str]
) -> str:
    pieces: list[str] = []
    position = 0
    for mention, mark in zip(found, marks, strict=True):
        start, end = tokens[mention.first].start, tokens[mention.last - 1].end
        before = _BRACKET.sub("", sentence[position:start])  # "[REC]" is marked with its brackets
        pieces += [_UNMARKED.sub(" ", before), mark]
        closed = _CLOSED.match(sentence, end) if len(before) < start - position else None
        end = closed.end() if closed else end
        junior = tokens[mention.last - 1].folded in ("jr", "sr") and sentence.startswith(".", end)
        marked = mention.kind == "title" and _INNER_MARK.match(sentence, end) is not None
        end += junior or marked
        if mention.kind == "title" and sentence.startswith("...", end):  # "Say Anything... and"
            end += len("...")
        position = end
    pieces.append(_UNMARKED.sub(" ", sentence[position:]))
    return "".join(pieces)


def _mask(marked: str) -> str:
    text = re.sub(r"[“”\"]", "", fold(marked).replace("’", "'"))
    text = _ABBREVIATED.sub(lambda m: "usa" if m.group().startswith("u.s") else "uk", text)
    text = _FONDNESS.sub("", text)
    return re.sub(r"[–—]", " - ", text)


def _stems(words: frozenset[str]) -> frozenset[str]:
    """Stems of the words and of their near synonyms."""
    stems = {stem(word) for word in words}
    near = [group for group in SYNONYM_GROUPS if group & stems]
    return frozenset(stems.union(*near))
