"""Wires the parts together: the only place that knows which class is used for what."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chatrec.conversation.equipment import Equipment
from chatrec.conversation.guided import GATE, Gate, ReadingStats
from chatrec.conversation.listening import Listener
from chatrec.conversation.recommender import Recommender
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError, NoLogprobsError, RequestError
from chatrec.generation.adapter_files import HEADLESS_FILES, ITEM_HEAD, check_adapter
from chatrec.generation.model import Decoder, LocalDecoder, load_decoder
from chatrec.generation.rationale import RationaleWriter
from chatrec.retrieval.choice_order import ChoiceOrder
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.fitted import load_fitted
from chatrec.retrieval.fitted_branches import fusion_of
from chatrec.retrieval.fitted_encoder import workspace_encoder
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.item_index import database_index, item_index
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.vector_index import VectorIndex, Vectors
from chatrec.settings import PROJECT_DIR, Settings, cache_dir
from chatrec.types import Ranker, Retriever

if TYPE_CHECKING:
    from chatrec.generation.item_decoder import ItemDecoder
    from chatrec.generation.item_head import HeadFacts
    from chatrec.generation.ranker import ItemHeadScorer

DECODER = "decoder"  # what was fitted under this name reads histories item by item
SHIPPED_ADAPTER = PROJECT_DIR / "adapters" / "films"
SHIPPED_READING = PROJECT_DIR / "adapters" / "films-reading"
READING_FILES = (*HEADLESS_FILES, GATE)
SHIPPED_ENCODER = PROJECT_DIR / "adapters" / "films-encoder"

logger = logging.getLogger(__name__)


def assemble(settings: Settings, say: Callable[[str], None] = logger.info) -> Recommender:
    """A recommender for the settings' workspace and decoder, ready to answer.

    A further adapter tunes a decoder of its own; what the decoder has no share in is there once.
    ``say`` is told what is used that isn't the default. Raises DataError for the workspace or its
    database, ModelError for the decoder, an adapter or the encoder, and RequestError for two
    adapters of one name.
    """
    workspace = open_workspace(settings.data)
    encoder = text_encoder(workspace, settings.encoder_adapter)
    if encoder.adapter is not None and encoder.adapter.folder != SHIPPED_ENCODER:
        say(f"wishes are read by {encoder.reader}")
    vectors = item_vectors(workspace, encoder)
    index = _index(workspace, vectors, settings.vector_database)
    dense = DenseRetriever(workspace.catalog, encoder, vectors, index)
    without_decoder: list[Retriever] = [dense, LexicalRetriever(workspace.catalog)]
    folder = adapter_folder(settings)
    further = _by_name(folder, settings.adapters)
    first = _tuned(settings, folder, workspace, encoder, vectors, without_decoder, say)
    fusion = fusion_of(
        workspace,
        first.retrievers,
        vectors,
        encoder,
        choice_order(workspace),
        item_decoders(workspace),
    )
    recommender = Recommender(
        workspace,
        fusion,
        _unless_learned(first.ranker, fusion),
        first.writer,
        dense,
        pool_size=settings.pool_size,
    )
    recommender.equipment = replace(
        _equipment(first.decoder, encoder, first.writer, first.retrievers),
        messages=_guide(settings, first.decoder, recommender),
    )
    voices = {} if folder is None else {adapter_name(folder): _named(recommender, first, folder)}
    for name, other in further.items():
        parts = _tuned(settings, other, workspace, encoder, vectors, without_decoder, say)
        merged = fusion.asking(parts.retrievers)
        ranker = _unless_learned(parts.ranker, merged)
        voices[name] = _named(recommender.with_parts(merged, ranker, parts.writer), parts, other)
        say(f"adapter {name} has a decoder of its own, chosen by that name")
    for voice in voices.values():
        voice.adapters = voices
    recommender.adapters = voices
    return recommender


@dataclass(frozen=True, slots=True)
class _Tuned:
    """A decoder with its adapter, and what it has a share in."""

    decoder: Decoder
    retrievers: list[Retriever]
    ranker: Ranker
    writer: RationaleWriter


def _tuned(
    settings: Settings,
    adapter: Path | None,
    workspace: Workspace,
    encoder: TextEncoder,
    vectors: Vectors,
    without_decoder: Sequence[Retriever],
    say: Callable[[str], None],
) -> _Tuned:
    """The decoder with this adapter, its ranker and writer; its head joins the retrievers."""
    retrievers = list(without_decoder)
    decoder = load_decoder(settings.model, adapter=adapter, precision=settings.precision)
    ranker = _ranker(decoder, adapter, workspace, encoder, vectors, retrievers, say)
    strange = adapter is not None and not _ranks_by_head(ranker)
    tone = settings.tone
    writer = RationaleWriter(decoder, workspace.catalog, keep_to_plans=strange, tone=tone)
    return _Tuned(decoder, retrievers, ranker, writer)


def _guide(
    settings: Settings, decoder: Decoder, recommender: Recommender
) -> Callable[[], ReadingStats] | None:
    """Has the decoder read messages beside the rules, where it learnt to; gives their counts."""
    folder = reading_folder(settings, recommender.catalog.domain)
    if folder is None or not isinstance(decoder, LocalDecoder):
        return None
    from chatrec.generation.line_writer import LineWriter

    width = decoder.hidden_size
    check_adapter(folder, base_name=decoder.name, hidden_size=width, files=READING_FILES)
    gate = Gate.load(folder / GATE)
    guided = recommender.guided_by(LineWriter(decoder, folder).write, gate)
    return lambda: guided.stats


def _unless_learned(ranker: Ranker, fusion: Fusion) -> Ranker:
    """Leaves what something learnt has ordered as it is."""
    from chatrec.generation.ranker import LearnedOrderRanker

    return LearnedOrderRanker(ranker, lambda query: fusion.led_by(query) != "reciprocal rank")


def _named(recommender: Recommender, parts: _Tuned, adapter: Path) -> Recommender:
    """The recommender under its adapter's name, with what tells what moved its lists."""
    from chatrec.generation.movers import Movers
    from chatrec.generation.ranker import ItemHeadRanker

    head = parts.ranker if isinstance(parts.ranker, ItemHeadRanker) else None
    order, heard = recommender.order, recommender.heard
    recommender.adapter = adapter_name(adapter)
    recommender.movers = Movers(recommender.catalog, order, heard, head)
    return recommender


