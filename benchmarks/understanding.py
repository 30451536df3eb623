"""How well messages are understood, on ReDial's dialogues: verdicts and titles.

    python benchmarks/understanding.py ../shared/data --part unseen --to FILE.json

Both halves of the 1,000 training dialogues have been read in development: those with an even id
from the start, those with an odd id after they had served as a test once. "unseen" are the 671
dialogues of ReDial's test split, whose labels nothing was developed on; they were used once, at the
end. The system takes the recommender's place: what the recommender said counts as its reply, what
the seeker said is read.

*Verdicts.* A film's labels (the seeker's own form after the dialogue) are tested where the text
allows to infer them, which was decided before any result was seen. Sentences about a film are
those of the seeker that name it; and, after a message of the recommender that names it and no
other, those of the seeker's next message that name no film, and of the one after that where nobody
named a film in between. Liked or not is inferable where such a sentence has an opinion word; seen
or not where it has one or a word for seeing, or where the answer to a message with a question mark
begins with yes or no. "Did not say" is no label. What isn't disliked in the end counts as liked;
what was never judged, seen or asked for the like of ("films like X") counts as not seen.

*Titles.* Every message that names films, as written (with the year), with the year dropped, with
one typo and no year, or with part of the title and no year. An ambiguous title counts as linked
where the film is among those that the title may mean; ``strict`` counts only the one taken.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from dialogue_sets import films

from chatrec.conversation.causes import Change
from chatrec.conversation.reading import Reader
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.conversation.utterance import clean
from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import Record, records
from chatrec.data.title_words import FUNCTION_WORDS, plain_letters

PARTS = {
    "even": "training dialogues with an even id, developed on from the start",
    "odd": "training dialogues with an odd id, read in development after their one use as a test",
    "unseen": "the half of the test split that is there, labels not seen in development",
}
TODAY = date(2018, 6, 1)  # about when the dialogues were held
SEED = 2026
OPINION = re.compile(
    r"\b(?:lov(?:e|ed|es|ing)|liked|enjoy(?:ed|s)?|adore[ds]?|hat(?:e|ed|es)|dislike[ds]?|"
    r"(?:i|we|really|also|did|do|didn't|didnt|don't|dont|not) like|favou?rites?|fan|great|good|"
    r"awesome|amazing|excellent|fantastic|wonderful|brilliant|perfect|hilarious|funny|cool|best|"
    r"boring|bad|terrible|awful|horrible|worst|stupid|dumb|disappoint\w*|overrated|sucked?|"
    r"not for me|care for|my thing|my type|into)\b"
)
SEEING = re.compile(r"\b(?:seen|saw|watched|rewatched)\b")
ANSWER = re.compile(
    r"\W*(?:yes|yeah|yea|yep|yup|no|nope|nah|not yet|never|i have|i haven'?t|i did|i didn'?t)\b"
)
AT_ID = re.compile(r"@(\d+)")
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who, the text with ids and with titles, the films that it names."""

    by_seeker: bool
    ids: str
    titles: str
    films: tuple[str, ...]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--part", choices=tuple(PARTS), required=True)
    arguments.add_argument("--limit", type=int, default=1000, help="dialogues, for a quick look")
    arguments.add_argument("--to", type=Path)
    arguments.add_argument("--of", choices=("verdicts", "titles", "both"), default="both")
    arguments.add_argument("--show", action="store_true", help="print each wrong verdict")
    given = arguments.parse_args()
    began = time.process_time()
    catalog = films(given.data)
    told = list(dialogues(given.data / "redial", given.part))[: given.limit]
    result: dict[str, Any] = {
        "command": " ".join(["python", *sys.argv]),
        "data": f"ReDial, {PARTS[given.part]}",
        "dialogues": len(told),
        "seed of typos": SEED,
        "intervals": "95 %, bootstrap over dialogues, 2,000 draws",
    }
    if given.of != "titles":
        result["verdicts"] = verdicts(catalog, told, show=given.show)
    if given.of != "verdicts":
        result["titles"] = linking(catalog, [said for _, said in told])
    result["cpu_s"] = round(time.process_time() - began)
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


def dialogues(folder: Path, part: str) -> Iterator[tuple[Mapping[str, Any], list[Said]]]:
    """The seeker's labels and the messages of each dialogue of a part."""
    name = "test_half" if part == "unseen" else "train_part"
    for _, record in records(folder / f"dialogues_{name}.jsonl.zst"):
        if part == "unseen" or int(record["conversation_id"]) % 2 == (part == "odd"):
            yield record["seeker_labels"], [_said(message) for message in record["messages"]]


def _said(message: Record) -> Said:
    named = tuple(AT_ID.findall(message["text"]))
    return Said(message["role"] == "seeker", message["text"], message["text_titles"], named)


