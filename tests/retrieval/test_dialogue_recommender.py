"""What past dialogues teach, on small dialogues whose right answers are known."""

import numpy as np
import pytest
from scipy import sparse

from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Dialogue, Utterance
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.company import Company
from chatrec.retrieval.dialogue_counts import DialogueCounts, heard_genres, heard_words
from chatrec.retrieval.dialogue_features import FEATURES, GROUPS, DialogueFeatures
from chatrec.retrieval.dialogue_recommender import DialogueRecommender
from chatrec.retrieval.lifts import Lifts
from chatrec.retrieval.likeness import Likeness
from chatrec.types import Item

CATALOG = Catalog(
    [
        Item("0", "Alien", 1979, ("Horror", "Sci-Fi"), ("Ridley Scott",), ("Sigourney Weaver",)),
        Item("1", "Aliens", 1986, ("Action", "Sci-Fi"), ("James Cameron",), ("Sigourney Weaver",)),
        Item("2", "Notting Hill", 1999, ("Comedy", "Romance"), keywords=("london", "bookshop")),
        Item("3", "Love Actually", 2003, ("Comedy", "Romance"), keywords=("london", "christmas")),
        Item("4", "Alien Covenant", 2017, ("Horror", "Sci-Fi"), ("Ridley Scott",)),
        Item("5", "Unknown", None),
    ]
)
N = len(CATALOG)


def talk(number: int, *said: Utterance) -> Dialogue:
    return Dialogue(str(number), said, float(number))


def seeker(*items: int, text: str = "", genres: tuple[str, ...] = ()) -> Utterance:
    return Utterance("seeker", text, items, genres)


def recommender(*items: int) -> Utterance:
    return Utterance("recommender", "", items)


TALKS = [
    *(talk(n, seeker(0, genres=("Horror",)), recommender(1)) for n in range(12)),
    *(talk(n, seeker(2, text="something romantic"), recommender(3)) for n in range(12, 20)),
    talk(20, recommender(4)),
]


@pytest.fixture(scope="module")
def counts() -> DialogueCounts:
    return DialogueCounts.learn(TALKS, N)


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(CATALOG)


@pytest.fixture(scope="module")
def features(counts: DialogueCounts, likeness: Likeness) -> DialogueFeatures:
    return DialogueFeatures(counts, likeness)


def test_a_lift_is_the_smoothed_log_ratio() -> None:
    lifts = Lifts.of([0, 0, 0], [1, 1, 0], 2, np.array([0.25, 0.75]), 4.0)
    expected = np.log([(1 + 4 * 0.25) / 7 / 0.25, (2 + 4 * 0.75) / 7 / 0.75])
    assert lifts.after(0) == pytest.approx(expected, abs=1e-6)
    assert lifts.after(1).tolist() == [0.0, 0.0]
    assert lifts.summed({0: 2.0}) == pytest.approx(2 * expected, abs=1e-6)


def test_rows_of_lifts_take_no_more_memory_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    lifts = Lifts.of([0, 1, 2, 3], [0, 1, 1, 0], 4, np.array([0.5, 0.5]), 2.0)
    wanted = [lifts.after(thing).tolist() for thing in range(4)]
    monkeypatch.setattr("chatrec.retrieval.lifts.KEPT_BYTES", 16)  # two rows of two numbers
    for thing in [*range(4), *range(4)]:
        assert lifts.after(thing).tolist() == wanted[thing]
        assert len(lifts._rows) <= 4


def test_company_gives_a_say_to_pairs_never_seen_together() -> None:
    # 0 and 1 both come with 2 and 3; 4 only with 5: so 0 is more like 1 than like 4.
    pairs = [(0, 2), (0, 3), (1, 2), (1, 3), (4, 5)]
    both = np.array(pairs + [(b, a) for a, b in pairs])
    counts = sparse.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(6, 6))
    company = Company.of(counts, width=3)
    alike = company.alike({0: 1.0})
    assert alike[1] > 0.9 > 0.1 > alike[4]
    assert company.drawn({1: 1.0})[2] > company.drawn({4: 1.0})[2] + 0.1


def test_company_of_nothing_is_silent() -> None:
    company = Company.of(sparse.csr_matrix((3, 3)))
    assert company.alike({0: 1.0}).tolist() == [0.0, 0.0, 0.0]
    assert company.drawn({}).tolist() == [0.0, 0.0, 0.0]


def test_what_was_recommended_after_an_item_is_lifted_by_it(counts: DialogueCounts) -> None:
    assert counts.beside.after(0).argmax() == 1
    assert counts.after_genre.after(counts.genres["Horror"]).argmax() == 1
    assert counts.after_word.after(counts.words["romantic"]).argmax() == 3


