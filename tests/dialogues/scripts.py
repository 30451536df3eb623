"""Written dialogues: how their files are read, and how a turn is held against what it should do.

A file has one theme. ``## name | catalogue`` begins a dialogue, ``> words`` is what is said, the
line below it what should come of that, ``< Title + Title`` the list that the reply is taken to have
shown (otherwise the first five items that fit). What should come of it stands in parts, separated
by ``;``, each with its alternatives between `` | ``:

    recommend|critique   the act, ``*`` for any
    [Comedy, 1990-1999]  all limits afterwards, as their chips say; ``*`` stands for any chips or,
                         within one, for any letters; without this part they must be as before
    liked A + B          the verdicts that this turn adds (also: disliked, seen), ``-liked A`` those
                         it takes back; others must not change; ``!liked A``: not held afterwards
    near A, focus A      what the wish is like, what is talked about ("none": nothing)
    wish x + y, !wish x  words of the wish
    says x + y, !says x  what the answer contains, ``?`` for any letter
    shows A, !shows A    titles of the list; list, nolist: whether there is one; n 3: its length
    in de                the language of the answer
    count 3, question creator, unknown Gigli
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

from chatrec.conversation.answers import reply_text
from chatrec.conversation.filters import filters_of
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed

TODAY = date(2026, 11, 26)
K = 5
LISTS = frozenset({"recommend", "critique", "feedback", "undo"})
VERDICTS = ("liked", "disliked", "seen")
FOLDER = Path(__file__).parent

Verdict = tuple[str, str]  # "liked" or "-liked", title


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as written: where, what is said, what should come of it, the list then shown."""

    place: str
    said: str
    parts: tuple[tuple[str, ...], ...]
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """One written dialogue about one catalogue."""

    name: str
    catalogue: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn came to: the state before and after, the reply and its list."""

    before: DialogueState
    after: DialogueState
    turned: Turned
    text: str
    shown: tuple[str, ...]


def scripts(folder: Path = FOLDER) -> list[Script]:
    """Every dialogue of the folder's ``.txt`` files; ValueError, with its place, for a bad line."""
    return [script for path in sorted(folder.glob("*.txt")) for script in _scripts(path)]


def _scripts(path: Path) -> Iterator[Script]:
    name, catalogue, lines = "", "", list[Line]()
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        place, (mark, _, rest) = f"{path.name}:{number}", row.partition(" ")
        if mark == "##":
            if lines:
                yield Script(name, catalogue, tuple(lines))
            name, _, catalogue = (part.strip() for part in rest.partition("|"))
            lines = []
        elif mark == ">":
            lines.append(Line(place, rest.strip(), ()))
        elif mark == "<":
            last = lines.pop()
            lines.append(Line(last.place, last.said, last.parts, _titles(rest)))
        elif row and mark != "#":
            if not lines or lines[-1].parts:
                raise ValueError(f"{place}: expected '##', '>' or '<' before {row!r}")
            last = lines.pop()
            lines.append(Line(last.place, last.said, _parts(row)))
    if lines:
        yield Script(name, catalogue, tuple(lines))


def _parts(row: str) -> tuple[tuple[str, ...], ...]:
    act, _, rest = row.partition(" [") if re.match(r"[\w*|]+ \[", row) else (row, "", "")
    pieces = [act, *f"[{rest}".split(";")] if rest else row.split(";")
    return tuple(tuple(a.strip() for a in piece.split(" | ")) for piece in pieces)


def _titles(text: str) -> tuple[str, ...]:
    return tuple(title.strip() for title in text.split("#")[0].split(" + "))