def about(told: Sequence[Said], film: str) -> Iterator[tuple[str, bool]]:
    """The seeker's sentences about a film, and whether each begins the answer to a question."""
    for place, said in enumerate(told):
        if film not in said.films:
            continue
        if said.by_seeker:
            sentences = SENTENCE.split(said.ids)
            yield from ((s, False) for s in sentences if f"@{film}" in s)
        elif set(said.films) == {film}:
            asked = "?" in said.ids
            for n, answer in enumerate(_answers(told[place + 1 :])):
                sentences = [s for s in SENTENCE.split(answer.ids) if "@" not in s]
                yield from ((s, asked and n == 0 and m == 0) for m, s in enumerate(sentences))


def _answers(later: Sequence[Said]) -> Iterator[Said]:
    """The seeker's next message, and the one after it where no film was named in between."""
    found = 0
    for said in later:
        if said.by_seeker:
            yield said
            found += 1
        if said.films or found == 2:
            return


def inferable(told: Sequence[Said], film: str) -> tuple[bool, bool]:
    """Whether the text allows to infer that a film is liked or not, and seen or not."""
    sentences = [(plain_letters(s).replace("’", "'"), first) for s, first in about(told, film)]
    opinion = any(OPINION.search(sentence) for sentence, _ in sentences)
    seeing = any(SEEING.search(s) or (first and ANSWER.match(s)) for s, first in sentences)
    return opinion, opinion or seeing


def understood(understanding: Understanding, catalog: Catalog, told: Sequence[Said]) -> Any:
    """The state after the dialogue, the recommender's messages taken for the system's replies."""
    state = DialogueState()
    for said in told:
        if said.by_seeker:
            state = understanding.read(said.titles, state, today=TODAY).state
        else:
            shown = [film for film in dict.fromkeys(said.films) if film in catalog]
            state = state.with_reply(said.titles, shown)
    return state


def verdicts(
    catalog: Catalog, told: Sequence[tuple[Mapping[str, Any], list[Said]]], *, show: bool
) -> dict[str, Any]:
    """Balanced accuracy of liked and of seen, each with its counts by label and prediction."""
    understanding = Understanding(catalog)
    cases: dict[str, list[tuple[int, bool, bool]]] = {"liked": [], "seen": []}
    for number, (labels, said) in enumerate(told):
        state = understood(understanding, catalog, said)
        judged = {c.value for c in state.changes if _is_judged(c, catalog)}
        for film, label in labels.items():
            found = {"liked": film not in state.disliked, "seen": film in judged}
            for what, known in zip(("liked", "seen"), inferable(said, film), strict=True):
                if known and label[what] != 2 and film in catalog:
                    cases[what].append((number, label[what] == 1, found[what]))
                    if show and found[what] != (label[what] == 1):
                        _show(what, catalog.get(film).label, label[what], said, film)
    return {what: _balanced(np.array(rows)) for what, rows in cases.items()}


def _is_judged(change: Change, catalog: Catalog) -> bool:
    """Whether a change tells that an item is known: judged, seen, or named to be like."""
    if change.what == "near":
        return plain_letters(catalog.get(change.value).title) in plain_letters(change.words)
    return change.what in ("liked", "disliked", "seen")


def _show(what: str, label: str, truth: int, told: Sequence[Said], film: str) -> None:
    sentences = " / ".join(sentence for sentence, _ in about(told, film))
    sys.stdout.write(f"{what} is {truth}: {label}: {sentences} [@{film}]\n")


def _balanced(rows: Any) -> dict[str, Any]:
    """Balanced accuracy with its interval, from rows (dialogue, label, prediction)."""

    def rate(some: Any) -> float:
        own = [float((some[some[:, 1] == label, 2] == label).mean()) for label in (0, 1)]
        return sum(own) / 2

    rng = np.random.default_rng(SEED)
    groups = [rows[rows[:, 0] == number] for number in np.unique(rows[:, 0])]
    draws = []
    for _ in range(2000):
        drawn = np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        if len(np.unique(drawn[:, 1])) == 2:
            draws.append(rate(drawn))
    counts = Counter((bool(label), bool(found)) for _, label, found in rows)
    return {
        "balanced accuracy": round(rate(rows), 4),
        "interval": [round(float(q), 4) for q in np.quantile(draws, (0.025, 0.975))],
        "labels": len(rows),
        "right yes": counts[True, True],
        "wrong no": counts[True, False],
        "right no": counts[False, False],
        "wrong yes": counts[False, True],
        "a constant": 0.5,
    }


Rewrite = Callable[[str, random.Random], str | None]


def as_written(name: str, rng: random.Random) -> str | None:
    """The name as the dialogue has it, with its year."""
    del rng
    return name


