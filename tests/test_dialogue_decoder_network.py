import sys
from pathlib import Path

import torch

from chatrec.data.dialogues import Utterance
from tests.generation.test_item_decoder import N, network

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

from dialogue_decoder_network import DialogueNetwork, DialogueWords  # noqa: E402

N_WORDS = 20


def encode(text: str) -> list[int]:
    """One id a word, and one for a line break."""
    return [1 if part == "\nUser:" else 2 if part == "\nAssistant:" else 3 for part in _parts(text)]


def _parts(text: str) -> list[str]:
    return [text] if text.startswith("\n") else text.split()


WORDS = DialogueWords(encode, N_WORDS)


def test_items_stand_in_the_gaps_that_their_titles_left():
    said = WORDS.said(Utterance("seeker", "I liked   but not  ", (4, 5)))
    assert said == [3, 3, N_WORDS + 4, 3, 3, N_WORDS + 5]


def test_a_title_at_the_beginning_leaves_a_gap():
    assert WORDS.said(Utterance("seeker", "  is good", (4,))) == [N_WORDS + 4, 3, 3]


def test_items_follow_the_words_where_the_gaps_are_not_theirs():
    assert WORDS.said(Utterance("seeker", "so good", (4, 5))) == [3, 3, N_WORDS + 4, N_WORDS + 5]


def test_genres_are_words_where_nothing_else_is_said():
    assert WORDS.said(Utterance("seeker", "", (4,), ("Comedy",))) == [N_WORDS + 4, 3]
    assert WORDS.said(Utterance("seeker", "a comedy", (), ("Comedy",))) == [3, 3]


def dialogue_network() -> DialogueNetwork:
    return DialogueNetwork(network().eval(), N_WORDS)


def test_states_see_what_was_said_up_to_them_only():
    reader = dialogue_network()
    with torch.inference_mode():
        whole = reader(torch.tensor([[1, 3, N_WORDS + 2, 2, 3]]))
        begun = reader(torch.tensor([[1, 3, N_WORDS + 2, 2]]))
        other = reader(torch.tensor([[1, 3, N_WORDS + 3, 2]]))
    torch.testing.assert_close(whole[:, :4], begun)
    assert not torch.allclose(other[0, 3], begun[0, 3], atol=1e-4)


def test_items_named_already_have_no_chance():
    reader = dialogue_network()
    with torch.inference_mode():
        states = reader(torch.tensor([[1, N_WORDS + 2, 2]]))[0, 1:]
        logits = reader.logits(states, torch.tensor([[0, 2], [1, 2], [1, 4]]))
    assert logits.shape == (2, N)
    assert torch.isinf(logits).nonzero().tolist() == [[0, 2], [1, 2], [1, 4]]
