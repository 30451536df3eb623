"""Words evidence as prompt lines and as whole sentences, in many styles.

Knows evidence and the domain's nouns; knows nothing about models. The sentences serve twice: as
training examples for the decoder, and as the plain reason shown where the decoder failed. The
plans themselves stand in plans.py and wording.py; ``[a|b]`` is a choice, ``{name}`` a slot.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from chatrec.generation.evidence import split_link
from chatrec.generation.plans import LEADS
from chatrec.generation.wording import (
    FACT_LINES,
    GENRE_ADJECTIVES,
    GENRES_ALONE,
    MOODS,
    PROPER_PHRASES,
    PROPER_WORDS,
    TAILS,
)
from chatrec.prompting import Message, Prompt, domain_words, one_line, render
from chatrec.types import Evidence, Item

MIN_WORDS, MAX_WORDS = 10, 32
FACT_CHARS = 160
TITLE_CHARS = 80
TRIES = 40
ADJECTIVE_SHARE = 0.6

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiouAEIOU8“]?[aeiouAEIOU8])(?!(?:one|uni|use|eu)\w*)")
_MOOD_ENDINGS = ("ful", "ous", "ish", "less", "some", "hearted", "paced")
_LOWER_STARTS = frozenset(
    """a an the two three four five six seven eight nine ten in on after when with at to over from
    while during between one young newly former retired sent bored widowed fired left driven stuck
    raised betrayed divorced broke fleeing hiding chased told aboard tired hired blamed as before
    once, since""".replace(",", "").split()
)


def fact_line(piece: Evidence, domain: str) -> str:
    """One prompt line that says the piece in plain words; long texts are cut at 160 characters."""
    words = _slots(piece, domain)
    return one_line(FACT_LINES[_variant(piece)].format_map(words), FACT_CHARS)


def sentence(evidence: Sequence[Evidence], domain: str, rng: random.Random) -> str:
    """One sentence (sometimes two) of 10 to 32 words that says the first piece, then others.

    Fewer than 10 words come out only where the evidence holds too little to say.

    Raises:
        ValueError: ``evidence`` is empty.
    """
    if not evidence:
        raise ValueError("no evidence to word: give at least one piece")
    best = ""
    for _ in range(TRIES):
        text = _attempt(evidence, domain, rng)
        length = len(text.split())
        if MIN_WORDS <= length <= MAX_WORDS:
            return text
        if not best or abs(length - MIN_WORDS) < abs(len(best.split()) - MIN_WORDS):
            best = text
    return best


def leads_well(piece: Evidence) -> bool:
    """Whether a sentence can start from this piece (a long description cannot)."""
    return piece.kind != "description" or len(first_sentence(piece.text).split()) <= 24


def first_sentence(text: str) -> str:
    """The first sentence of ``text`` without its full stop (titles such as Dr. do not end one)."""
    head = re.split(r"(?<![A-Z])(?<!Dr)(?<!Mr)(?<!Mrs)(?<!St)[.!?]\s", text.strip(), maxsplit=1)[0]
    return head.strip().rstrip(".!?")


def _attempt(evidence: Sequence[Evidence], domain: str, rng: random.Random) -> str:
    lead, *rest = evidence
    plan = _expand(rng.choice(LEADS[_variant(lead)]), rng)
    slots = dict(_slots(lead, domain))
    adjective = next((piece for piece in rest if _adjective(piece)), None)
    if adjective is not None and "{noun}" in plan and rng.random() < ADJECTIVE_SHARE:
        slots["noun"] = f"{_adjective(adjective)} {slots['noun']}"
        rest.remove(adjective)
    text = plan.format_map(slots)
    rest = [piece for piece in rest if _variant(piece) in TAILS]
    wanted = rng.choice((0, 1, 1, 1, 2)) if len(text.split()) >= MIN_WORDS else rng.choice((1, 2))
    return _finish(_with_tails(text, rest[:wanted], domain, rng))


def _with_tails(text: str, pieces: Sequence[Evidence], domain: str, rng: random.Random) -> str:
    """``text`` with one more clause, phrase or sentence for each piece; no form comes twice."""
    used: set[str] = set()
    for piece in (_unlinked(piece, text) for piece in pieces):
        clauses = [tail for tail in TAILS[_variant(piece)] if not tail.startswith("with ")]
        phrases = [tail for tail in TAILS[_variant(piece)] if tail.startswith("with ")]
        forms = [form for form in ("stop", "and", "and", "with", "with") if form not in used]
        form = "stop" if text.endswith("?") else rng.choice(forms)
        form = "and" if form == "with" and not phrases else form
        used |= {form} if form != "stop" else {"stop", "and", "with"}
        tail = _expand(rng.choice(phrases if form == "with" else clauses), rng)
        tail = tail.format_map(_slots(piece, domain))
        joint = {"stop": ". ", "and": ", and ", "with": ", "}[form]
        text += joint + (_capital(tail) if form == "stop" else tail)
        if used >= {"and", "with"}:
            break
    return text


def _unlinked(piece: Evidence, text: str) -> Evidence:
    """A link to a title that ``text`` names already becomes the plain fact."""
    name, title = split_link(piece)
    if title and title in text:
        return Evidence(piece.kind.removeprefix("shared_"), name, piece.source)
    return piece


def _adjective(piece: Evidence) -> str:
    """How a piece stands before the noun ("sci-fi", "1979", "eerie"); empty where it cannot."""
    if piece.kind == "genre":
        name = piece.text.lower()
        return "" if name in GENRES_ALONE else GENRE_ADJECTIVES.get(name, name)
    if piece.kind == "year" or _variant(piece) == "keyword_mood":
        return piece.text
    return ""


def _finish(text: str) -> str:
    text = _ARTICLE.sub(r"\1n ", _capital(text.strip()))
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _expand(plan: str, rng: random.Random) -> str:
    while found := _CHOICE.search(plan):
        plan = plan[: found.start()] + rng.choice(found[1].split("|")) + plan[found.end() :]
    return plan


def _variant(piece: Evidence) -> str:
    """The key of the piece's plans: its kind, with moods and silent films told apart."""
    if piece.kind in ("keyword", "shared_keyword"):
        return f"{piece.kind}_mood" if is_mood(split_link(piece)[0]) else piece.kind
    if piece.kind == "match" and is_mood(piece.text):
        return "match_mood"
    if piece.kind == "language" and piece.text.casefold() == "silent":
        return "silent"
    return piece.kind


