import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from chatrec.data.dialogues import Dialogue, Utterance, cases_of
from chatrec.generation.item_decoder import DecoderShape, ItemNetwork
from tests.generation.test_item_decoder import stack

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

from dialogue_decoder_examples import (  # noqa: E402  (their folder comes first)
    DialogueExamples,
    batch_of,
    batches_of,
    examples_of,
    openings_of,
)
from dialogue_decoder_network import DialogueNetwork, DialogueWords  # noqa: E402
from dialogue_decoder_training import (  # noqa: E402
    DialogueDecoderOptions,
    asked_scores,
    held_out_figures,
    log_shares,
    mention_vectors,
    train_dialogue_decoder,
)

N_WORDS, N_ITEMS = 20, 8
USER, ASSISTANT, WORD = 1, 2, 3


def encode(text: str) -> list[int]:
    if text.startswith("\n"):
        return [USER if "User" in text else ASSISTANT]
    return [WORD + len(word) % 4 for word in text.split()]


WORDS = DialogueWords(encode, N_WORDS)


def seeker(text: str, *items: int) -> Utterance:
    return Utterance("seeker", text, items)


def recommender(text: str, *items: int) -> Utterance:
    return Utterance("recommender", text, items)


TALK = Dialogue(
    "a",
    (seeker("I saw  ", 0), recommender("try   or  ", 1, 2), seeker("no"), recommender("", 0, 3)),
)


def test_turns_are_answered_by_what_is_new_in_them():
    examples = examples_of([TALK], WORDS, longest=50)
    ids = examples.piece(0).tolist()
    openings = [place for place, one in enumerate(ids) if one == ASSISTANT]
    recommended = examples.answers[examples.answers[:, 3] == 1]
    assert recommended.tolist() == [
        [0, openings[0], 1, 1],
        [0, openings[0], 2, 1],
        [0, openings[1], 3, 1],
    ]
    mentioned = examples.answers[examples.answers[:, 3] == 0][:, 2].tolist()
    assert mentioned == [0, 2]  # by the seeker, and after another one of the same turn
    assert examples.asked.tolist() == [[0, place] for place in openings]


def test_every_turn_of_a_long_dialogue_is_asked_and_answered_once():
    said = [
        utterance
        for n in range(N_ITEMS)
        for utterance in (seeker("one two three"), recommender("try  ", n))
    ]
    long = Dialogue("long", tuple(said))
    whole = examples_of([TALK, long], WORDS, longest=500)
    cut = examples_of([TALK, long], WORDS, longest=16)
    assert len(whole) == 2 < len(cut)
    assert cut.answers[:, 2:].tolist() == whole.answers[:, 2:].tolist()
    assert len(cut.asked) == len(cases_of(TALK)) + len(cases_of(long))
    assert {int(cut.piece(piece)[place]) for piece, place in cut.asked} == {ASSISTANT}
    assert max(np.diff(cut.starts)) <= 16


def test_an_opening_is_what_the_whole_dialogue_has_there():
    examples = examples_of([TALK], WORDS, longest=50)
    opening = openings_of([Dialogue("a", TALK.utterances[:3])], WORDS, longest=50)
    _, place = examples.asked[1]
    assert opening.piece(0).tolist() == examples.piece(0)[: place + 1].tolist()
    assert opening.asked.tolist() == [[0, place]]


def test_a_batch_tells_what_was_named_until_each_spot():
    examples = examples_of([TALK, TALK], WORDS, longest=50)
    batch = batch_of(examples, [1], N_WORDS, "cpu")
    named = {
        int(spot): sorted(batch.named[batch.named[:, 0] == spot, 1].tolist())
        for spot in range(len(batch.spots))
    }
    at, items = batch.answers.T.tolist()
    assert all(item not in named[spot] for spot, item in zip(at, items, strict=True))
    assert named[int(at[items.index(3)])] == [0, 1, 2]
    assert batch.weights.tolist() == [1.0 if r else 0.5 for r in batch.recommended.tolist()]


