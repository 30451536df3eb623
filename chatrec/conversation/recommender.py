"""One turn of the conversation: message -> query -> pool -> ranking -> reasons -> reply.

It is handed its parts and knows none of their classes; :mod:`chatrec.assemble` chooses them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.answers import MAX_COMPARED, reply_text, why
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.errors import RequestError
from chatrec.generation.asked import without_noun
from chatrec.generation.evidence import SEPARATOR, TOGETHER, brief, evidence_for
from chatrec.generation.ranker import diversify
from chatrec.generation.rationale import RationaleWriter, unhurried
from chatrec.types import (
    Candidate,
    Constraints,
    Evidence,
    Example,
    LedBy,
    Query,
    Ranker,
    Recommendation,
    Retriever,
)

MAX_EXAMPLES = 8
MAX_K = 50
DIVERSIFIED = 40
MAX_TOGETHER = 2  # of an item's evidence, what the same people had
_LISTS = frozenset({"recommend", "critique", "feedback", "undo"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What a turn answers; ``complete`` is False while reasons are still being written.

    ``chips`` are short follow-ups to offer, ``timings_ms`` the milliseconds of each stage.
    """

    text: str
    led_by: LedBy
    recommendations: tuple[Recommendation, ...]
    state: DialogueState
    chips: tuple[str, ...]
    timings_ms: Mapping[str, float]
    complete: bool


