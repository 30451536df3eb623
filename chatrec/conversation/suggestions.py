"""Short follow-ups to offer under a list: critiques that split what is left of the pool best.

Each is a text that the user could have typed. It is read here as it would be if it came, and is
offered only if it was read as meant, leaves enough to show, and shows something else than the next
list would. Knows pools, limits and states; nothing about pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatrec.conversation.asking import chances_of
from chatrec.conversation.asking_words import spoken
from chatrec.conversation.attributes import attributes_of, telling
from chatrec.conversation.lexicon import Language
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.types import Candidate, Item

MOST = 5
MOST_READ = 10  # critiques that are tried, two of a kind
OF_ONE_KIND = 3
NEXT_CHANGED = 1 / 3  # of the next list that a critique must replace
LEAST_LEFT = 3  # items that must be left to show

Read = Callable[[str, DialogueState], Turned]
_Words = Mapping[Language, str]

_LIKE_FIRST: _Words = {
    "en": "More like the first",
    "de": "Mehr wie der erste",
    "fr": "Comme le premier",
    "es": "Como el primero",
    "zh": "类似第一部",
}
_OTHERS: _Words = {
    "en": "Show me others",
    "de": "Andere Vorschläge",
    "fr": "D'autres idées",
    "es": "Otras ideas",
    "zh": "换一批",
}
_RELATIVE: Mapping[str, Mapping[Language, tuple[str, str]]] = {
    "year": {
        "en": ("Something older", "Something newer"),
        "de": ("Älter", "Neuer"),
        "fr": ("Plus ancien", "Plus récent"),
        "es": ("Más antiguo", "Más reciente"),
        "zh": ("老一点", "新一点"),
    },
    "runtime_min": {
        "en": ("Something shorter", "Something longer"),
        "de": ("Kürzer", "Länger"),
        "fr": ("Plus court", "Plus long"),
        "es": ("Más corto", "Más largo"),
        "zh": ("短一点", "长一点"),
    },
    "price": {
        "en": ("Something cheaper", ""),
        "de": ("Billiger", ""),
        "fr": ("Moins cher", ""),
        "es": ("Más barato", ""),
        "zh": ("便宜一点", ""),
    },
}
_WITH: Mapping[str, _Words] = {
    "genre": {
        "en": "More {}",
        "de": "Mehr {}",
        "fr": "Plus de {}",
        "es": "Más {}",
        "zh": "多一点{}",
    },
    "decade": {
        "en": "From the {}s",
        "de": "Aus den {}ern",
        "fr": "Des années {}",
        "es": "De los años {}",
        "zh": "{}年代的",
    },
    "country": {"en": "From {}", "de": "Aus {}", "fr": "{}", "es": "De {}", "zh": "{}的"},
    "language": {"en": "In {}", "de": "Auf {}", "fr": "En {}", "es": "En {}", "zh": "{}的"},
    "person": {"en": "With {}", "de": "Mit {}", "fr": "Avec {}", "es": "Con {}", "zh": "{}的"},
}
_WITHOUT: _Words = {
    "en": "No {}",
    "de": "Ohne {}",
    "fr": "Sans {}",
    "es": "Sin {}",
    "zh": "不要{}",
}
_MILDER: _Words = {
    "en": "Less violent",
    "de": "Weniger brutal",
    "fr": "Moins violent",
    "es": "Menos violento",
    "zh": "不要暴力",
}


@dataclass(frozen=True, slots=True)
class _Critique:
    """A text to offer; ``kind`` is what it is about, ``share`` the guessed part that it keeps."""

    kind: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class _Left:
    """What of the pool was not shown yet, best first, with the chance of each."""

    items: tuple[Item, ...]
    chances: tuple[float, ...]


class Suggestions:
    """Offers follow-ups for lists of one catalogue."""

    def __init__(self, catalog: Catalog, read: Read) -> None:
        """``read`` reads a message in a state as it will be read if it comes."""
        self._catalog = catalog
        self._read = read
        self._attributes = tuple(a for a in attributes_of(catalog) if a.kind in _WITH)

    def offered(self, state: DialogueState, ranked: Sequence[Candidate]) -> tuple[str, ...]:
        """At most MOST follow-ups to the state's last list, which came from ``ranked``.

        First answers to what the reply asked, then more of what leads the list, the critiques
        that split what is left best, and other items of the same wish. Nothing without a list.
        """
        if not state.last_shown:
            return ()
        shown = {*state.last_shown}
        rest = [c for c in ranked if c.item_id not in shown]
        items = tuple(self._catalog.get(c.item_id) for c in rest)
        left = _Left(items, tuple(chances_of(rest).tolist()) if rest else ())
        answers = self._answers(state)
        first = [] if answers else self._like_first(state)
        last = [_OTHERS[state.language]] if rest else []
        room = MOST - len(answers) - len(first) - len(last)
        return (*answers, *first, *self._critiques(state, left)[: max(room, 0)], *last)

    def _answers(self, state: DialogueState) -> list[str]:
        """What the question of the reply offered, where it is read as an answer."""
        kind, *values = state.question or ("",)
        if kind not in ("genre", "decade", "language", "country"):
            return []
        texts = [_capital(spoken(kind, value, state.language)) for value in values]
        return [text for text in texts if self._limits(text, state)]

    def _like_first(self, state: DialogueState) -> list[str]:
        text = _LIKE_FIRST[state.language]
        near = self._read(text, state).state.near
        return [text] if near == state.last_shown[:1] != state.near else []

    def _critiques(self, state: DialogueState, left: _Left) -> list[str]:
        """Those that change the list, the one that splits what is left best first.

        Two about the same ("older", "newer") are one too many.
        """
        if len(left.items) < LEAST_LEFT:
            return []
        possible = sorted(self._possible(state, left), key=lambda c: abs(c.share - 0.5))
        tried = [c for n, c in enumerate(possible) if _kinds(possible[:n]).count(c.kind) < 2]
        worth = [(self._worth(critique, state, left), critique) for critique in tried[:MOST_READ]]
        best: dict[str, str] = {}
        asked = state.question[:1]
        for value, critique in sorted(worth, key=lambda pair: -pair[0]):
            if value > 0 and critique.kind not in asked:
                best.setdefault(critique.kind, critique.text)
        return list(best.values())

    def _possible(self, state: DialogueState, left: _Left) -> Iterator[_Critique]:
        language, limits = state.language, state.constraints
        shown = [self._catalog.get(item_id) for item_id in state.last_shown]
        for field, words in _RELATIVE.items():
            if all(getattr(item, field) is not None for item in (*shown, *left.items[:5])):
                yield from (_Critique(field, text, 0.5) for text in words[language] if text)
        for attribute in self._attributes:
            kind = attribute.kind
            values = [attribute.values(item) for item in left.items]
            for value, share in telling(values, left.chances)[:OF_ONE_KIND]:
                name = _named(kind, value, language)
                yield _Critique(kind, _capital(_WITH[kind][language].format(name)), share)
                if kind == "genre" and value not in (*limits.genres_all, *limits.genres_any):
                    yield _Critique("refused", _WITHOUT[language].format(name), 1 - share)
        if any("violen" in keyword for item in left.items for keyword in item.keywords):
            yield _Critique("violence", _MILDER[language], 0.5)

    def _worth(self, critique: _Critique, state: DialogueState, left: _Left) -> float:
        """How evenly it splits what is left, 0 to 1; 0 where it changes or leaves too little."""
        turned = self._limits(critique.text, state)
        if turned is None:
            return 0.0
        query = turned.state.query(self._catalog)
        kept = [
            item.item_id not in query.seen and allowed(item, query.constraints)
            for item in left.items
        ]
        n = len(state.last_shown)
        changed = kept[:n].count(False) / n
        if sum(kept) < min(n, LEAST_LEFT) or changed < NEXT_CHANGED:
            return 0.0
        share = sum(p for p, keeps in zip(left.chances, kept, strict=True) if keeps)
        return 4 * share * (1 - share)

    def _limits(self, text: str, state: DialogueState) -> Turned | None:
        """What the text comes to, if it only sets limits, without a word that is not understood."""
        turned = self._read(text, state)
        refined = turned.state.constraints != state.constraints and not turned.renewed
        meant = turned.act in ("recommend", "critique") and turned.language == state.language
        same = (turned.state.near, turned.state.liked) == (state.near, state.liked)
        return turned if refined and meant and same and not turned.unknown else None


def _kinds(critiques: Sequence[_Critique]) -> list[str]:
    return [critique.kind for critique in critiques]


def _named(kind: str, value: str, language: Language) -> str:
    """A value as a critique says it."""
    return value if kind == "decade" else spoken(kind, value, language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
