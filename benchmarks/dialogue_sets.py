"""What ReDial, INSPIRED and OpenDialKG bring to ``dialogue.py``: catalogue, dialogues and turns.

Reads the folders of ``../shared/data`` as their READMEs describe them, and keeps every tested
dialogue out of training.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

import numpy as np
import polars as pl

from chatrec.conversation.listening import Listener
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import read_dialogues, records, untitled
from chatrec.data.dialogue_turns import Turn, read_benchmark
from chatrec.data.dialogues import Dialogue, Speaker, Utterance, joined, mentioned_in
from chatrec.data.title_links import TitleLookup, link_titles
from chatrec.evaluation.dialogue_cases import utterances_of
from chatrec.types import Item

LARGE = re.compile(r"[A-Z0-9][\w'-]*(?::? (?:[A-Z0-9][\w'-]*|of|the|and|in|a|to|for|with))*")
SAME_DIALOGUE = 0.3  # share of films in common from which two records may be one dialogue
AFTER_REDIAL = 100_000  # a time that is later than any of ReDial's
LEAST_TOGETHER = 5  # dialogues that say what a genre's id stands for


@dataclass(frozen=True, slots=True)
class Collection:
    """What one set of dialogues brings: a catalogue, dialogues to learn from, turns to test on."""

    catalog: Catalog
    listener: Listener
    training: list[Dialogue]
    tests: tuple[tuple[Path, str], ...]
    notes: dict[str, Any]


def redial(data: Path) -> Collection:
    """ReDial: 1,550 dialogues with text, USS's and IARD's, and mentions of the other ones."""
    catalog = films(data)
    listener = Listener(Vocabulary(catalog))
    training, notes = redial_dialogues(data, catalog, listener)
    tests = (
        (data / "redial" / "cikm23_turns_test_half.jsonl.zst", "cikm23"),
        (data / "redial" / "ievalm_turns_test_half.jsonl.zst", "ievalm"),
    )
    return Collection(catalog, listener, training, tests, notes)


def inspired(data: Path) -> Collection:
    """INSPIRED's recommendation turns and dev dialogues, after all of ReDial's."""
    file = data / "inspired" / "cikm23_turns_test_half.jsonl.zst"
    names = read_benchmark(file, "cikm23").items
    known = films(data)
    links = link_titles(names, known)
    catalog = Catalog((*known.items, *(_named(k, n) for k, n in names.items() if not links[k])))
    listener = Listener(Vocabulary(catalog))
    training, notes = redial_dialogues(data, catalog, listener)
    added = inspired_dialogues(data / "inspired", catalog)
    training += [listener.follow(dialogue) for dialogue in added]
    notes["training"]["INSPIRED"] = len(added)
    return Collection(catalog, listener, training, ((file, "cikm23"),), notes)


def opendialkg(data: Path) -> Collection:
    """OpenDialKG's film turns, regrouped so that no dialogue is in training and test."""
    folder = data / "opendialkg"
    rows = pl.read_parquet(folder / "items_movies.parquet").to_dicts()
    catalog = Catalog(
        [
            Item(
                str(row["item_id"]),
                row["title"],
                row["year"],
                tuple(row["genres"] or ()),
                tuple(row["director"] or ()),
                tuple(row["cast"] or ()),
            )
            for row in rows
        ]
    )
    listener = Listener(Vocabulary(catalog))
    tested = {
        str(record["dialog_id"]) for _, record in records(folder / "ievalm_turns_test.jsonl.zst")
    }
    training: list[Dialogue] = []
    left_out = 0
    for part in ("train", "valid"):
        dialogues = turned_dialogues(folder / f"ievalm_turns_{part}.jsonl.zst", catalog)
        training += [listener.follow(d) for d in dialogues if d.dialogue_id not in tested]
        left_out += sum(d.dialogue_id in tested for d in dialogues)
    notes = {"training": {"OpenDialKG": len(training), "left out, in test too": left_out}}
    tests = ((folder / "ievalm_turns_test.jsonl.zst", "ievalm"),)
    return Collection(catalog, listener, training, tests, notes)


COLLECTIONS: Mapping[str, Callable[[Path], Collection]] = {
    "redial": redial,
    "inspired": inspired,
    "opendialkg": opendialkg,
}


def films(data: Path) -> Catalog:
    """ReDial's films with what IMDb, TMDB and MovieLens say of them."""
    facts = pl.read_parquet(data / "movie-metadata" / "films.parquet").explode("redial_ids")
    known = {f["redial_ids"]: f for f in facts.to_dicts() if f["redial_ids"] is not None}
    rows = pl.read_parquet(data / "redial" / "items.parquet").sort("item_id").to_dicts()
    return Catalog([_film(row, known.get(row["item_id"], {})) for row in rows])