def test_openings_and_what_is_recommended_lately_have_their_own_chances(
    counts: DialogueCounts,
) -> None:
    assert counts.share.argmax() == 1
    assert counts.opening[4] > counts.share[4]
    assert counts.opening[1] < counts.share[1]
    shortest = np.exp(counts.lately[0])
    assert shortest[3] / shortest[1] > np.exp(counts.share[3] - counts.share[1])
    assert np.exp(counts.lately).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_until_keeps_later_dialogues_out_of_lately() -> None:
    early = DialogueCounts.learn(TALKS, N, until=12.0)
    assert early.lately[0][3] == early.lately[0][5]  # as if never recommended
    assert early.share[3] > early.share[5]


def test_genres_and_words_that_were_heard() -> None:
    before = (
        seeker(text="old", genres=("War", "Horror")),
        recommender(),
        seeker(text="a scary film", genres=("War",)),
        recommender(1),
        seeker(text="anything scary with ghosts"),
    )
    assert heard_genres(before) == ("Horror", "War")
    assert heard_words(before) == ("scary", "anything", "ghosts")


def test_likeness_by_genres_people_themes_titles_and_years(likeness: Likeness) -> None:
    assert likeness.genres([0]).argsort()[-2:].tolist() in ([0, 4], [4, 0])
    assert likeness.creators([0]).tolist() == [1, 0, 0, 0, 1, 0]
    assert likeness.cast([1]).tolist() == [1, 1, 0, 0, 0, 0]
    assert likeness.themes([2])[3] > likeness.themes([2])[0] == 0
    assert likeness.titles([0])[4] > likeness.titles([0])[1]
    assert likeness.years(0)[[0, 1, 5]].tolist() == pytest.approx([0, 7 / 40, 0.5])
    assert likeness.of_genres(["sci-fi", "Horror"]).tolist() == [1, 0.5, 0, 0, 1, 0]
    assert likeness.of_people(["Ridley Scott", "Nobody"]).tolist() == [1, 0, 0, 0, 1, 0]


def test_likeness_to_nothing_is_nothing(likeness: Likeness) -> None:
    for of in (likeness.genres, likeness.themes, likeness.titles, likeness.creators, likeness.cast):
        assert of([]).tolist() == [0.0] * N


def test_a_pool_leaves_out_what_was_named_and_what_is_not_allowed(
    features: DialogueFeatures,
) -> None:
    before = (seeker(0),)
    assert sorted(features.pool(before).items) == [1, 2, 3, 4, 5]
    assert features.pool(before).items[0] == 1
    allowed = np.array([True, False, True, True, False, False])
    assert sorted(features.pool(before, allowed=allowed).items) == [2, 3]
    assert 0 in features.pool(before, repeats=True).items


def test_a_pool_has_every_feature_of_every_item(features: DialogueFeatures) -> None:
    pool = features.pool((seeker(0, genres=("Horror",)), recommender(1)), repeats=True)
    told = dict(zip(FEATURES, pool.features[list(pool.items).index(1)], strict=True))
    assert told["named"] == told["named last"] == told["named by recommender"] == 1.0
    assert told["opening if first"] == 0.0
    assert told["genre match"] == 0.0
    assert np.isfinite(pool.features).all()
    assert sum(len(names) for names in GROUPS.values()) == len(FEATURES)


def test_a_model_of_histories_is_one_more_feature(
    counts: DialogueCounts, likeness: Likeness
) -> None:
    class Model:
        name = "last"

        def scores(self, pasts: list[np.ndarray]) -> np.ndarray:
            return np.stack([np.arange(N, dtype=np.float32) * len(past) for past in pasts])

    described = DialogueFeatures(counts, likeness, {"last": Model()})  # type: ignore[dict-item]  # only scores are asked for
    pool = described.pool((seeker(0, 2),))
    assert described.names[-1] == "last"
    assert pool.features[:, -1].tolist() == (2 * pool.items).tolist()


def test_the_recommender_orders_the_pool_by_the_net_and_nothing_else(
    features: DialogueFeatures,
) -> None:
    width = len(FEATURES)
    direct = np.zeros(width, dtype=np.float32)
    direct[FEATURES.index("creators")] = 1.0
    zeros = np.zeros((width, 2), dtype=np.float32)
    net = ChoiceNet(direct * 0, direct * 0 + 1, direct, zeros, zeros[0], zeros[0])
    scores = DialogueRecommender(features, net).scores([(seeker(0),), ()])
    assert scores[0].argmax() == 4
    assert scores[0][0] == -np.inf
    assert np.isfinite(scores[1]).all()


def test_the_hidden_layer_and_tensors_of_a_net() -> None:
    one = np.ones(1, dtype=np.float32)
    net = ChoiceNet(one, one * 2, one * 0, np.ones((1, 1), np.float32), one * 0, one)
    given = np.array([[2.0], [100.0]], dtype=np.float32)  # 2 deviations, and more than 6
    silu = [2 / (1 + np.exp(-2)), 6 / (1 + np.exp(-6))]
    assert net.scores(given) == pytest.approx(silu, abs=1e-5)
    assert (
        ChoiceNet.from_tensors(net.tensors()).scores(given).tolist() == net.scores(given).tolist()
    )
