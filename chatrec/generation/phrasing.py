"""Words evidence as prompt lines and as whole sentences, in many styles.

Knows evidence and the domain's nouns; knows nothing about models. The sentences serve twice: as
training examples for the decoder, and as the plain reason shown where the decoder failed. What
no decoder may word, facts of columns without a field and quotes, is said by code alone, in a
statement that closes the reason. The plans themselves stand in plans.py and wording.py;
``[a|b]`` is a choice, ``{name}`` a slot.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatrec.generation.evidence import ASKED, split_link
from chatrec.generation.fact_words import read_fact
from chatrec.generation.forms import (
    adjective_of,
    is_kind,
    joined_genres,
    slots_of,
    story_of,
    variant,
)
from chatrec.generation.plans import LEADS
from chatrec.generation.quotes import is_quote
from chatrec.generation.tones import expanded, leads_in
from chatrec.generation.wording import (
    ASKED_LINE,
    FACT_LINES,
    LINK_LINE,
    STATEMENTS_OF_FACT,
    STORY_DOMAINS,
    TAILS,
)
from chatrec.prompting import Message, Prompt, domain_words, one_line, render
from chatrec.settings import Tone
from chatrec.types import Evidence, Item

MIN_WORDS, MAX_WORDS = 10, 30
OPENING_WORDS = 3
FACT_CHARS = 200
TITLE_CHARS = 80
TRIES = 40
REWORDED = 40  # further drafts, of which those that begin alike are kept
ADJECTIVE_SHARE = 0.6
STORY_SHARE = 0.65
QUOTE_ROOM = 8  # words by which a quote may make a reason longer
STATED_AT_MOST = 2  # statements, where nothing else is said; else one

_STATED_ORDER = {"quote": 0, "fact_label": 2}
_OFFER = re.compile(r"\b(?:try|take|here is|may suit|so here|put|note|see if|want)\b", re.I)
_SHARES = re.compile(r"\b(?:shares?|in common|between|link)\b")
_ASKED_FOR = re.compile(
    r"\byou (?:asked|wished|wanted|named)\b|\b[Yy]our (?:wish|words)\b|Looking for"
)
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_ARTICLE = re.compile(
    r"\b([Aa]) (?=[“]?(?:[aeioAEIO]|[uU](?!ni|se|ti|k|s[- ]|\.)|8|11\b|18\b|hono|heir|hour|R\b|NC))"
    r"(?!(?:one|eu)\b)"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence with the pieces that it says, the leading one first.

    ``body`` is the part that a decoder may write anew from ``told``; ``closing`` what code alone
    says after it, from the other pieces. Either may be empty.
    """

    body: str
    told: tuple[Evidence, ...]
    closing: str = ""
    stated: tuple[Evidence, ...] = ()

    @property
    def text(self) -> str:
        """The whole sentence or sentences."""
        return f"{self.body} {self.closing}".strip()

    @property
    def pieces(self) -> tuple[Evidence, ...]:
        """Everything that it says."""
        return (*self.told, *self.stated)

    @property
    def opening(self) -> str:
        """Its first three words as written, without a mark at the end."""
        return opening(self.text)


def fact_line(piece: Evidence, domain: str) -> str:
    """One prompt line that says the piece in plain words; long texts are cut at 200 characters."""
    kind = variant(piece)
    base = kind.removeprefix("shared_").removesuffix("_asked")
    line = FACT_LINES["kind" if base == "genre" and is_kind(piece, domain) else base]
    line += LINK_LINE if kind.startswith("shared_") else ""
    line += ASKED_LINE if kind.endswith("_asked") else ""
    return one_line(line.format_map(slots_of(piece, domain)), FACT_CHARS)


def draft(
    evidence: Sequence[Evidence], domain: str, rng: random.Random, tone: Tone = "plain"
) -> Draft:
    """A sentence (or two) of 10 to 30 words that says the first piece, then some of the others.

    How it begins is of the plans that have the ``tone``. Fewer than 10 words come out only where
    the evidence holds too little to say.

    Raises:
        ValueError: ``evidence`` holds nothing that can be worded.
    """
    told = [p for p in joined_genres(evidence, domain) if not by_code(p, domain)]
    stated = [piece for piece in evidence if by_code(piece, domain) and _sayable(piece, domain)]
    stated.sort(key=lambda piece: _STATED_ORDER.get(statement_key(piece), 1))
    if not told and not stated:
        raise ValueError("no evidence to word: give at least one piece")
    if not told:
        return _closed(None, stated, domain, rng)
    best: Draft | None = None
    for _ in range(TRIES):
        found = _closed(_attempt(told, domain, rng, tone, brief=bool(stated)), stated, domain, rng)
        length = len(found.text.split())
        if MIN_WORDS <= length <= MAX_WORDS:
            return found
        if best is None or _off(length) < _off(len(best.text.split())):
            best = found
    assert best is not None
    return best


def by_code(piece: Evidence, domain: str) -> bool:
    """Whether code alone says this piece: a column's fact, or a quote."""
    return piece.kind == "fact" or (piece.kind == "description" and domain not in STORY_DOMAINS)