def _film(row: Mapping[str, Any], facts: Mapping[str, Any]) -> Item:
    genres = {g.casefold(): g for g in facts.get("genres") or ()}
    for genre in row["genres"] or ():
        genres.setdefault(genre.casefold(), genre.title())
    return Item(
        str(row["item_id"]),
        unquote(row["title"]) or row["title_raw"],
        row["year"],
        tuple(genres.values()),
        _both(facts.get("director"), row["director"]),
        _both(facts.get("cast"), row["cast"]),
        keywords=tuple(facts.get("keywords") or ()),
        description=facts.get("plot_long") or facts.get("overview") or row["plot"] or "",
    )


def _both(one: Iterable[str] | None, other: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(one or ()), *(other or ()))))


def _named(key: str, name: str) -> Item:
    """An item of which nothing but the name is known."""
    title, _, rest = name.partition(" (")
    years = [word for word in rest.replace(")", " ").split() if word.isdigit() and len(word) == 4]
    return Item(f"name-{key}", title, int(years[0]) if years else None)


class Finds(Protocol):
    """Finds an item by its id, as a catalogue does."""

    def __contains__(self, item_id: str) -> bool: ...

    def index_of(self, item_id: str) -> int:
        """The item_index."""
        ...


def redial_dialogues(
    data: Path, catalog: Finds, listener: Listener, *, others: bool = True
) -> tuple[list[Dialogue], dict[str, Any]]:
    """All training dialogues, each once, heard by ``listener``; none of the test split.

    Without ``others`` no text of IARD and USS, which come on terms of their own.
    """

    def named(item_id: str) -> int | None:
        return catalog.index_of(item_id) if item_id in catalog else None

    more = data / "redial-more"
    told = read_dialogues(data / "redial" / "dialogues_train_part.jsonl.zst", named)
    told += read_dialogues(more / "dialogues_train_more.jsonl.zst", named)
    sizes = {"with text": len(told)}
    kept = {
        r["conversation_id"] for _, r in records(more / "iard.jsonl.zst") if r["split"] == "train"
    }
    kept -= {d.dialogue_id for d in told}
    if others:
        told += [d for d in read_dialogues(more / "iard.jsonl.zst", named) if d.dialogue_id in kept]
        sizes["of IARD"] = len(told) - sum(sizes.values())
    told = [listener.follow(dialogue) for dialogue in told]
    genres = genre_ids(records(more / "mention_sequences_train.jsonl.zst"), told)
    silent = read_dialogues(more / "mention_sequences_train.jsonl.zst", named, genres)
    if others:
        of_uss = _recognised(read_dialogues(more / "uss_redial.jsonl.zst", named), told, silent)
        told += [listener.follow(dialogue) for dialogue in of_uss]
        sizes["of USS"] = len(of_uss)
    seen = {dialogue.dialogue_id for dialogue in told}
    silent = [dialogue for dialogue in silent if dialogue.dialogue_id not in seen]
    sizes["mentions only"] = len(silent)
    test = records(data / "redial" / "dialogues_test_half.jsonl.zst")
    shared = {record["conversation_id"] for _, record in test} & (
        seen | {dialogue.dialogue_id for dialogue in silent}
    )
    if shared:
        raise SystemExit(f"{len(shared)} test dialogues are in training, such as {min(shared)}")
    return told + silent, {"training": sizes, "test dialogues in training": 0}


def genre_ids(
    sequences: Iterable[tuple[int, Mapping[str, Any]]], told: Sequence[Dialogue]
) -> dict[str, str]:
    """What the ids of genres stand for: the genre most told of where an id was mentioned."""
    heard = {d.dialogue_id: {g for u in d.utterances for g in u.genres} for d in told}
    usual = Counter(genre for genres in heard.values() for genre in genres)
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    times: Counter[str] = Counter()
    for _, record in sequences:
        genres = heard.get(record["conversation_id"])
        if genres is None:
            continue
        for one in {e["source_id"] for e in record["events"] if e["type"] == "genre"}:
            beside[one].update(genres)
            times[one] += 1
    found = {}
    for one, counts in beside.items():
        if times[one] >= LEAST_TOGETHER and counts:
            share = {g: n / times[one] for g, n in counts.items()}
            lift = {g: s * len(heard) / usual[g] for g, s in share.items()}
            found[one] = max(share, key=lambda g: share[g] * np.log(lift[g]))
    return found


