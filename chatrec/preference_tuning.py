"""The job behind ``chatrec tune --from-feedback``: an adapter learns what people took and refused.

Preferences from the database, a further LoRA, both LoRAs as one adapter, and a guard that lets it
be written only where it is no worse than the adapter it came from. Of the owners it reads ids,
verdicts and which items were shown together, and nothing that anybody said.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from chatrec.assemble import adapter_folder, open_workspace
from chatrec.data.catalog import Catalog
from chatrec.data.checksums import CHECKSUMS_FILE
from chatrec.errors import ModelError, RequestError
from chatrec.evaluation.preference_guard import (
    Change,
    Measured,
    Probes,
    change,
    measured,
    probes_of,
)
from chatrec.evaluation.splits import SPLIT_SEED
from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.item_head import HeadFacts, load_head, log_popularity
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.retrieval.encoder import TextEncoder
from chatrec.settings import Settings
from chatrec.storage import FeedbackKind, Storage, open_storage
from chatrec.storage.database import address_of
from chatrec.training.adapter import Card, card_text, refuse_existing, training_set
from chatrec.training.batches import Sentence
from chatrec.training.examples import TrainingSet
from chatrec.training.lora_sum import further_matrices, summed, target_modules, write_summed
from chatrec.training.preference_lora import (
    PreferenceOptions,
    Report,
    Scores,
    tune_on_preferences,
)
from chatrec.training.preferences import (
    Judge,
    Judgements,
    PreferenceExample,
    Verdict,
    is_held_out,
    judge_of,
    preference_examples,
)
from chatrec.training.rationales import rationale_examples
from chatrec.tuning import Notes

ACCEPTED: Mapping[FeedbackKind, bool] = {
    "like": True,
    "more": True,
    "dislike": False,
    "less": False,
}  # "seen" is no verdict
ENOUGH_LEARNT, ENOUGH_HELD = 50, 20
STRENGTHS = (1.0, 0.5, 0.25)
SENTENCES = 64
Say = Callable[[str], None]
Matrices = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Sides:
    """The owners to learn from and those that are held out, each with preferences."""

    learnt: tuple[Judge, ...]
    held: tuple[Judge, ...]

    def text(self) -> str:
        """How many there are, in words."""
        return (
            f"{_count(self.learnt):,} preferences of {len(self.learnt):,} owners to learn from and "
            f"{_count(self.held):,} of {len(self.held):,} held out"
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """What the guard found with a part (0 to 1) of what was learnt."""

    strength: float
    changes: tuple[Change, ...]

    @property
    def stands(self) -> bool:
        """Whether the adapter may be kept."""
        return all(c.stands for c in self.changes)


def tune_from_feedback(
    settings: Settings,
    to: Path,
    *,
    options: PreferenceOptions,
    notes: Notes,
    say: Say,
    report: Report | None = None,
) -> dict[str, Any]:
    """Tune the settings' adapter on the feedback in their database, and write it to ``to``.

    Returns how much there was to learn from, and the guard's figures. A killed run is taken up from
    its checkpoint in ``runs/<name>``. What was learnt is added in full, or else in the largest
    part (STRENGTHS) that the guard lets pass: between two sets of weights what is gained is often
    lost later than what is spoilt (Wortsman et al. 2022, arXiv 2109.01903). RequestError for too
    few preferences, or where the adapter doesn't lead on this kind of catalogue; ModelError, with
    nothing written, where the tuned adapter is worse even so.
    """
    refuse_existing(to)
    adapter = adapter_folder(settings)
    if adapter is None:
        raise RequestError(
            f"--adapter is missing: name the one of {settings.model!r} to go on from"
        )
    workspace = open_workspace(settings.data)
    sides = read_sides(settings.database_address(), workspace.catalog)
    say(sides.text())
    encoder = TextEncoder()
    data = training_set(workspace, encoder, SPLIT_SEED)
    job = _Job(settings, adapter, data, sides, options, encoder.revision)
    probes, before, matrices = job.learn(Path("runs") / to.name, say, report)
    tried: list[Trial] = []
    for strength in STRENGTHS:
        say(f"measuring it with {strength:.0%} of what was learnt")
        tried.append(job.trial(strength, matrices, probes, before))
        if tried[-1].stands:
            break
    _refuse_worse(tried[-1])
    to.parent.mkdir(parents=True, exist_ok=True)
    card = job.card(to.name, notes, tried[-1])
    write_summed(to, adapter, *summed(adapter, matrices, tried[-1].strength), card)
    return {
        "preferences": {"learnt": _count(sides.learnt), "held out": _count(sides.held)},
        "owners": {"learnt": len(sides.learnt), "held out": len(sides.held)},
        "guard": [_told(trial) for trial in tried],
    }


def read_sides(database: str, catalog: Catalog) -> Sides:
    """Everybody's preferences in a database; RequestError where there are too few to tune on.

    Who is held out doesn't depend on a run's seed, so that runs can go on from one another.
    """
    url = address_of(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").expanduser().is_file():
        raise RequestError(
            f"there is no feedback to learn from: {url.database} does not exist; name the "
            "workspace that was served, or set CHATREC_DATABASE to where its feedback is kept"
        )
    storage = open_storage(database)
    try:
        judges = [judge_of(judgements, catalog) for judgements in judgements_in(storage)]
    finally:
        storage.close()
    sides = _split(judge for judge in judges if judge.preferences)
    if _count(sides.learnt) < ENOUGH_LEARNT or _count(sides.held) < ENOUGH_HELD:
        raise RequestError(
            f"too little feedback: {sides.text()}; at least {ENOUGH_LEARNT} and {ENOUGH_HELD} are "
            "needed. A preference is an item that was accepted, where others of the same list, "
            "conversation or hour were rejected; a fifth of the owners is held out"
        )
    return sides


def judgements_in(storage: Storage) -> Iterator[Judgements]:
    """The verdicts of every owner, and the lists that they were shown."""
    for owner in storage.feedback.owners():
        verdicts = tuple(
            Verdict(e.item_id, ACCEPTED[e.kind], e.at, e.session_id)
            for e in storage.feedback.events(owner)
            if e.kind in ACCEPTED
        )
        if verdicts:
            yield Judgements(owner, verdicts, storage.sessions.shown(owner))


def _split(judges: Iterable[Judge]) -> Sides:
    sides: dict[bool, list[Judge]] = {False: [], True: []}
    for judge in judges:
        sides[is_held_out(judge.owner, SPLIT_SEED)].append(judge)
    return Sides(tuple(sides[False]), tuple(sides[True]))


class _Job:
    """What learning and both measurements share; each loads the decoder anew."""

    def __init__(
        self,
        settings: Settings,
        adapter: Path,
        data: TrainingSet,
        sides: Sides,
        options: PreferenceOptions,
        encoder_revision: str,
    ) -> None:
        self._settings, self._adapter = settings, adapter
        self._data, self._sides, self._options = data, sides, options
        self._encoder_revision = encoder_revision
        self._steps = 0

    def learn(
        self, run: Path, say: Say, report: Report | None
    ) -> tuple[Probes, dict[str, Measured], Matrices]:
        """What to measure on, the adapter as it was, measured, and the further LoRA's matrices."""
        decoder, scores = self._loaded(self._adapter)
        modules = target_modules(self._adapter)
        options, catalog = self._options, self._data.catalog
        encode = lru_cache(maxsize=1 << 17)(decoder.encode_text)
        held = [tuple(preference_examples(j, catalog, encode)) for j in self._sides.held]
        examples = [e for j in self._sides.learnt for e in preference_examples(j, catalog, encode)]
        say("measuring the adapter as it is")
        probes = probes_of(self._data, held, encode, seed=options.seed)
        before = dict(measured(decoder, scores, catalog, probes, seed=options.seed))
        self._steps = options.length(len(examples))
        model = tune_on_preferences(
            decoder,
            scores,
            examples,
            list(_sentences(decoder, catalog, options.seed)),
            options,
            run,
            target_modules=modules,
            identity=self._identity(examples),
            report=report,
        )
        return probes, before, further_matrices(model)

    def trial(
        self, strength: float, matrices: Matrices, probes: Probes, before: Mapping[str, Measured]
    ) -> Trial:
        """The guard's figures of the adapter with so much of the further LoRA, from its files.

        The first that doesn't stand is the last.
        """
        seed = self._options.seed
        with tempfile.TemporaryDirectory() as scratch:
            candidate = Path(scratch) / "candidate"
            merged, config = summed(self._adapter, matrices, strength)
            write_summed(candidate, self._adapter, merged, config, "")
            decoder, scores = self._loaded(candidate)
        found = []
        for name, after in measured(decoder, scores, self._data.catalog, probes, seed=seed):
            found.append(change(name, before[name], after, seed=seed))
            if not found[-1].stands:
                break
        return Trial(strength, tuple(found))

    def card(self, name: str, notes: Notes, trial: Trial) -> str:
        """What CARD.md says of the tuned adapter."""
        _, facts = load_head(self._adapter / ITEM_HEAD)
        options = self._options
        card = Card(
            name=name,
            base=facts.base,
            data=f"what the adapter {self._adapter.resolve().name} learnt from (see its card), "
            f"then people's verdicts on recommendations: {self._sides.text()} ({notes.data})",
            terms=f"those of that adapter, and {notes.terms}",
            seed=options.seed,
            command=notes.command,
            trained=f"{self._steps} steps of {options.prompts} prompts, DPO on the item head "
            f"(beta {options.beta:g}), a further LoRA of rank {options.rank} on the last "
            f"{options.layers} layers, {trial.strength:.0%} of it joined to the adapter's own",
            metrics={c.name: c.text() for c in trial.changes},
        )
        return card_text(card, facts)

    def _loaded(self, adapter: Path) -> tuple[LocalDecoder, Scores]:
        settings, data = self._settings, self._data
        decoder = load_decoder(settings.model, adapter=adapter, precision=settings.precision)
        if not isinstance(decoder, LocalDecoder):
            raise ModelError(f"decoder {settings.model!r} is a server; a local one can be tuned")
        head, facts = load_head(adapter / ITEM_HEAD, decoder.device)
        self._check(facts)
        head.requires_grad_(False)
        items = head.item_vectors(torch.from_numpy(data.text_vectors).to(decoder.device))
        popularity = torch.from_numpy(log_popularity(data.counts)).to(decoder.device)
        return decoder, Scores(head, items, popularity)

    def _check(self, facts: HeadFacts) -> None:
        """Errors where the adapter doesn't rank this kind of catalogue, or not by these vectors."""
        domain = self._data.catalog.domain
        if domain not in facts.domains:
            raise RequestError(
                f"adapter {self._adapter} leads on {', '.join(facts.domains)}, and this catalogue "
                f"is of kind {domain!r}; go on from an adapter that was tuned for such"
            )
        if facts.encoder_revision != self._encoder_revision:
            raise ModelError(
                f"adapter {self._adapter} was tuned with another embedding model "
                f"({facts.encoder}, {facts.encoder_revision}); tune it anew"
            )

    def _identity(self, examples: Sequence[PreferenceExample]) -> Mapping[str, str]:
        """What a checkpoint must share with this run beside its options."""
        checksums = (self._adapter / CHECKSUMS_FILE).read_bytes()
        return {
            "adapter": hashlib.sha256(checksums).hexdigest(),
            "examples": hashlib.sha256(repr(examples).encode()).hexdigest(),
        }


def _sentences(decoder: LocalDecoder, catalog: Catalog, seed: int) -> Iterator[Sentence]:
    """Reasons in words that the language head is to keep."""
    for example in rationale_examples(catalog, seed=seed, n=SENTENCES):
        prompt = decoder.encode_chat(example.prompt)
        answer = decoder.encode_text(example.completion)
        yield Sentence((*prompt, *answer, decoder.end_id), len(prompt))


def _refuse_worse(trial: Trial) -> None:
    """ModelError where a figure has fallen too far."""
    fallen = [f"{c.name}: {c.text()}" for c in trial.changes if not c.stands]
    if fallen:
        raise ModelError(
            f"the tuned adapter is refused, and nothing was written: even with "
            f"{trial.strength:.0%} of what was learnt {'; '.join(fallen)}; gather more feedback, "
            "or try a lower --rate or fewer --examples"
        )


def _count(judges: Sequence[Judge]) -> int:
    return sum(len(judge.preferences) for judge in judges)


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "strength": trial.strength,
        "kept": trial.stands,
        "figures": [c.told() for c in trial.changes],
    }
