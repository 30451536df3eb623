"""Lets go of earlier limits where they leave nothing over for what is asked for now.

People change their minds without saying so: "classics by Ozu" some turns after "nothing old". What
the message itself says stays, and so does what outlives a wish (what is ruled out, ages, budgets).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatrec.conversation import merging
from chatrec.conversation.filters import Filter, Unless, filters_of
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import permitted
from chatrec.types import Constraints


def n_fitting(state: DialogueState, catalog: Catalog) -> int:
    """How many items could be shown now."""
    return sum(1 for _ in permitted(catalog, state.query(catalog)))


def yielded(
    state: DialogueState, said: Constraints, said_unless: Unless, catalog: Catalog
) -> tuple[DialogueState, tuple[str, ...]]:
    """The state less earlier limits, and their labels, if nothing fits and something then would.

    One limit goes where that is enough, the one without which most fits; else all that may. What
    fits but was shown already counts as fitting.
    """
    if _fits_any(replace(state, allow_repeats=True), catalog):
        return state, ()
    lasting = merging.lasting(state.constraints, state.standing)
    kept = {*filters_of(said, said_unless, state.language)}
    kept |= {*filters_of(lasting, state.unless, state.language)}
    earlier = [chip for chip in state.filters() if chip not in kept]
    for gone in (*((chip,) for chip in _best_first(state, earlier, catalog)), tuple(earlier)):
        without = _without(state, gone)
        if gone and _fits_any(without, catalog):
            return without, tuple(chip.label for chip in gone)
    return state, ()


def shown_again(state: DialogueState, catalog: Catalog) -> DialogueState:
    """The state in which what was shown may be shown again, if nothing but that fits."""
    if _fits_any(state, catalog):
        return state
    query = replace(state, shown=()).query(catalog)
    fitting = {item.item_id for item in permitted(catalog, query)}
    return replace(state, shown=tuple(i for i in state.shown if i not in fitting))


def _fits_any(state: DialogueState, catalog: Catalog) -> bool:
    """Whether any item could be shown now; as a rule an early one tells, in any size of list."""
    return next(permitted(catalog, state.query(catalog)), None) is not None


def _best_first(state: DialogueState, chips: Sequence[Filter], catalog: Catalog) -> list[Filter]:
    return sorted(chips, key=lambda chip: -n_fitting(_without(state, (chip,)), catalog))


def _without(state: DialogueState, chips: Sequence[Filter]) -> DialogueState:
    changed = state
    for chip in chips:
        changed = changed.without(chip.name, chip.value)
    return replace(changed, past=state.past)