def without_year(name: str, rng: random.Random) -> str | None:
    """The title alone."""
    del rng
    return re.sub(r"\s*\(\d{4}\)\s*$", "", name)


def with_typo(name: str, rng: random.Random) -> str | None:
    """The title with one letter left out, doubled, or two swapped; None below five letters."""
    title = without_year(name, rng) or ""
    places = [m.start() for m in re.finditer(r"(?<=[a-z])[a-z](?=[a-z])", title)]
    if sum(letter.isalpha() for letter in title) < 5 or not places:
        return None
    at = rng.choice(places)
    kind = rng.choice(("out", "twice", "swapped"))
    if kind == "out":
        return title[:at] + title[at + 1 :]
    if kind == "twice":
        return title[:at] + title[at] + title[at:]
    return title[:at] + title[at + 1] + title[at] + title[at + 2 :]


def in_part(name: str, rng: random.Random) -> str | None:
    """What people call a long title by: a subtitle, what stands before it, or its first words.

    The subtitle and what stands before it must have two telling words; first words reach to the
    second telling word of at least three. None for another title.
    """
    title = without_year(name, rng) or ""
    parts = re.split(r":\s|\s[-–]\s", title)
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        if len(_telling(part)) > 1:
            return part
    telling = _telling(title)
    if len(telling) < 3:
        return None
    first = title.index(telling[0]) + len(telling[0])
    return title[: title.index(telling[1], first) + len(telling[1])]


def _telling(title: str) -> list[str]:
    words = (word.strip(",.!?") for word in title.split())
    return [w for w in words if w[:1].isalpha() and plain_letters(w) not in FUNCTION_WORDS]


WAYS: Mapping[str, Rewrite] = {
    "as written": as_written,
    "without the year": without_year,
    "one typo": with_typo,
    "part of the title": in_part,
}


def linking(catalog: Catalog, told: Sequence[Sequence[Said]]) -> dict[str, Any]:
    """F1 of the films linked in messages that name some, by how their titles are written."""
    reader = Reader(catalog)
    same: dict[tuple[str, int | None], set[str]] = {}
    for item in catalog:
        same.setdefault((plain_letters(item.title), item.year), set()).add(item.item_id)
    twins = {i: ids for ids in same.values() for i in ids}
    whole = {plain_letters(item.title) for item in catalog}
    rng = random.Random(SEED)
    figures: dict[str, Any] = {}
    for way, rewrite in WAYS.items():
        counts = Counter[str]()
        for said in (s for of_one in told for s in of_one if s.films):
            text = _rewritten(said, catalog, rewrite, rng, whole)
            if text is None:
                continue
            utterance = clean(text, "en")
            reading = reader.read(utterance, DialogueState(), TODAY)
            links = [m for m in reading.mentions if m.by_title]
            gold = {film for film in said.films if film in catalog}
            for strict in (False, True):
                _count(counts, links, gold, twins, strict=strict)
            counts["messages"] += 1
        figures[way] = {"messages": counts["messages"], **_scores(counts)}
    return figures


def _rewritten(
    said: Said, catalog: Catalog, rewrite: Rewrite, rng: random.Random, whole: set[str]
) -> str | None:
    """The message with its titles written that way; None where one of them can't be.

    A part of a title that is another film's whole title is no way to write it.
    """
    names = [catalog.get(f).label if f in catalog else None for f in said.films]
    written = [None if name is None else rewrite(name, rng) for name in names]
    taken = rewrite is in_part and any(n is not None and plain_letters(n) in whole for n in written)
    if taken or any(name is None for name in written):
        return None
    rest = iter(written)
    return AT_ID.sub(lambda _: str(next(rest)), said.ids)


def _count(
    counts: Counter[str],
    links: Sequence[Any],
    gold: set[str],
    twins: Mapping[str, set[str]],
    *,
    strict: bool,
) -> None:
    kind = "strict " if strict else ""
    found = set[str]()
    for mention in links:
        meant = {*mention.item_ids} | (set() if strict else {*mention.others})
        hit = {g for g in gold if twins[g] & meant}
        found |= hit
        counts[f"{kind}right"] += bool(hit)
        counts[f"{kind}linked"] += 1
    counts[f"{kind}found"] += len(found)
    counts[f"{kind}gold"] += len(gold)


def _scores(counts: Counter[str]) -> dict[str, float]:
    scores = {}
    for kind in ("", "strict "):
        precision = counts[f"{kind}right"] / max(1, counts[f"{kind}linked"])
        recall = counts[f"{kind}found"] / max(1, counts[f"{kind}gold"])
        scores[f"{kind}precision"] = round(precision, 4)
        scores[f"{kind}recall"] = round(recall, 4)
        scores[f"{kind}f1"] = round(2 * precision * recall / max(1e-9, precision + recall), 4)
    return scores


if __name__ == "__main__":
    main()