def _recognised(
    dialogues: Sequence[Dialogue], told: Sequence[Dialogue], silent: Sequence[Dialogue]
) -> list[Dialogue]:
    """Dialogues without a usable id under the id of the one with the same films; others left out.

    A dialogue that isn't surely another must not be counted from while it is learnt from.
    """
    films_of = {d.dialogue_id: set(mentioned_in(d.utterances)) for d in (*silent, *told)}
    holders: dict[int, list[str]] = defaultdict(list)
    for name, items in films_of.items():
        for item in items:
            holders[item].append(name)
    seen = {dialogue.dialogue_id for dialogue in told}
    found = []
    for dialogue in dialogues:
        own = set(mentioned_in(dialogue.utterances))
        shared = Counter(name for item in own for name in holders[item])
        alike = {name: n / len(own | films_of[name]) for name, n in shared.items()}
        best = max(alike, key=lambda name: alike[name], default="")
        if best and alike[best] >= SAME_DIALOGUE and best not in seen:
            seen.add(best)
            found.append(replace(dialogue, dialogue_id=best, time=float(best)))
    return found


def inspired_dialogues(folder: Path, catalog: Catalog) -> list[Dialogue]:
    """Train dialogues, rebuilt from their recommendation turns, and dev ones; later than ReDial."""
    turns: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for _, record in records(folder / "rec_turns_train.jsonl.zst"):
        turns[record["dialog_no"]].append(record)
    named = TitleLookup(catalog)
    rebuilt = [_rebuilt(number, of, named) for number, of in turns.items()]
    whole = read_dialogues(folder / "dialogues_dev.jsonl.zst", named)
    first = max(number for number in turns) + AFTER_REDIAL + 1
    return rebuilt + [replace(d, time=float(first + place)) for place, d in enumerate(whole)]


def _rebuilt(number: int, turns: Sequence[Mapping[str, Any]], named: TitleLookup) -> Dialogue:
    """One dialogue out of its turns; the seeker's films are found where they are written large."""
    longest = max(turns, key=lambda turn: len(turn["context"]))
    said = [_spoken(message["role"], message["text"], named) for message in longest["context"]]
    said.append(Utterance("recommender"))
    for turn in turns:
        place = len(turn["context"])
        if place < len(said):
            found = (named(title) for title in turn["movies"])
            items = tuple(item for item in found if item is not None)
            text = untitled(said[place].text, turn["movies"])
            said[place] = Utterance("recommender", text, items)
    return Dialogue(f"inspired-{number}", joined(said), float(AFTER_REDIAL + number))


def _spoken(role: Speaker, text: str, named: TitleLookup) -> Utterance:
    """What was said; only turns tell what the recommender named."""
    if role == "recommender":
        return Utterance(role, text)
    found = {title: named(title) for title in _written_large(text)}
    known = [title for title, item in found.items() if item is not None]
    kept = [title for title in known if not any(title != t and title in t for t in known)]
    items = tuple(item for title in kept if (item := found[title]) is not None)
    return Utterance(role, untitled(text, kept), items)


def _written_large(text: str) -> Iterator[str]:
    """Every run of words that are written large; a single word not where a sentence begins."""
    for match in LARGE.finditer(text):
        words = match[0].split()
        begins = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?"
        for first in range(len(words)):
            for end in range(len(words), first, -1):
                own = words[first][0].isupper() and len(words[first]) > 1
                if end - first > 1 or (own and (first > 0 or not begins)):
                    yield " ".join(words[first:end]).strip(".,!?:;")


def turned_dialogues(file: Path, catalog: Catalog) -> list[Dialogue]:
    """Whole dialogues out of recommendation turns: each one's longest context and last turn.

    They have no time: nothing says that their numbers are in order.
    """
    benchmark = read_benchmark(file, "ievalm")
    links = link_titles(benchmark.items, catalog)
    titles = {key: (name,) for key, name in benchmark.items.items()}
    longest: dict[str, Turn] = {}
    for turn in benchmark.turns:
        kept = longest.get(turn.dialogue_id)
        if kept is None or len(turn.context) > len(kept.context):
            longest[turn.dialogue_id] = turn
    return [
        Dialogue(
            name,
            (
                *utterances_of(turn, titles, links),
                Utterance(
                    "recommender",
                    items=tuple(links[key][0] for key in turn.labels if links[key]),
                ),
            ),
        )
        for name, turn in longest.items()
    ]
