"""The forms in which one piece of evidence stands in a sentence: the slots of the plans.

Knows evidence, the domain's nouns and a few English rules; knows nothing about plans or models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chatrec.generation.evidence import ASKED, FREE, IN_TITLE, SEPARATOR, split_link
from chatrec.generation.fact_words import read_fact
from chatrec.generation.themes import (
    is_mood,
    is_place,
    is_statement,
    kind_of_work,
    proper,
    theme,
)
from chatrec.generation.wording import (
    GENRE_ADJECTIVES,
    GENRE_DOMAINS,
    GENRE_NOUNS,
    GENRES_ALONE,
    LAST_NOUNS,
    PLAIN_TIE,
    STORY_DOMAINS,
    TIES,
)
from chatrec.generation.words import word_set
from chatrec.prompting import domain_words
from chatrec.types import Evidence

JOINT = " + "  # between two genres that are said as one kind
STORY_WORDS = 19  # of a description, at most, in a sentence
CUT_WORDS = 8  # a description is cut after no fewer words
CLAUSE_WORDS = 4  # fewer since the last comma are part of a list

_LISTED = re.compile(r"[&,/+>|\d]|\band\b")
# "demons" -> "demon": what stands before a noun is singular, but not "sports", "politics", "arts".
_SINGULAR = re.compile(r"(?<![sui])(?<!ic)(?<!sport)(?<!art)(?<!new)(?<!serie)(?<!specie)s$")
_SENTENCE = re.compile(r"(?<![A-Z])(?<!Dr)(?<!Mr)(?<!Mrs)(?<!St)[.!?]\s")
_CUT = re.compile(
    r",? (?:while|until|but|whose|who|where|only to|when|which|before|after|because|and|even as) |"
    r", as |; "
)
_NO_CUT = re.compile(r"\b(?:between|both|either|neither|not|whether|if|too|so|such)\b", re.I)
_RELATIVES = frozenset({"who", "whose", "where", "which", "when", "a", "an", "the"})
_VERB = re.compile(r" (?:must|can|will|may|have|had|[a-z]*[a-rt-z]s|[a-z]+ed)\b")
_JUST_OPENED = re.compile(r"\b(?:as|but|while|when|where|who|that|until|if)(?: \S+){1,3}$")
_UNENDED = re.compile(  # "and lands" (where?), "two weeks" (before what?)
    r"\band [a-z]+s$|\b(?:\d+|an?|one|two|three|four|five|six|ten|few|several) "
    r"(?:minute|hour|day|night|week|month|year|decade)s?$"
)
_OPENS_LATE = re.compile(
    r"(?:When|After|As|If|While|Before|Once|Since|Though|Although|Until|\w+ing|\w+ed)\b"
)
_LOWER_STARTS = word_set(
    """a an the two three four five six seven eight nine ten in on after when with at to over from
    while during between one young newly former retired sent bored widowed fired left driven stuck
    raised betrayed divorced broke fleeing hiding chased told aboard tired hired blamed as before
    once since his her their its every each some rival"""
)
_WITH_ARTICLE = frozenset(
    {"USA", "UK", "US", "Netherlands", "Soviet Union", "Czech Republic", "Philippines"}
)
_CAN_BE_ASKED = frozenset(
    {
        "creator", "cast", "keyword", "keyword_mood", "keyword_statement", "keyword_place", "genre",
        "country", "language", "year", "runtime",
    }
)  # fmt: skip


def variant(piece: Evidence) -> str:
    """The key of the piece's plans: its kind, refined by what the keyword is and who asked.

    >>> variant(Evidence("keyword", "tense", "your words"))
    'keyword_mood_asked'
    """
    kind = piece.kind
    if kind in ("keyword", "shared_keyword"):
        word = split_link(piece)[0]
        if kind_of_work(word)[0]:
            kind = kind.replace("keyword", "genre")
        refined = {"_place": is_place, "_statement": is_statement, "_mood": is_mood}
        kind += next((n for n, holds in refined.items() if kind[-1] == "d" and holds(word)), "")
    if kind == "fact":
        fact = read_fact(piece.text)
        return f"fact_{fact.kind}" if fact is not None else "fact"
    if kind == "price" and piece.text == FREE:
        return "price_free"
    if kind == "match" and piece.source == IN_TITLE:
        return "match_title"
    if kind == "language" and piece.text.casefold() == "silent":
        return "silent"
    return f"{kind}_asked" if piece.source == ASKED and kind in _CAN_BE_ASKED else kind


def adjective_of(piece: Evidence, noun: str, domain: str) -> str:
    """``noun`` with the genre or mood before it, or in its place; unchanged where it cannot."""
    if piece.kind == "genre" and domain in GENRE_DOMAINS:
        return kind_of(piece.text, domain, noun)[0]
    return f"{piece.text} {noun}" if variant(piece) == "keyword_mood" else noun


def kind_of(genre: str, domain: str, noun: str = "") -> tuple[str, str]:
    """What works of a genre are called, one and several.

    >>> kind_of("Sci-Fi", "film"), kind_of("Comedy", "film")
    (('sci-fi film', 'sci-fi films'), ('comedy', 'comedies'))
    """
    words = domain_words(domain)
    *others, genre = genre.split(JOINT)
    if others:
        before = " ".join(_adjective(cased_genre(other)) for other in others)
        one, many = kind_of(genre, domain, noun)
        return f"{before} {one}", f"{before} {many}"
    noun, name = noun or words["noun"], cased_genre(genre)
    if domain not in GENRE_DOMAINS or _stands_alone(name):
        shelf = f"in the {genre} category"
        return f"{words['noun']} {shelf}", f"{words['plural']} {shelf}"
    several = GENRE_NOUNS.get(name.casefold()) if domain != "music" else None
    if several and noun == words["noun"]:
        return {"film-noir": "film noir"}.get(name, name), several
    return f"{_adjective(name)} {noun}", f"{_adjective(name)} {words['plural']}"


def joined_genres(pieces: Sequence[Evidence], domain: str) -> list[Evidence]:
    """``pieces`` with two genres that are wished for, or shared with one title, made one piece.

    What is a noun for a work stands last: "psychological thriller". Other pieces stay as they are.
    """
    found = list(pieces)
    for piece in pieces:
        title = split_link(piece)[1]
        alike = [p for p in found if _joins(p, piece, title)]
        if piece not in alike or len(alike) < 2 or domain not in GENRE_DOMAINS:
            continue
        pair = sorted(alike[:2], key=lambda p: _place(split_link(p)[0]))
        if any(_stands_alone(cased_genre(split_link(p)[0])) for p in pair):
            continue
        text = JOINT.join(split_link(p)[0] for p in pair)
        text += f"{SEPARATOR}{title}" if title else ""
        at = min(found.index(p) for p in pair)
        found = [p for p in found if p not in pair]
        found.insert(at, Evidence(piece.kind, text, piece.source))
    return found


def is_kind(piece: Evidence, domain: str) -> bool:
    """Whether a genre is best told to a decoder as the kind of work: two in one, or a category."""
    return JOINT in piece.text or domain not in GENRE_DOMAINS


def _place(genre: str) -> int:
    """Where a genre stands beside another: adjectives first, then the nouns in their order."""
    folded = genre.casefold()
    return LAST_NOUNS.index(folded) if folded in LAST_NOUNS else -1


def _joins(piece: Evidence, other: Evidence, title: str) -> bool:
    linked = piece.kind == "shared_genre" and split_link(piece)[1] == title
    asked = piece.kind == "genre" and piece.source == ASKED
    alike = piece.kind == other.kind and piece.source == other.source
    return alike and (linked or asked) and JOINT not in piece.text


def _adjective(name: str) -> str:
    return GENRE_ADJECTIVES.get(name.casefold(), _SINGULAR.sub("", name))


def _stands_alone(name: str) -> bool:
    """Whether a genre is no adjective: "other", "Books & Reference", "Health, Mind and Body"."""
    return name.casefold() in GENRES_ALONE or bool(_LISTED.search(name)) or len(name.split()) > 3


def cased_genre(genre: str) -> str:
    """A genre as it stands inside a sentence: in lower case unless it is an abbreviation."""
    genre = genre.replace(JOINT, " and ")
    return genre if genre.isupper() else genre.lower()


def story_of(description: str) -> str:
    """The first sentence of a description, or the main clause that it begins with.

    At most 19 words, without the full stop; empty where it cannot be had that short
    or holds a colon, which would stand beside that of a plan.
    """
    head = _SENTENCE.split(description.strip(), maxsplit=1)[0].strip().rstrip(".!?")
    if ":" in head:
        return ""
    if len(head.split()) <= STORY_WORDS:
        return head
    if _OPENS_LATE.match(head):
        return ""
    for found in reversed(list(_CUT.finditer(head))):
        before = head[: found.start()]
        long_enough = CUT_WORDS <= len(before.split()) <= STORY_WORDS
        if (
            long_enough
            and not _NO_CUT.search(before)
            and _closed(before, found.group(), head[found.end() :])
        ):
            return before
    return ""


def _closed(before: str, cut: str, after: str) -> bool:
    """Whether a main clause seems to end with ``before``: no list or other clause is open there.

    A bare "and" may join two verbs of one object, so only one after a comma ends a clause.
    """
    asked_for = cut.strip(", ") in _RELATIVES and re.search(r"\bto \w+$", before)  # "to find who"
    if cut == " and " or asked_for:
        return False
    last = before.rsplit(",", 1)[-1].split()
    after_comma = "," in before
    listed = after_comma and cut.startswith(", and")
    if "," in after or listed or (after_comma and len(last) < CLAUSE_WORDS):
        return False
    if not _VERB.search(before) or (after_comma and last[0].endswith("s")):
        return False
    if _UNENDED.search(before):
        return False
    return last[0] not in _RELATIVES and not _JUST_OPENED.search(before)


def slots_of(piece: Evidence, domain: str) -> Mapping[str, str]:
    """Every slot that a plan of this piece may name, with its text."""
    words = domain_words(domain)
    name, title = split_link(piece)
    fact = read_fact(piece.text) if piece.kind == "fact" else None
    story = story_of(piece.text) if piece.kind == "description" else ""
    low = story.split(" ", 1)[0].casefold() in _LOWER_STARTS
    genre, keyword = piece.kind.endswith("genre"), piece.kind.endswith("keyword")
    kind, kinds = kind_of(name, domain) if genre else kind_of_work(name)
    tie, knew = TIES.get(piece.source, PLAIN_TIE)
    tells = domain in STORY_DOMAINS
    return {
        "noun": words["noun"],
        "plain": words["noun"],
        "nouns": words["plural"],
        "role": words["creator"],
        "made": words["made"],
        "made_by": {"wrote": "written by", "teaches": "taught by"}.get(
            words["made"], f"{words['made']} by"
        ),
        "blurb": "story" if tells else "description",
        "tale": "the story" if tells else f"this {words['noun']}",
        "inside": "in the story" if tells else "in it",
        "name": cased_genre(name) if genre else proper(name) if keyword else name,
        "theme": theme(name) if keyword else name,
        "kind": kind,
        "kinds": kinds,
        "title": title or piece.text,
        "tie": tie,
        "knew": knew[len(piece.text) % len(knew)],
        "text": piece.text,
        "country": f"the {name}" if name in _WITH_ARTICLE else name,
        "story": story[:1].lower() + story[1:] if low else story,
        "Story": story[:1].upper() + story[1:],
        "quote": f"“{piece.text}”",
        "column": fact.label if fact is not None else "",
        "value": fact.value if fact is not None else "",
    }
