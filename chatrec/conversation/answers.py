"""Answers about items and the sentence above a list, from the catalogue's facts alone.

Nothing here is generated: where the catalogue has no such fact, the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chatrec.conversation import facts, lexicon
from chatrec.conversation.columns import LENGTHS, called
from chatrec.conversation.comparison import Comparison, as_text, comparison
from chatrec.conversation.filters import filters_of
from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.conversation.phrases import say
from chatrec.conversation.questions import by_question
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned
from chatrec.conversation.utterance import fold, words_of
from chatrec.conversation.yielding import n_fitting
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import age_of
from chatrec.data.fact_limits import values_in
from chatrec.generation.evidence import SEPARATOR
from chatrec.types import Evidence, Item

MAX_COMPARED = 5
_MEASURED = (  # what is answered with a number, not with yes
    ("runtime", r"\b(?:long|short|lang|kurz|longue?|courte?|larg[oa]|cort[oa])\b"),
    ("year", r"\b(?:old|new|recent|alt|neu|vieux|recente?|viej[oa]|nuev[oa])\b"),
    ("price", r"\b(?:cheap|expensive|billig|teuer|cher|barat[oa]|car[oa])\b"),
)
MAX_BEHIND = 6  # facts told behind a reason

_VALUES: Mapping[str, Callable[[Item], str]] = {
    "creator": lambda item: ", ".join(item.creators),
    "cast": lambda item: ", ".join(item.cast),
    "year": lambda item: "" if item.year is None else str(item.year),
    "runtime": lambda item: "" if item.runtime_min is None else str(item.runtime_min),
    "genre": lambda item: ", ".join(item.genres),
    "country": lambda item: ", ".join(item.countries),
    "language": lambda item: item.language,
    "age_rating": lambda item: item.age_rating,
    "price": lambda item: "" if item.price is None else f"{item.price:g}",
    "keywords": lambda item: ", ".join(item.keywords),
    "description": lambda item: item.description,
}


def answer(question: str, item: Item, catalog: Catalog, language: Language = "en") -> str:
    """What answers a question of :mod:`chatrec.conversation.questions`.

    ``catalog`` is where the item must come from (RequestError otherwise), so that nothing but a
    catalogue fact is said.
    """
    item = catalog.get(item.item_id)
    if question.startswith("is:"):
        return _yes_or_silent(question.removeprefix("is:"), item, language)
    if question.startswith("fact:"):
        column = question.removeprefix("fact:")
        value = item.facts.get(column, "")
        label = f"{item.label}, {column.replace('_', ' ')}"
        return (
            facts.FACTS["fact"][language].format(label, value) if value else facts.UNKNOWN[language]
        )
    if "+" in question:
        return " ".join(answer(part, item, catalog, language) for part in question.split("+"))
    if question in ("why", "compare", "overview"):
        return _overview(item, language)
    if question == "unknown":
        return facts.UNKNOWN[language]
    if question == "runtime" and item.runtime_min is None:
        return _length(item, language)
    value = _VALUES[question](item)
    if not value:
        return facts.UNKNOWN[language]
    label = item.title if question == "year" else item.label
    return facts.FACTS[question][language].format(label, value)


def _pages(item: Item) -> str:
    column = next((c for c in item.facts if c.lower() in LENGTHS), None)
    return "" if column is None else f"{item.facts[column]} {column.replace('_', ' ')}"


def _length(item: Item, language: Language) -> str:
    """How many pages an item has, where that stands for a running time."""
    column = next((c for c in item.facts if c.lower() in LENGTHS), None)
    if column is None:
        return facts.UNKNOWN[language]
    label = f"{item.label}, {column.replace('_', ' ')}"
    return facts.FACTS["fact"][language].format(label, item.facts[column])


def _measured(direction: str, items: Sequence[Item], catalog: Catalog, language: Language) -> str:
    """What was compared of each item, the one that is so first."""
    question = {"newer": "year", "older": "year", "cheaper": "price"}.get(direction, "runtime")
    ordered = by_question(f"most:{direction}", items[:MAX_COMPARED])
    lines = [answer(question, item, catalog, language) for item in ordered]
    return "\n".join(dict.fromkeys(lines))


def compare(items: Sequence[Item], language: Language = "en") -> str:
    """What up to MAX_COMPARED items have in common, then their facts as a table, from 2 on."""
    items = items[:MAX_COMPARED]
    if len(items) == 1:
        return _overview(items[0], language)
    shared = [name for name in _traits(items[0]) if all(name in _traits(i) for i in items[1:])]
    said = facts.SHARED[language].format(", ".join(shared))
    lead = said if shared else facts.NOTHING_SHARED[language]
    return f"{lead}\n{as_text(comparison(items, language))}"


def compared(turned: Turned, catalog: Catalog) -> Comparison | None:
    """The table of the items that a message asks to compare; None where it asks for no such."""
    items = [catalog.get(item_id) for item_id in turned.focus if item_id in catalog]
    if turned.act != "ask" or turned.question != "compare" or len(items) < 2:
        return None
    return comparison(items[:MAX_COMPARED], turned.language)


def why(item: Item, reason: str, evidence: Sequence[Evidence], language: Language = "en") -> str:
    """The reason shown for an item, repeated, and the facts it stands on; never empty."""
    known = [said for piece in evidence if (said := _said(piece, language))]
    told = list(dict.fromkeys(known))[:MAX_BEHIND]
    if not told:
        return f"{item.label}: {reason}"
    return facts.WHY[language].format(item.label, reason, ", ".join(told))


def _said(piece: Evidence, language: Language) -> str:
    """A fact in few words; a description, which a reason quotes itself, is none."""
    if piece.kind == "description":
        return ""
    if piece.kind == "similar":
        return say("near", language, piece.text)
    value, separator, title = piece.text.partition(SEPARATOR)
    if piece.kind in ("genre", "shared_genre"):
        value = named("genre", value, language)
    return f"{value} ({title})" if separator else value


def reply_text(turned: Turned, n_results: int, state: DialogueState, catalog: Catalog) -> str:
    """What to say to a message, above the list of ``n_results`` items if there is one.

    Acknowledges what was understood, says what could not be used and, where nothing fits, which
    filter stands in the way. ``state`` is the one that the list was made for.
    """
    language = turned.language
    if turned.act == "ask":
        return _joined(_answers(turned, catalog), turned.note)
    if turned.act in ("smalltalk", "nonsense", "out_of_scope", "care") or (
        turned.act == "reset" and not n_results
    ):
        return turned.note
    parts = [turned.note]
    if turned.act == "feedback":
        judged = _judgements(turned, state, catalog)
        parts.append(say("noted", language, "; ".join(judged)) if judged else "")
    if n_results:
        parts.append(_heading(n_results, state, catalog, turned.unknown, language))
    elif turned.act != "undo":
        parts += [_sentence(say("nothing", language), language), _way_out(state, catalog, language)]
    if turned.unknown:
        quoted = ", ".join(say("wish", language, words) for words in turned.unknown)
        parts.append(say("unknown", language, quoted))
    return _joined(*parts)


def _answers(turned: Turned, catalog: Catalog) -> str:
    items = [catalog.get(item_id) for item_id in turned.focus if item_id in catalog]
    if not items:
        return facts.WHICH[turned.language]
    if turned.question == "compare":
        return compare(items, turned.language)
    if turned.question.startswith("most:"):
        return _measured(turned.question.removeprefix("most:"), items, catalog, turned.language)
    lines = (
        answer(turned.question, item, catalog, turned.language) for item in items[:MAX_COMPARED]
    )
    return "\n".join(lines)


def _overview(item: Item, language: Language) -> str:
    runtime = "" if item.runtime_min is None else facts.MINUTES.format(item.runtime_min)
    known = (
        ", ".join(item.genres),
        ", ".join(item.creators),
        ", ".join(item.cast[:3]),
        runtime or _pages(item),
        item.age_rating,
        "" if item.price is None else f"{item.price:g}",
        item.description,
    )
    listed = "; ".join(part for part in known if part)
    if not listed:
        return f"{item.label}: {facts.UNKNOWN[language]}"
    return facts.FACTS["description"][language].format(item.label, listed)


def _traits(item: Item) -> list[str]:
    language = [item.language] if item.language else []
    return [*item.genres, *item.creators, *item.cast, *item.countries, *language, *item.keywords]


def _yes_or_silent(words: str, item: Item, language: Language) -> str:
    """ "Yes" with the fact that says so; never a "no", which the catalogue can't vouch for."""
    if re.search(
        r"\b(?:kids?|children|child|famil\w+|suitable|appropriate|kinder|enfants|ninos)\b", words
    ):
        return answer_rating(item, language)
    measured = next((q for q, pattern in _MEASURED if re.search(pattern, words)), None)
    if measured is not None:
        value = _VALUES[measured](item)
        if measured == "runtime" and not value:
            return _length(item, language)
        label = item.title if measured == "year" else item.label
        filled = facts.FACTS[measured][language].format(label, value)
        return filled if value else facts.UNKNOWN[language]
    found = _evidence(words, item)
    if found:
        return facts.SAYS_SO[language].format(item.label, found)
    listed = ", ".join((*item.genres, *item.keywords))
    if not listed:
        return facts.UNKNOWN[language]
    return facts.SAYS_NOTHING[language].format(item.label, listed)


