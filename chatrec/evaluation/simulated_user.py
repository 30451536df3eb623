"""A simulated user: wants one item, knows facts about it, and never says which one it is.

The target stays in here. What the user says comes from templates; what it asked for and ruled out
is kept in a ledger of its own, by which lists are judged without looking at the system's state. The
user sees what a person would: the list, and what the reply asked.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chatrec.evaluation.simulated_words import (
    PLACES,
    decade_word,
    genre_word,
    said,
    with_typo,
)
from chatrec.types import Item

Holds = Callable[[Item], bool]

TYPOS = 0.15  # of the messages that name no title
IGNORED = 0.5  # of the questions, by an impatient user
INDIFFERENT = 0.1  # of the questions: no opinion
KNOWS_YEAR = 0.5  # of the users
APART_YEARS = 3  # how far almost all of a list is off the target's year to be too old or too new
ALIKE = 0.5  # of the genres of either that items of a kind have in common
FAVOURITES = 2  # that a user names at most
UNSAID = frozenset({"IMAX", "Children", "(no genres listed)"})  # as nobody asks for them so


@dataclass(frozen=True, slots=True)
class Persona:
    """``messages`` is how many the user writes before giving up.

    An impatient user leaves half the questions unanswered; a contradictory one first asks for a
    genre or a decade that is wrong, and corrects it with the next message.
    """

    name: str
    messages: int
    patient: bool
    consistent: bool


PERSONAS = (
    Persona("patient, consistent", 8, True, True),
    Persona("patient, contradictory", 8, True, False),
    Persona("impatient, consistent", 5, False, True),
    Persona("impatient, contradictory", 5, False, False),
)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a simulated user is after. ``favourites`` are items that it may name; ``accepted`` are
    the ids of all items held out for this user, the target among them.
    """

    user: str
    target: Item
    favourites: tuple[Item, ...]
    accepted: frozenset[str]


@dataclass(slots=True)
class Ledger:
    """What the user has asked for, and which shown items it has turned down; grows as it talks.

    ``rules`` are by name; what is said anew of the same thing takes the old rule's place.
    """

    rules: dict[str, Holds] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)

    def broken(self, item: Item) -> list[str]:
        """The names of the rules that the item breaks."""
        return [name for name, holds in self.rules.items() if not holds(item)]

    def wants(self, genre: str) -> None:
        """From now on every item must have the genre."""
        self.rules[f"genre {genre}"] = lambda item: genre in item.genres

    def refuses(self, genre: str) -> None:
        """From now on no item may have the genre."""
        self.rules[f"no {genre}"] = lambda item: genre not in item.genres

    def dated(self, first: int, last: int) -> None:
        """Years in figures; they take the place of "older" and "newer"."""
        self.rules.pop("newer", None)
        self.rules.pop("older", None)
        self.rules["years"] = lambda item: item.year is not None and first <= item.year <= last

    def newer(self, than: int) -> None:
        """Newer than the oldest of a list; it turns back an earlier "older"."""
        self.rules.pop("older", None)
        self.rules["newer"] = lambda item: item.year is not None and item.year > than

    def older(self, than: int) -> None:
        """Older than the newest of a list; it turns back an earlier "newer"."""
        self.rules.pop("newer", None)
        self.rules["older"] = lambda item: item.year is not None and item.year < than