def test_batches_hold_every_piece_once_and_few_ids():
    examples = examples_of([TALK] * 9, WORDS, longest=50)
    batches = batches_of(examples, np.arange(9), 40, np.random.default_rng(0))
    assert sorted(np.concatenate(batches).tolist()) == list(range(9))
    assert max(len(batch) * len(examples.piece(0)) for batch in batches) <= 40


def test_shares_are_of_what_is_recommended():
    examples = examples_of([TALK, TALK], WORDS, longest=50)
    shares = log_shares(examples, np.array([0]), N_ITEMS).exp()
    assert shares.sum() == pytest.approx(1.0, abs=1e-5)
    assert shares[1] > shares[0] == shares[5]


def pairs(n: int) -> list[Dialogue]:
    """Whoever names an even item gets the next odd one."""
    return [
        Dialogue(str(k), (seeker("I saw  ", 2 * (k % 4)), recommender("try  ", 2 * (k % 4) + 1)))
        for k in range(n)
    ]


def test_items_that_keep_the_same_company_have_like_vectors():
    groups = [
        Dialogue(str(k), (seeker("", *range(4 * (k % 2), 4 * (k % 2) + 4)),)) for k in range(9)
    ]
    examples = examples_of(groups, WORDS, longest=50)
    vectors = mention_vectors(examples, np.arange(9), N_WORDS, N_ITEMS)
    near = torch.nn.functional.normalize(vectors, dim=1)
    within, across = near[0] @ near[1:4].T, near[0] @ near[4:].T
    assert within.min() > across.max() + 0.1


def dialogue_network(examples: DialogueExamples) -> DialogueNetwork:
    layers = stack()
    torch.manual_seed(0)
    titles = torch.randn(N_ITEMS, layers.config.hidden_size)
    items = ItemNetwork(layers, titles, torch.randn(N_ITEMS, 4), DecoderShape(1, 2))
    with torch.no_grad():
        items.bias.copy_(log_shares(examples, np.arange(len(examples)), N_ITEMS))
    return DialogueNetwork(items, N_WORDS)


def test_what_follows_what_is_learnt_and_scored():
    examples = examples_of(pairs(64), WORDS, longest=50)
    network = dialogue_network(examples)
    pieces, held_out = np.arange(8, 64), np.arange(8)
    noted: list[dict[str, float]] = []
    options = DialogueDecoderOptions(
        tokens=40, epochs=3, warmup_steps=5, lora_rate=5e-3, item_rate=2e-2
    )
    train_dialogue_decoder(
        network, examples, pieces, held_out, options, lambda f: noted.append(dict(f))
    )
    assert [n["epoch"] for n in noted] == [1, 2, 3]
    assert noted[-1]["held-out loss"] < 0.2  # ln 4 without reading what was named
    kept = held_out_figures(network, examples, held_out, 40)
    assert kept["held-out loss"] == pytest.approx(min(n["held-out loss"] for n in noted), abs=1e-4)
    befores = [Dialogue("b", (seeker("I saw  ", item),)) for item in (6, 0, 4)]
    opened = openings_of(befores, WORDS, longest=50)
    found = {}
    for some, chances in asked_scores(network, opened, np.arange(3), 10):
        found |= dict(zip(some.tolist(), chances, strict=True))
    assert [int(found[turn].argmax()) for turn in range(3)] == [7, 1, 5]
    assert all(float(found[turn].exp().sum()) == pytest.approx(1, abs=1e-4) for turn in range(3))
    assert found[1][0] == -torch.inf


def test_training_ends_when_its_time_is_over():
    examples = examples_of(pairs(64), WORDS, longest=50)
    noted: list[dict[str, float]] = []
    options = DialogueDecoderOptions(tokens=40, epochs=10_000, max_seconds=0.2)
    train_dialogue_decoder(
        dialogue_network(examples),
        examples,
        np.arange(8, 64),
        np.arange(8),
        options,
        lambda f: noted.append(dict(f)),
    )
    assert noted[-1]["seconds"] < 20
    assert noted[-1]["epoch"] < 10_000