def adapter_name(folder: Path) -> str:
    """What a request calls an adapter: its folder's name."""
    return folder.expanduser().resolve().name


def _by_name(first: Path | None, further: Sequence[Path]) -> dict[str, Path]:
    """The further adapters by name; RequestError where two have the same."""
    taken = {} if first is None else {adapter_name(first): first}
    for folder in further:
        name = adapter_name(folder)
        if name in taken:
            raise RequestError(
                f"the adapters {taken[name]} and {folder} are both called {name!r}; requests "
                "choose by that name: rename one of the folders, or leave one out"
            )
        taken[name] = folder
    return {name: folder for name, folder in taken.items() if folder != first}


def _equipment(
    decoder: Decoder,
    encoder: TextEncoder,
    writer: RationaleWriter,
    retrievers: Sequence[Retriever],
) -> Equipment:
    """What the recommender works with, for its figures."""
    from chatrec.generation.ranker import ItemHeadScorer

    heads = (retriever for retriever in retrievers if isinstance(retriever, ItemHeadScorer))
    head = next(heads, None)
    return Equipment(
        "base" if encoder.adapter is None else "tuned",
        (lambda: decoder.stats) if isinstance(decoder, LocalDecoder) else None,
        lambda: writer.stats,
        None if head is None else (lambda: head.lookups),
    )


def open_workspace(folder: Path | None) -> Workspace:
    """The workspace in ``folder``, or the built-in films."""
    return Workspace.builtin() if folder is None else Workspace.open(folder)


def text_encoder(workspace: Workspace, adapter: Path | None = None) -> TextEncoder:
    """What reads the workspace's wishes: tuned by ``adapter``, its own or the shipped one, if any.

    DataError where its own was tuned for another catalogue, ModelError for a damaged one.
    """
    return workspace_encoder(workspace, adapter, SHIPPED_ENCODER)


def choice_order(workspace: Workspace) -> ChoiceOrder | None:
    """What dialogues teach about the workspace's items; None where none were learnt from."""
    found = load_fitted(workspace, ChoiceOrder.name)
    if found is None:
        return None
    listener = Listener(Vocabulary(workspace.catalog))
    return ChoiceOrder.from_tensors(*found, workspace.catalog, listener.hear)


def item_decoders(workspace: Workspace) -> list[ItemDecoder]:
    """The decoder that was trained on the workspace's histories, item by item, if one was.

    It is a copy of the first layers of the decoder that it was trained on, whichever one chats.
    ModelError where that can't be loaded.
    """
    found = load_fitted(workspace, DECODER)
    if found is None:
        return []
    from chatrec.generation.item_decoder import ItemDecoder, depth_of
    from chatrec.generation.loading import load_layers

    tensors, facts = found
    layers, _ = load_layers(facts["base"], depth_of(tensors), cache=None)
    return [ItemDecoder.from_tensors(tensors, layers)]


def _index(workspace: Workspace, vectors: Vectors, database: str | None) -> VectorIndex:
    """The index of the items' vectors: in PostgreSQL at ``database``, else in memory."""
    return item_index(workspace, vectors) if database is None else database_index(vectors, database)