class UserSimulator:
    """One user in one dialogue; what it does depends on ``draw`` and on what it is shown alone."""

    def __init__(self, goal: Goal, persona: Persona, draw: random.Random) -> None:
        """The target must have a year and a genre that can be said."""
        self.ledger = Ledger()
        self._target = goal.target
        self._persona = persona
        self._draw = draw
        assert goal.target.year is not None
        self._year = goal.target.year
        self._genres = [genre for genre in goal.target.genres if genre not in UNSAID]
        draw.shuffle(self._genres)
        self._favourites = draw.sample(goal.favourites, min(FAVOURITES, len(goal.favourites)))
        self._untold = ["decade", "not", *("genre" for _ in self._genres)]
        self._untold += ["favourite"] * len(self._favourites)
        self._untold += ["year"] if draw.random() < KNOWS_YEAR else []
        self._wrong: Callable[[], str] | None = None  # says what was meant

    def opens(self) -> str:
        """The first message."""
        if not self._persona.consistent:
            return self._typed(self._opens_wrongly())
        ways = ("vague", "genre", "both", "favourite")
        way = self._draw.choices(ways, [1, 4, 2, 3])[0]
        if way == "favourite" and self._favourites:
            return self._favourite("open liked")
        if way == "vague":
            return self._typed(said("vague", self._draw))
        if way == "both":
            decade = self._decade()
            return self._typed(self._genre("open both", decade=decade))
        return self._typed(self._genre("open genre"))

    def replies(self, shown: Sequence[Item], question: Sequence[str]) -> str:
        """The next message after a list without the target.

        ``question`` is what the reply asked: the kind and the values offered, or nothing.
        """
        if self._wrong is not None:
            correction, self._wrong = self._wrong(), None
            return self._typed(correction)
        ignored = not self._persona.patient and self._draw.random() < IGNORED
        if question and not ignored:
            return self._answers(question, shown)
        does = self._draw.choices(("fact", "critique", "reject", "others"), [11, 4, 3, 2])[0]
        if does == "critique":
            message = self._critique(shown)
        elif does == "reject" and shown:
            return self._typed(self._reject(shown))
        else:
            message = ""
        if not message and does != "others" and self._untold:
            return self._fact(shown)
        return self._typed(message or said("others", self._draw))

    # --- Facts ---

    def _fact(self, shown: Sequence[Item]) -> str:
        fact = self._draw.choice([f for f in self._untold if f != "year"] or ["year"])
        if fact == "favourite":
            return self._favourite("liked")
        if fact == "genre":
            return self._typed(self._genre("genre"))
        if fact == "not":
            return self._typed(self._refusal(shown))
        if fact == "year":
            self._untold.remove("year")
            self.ledger.dated(self._year, self._year)
            return said("year", self._draw, year=self._year)
        return self._typed(said("decade", self._draw, decade=self._decade()))

    def _favourite(self, how: str) -> str:
        self._untold.remove("favourite")
        title = self._favourites.pop().title.split(" (")[0]  # nobody says "(a.k.a. ...)"
        return said(how, self._draw, title=title)

    def _genre(self, how: str, **words: str) -> str:
        self._untold.remove("genre")
        genre = self._genres.pop()
        self.ledger.wants(genre)
        return said(how, self._draw, genre=genre_word(genre), **words)

    def _decade(self) -> str:
        if "decade" in self._untold:
            self._untold.remove("decade")
        first = self._year // 10 * 10
        self.ledger.dated(first, first + 9)
        return decade_word(self._year, self._draw)

    def _refusal(self, shown: Sequence[Item]) -> str:
        """ "No horror" where something shown is horror and the target isn't."""
        self._untold.remove("not")
        counts = Counter(g for i in shown for g in i.genres if g not in self._target.genres)
        lacked = [genre for genre, _ in counts.most_common() if genre not in UNSAID]
        if not lacked:
            return said("others", self._draw)
        self.ledger.refuses(lacked[0])
        return said("not", self._draw, genre=genre_word(lacked[0]))

    def _critique(self, shown: Sequence[Item]) -> str:
        """ "Too old" or "too new" where all of the list but one is so; "" where it isn't."""
        years = sorted(item.year for item in shown if item.year is not None)
        if len(years) < 3:
            return ""
        if years[-2] < self._year - APART_YEARS:
            self.ledger.newer(years[0])
            return said("newer", self._draw)
        if years[1] > self._year + APART_YEARS:
            self.ledger.older(years[-1])
            return said("older", self._draw)
        return ""

    def _reject(self, shown: Sequence[Item]) -> str:
        place = self._draw.randrange(min(len(shown), len(PLACES)))
        self.ledger.rejected.add(shown[place].item_id)
        how = self._draw.choice(("reject", "seen"))
        return said(how, self._draw, place=PLACES[place])

    # --- Answers ---

    def _answers(self, question: Sequence[str], shown: Sequence[Item]) -> str:
        kind, values = question[0], question[1:]
        if self._draw.random() < INDIFFERENT:
            return said("open", self._draw)
        if kind == "decade":
            return said("answer decade", self._draw, decade=self._decade())
        if kind == "genre":
            return self._answers_genre(values)
        if kind == "item":
            meant = [item for item in shown if item.item_id == values[0]]
            if meant and self._of_a_kind(meant[0]):
                return said("yes", self._draw)
            self.ledger.rejected.add(values[0])
            return said("no", self._draw)
        if kind in ("runtime", "price"):
            return self._answers_measure(kind, values)
        return self._answers_value(kind, values)

    def _answers_genre(self, values: Sequence[str]) -> str:
        fitting = [value for value in values if value in self._target.genres]
        if not fitting:
            for value in values:
                self.ledger.refuses(value)
            return said("neither", self._draw)
        genre = self._draw.choice(fitting)
        if genre in self._genres:
            self._genres.remove(genre)
            self._untold.remove("genre")
        self.ledger.wants(genre)
        return said("answer genre", self._draw, genre=genre_word(genre))

    def _answers_measure(self, kind: str, values: Sequence[str]) -> str:
        has = self._target.runtime_min if kind == "runtime" else self._target.price
        if has is None:
            return said("open", self._draw)
        within = has <= float(values[0][1:])
        if kind == "price":
            return said("yes" if within else "no", self._draw)
        return said("answer shorter" if within else "answer longer", self._draw)

    def _answers_value(self, kind: str, values: Sequence[str]) -> str:
        """About people, themes, countries, languages and plain columns."""
        target = self._target
        owned = {
            "person": (*target.creators, *target.cast),
            "theme": target.keywords,
            "country": target.countries,
            "language": tuple(part.strip() for part in target.language.split(",")),
        }.get(kind, (target.facts.get(kind.removeprefix("fact:"), ""),))
        fitting = [value for value in values if value in owned]
        if kind in ("person", "theme"):
            return said("yes" if fitting else "no", self._draw)
        if not fitting:
            return said("open", self._draw)
        return said("answer value", self._draw, value=self._draw.choice(fitting))

    def _of_a_kind(self, item: Item) -> bool:
        """Whether an item has much the same genres as the target."""
        both = {*item.genres} | {*self._target.genres}
        return len({*item.genres} & {*self._target.genres}) >= ALIKE * len(both)

    # --- Contradictions ---

    def _opens_wrongly(self) -> str:
        """Asks for a genre that the target lacks, or for another decade than its own."""
        if self._draw.random() < 0.5:
            wrong = self._year // 10 * 10 + self._draw.choice((-20, -10, 10))
            self._wrong = lambda: said("correct decade", self._draw, decade=self._decade())
            return self._genre("open both", decade=f"{wrong}s")
        others = [g for g in ("Horror", "Musical", "Western", "War") if g not in self._genres]
        self._wrong = lambda: self._genre("correct genre")
        return said("open genre", self._draw, genre=genre_word(self._draw.choice(others)))

    def _typed(self, message: str) -> str:
        return with_typo(message, self._draw) if self._draw.random() < TYPOS else message