class Similarity(Protocol):
    """Tells how alike items are."""

    def similarity(self, item_ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosines between the items, (n, n)."""
        ...


class Recommender:
    """Answers messages about one workspace. Holds no conversation: the state travels."""

    def __init__(
        self,
        workspace: Workspace,
        retriever: Retriever,
        ranker: Ranker,
        writer: RationaleWriter,
        similarity: Similarity,
        *,
        pool_size: int,
    ) -> None:
        self.catalog: Catalog = workspace.catalog
        self.writer = writer
        self._workspace = workspace
        self._retriever = retriever
        self._ranker = ranker
        self._similarity = similarity
        self._pool_size = pool_size
        self._understanding = Understanding(self.catalog)

    def warm_up(self) -> None:
        """Answers once for nobody, so that what loads at first use is there for the first."""
        for _ in self.stream("something good", self.start(), 1):
            pass

    def start(
        self,
        user_id: str | None = None,
        liked: Sequence[str] = (),
        disliked: Sequence[str] = (),
        seen: Sequence[str] = (),
        examples: Sequence[Example] = (),
        constraints: Constraints | None = None,
    ) -> DialogueState:
        """The state of a new conversation. Items are given by id or title.

        Raises RequestError for an unknown user, an unknown title or more than 8 examples.
        """
        if len(examples) > MAX_EXAMPLES:
            raise RequestError(f"{len(examples)} examples were given; at most {MAX_EXAMPLES} fit")
        history = () if user_id is None else self._workspace.history(user_id)
        return DialogueState(
            history=tuple(interaction.item_id for interaction in history),
            liked=self._ids(liked),
            disliked=self._ids(disliked),
            seen=self._ids(seen),
            examples=tuple(
                Example(self._ids(example.history), self._ids([example.choice])[0])
                for example in examples
            ),
            constraints=Constraints() if constraints is None else constraints,
        )

    def respond(self, text: str, state: DialogueState, k: int = 5) -> Reply:
        """The complete reply to a message. Raises RequestError for ``k`` outside 1 to 50."""
        *_, last = self.stream(text, state, k)
        return last

    def stream(
        self,
        text: str,
        state: DialogueState,
        k: int = 5,
        *,
        hurried: Callable[[], bool] = unhurried,
    ) -> Iterator[Reply]:
        """Growing replies: the ranked list first, then its reasons one by one.

        A number of items that the message asks for ("three thrillers") stands in for ``k``. Once
        ``hurried`` gives True, the reasons still missing are worded plainly at once.
        """
        if not 1 <= k <= MAX_K:
            raise RequestError(f"k is {k}; allowed are 1 to {MAX_K}")
        watch = _Watch()
        turned = self._understanding.read(text, state)
        watch.stop("understand")
        led_by: LedBy = "fusion"
        picks: list[tuple[Candidate, tuple[Evidence, ...]]] = []
        if turned.act in _LISTS:
            picks, led_by = self._picks(turned, turned.count or k, watch)
        spoken = self._why(turned) or reply_text(turned, len(picks), turned.state, self.catalog)
        final = turned.state.with_reply(spoken, [candidate.item_id for candidate, _ in picks])
        shown = tuple(
            Recommendation(
                self.catalog.get(candidate.item_id), rank, candidate.score, "", "template", evidence
            )
            for rank, (candidate, evidence) in enumerate(picks, start=1)
        )
        reply = Reply(
            spoken, led_by, shown, final, self._chips(turned, shown), watch.timings, not shown
        )
        yield reply
        if shown:
            yield from self._with_reasons(reply, watch, hurried)

    def _with_reasons(
        self, reply: Reply, watch: _Watch, hurried: Callable[[], bool]
    ) -> Iterator[Reply]:
        shown = list(reply.recommendations)
        seed = len(reply.state.turns)
        picks = [(r.item, r.evidence) for r in shown]
        reasons = self.writer.write(picks, seed=seed, hurried=hurried)
        for reason in reasons:
            shown[reason.index] = replace(
                shown[reason.index], rationale=reason.text, rationale_by=reason.by
            )
            yield replace(reply, recommendations=tuple(shown))
        watch.stop("reasons")
        yield replace(
            reply,
            recommendations=tuple(shown),
            state=reply.state.with_reasons((r.item.item_id, r.rationale) for r in shown),
            timings_ms=watch.timings,
            complete=True,
        )

    def _why(self, turned: Turned) -> str:
        """The reasons of shown items that are asked about, with their facts; "" for no such ask.

        Where the state came from a reply whose reasons were still being written, they are written
        anew, from the same facts and with the same seed.
        """
        asked = [i for i in turned.focus if i in turned.state.last_shown]
        if turned.act != "ask" or turned.question != "why" or not asked:
            return ""
        query, told = turned.state.query(self.catalog), dict(turned.state.reasons)
        listed = [n for n, turn in enumerate(turned.state.turns, start=1) if turn.shown]
        lines = []
        for item_id in asked[:MAX_COMPARED]:
            item = self.catalog.get(item_id)
            evidence = self._evidence(Candidate(item_id, 0.0, "why"), query)
            reason = told.get(item_id, "")
            if not reason:
                seed = listed[-1] if listed else 0
                reason = next(iter(self.writer.write([(item, evidence)], seed=seed))).text
            lines.append(why(item, reason, brief(evidence), turned.language))
        return "\n".join(lines)

    def _picks(
        self, turned: Turned, k: int, watch: _Watch
    ) -> tuple[list[tuple[Candidate, tuple[Evidence, ...]]], LedBy]:
        query = turned.state.query(self.catalog)
        limits = query.constraints
        if turned.act == "undo":
            again = [Candidate(item_id, 0.0, "undo") for item_id in turned.focus[:k]]
            return [(c, self._evidence(c, query)) for c in again], "fusion"
        named = replace(query, text=without_noun(query.text, self.catalog.domain))
        pool = self._retriever.retrieve(named, max(self._pool_size, k))
        watch.stop("retrieve")
        ranked, led_by = self._ranker.rank(query, pool)
        first = ranked[: max(DIVERSIFIED, k)]
        chosen = diversify(
            first,
            self._similarity.similarity([candidate.item_id for candidate in first]),
            self.catalog,
            k,
            limit_creators=not (limits.people_all or limits.people_any or query.near),
        )
        watch.stop("rank")
        return [(candidate, self._evidence(candidate, query)) for candidate in chosen], led_by

    def _evidence(self, candidate: Candidate, query: Query) -> tuple[Evidence, ...]:
        """Links and facts first by relevance; what the retrievers noted is added once.

        Of what people had together only the strongest, from whichever retrievers.
        """
        found = evidence_for(self.catalog.get(candidate.item_id), query, self.catalog)
        known = {(piece.kind, piece.text.casefold()) for piece in found}
        noted = [
            p
            for p in candidate.evidence
            if p.kind == "similar" and (p.kind, p.text.casefold()) not in known
        ]
        together = dict.fromkeys(p for p in candidate.evidence if p.kind == TOGETHER)
        strongest = sorted(together, key=lambda piece: -float(piece.text.rpartition(SEPARATOR)[2]))
        return (*found, *noted, *strongest[:MAX_TOGETHER])

    def _chips(self, turned: Turned, shown: Sequence[Recommendation]) -> tuple[str, ...]:
        if not shown or turned.language != "en":
            return ()
        items = [recommendation.item for recommendation in shown]
        chips = ["More like the first"]
        if all(item.year is not None for item in items):
            chips += ["Something older", "Something newer"]
        if all(item.runtime_min is not None for item in items):
            chips.append("Something shorter")
        chips.append("Show me others")
        return tuple(chips)

    def _ids(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._id(name) for name in names))

    def _id(self, name: str) -> str:
        if name in self.catalog:
            return name
        matches = self._understanding.titles.lookup(name)
        if not matches:
            raise RequestError(
                f"no item with the id or title {name!r}; give a title of the catalogue "
                f"({len(self.catalog):,} items, such as {self.catalog.items[0].title!r})"
            )
        return matches[0].item_id


class _Watch:
    """Milliseconds of each stage since the one before it."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        """The stage that has just ended."""
        now = time.perf_counter()
        self._stages[stage] = (now - self._last) * 1000
        self._last = now

    @property
    def timings(self) -> Mapping[str, float]:
        return {**self._stages, "total": (self._last - self._begun) * 1000}
