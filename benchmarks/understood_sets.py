"""The turns that ``understood_turns.py`` reads: tests as published, development ones from training.

ReDial's development turns come from the 550 further training dialogues, INSPIRED's from the
training part, of which only recommending turns are public: the dialogues with even numbers. Those
with odd numbers, which nothing was chosen on, are there to confirm. What somebody says twice
running is one turn, so that speakers alternate. There a label counts as named before where an
earlier turn recommended it or its title stands in what was said, as in the published test turns.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Literal

from dialogue_sets import COLLECTIONS, films, inspired_dialogues, redial_dialogues

from chatrec.conversation.listening import Listener
from chatrec.conversation.utterance import words_of
from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import records
from chatrec.data.dialogue_turns import Benchmark, Turn, read_benchmark
from chatrec.data.dialogues import Dialogue
from chatrec.evaluation.dialogue import turns_tested

Part = Literal["development", "confirmation", "test"]
Message = tuple[str, str, tuple[str, ...]]  # who, what, which films it names


def catalog_of(name: str, data: Path) -> Catalog:
    """The films of a set: ReDial's, for INSPIRED with those that it names besides."""
    return films(data) if name == "redial" else COLLECTIONS[name](data).catalog


def turns_of(name: str, part: Part, data: Path, catalog: Catalog) -> Benchmark:
    """The turns of a part that name films, with the films that may be recommended in them.

    ValueError for ReDial's confirmation: nothing was held back for it.
    """
    if name == "redial" and part == "confirmation":
        raise ValueError("ReDial has no turns to confirm with; take development or test")
    if part == "test":
        file = data / name / "cikm23_turns_test_half.jsonl.zst"
        return turns_tested(read_benchmark(file, "cikm23"), "cikm23")
    if name == "redial":
        told = {r["conversation_id"]: _of_redial(r, catalog) for r in _more(data)}
        turns = [turn for key, said in told.items() for turn in _turns(key, said)]
        return Benchmark(tuple(turns), {item.item_id: item.label for item in catalog})
    turns = list(_of_inspired(data / "inspired" / "rec_turns_train.jsonl.zst"))
    odd = part == "confirmation"
    of_part = tuple(turn for turn in turns if int(turn.dialogue_id) % 2 == odd)
    return Benchmark(of_part, {t: t for turn in turns for t in (*turn.labels, *turn.named)})


def learned_from(
    name: str, part: Part, data: Path, catalog: Catalog, listener: Listener, tested: Set[str]
) -> list[Dialogue]:
    """The training dialogues, heard, without those whose turns are ``tested``.

    INSPIRED's own are among them but for development.
    """
    told, _ = redial_dialogues(data, catalog, listener)
    if name == "inspired" and part != "development":
        told += [listener.follow(d) for d in inspired_dialogues(data / "inspired", catalog)]
    return [dialogue for dialogue in told if dialogue.dialogue_id not in tested]


def drawn(benchmark: Benchmark, most: int, seed: int) -> Benchmark:
    """At most ``most`` of the turns that have a label not named before, in their order."""
    able = [n for n, turn in enumerate(benchmark.turns) if {*turn.labels} - {*turn.named}]
    kept = sorted(random.Random(seed).sample(able, min(most, len(able))))
    return Benchmark(tuple(benchmark.turns[n] for n in kept), benchmark.items)


def _more(data: Path) -> Iterator[Mapping[str, Any]]:
    file = data / "redial-more" / "dialogues_train_more.jsonl.zst"
    return (record for _, record in records(file))


def _of_redial(record: Mapping[str, Any], catalog: Catalog) -> list[Message]:
    return [
        (m["role"], m["text_titles"], tuple(i for i in map(str, m["movie_ids"]) if i in catalog))
        for m in record["messages"]
    ]


def _turns(key: str, told: Sequence[Message]) -> Iterator[Turn]:
    """Each of the recommender's turns that names films, after what was said before."""
    said = _joined(told)
    for place, (role, _, named) in enumerate(said):
        if role == "recommender" and named:
            before = said[:place]
            films_before = dict.fromkeys(film for _, _, films in before for film in films)
            texts = tuple(text for _, text, _ in before)
            yield Turn(key, texts, tuple(films_before), tuple(dict.fromkeys(named)), bool(before))


def _joined(told: Sequence[Message]) -> list[Message]:
    said: list[Message] = []
    for role, text, named in told:
        if said and said[-1][0] == role:
            _, before, films_before = said[-1]
            said[-1] = (role, f"{before} {text}", (*films_before, *named))
        else:
            said.append((role, text, named))
    return said


def _of_inspired(file: Path) -> Iterator[Turn]:
    """Recommending turns; named before is what earlier ones recommended, or was said."""
    named: dict[int, list[str]] = defaultdict(list)
    for _, record in records(file):
        said = _joined([(m["role"], m["text"], ()) for m in record["context"]])
        key = record["dialog_no"]
        labels = tuple(dict.fromkeys(record["movies"]))
        texts = tuple(text for _, text, _ in said)
        spoken = [label for label in labels if _stands_in(label, texts)]
        before = tuple(dict.fromkeys((*named[key], *spoken)))
        named[key] += labels
        if labels and said and said[-1][0] == "seeker":
            yield Turn(str(key), texts, before, labels, bool(before))


def _stands_in(name: str, texts: Sequence[str]) -> bool:
    """Whether the title of a name, less its year, stands in what was said."""
    return f" {words_of(name.partition(' (')[0])} " in f" {words_of(' '.join(texts))} "
