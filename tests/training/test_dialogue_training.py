"""A recommender learns from dialogues in which the answer can be known."""

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Dialogue, Utterance
from chatrec.errors import RequestError
from chatrec.retrieval.likeness import Likeness
from chatrec.training.dialogue import in_order, learn_choices, train_dialogue
from chatrec.types import Item

GENRES = ("Horror", "Comedy", "War", "Western")
N = 40
CATALOG = Catalog([Item(str(i), f"Film {i}", 2000, (GENRES[i % 4],)) for i in range(N)])


def talks(count: int) -> list[Dialogue]:
    """The seeker names a film; the recommender answers with one of its genre.

    Twice out of three that is the most popular of it.
    """
    rng = np.random.default_rng(0)
    made = []
    for number in range(count):
        named = int(rng.integers(N))
        same = [i for i in range(N) if i % 4 == named % 4 and i != named]
        answer = same[0] if number % 3 else int(rng.choice(same))
        said = (
            Utterance("seeker", "more of this", (named,)),
            Utterance("recommender", "", (answer,)),
        )
        made.append(Dialogue(str(number), said, float(number)))
    return made


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(CATALOG)


def test_a_trained_recommender_answers_with_the_genre_that_was_named(likeness: Likeness) -> None:
    recommender = train_dialogue(talks(240), likeness, N)
    scores = recommender.scores(
        [(Utterance("seeker", "this", (named,)),) for named in range(4, 12)]
    )
    assert [int(row.argmax()) % 4 for row in scores] == [n % 4 for n in range(4, 12)]


def test_training_twice_with_one_seed_gives_the_same_net(likeness: Likeness) -> None:
    choices = learn_choices(talks(80), likeness, N)
    first, again, other = (choices.train(seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.direct, again.direct)
    assert not np.array_equal(first.direct, other.direct)


def test_a_group_left_out_is_not_looked_at(likeness: Likeness) -> None:
    choices = learn_choices(talks(80), likeness, N)
    net = choices.train(without=["content"])
    changed = choices.features[0].copy()
    changed[:, choices.names.index("genres")] += 5.0
    assert np.array_equal(net.scores(changed), net.scores(choices.features[0]))


def test_no_moment_is_described_with_its_own_dialogue_or_later_blocks(likeness: Likeness) -> None:
    once = [d for d in talks(160) if 3 not in {i for u in d.utterances for i in u.items}]
    special = Dialogue(
        "last",
        (Utterance("seeker", "x", (7,)), Utterance("recommender", "", (3,))),
        float(len(once) + 160),
    )
    choices = learn_choices([*once, special], likeness, N)
    share = choices.features[-1][:, choices.names.index("share")]
    assert share[0] == share.min()  # 3 was recommended nowhere else


def test_repeats_are_learnt_only_where_they_are_allowed(likeness: Likeness) -> None:
    again = [
        Dialogue(
            str(n),
            (Utterance("seeker", "that?", (n % N,)), Utterance("recommender", "", (n % N,))),
            float(n),
        )
        for n in range(80)
    ]
    with pytest.raises(RequestError, match="give 0 recommended items"):
        learn_choices(again, likeness, N)
    recommender = train_dialogue(again, likeness, N, repeats=True)
    assert int(recommender.scores([(Utterance("seeker", "x", (5,)),)])[0].argmax()) == 5


def test_dialogues_without_a_time_come_first() -> None:
    one, two = Dialogue("1", (), 5.0), Dialogue("2", ())
    assert in_order([one, two]) == [two, one]
