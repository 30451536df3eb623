"""One turn of the conversation: message -> query -> pool -> ranking -> reasons -> reply.

It is handed its parts and knows none of their classes; :mod:`chatrec.assemble` chooses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from chatrec.conversation import merging
from chatrec.conversation.answering import Answers
from chatrec.conversation.answers import MAX_COMPARED, compared, reply_text, why
from chatrec.conversation.asking import Asker, Asking
from chatrec.conversation.care import Care
from chatrec.conversation.comparison import Comparison
from chatrec.conversation.equipment import Equipment
from chatrec.conversation.guided import Gate, GuidedUnderstanding
from chatrec.conversation.line_understanding import Write
from chatrec.conversation.moved import told_moved
from chatrec.conversation.onboarding import Onboarding
from chatrec.conversation.profile_words import speak
from chatrec.conversation.state import DialogueState
from chatrec.conversation.suggestions import Suggestions
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.conversation.watch import Watch
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.data.workspace import Workspace
from chatrec.errors import RequestError
from chatrec.generation.asked import without_noun
from chatrec.generation.evidence import SEPARATOR, TOGETHER, brief, evidence_for, noted_similar
from chatrec.generation.movers import Movers
from chatrec.generation.ranker import diversify
from chatrec.generation.rationale import RationaleWriter, unhurried
from chatrec.types import (
    Candidate,
    Constraints,
    Evidence,
    Example,
    LedBy,
    Place,
    Query,
    Ranker,
    Recommendation,
    Retriever,
    Similarity,
)

MAX_EXAMPLES = 8
MAX_K = 50
DIVERSIFIED = 40
MAX_TOGETHER = 2  # of an item's evidence, what the same people had
SEEDS_APART = 1000  # of two attempts at one message
_LISTS = frozenset({"recommend", "critique", "feedback", "undo"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What a turn answers; ``complete`` is False while reasons are still being written.

    ``chips`` are short follow-ups to offer, once the list is out; ``timings_ms`` the milliseconds
    of each stage. ``table`` has the items that were to be compared side by side; as plain text it
    stands in ``text`` too. ``query`` is what the list was made for (None: it was repeated), and
    ``adapter`` tuned the decoder.
    """

    text: str
    led_by: LedBy
    recommendations: tuple[Recommendation, ...]
    state: DialogueState
    chips: tuple[str, ...]
    timings_ms: Mapping[str, float]
    complete: bool
    table: Comparison | None = None
    query: Query | None = None
    adapter: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What is shown, with the evidence for each, the pool that it came from, and what led.

    ``pool`` is as retrieval ordered it, ``ranked`` as the ranker did.
    """

    picks: Sequence[tuple[Candidate, tuple[Evidence, ...]]] = ()
    ranked: Sequence[Candidate] = ()
    led_by: LedBy = "fusion"
    pool: Sequence[Candidate] = ()
    query: Query | None = None

    def places(self, candidate: Candidate) -> tuple[Place, ...]:
        """Where the branches, the pool and the ranker had an item that is shown."""
        orders = (("fusion", self.pool), ("ranker", self.ranked))
        found = [
            Place(name, [c.item_id for c in order].index(candidate.item_id) + 1, len(order))
            for name, order in orders
            if order
        ]
        return (*candidate.places, *found)

    @property
    def ids(self) -> list[str]:
        return [candidate.item_id for candidate, _ in self.picks]


class Recommender:
    """Answers messages about one workspace. Holds no conversation: the state travels.

    ``writer`` words the reasons, ``asker`` decides what to ask, ``movers`` tells what moved the
    items of a list; all may be replaced. Set by whoever puts it together: ``equipment``,
    ``adapter`` (what tunes its decoder is called so), ``adapters`` (to choose from by such names).
    """

    equipment = Equipment()
    adapter = ""
    adapters: Mapping[str, Recommender] = MappingProxyType({})

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
        self._pool_size = pool_size
        self._understanding = Understanding(self.catalog)
        self._answers = Answers(self.catalog, self._understanding)
        self._care = Care(self.catalog, self._understanding.titles, self._answers.read)
        self._suggestions = Suggestions(self.catalog, self._answers.read)
        self.likeness = similarity.similarity  # cosines between items
        self.asker: Asker = Asking(self.catalog, self.likeness)
        self.movers = Movers(self.catalog, self.order, self.heard)

    def with_parts(
        self, retriever: Retriever, ranker: Ranker, writer: RationaleWriter
    ) -> Recommender:
        """The same with other parts that the decoder has a share in; all else is shared."""
        other = copy(self)
        other.writer, other._retriever, other._ranker = writer, retriever, ranker
        other.movers = Movers(other.catalog, other.order, other.heard)
        return other

    def tuned_by(self, name: str | None) -> Recommender:
        """The one whose decoder this adapter tunes, itself for None; RequestError for no such."""
        found = self if name is None else self.adapters.get(name)
        if found is None:
            known = ", ".join(self.adapters) or "none"
            raise RequestError(f"there is no adapter {name!r}; name one of these or none: {known}")
        return found

    def guided_by(self, write: Write, gate: Gate) -> GuidedUnderstanding:
        """Reads users' messages by a decoder's lines too from here on; gives what reads them."""
        guided = GuidedUnderstanding(self._understanding, write, gate)
        answers = Answers(self.catalog, self._understanding, guided)
        self._care = Care(self.catalog, self._understanding.titles, answers.read)
        return guided

    @property
    def understanding(self) -> Understanding:
        """What reads messages about the catalogue; it has the index of its titles too."""
        return self._understanding

    @cached_property
    def onboarding(self) -> Onboarding:
        """What to ask newcomers about; made at the first use."""
        return Onboarding.of(self.catalog, self.likeness, self._workspace.histories)

    def warm_up(self) -> None:
        """Answers once for nobody, so that what loads at first use is there for the first."""
        for one in self.adapters.values() or (self,):
            first = one.respond("something good", self.start(), 1)
        self._care.read("an older one", first.state)  # what reads a message after a list

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

        ``constraints`` hold until the dialogue says otherwise of the same thing. Raises
        RequestError for an unknown user, an unknown title or more than 8 examples.
        """
        if len(examples) > MAX_EXAMPLES:
            raise RequestError(f"{len(examples)} examples were given; at most {MAX_EXAMPLES} fit")
        ids = self._understanding.ids
        history = () if user_id is None else self._workspace.history(user_id)
        return DialogueState(
            history=tuple(interaction.item_id for interaction in history),
            liked=ids(liked),
            disliked=ids(disliked),
            seen=ids(seen),
            examples=tuple(
                Example(ids(example.history), ids([example.choice])[0]) for example in examples
            ),
            constraints=Constraints() if constraints is None else constraints,
            standing=() if constraints is None else merging.names_set(constraints),
        )

    def respond(self, text: str, state: DialogueState, k: int = 5) -> Reply:
        """The complete reply to a message. Raises RequestError for ``k`` outside 1 to 50."""
        *_, last = self.stream(text, state, k)
        return last

    def overheard(self, text: str, answer: str, state: DialogueState) -> DialogueState:
        """The state after a message that somebody else answered, who may have named items.

        From then on it is a talk, of which :meth:`DialogueState.query` makes another query.
        """
        told = self._care.read(text, replace(state, talk=True)).state
        return told.with_reply(answer, self._understanding.named_in(answer, told.language))

    def stream(
        self,
        text: str,
        state: DialogueState,
        k: int = 5,
        *,
        hurried: Callable[[], bool] = unhurried,
        attempt: int = 0,
    ) -> Iterator[Reply]:
        """Growing replies: the ranked list first, then its reasons one by one.

        A number of items that the message asks for ("three thrillers") stands in for ``k``. Once
        ``hurried`` gives True, the reasons still missing are worded plainly at once. ``attempt``
        counts how often this very message was answered before; each words its reasons anew.
        """
        if not 1 <= k <= MAX_K:
            raise RequestError(f"k is {k}; allowed are 1 to {MAX_K}")
        watch = Watch()
        turned = self._care.read(text, state)
        watch.stop("understand")
        if turned.act == "onboard":
            yield self._titles_to_judge(turned, watch)
            return
        found = _Found()
        if turned.act in _LISTS:
            found = self._found(turned, turned.count or k, watch)
        spoken = self._why(turned) or reply_text(
            turned, len(found.picks), turned.state, self.catalog
        )
        asked = self.asker.question(turned, state, found.ranked) if found.picks else None
        if asked is not None:
            spoken = f"{spoken} {asked.text(self.catalog, turned.language)}"
        final = turned.state.with_reply(spoken, found.ids)
        final = final if asked is None else asked.put(final)
        watch.stop("ask")
        shown = tuple(
            Recommendation(
                self.catalog.get(candidate.item_id),
                rank,
                candidate.score,
                "",
                "template",
                evidence,
                found.places(candidate),
            )
            for rank, (candidate, evidence) in enumerate(found.picks, start=1)
        )
        made = (compared(turned, self.catalog), found.query, self.adapter)
        reply = Reply(spoken, found.led_by, shown, final, (), watch.timings, not shown, *made)
        yield reply
        if shown:
            chips = self._suggestions.offered(final, found.ranked)
            watch.stop("suggest")
            yield from self._with_reasons(replace(reply, chips=chips), watch, hurried, attempt)

    def _titles_to_judge(self, turned: Turned, watch: Watch) -> Reply:
        """Names titles to judge, which can be pointed at like a list and stay free to recommend."""
        state = turned.state
        liked = state.last_shown if state.wish or state.near else ()
        found = self.onboarding.titles(state, favoured=liked, without=state.last_shown)
        listed = "; ".join(f"{place}. {item.label}" for place, item in enumerate(found, start=1))
        spoken = speak("judge" if found else "no_titles", state.language, listed)
        told = state.with_reply(spoken)
        final = replace(told, last_shown=tuple(item.item_id for item in found) or told.last_shown)
        return Reply(spoken, "fusion", (), final, (), watch.timings, True)

    def _with_reasons(
        self, reply: Reply, watch: Watch, hurried: Callable[[], bool], attempt: int
    ) -> Iterator[Reply]:
        shown = list(reply.recommendations)
        seed = len(reply.state.turns) + SEEDS_APART * attempt
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
        listing = turned.state.standing_list
        as_asked = replace(query, seen=query.seen - {*listing})
        moved = self.movers.of(as_asked, asked) if {*asked} <= {*listing} else None
        lines = []
        for item_id in asked[:MAX_COMPARED]:
            item = self.catalog.get(item_id)
            evidence = self._evidence(Candidate(item_id, 0.0, "why"), query)
            reason = told.get(item_id, "")
            if not reason:
                seed = listed[-1] if listed else 0
                reason = next(iter(self.writer.write([(item, evidence)], seed=seed))).text
            lines.append(why(item, reason, brief(evidence), turned.language))
            if moved is not None:
                lines.append(told_moved(moved, item_id, self.catalog, turned.language))
        return "\n".join(lines)

    def _found(self, turned: Turned, k: int, watch: Watch) -> _Found:
        query = turned.state.query(self.catalog)
        limits = query.constraints
        if turned.act == "undo":
            kept = (i for i in turned.focus if allowed(self.catalog.get(i), turned.state.guarded))
            again = [Candidate(item_id, 0.0, "undo") for item_id in list(kept)[:k]]
            return _Found([(c, self._evidence(c, query)) for c in again])
        pool = self._pool(query, k)
        watch.stop("retrieve")
        ranked, led_by = self._ranker.rank(query, pool)
        first = ranked[: max(DIVERSIFIED, k)]
        chosen = diversify(
            first,
            self.likeness([candidate.item_id for candidate in first]),
            self.catalog,
            k,
            limit_creators=not (limits.people_all or limits.people_any or query.near),
        )
        watch.stop("rank")
        picks = [(c, self._evidence(c, query)) for c in chosen]
        return _Found(picks, ranked, led_by, pool, query)

    def order(self, query: Query) -> tuple[list[Candidate], LedBy]:
        """What is found for a query, best first, and what led; of this a list shows the first."""
        return self._ranker.rank(query, self._pool(query))

    def _pool(self, query: Query, k: int = 0) -> list[Candidate]:
        return self._retriever.retrieve(self.heard(query), max(self._pool_size, k))

    def heard(self, query: Query) -> Query:
        """The query as retrieval is asked it: what kind of item is meant goes without saying."""
        return replace(query, text=without_noun(query.text, self.catalog.domain))

    def _evidence(self, candidate: Candidate, query: Query) -> tuple[Evidence, ...]:
        """Links and facts first by relevance; what the retrievers noted is added once.

        Of what people had together only the strongest, from whichever retrievers.
        """
        found = evidence_for(self.catalog.get(candidate.item_id), query, self.catalog)
        known = {(piece.kind, piece.text.casefold()) for piece in found}
        noted = [
            p
            for p in noted_similar(candidate.evidence, query, self.catalog)
            if (p.kind, p.text.casefold()) not in known
        ]
        together = dict.fromkeys(p for p in candidate.evidence if p.kind == TOGETHER)
        strongest = sorted(together, key=lambda piece: -float(piece.text.rpartition(SEPARATOR)[2]))
        return (*found, *noted, *strongest[:MAX_TOGETHER])