def answer_rating(item: Item, language: Language) -> str:
    """The age rating, with the age it stands for where that is known."""
    if not item.age_rating:
        return facts.UNKNOWN[language]
    age = age_of(item.age_rating)
    rating = item.age_rating if age is None else f"{item.age_rating} ({age}+)"
    return facts.FACTS["age_rating"][language].format(item.label, rating)


def _evidence(words: str, item: Item) -> str:
    """The genre, theme, language or country of the item that the words ask for; "" for none."""
    asked = words_of(words)
    genres = {words_of(genre): genre for genre in item.genres}
    for names, spoken in lexicon.GENRES.values():
        if any(re.search(rf"\b{re.escape(form)}\b", asked) for form in lexicon.forms(spoken)):
            genre = next((genres[n] for n in lexicon.forms(names) if n in genres), None)
            if genre is not None:
                return genre
    themes: list[str] = []
    for spec, refused, _ in lexicon.THEMES.values():
        if any(re.search(rf"\b{re.escape(form)}\b", asked) for form in lexicon.forms(spec)):
            themes += refused
    for value in (value for fact in item.facts.values() for value in values_in(fact)):
        if any(re.search(rf"\b{re.escape(form)}\b", asked) for form in called(value)):
            return value
    listed = (*item.genres, *item.keywords, *item.countries, item.language, item.age_rating)
    for value in filter(None, listed):
        key = words_of(value)
        if key in themes or any(re.search(rf"\b{re.escape(theme)}\b", key) for theme in themes):
            return value
        if key and re.search(rf"\b{re.escape(key)}\b", asked):
            return value
    content = [word for word in asked.split() if len(word) > 3]
    return next((v for v in listed if any(word in fold(v).split() for word in content)), "")


