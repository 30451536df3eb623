"""A dialogue without the user's last message: what it was before that was said.

For conversations that were read back; whoever held the state before the message needn't ask. Knows
nothing about how messages are read.
"""

from __future__ import annotations

from dataclasses import replace

from chatrec.conversation.state import DialogueState, Turn
from chatrec.errors import RequestError


def before_last(state: DialogueState) -> DialogueState:
    """The state before the last message, which leaves the log too; marks set since then stay.

    Raises RequestError where there is no message, or where what it changed can't be known any more
    (it took something back itself, or was followed by more changes than are remembered).
    """
    turns = _without_last(state.turns)
    if turns == state.turns:
        raise RequestError("there is no message to take back")
    since = [n for n, past in enumerate(state.past) if past.turn == state.turn]
    if since:
        first = since[0]
        before = replace(state.past[first], past=state.past[:first])
    elif any(c.turn == state.turn and c.by != "clicked" for c in state.changes):
        raise RequestError("what this message changed can't be taken back any more")
    else:
        before = state
    told = {c.value for c in state.changes if c.turn == state.turn and c.by == "clicked"}
    shown = {i for turn in turns for i in turn.shown}
    gone = {i for turn in state.turns[len(turns) :] for i in turn.shown} - shown
    lists = [turn.shown for turn in turns if turn.shown]
    return replace(
        before,
        turns=turns,
        history=state.history,
        examples=state.examples,
        language=state.language,
        turn=state.turn - 1,
        shown=tuple(i for i in state.shown if i not in gone),
        last_shown=lists[-1] if lists else (),
        reasons=() if gone else before.reasons,
        changes=tuple(c for c in state.changes if c.turn < state.turn or c.by == "clicked"),
        incognito=state.incognito,
        talk=state.talk,
        asked=state.asked,
        question=(),
        liked=_marked(before.liked, state.liked, told),
        disliked=_marked(before.disliked, state.disliked, told),
        seen=_marked(before.seen, state.seen, told),
    )


def _without_last(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    said = [n for n, turn in enumerate(turns) if turn.role == "user"]
    return turns[: said[-1]] if said else turns


def _marked(before: tuple[str, ...], now: tuple[str, ...], told: set[str]) -> tuple[str, ...]:
    """The ids of before, with those that were marked since then as they are now."""
    kept = (i for i in before if i not in told)
    return tuple(dict.fromkeys((*kept, *(i for i in now if i in told))))
