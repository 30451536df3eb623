"""Where sentences end in what a decoder wrote, and what is kept of it.

Reads English; knows the titles that a sentence may name, and nothing about who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatrec.generation.planned import unmarked
from chatrec.types import Evidence

# After these a dot ends a sentence only where a capital follows, or nothing.
_FIRM = "|".join(rf"(?<=\b{name})" for name in ("Inc", "Ltd", "Corp", "Co", "Pty", "Jr", "Sr"))
_SENTENCE_END = re.compile(
    rf"(?:{_FIRM})\.(?=\s+[A-Z]|$)|(?<!\bDr)(?<!\bMr)(?<!\bSt)(?<!\bMrs)(?<!\b[A-Z])(?!{_FIRM})"
    r"[.!?][\"”’)]?(?=\s|$)"
)


def tidy(text: str, told: Sequence[Evidence] = ()) -> str:
    """The first two whole sentences of ``text`` on one line; empty where none is complete.

    No sentence ends within a title that ``told`` names.
    """
    flat = _unquoted(" ".join(text.split()))
    ends = [match.end() for match in _SENTENCE_END.finditer(unmarked(flat, told))]
    return flat[: ends[min(len(ends), 2) - 1]] if ends else ""


def _unquoted(flat: str) -> str:
    """``flat`` without quotation marks around all of it; a quote that it begins with stays."""
    end = re.search(r"[”\"]", flat[1:])
    quoted = flat[:1] in '“"' and end is not None and end.end() < len(flat) - 1
    return flat.strip() if quoted else flat.strip('"“” ')


def closed(text: str, closing: str, told: Sequence[Evidence] = ()) -> str:
    """The first sentence of ``text``, then ``closing``; without it, or empty, as it is.

    A question stays with its answer.
    """
    if not text or not closing:
        return text
    ends = (found.end() for found in _SENTENCE_END.finditer(unmarked(text, told)))
    first = next((end for end in ends if "?" not in text[end - 2 : end]), len(text))
    return f"{text[:first]} {closing}"


def literally(text: str) -> str:
    """The regular expression of ``text``: nothing is escaped but what has a meaning there."""
    return re.sub(r"([.^$*+?(){}\[\]\\|])", r"\\\1", text)
