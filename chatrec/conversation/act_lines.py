"""One message as one short line of acts, and the prompt that a decoder continues with it.

    R+g scary-g zombies+y 90s+p Tom Hanks

An act (:data:`ACTS`), then slots: a sign and a kind (:data:`PAIRS`) with words copied from the
message. A decoder that writes lines so needs no catalogue; what the words stand for is looked up
afterwards. Knows neither catalogue nor model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

# R a wish of its own, F a refinement of the current one, C a comparison with the list or another
# list, Q a question about items, V a verdict, K a correction of what was just said, X start over,
# U undo, S small talk, O something else than recommending, N nonsense.
ACTS = "RFCQVKXUSON"
# Signs: + wanted or liked, - refused or disliked, | or, / unless, * any will do again, = to be
# like, ! seen, ? asked about. Kinds: g what kind it is (genre, theme, mood, country), y years,
# r running time, p person, a age of the viewers, t title or a pointer to one, v a comparison.
PAIRS = tuple(
    sign + kind
    for kind, signs in (
        ("g", "+-|/*"),
        ("y", "+*"),
        ("r", "+*"),
        ("p", "+-|*"),
        ("a", "+*"),
        ("t", "+-!=?"),
        ("v", "+"),
    )
    for sign in signs
)
MOST_SLOTS = 8
SHOWN_TITLES = 3  # of the last list, that the prompt names
WISH_WORDS = 6  # of the current wish, that the prompt quotes

_SLOT = re.compile(rf"({'|'.join(map(re.escape, PAIRS))})(?= |$)")
_CHUNK = re.compile(r"\s*\w[\w'/-]*|\s*[^\w\s+|/*=!?-]")  # a sign stands for itself in no slot


@dataclass(frozen=True, slots=True)
class Slot:
    """Words of the message and what they are: one of :data:`PAIRS`."""

    pair: str
    words: str


@dataclass(frozen=True, slots=True)
class ActLine:
    """What a message does, one of :data:`ACTS`, with its slots in the order of the message."""

    act: str
    slots: tuple[Slot, ...] = ()

    def __str__(self) -> str:
        return self.act + "".join(f"{slot.pair} {slot.words}" for slot in self.slots)


def parsed(text: str) -> ActLine:
    """The line that ``text`` writes; slots without words are left out.

    >>> parsed("R+g scary-g zombies").slots[1]
    Slot(pair='-g', words='zombies')

    Raises ValueError where it does not begin with an act.
    """
    act, rest = text.strip()[:1], text.strip()[1:]
    if not act or act not in ACTS:
        raise ValueError(f"a line of acts begins with one of {ACTS}, got {text!r}")
    pieces = _SLOT.split(rest)[1:]
    slots = (Slot(p, w.strip()) for p, w in zip(pieces[::2], pieces[1::2], strict=True))
    return ActLine(act, tuple(slot for slot in slots if slot.words))


def copied(text: str) -> str:
    """A piece of a message as a slot holds it.

    >>> copied("What's Up, Doc?")
    "What's Up, Doc"
    """
    return "".join(_CHUNK.findall(f" {text}")).strip()


def prompt_of(
    said: str, shown: Sequence[str] = (), limits: Sequence[str] = (), wish: str = ""
) -> str:
    """What a decoder continues with a space, a line of acts and a line's end.

    ``shown`` are titles of the last list, ``limits`` what holds, as chips say it, ``wish`` the
    current wish's words; of long ones the first or newest are named.
    """
    lines = [f"Shown: {'; '.join(shown[:SHOWN_TITLES])}"] if shown else []
    lines += [f"Limits: {'; '.join(limits)}"] if limits else []
    lines += [f"Wish: {' '.join(wish.split()[-WISH_WORDS:])}"] if wish else []
    return "\n".join((*lines, f"User: {said}", "Acts:"))


def grammar_of(said: str) -> str:
    """The lines that may be written about a message, as llguidance's kind of Lark grammar.

    Slots hold neighbouring words of the message and nothing else.
    """
    acts = " | ".join(f'" {act}"' for act in ACTS)
    pairs = " | ".join(f'"{pair}"' for pair in PAIRS)
    chunks = json.dumps({"substring_chunks": _CHUNK.findall(f" {said}")})
    return (
        f'start: act slot{{0,{MOST_SLOTS}}} "\\n"\nact: {acts}\nslot: pair WORDS\npair: {pairs}\n'
        f"WORDS: %regex {chunks}\n"
    )