def is_stated(piece: Evidence, domain: str) -> bool:
    """Whether only the fixed sentences of its plans may say this piece, whoever writes them.

    That is what code alone says, and words that its title shares with another or with the wish.
    """
    of_titles = piece.kind == "shared_title" or variant(piece) == "match_title"
    return of_titles or by_code(piece, domain)


def rewordings(
    found: Draft, domain: str, rng: random.Random, tone: Tone = "plain"
) -> tuple[str, ...]:
    """Bodies of drafts of the same pieces that begin with the same three words; ``found``'s first.

    Each is of the plans alone.
    """
    bodies = {found.body: None}
    lead, *rest = found.told
    for _ in range(REWORDED):
        rng.shuffle(rest)
        other = draft([lead, *rest, *found.stated], domain, rng, tone)
        if opening(other.body) == opening(found.body):
            bodies[other.body] = None
    return tuple(bodies)


def statement_key(piece: Evidence) -> str:
    """The key of the statements of a piece that code alone says."""
    return "quote" if piece.kind == "description" else variant(piece)


def statements_of(piece: Evidence, domain: str) -> tuple[str, ...]:
    """Every sentence by which code may say this piece, the longest first."""
    slots = slots_of(piece, domain)
    key = statement_key(piece)
    plans = (*LEADS.get(key, ()), *STATEMENTS_OF_FACT.get(key, ()))
    found = {_finish(plan.rstrip("~").format_map(slots)) for p in plans for plan in expanded(p)}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def wordable(evidence: Sequence[Evidence], domain: str) -> list[Evidence]:
    """The pieces that a sentence can say."""
    return [p for p in evidence if not by_code(p, domain) or _sayable(p, domain)]


def leads_well(piece: Evidence) -> bool:
    """Whether a sentence can start from this piece (a description too long to show cannot)."""
    return piece.kind != "description" or bool(story_of(piece.text))


def opening(text: str) -> str:
    """The first three words of a sentence as written, without a mark at their end."""
    return " ".join(text.split()[:OPENING_WORDS]).rstrip(",.:;?!")


def rationale_prompt(
    item: Item,
    evidence: Sequence[Evidence],
    domain: str,
    start: str = "",
    tone: Tone = "plain",
) -> Prompt:
    """The chat prompt that asks for one sentence from ``evidence``, the first piece first.

    ``start`` are the words that the sentence is to begin with; empty leaves them open.
    """
    facts = [fact_line(piece, domain) for piece in evidence]
    parts = {
        role: render(
            "rationale",
            part=role,
            noun=domain_words(domain)["noun"],
            title=one_line(item.label, TITLE_CHARS),
            facts=facts,
            start=one_line(start, TITLE_CHARS),
            tone=tone,
        ).strip()
        for role in ("system", "user")
    }
    return (Message("system", parts["system"]), Message("user", parts["user"]))


def _off(length: int) -> int:
    return max(MIN_WORDS - length, length - MAX_WORDS, 0)


def _sayable(piece: Evidence, domain: str) -> bool:
    if piece.kind == "fact":
        return read_fact(piece.text) is not None
    return piece.kind != "description" or is_quote(piece.text)


def _closed(
    found: Draft | None, stated: Sequence[Evidence], domain: str, rng: random.Random
) -> Draft:
    """``found`` closed by what code says, as far as there is room; led by it where None."""
    said: list[Evidence] = []
    sentences: list[str] = []
    if found is None:
        said.append(stated[0])
        plan = _expand(rng.choice(LEADS[statement_key(stated[0])]), rng).rstrip("~")
        sentences.append(_finish(plan.format_map(slots_of(stated[0], domain))))
    for piece in stated:
        length = len(" ".join((found.body if found else "", *sentences)).split())
        kinds = {statement_key(other) for other in said}
        room = MAX_WORDS + QUOTE_ROOM - length >= len(piece.text.split())
        if len(said) < STATED_AT_MOST and statement_key(piece) not in kinds and room:
            plan = rng.choice(STATEMENTS_OF_FACT[statement_key(piece)])
            sentences.append(_finish(plan.format_map(slots_of(piece, domain))))
            said.append(piece)
            if found is not None:
                break
    body, told = (found.body, found.told) if found else ("", ())
    return Draft(body, told, " ".join(sentences), tuple(said))