def _judgements(turned: Turned, state: DialogueState, catalog: Catalog) -> list[str]:
    found = []
    for kind, ids in (("liked", state.liked), ("disliked", state.disliked), ("seen", state.seen)):
        titles = [catalog.get(i).title for i in turned.focus if i in ids and i in catalog]
        if titles:
            found.append(say(kind, turned.language, ", ".join(titles)))
    return found


def _heading(
    n_results: int,
    state: DialogueState,
    catalog: Catalog,
    unknown: Sequence[str],
    language: Language,
) -> str:
    known: list[str] = [
        chip.label for chip in filters_of(state.constraints, state.unless, language)
    ]
    near = [catalog.get(i).title for i in state.near if i in catalog]
    if near:
        known.append(say("near", language, ", ".join(near)))
    liked = [catalog.get(i).title for i in state.liked if i in catalog and i not in state.near]
    if liked:
        known.append(say("liked", language, ", ".join(liked[-3:])))
    if state.wish and not known and state.wish not in unknown:
        known.append(say("wish", language, state.wish))
    lead = say("here_one", language) if n_results == 1 else say("here", language, n_results)
    if not known:
        return _sentence(lead, language)
    separator = {"fr": " : ", "zh": "："}.get(language, ": ")
    return _sentence(f"{lead}{separator}{', '.join(known)}", language)


def _way_out(state: DialogueState, catalog: Catalog, language: Language) -> str:
    """Which one filter to drop for the most results; nothing is promised that wasn't counted."""
    if n_fitting(replace(state, allow_repeats=True), catalog):
        return say("repeats", language)
    best: tuple[int, str] = (0, "")
    for chip, label in zip(
        state.filters(), filters_of(state.constraints, state.unless, language), strict=True
    ):
        best = max(best, (n_fitting(state.without(chip.name, chip.value), catalog), label.label))
    if best[0]:
        return say("relax", language, best[1], best[0])
    return say("relax_all", language) if len(state.filters()) > 1 else ""


def _sentence(text: str, language: Language) -> str:
    if text.endswith("."):
        return text
    return text + ("。" if language == "zh" else ".")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
