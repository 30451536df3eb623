"""A conversation as plain text, to be copied or saved. Knows nothing about HTML or storage."""

from __future__ import annotations

from collections.abc import Sequence

from chatrec.conversation.lexicon import Language
from chatrec.conversation.recommender import Reply
from chatrec.data.printable import left_out
from chatrec.serving.cards import TurnView
from chatrec.serving.conversation_words import conversation_words


def as_plain_text(title: str, turns: Sequence[TurnView], language: Language) -> str:
    """Title, messages and their answers, each item with its reason; what failed is left out.

    Every line of a message stands behind a ">", so that nobody's words look like the answer's.
    No character steers what is shown after it.
    """
    you = conversation_words("you", language)
    parts = [title] if title else []
    for turn in turns:
        if turn.reply is not None:
            said = "\n".join(f"> {line}" for line in turn.said.splitlines())
            parts.append(f"{you}:\n{said}\n\n{_answer(turn.reply)}")
    return left_out("\n\n".join(parts)) + "\n"


def _answer(reply: Reply) -> str:
    lines = [
        f"{r.rank}. {r.item.label}" + (f"\n   {r.rationale}" if r.rationale else "")
        for r in reply.recommendations
    ]
    return "\n".join([reply.text, *lines])
