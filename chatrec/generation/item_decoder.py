"""A decoder that reads a history item by item: each item is one input vector, not a row of tokens.

An item enters as the mean of its title's token embeddings plus a projection of its vector in the
sequential retriever's space (the hybrid prompt of LLaRA, Liao et al., SIGIR 2024, arXiv
2312.02445). The hidden state after it, taken after the first layers already (the upper ones add
little to ranking: SLMRec, Xu et al., ICLR 2025, arXiv 2405.17890), is projected back into that
space, where its products with all items' vectors are the logits of what comes next. So a history
costs a position an item, and the catalogue is a second vocabulary for reading and for ranking.
Knows item indexes; knows neither catalogues nor how it is trained
(:func:`chatrec.training.item_decoder.train_item_decoder`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.interactions import Past
from chatrec.errors import ModelError
from chatrec.generation.loading import quiet_peft
from chatrec.retrieval.collaborative import Scores, Support
from chatrec.retrieval.sequential import padded

POSITIONS_AT_ONCE = {"cpu": 4096, "cuda": 65_536}  # bounds the memory of one forward pass
TITLES, VECTORS, SHAPE, NETWORK = "titles", "vectors", "shape", "network."  # names in tensors()
ENTERING = 0.3  # how large the projected vectors are at first, against the titles
_SHAPE_FIELDS = ("depth", "rank", "window")


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """The first ``depth`` layers are used, with LoRA of ``rank``, on the last ``window`` items."""

    depth: int = 8
    rank: int = 32
    window: int = 60


class ItemNetwork(nn.Module):
    """From items to states that predict the next ones.

    ``layers`` is a decoder's stack without its language head, which is changed: LoRA is put on it.
    ``titles`` (N, H) are the items' title embeddings and ``vectors`` (N, D) their vectors in the
    sequential retriever's space; both stay as they are, what is learnt is added. All of it is on
    the device of ``titles``, where the layers must be.
    """

    def __init__(
        self,
        layers: Any,
        titles: Tensor,
        vectors: Tensor,
        shape: DecoderShape,
        *,
        dropout: float = 0.0,
        lora_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        (n_items, hidden), width = titles.shape, vectors.shape[1]
        self.layers = _with_lora(layers, shape.rank, lora_dropout)
        self.titles = nn.Buffer(titles, persistent=False)
        self.vectors = nn.Buffer(vectors, persistent=False)
        self.entering = nn.Parameter(torch.zeros(n_items, width))  # added to the vectors on entry
        self.leaving = nn.Parameter(torch.zeros(n_items, width))  # and where they are compared
        self.bias = nn.Parameter(torch.zeros(n_items))
        self.enter = nn.Linear(width, hidden, bias=False)
        self.leave = nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)
        scale = float(titles.square().mean().sqrt() / vectors.square().mean().sqrt())
        nn.init.normal_(self.enter.weight, std=ENTERING * scale / math.sqrt(width))
        nn.init.normal_(self.leave.weight, std=0.02)
        self.to(titles.device)

    def forward(self, items: Tensor) -> Tensor:
        """The states (B, T, D) after each of the ``items`` (B, T).

        A state sees the items up to its own only, so short rows are filled up on their right.
        """
        entering = self.titles + self.enter(self.vectors + self.entering)  # (N, H)
        hidden = self.dropout(F.embedding(items, entering))
        read = self.layers(inputs_embeds=hidden, use_cache=False).last_hidden_state
        states: Tensor = self.leave(read)
        return states

    def logits(self, states: Tensor) -> Tensor:
        """Of every item as the next one, (..., N), after states (..., D)."""
        compared: Tensor = states @ (self.vectors + self.leaving).T + self.bias
        return compared

    @property
    def learnt(self) -> dict[str, nn.Parameter]:
        """All that training changes, by name."""
        return {name: p for name, p in self.named_parameters() if p.requires_grad}


class ItemDecoder:
    """A trained network over ``n_items`` items; a HistoryModel."""

    name = "decoder"

    def __init__(self, network: ItemNetwork, shape: DecoderShape) -> None:
        self.network, self.shape = network.eval(), shape

    @torch.inference_mode()
    def scores(self, pasts: Sequence[Past]) -> Scores:
        """How likely each item comes next, log(p n_items): 0 is chance, (B, n_items) float32.

        0 after an empty past. Only the last ``window`` items of a past count.
        """
        states = torch.from_numpy(self.states(pasts)).to(self.network.bias.device)
        logits = self.network.logits(states)
        scores: Scores = (logits.log_softmax(dim=-1) + math.log(logits.shape[1])).cpu().numpy()
        scores[[not len(past) for past in pasts]] = 0.0
        return scores

    @torch.inference_mode()
    def states(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """The state after each past that is compared with the items, (B, D); 0 for an empty past.

        It depends on the last ``window`` items alone.
        """
        self.network.eval()
        window, device = self.shape.window, self.network.bias.device
        states = np.zeros((len(pasts), self.network.vectors.shape[1]), dtype=np.float32)
        sizes = np.array([min(len(past), window) for past in pasts], dtype=np.int64)
        for rows in _batches(sizes, POSITIONS_AT_ONCE.get(device.type, 4096)):
            after = self.network(padded([pasts[row][-window:] for row in rows]).to(device))
            states[rows] = after[range(len(rows)), sizes[rows] - 1].float().cpu().numpy()
        return states

    def support(self, past: Past, item: int) -> Support | None:
        """None: leaving out one item after the other takes it seconds; other models give lifts."""
        del past, item
        return None

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Everything that :meth:`from_tensors` needs but the decoder's own layers."""
        return {
            SHAPE: np.array([getattr(self.shape, name) for name in _SHAPE_FIELDS]),
            TITLES: self.network.titles.cpu().numpy(),
            VECTORS: self.network.vectors.cpu().numpy(),
            **{f"{NETWORK}{n}": p.detach().cpu().numpy() for n, p in self.network.learnt.items()},
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]], layers: Any) -> ItemDecoder:
        """The model that :meth:`tensors` gave, on the ``layers`` of the decoder it was trained on.

        ModelError where a tensor is missing or of another shape.
        """
        try:
            shape = DecoderShape(*(int(size) for size in tensors[SHAPE]))
            titles, vectors = (
                torch.from_numpy(tensors[name]).to(layers.device) for name in (TITLES, VECTORS)
            )
            network = ItemNetwork(layers, titles, vectors, shape)
            with torch.no_grad():
                for name, parameter in network.learnt.items():
                    parameter.copy_(torch.from_numpy(tensors[f"{NETWORK}{name}"]))
        except (KeyError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"these are not the weights of a decoder over items ({error}): train it again"
            ) from error
        return cls(network, shape)