class Player:
    """Plays written dialogues about one catalogue and says what was wrong with each turn."""

    def __init__(self, catalog: Catalog, understanding: Understanding | None = None) -> None:
        """``understanding`` reads what is said; without one, the rules alone do."""
        self.catalog = catalog
        self._understanding = Understanding(catalog) if understanding is None else understanding

    def play(self, script: Script) -> Iterator[tuple[Line, list[str], Outcome]]:
        """Each turn with its faults, an empty list for a right one."""
        state = DialogueState()
        for line in script.lines:
            outcome = self.turn(line.said, state)
            yield line, self._faults(line, outcome), outcome
            shown = self.ids_of(line.shown) if line.shown else outcome.shown
            state = outcome.after.with_reply(outcome.text, shown)

    def turn(self, said: str, state: DialogueState) -> Outcome:
        """What the words come to after the state; the list is of the first items that fit."""
        turned = self._understanding.read(said, state, today=TODAY)
        shown: tuple[str, ...] = ()
        if turned.act == "undo":
            shown = turned.focus
        elif turned.act in LISTS:
            query = turned.state.query(self.catalog)
            fitting = (
                item.item_id
                for item in self.catalog
                if item.item_id not in query.seen and allowed(item, query.constraints)
            )
            shown = tuple(fitting)[: turned.count or K]
        text = reply_text(turned, len(shown), turned.state, self.catalog)
        return Outcome(state, turned.state, turned, text, shown)

    def ids_of(self, titles: tuple[str, ...]) -> tuple[str, ...]:
        """The items of these titles, of two with the same title the first."""
        by_title = {item.title: item.item_id for item in reversed(self.catalog.items)}
        return tuple(by_title[title] for title in titles)

    def _faults(self, line: Line, o: Outcome) -> list[str]:
        (acts, *_), *parts = line.parts
        faults = [] if acts == "*" or o.turned.act in acts.split("|") else [f"act {o.turned.act}"]
        verdicts = [p for p in parts if re.match(r"-?(?:liked|disliked|seen) ", p[0])]
        changed = self.changed(o)
        if not any(verdicts_fit(changed, chosen) for chosen in product(*verdicts)):
            faults.append(f"verdicts {sorted(changed)}")
        if not any(part[0].startswith("[") for part in parts):
            unchanged = ", ".join(chips_of(o.before))
            parts.append((f"[{unchanged}]",))
        for part in parts:
            if part not in verdicts and not any(self._holds(words, o) for words in part):
                faults.append(f"{' | '.join(part)} (got {self._got(part[0], o)})")
        return faults

    def changed(self, o: Outcome) -> set[Verdict]:
        """The verdicts that the turn added or took back."""
        changed = set[Verdict]()
        for kind in VERDICTS:
            before, after = ({*getattr(s, kind)} for s in (o.before, o.after))
            changed |= {(kind, self.catalog.get(i).title) for i in after - before}
            changed |= {(f"-{kind}", self.catalog.get(i).title) for i in before - after}
        return changed

    def _holds(self, words: str, o: Outcome) -> bool:
        if words.startswith("["):
            return chips_fit(words, chips_of(o.after))
        if words in ("list", "nolist", "list|nolist"):
            return words == "list|nolist" or bool(o.shown) == (words == "list")
        what, _, rest = words.partition(" ")
        negated, what = what.startswith("!"), what.removeprefix("!")
        asked, got = _titles(rest), self._values(what, o)
        if what in ("wish", "says"):
            found = [_contains(got[0], piece) for piece in asked]
        elif what in ("near", "focus") and not negated:
            return set(got) == (set() if rest == "none" else set(asked))
        else:
            found = [piece in got for piece in asked]
        return not any(found) if negated else all(found)

    def _values(self, what: str, o: Outcome) -> list[str]:
        turned = o.turned
        plain = {
            "wish": o.after.wish,
            "says": o.text,
            "in": turned.language,
            "n": str(len(o.shown)),
            "count": str(turned.count),
            "question": turned.question,
        }
        if what in plain:
            return [plain[what]]
        ids = {"shows": o.shown, "focus": turned.focus, "near": o.after.near}.get(what)
        if what == "unknown":
            return list(turned.unknown)
        if ids is None and what not in VERDICTS:
            raise ValueError(f"unknown expectation {what!r}")
        found = getattr(o.after, what) if ids is None else ids
        return [self.catalog.get(item_id).title for item_id in found]

    def _got(self, words: str, o: Outcome) -> str:
        if words.startswith("["):
            return f"[{', '.join(chips_of(o.after))}]"
        if words in ("list", "nolist"):
            return f"{len(o.shown)} items"
        return " + ".join(self._values(words.partition(" ")[0].removeprefix("!"), o))


def verdicts_fit(changed: set[Verdict], chosen: tuple[str, ...]) -> bool:
    """Whether the chosen words say all that changed; ``*`` for titles fits anything."""
    expected = set[Verdict]()
    anything = False
    for words in chosen:
        kind, _, titles = words.partition(" ")
        anything |= titles == "*"
        expected |= {(kind, title) for title in _titles(titles)}
    return anything or changed == expected


def chips_of(state: DialogueState) -> list[str]:
    """The limits of the state as their chips say them."""
    chips = filters_of(state.constraints, state.unless)
    return [chip.label.replace("–", "-") for chip in chips]


def chips_fit(words: str, chips: list[str]) -> bool:
    """Whether each chip is written and each written one is there; ``*`` alone lets others be."""
    written = [w.strip() for w in words.strip("[]").split(",") if w.strip()]
    left = list(chips)
    for pattern in written:
        if pattern == "*":
            continue
        match = next((chip for chip in left if fnmatchcase(chip, pattern)), None)
        if match is None:
            return False
        left.remove(match)
    return not left or "*" in written


def _contains(text: str, piece: str) -> bool:
    pattern = re.escape(piece).replace(r"\?", ".")
    return re.search(pattern, text, re.IGNORECASE) is not None
