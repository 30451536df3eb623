"""A decoder that reads what was said in a dialogue, and which items were named where.

Words enter as the tokenizer's tokens and each item as one input vector
(:class:`~chatrec.generation.item_decoder.ItemNetwork`): one vocabulary, in which the ids from
``n_words`` on are items. What follows the opening of an assistant's turn is an item: the state
there, compared with all items' vectors, says what would be recommended. Every turn of a dialogue is
read in one pass. Knows utterances and item indexes; knows neither catalogues nor training
(:mod:`dialogue_decoder_training`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.dialogues import Speaker, Utterance
from chatrec.generation.item_decoder import ItemNetwork

OPENINGS: dict[Speaker, str] = {"seeker": "\nUser:", "recommender": "\nAssistant:"}
GAP = re.compile(r"\s{2,}")  # what a title leaves behind that is taken out of a text


@dataclass(frozen=True, slots=True)
class DialogueWords:
    """Writes dialogues as ids; ``encode`` gives a text's, which are below ``n_words``."""

    encode: Callable[[str], list[int]]
    n_words: int

    def opening(self, speaker: Speaker) -> list[int]:
        """How a turn of ``speaker`` begins."""
        return self.encode(OPENINGS[speaker])

    def said(self, utterance: Utterance) -> list[int]:
        """What follows the opening: the words, with the items in the gaps that their titles left.

        Items stand after the words where there are more or fewer gaps. Genres are words where
        there is no text.
        """
        items = [self.n_words + item for item in utterance.items]
        if not utterance.text:
            return items + self._words(" ".join(utterance.genres).casefold())
        parts = GAP.split(utterance.text)
        if len(parts) != len(items) + 1:
            return self._words(" ".join(parts)) + items
        ids = self._words(parts[0])
        for item, part in zip(items, parts[1:], strict=True):
            ids += [item, *self._words(part)]
        return ids

    def _words(self, text: str) -> list[int]:
        text = text.strip()
        return self.encode(f" {text}") if text else []


class DialogueNetwork(nn.Module):
    """From ids to states that predict items; ``items`` has the layers and the items' vectors."""

    def __init__(self, items: ItemNetwork, n_words: int) -> None:
        super().__init__()
        self.items, self.n_words = items, n_words

    def forward(self, ids: Tensor) -> Tensor:
        """The states (B, T, D) after each of the ``ids`` (B, T).

        A state sees the ids up to its own only, so short rows are filled up on their right.
        """
        items = self.items
        entering = items.titles + items.enter(items.vectors + items.entering)  # (N, H)
        words = items.layers.get_input_embeddings()(ids.clamp(max=self.n_words - 1))
        named = F.embedding((ids - self.n_words).clamp(min=0), entering)
        hidden = torch.where((ids < self.n_words)[..., None], words.to(named.dtype), named)
        read = items.layers(inputs_embeds=items.dropout(hidden), use_cache=False)
        states: Tensor = items.leave(read.last_hidden_state)
        return states

    def logits(self, states: Tensor, named: Tensor) -> Tensor:
        """Of every item as the next one, (M, N), after states (M, D).

        -inf for what was ``named`` already: pairs (P, 2) of a state and an item.
        """
        compared = self.items.logits(states).float()
        return compared.index_put((named[:, 0], named[:, 1]), compared.new_tensor(-torch.inf))