def adapter_folder(settings: Settings) -> Path | None:
    """The adapter to load: the one asked for, or the shipped one for the default decoder."""
    if settings.adapter is not None:
        return settings.adapter
    return SHIPPED_ADAPTER if settings.model is None else None


def reading_folder(settings: Settings, domain: str) -> Path | None:
    """The adapter by which the decoder reads messages; None where the rules alone do.

    It learnt so on messages about films, over the shipped adapter.
    """
    learnt = domain == "film" and adapter_folder(settings) == SHIPPED_ADAPTER
    return SHIPPED_READING if learnt and settings.understanding == "both" else None


def item_head_scorer(
    decoder: LocalDecoder,
    adapter: Path,
    workspace: Workspace,
    encoder: TextEncoder,
    vectors: Vectors,
) -> tuple[ItemHeadScorer, HeadFacts]:
    """The adapter's item head over the workspace, with the popularity that its users give."""
    from chatrec.generation.item_head import load_head, log_popularity
    from chatrec.generation.ranker import ItemHeadScorer

    head, facts = load_head(adapter / ITEM_HEAD, decoder.device)
    if facts.encoder_revision != encoder.revision:
        raise ModelError(
            f"adapter {adapter} was tuned with the embedding model {facts.encoder} "
            f"({facts.encoder_revision}), not {encoder.name} ({encoder.revision}); tune it anew"
        )
    rows = [workspace.catalog.index_of(i.item_id) for i in workspace.interactions]
    counts = np.bincount(rows, minlength=len(workspace.catalog)).astype(np.int64)
    scorer = ItemHeadScorer(decoder, head, workspace.catalog, vectors, log_popularity(counts))
    return scorer, facts


def _ranker(
    decoder: Decoder,
    adapter: Path | None,
    workspace: Workspace,
    encoder: TextEncoder,
    vectors: Vectors,
    retrievers: list[Retriever],
    say: Callable[[str], None],
) -> Ranker:
    """What ranks: the item head, labels, or else the fused order.

    It is the head where that was tuned for this kind of catalogue; labels where the head cannot be
    used and the decoder binds labels. The head joins the retrievers. ``say`` is told where the
    decoder's server could not be asked about labels.
    """
    from chatrec.generation.ranker import BINDING_BAR, FusedRanker, ItemHeadRanker, LabelRanker

    if adapter is not None and isinstance(decoder, LocalDecoder):
        scorer, facts = item_head_scorer(decoder, adapter, workspace, encoder, vectors)
        if workspace.domain not in facts.domains:
            return FusedRanker()
        retrievers.append(scorer)
        return ItemHeadRanker(scorer, facts, workspace.catalog)
    try:
        binds = label_binding(decoder, cache_dir()) >= BINDING_BAR
    except NoLogprobsError as error:
        say(f"{error}; until then the fused order leads")
        binds = False
    return LabelRanker(decoder, workspace.catalog) if binds else FusedRanker()


def _ranks_by_head(ranker: Ranker) -> bool:
    """Whether the adapter leads: then its sentences were tuned for this kind of catalogue too."""
    from chatrec.generation.ranker import ItemHeadRanker

    return isinstance(ranker, ItemHeadRanker)


def label_binding(decoder: Decoder, cache: Path) -> float:
    """The decoder's share of right label probes; measured once per decoder and kept in ``cache``.

    Each decoder has a file of its own, which appears whole or not at all, so any number of
    processes may ask at once. A file that can't be read is measured anew, with a warning in the
    log. A server that gives no log-probabilities is a NoLogprobsError.
    """
    from chatrec.generation.ranker import binds_labels

    key = hashlib.sha256(decoder.name.encode()).hexdigest()[:16]
    path = cache / "label_binding" / f"{key}.json"
    known = _kept_share(path, decoder.name)
    if known is not None:
        return known
    share = binds_labels(decoder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{key}-", delete=False
    ) as part:
        json.dump({"decoder": decoder.name, "share": share}, part, indent=1)
    os.replace(part.name, path)
    return share


def _kept_share(path: Path, name: str) -> float | None:
    """What ``path`` says of the decoder ``name``; None where it says nothing."""
    if not path.is_file():
        return None
    try:
        kept = json.loads(path.read_text("utf-8"))
        share = float(kept["share"])
        if kept["decoder"] == name and 0.0 <= share <= 1.0:
            return share
    except (ValueError, TypeError, KeyError) as error:
        logger.warning("%s is damaged (%r); the labels are probed anew", path, error)
        return None
    logger.warning("%s holds nothing of %r; the labels are probed anew", path, name)
    return None
