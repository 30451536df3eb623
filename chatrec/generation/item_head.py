"""The item head: the catalogue as the decoder's second vocabulary.

An item's vector is ``normalize(W t + M(t))`` of its text embedding t, with a linear part W and a
small perceptron M; the decoder's hidden state at the end of a ranking prompt is projected to the
same space, and ``scale * cosine + popularity_weight * log popularity`` are the logits of every
item as the next token. Knows vectors only: no prompts, no catalogue, no decoder.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.errors import ModelError

WIDTH = 256
# What a damaged or foreign file runs into; a state dictionary that doesn't fit is a RuntimeError.
_NO_HEAD = (
    SafetensorError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    RecursionError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What an item head was made for and with; kept in its file's metadata.

    ``history_weight`` and ``wish_weight`` (0 to 1) are the share of the head in the final order for
    prompts without and with a wish on the kinds of
    catalogue in ``domains``, chosen on validation data; elsewhere the fused order leads.
    """

    base: str
    encoder: str
    encoder_revision: str
    domains: tuple[str, ...]
    history_weight: float
    wish_weight: float


class ItemHead(nn.Module):
    """Projects text vectors and hidden states to one space; see the module's docstring."""

    def __init__(self, hidden_size: int, text_dim: int, width: int = WIDTH) -> None:
        super().__init__()
        self.item_linear = nn.Linear(text_dim, width, bias=False)
        self.item_inner = nn.Linear(text_dim, 2 * width)
        self.item_outer = nn.Linear(2 * width, width, bias=False)
        self.state = nn.Linear(hidden_size, width)
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        self.popularity_weight = nn.Parameter(torch.tensor(1.0))
        nn.init.zeros_(self.item_outer.weight)

    def item_vectors(self, text: Tensor) -> Tensor:
        """Unit vectors (N, W) of text vectors (N, D)."""
        inner = self.item_outer(F.gelu(self.item_inner(text)))
        return F.normalize(self.item_linear(text) + inner, dim=-1)

    def logits(self, hidden: Tensor, items: Tensor, popularity: Tensor) -> Tensor:
        """Unnormalised log-probabilities (B, N) of items (N, W) after states (B, H).

        ``popularity`` (N,) is the log popularity, zeros where it is unknown.
        """
        return self.match(F.normalize(self.state(hidden), dim=-1), items, popularity)

    def match(self, states: Tensor, items: Tensor, popularity: Tensor) -> Tensor:
        """As ``logits``, for unit vectors (B, W) that are in the common space already."""
        return self.log_scale.exp() * states @ items.T + self.popularity_weight * popularity


def log_popularity(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Log share of each item's interactions (add-one), centred at 0; all zeros without any.

    >>> log_popularity(np.array([0, 0])).tolist()
    [0.0, 0.0]
    """
    shares = np.log(counts + 1.0) - np.log(counts.sum() + len(counts))
    centred: NDArray[np.float32] = (shares - shares.mean()).astype(np.float32)
    return centred


def save_head(head: ItemHead, facts: HeadFacts, path: Path) -> None:
    """Write the head's weights (float16) and facts as one safetensors file."""
    weights = {
        name: value.detach().half().contiguous() for name, value in head.state_dict().items()
    }
    save_file(weights, path, metadata={"facts": json.dumps(asdict(facts))})


def load_head(path: Path, device: torch.device | str = "cpu") -> tuple[ItemHead, HeadFacts]:
    """The head in float32 and its facts. Raises ModelError for a file that is no item head."""
    try:
        with safe_open(path, framework="pt") as stored:
            values = json.loads((stored.metadata() or {})["facts"])
            facts = HeadFacts(**{**values, "domains": tuple(values["domains"])})
            names = stored.keys()
            weights = {name: stored.get_tensor(name).float() for name in names}
        width, hidden_size = weights["state.weight"].shape
        head = ItemHead(hidden_size, weights["item_linear.weight"].shape[1], width)
        head.load_state_dict(weights)
    except _NO_HEAD as error:
        line = (str(error).splitlines() or [""])[0]
        raise ModelError(
            f"{path} is not an item head ({type(error).__name__}: {line}): tune the adapter anew"
        ) from error
    return head.to(device).eval(), facts
