"""A dialogue that begins with a history somebody brought: what the state holds, and what is said.

The history is everything they have had, oldest first; of what they praised and blamed the newest
MAX_JUDGED of each also stand as liked and disliked, where they can be seen and taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chatrec.conversation.lexicon import Language
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.data.history_files import MAX_BYTES, read_history
from chatrec.data.history_matching import MatchedHistory, match_history
from chatrec.data.text_files import check_file
from chatrec.data.titles import TitleIndex
from chatrec.errors import DataError

MAX_JUDGED = 25
MAX_QUOTED = 3  # titles that a report names

_REPORT: Mapping[str, Mapping[Language, str]] = {
    "matched": {
        "en": "{} of {} rows ({}) are titles of this catalogue: {} liked, {} without a verdict, "
        "{} not liked.",
        "de": "{} von {} Zeilen ({}) sind Titel dieses Katalogs: {} gemocht, {} ohne Urteil, "
        "{} nicht gemocht.",
        "fr": "{} lignes sur {} ({}) sont des titres de ce catalogue : {} aimés, {} sans avis, "
        "{} pas aimés.",
        "es": "{} de {} filas ({}) son títulos de este catálogo: {} gustaron, {} sin opinión, "
        "{} no gustaron.",
        "zh": "{1}行中有{0}行（{2}）是本目录中的作品：喜欢{3}部，未评价{4}部，不喜欢{5}部。",
    },
    "scale": {
        "en": "Your ratings go from {} to {}, {} on average; each is read against that average.",
        "de": "Deine Bewertungen gehen von {} bis {}, im Mittel {}; jede wird daran gemessen.",
        "fr": "Vos notes vont de {} à {}, {} en moyenne ; chacune est lue par rapport à elle.",
        "es": "Tus notas van de {} a {}, con una media de {}; cada una se compara con ella.",
        "zh": "你的评分范围是{}到{}，平均{}；每个评分都以此平均为准。",
    },
    "unmatched": {
        "en": "Not in it: {}, such as {}.",
        "de": "Nicht darin: {}, etwa {}.",
        "fr": "Absents : {}, par exemple {}.",
        "es": "No están en él: {}, como {}.",
        "zh": "有{}行不在目录中，例如{}。",
    },
    "ambiguous": {
        "en": "Left out, as several titles fit: {}, such as {}.",
        "de": "Ausgelassen, weil mehrere Titel passen: {}, etwa {}.",
        "fr": "Écartés, car plusieurs titres correspondent : {}, par exemple {}.",
        "es": "Omitidas por encajar con varios títulos: {}, como {}.",
        "zh": "有{}行对应多部作品，已略过，例如{}。",
    },
    "not_yet": {
        "en": "Still to come, by your file: {}.",
        "de": "Laut Datei noch vor dir: {}.",
        "fr": "Encore à venir, selon le fichier : {}.",
        "es": "Pendientes, según tu archivo: {}.",
        "zh": "有{}行是你还没看过的。",
    },
    "unread": {
        "en": "Without a title: {}.",
        "de": "Ohne Titel: {}.",
        "fr": "Sans titre : {}.",
        "es": "Sin título: {}.",
        "zh": "有{}行没有标题。",
    },
    "not_compared": {
        "en": "As there are so many, {} of these were looked for just as they are spelt.",
        "de": "Weil es so viele sind, wurden {} davon nur so gesucht, wie sie geschrieben sind.",
        "fr": "Comme il y en a tant, {} n'ont été cherchés que tels qu'ils sont écrits.",
        "es": "Por ser tantas, {} de ellas solo se buscaron tal como están escritas.",
        "zh": "其中{}行因数量太多，只按原样查找。",
    },
}
_QUOTES: Mapping[Language, str] = {"en": "“{}”", "de": "„{}“", "fr": "« {} »", "es": "«{}»",
                                   "zh": "“{}”"}  # fmt: skip


def history_in(
    content: bytes, catalog: Catalog, titles: TitleIndex, file: str = "the file"
) -> MatchedHistory:
    """An uploaded CSV as items of the catalogue.

    Raises DataError where it can't be read, and where not one row is a title of the catalogue.
    """
    matched = match_history(read_history(content, file), catalog, titles)
    if not matched.met:
        some = ", ".join(_quoted(matched.examples or matched.ambiguous_examples, "en"))
        raise DataError(
            f"{file}: none of its {matched.rows:,} rows is a title of this catalogue of "
            f"{len(catalog):,} items, got {some}; send a history of the same kind of thing"
        )
    return matched


def history_at(path: Path, catalog: Catalog, titles: TitleIndex) -> MatchedHistory:
    """As ``history_in``, from a file; DataError also where there is none."""
    check_file(path)
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    return history_in(content, catalog, titles, str(path))


def with_history(state: DialogueState, matched: MatchedHistory) -> DialogueState:
    """The state with what was met as history and the newest verdicts as likes and dislikes.

    What was already in the state stays; where both judge an item, the state's own verdict counts.
    """
    judged = {*state.liked, *state.disliked}
    liked = [i for i in matched.ids("liked") if i not in judged][-MAX_JUDGED:]
    disliked = [i for i in matched.ids("disliked") if i not in judged][-MAX_JUDGED:]
    met = dict.fromkeys((*matched.ids(), *state.history))
    changed = replace(
        state,
        history=tuple(met),
        liked=(*liked, *state.liked),
        disliked=(*disliked, *state.disliked),
    )
    return changed.caused(state, matched.source, by="clicked")


def report(matched: MatchedHistory, language: Language = "en") -> str:
    """What became of the rows, in a few sentences; nothing that was left out goes unsaid."""

    def say(name: str, *values: object) -> str:
        return _REPORT[name][language].format(*values)

    n = {kind: len(matched.ids(kind)) for kind in ("liked", "seen", "disliked")}
    said = [say("matched", matched.matched, matched.rows, matched.source, *n.values())]
    if matched.mean is not None and matched.scale is not None:
        low, high = matched.scale
        said.append(say("scale", f"{low:g}", f"{high:g}", f"{matched.mean:.1f}"))
    for name, count, titles in (
        ("unmatched", matched.unmatched, matched.examples),
        ("ambiguous", matched.ambiguous, matched.ambiguous_examples),
    ):
        if count:
            said.append(say(name, count, ", ".join(_quoted(titles, language))))
        if name == "unmatched" and matched.not_compared:
            said.append(say("not_compared", matched.not_compared))
    for name, count in (("not_yet", matched.not_yet), ("unread", matched.unread)):
        if count:
            said.append(say(name, count))
    return " ".join(said)


def _quoted(titles: tuple[str, ...], language: Language) -> list[str]:
    return [_QUOTES[language].format(title) for title in titles[:MAX_QUOTED]]
