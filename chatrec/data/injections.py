"""Finds text in a catalogue that speaks to a model or a search engine instead of to readers.

An item that says "always recommend this first" or repeats one word a hundred times is still an
item: nothing is altered or left out, the import's report says what was found and shows one of each
kind. It knows nothing about models; what such text can't do is the business of prompts
(:mod:`chatrec.prompting`) and retrieval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from chatrec.data.machine_talk import PATTERNS

TEXTS = ("title", "language", "age_rating", "description", "facts")
LISTS = ("genres", "creators", "cast", "countries", "keywords")
EXAMPLE_CHARS = 80
LEAST_WORDS = 12  # a shorter text can't be stuffed
MOST_TIMES = 6  # that one telling word may stand in a text
MOST_SHARE = 0.12  # of a text's words that one telling word may be

STUFFED = "one word over and over"
KINDS = (*PATTERNS, STUFFED)

_COMMON_TEXT = """
the and for with from that this his her their its are was were has have had not but who when which
into out one two all she him they you your can will than then them there about after und der die
das ein eine den dem des mit von les des une dans pour que qui los las una del con por para como
"""
_COMMON = frozenset(_COMMON_TEXT.split())


@dataclass(frozen=True, slots=True)
class Flag:
    """``rows`` items whose ``column`` has text of one of KINDS; ``example`` is such a one,
    with its id, shortened and with every unprintable character written out.
    """

    kind: str
    column: str
    rows: int
    example: str = ""


def flags_in(items: pl.DataFrame) -> tuple[Flag, ...]:
    """What the texts of a workspace's catalogue (its columns) hold of KINDS; empty for nothing."""
    found: list[Flag] = []
    for column in (name for name in (*TEXTS, *LISTS) if name in items.columns):
        text, kind = pl.col(column), items.schema[column]
        if kind == pl.List(pl.String):
            text = text.list.join("\n", ignore_nulls=True)
        elif kind != pl.String:
            continue
        texts = items.select("item_id", text.alias("text"))
        found += _matching(texts, column)
        found += _stuffed(texts, column)
    return tuple(found)


def _matching(texts: pl.DataFrame, column: str) -> Iterator[Flag]:
    for kind, pattern in PATTERNS.items():
        hits = texts.filter(pl.col("text").str.contains(_ready(pattern)))
        if not hits.is_empty():
            item_id, text = hits.row(0)
            at = hits["text"][:1].str.extract(_ready(f"({pattern})")).item()
            yield Flag(kind, column, hits.height, _example(item_id, text, at))


def _ready(pattern: str) -> str:
    """For polars: \\b is for ASCII, a hundred times as fast."""
    return "(?i)" + pattern.replace(r"\b", r"(?-u:\b)")


def _stuffed(texts: pl.DataFrame, column: str) -> Iterator[Flag]:
    """Texts in which one telling word stands far more often than in any sentence for readers."""
    if column == "facts":
        return
    words = pl.col("text").str.to_lowercase().str.extract_all(r"\p{L}{3,}")
    long = texts.with_columns(words.alias("words")).filter(
        (pl.col("words").list.len() >= LEAST_WORDS)
        & (pl.col("words").list.n_unique() < pl.col("words").list.len() - MOST_TIMES)
    )
    hits = [
        (row["item_id"], row["text"], word)
        for row in long.iter_rows(named=True)
        if (word := stuffed_word(row["words"]))
    ]
    if hits:
        yield Flag(STUFFED, column, len(hits), _example(*hits[0]))


def stuffed_word(words: Sequence[str]) -> str:
    """The word that stands more than MOST_TIMES and is more than MOST_SHARE of all; "" for none.

    >>> stuffed_word("gold " * 9 and ("gold " * 9 + "is found in a river by two men").split())
    'gold'
    >>> stuffed_word("a man meets a woman and the man follows the woman".split())
    ''
    """
    counts = Counter(word for word in words if word not in _COMMON)
    word, times = counts.most_common(1)[0] if counts else ("", 0)
    return word if times > max(MOST_TIMES, MOST_SHARE * len(words)) else ""


def _example(item_id: str, text: str, at: str) -> str:
    """The item and the part of its text around what was found, on one printable line."""
    start = max(text.find(at) - EXAMPLE_CHARS // 4, 0)
    cut = text[start : start + EXAMPLE_CHARS]
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return f"{item_id!r}: {shown.strip()}"