def is_mood(keyword: str) -> bool:
    """Whether a keyword is an adjective ("suspenseful") and not a theme ("heist")."""
    folded = keyword.casefold()
    if folded in MOODS:
        return True
    return " " not in folded and folded.endswith(_MOOD_ENDINGS)


def _slots(piece: Evidence, domain: str) -> Mapping[str, str]:
    words = domain_words(domain)
    name, title = split_link(piece)
    column, _, value = piece.text.partition(": ")
    whole = first_sentence(piece.text) if piece.kind == "description" else piece.text
    starts_low = whole.split(" ", 1)[0].casefold() in _LOWER_STARTS
    return {
        "noun": words["noun"],
        "nouns": words["plural"],
        "role": words["creator"],
        "made": words["made"],
        "made_by": {"wrote": "written by", "teaches": "taught by"}.get(
            words["made"], f"{words['made']} by"
        ),
        "blurb": "story" if domain in ("film", "book", "anime") else "description",
        "name": _cased(name, piece.kind),
        "title": title or piece.text,
        "text": _cased(piece.text, piece.kind),
        "country": f"the {name}" if name in _WITH_ARTICLE else name,
        "story": whole[:1].lower() + whole[1:] if starts_low else whole,
        "Story": whole,
        "column": column.replace("_", " ").lower(),
        "value": value,
    }


_WITH_ARTICLE = frozenset(
    {"USA", "UK", "US", "Netherlands", "Soviet Union", "Czech Republic", "Philippines"}
)


def _cased(text: str, kind: str) -> str:
    """Genres in lower case, proper words inside keywords with a capital letter."""
    if kind in ("genre", "shared_genre") and not text.isupper():
        return text.lower()
    if kind == "match" and text.istitle() and text.casefold() not in PROPER_WORDS:
        text = text.lower()
    if kind in ("keyword", "shared_keyword", "match"):
        for phrase, proper in PROPER_PHRASES.items():
            text = text.replace(phrase, proper)
        return " ".join(PROPER_WORDS.get(word, word) for word in text.split(" "))
    return text


def rationale_prompt(item: Item, evidence: Sequence[Evidence], domain: str) -> Prompt:
    """The chat prompt that asks for one sentence from ``evidence``, the first piece first."""
    facts = [fact_line(piece, domain) for piece in evidence]
    parts = {
        role: render(
            "rationale",
            part=role,
            noun=domain_words(domain)["noun"],
            title=one_line(item.label, TITLE_CHARS),
            facts=facts,
        ).strip()
        for role in ("system", "user")
    }
    return (Message("system", parts["system"]), Message("user", parts["user"]))
