"""The branches and the fusion that were learnt from a workspace's interactions, as they were saved.

Knows which model is saved under which name; knows nothing about how they are learnt
(:mod:`chatrec.fitting`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module

from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.retrieval.acclaim import acclaim
from chatrec.retrieval.choice_order import ChoiceOrder
from chatrec.retrieval.collaborative import HistoryModel, HistoryRetriever
from chatrec.retrieval.encoder import TextEncoder, Vectors
from chatrec.retrieval.fitted import load_fitted
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.learned_fusion import LearnedFusion
from chatrec.retrieval.negation import Negation
from chatrec.types import Retriever

FUSION, EASE = "fusion", "ease"
MODELS: Mapping[str, tuple[str, str]] = {  # name: module, class; loaded where they were fitted
    "popularity": ("chatrec.retrieval.popularity", "Popularity"),
    "item_knn": ("chatrec.retrieval.item_knn", "ItemKnn"),
    EASE: ("chatrec.retrieval.ease", "Ease"),
    "als": ("chatrec.retrieval.als", "Als"),
    "next_item": ("chatrec.retrieval.next_item", "NextItem"),
    "sequential": ("chatrec.retrieval.sequential", "SasRec"),
}

logger = logging.getLogger(__name__)


def fusion_of(
    workspace: Workspace,
    retrievers: Sequence[Retriever],
    vectors: Vectors,
    encoder: TextEncoder,
    choices: ChoiceOrder | None = None,
    further: Sequence[HistoryModel] = (),
) -> Fusion:
    """The retrievers fused with whatever was learnt from the workspace's interactions.

    ``vectors`` (n, dim) are those of the items' texts by ``encoder``; ``choices`` is what dialogues
    teach; ``further`` are fitted models that retrieval can't load alone. DataError for what was
    fitted on other data, or with branches that are not there.
    """
    catalog = workspace.catalog
    models = fitted_models(workspace) | {model.name: model for model in further}
    neighbours = [models[EASE]] if EASE in models else []
    return Fusion(
        catalog,
        retrievers,
        acclaim=acclaim(catalog),
        by_history=[HistoryRetriever(catalog, model) for model in models.values()],
        negation=Negation(catalog, vectors, neighbours, encode=encoder.encode_queries),
        learned=fitted_fusion(workspace, vectors),
        choices=choices,
    )


def fitted_models(workspace: Workspace) -> dict[str, HistoryModel]:
    """The models that were fitted for the workspace by name, in the order of MODELS.

    Empty where nothing was fitted. DataError for what was fitted on other data.
    """
    models: dict[str, HistoryModel] = {}
    for name, (module, cls) in MODELS.items():
        found = load_fitted(workspace, name)
        if found is not None:
            with _understood(name):
                models[name] = getattr(import_module(module), cls).from_tensors(found[0])
    return models


@contextmanager
def _understood(name: str) -> Iterator[None]:
    """DataError where an intact file holds other tensors than this version's model of that name."""
    try:
        yield
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise DataError(
            f"what was fitted as {name!r} does not hold what this version reads ({error!r}): fit "
            "it again with `chatrec tune DIR --retriever`"
        ) from error


def fitted_fusion(workspace: Workspace, vectors: Vectors) -> LearnedFusion | None:
    """The fusion that was learnt for the workspace; None where none was, which the log says.

    ``vectors`` (n, dim) are those of the items' texts. DataError for one of other data.
    """
    found = load_fitted(workspace, FUSION)
    if found is None:
        logger.info(
            "no fusion was learnt for %s: reciprocal rank orders what the branches find; "
            "`chatrec tune DIR --retriever` learns one from interactions",
            workspace.path or "the built-in films",
        )
        return None
    tensors, facts = found
    traits = Traits.of(workspace.histories, workspace.catalog, vectors)
    with _understood(FUSION):
        return LearnedFusion.from_tensors(tensors, facts["branches"], traits)