@torch.no_grad()
def title_embeddings(
    layers: Any, encode: Callable[[str], list[int]], titles: Sequence[str]
) -> Tensor:
    """The mean embedding of each title's tokens, (N, H), as large as embeddings usually are.

    ``encode`` gives a text's token ids; a title without any is the mean of all embeddings.
    """
    table = layers.get_input_embeddings()
    everything = table.weight
    usual = everything.square().mean().sqrt()
    rows = []
    for title in titles:
        ids = torch.tensor(encode(title), dtype=torch.long, device=everything.device)
        rows.append(table(ids).mean(dim=0) if len(ids) else everything.mean(dim=0))
    means = torch.stack(rows).float()
    sized: Tensor = means * usual / means.square().mean(dim=1, keepdim=True).sqrt()
    return sized


def _batches(sizes: NDArray[np.int64], positions: int) -> Iterator[list[int]]:
    """The rows that have any, in batches of like sizes that take up to so many positions each."""
    rows: list[int] = []
    for row in np.argsort(sizes, kind="stable").tolist():
        if rows and (len(rows) + 1) * sizes[row] > positions:
            yield rows
            rows = []
        if sizes[row]:
            rows.append(row)
    if rows:
        yield rows


def depth_of(tensors: Mapping[str, NDArray[Any]]) -> int:
    """How many of a decoder's layers these weights need; ModelError for something else."""
    if SHAPE not in tensors:
        raise ModelError("these are not the weights of a decoder over items: train it again")
    return int(tensors[SHAPE][0])


def _with_lora(layers: Any, rank: int, dropout: float) -> Any:
    """The stack with LoRA on all its linear maps; the norms are learnt as well."""
    from peft import LoraConfig, get_peft_model

    layers.requires_grad_(False)
    config = LoraConfig(
        r=rank, lora_alpha=2 * rank, lora_dropout=dropout, target_modules="all-linear"
    )
    with quiet_peft():
        tuned = get_peft_model(layers, config)
    for name, parameter in tuned.named_parameters():
        if "norm" in name:
            parameter.requires_grad_(True)
    return tuned