def _attempt(
    evidence: Sequence[Evidence],
    domain: str,
    rng: random.Random,
    tone: Tone,
    *,
    brief: bool = False,
) -> Draft:
    """A sentence from ``evidence``; ``brief`` where a statement is to follow it."""
    lead, *rest = evidence
    plan = _expand(rng.choice(leads_in(tone, variant(lead))), rng)
    whole = not plan.endswith("~") and not _OFFER.search(plan)
    plan = plan.rstrip("~")
    slots = dict(slots_of(lead, domain))
    used = [lead]
    if "{noun}" in plan and rng.random() < ADJECTIVE_SHARE:
        for piece in _adjectives(rest, domain, rng):
            slots["noun"] = adjective_of(piece, slots["noun"], domain)
            used.append(piece)
            rest.remove(piece)
    text = plan.format_map(slots)
    rest = [_unlinked(piece, text) for piece in rest if not _alike(piece, text)]
    story = next((p for p in rest if p.kind == "description" and story_of(p.text)), None)
    if story is not None and rng.random() < STORY_SHARE:
        told = slots_of(story, domain)
        apart = ":" in text or "?" in text or rng.random() < 0.3
        text += f". {told['Story']}" if apart else f": {told['story']}"
        return Draft(_finish(text.replace("?.", "?")), (*used, story))
    rest = [p for p in rest if variant(p) in TAILS and not _same_people(p, lead)]
    kinds = sum(_names_kind(piece) for piece in used)
    rest = sorted((p for p in rest if not kinds or not _names_kind(p)), key=_names_kind)
    own = not (lead.kind.startswith("shared_") or variant(lead).endswith("_asked"))
    short = own or len(text.split()) < MIN_WORDS
    wanted = rng.choice((1, 2)) if short else rng.choice((0, 1, 1, 1, 2))
    wanted = min(wanted, 1) if brief else wanted
    text, said = _with_tails(text, rest[:wanted], domain, rng, whole=whole, one=brief)
    return Draft(_finish(text), (*used, *said))


def _adjectives(rest: Sequence[Evidence], domain: str, rng: random.Random) -> list[Evidence]:
    """At most a genre and a mood that can stand before the noun, the genre first."""
    genre = [p for p in rest if p.kind == "genre" and adjective_of(p, "x", domain) != "x"]
    mood = [p for p in rest if variant(p) == "keyword_mood"]
    found = [*genre[:1], *mood[:1]]
    return found if rng.random() < 0.5 else found[:1]


def _with_tails(
    text: str,
    pieces: Sequence[Evidence],
    domain: str,
    rng: random.Random,
    *,
    whole: bool,
    one: bool,
) -> tuple[str, list[Evidence]]:
    """``text`` with one more phrase or clause for each piece, no form twice, and what it said.

    ``one`` keeps it to one sentence.
    """
    forms = ["with", "with", "and", "stop"] if whole else ["with", "stop"]
    forms = [form for form in forms if form != "stop"] if one else forms
    forms = [f for f in forms if f == "stop"] if "?" in text or ":" in text else forms
    forms = [form for form in forms if form != "with"] if _SHARES.search(text) else forms
    said: list[Evidence] = []
    for given in pieces:
        piece = _unlinked(_once_asked(given, text), text)
        phrases = [t for t in TAILS[variant(piece)] if t.startswith(("with ", "in a "))]
        clauses = [t for t in TAILS[variant(piece)] if t not in phrases]
        phrases = [t for t in phrases if "{inside}" not in t or "story" not in text]
        able = [form for form in forms if (phrases if form == "with" else clauses)]
        if not able or _alike(piece, text) or (said and said[-1].kind == piece.kind):
            continue
        form = rng.choice(able)
        tail = _expand(rng.choice(phrases if form == "with" else clauses), rng)
        tail = tail.format_map(slots_of(piece, domain))
        if form == "stop":
            text = f"{text.removesuffix('.')}{'' if text.endswith('?') else '.'} {_capital(tail)}"
            forms = ["with"]
        else:
            text += f", {tail}" if form == "with" else f", and {tail}"
            forms = [f for f in forms if f not in (form, "and" if form == "with" else "with")]
        said.append(piece)
        if _ASKED_FOR.search(tail) and len(said) < len(pieces):
            break
    return text, said


def _once_asked(piece: Evidence, text: str) -> Evidence:
    """A fact that was asked for becomes a plain one where ``text`` speaks of the wish already."""
    if piece.source == ASKED and _ASKED_FOR.search(text):
        return replace(piece, source="catalogue")
    return piece


def _names_kind(piece: Evidence) -> bool:
    return "genre" in variant(piece)


def _same_people(piece: Evidence, lead: Evidence) -> bool:
    """Whether both name makers, or both performers: two of them read like a list."""
    plain = piece.kind.removeprefix("shared_")
    return plain in ("creator", "cast") and plain == lead.kind.removeprefix("shared_")


def _alike(piece: Evidence, text: str) -> bool:
    """Whether the piece only says that a title is close that ``text`` names already."""
    return piece.kind == "similar" and piece.text in text


def _unlinked(piece: Evidence, text: str) -> Evidence:
    """A link to a title that ``text`` names already becomes the plain fact."""
    name, title = split_link(piece)
    if title and title in text:
        return replace(
            piece, kind=piece.kind.removeprefix("shared_"), text=name, source="catalogue"
        )
    return piece


def with_articles(text: str) -> str:
    """``text`` with "an" where English asks for it."""
    return _ARTICLE.sub(r"\1n ", text)


def _finish(text: str) -> str:
    text = with_articles(_capital(text.strip()))
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _expand(plan: str, rng: random.Random) -> str:
    while found := _CHOICE.search(plan):
        plan = plan[: found.start()] + rng.choice(found[1].split("|")) + plan[found.end() :]
    return plan
